/* What changes the present: steps, runs, commands, and stop points. */
#include "ui/tui/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debug/commands.h"
#include "isa/insn.h"

/* ---- stop points ---- */

unsigned tui_break_at(const struct tui *t, uint64_t va)
{
    const struct debugger *d = t->debugger;
    const struct session_points p = session_points(d->session);

    for (unsigned k = 0; k < SESSION_STOPS; k++)
        if (p.has_point[k] && p.point[k].kind == STOP_AT_CODE &&
            p.point[k].world == d->world && p.point[k].va == va &&
            !(t->ends.programs && programs_own(t->ends.programs, k + 1)))
            return k + 1;
    return 0;
}

/* For code of the present mode: a kernel is in all address spaces, a program
   in its own. */
static struct stop_point point_at(const struct tui *t, uint64_t va)
{
    const struct debugger *d = t->debugger;

    return (struct stop_point){
        .kind = STOP_AT_CODE,
        .world = d->world,
        .any_space = tui_mode(t, d->world) != PRIV_U,
        .satp = tui_csr(t, d->world, CSR_satp),
        .va = va,
        .size = 1,
    };
}

void tui_toggle_break(struct tui *t)
{
    const struct stop_point p = point_at(t, t->cursor);
    unsigned number = tui_break_at(t, t->cursor);

    if (number)
        session_remove(t->debugger->session, number);
    else if (!session_add(t->debugger->session, &p))
        snprintf(t->message, sizeof t->message,
                 "there are %d stop points already: take one away first",
                 SESSION_STOPS);
}

/* ---- why it stands ---- */

static void tell_point(struct tui *t)
{
    const struct session_hit *hit = session_hit(t->debugger->session);
    const struct session_points p = session_points(t->debugger->session);
    static const char *const names[] = {
        [STOP_AT_CODE] = "breakpoint",    [STOP_AT_WRITE] = "watchpoint",
        [STOP_AT_READ] = "watchpoint",    [STOP_AT_ACCESS] = "watchpoint",
        [STOP_AT_TRAP] = "before a trap", [STOP_AT_EXIT] = "before an exit",
    };
    enum stop_kind kind = p.point[(hit->number - 1) % SESSION_STOPS].kind;

    if (kind == STOP_AT_TRAP || kind == STOP_AT_EXIT)
        snprintf(t->why, sizeof t->why, "%s (%u): %s", names[kind], hit->number,
                 cause_name(hit->trap.cause));
    else
        snprintf(t->why, sizeof t->why, "%s %u", names[kind], hit->number);
}

static bool is_programs(const struct tui *t, unsigned number)
{
    return t->ends.programs && programs_own(t->ends.programs, number);
}

/* A program that is watched for has started; or, false, only something has come
   to where it would. */
static bool program_started(struct tui *t)
{
    const struct program *p;
    unsigned number;

    p = programs_started(t->ends.programs, t->debugger->session, &number);
    if (p)
        snprintf(t->why, sizeof t->why, "program %u has started: %.100s",
                 number, p->path);
    return p != NULL;
}

/* Is the run to go on, since nobody has asked for this stop? */
static bool is_nothing(struct tui *t, enum session_end end)
{
    unsigned number;

    t->why[0] = '\0';
    if (end != SESSION_POINT)
        return false;
    number = session_hit(t->debugger->session)->number;
    return is_programs(t, number) && !program_started(t);
}

static void tell(struct tui *t, enum session_end end)
{
    const struct session *s = t->debugger->session;

    switch (end) {
    case SESSION_STEPPED:
        t->why[0] = '\0';
        break;
    case SESSION_POINT:
        if (!t->why[0])
            tell_point(t);
        break;
    case SESSION_BEGINNING:
        snprintf(t->why, sizeof t->why, "history begins here");
        break;
    case SESSION_FINISHED:
        snprintf(t->why, sizeof t->why, "the guest has ended, status %d",
                 session_status(s));
        break;
    case SESSION_RESET:
        snprintf(t->why, sizeof t->why, "the guest asks for a reset");
        break;
    case SESSION_IDLE:
        snprintf(t->why, sizeof t->why, "it waits, and nothing can wake it");
        break;
    case SESSION_BREAK:
        snprintf(t->why, sizeof t->why, "stopped");
        break;
    default:
        snprintf(t->why, sizeof t->why, "lost: %s", session_error(s));
    }
}

void tui_look_at_pc(struct tui *t)
{
    t->cursor = tui_pc(t);
}

/* Of several guests the one that has come to a stop point. */
static void look_where_it_stopped(struct tui *t)
{
    struct debugger *d = t->debugger;
    const struct session_hit *hit = session_hit(d->session);
    const struct session_points p = session_points(d->session);
    unsigned at = hit->number - 1;

    d->hart = hit->hart;
    if (at < SESSION_STOPS && p.has_point[at] &&
        session_is_guest(d->session, p.point[at].world))
        d->world = p.point[at].world;
}

static void stopped(struct tui *t, enum session_end end)
{
    t->end = end;
    t->running = false;
    if (!t->debugger->session) {
        t->quit = true; /* a reset, and no machine could be made */
        return;
    }
    tell(t, end);
    if (end == SESSION_POINT)
        look_where_it_stopped(t);
    tui_exits_after(&t->exits);
    for (unsigned k = 0; k < t->exits.count; k++)
        tui_exit_text(tui_exits_at(&t->exits, k), t->debugger);
    tui_look_at_pc(t);
}

/* Something is to happen: what is now is compared with then. */
static void start(struct tui *t)
{
    tui_remember(t);
    t->running = true;
    t->why[0] = '\0';
    if (t->ends.begin)
        t->ends.begin(t->ends.context);
}

static void start_backwards(struct tui *t)
{
    start(t);
    tui_exits_before(&t->exits);
}

/* Forwards only: a machine that asked for a reset is made anew. */
static bool start_forwards(struct tui *t)
{
    if (t->end != SESSION_RESET) {
        start(t);
        return true;
    }
    if (!t->ends.reset || !t->ends.reset(t->ends.context)) {
        t->quit = true;
        return false;
    }
    t->end = SESSION_STEPPED;
    tui_exits_begin(&t->exits, t->debugger->session);
    tui_remember(t);
    snprintf(t->why, sizeof t->why, "reset");
    tui_look_at_pc(t);
    return false;
}

/* ---- forwards and backwards ---- */

void tui_step(struct tui *t)
{
    const struct debugger *d = t->debugger;
    enum session_end end;

    if (!start_forwards(t))
        return;
    do {
        end = session_step(d->session, d->world, d->hart);
    } while (is_nothing(t, end));
    stopped(t, end);
}

static enum session_end run_on(struct tui *t)
{
    enum session_end end;

    do {
        end = session_run(t->debugger->session, UINT64_MAX);
    } while (is_nothing(t, end));
    return end;
}

void tui_continue(struct tui *t)
{
    if (start_forwards(t))
        stopped(t, run_on(t));
}

/* What has started later has not started yet. */
static void gone_back(struct tui *t, enum session_end end)
{
    if (t->ends.programs)
        programs_gone_back(t->ends.programs, t->debugger->session);
    stopped(t, end);
}

void tui_step_back(struct tui *t)
{
    const struct debugger *d = t->debugger;

    start_backwards(t);
    gone_back(t, session_step_back(d->session, d->world, d->hart));
}

void tui_continue_back(struct tui *t)
{
    const struct debugger *d = t->debugger;
    enum session_end end;

    start_backwards(t);
    do {
        end = session_run_back(d->session);
    } while (end == SESSION_POINT &&
             is_programs(t, session_hit(d->session)->number));
    gone_back(t, end);
}

void tui_go_to_time(struct tui *t, uint64_t time)
{
    start_backwards(t);
    gone_back(t, session_goto(t->debugger->session, time));
}

/* ---- over a call ---- */

/* Does the instruction come back to the one behind it, by convention (jal and
   jalr with ra or t0; ecall)? */
static bool is_call(const struct tui *t, uint64_t pc)
{
    struct insn i;

    insn_decode(tui_fetch(t, t->debugger->world, pc),
                session_machine(t->debugger->session, t->debugger->world)->isa,
                &i);
    return i.op == INSN_ecall || ((i.op == INSN_jal || i.op == INSN_jalr) &&
                                  (i.rd == 1 || i.rd == 5));
}

/* To the instruction behind it, with the stack where it is now: a deeper call
   of the same function comes there before. */
static enum session_end run_over(struct tui *t, uint64_t to)
{
    struct debugger *d = t->debugger;
    struct stop_point p = point_at(t, to);
    uint64_t sp = tui_reg(t, d->world, REG_X0 + 2);
    unsigned number = session_add(d->session, &p);
    enum session_end end;

    if (!number)
        return session_step(d->session, d->world, d->hart);
    do {
        end = run_on(t);
    } while (end == SESSION_POINT &&
             session_hit(d->session)->number == number &&
             (session_hit(d->session)->hart != d->hart ||
              tui_reg(t, d->world, REG_X0 + 2) < sp));
    if (end == SESSION_POINT && session_hit(d->session)->number == number)
        end = SESSION_STEPPED;
    session_remove(d->session, number);
    return end;
}

void tui_next(struct tui *t)
{
    uint64_t pc = tui_pc(t);

    if (!is_call(t, pc))
        tui_step(t);
    else if (start_forwards(t))
        stopped(t, run_over(t, tui_code_after(t, pc)));
}

/* ---- commands ---- */

static void put_output(void *tui, const char *text, size_t n)
{
    struct tui *t = tui;

    tui_text_put(&t->output, (const uint8_t *)text, n);
}

/* From the line of the last command on. */
static void show_output(struct tui *t)
{
    size_t at = t->output.lines;

    while (at > 0 && t->output.line[at - 1].style != TUI_NAME)
        at--;
    t->tab = TUI_OUTPUT;
    t->scroll[TUI_OUTPUT] = at ? (unsigned)at - 1 : 0;
}

/* What has changed since the last stop stays marked if it has only looked. */
static enum command_end carry_out(struct tui *t, const char *line)
{
    const struct text_sink out = { put_output, t };
    void *before = malloc(sizeof t->before);
    enum command_end end;

    if (before)
        memcpy(before, t->before, sizeof t->before);
    start_backwards(t);
    end = command_line(t->debugger, line, &out);
    t->running = false;
    if (before && end != COMMAND_MOVED)
        memcpy(t->before, before, sizeof t->before);
    free(before);
    return end;
}

void tui_command(struct tui *t, const char *line)
{
    enum command_end end;
    char why[sizeof t->why];

    memcpy(why, t->why, sizeof why);
    tui_text_say(&t->output, TUI_NAME, ": %s", line);
    end = carry_out(t, line);
    if (end == COMMAND_MOVED) {
        gone_back(t, SESSION_STEPPED);
    } else {
        memcpy(t->why, why, sizeof why);
        tui_exits_after(&t->exits);
    }
    if (end == COMMAND_UNKNOWN)
        tui_text_say(&t->output, TUI_ALARM,
                     "there is no such command: help lists them");
    show_output(t);
}
