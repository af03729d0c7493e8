/*
 * Where an x86 instruction ends, and which it is (Intel SDM vol. 2, chapter 2
 * and appendix A; AMD APM vol. 3 for XOP and 3DNow!). Only lengths and opcodes
 * are told: a sweep over code needs no more, and must be fast.
 */
#ifndef POGO_CHECK_SCAN_X86_H
#define POGO_CHECK_SCAN_X86_H

#include "base/bits.h"

/*
 * The key by which rules know an instruction:
 *   7..0    ModRM, 0 where it has none
 *   15..8   the opcode, its last byte
 *   17..16  the map: enum x86_map
 *   20..18  prefixes 66, F3, F2
 *   21      64-bit mode
 *   31      encoded with VEX, EVEX or XOP: no rule is about any of these
 */
enum x86_map { X86_ONE, X86_0F, X86_0F38, X86_0F3A };

#define X86_KEY(map, opcode, modrm)                                            \
    ((uint32_t)(map) << 16 | (uint32_t)(opcode) << 8 | (modrm))
#define X86_66     BIT(18)
#define X86_F3     BIT(19)
#define X86_F2     BIT(20)
#define X86_64BIT  BIT(21)
#define X86_VECTOR BIT(31)

/*
 * The length in bytes, 1 to 15, of the instruction at `p`, of which `size`
 * bytes are there, and its key. 0: the bytes begin no instruction, or it does
 * not end within `size`. Some encodings that a processor refuses (LOCK where it
 * may not be, a reserved ModRM) have a length all the same.
 */
unsigned x86_decode(const uint8_t *p, size_t size, bool is_64bit,
                    uint32_t *key);

#endif
