/*
 * Handlers of the instructions that compute with x registers alone, from their
 * bodies in alu.h.
 */
#include "cpu/bodies.h"

#define HANDLER(handler, name, a, b) \
    OP(handler)                      \
    {                                \
        BODY_ALU(name, a, b);        \
        NEXT;                        \
    }
#define ALU_U(name) HANDLER(name, name, 0, 0)
#define ALU_I(name)               \
    HANDLER(name, name, RS1, 0)   \
    HANDLER(name##_1, name, acc, 0)
#define ALU_SHIFT ALU_I
#define ALU_UNARY ALU_I
#define ALU_R(name)                   \
    HANDLER(name, name, RS1, RS2)     \
    HANDLER(name##_1, name, acc, RS2) \
    HANDLER(name##_2, name, RS1, acc)

#define ONLY_ALU(format, name) ALU_##format(name)
#define ONLY_LOAD(format, name)
#define ONLY_STORE(format, name)
#define ONLY_AMO(format, name)
#define ONLY_BRANCH(format, name)
#define ONLY_JUMP(format, name)
#define ONLY_FENCE(format, name)
#define ONLY_FP(format, name)
#define ONLY_CSR(format, name)
#define ONLY_SYSTEM(format, name)

#define INSN(name, mnemonic, match, mask, format, ext, class) \
    ONLY_##class(format, name)
#include "isa/insn.def"
#undef INSN
