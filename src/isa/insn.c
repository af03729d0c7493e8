/* The rows of insn.def as a table, and what can be asked of one. */
#include "isa/insn.h"

static const struct insn_row rows[INSN_COUNT] = {
    [INSN_illegal] = {"illegal", 0, 0, FORMAT_NONE, EXT_I, CLASS_SYSTEM},
#define INSN(name, mnemonic, match, mask, format, ext, class) \
    [INSN_##name] = {mnemonic,      match,     mask, \
                     FORMAT_##format, EXT_##ext, CLASS_##class},
#include "isa/insn.def"
#undef INSN
};

/* An op outside the enumeration is as good as an illegal instruction. */
static const struct insn_row *row_of(enum insn_op op)
{
    return &rows[(unsigned)op < INSN_COUNT ? op : INSN_illegal];
}

const char *insn_name(enum insn_op op)
{
    return row_of(op)->name;
}

enum insn_class insn_class(enum insn_op op)
{
    return row_of(op)->class;
}

enum insn_format insn_format(enum insn_op op)
{
    return row_of(op)->format;
}

const struct insn_row *insn_row(enum insn_op op)
{
    const struct insn_row *row = row_of(op);

    return row == &rows[INSN_illegal] ? NULL : row;
}
