/*
 * Which instruction set a machine has: a set of extensions, and the two ways
 * of writing it down, the ISA string (unprivileged manual, "ISA Extension
 * Naming Conventions") and misa (privileged manual, machine-level chapter).
 * Freestanding.
 */
#ifndef POGO_ISA_ISA_H
#define POGO_ISA_ISA_H

#include "base/bits.h"
#include "base/status.h"

/* One row an extension: enumerator, its name in the ISA string. */
#define ISA_EXTENSIONS(X) \
    X(I, "i") X(M, "m") X(A, "a") X(F, "f") X(D, "d") X(C, "c") \
    X(S, "s") X(U, "u") \
    X(ZICSR, "zicsr") X(ZIFENCEI, "zifencei") X(ZICNTR, "zicntr") \
    X(ZIHPM, "zihpm") X(ZBA, "zba") X(ZBB, "zbb") X(ZBS, "zbs") \
    X(ZICOND, "zicond") X(ZICBOM, "zicbom") X(ZICBOZ, "zicboz") \
    X(ZICBOP, "zicbop") X(ZAWRS, "zawrs") X(SVINVAL, "svinval") \
    X(SVNAPOT, "svnapot") X(SVPBMT, "svpbmt") X(SVADE, "svade") \
    X(SVADU, "svadu") X(SSTC, "sstc") X(SSSTRICT, "ssstrict") \
    X(SV39, "sv39") X(SV48, "sv48") X(SV57, "sv57")

enum isa_ext {
#define X(id, name) EXT_##id,
    ISA_EXTENSIONS(X)
#undef X
    EXT_COUNT
};

struct isa {
    uint64_t ext;   /* bit EXT_x is set if the machine has extension x */
    uint64_t holes; /* of the hardware at the bottom, by enum hole_id (hole.h);
                       a virtual hart's csr_file has none of them */
};

static inline bool isa_has(const struct isa *isa, enum isa_ext e)
{
    return (isa->ext >> e) & 1;
}

/* Everything Pogo has: rv64imafdc and every extension in the table. */
struct isa isa_default(void);

/*
 * Reads an ISA string such as "rv64gc_zba_sstc", case ignored. "g" stands for
 * imafd_zicsr_zifencei, "b" for zba_zbb_zbs; a version ("i2p1") may follow each
 * name, an underscore may stand between two. S and U are always there, as are
 * Zicsr (a machine with M-mode has it) and, with "i", Sv39; Sv48/Sv57 are there
 * unless the string names sv39 or sv48 as the largest. D implies F; Svade and
 * Svadu both absent means Svade. On error returns STATUS_BAD_ARGUMENT and sets *at to the
 * offset of the first character that was not understood; *isa is unchanged.
 */
enum status isa_parse(const char *text, struct isa *isa, size_t *at);

/*
 * Writes the canonical ISA string, terminated, into buf of `size` bytes (512
 * are always enough): single letters, then the others in the manual's order.
 * sv39/48/57, s and u are not part of it (the device tree has mmu-type).
 * Returns its length.
 */
size_t isa_format(const struct isa *isa, char *buf, size_t size);

/* The name of one extension as it stands in the ISA string. */
const char *isa_ext_name(enum isa_ext e);

/* The value of misa: MXL=2 and the letters. Read-only in Pogo. */
uint64_t isa_misa(const struct isa *isa);

#endif
