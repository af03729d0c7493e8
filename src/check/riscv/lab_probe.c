/*
 * Whether an instruction drops cached translations: one is cached before it,
 * and changed in the page table without a fence; a load after it tells.
 */
#include <string.h>

#include "check/riscv/lab_inside.h"

#define PROBE_VA   UINT64_C(0x40000000)
#define PROBE_ASID 1u
#define PROBE_CODE 0x0005b503u /* ld x10, 0(x11) */

/* Frames of the probe. */
enum {
    PROBE_ROOT = FRAME_PROBE,
    PROBE_LEVEL1,
    PROBE_LEVEL0,
    PROBE_TEXT,
    PROBE_OLD,
    PROBE_NEW
};

static void put_word(uint8_t *at, uint64_t v)
{
    memcpy(at, &v, sizeof v);
}

static uint64_t probe_pte(unsigned frame, uint64_t flags)
{
    return field_set(PTE_V | flags, PTE_PPN,
                     (GUEST_BASE + 4096u * frame) >> PAGE_SHIFT);
}

#define PROBE_RIGHTS (PTE_R | PTE_X | PTE_A | PTE_D)

/* PROBE_VA is PROBE_OLD, the page after it the text. */
void lab_probe_set(struct lab *lab)
{
    uint32_t code = PROBE_CODE;

    put_word(lab_frame(lab, PROBE_ROOT) + 8, probe_pte(PROBE_LEVEL1, 0));
    put_word(lab_frame(lab, PROBE_LEVEL1), probe_pte(PROBE_LEVEL0, 0));
    put_word(lab_frame(lab, PROBE_LEVEL0), probe_pte(PROBE_OLD, PROBE_RIGHTS));
    put_word(lab_frame(lab, PROBE_LEVEL0) + 8,
             probe_pte(PROBE_TEXT, PROBE_RIGHTS));
    put_word(lab_frame(lab, PROBE_OLD), 0);
    put_word(lab_frame(lab, PROBE_NEW), 1);
    memcpy(lab_frame(lab, PROBE_TEXT) + AT_END, &code, sizeof code);
}

/* Whether PROBE_VA is still translated as it once was: the load gives 0. */
static uint64_t probe(struct lab *lab)
{
    struct hart *h = &lab->hart;

    h->csr = lab->csr;
    h->csr.priv = PRIV_S;
    h->csr.satp =
        field_set(field_set(0, SATP_MODE, SATP_SV39), SATP_ASID, PROBE_ASID) |
        (GUEST_BASE + 4096u * PROBE_ROOT) >> PAGE_SHIFT;
    h->attached = true;
    h->waiting = false;
    h->x[11] = PROBE_VA;
    h->pc = PROBE_VA + 4096 + AT_END;
    hart_run(h, 1);
    return h->x[10];
}

/* The hart caches a translation, which then is changed without a fence. */
void lab_probe_begin(struct lab *lab)
{
    static const uint64_t va = PROBE_VA;

    hart_fence(&lab->hart, &va, NULL);
    put_word(lab_frame(lab, PROBE_LEVEL0), probe_pte(PROBE_OLD, PROBE_RIGHTS));
    probe(lab);
    put_word(lab_frame(lab, PROBE_LEVEL0), probe_pte(PROBE_NEW, PROBE_RIGHTS));
}

bool lab_probe_end(struct lab *lab)
{
    struct hart after = lab->hart;
    bool flushed = probe(lab) != 0;

    memcpy(lab->hart.x, after.x, sizeof after.x);
    lab->hart.csr = after.csr;
    lab->hart.pc = after.pc;
    lab->hart.waiting = after.waiting;
    lab->hart.reserved = after.reserved;
    return flushed;
}
