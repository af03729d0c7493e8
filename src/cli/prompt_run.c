/* The prompt's commands that let time pass, forwards and backwards. */
#include <string.h>

#include "cli/prompt_frames.h"

typedef unsigned long long ull;

/* ---- running ---- */

/* A program that is watched for has perhaps started. */
static void announce(struct prompt *p)
{
    const struct text_sink out = prompt_sink(p);
    unsigned number;
    const struct program *started =
        programs_started(p->debugging.programs, prompt_session(p), &number);

    if (started)
        text_print(&out, "%s starts, in the address space %#llx\n",
                   started->path, (ull)started->satp);
}

static bool is_own(struct prompt *p, enum session_end end)
{
    return end == SESSION_POINT && p->debugging.programs &&
           programs_own(p->debugging.programs,
                        session_hit(prompt_session(p))->number);
}

/* False: there is no machine any more. */
static bool reset(struct prompt *p)
{
    const struct text_sink out = prompt_sink(p);

    prompt_log_end(p);
    if (!debugging_reset(&p->debugging)) {
        p->lost = p->quit = true;
        p->status = 1;
        return false;
    }
    prompt_log_again(p);
    prompt_gone_back(p);
    text_print(&out, "the guest resets the machine: time begins anew\n");
    return true;
}

static enum session_end run_pieces(struct prompt *p, uint64_t until)
{
    for (;;) {
        enum session_end end = session_run(prompt_session(p), until);

        if (is_own(p, end))
            announce(p);
        else if (end != SESSION_RESET || !reset(p))
            return end;
    }
}

enum session_end prompt_run(struct prompt *p, uint64_t until)
{
    enum session_end end;

    fflush(stdout);
    p->running = true;
    end = run_pieces(p, until);
    p->running = false;
    return end;
}

void prompt_gone_back(struct prompt *p)
{
    if (p->debugging.programs)
        programs_gone_back(p->debugging.programs, prompt_session(p));
}

/* ---- saying where it stands ---- */

static uint64_t pc_of(const struct prompt *p)
{
    const struct debugger *d = &p->debugging.debugger;
    uint64_t pc = 0;

    session_get(d->session, d->world, d->hart, REG_PC, &pc);
    return pc;
}

static void say_next(struct prompt *p)
{
    const struct text_sink out = prompt_sink(p);
    struct debugger *d = &p->debugging.debugger;
    struct source_line line;
    char text[PROMPT_INSN];
    uint64_t pc = pc_of(p);
    struct insn i;

    text_print(&out, "   %s",
               prompt_instruction(p, pc, &i, text) ? text : "no instruction");
    if (symbol_sets_line(debugger_names(d, d->world)->symbols,
                         debugger_place(d, d->world, d->hart, pc), &line))
        text_print(&out, "   (line %u of %s)", line.line, line.file);
    text_print(&out, "\n");
}

void prompt_tell(struct prompt *p, enum session_end end)
{
    const struct text_sink out = prompt_sink(p);

    if (p->lost)
        return;
    command_tell_end(&p->debugging.debugger, end, &out);
    if (end != SESSION_FINISHED)
        say_next(p);
}

static enum command_end told(struct prompt *p, enum session_end end)
{
    prompt_tell(p, end);
    return COMMAND_MOVED;
}

/* ---- forwards ---- */

static enum command_end go_on(struct command_call *c)
{
    struct prompt *p = prompt_of(c);
    uint64_t until = UINT64_MAX;

    if (c->words && !command_number(c, c->word[0], &until))
        return COMMAND_WRONG;
    if (until <= session_time(prompt_session(p)))
        return command_wrong(c, "that is not ahead: 'goto' goes back");
    return told(p, prompt_run(p, until));
}

/* How often; 1 if it is not said. */
static bool times(const struct command_call *c, uint64_t *n)
{
    *n = 1;
    if (c->words && !command_number(c, c->word[0], n))
        return false;
    if (*n > 0)
        return true;
    command_wrong(c, "0 of them are none");
    return false;
}

/* The general registers that were changed. */
static void say_changes(struct prompt *p, const uint64_t *before)
{
    const struct text_sink out = prompt_sink(p);
    const struct debugger *d = &p->debugging.debugger;

    for (unsigned k = 1; k < 32; k++) {
        uint64_t now = 0;

        session_get(d->session, d->world, d->hart, REG_X0 + k, &now);
        if (now != before[k])
            text_print(&out, "   %s = %#llx", insn_x_name(k), (ull)now);
    }
    text_print(&out, "\n");
}

/* `past`: behind it, if it traps, too. */
static enum session_end step_once(struct prompt *p, bool past)
{
    struct debugger *d = &p->debugging.debugger;
    enum session_end end;

    p->running = true;
    end = past ? session_step_past(d->session, d->world, d->hart, PAST_TRAPS)
               : session_step(d->session, d->world, d->hart);
    p->running = false;
    if (is_own(p, end)) {
        announce(p);
        return SESSION_STEPPED;
    }
    return end == SESSION_RESET && reset(p) ? SESSION_STEPPED : end;
}

static enum session_end step_and_say(struct prompt *p, bool past)
{
    const struct text_sink out = prompt_sink(p);
    const struct debugger *d = &p->debugging.debugger;
    char address[COMMAND_ADDRESS], text[PROMPT_INSN] = "?";
    uint64_t before[32], pc = pc_of(p);
    enum session_end end;
    struct insn i;

    for (unsigned k = 0; k < 32; k++)
        session_get(d->session, d->world, d->hart, REG_X0 + k, &before[k]);
    prompt_instruction(p, pc, &i, text);
    command_address(d, d->world, d->hart, pc, address);
    end = step_once(p, past);
    if (p->lost || end != SESSION_STEPPED)
        return end;
    text_print(&out, "   %s: %s", address, text);
    say_changes(p, before);
    return end;
}

static enum command_end step(struct command_call *c)
{
    struct prompt *p = prompt_of(c);
    enum session_end end = SESSION_STEPPED;
    uint64_t n;

    if (!times(c, &n))
        return COMMAND_WRONG;
    while (n-- > 0 && end == SESSION_STEPPED && !p->lost)
        end = step_and_say(p, false);
    return told(p, end);
}

/* ---- to a return ---- */

/* Where a call comes back to: that frame of that hart. */
struct comeback {
    uint64_t pc, sp;
    unsigned hart;
};

static bool is_back(struct prompt *p, enum session_end end, unsigned number,
                    const struct comeback *to)
{
    const struct debugger *d = &p->debugging.debugger;
    const struct session_hit *hit = session_hit(d->session);
    uint64_t sp = 0;

    if (end != SESSION_POINT || hit->number != number || hit->hart != to->hart)
        return false;
    session_get(d->session, d->world, to->hart, REG_X0 + 2, &sp);
    return sp >= to->sp;
}

/* Runs until it comes back there; a stop on the way is one. */
static enum command_end come_back(struct command_call *c,
                                  const struct comeback *to)
{
    struct prompt *p = prompt_of(c);
    struct debugger *d = &p->debugging.debugger;
    struct stop_point at = { .kind = STOP_AT_CODE,
                             .world = d->world,
                             .va = to->pc };
    enum session_end end;
    unsigned number;

    session_get_csr(d->session, d->world, d->hart, CSR_satp, &at.satp);
    number = session_add(d->session, &at);
    if (!number)
        return command_wrong(c, "there are %d stop points already",
                             SESSION_STOPS);
    do
        end = prompt_run(p, UINT64_MAX);
    while (end == SESSION_POINT && session_hit(d->session)->number == number &&
           !is_back(p, end, number, to));
    if (p->lost)
        return COMMAND_MOVED;
    if (is_back(p, end, number, to))
        end = SESSION_STEPPED;
    session_remove(d->session, number);
    return told(p, end);
}

/* A jump that leaves its return address in ra or t0 (unprivileged manual,
   "Return-address prediction stack"). */
static bool is_call(const struct insn *i)
{
    return (i->op == INSN_jal || i->op == INSN_jalr) &&
           (i->rd == 1 || i->rd == 5);
}

static enum command_end next(struct command_call *c)
{
    struct prompt *p = prompt_of(c);
    struct debugger *d = &p->debugging.debugger;
    struct comeback to = { .hart = d->hart };
    char text[PROMPT_INSN];
    uint64_t pc = pc_of(p);
    struct insn i;

    if (!prompt_instruction(p, pc, &i, text) || !is_call(&i))
        return told(p, step_and_say(p, true));
    to.pc = pc + i.length;
    session_get(d->session, d->world, d->hart, REG_X0 + 2, &to.sp);
    return come_back(c, &to);
}

/* ---- out of a function, or of a trap's handler ---- */

static uint64_t mode_of(const struct prompt *p)
{
    const struct debugger *d = &p->debugging.debugger;
    uint64_t priv = PRIV_M;

    session_get(d->session, d->world, d->hart, REG_PRIV, &priv);
    return priv;
}

/* Until sret or mret has lowered the mode, or a stop. */
static enum command_end finish_trap(struct command_call *c)
{
    struct prompt *p = prompt_of(c);
    uint64_t mode = mode_of(p);
    enum session_end end;

    if (mode == PRIV_U)
        return command_wrong(c, "U-mode handles no traps");
    do
        end = p->debugging.interrupt ? SESSION_BREAK : step_once(p, false);
    while (end == SESSION_STEPPED && !p->lost && mode_of(p) >= mode);
    return told(p, end);
}

static enum command_end finish(struct command_call *c)
{
    struct prompt *p = prompt_of(c);
    struct debugger *d = &p->debugging.debugger;
    struct comeback to = { .hart = d->hart };
    const char *why;
    struct frame f;

    if (c->words && strcmp(c->word[0], "trap") != 0)
        return command_wrong(c, "usage: finish [trap]");
    frame_innermost(p, &f);
    if (c->words || frame_is_handler(p, &f))
        return finish_trap(c);
    why = frame_caller(p, &f);
    if (why)
        return command_wrong(c, "it is not known where this returns to: %s",
                             why);
    to.pc = f.pc;
    to.sp = f.sp;
    return come_back(c, &to);
}

/* ---- backwards ---- */

static enum command_end refuse_back(struct command_call *c)
{
    unsigned checkpoints;
    uint64_t bytes;

    session_history(prompt_session(prompt_of(c)), &checkpoints, &bytes);
    return checkpoints ? COMMAND_DONE
                       : command_wrong(c, "there is no history to go back in");
}

static enum command_end back(struct command_call *c)
{
    struct prompt *p = prompt_of(c);
    struct debugger *d = &p->debugging.debugger;
    enum session_end end = SESSION_STEPPED;
    uint64_t n;

    if (refuse_back(c) != COMMAND_DONE || !times(c, &n))
        return COMMAND_WRONG;
    while (n-- > 0 && end == SESSION_STEPPED)
        end = session_step_back(d->session, d->world, d->hart);
    return told(p, end);
}

static enum command_end reverse_continue(struct command_call *c)
{
    struct prompt *p = prompt_of(c);
    enum session_end end;

    if (refuse_back(c) != COMMAND_DONE)
        return COMMAND_WRONG;
    do
        end = session_run_back(prompt_session(p));
    while (is_own(p, end));
    return told(p, end);
}

const struct command_row prompt_run_rows[] = {
    { "continue", "c", "[UNTIL]", "run on, to a stop point or that time", 0, 1,
      go_on, true },
    { "step", "s", "[N]", "one instruction, or N", 0, 1, step, true },
    { "next", "n", "",
      "one instruction; a call, or a trap, with all that it leads to", 0, 0,
      next, true },
    { "finish", NULL, "[trap]",
      "out of this function, or of the trap's handler", 0, 1, finish, true },
    { "back", NULL, "[N]", "one instruction back, or N", 0, 1, back, true },
    { "reverse-step", NULL, "[N]", "the same", 0, 1, back, true },
    { "reverse-continue", "rc", "", "back to the last stop point", 0, 0,
      reverse_continue, true },
    { 0 },
};
