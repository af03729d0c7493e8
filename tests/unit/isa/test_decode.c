/*
 * insn.def and the decoder: each word has one meaning, and the right one. The
 * words and texts come from the GNU assembler.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "isa/insn.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define NOP 0x00000013u

static struct insn decode_with(uint32_t raw, struct isa isa)
{
    struct insn i;

    insn_decode(raw, &isa, &i);
    return i;
}

static struct insn decode(uint32_t raw)
{
    return decode_with(raw, isa_default());
}

static struct isa without(enum isa_ext e)
{
    return (struct isa){.ext = isa_default().ext & ~BIT(e)};
}

static bool is_hint(enum insn_op op)
{
    return insn_format(op) == FORMAT_PREFETCH;
}

static void no_two_rows_overlap(void **state)
{
    (void)state;
    for (unsigned a = 1; a < INSN_COUNT; a++)
        for (unsigned b = a + 1; b < INSN_COUNT; b++) {
            const struct insn_row *p = insn_row(a), *q = insn_row(b);

            if (is_hint(a) != is_hint(b))
                continue;
            if ((p->mask & q->mask & (p->match ^ q->match)) == 0)
                fail_msg("%s and %s overlap", p->name, q->name);
        }
}

static void a_match_lies_within_its_mask_and_has_length_4(void **state)
{
    (void)state;
    for (unsigned op = 1; op < INSN_COUNT; op++) {
        assert_int_equal(insn_row(op)->match & ~insn_row(op)->mask, 0);
        assert_int_equal(insn_row(op)->match & 3, 3);
    }
}

static void every_row_is_found(void **state)
{
    (void)state;
    for (unsigned op = 1; op < INSN_COUNT; op++) {
        const struct insn_row *row = insn_row(op);
        /* an ori that is no prefetch has rd other than x0 */
        uint32_t fields = op == INSN_ori ? 0x00000080 : 0;

        assert_int_equal(decode(row->match | fields).op, op);
        assert_int_equal(decode(row->match | ~row->mask).op, op);
    }
}

static void an_instruction_needs_its_extension(void **state)
{
    (void)state;
    for (unsigned op = 1; op < INSN_COUNT; op++) {
        const struct insn_row *row = insn_row(op);
        struct insn i = decode_with(row->match, without(row->ext));

        assert_int_equal(i.op, is_hint(op) ? INSN_ori : INSN_illegal);
        assert_int_equal(i.length, 4);
        assert_int_equal(i.raw, row->match);
    }
}

static void each_row_has_its_name_class_and_format(void **state)
{
    (void)state;
    assert_string_equal(insn_name(INSN_fadd_s), "fadd.s");
    assert_string_equal(insn_name(INSN_illegal), "illegal");
    assert_string_equal(insn_name(INSN_COUNT), "illegal");
    assert_null(insn_row(INSN_illegal));
    assert_int_equal(insn_class(INSN_cbo_zero), CLASS_FENCE);
    assert_int_equal(insn_class(INSN_sc_d), CLASS_AMO);
    assert_int_equal(insn_class(INSN_flw), CLASS_LOAD);
    assert_int_equal(insn_format(INSN_lr_w), FORMAT_LR);
    assert_int_equal(insn_row(INSN_czero_eqz)->ext, EXT_ZICOND);
}

static void reserved_rounding_modes_are_illegal(void **state)
{
    static const uint8_t legal[8] = {1, 1, 1, 1, 1, 0, 0, 1};

    (void)state;
    for (unsigned op = 1; op < INSN_COUNT; op++)
        for (unsigned rm = 0; rm < 8; rm++) {
            const struct insn_row *row = insn_row(op);
            struct insn i = decode(row->match | rm << 12);

            if (row->class != CLASS_FP || (row->mask & 0x7000))
                continue;
            assert_int_equal(i.op, legal[rm] ? op : INSN_illegal);
            assert_int_equal(i.rm, legal[rm] ? rm : 0);
        }
}

static void fences_ignore_the_fields_reserved_for_finer_ones(void **state)
{
    (void)state;
    assert_int_equal(decode(0x8330000f).op, INSN_fence); /* fence.tso */
    assert_int_equal(decode(0x0100000f).op, INSN_fence); /* pause */
    assert_int_equal(decode(0xf00f8f8f).op, INSN_fence);
    assert_int_equal(decode(0x0ff0000f).imm, 0xff);
    assert_int_equal(decode(0xffff9f8f).op, INSN_fence_i);
    assert_int_equal(decode(0xffff9f8f).rd, 0);
}

static void prefetch_is_ori_to_x0_refined(void **state)
{
    (void)state;
    assert_int_equal(decode(0x7e356013).op, INSN_prefetch_w);
    assert_int_equal(decode(0x7e356013).imm, 2016);
    assert_int_equal(decode(0x7e356013).rs1, 10);
    assert_int_equal(decode(0x7e256013).op, INSN_ori); /* no such prefetch */
    assert_int_equal(decode(0x7e356093).op, INSN_ori); /* rd is ra */
}

static const struct {
    uint32_t word;
    const char *text;
} listing[] = {
    {0x80000537, "lui a0,0x80000"},
    {0xfffff297, "auipc t0,0xfffff"},
    {0xffdff0ef, "jal ra,0x7ffffffc"},
    {0x7ffff06f, "jal zero,0x800ffffe"},
    {0x800100e7, "jalr ra,-2048(sp)"},
    {0x80b50063, "beq a0,a1,0x7ffff000"},
    {0x7e62ffe3, "bgeu t0,t1,0x80000ffe"},
    {0xfff58503, "lb a0,-1(a1)"},
    {0x7ff13403, "ld s0,2047(sp)"},
    {0xffb1bc23, "sd s11,-8(gp)"},
    {0x80058513, "addi a0,a1,-2048"},
    {0x03f59513, "slli a0,a1,0x3f"},
    {0x4215d513, "srai a0,a1,0x21"},
    {0x41f5d51b, "sraiw a0,a1,0x1f"},
    {0x0bf5951b, "slli.uw a0,a1,0x3f"},
    {0x40c58533, "sub a0,a1,a2"},
    {0x03eeae33, "mulhsu t3,t4,t5"},
    {0x06b6252f, "amoadd.w.aqrl a0,a1,(a2)"},
    {0x140132af, "lr.d.aq t0,(sp)"},
    {0x1a63a2af, "sc.w.rl t0,t1,(t2)"},
    {0x0f50000f, "fence iorw,ow"},
    {0x0000100f, "fence.i"},
    {0x30059573, "csrrw a0,mstatus,a1"},
    {0x001fe073, "csrrsi zero,fflags,31"},
    {0xdac5c543, "fmadd.d fa0,fa1,fa2,fs11,rmm"},
    {0xf9eefe4b, "fnmsub.s ft8,ft9,ft10,ft11"},
    {0x00209053, "fadd.s ft0,ft1,ft2,rtz"},
    {0x22c5a553, "fsgnjx.d fa0,fa1,fa2"},
    {0x5a04b453, "fsqrt.d fs0,fs1,rup"},
    {0xa0b50553, "fle.s a0,fa0,fa1"},
    {0xe2001553, "fclass.d a0,ft0"},
    {0xc0352553, "fcvt.lu.s a0,fa0,rdn"},
    {0xd2250553, "fcvt.d.l fa0,a0,rne"},
    {0x4015f553, "fcvt.s.d fa0,fa1"},
    {0xf20f8fd3, "fmv.d.x ft11,t6"},
    {0xffc52507, "flw fa0,-4(a0)"},
    {0x00813827, "fsd fs0,16(sp)"},
    {0x60059513, "clz a0,a1"},
    {0x6b85d513, "rev8 a0,a1"},
    {0x2875d513, "orc.b a0,a1"},
    {0x0805c53b, "zext.h a0,a1"},
    {0x4a85d513, "bexti a0,a1,0x28"},
    {0x20c5e53b, "sh3add.uw a0,a1,a2"},
    {0x0045200f, "cbo.zero (a0)"},
    {0x7e356013, "prefetch.w 2016(a0)"},
    {0x80156013, "prefetch.r -2048(a0)"},
    {0x01d00073, "wrs.sto"},
    {0x12b50073, "sfence.vma a0,a1"},
    {0x16b00073, "sinval.vma zero,a1"},
    {0x18000073, "sfence.w.inval"},
    {0x30200073, "mret"},
    {0x10500073, "wfi"},
    {0x00000073, "ecall"},
    /* what has names but is not an alias, and what has no name */
    {0x00000013, "addi zero,zero,0"},
    {0x0020000f, "fence unknown,r"},
    {0x7c0022f3, "csrrs t0,0x7c0,zero"},
    {0xffffffff, "illegal"},
    {0x00000000, "illegal"},
    {0x00001501, "c.addi a0,-32"},
    {0x00006599, "c.lui a1,0x6"},
    {0x0000717d, "c.addi16sp sp,-16"},
    {0x0000bfed, "c.j 0x7ffffffa"},
    {0x0000e691, "c.bnez a3,0x8000000c"},
    {0x0000a622, "c.fsdsp fs0,264(sp)"},
    {0x00008526, "c.mv a0,s1"},
    {0x00009002, "c.ebreak"},
};

static void disassembly_is_as_objdump_has_it(void **state)
{
    (void)state;
    for (size_t n = 0; n < COUNT(listing); n++) {
        struct insn i = decode(listing[n].word);
        char text[80];
        size_t length = insn_format_text(&i, 0x80000000, text, sizeof text);

        assert_string_equal(text, listing[n].text);
        assert_int_equal(length, strlen(text));
    }
}

static void text_is_cut_to_the_buffer(void **state)
{
    struct insn i = decode(NOP);
    char text[8] = "#######";

    (void)state;
    assert_int_equal(insn_format_text(&i, 0, text, 5), 4);
    assert_string_equal(text, "addi");
    assert_int_equal(text[5], '#');
    assert_int_equal(insn_format_text(&i, 0, text, 0), 0);
}

static void operands_that_a_format_lacks_are_zero(void **state)
{
    struct insn i = decode(0x12b50073); /* sfence.vma a0,a1 */

    (void)state;
    assert_int_equal(i.rd, 0);
    assert_int_equal(i.imm, 0);
    assert_int_equal(i.rs1, 10);
    assert_int_equal(i.rs2, 11);
    i = decode(0xdac5c543); /* fmadd.d fa0,fa1,fa2,fs11,rmm */
    assert_int_equal(i.rs3, 27);
    assert_int_equal(i.rm, 4);
    i = decode(0x3007d573); /* csrrwi a0,mstatus,15 */
    assert_int_equal(i.rs1, 15);
    assert_int_equal(i.imm, 0x300);
}

/* Next to what there is, in the manual's gaps and in what Pogo has not. */
static void neighbours_of_instructions_are_illegal(void **state)
{
    static const uint32_t words[] = {
        /* W shifts by 32 and more */
        0x0200101b, 0x0200501b, 0x4200501b, 0x6200501b,
        /* reserved funct3: branch, load, store, jalr, 32-bit, fences */
        0x00002063, 0x00003063, 0x00007003, 0x00004023, 0x00001067, 0x0000201b,
        0x0000300f, 0x00004073,
        /* reserved funct7: arithmetic, shifts, and Zbc, Zbkb, Zbkx, Zknh */
        0x04000033, 0x40001033, 0x40002033, 0x40001013, 0x0a001033, 0x08004033,
        0x68705013, 0x28002033, 0x10001013, 0x0e001033,
        /* unary ones with another rs2 */
        0x60301013, 0x6030101b, 0x28605013, 0x69805013, 0x0810453b,
        /* cbo: another operation, an rd */
        0x0030200f, 0x0050200f, 0x0060200f, 0x0040208f,
        /* AMO: widths, function, lr with rs2 */
        0x0000002f, 0x0000402f, 0x2800202f, 0x1010202f,
        /* SYSTEM with an rd or rs1 too many; uret, dret, hypervisor, mnret */
        0x000000f3, 0x00008073, 0x30208073, 0x10500173, 0x120000f3, 0x160000f3,
        0x18008073, 0x00200073, 0x7b200073, 0x22000073, 0x62000073, 0x70200073,
        /* half and quad precision; formats that do not convert */
        0x04000053, 0x06000053, 0x04000043, 0x00001007, 0x00004027, 0x40000053,
        0x42100053,
        /* FP functions: funct3, rs2 */
        0x20003053, 0x28002053, 0xa0003053, 0xe0002053, 0xf0001053, 0x58100053,
        0xc0400053, 0xd2400053, 0xe0100053, 0xf2100053,
        /* custom and vector */
        0x0000000b, 0x0000002b, 0x00000057, 0x0000005b, 0x0000007b,
    };

    (void)state;
    for (size_t n = 0; n < COUNT(words); n++)
        if (decode(words[n]).op != INSN_illegal)
            fail_msg("%08x decodes as %s", (unsigned)words[n],
                     insn_name(decode(words[n]).op));
}

static void longer_encodings_are_illegal(void **state)
{
    (void)state;
    for (uint32_t opcode = 0x1f; opcode < 0x80; opcode += 0x20)
        assert_int_equal(decode(opcode).op, INSN_illegal);
    assert_int_equal(decode(0x1f).length, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_two_rows_overlap),
        cmocka_unit_test(a_match_lies_within_its_mask_and_has_length_4),
        cmocka_unit_test(every_row_is_found),
        cmocka_unit_test(an_instruction_needs_its_extension),
        cmocka_unit_test(each_row_has_its_name_class_and_format),
        cmocka_unit_test(reserved_rounding_modes_are_illegal),
        cmocka_unit_test(fences_ignore_the_fields_reserved_for_finer_ones),
        cmocka_unit_test(prefetch_is_ori_to_x0_refined),
        cmocka_unit_test(disassembly_is_as_objdump_has_it),
        cmocka_unit_test(text_is_cut_to_the_buffer),
        cmocka_unit_test(operands_that_a_format_lacks_are_zero),
        cmocka_unit_test(neighbours_of_instructions_are_illegal),
        cmocka_unit_test(longer_encodings_are_illegal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
