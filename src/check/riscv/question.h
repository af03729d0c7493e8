/*
 * What can be asked of a RISC-V machine: may a guest of these modes run in
 * that mode, under a monitor that keeps these conditions. Tables; what holds is
 * not written here but derived by running the machine (riscv.h).
 */
#ifndef POGO_CHECK_RISCV_QUESTION_H
#define POGO_CHECK_RISCV_QUESTION_H

#include <stddef.h>

#include "isa/csr_file.h"

/* Conditions under which a machine is asked to be virtualizable. */
enum riscv_condition {
    CONDITION_COUNTEREN, /* mcounteren and scounteren can be cleared */
    CONDITION_SSSTRICT,  /* what is reserved traps */
    CONDITION_SFENCE,    /* sfence.vma traps in the host mode */
    CONDITION_WFI,       /* wfi traps in the host mode */
    CONDITION_ENVCFG,    /* menvcfg, senvcfg can forbid the cbo instructions */
    CONDITION_FS,        /* the guest's FS is the host's, merged on a read */
    CONDITION_RESERVATION, /* kept when an exit is hidden from the guest */
    CONDITION_AD,          /* A and D of the guest's own PTEs are exact */
    CONDITION_VIEWS,       /* a shadow for each mode, SUM and MXR */
    CONDITION_MPRV,        /* a view for MPRV (M-mode guests) */
    CONDITION_PMP,         /* a virtual PMP (M-mode guests) */
    CONDITIONS
};

struct riscv_condition_row {
    const char *name;  /* "counteren": of --without */
    const char *title; /* "counters can be made to trap" */
    bool machine;      /* the machine keeps it, or lacks it; else the monitor */
    bool m_guest;      /* concerns guests with an M-mode only */
};

struct riscv_question {
    const char *name;    /* "s-in-u" */
    const char *subject; /* "S-mode guest in U-mode" */
    enum priv guest; /* the guest's most privileged mode; it has all below */
    enum priv host;  /* the mode in which all of it runs */
};

/* The n-th, in the order in which they are shown; NULL: there are no more. */
const struct riscv_question *riscv_question(size_t n);
/* NULL: no such. */
const struct riscv_question *riscv_question_find(const char *name);

const struct riscv_condition_row *riscv_condition_row(enum riscv_condition c);
/* CONDITIONS: no such. */
enum riscv_condition riscv_condition_find(const char *name);
/* Has the question to do with the condition? */
bool riscv_condition_concerns(enum riscv_condition c,
                              const struct riscv_question *q);

#endif
