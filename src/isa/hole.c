/* What harts with holes do where they should trap; hole.def is the data. */
#include "isa/hole.h"

#include "isa/csr_insn.h"

_Static_assert(HOLE_COUNT <= 64, "a hole is a bit of isa.holes");

const struct hole hole_table[HOLE_COUNT] = {
#define HOLE(id, name, insn, first, last, deviation, subject, sentence, seen)  \
    [HOLE_##id] = { name,    INSN_##insn, first, last, DEVIATION_##deviation,  \
                    subject, sentence,    seen },
#include "isa/hole.def"
#undef HOLE
};

/* Is `name` what stands at `text`, `length` characters long? */
static bool same(const char *text, size_t length, const char *name)
{
    size_t n = 0;

    while (n < length && name[n] && text[n] == name[n])
        n++;
    return n == length && !name[n];
}

static int find(const char *text, size_t length)
{
    for (int h = 0; h < HOLE_COUNT; h++)
        if (same(text, length, hole_table[h].name))
            return h;
    return -1;
}

/* As far as the next comma, or the end. */
static size_t name_length(const char *text)
{
    size_t n = 0;

    while (text[n] && text[n] != ',')
        n++;
    return n;
}

int hole_find(const char *name)
{
    size_t n = name_length(name);

    return name[n] ? -1 : find(name, n);
}

enum status hole_parse(const char *text, uint64_t *holes, size_t *at,
                       size_t *length)
{
    uint64_t set = *holes;

    for (*at = 0;; *at += *length + 1) {
        int hole;

        *length = name_length(text + *at);
        hole = find(text + *at, *length);
        if (hole < 0)
            return STATUS_BAD_ARGUMENT;
        set |= BIT(hole);
        if (!text[*at + *length])
            break;
    }
    *holes = set;
    return STATUS_OK;
}

/* An access to one of the hole's CSRs. */
static bool accesses(const struct hole *h, const struct insn *i,
                     struct csr_access *a)
{
    if (i->op == INSN_illegal || insn_class(i->op) != CLASS_CSR)
        return false;
    *a = csr_access_of(i, 0);
    return a->csr >= h->first && a->csr <= h->last;
}

/* Does the hole keep `i` from trapping? */
static bool applies(const struct csr_file *c, const struct hole *h,
                    const struct insn *i)
{
    struct csr_access a;

    switch (h->deviation) {
    case DEVIATION_NOP:
    case DEVIATION_JUMP:
        return i->op == h->insn;
    case DEVIATION_READ:
        return accesses(h, i, &a) && !a.write && csr_exists(c->isa, a.csr);
    case DEVIATION_IGNORE_WRITE:
        return accesses(h, i, &a) && a.write && csr_exists(c->isa, a.csr);
    case DEVIATION_UNKNOWN_CSR:
        return accesses(h, i, &a) && !csr_exists(c->isa, a.csr);
    case DEVIATION_RESERVED:
        return i->op == INSN_illegal && i->length == 4;
    default:
        return false;
    }
}

bool hole_instead(const struct csr_file *c, uint32_t raw, struct hole_effect *e)
{
    struct insn i;

    if (!c->isa->holes || c->priv != PRIV_U)
        return false;
    insn_decode(raw, c->isa, &i);
    for (unsigned h = 0; h < HOLE_COUNT; h++) {
        const struct hole *hole = &hole_table[h];

        if (!hole_in(c->isa, h) || !applies(c, hole, &i))
            continue;
        *e = (struct hole_effect){ 0 };
        e->jump = hole->deviation == DEVIATION_JUMP;
        e->pc = c->sepc;
        e->writes_rd = i.op != INSN_illegal && insn_class(i.op) == CLASS_CSR;
        e->rd = i.rd;
        if (hole->deviation == DEVIATION_READ)
            e->value = csr_read(c, (unsigned)i.imm);
        return true;
    }
    return false;
}
