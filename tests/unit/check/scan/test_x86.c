/*
 * The lengths of x86 instructions are Capstone's, on random bytes. The seed is
 * printed (seed.h).
 *
 * Where the two are known to differ:
 *   ud0, ud1   have ModRM (Intel SDM vol. 2, UD); Capstone takes none
 *   66 0f 8x   in 64-bit mode ignores 66 on Intel's processors; Capstone goes
 *              by AMD's, where the displacement shrinks
 *   66 REX.W c2, ca   ret's immediate has 16 bits always; Capstone takes 32
 *   66, F2 0f 78   of memory is undefined; Capstone takes it for vmread
 *   VEX, EVEX, XOP   after 66, F2, F3, LOCK, REX are undefined; Capstone
 * decodes them
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <capstone/capstone.h>
#include <cmocka.h>

#include "check/scan/x86.h"
#include "seed.h"

#define ROUNDS     300000
#define MAX_LENGTH 15

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static csh open_capstone(bool is_64bit)
{
    csh handle;

    assert_int_equal(
        cs_open(CS_ARCH_X86, is_64bit ? CS_MODE_64 : CS_MODE_32, &handle),
        CS_ERR_OK);
    return handle;
}

/* Without what Capstone makes of prefixes: `bnd ret` is ret. */
static const char *name_of(const cs_insn *insn)
{
    const char *space = strrchr(insn->mnemonic, ' ');

    return space ? space + 1 : insn->mnemonic;
}

static bool may_differ(const cs_insn *insn, bool is_64bit)
{
    const uint8_t *b = insn->bytes;
    const char *name = name_of(insn);
    bool jump = false;

    if (strcmp(name, "ud0") == 0 || strcmp(name, "ud1") == 0)
        return true;
    for (unsigned k = 0; k + 1 < insn->size; k++)
        jump |= b[k] == 0x0f && (b[k + 1] & 0xf0) == 0x80;
    if (is_64bit && (jump || name[0] == 'j' || strncmp(name, "call", 4) == 0 ||
                     strncmp(name, "ret", 3) == 0))
        return memchr(b, 0x66, insn->size) != NULL;
    return false;
}

/* Bytes before the opcode, and whether VEX may not follow these: where REX is
   the last of them, or one changes the opcode's meaning. */
static unsigned prefixes(const cs_insn *insn, bool is_64bit, bool *no_vex)
{
    bool changes = false, rex = false;
    unsigned n = 0;

    for (; n < insn->size; n++) {
        uint8_t byte = insn->bytes[n];
        bool is_rex = is_64bit && (byte & 0xf0) == 0x40;

        if (!is_rex &&
            !memchr("\x26\x2e\x36\x3e\x64\x65\x66\x67\xf0\xf2\xf3", byte, 11))
            break;
        rex = is_rex;
        changes |= byte == 0x66 || byte >= 0xf0;
    }
    *no_vex = changes || rex;
    return n;
}

/* Capstone decodes it, but there is no such instruction. */
static bool is_undefined(const cs_insn *insn, bool is_64bit)
{
    bool no_vex;
    unsigned n = prefixes(insn, is_64bit, &no_vex);
    uint8_t opcode = insn->bytes[n];

    if (opcode == 0x62 || opcode == 0xc4 || opcode == 0xc5 ||
        (opcode == 0x8f && (insn->bytes[n + 1] & 0x1f) >= 8))
        return no_vex;
    return strcmp(name_of(insn), "vmread") == 0 &&
           (memchr(insn->bytes, 0x66, n) || memchr(insn->bytes, 0xf2, n));
}

static void compare(const uint8_t *p, const cs_insn *insn, bool is_64bit)
{
    uint32_t key;
    unsigned length = x86_decode(p, MAX_LENGTH, is_64bit, &key);

    if (length == insn->size || may_differ(insn, is_64bit) ||
        (length == 0 && is_undefined(insn, is_64bit)))
        return;
    printf("%d bits: %s %s is %u bytes, not %u:", is_64bit ? 64 : 32,
           insn->mnemonic, insn->op_str, insn->size, length);
    for (unsigned k = 0; k < insn->size; k++)
        printf(" %02x", p[k]);
    fail_msg(" ");
}

/* Bytes that begin as often with 0f, or 66 0f, as with anything else: the maps
   behind these are the larger part. */
static void fill(uint8_t *b, uint64_t *seed)
{
    static const uint8_t begins[][2] = {
        { 0x0f, 0 }, { 0x66, 0x0f }, { 0xf3, 0x0f }, { 0x48, 0x0f }
    };
    uint64_t kind = next_random(seed) % 8;

    for (unsigned k = 0; k < 16; k += 8) {
        uint64_t bytes = next_random(seed);

        memcpy(b + k, &bytes, 8);
    }
    if (kind < 4)
        memcpy(b, begins[kind], begins[kind][1] ? 2 : 1);
}

static void random_bytes(bool is_64bit)
{
    uint64_t seed = test_seed();
    csh handle = open_capstone(is_64bit);
    cs_insn *insn = cs_malloc(handle);
    unsigned known = 0;

    for (unsigned k = 0; k < ROUNDS; k++) {
        uint8_t bytes[16];
        const uint8_t *p = bytes;
        size_t size = MAX_LENGTH;
        uint64_t address = 0;

        fill(bytes, &seed);
        if (!cs_disasm_iter(handle, &p, &size, &address, insn))
            continue;
        known++;
        compare(bytes, insn, is_64bit);
    }
    assert_true(known > ROUNDS / 2);
    cs_free(insn, 1);
    cs_close(&handle);
}

static void lengths_are_capstones_in_32_bits(void **state)
{
    (void)state;
    random_bytes(false);
}

static void lengths_are_capstones_in_64_bits(void **state)
{
    (void)state;
    random_bytes(true);
}

static unsigned decode(const char *bytes, size_t size, bool is_64bit,
                       uint32_t *key)
{
    return x86_decode((const uint8_t *)bytes, size, is_64bit, key);
}

static void keys_say_map_opcode_and_prefixes(void **state)
{
    uint32_t key;

    (void)state;
    assert_int_equal(decode("\x9d", 1, false, &key), 1);
    assert_int_equal(key, X86_KEY(X86_ONE, 0x9d, 0));
    assert_int_equal(decode("\x66\x9d", 2, true, &key), 2);
    assert_int_equal(key, X86_KEY(X86_ONE, 0x9d, 0) | X86_66 | X86_64BIT);
    /* sgdt [rip + 0x12345678] */
    assert_int_equal(decode("\x0f\x01\x05\x78\x56\x34\x12", 7, true, &key), 7);
    assert_int_equal(key, X86_KEY(X86_0F, 0x01, 0x05) | X86_64BIT);
    /* invpcid rax, [rdx] */
    assert_int_equal(decode("\x66\x0f\x38\x82\x02", 5, true, &key), 5);
    assert_int_equal(key, X86_KEY(X86_0F38, 0x82, 0x02) | X86_66 | X86_64BIT);
    /* mov r, cr0: mod says nothing */
    assert_int_equal(decode("\x0f\x20\x04", 3, false, &key), 3);
    /* vzeroupper */
    assert_int_equal(decode("\xc5\xf8\x77", 3, true, &key), 3);
    assert_true(key & X86_VECTOR);
    /* extrq xmm1, 2, 3 */
    assert_int_equal(decode("\x66\x0f\x78\xc1\x02\x03", 6, true, &key), 6);
}

static void what_is_cut_off_or_no_instruction_has_no_length(void **state)
{
    static const char prefixes[] = "\x66\x66\x66\x66\x66\x66\x66\x66\x66\x66"
                                   "\x66\x66\x66\x66\x66\x90";
    uint32_t key;

    (void)state;
    assert_int_equal(decode("\x0f", 1, true, &key), 0);
    assert_int_equal(decode("\xe8\0\0\0", 4, true, &key), 0);
    assert_int_equal(decode("\x66", 1, true, &key), 0);
    assert_int_equal(decode("\x06", 1, true, &key), 0);
    assert_int_equal(decode("\x06", 1, false, &key), 1);
    assert_int_equal(decode("\x0f\x04\0\0", 4, true, &key), 0);
    /* extrq of memory */
    assert_int_equal(decode("\x66\x0f\x78\x01\x02\x03", 6, true, &key), 0);
    /* REX before VEX; but not one that another prefix makes void. */
    assert_int_equal(decode("\x48\xc5\xf8\x77", 4, true, &key), 0);
    assert_int_equal(decode("\x48\x2e\xc5\xf8\x77", 5, true, &key), 5);
    assert_int_equal(decode("\x66\x2e\xc5\xf8\x77", 5, true, &key), 0);
    /* 15 bytes are the most. */
    assert_int_equal(decode(prefixes, 16, true, &key), 0);
    assert_int_equal(decode(prefixes + 1, 15, true, &key), 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_are_capstones_in_32_bits),
        cmocka_unit_test(lengths_are_capstones_in_64_bits),
        cmocka_unit_test(keys_say_map_opcode_and_prefixes),
        cmocka_unit_test(what_is_cut_off_or_no_instruction_has_no_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
