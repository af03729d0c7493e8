/* The rules and their reasons as short names, for machines. */
#include "debug/why.h"

#include "isa/trap.h"

static const char *const csr_reasons[] = {
    [CSR_REFUSED_ABSENT] = "absent",
    [CSR_REFUSED_MODE] = "mode",
    [CSR_REFUSED_READ_ONLY] = "read-only",
    [CSR_REFUSED_FS] = "fs",
    [CSR_REFUSED_TVM] = "tvm",
    [CSR_REFUSED_STCE] = "stce",
    [CSR_REFUSED_MCOUNTEREN] = "mcounteren",
    [CSR_REFUSED_SCOUNTEREN] = "scounteren",
};

static const char *const walk_reasons[] = {
    [WALK_NOT_CANONICAL] = "not-canonical",
    [WALK_PTE_PMP] = "pte-pmp",
    [WALK_PTE_NO_MEMORY] = "pte-no-memory",
    [WALK_INVALID] = "invalid",
    [WALK_WRITE_ONLY] = "write-only",
    [WALK_RESERVED] = "reserved-bits",
    [WALK_PBMT] = "pbmt",
    [WALK_NAPOT] = "napot",
    [WALK_POINTER_BITS] = "pointer-bits",
    [WALK_NO_LEAF] = "no-leaf",
    [WALK_MISALIGNED] = "misaligned-superpage",
    [WALK_SUPERVISOR_PAGE] = "supervisor-page",
    [WALK_USER_PAGE] = "user-page",
    [WALK_USER_CODE] = "user-code",
    [WALK_NO_READ] = "no-read",
    [WALK_NO_WRITE] = "no-write",
    [WALK_NO_EXECUTE] = "no-execute",
    [WALK_NOT_ACCESSED] = "not-accessed",
    [WALK_NOT_DIRTY] = "not-dirty",
    [WALK_UPDATE_PMP] = "update-pmp",
    [WALK_UPDATE_FAILED] = "update-failed",
};

const char *why_rule_name(const struct why_look *l)
{
    static const char *const names[] = {
        [RULE_NONE] = "none",         [RULE_FETCH] = "fetch",
        [RULE_ENCODING] = "encoding", [RULE_CSR] = "csr",
        [RULE_SYSTEM] = "system",     [RULE_CBO] = "cbo",
        [RULE_FP_OFF] = "fp-off",     [RULE_ROUNDING] = "rounding",
        [RULE_ECALL] = "ecall",       [RULE_EBREAK] = "ebreak",
        [RULE_TARGET] = "target",     [RULE_DATA] = "data",
    };

    return names[l->rule];
}

static const struct why_access *refused_access(const struct why_look *l)
{
    return l->rule == RULE_FETCH ? &l->fetch[l->fetches - 1]
                                 : &l->data[l->accesses - 1];
}

static const char *access_reason(const struct why_access *a)
{
    static const char *const names[] = {
        [ACCESS_REFUSED_PMP] = "pmp",
        [ACCESS_REFUSED_ALIGNED] = "alignment",
        [ACCESS_REFUSED_PLACE] = "place",
        [ACCESS_ASKS_DEVICE] = "device",
    };

    return a->refusal == ACCESS_REFUSED_WALK ? walk_reasons[a->walk.reason]
                                             : names[a->refusal];
}

const char *why_reason_name(const struct why_look *l)
{
    static const char *const system[] = {
        [SYSTEM_REFUSED_M] = "mode",
        [SYSTEM_REFUSED_U] = "mode",
    };

    switch ((enum why_rule)l->rule) {
    case RULE_CSR:
        return csr_reasons[l->reason];
    case RULE_SYSTEM:
        if (l->reason != SYSTEM_REFUSED_BIT)
            return system[l->reason];
        return l->insn.op == INSN_sret  ? "tsr"
               : l->insn.op == INSN_wfi ? "tw"
                                        : "tvm";
    case RULE_CBO:
        return l->reason == CBO_REFUSED_MENVCFG ? "menvcfg" : "senvcfg";
    case RULE_FETCH:
    case RULE_DATA:
        return access_reason(refused_access(l));
    default:
        return "";
    }
}
