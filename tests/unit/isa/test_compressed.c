/*
 * The C extension: what each 16-bit word stands for, checked against pairs
 * that the GNU assembler made, and what is reserved.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "isa/insn.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const struct {
    uint16_t compressed;
    uint32_t base;
} pairs[] = {
    {0x1fe0, 0x3fc10413}, /* c.addi4spn s0,sp,1020 */
    {0x005c, 0x00410793}, /* c.addi4spn a5,sp,4 */
    {0x3ce0, 0x0f84b407}, /* c.fld fs0,248(s1) */
    {0x5fe8, 0x07c7a503}, /* c.lw a0,124(a5) */
    {0x6414, 0x00843683}, /* c.ld a3,8(s0) */
    {0xb97c, 0x0ef53827}, /* c.fsd fa5,240(a0) */
    {0xc324, 0x04972023}, /* c.sw s1,64(a4) */
    {0xe1d0, 0x08c5b023}, /* c.sd a2,128(a1) */
    {0x0001, 0x00000013}, /* c.nop */
    {0x107d, 0xfff00013}, /* a hint: addi x0,x0,-1 */
    {0x1f81, 0xfe0f8f93}, /* c.addi t6,-32 */
    {0x057d, 0x01f50513}, /* c.addi a0,31 */
    {0x39fd, 0xfff9899b}, /* c.addiw s3,-1 */
    {0x2501, 0x0005051b}, /* c.addiw a0,0 */
    {0x50bd, 0xfef00093}, /* c.li ra,-17 */
    {0x4005, 0x00100013}, /* a hint: addi x0,x0,1 */
    {0x7101, 0xe0010113}, /* c.addi16sp sp,-512 */
    {0x617d, 0x1f010113}, /* c.addi16sp sp,496 */
    {0x7281, 0xfffe02b7}, /* c.lui t0,0xfffe0 */
    {0x61fd, 0x0001f1b7}, /* c.lui gp,0x1f */
    {0x6005, 0x00001037}, /* a hint: lui x0,0x1 */
    {0x907d, 0x03f45413}, /* c.srli s0,63 */
    {0x8001, 0x00045413}, /* a hint: srli s0,s0,0 */
    {0x9781, 0x4207d793}, /* c.srai a5,32 */
    {0x99f5, 0xffd5f593}, /* c.andi a1,-3 */
    {0x8c1d, 0x40f40433}, /* c.sub s0,a5 */
    {0x8e35, 0x00d64633}, /* c.xor a2,a3 */
    {0x8f45, 0x00976733}, /* c.or a4,s1 */
    {0x8fe9, 0x00a7f7b3}, /* c.and a5,a0 */
    {0x9d91, 0x40c585bb}, /* c.subw a1,a2 */
    {0x9eb9, 0x00e686bb}, /* c.addw a3,a4 */
    {0xb001, 0x801ff06f}, /* c.j .-2048 */
    {0xaffd, 0x7fe0006f}, /* c.j .+2046 */
    {0xab91, 0x5540006f}, /* c.j .+1364 */
    {0xd001, 0xf00400e3}, /* c.beqz s0,.-256 */
    {0xc7cd, 0x0a078563}, /* c.beqz a5,.+170 */
    {0xeefd, 0x0e069f63}, /* c.bnez a3,.+254 */
    {0x1f06, 0x021f1f13}, /* c.slli t5,33 */
    {0x0006, 0x00101013}, /* a hint: slli x0,x0,1 */
    {0x3dfe, 0x1f813d87}, /* c.fldsp fs11,504(sp) */
    {0x50fe, 0x0fc12083}, /* c.lwsp ra,252(sp) */
    {0x6d86, 0x04013d83}, /* c.ldsp s11,64(sp) */
    {0x8082, 0x00008067}, /* c.jr ra */
    {0x857e, 0x01f00533}, /* c.mv a0,t6 */
    {0x800a, 0x00200033}, /* a hint: add x0,x0,sp */
    {0x9002, 0x00100073}, /* c.ebreak */
    {0x9302, 0x000300e7}, /* c.jalr t1 */
    {0x994e, 0x01390933}, /* c.add s2,s3 */
    {0x900a, 0x00200033}, /* a hint: add x0,x0,sp */
    {0xbb82, 0x1e013827}, /* c.fsdsp ft0,496(sp) */
    {0xc102, 0x08012023}, /* c.swsp zero,128(sp) */
    {0xe2a2, 0x14813023}, /* c.sdsp s0,320(sp) */
};

static void each_expands_to_its_base_instruction(void **state)
{
    struct isa isa = isa_default();

    (void)state;
    for (size_t n = 0; n < COUNT(pairs); n++)
        assert_int_equal(insn_expand(pairs[n].compressed, &isa),
                         pairs[n].base);
}

static void decodes_as_its_base_but_for_length_and_bits(void **state)
{
    struct isa isa = isa_default();

    (void)state;
    for (size_t n = 0; n < COUNT(pairs); n++) {
        struct insn c, base;

        /* the upper half is the next instruction's */
        insn_decode(0xabcd0000u | pairs[n].compressed, &isa, &c);
        insn_decode(pairs[n].base, &isa, &base);
        assert_int_equal(c.op, base.op);
        assert_int_equal(c.rd, base.rd);
        assert_int_equal(c.rs1, base.rs1);
        assert_int_equal(c.rs2, base.rs2);
        assert_int_equal(c.imm, base.imm);
        assert_int_equal(c.length, 2);
        assert_int_equal(c.raw, pairs[n].compressed);
    }
}

/* Reserved for standard use, or another extension's (Zcb, Zcmop). */
static bool is_reserved(uint16_t c)
{
    unsigned rd = (unsigned)bits_of(c, 11, 7);
    bool no_immediate = bits_of(c, 12, 12) == 0 && bits_of(c, 6, 2) == 0;

    switch (bits_of(c, 15, 13) << 2 | bits_of(c, 1, 0)) {
    case 000: return bits_of(c, 12, 5) == 0; /* c.addi4spn, all zeroes */
    case 020: return true;
    case 005: return rd == 0;                /* c.addiw */
    case 015: return no_immediate;           /* c.lui, c.addi16sp */
    case 021: return bits_of(c, 12, 10) == 7 && bits_of(c, 6, 6) == 1;
    case 012: case 016: return rd == 0;      /* c.lwsp, c.ldsp */
    case 022: return rd == 0 && no_immediate; /* c.jr */
    default: return false;
    }
}

static void exactly_the_reserved_words_are_illegal(void **state)
{
    struct isa isa = isa_default();

    (void)state;
    for (uint32_t c = 0; c < 0x10000; c++) {
        struct insn i;

        if ((c & 3) == 3)
            continue;
        insn_decode(c, &isa, &i);
        if ((i.op == INSN_illegal) != is_reserved((uint16_t)c))
            fail_msg("%04x decodes as %s", (unsigned)c, insn_name(i.op));
        assert_int_equal(i.length, 2);
        assert_int_equal(i.raw, c);
    }
}

static void needs_c_and_for_doubles_d(void **state)
{
    struct isa no_c = {.ext = isa_default().ext & ~BIT(EXT_C)};
    struct isa no_d = {.ext = isa_default().ext & ~BIT(EXT_D)};
    static const uint16_t doubles[] = {0x2000, 0x2002, 0xa000, 0xa002};

    (void)state;
    assert_int_equal(insn_expand(0x0001, &no_c), 0);
    assert_int_equal(insn_expand(0x0001, &no_d), 0x13);
    for (size_t n = 0; n < COUNT(doubles); n++)
        assert_int_equal(insn_expand(doubles[n], &no_d), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_expands_to_its_base_instruction),
        cmocka_unit_test(decodes_as_its_base_but_for_length_and_bits),
        cmocka_unit_test(exactly_the_reserved_words_are_illegal),
        cmocka_unit_test(needs_c_and_for_doubles_d),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
