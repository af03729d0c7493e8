#include "check/scan/x86.h"

#define MAX_LENGTH 15

/*
 * What follows an opcode, one letter each, rows of sixteen:
 *   .  nothing          m  ModRM                -  no such instruction
 *   b  imm8             B  ModRM, imm8          p  a prefix, or another map
 *   w  imm16            z  imm16 or imm32       Z  ModRM and that
 *   v  imm16, 32 or 64  j  a displacement: like z, but 32 bits in 64-bit mode
 *   e  imm16, imm8      o  an address           g G  ModRM, and an immediate
 *                                               only where its reg is 0 or 1
 *   c  ModRM of registers, whatever its mod says
 *   x  ModRM of registers only, imm8, imm8
 * and, where there is no such instruction in 64-bit mode,
 *   i  nothing          n  imm8                 N  ModRM, imm8
 *   f  a far address    M  ModRM, or VEX/EVEX (62, C4, C5)
 */
static const char one_byte[257] = "mmmmbziimmmmbzip" /* 00 */
                                  "mmmmbziimmmmbzii" /* 10 */
                                  "mmmmbzpimmmmbzpi" /* 20 */
                                  "mmmmbzpimmmmbzpi" /* 30 */
                                  "................" /* 40 */
                                  "................" /* 50 */
                                  "iiMmppppzZbB...." /* 60 */
                                  "bbbbbbbbbbbbbbbb" /* 70 */
                                  "BZNBmmmmmmmmmmmm" /* 80 */
                                  "..........f....." /* 90 */
                                  "oooo....bz......" /* a0 */
                                  "bbbbbbbbvvvvvvvv" /* b0 */
                                  "BBw.MMBZe.w..bi." /* c0 */
                                  "mmmmnni.mmmmmmmm" /* d0 */
                                  "bbbbbbbbjjfb...." /* e0 */
                                  "p.pp..gG......mm" /* f0 */;

static const char two_byte[257] = "mmmm-.....-.-m.B" /* 0f 00 */
                                  "mmmmmmmmmmmmmmmm" /* 0f 10 */
                                  "cccc----mmmmmmmm" /* 0f 20 */
                                  "......-.p-p-----" /* 0f 30 */
                                  "mmmmmmmmmmmmmmmm" /* 0f 40 */
                                  "mmmmmmmmmmmmmmmm" /* 0f 50 */
                                  "mmmmmmmmmmmmmmmm" /* 0f 60 */
                                  "BBBBmmm.mm--mmmm" /* 0f 70 */
                                  "jjjjjjjjjjjjjjjj" /* 0f 80 */
                                  "mmmmmmmmmmmmmmmm" /* 0f 90 */
                                  "...mBmmm...mBmmm" /* 0f a0 */
                                  "mmmmmmmmmmBmmmmm" /* 0f b0 */
                                  "mmBmBBBm........" /* 0f c0 */
                                  "mmmmmmmmmmmmmmmm" /* 0f d0 */
                                  "mmmmmmmmmmmmmmmm" /* 0f e0 */
                                  "mmmmmmmmmmmmmmmm" /* 0f f0 */;

/* An instruction as far as it has been read. Bytes are taken by next(), which
   gives 0 past the end: `at` is compared with `size` once, when all is read. */
struct reader {
    const uint8_t *p;
    size_t size, at;
    bool is_64bit;
    bool address_67, wide; /* 67; REX.W */
    bool rex;              /* it counts */
    bool vex_refused;      /* 66, F2, F3 or LOCK stand before */
    uint32_t prefixes;     /* X86_66, X86_F3, X86_F2 */
};

static uint8_t peek(const struct reader *r, size_t ahead)
{
    return r->at + ahead < r->size ? r->p[r->at + ahead] : 0;
}

static uint8_t next(struct reader *r)
{
    uint8_t byte = peek(r, 0);

    r->at++;
    return byte;
}

/* One legacy prefix; false: `byte` is none. */
static bool take_prefix(struct reader *r, uint8_t byte)
{
    switch (byte) {
    case 0x26:
    case 0x2e:
    case 0x36:
    case 0x3e:
    case 0x64:
    case 0x65:
        return true;
    case 0x66:
        r->prefixes |= X86_66;
        break;
    case 0x67:
        r->address_67 = true;
        return true;
    case 0xf2:
        r->prefixes = (r->prefixes & X86_66) | X86_F2;
        break;
    case 0xf3:
        r->prefixes = (r->prefixes & X86_66) | X86_F3;
        break;
    case 0xf0:
        break;
    default:
        return false;
    }
    r->vex_refused = true;
    return true;
}

/* The first byte of the opcode, past all prefixes. REX counts only where
   nothing stands between it and the opcode. */
static uint8_t read_prefixes(struct reader *r)
{
    uint8_t byte = next(r);

    while (take_prefix(r, byte) && r->at < MAX_LENGTH)
        byte = next(r);
    while (r->is_64bit && (byte & 0xf0) == 0x40) {
        r->rex = true;
        r->wide = byte & 8;
        byte = next(r);
        while (r->at < MAX_LENGTH && take_prefix(r, byte)) {
            r->rex = r->wide = false;
            byte = next(r);
        }
        if (r->at >= MAX_LENGTH)
            break;
    }
    return byte;
}

/* What ModRM brings besides itself: SIB and displacement, in bytes. */
static unsigned address_bytes(const struct reader *r, uint8_t modrm)
{
    unsigned mod = modrm >> 6, rm = modrm & 7, bytes = 0;

    if (mod == 3)
        return 0;
    if (!r->is_64bit && r->address_67)
        return mod == 0 ? (rm == 6 ? 2 : 0) : mod;
    if (rm == 4) {
        bytes = 1;
        rm = peek(r, 0) & 7;
    }
    if (mod == 0)
        return bytes + (rm == 5 ? 4 : 0);
    return bytes + (mod == 1 ? 1 : 4);
}

static uint8_t read_modrm(struct reader *r)
{
    uint8_t modrm = next(r);

    r->at += address_bytes(r, modrm);
    return modrm;
}

/* imm16 or imm32, by the operand's size. */
static unsigned z_bytes(const struct reader *r)
{
    return (r->prefixes & X86_66) && !r->wide ? 2 : 4;
}

static unsigned moffs_bytes(const struct reader *r)
{
    if (r->is_64bit)
        return r->address_67 ? 4 : 8;
    return r->address_67 ? 2 : 4;
}

static bool has_modrm(char letter)
{
    switch (letter) {
    case 'm':
    case 'M':
    case 'B':
    case 'N':
    case 'Z':
    case 'g':
    case 'G':
    case 'c':
    case 'x':
        return true;
    default:
        return false;
    }
}

/* Bytes after ModRM and what it brings. */
static unsigned immediate_bytes(const struct reader *r, char letter,
                                uint8_t modrm)
{
    switch (letter) {
    case 'b':
    case 'n':
    case 'B':
    case 'N':
        return 1;
    case 'w':
    case 'x':
        return 2;
    case 'e':
        return 3;
    case 'z':
    case 'Z':
        return z_bytes(r);
    case 'j':
        return r->is_64bit ? 4 : z_bytes(r);
    case 'v':
        return r->wide ? 8 : z_bytes(r);
    case 'o':
        return moffs_bytes(r);
    case 'f':
        return z_bytes(r) + 2;
    case 'g':
        return (modrm & 0x30) == 0;
    case 'G':
        return (modrm & 0x30) == 0 ? z_bytes(r) : 0;
    default:
        return 0;
    }
}

/* Reads what the letter says. False: no such instruction. */
static bool read_operands(struct reader *r, char letter, uint8_t *modrm)
{
    if (letter == '-' || letter == 'p')
        return false;
    if (letter == 'c')
        *modrm = next(r);
    else if (has_modrm(letter))
        *modrm = read_modrm(r);
    r->at += immediate_bytes(r, letter, *modrm);
    return letter != 'x' || *modrm >> 6 == 3;
}

/* Maps as VEX, EVEX and XOP number them: of 1 the two-byte opcodes' letters
   hold, ModRM and imm8 being all there is. */
static bool read_vector(struct reader *r, unsigned map, bool evex)
{
    uint8_t opcode = next(r), modrm = 0;

    switch (map) {
    case 1:
        if (!evex && opcode == 0x77) /* vzeroupper */
            return true;
        return read_operands(r, two_byte[opcode] == 'B' ? 'B' : 'm', &modrm);
    case 2:
    case 5:
    case 6:
    case 9:
        return read_operands(r, 'm', &modrm);
    case 3:
    case 8:
        return read_operands(r, 'B', &modrm);
    case 10:
        read_modrm(r);
        r->at += 4;
        return true;
    default:
        return false;
    }
}

/* Is this 62, C4, C5 or 8F the start of EVEX, VEX or XOP? Outside 64-bit mode
   the older instruction is meant where a memory operand follows. */
static bool is_vector(const struct reader *r, uint8_t opcode)
{
    uint8_t byte = peek(r, 0);

    if (opcode == 0x8f)
        return (byte & 0x1f) >= 8;
    return (opcode == 0x62 || opcode == 0xc4 || opcode == 0xc5) &&
           (r->is_64bit || byte >= 0xc0);
}

static bool read_vector_prefix(struct reader *r, uint8_t opcode)
{
    uint8_t byte = next(r);

    if (r->vex_refused || r->rex)
        return false;
    if (opcode == 0xc5)
        return read_vector(r, 1, false);
    if (opcode == 0x62) {
        if ((byte & 8) || !(peek(r, 0) & 4))
            return false;
        r->at += 2;
        return (byte & 7) != 0 && read_vector(r, byte & 7, true);
    }
    next(r);
    if (opcode == 0xc4 && (byte & 0x1f) > 3)
        return false;
    return read_vector(r, byte & 0x1f, false);
}

/* The letter of the instruction, and its key but for ModRM. */
static char read_opcode(struct reader *r, uint8_t byte, uint32_t *key)
{
    *key = X86_KEY(X86_ONE, byte, 0);
    if (byte != 0x0f)
        return one_byte[byte];
    byte = next(r);
    if (byte == 0x38 || byte == 0x3a) {
        enum x86_map map = byte == 0x38 ? X86_0F38 : X86_0F3A;

        *key = X86_KEY(map, next(r), 0);
        return map == X86_0F38 ? 'm' : 'B';
    }
    *key = X86_KEY(X86_0F, byte, 0);
    /* With 66 or F2 never vmread, but SSE4a's extrq and insertq. */
    if (byte == 0x78 && (r->prefixes & (X86_66 | X86_F2)))
        return 'x';
    return two_byte[byte];
}

static bool in_64bit_mode(char letter)
{
    return letter != 'i' && letter != 'n' && letter != 'N' && letter != 'f' &&
           letter != 'M';
}

unsigned x86_decode(const uint8_t *p, size_t size, bool is_64bit, uint32_t *key)
{
    struct reader r = { .p = p, .size = size, .is_64bit = is_64bit };
    uint8_t byte = read_prefixes(&r), modrm = 0;
    bool known;

    if (is_vector(&r, byte)) {
        *key = X86_VECTOR;
        known = read_vector_prefix(&r, byte);
    } else {
        char letter = read_opcode(&r, byte, key);

        known = (!is_64bit || in_64bit_mode(letter)) &&
                read_operands(&r, letter, &modrm);
        *key |= modrm | r.prefixes | (is_64bit ? X86_64BIT : 0);
    }
    return known && r.at <= size && r.at <= MAX_LENGTH ? (unsigned)r.at : 0;
}
