/*
 * The two sweeps on small programs made here: what each finds, what it leaves
 * out, and how it goes on after bytes that are no instruction.
 */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check/scan/parts.h"
#include "check/scan/scan.h"

static const struct scan_options as_said = { .isa = SCAN_ISAS,
                                             .limit = 1 << 20 };

/* Code as a raw file, perhaps with a list of symbols. */
static void scan_raw(enum scan_isa isa, const void *bytes, size_t size,
                     const char *list, struct scan_input *in,
                     struct scan_result *r)
{
    struct scan_options o = { .isa = isa,
                              .limit = 1 << 20,
                              .base = 0x1000,
                              .based = true,
                              .symbols_name = "list",
                              .symbols = (const uint8_t *)list,
                              .symbols_size = list ? strlen(list) : 0 };
    struct error e = { "" };

    if (scan_input_open(in, "raw", bytes, size, &o, &e) != STATUS_OK)
        fail_msg("%s", e.text);
    assert_int_equal(scan_run(in, NULL, r), STATUS_OK);
    scan_count(r, false);
}

static void done(struct scan_input *in, struct scan_result *r)
{
    scan_result_free(r);
    scan_input_free(in);
}

static void a_function_is_swept_from_its_first_byte(void **state)
{
    /* 0x1000: pushf; then a byte that takes the next function's first four for
       its own: mov eax, imm32; 0x1002: popf, nop… */
    static const char code[] = "\x9c\xb8\x9d\x90\x90\x90\xc3";
    struct scan_input in;
    struct scan_result r;

    (void)state;
    scan_raw(SCAN_X86, code, 7, "1000 T first\n1002 T second\n", &in, &r);
    assert_true(r.guided);
    assert_int_equal(r.linear.sites[VERDICT_VIOLATION], 1);
    assert_int_equal(r.by_symbols.sites[VERDICT_VIOLATION], 2);
    assert_int_equal(r.sites.count, 2);
    assert_int_equal(r.sites.site[0].ways, SCAN_LINEAR | SCAN_GUIDED);
    assert_int_equal(r.sites.site[1].address, 0x1002);
    assert_int_equal(r.sites.site[1].ways, SCAN_GUIDED);
    done(&in, &r);
}

static void what_no_function_covers_is_linear_only(void **state)
{
    static const char code[] = "\x9c\xc3\x9d\x9d";
    uint64_t offset;
    struct scan_input in;
    struct scan_result r;

    (void)state;
    scan_raw(SCAN_X86, code, 4, "1000 t f\n1002 d table\n", &in, &r);
    assert_int_equal(in.symbols, 1);
    assert_int_equal(r.linear.sites[VERDICT_VIOLATION], 3);
    assert_int_equal(r.by_symbols.sites[VERDICT_VIOLATION], 1);
    assert_int_equal(r.by_symbols.bytes, 2);
    assert_string_equal(scan_symbol_find(&in, 0x1001, &offset), "f");
    assert_null(scan_symbol_find(&in, 0x1002, &offset));
    done(&in, &r);
}

static void x86_goes_on_one_byte_further(void **state)
{
    /* 0f 04 is no instruction; 04 00 is one; the last two bytes are cut off. */
    static const char code[] = "\x0f\x04\x00\x9d\xe8\x00";
    struct scan_input in;
    struct scan_result r;

    (void)state;
    scan_raw(SCAN_X86, code, 6, NULL, &in, &r);
    assert_false(r.guided);
    assert_int_equal(r.linear.sites[VERDICT_VIOLATION], 1);
    assert_int_equal(r.sites.site[0].address, 0x1003);
    assert_int_equal(r.linear.undecoded, 3);
    done(&in, &r);
}

static void a_run_of_int3_is_padding(void **state)
{
    static const char code[] = "\xcc\x90\xcc\xcc\xcc\x90";
    struct scan_input in;
    struct scan_result r;

    (void)state;
    scan_raw(SCAN_X86_64, code, 6, NULL, &in, &r);
    assert_int_equal(r.linear.sites[VERDICT_ALWAYS_TRAPS], 1);
    assert_int_equal(r.linear.padding, 3);
    done(&in, &r);
}

static void riscv_lengths_are_kept(void **state)
{
    /* c.li; lui whose upper half looks like c.ebreak; sfence.vma; 48-bit */
    static const uint8_t code[] = { 0x01, 0x45, 0xb7, 0x02, 0x02, 0x90, 0x73,
                                    0x00, 0x00, 0x12, 0x1f, 0x00, 0x02, 0x90 };
    struct scan_input in;
    struct scan_result r;

    (void)state;
    scan_raw(SCAN_RISCV64, code, sizeof code, NULL, &in, &r);
    assert_int_equal(r.linear.sites[VERDICT_PRIVILEGED], 1);
    assert_int_equal(r.linear.sites[VERDICT_ALWAYS_TRAPS], 1);
    assert_int_equal(r.linear.undecoded, 2);
    done(&in, &r);
}

static void big_endian_words_are_read_as_such(void **state)
{
    static const char code[] = "\x42\x00\x00\x18"; /* eret */
    struct scan_input in;
    struct scan_result r;

    (void)state;
    scan_raw(SCAN_MIPS, code, 4, NULL, &in, &r);
    assert_int_equal(r.linear.sites[VERDICT_PRIVILEGED], 1);
    done(&in, &r);
    scan_raw(SCAN_MIPSEL, code, 4, NULL, &in, &r);
    assert_int_equal(r.sites.count, 0);
    done(&in, &r);
}

/* An ELF file with one section of code, and a table of symbols. */
struct made {
    Elf32_Ehdr header;
    Elf32_Shdr section[4]; /* none, code, symbols, names */
    Elf32_Sym symbol[5];
    char names[16];
    uint8_t code[16];
};

static void add_symbol(struct made *m, unsigned k, unsigned name, unsigned type,
                       uint32_t address, uint32_t size)
{
    m->symbol[k] = (Elf32_Sym){ .st_name = name,
                                .st_value = address,
                                .st_size = size,
                                .st_info = ELF32_ST_INFO(STB_GLOBAL, type),
                                .st_shndx = 1 };
}

static struct made make(unsigned machine, uint32_t address)
{
    struct made m = {
        .header = { .e_ident = { 127, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB,
                                 EV_CURRENT },
                    .e_type = ET_EXEC,
                    .e_machine = (Elf32_Half)machine,
                    .e_version = EV_CURRENT,
                    .e_ehsize = sizeof(Elf32_Ehdr),
                    .e_shoff = offsetof(struct made, section),
                    .e_shentsize = sizeof(Elf32_Shdr),
                    .e_shnum = 4 },
        .names = "\0$a\0$t\0$d\0f",
    };

    m.section[1] = (Elf32_Shdr){ .sh_type = SHT_PROGBITS,
                                 .sh_flags = SHF_ALLOC | SHF_EXECINSTR,
                                 .sh_addr = address,
                                 .sh_offset = offsetof(struct made, code),
                                 .sh_size = sizeof m.code };
    m.section[2] = (Elf32_Shdr){ .sh_type = SHT_SYMTAB,
                                 .sh_offset = offsetof(struct made, symbol),
                                 .sh_size = sizeof m.symbol,
                                 .sh_link = 3,
                                 .sh_entsize = sizeof(Elf32_Sym) };
    m.section[3] = (Elf32_Shdr){ .sh_type = SHT_STRTAB,
                                 .sh_offset = offsetof(struct made, names),
                                 .sh_size = sizeof m.names };
    return m;
}

static void scan_made(const struct made *m, struct scan_input *in,
                      struct scan_result *r)
{
    struct error e = { "" };

    if (scan_input_open(in, "made", (const uint8_t *)m, sizeof *m, &as_said,
                        &e) != STATUS_OK)
        fail_msg("%s", e.text);
    assert_int_equal(scan_run(in, NULL, r), STATUS_OK);
    scan_count(r, false);
}

/* A32, then data that looks like an instruction, then T32. */
static void marks_turn_arm_code(void **state)
{
    static const uint8_t code[16] = {
        0x00, 0x00, 0x0f, 0xe1, /* mrs r0, cpsr */
        0x80, 0x00, 0x0c, 0xf1, /* as code: cpsid i */
        0x72, 0xb6, 0x72, 0xb6, /* as T32: cpsid i, twice */
        0xc0, 0x46, 0xc0, 0x46,
    };
    struct made m = make(EM_ARM, 0x8000);
    struct scan_input in;
    struct scan_result r;

    (void)state;
    memcpy(m.code, code, sizeof code);
    add_symbol(&m, 1, 1, STT_NOTYPE, 0x8000, 0);
    add_symbol(&m, 2, 7, STT_NOTYPE, 0x8004, 0);
    add_symbol(&m, 3, 4, STT_NOTYPE, 0x8008, 0);
    add_symbol(&m, 4, 10, STT_FUNC, 0x8000, 16);
    scan_made(&m, &in, &r);
    assert_int_equal(r.linear.sites[VERDICT_VIOLATION], 4);
    assert_int_equal(r.by_symbols.sites[VERDICT_VIOLATION], 3);
    assert_int_equal(r.sites.site[1].ways, SCAN_LINEAR);
    assert_int_equal(r.sites.site[2].isa, SCAN_THUMB);
    done(&in, &r);
}

static void code_in_kseg0_is_told(void **state)
{
    struct made m = make(EM_MIPS, 0x80001000);
    struct scan_input in;
    struct scan_result r;

    (void)state;
    scan_made(&m, &in, &r);
    assert_int_equal(r.fixed_window, 16);
    done(&in, &r);
    m.section[1].sh_addr = 0x00400000;
    scan_made(&m, &in, &r);
    assert_int_equal(r.fixed_window, 0);
    done(&in, &r);
}

static void refused(const void *bytes, size_t size, const char *part)
{
    struct scan_input in;
    struct error e = { "" };

    assert_int_equal(scan_input_open(&in, "made", bytes, size, &as_said, &e),
                     STATUS_BAD_FORMAT);
    if (!strstr(e.text, part))
        fail_msg("'%s' does not say '%s'", e.text, part);
}

static void malformed_files_are_refused_in_a_sentence(void **state)
{
    struct made good = make(EM_386, 0x1000), m = good;

    (void)state;
    refused(&good, 20, "malformed or cut-off");
    m.section[1].sh_size = 1000;
    refused(&m, sizeof m, "not all in the file");
    m = good;
    m.section[2] = m.section[1];
    refused(&m, sizeof m, "overlap");
    m = good;
    m.section[1].sh_flags = SHF_ALLOC;
    refused(&m, sizeof m, "has no code");
    m = good;
    m.header.e_machine = EM_S390;
    refused(&m, sizeof m, "scan knows");
    refused("some text", 9, "--isa");
    refused("\x1f\x8b\x08\0\0\0\0\0\0\0", 10, "damaged or cut off");
}

static void lz4_unpacks_matches_that_overlap(void **state)
{
    /* "ab", then 10 bytes from 2 before, then "c". */
    static const uint8_t packed[] = { 2,    0x21, 0x4c, 0x18, 7, 0,    0,  0,
                                      0x26, 'a',  'b',  2,    0, 0x10, 'c' };
    uint8_t out[16];
    size_t size = sizeof out;

    (void)state;
    assert_int_equal(scan_lz4(packed, sizeof packed, out, &size), STATUS_OK);
    assert_int_equal(size, 13);
    assert_memory_equal(out, "ababababababc", 13);
    size = 12;
    assert_int_equal(scan_lz4(packed, sizeof packed, out, &size),
                     STATUS_TOO_BIG);
    size = sizeof out;
    assert_int_equal(scan_lz4(packed, sizeof packed - 1, out, &size),
                     STATUS_BAD_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_function_is_swept_from_its_first_byte),
        cmocka_unit_test(what_no_function_covers_is_linear_only),
        cmocka_unit_test(x86_goes_on_one_byte_further),
        cmocka_unit_test(a_run_of_int3_is_padding),
        cmocka_unit_test(riscv_lengths_are_kept),
        cmocka_unit_test(big_endian_words_are_read_as_such),
        cmocka_unit_test(marks_turn_arm_code),
        cmocka_unit_test(code_in_kseg0_is_told),
        cmocka_unit_test(malformed_files_are_refused_in_a_sentence),
        cmocka_unit_test(lz4_unpacks_matches_that_overlap),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
