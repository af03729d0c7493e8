/*
 * Who trapped into whom. From the guest's world down: the mode that runs and
 * where; the modes above it with their handlers and the last trap they took; at
 * M-mode of a world that a monitor has taken over, the last exit to it.
 */
#include "ui/tui/inside.h"

#include <stdio.h>
#include <string.h>

#include "debug/why_look.h"

/* What a mode has of a trap. */
struct trap_csrs {
    unsigned tvec, cause, epc, tval;
};
static const struct trap_csrs of_s = { CSR_stvec, CSR_scause, CSR_sepc,
                                       CSR_stval };
static const struct trap_csrs of_m = { CSR_mtvec, CSR_mcause, CSR_mepc,
                                       CSR_mtval };

#define NARROW 18 /* columns for where the code is, on a page of NORMAL … */
#define WIDE   34 /* … and at most */
#define NORMAL 80

struct traps {
    struct tui *t;
    int width; /* of the code's column */
};

/* "vm1  >S  main+0x4           next: ret" */
static void say(const struct traps *p, unsigned style, const char *machine,
                bool runs, unsigned mode, const char *code, const char *text)
{
    bool cut = (int)strlen(code) > p->width;
    int shown = cut ? p->width - 1 : p->width;

    tui_text_say(&p->t->page, style, "%-5s%s%-2s %-*.*s%s %s", machine,
                 runs ? ">" : " ", exit_log_mode(mode), shown, shown, code,
                 cut ? "~" : "", text);
}

/* `above`: the world that it runs; the same: it is the guest's. */
static void say_running(const struct traps *p, unsigned world, unsigned above)
{
    struct tui *t = p->t;
    unsigned mode = tui_mode(t, world);
    uint64_t pc = tui_reg(t, world, REG_PC);
    uint32_t raw = tui_fetch(t, world, pc);
    char name[TUI_NAME_SIZE], machine[TUI_NAME_SIZE], who[TUI_NAME_SIZE];
    char text[2 * TUI_NAME_SIZE], insn[80] = "-";

    if (raw)
        disassemble(tui_names(t, world)->disassembler, raw, pc, insn,
                    sizeof insn);
    if (world == above)
        snprintf(text, sizeof text, "next: %s", insn);
    else
        snprintf(text, sizeof text, "runs %s, its %s-mode",
                 tui_world_name(above, who), exit_log_mode(tui_mode(t, above)));
    tui_symbol(t, world, tui_place(t, world, mode, pc), name);
    say(p, world == above ? TUI_HERE : TUI_PLAIN,
        tui_world_name(world, machine), true, mode, name, text);
}

/* Mode `mode` of the guest's: its handler, and the last trap that it took. */
static void say_handler(const struct traps *p, unsigned world, unsigned mode)
{
    struct tui *t = p->t;
    const struct trap_csrs *c = mode == PRIV_M ? &of_m : &of_s;
    uint64_t tvec = tui_csr(t, world, c->tvec) & ~TVEC_MODE;
    uint64_t cause = tui_csr(t, world, c->cause);
    uint64_t epc = tui_csr(t, world, c->epc), tval = tui_csr(t, world, c->tval);
    char handler[TUI_NAME_SIZE] = "no handler yet", name[TUI_NAME_SIZE];
    char text[3 * TUI_NAME_SIZE] = "no trap yet";
    int n = 0;

    if (tvec)
        tui_symbol(t, world, tui_place(t, world, mode, tvec), handler);
    if (cause || epc || tval) {
        tui_symbol(t, world, tui_place(t, world, mode, epc), name);
        n = snprintf(text, sizeof text, "<- %s at %s", cause_name(cause), name);
    }
    if (tval)
        snprintf(text + n, sizeof text - (size_t)n, ", tval %#llx", (ull)tval);
    say(p, TUI_PLAIN, "", false, mode, handler, text);
}

/* M-mode below `above`: there is its monitor. */
static void say_monitor(const struct traps *p, unsigned above)
{
    struct tui *t = p->t;
    const struct tui_exit *x =
        tui_exits_last(&t->exits, above, t->debugger->hart);
    char who[2 * TUI_NAME_SIZE], machine[TUI_NAME_SIZE], name[TUI_NAME_SIZE];
    char text[3 * TUI_NAME_SIZE] = "no exit seen yet";

    snprintf(who, sizeof who, "the monitor of %s",
             tui_world_name(above, machine));
    if (x) {
        const struct exit_record *r = &x->record;
        bool interrupt = r->guest.cause & CAUSE_INTERRUPT;

        symbol_sets_format(tui_names(t, above)->symbols,
                           exit_log_place(x->vm, r), name, sizeof name);
        snprintf(text, sizeof text, "<- %s at %s: %s",
                 cause_name(interrupt ? r->guest.cause : r->host.cause), name,
                 exit_action_name((enum exit_action)r->action));
    }
    say(p, TUI_PLAIN, "", false, PRIV_M, who, text);
}

void tui_page_traps(struct tui *t, unsigned columns)
{
    struct traps p = { t, NARROW };
    unsigned world = tui_guest(t);

    if (columns > NORMAL)
        p.width += ((int)columns - NORMAL) / 2;
    if (p.width > WIDE)
        p.width = WIDE;
    say_running(&p, world, world);
    say_handler(&p, world, PRIV_S);
    say_handler(&p, world, PRIV_M);
    while (world > 0) {
        unsigned above = world;

        world = tui_below(t, world);
        say_running(&p, world, above);
        say_monitor(&p, above);
    }
}
