/*
 * Who has called: bt, and where `finish` runs to. What a function has put on
 * its stack is read off its own code, from its beginning to where it is:
 *
 *     addi sp, sp, -48     the frame is so large
 *     sd   ra, 40(sp)      here the return address is kept …
 *     sd   s0, 32(sp)      … and here the caller's s0
 *     addi s0, sp, 48      s0 is a frame pointer
 *
 * Behind a return the frame is as it was before it was taken down. Where no
 * symbol says where the function begins, s0 is taken for a frame pointer.
 */
#include "cli/prompt_frames.h"

#include <stdio.h>

#define FRAMES    64
#define SCAN_MOST 65536 /* bytes of a function that are read */

enum { RA = 1, SP = 2, S0 = 8 };

/* What the code up to some place has done. Offsets are below what sp was at the
   function's entry. */
struct layout {
    bool sp_moves; /* by more than constants: only s0 says where the frame is */
    bool has_fp;
    bool ra_kept, s0_kept;
    uint64_t size, fp, ra_at, s0_at;
};

/* ---- reading code ---- */

/* Or it goes on elsewhere, in place of a return. */
static bool is_return(const struct insn *i)
{
    return ((i->op == INSN_jalr || i->op == INSN_jal) && i->rd == 0) ||
           i->op == INSN_sret || i->op == INSN_mret;
}

static void note_add(struct layout *l, struct layout *whole,
                     const struct insn *i)
{
    if (i->rd == S0 && i->rs1 == SP) {
        l->has_fp = true;
        l->fp = l->size - (uint64_t)i->imm;
    } else if (i->rd == SP && i->rs1 == SP) {
        if (i->imm > 0)
            *whole = *l;
        l->size -= (uint64_t)i->imm;
    } else if (i->rd == SP) {
        l->sp_moves = i->rs1 != S0;
        l->size = i->rs1 == S0 ? l->fp - (uint64_t)i->imm : l->size;
    }
}

/* `whole` is the layout before the frame was begun to be taken down. */
static void note(struct layout *l, struct layout *whole, const struct insn *i)
{
    if (i->op == INSN_addi) {
        note_add(l, whole, i);
    } else if (i->op == INSN_sd && i->rs1 == SP && i->rs2 == RA) {
        l->ra_kept = true;
        l->ra_at = l->size - (uint64_t)i->imm;
    } else if (i->op == INSN_sd && i->rs1 == SP && i->rs2 == S0) {
        l->s0_kept = true;
        l->s0_at = l->size - (uint64_t)i->imm;
    } else if (is_return(i) && l->size == 0) {
        *l = *whole;
    } else if (i->rd == SP && i->op != INSN_illegal &&
               insn_class((enum insn_op)i->op) == CLASS_ALU) {
        l->sp_moves = true;
    }
}

/* False: its beginning is not known. */
static bool read_layout(const struct prompt *p, const struct frame *f,
                        struct layout *l)
{
    const struct debugger *d = &p->debugging.debugger;
    struct layout whole = { .size = 0 };
    uint64_t first, end;

    *l = whole;
    if (!symbol_sets_bounds(
            debugger_names(d, d->world)->symbols,
            debugger_place(d, d->world, d->hart, f->pc - !f->innermost), &first,
            &end) ||
        f->pc - first > SCAN_MOST)
        return false;
    while (first < f->pc) {
        char text[PROMPT_INSN];
        struct insn i;

        if (!prompt_instruction(p, first, &i, text))
            return false;
        note(l, &whole, &i);
        first += i.length;
    }
    return true;
}

/* ---- one frame to the next ---- */

static uint64_t reg(const struct debugger *d, unsigned number)
{
    uint64_t v = 0;

    session_get(d->session, d->world, d->hart, number, &v);
    return v;
}

static bool word_at(const struct prompt *p, uint64_t va, uint64_t *v)
{
    const struct debugger *d = &p->debugging.debugger;
    const struct session_view view = { .world = d->world, .hart = d->hart };

    return va % 8 == 0 &&
           session_read(d->session, &view, va, v, sizeof *v) == sizeof *v;
}

static bool is_code(const struct prompt *p, uint64_t va)
{
    char text[PROMPT_INSN];
    struct insn i;

    return va && va % 2 == 0 && prompt_instruction(p, va, &i, text);
}

void frame_innermost(const struct prompt *p, struct frame *f)
{
    const struct debugger *d = &p->debugging.debugger;

    *f = (struct frame){ .innermost = true,
                         .pc = reg(d, REG_PC),
                         .sp = reg(d, REG_X0 + SP),
                         .s0 = reg(d, REG_X0 + S0),
                         .ra = reg(d, REG_X0 + RA) };
}

bool frame_is_handler(const struct prompt *p, const struct frame *f)
{
    const struct debugger *d = &p->debugging.debugger;
    uint64_t priv = reg(d, REG_PRIV), vector = 0, first, end;

    if (priv == PRIV_U ||
        !session_get_csr(d->session, d->world, d->hart,
                         priv == PRIV_M ? CSR_mtvec : CSR_stvec, &vector))
        return false;
    vector &= ~TVEC_MODE;
    return symbol_sets_bounds(
               debugger_names(d, d->world)->symbols,
               debugger_place(d, d->world, d->hart, f->pc - !f->innermost),
               &first, &end) &&
           vector - first < end - first;
}

/* s0 as a frame pointer, whose return address lies below it (psABI). */
static const char *by_s0(const struct prompt *p, struct frame *f)
{
    uint64_t fp = f->s0, ra;

    if (fp <= f->sp || !word_at(p, fp - 8, &ra) || !is_code(p, ra) ||
        !word_at(p, fp - 16, &f->s0))
        return "no symbol says where that function begins, and s0 is no frame "
               "pointer";
    f->pc = ra;
    f->sp = fp;
    return NULL;
}

static const char *by_layout(const struct prompt *p, struct frame *f,
                             const struct layout *l)
{
    uint64_t entry = f->sp + l->size, ra = f->ra;

    if (l->sp_moves && !l->has_fp)
        return "that function moves sp in a way that cannot be followed";
    if (l->sp_moves)
        entry = f->s0 + l->fp;
    if (!l->ra_kept && !f->innermost)
        return "that function has kept no return address";
    if ((l->ra_kept && !word_at(p, entry - l->ra_at, &ra)) ||
        (l->s0_kept && !word_at(p, entry - l->s0_at, &f->s0)))
        return "its frame cannot be read";
    if (!is_code(p, ra))
        return "its return address is none: it is the first";
    f->pc = ra;
    f->sp = entry;
    return NULL;
}

const char *frame_caller(const struct prompt *p, struct frame *f)
{
    const char *why = "a trap has led there: 'why trap' says from where";
    struct layout l;

    if (frame_is_handler(p, f))
        return why;
    why = read_layout(p, f, &l) ? by_layout(p, f, &l) : by_s0(p, f);
    f->innermost = false;
    return why;
}

/* ---- bt ---- */

/* A return address is behind the call, and that may be the function's last
   instruction: the call's own function and line are meant. */
static void say(struct command_call *c, unsigned number, const struct frame *f)
{
    struct debugger *d = c->d;
    struct symbol_sets *names = debugger_names(d, d->world)->symbols;
    struct symbol_place at =
        debugger_place(d, d->world, d->hart, f->pc - !f->innermost);
    char address[COMMAND_ADDRESS];
    struct source_line line;

    text_print(c->out, "#%-2u %s", number,
               command_symbol(symbol_sets_at(names, at), f->pc, address));
    if (symbol_sets_line(names, at, &line))
        text_print(c->out, ", line %u of %s", line.line, line.file);
    text_print(c->out, "\n");
}

enum command_end prompt_backtrace(struct command_call *c)
{
    const struct prompt *p = prompt_of(c);
    const char *end = NULL;
    struct frame f;
    unsigned n = 0;

    frame_innermost(p, &f);
    for (; n < FRAMES && !end; n++) {
        say(c, n, &f);
        end = frame_caller(p, &f);
    }
    text_print(c->out, "that is all: %s\n", end ? end : "there may be more");
    return COMMAND_DONE;
}
