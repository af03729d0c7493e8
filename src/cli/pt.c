/* pogo pt: a guest's page table, p2m and shadow at a count. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/exit_names.h"
#include "cli/guest.h"
#include "cli/host_console.h"
#include "debug/exit_log.h"
#include "host/cancel.h"
#include "ui/page_tables_svg.h"

#define ALL_HARTS UINT64_MAX
#define TITLE     320 /* bytes */

struct pt {
    struct guest guest; /* first: the options of `pogo run` */
    uint64_t hart;
    const char *svg;
    bool all;
    struct host_console console;
    struct exit_names names;
    struct built built;
    struct error error;
};

#define AT(member) offsetof(struct pt, member)

static const struct option own_options[] = {
    { "until", OPTION_NUMBER, AT(guest.settings.until), "N",
      "look when the count of instructions is N (needed)", 0, UINT64_MAX - 1,
      NULL },
    { "hart", OPTION_NUMBER, AT(hart), "H", "of this hart only (default: all)",
      0, BOARD_MAX_HARTS - 1, NULL },
    { "all", OPTION_FLAG, AT(all), NULL,
      "a line for every entry: like ones that follow one another too", 0, 0,
      NULL },
    { "svg", OPTION_TEXT, AT(svg), "FILE", "draw it there, too", 0, 0, NULL },
    { "depth", OPTION_NUMBER, AT(guest.settings.depth), "N",
      "virtual machines inside one another, 1 (the default) to 4", 1, MAX_DEPTH,
      NULL },
    { "console", OPTION_TEXT, AT(guest.settings.console), "none|-|FILE",
      "where the console's output goes (default none)", 0, 0, NULL },
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

static enum status refuse(struct pt *p, const char *text)
{
    snprintf(p->error.text, sizeof p->error.text, "%s", text);
    return STATUS_BAD_ARGUMENT;
}

/* What the options mean together, beyond what `pogo run` checks. */
static enum status check(struct pt *p)
{
    const struct run_settings *s = &p->guest.settings;

    if (s->until == UINT64_MAX)
        return refuse(p, "pt needs --until N: the count at which to look");
    if (s->log || s->trace || s->stats || s->hash || s->dump_dtb)
        return refuse(p, "pt does not take --log, --trace, --stats, --hash "
                         "and --dump-dtb: they are for pogo run");
    if (p->hart != ALL_HARTS && p->hart >= s->harts)
        return refuse(p, "--hart must be less than --harts, which is how many "
                         "there are");
    return STATUS_OK;
}

static enum status make_machine(struct pt *p)
{
    const struct guest_ends ends = { .inputs = p->console.inputs,
                                     .console = &p->console.console,
                                     .virtio = &p->console.virtio,
                                     .share = guest_share(&p->guest) };
    enum status s =
        guest_build(&p->guest, &ends, (unsigned)p->guest.settings.depth,
                    &p->built, NULL, &p->error);

    if (s == STATUS_OK)
        input_script_start(&p->guest.files.script, p->console.inputs,
                           &p->console.keyboard);
    return s;
}

/* Runs the machine, made anew at each reset, to where it is looked at. */
static enum status run_to_count(struct pt *p, enum run_end *end)
{
    const struct run_options o = { .until = p->guest.settings.until,
                                   .cancel = cancel_flag(),
                                   .poll = host_console_poll,
                                   .context = &p->console };
    enum status s = make_machine(p);

    while (s == STATUS_OK) {
        *end = machine_run(p->built.top, p->built.board, &o);
        host_console_flush(&p->console);
        if (*end != RUN_RESET)
            break;
        build_free(&p->built);
        s = make_machine(p);
    }
    return s;
}

/* ---- printing ---- */

static void print_row(void *context, const struct page_tables_row *r)
{
    char line[PAGE_TABLES_LINE];

    page_tables_format(context, r, line, sizeof line);
    puts(line);
}

static void print_spaces(const struct page_tables *t)
{
    fputs("shadow spaces:", stdout);
    for (unsigned k = 0; k < t->spaces; k++) {
        char view[16];

        page_tables_view(t->space[k].view, view, sizeof view);
        printf("%s %s%s", k ? "," : "", view,
               t->space[k].current ? " (the hart's now)" : "");
    }
    if (t->more)
        printf(", and %u more", t->more);
    puts(t->spaces ? "" : " none yet");
}

static void print_table(struct pt *p, struct page_tables *t)
{
    char line[PAGE_TABLES_LINE];

    print_spaces(t);
    if (t->levels)
        printf("page table 0x%016" PRIx64 "\n", t->root);
    page_tables_heading(t, line, sizeof line);
    puts(line);
    if (!page_tables_read(t, !p->all, print_row, t))
        printf("cut off after %" PRIu64 " entries: does the table map "
               "itself?\n",
               (uint64_t)PAGE_TABLES_LIMIT);
}

/* Does the hart fetch and access data by physical addresses now? */
static bool is_bare(const struct csr_file *c)
{
    return c->priv == PRIV_M || field_get(c->satp, SATP_MODE) == SATP_BARE;
}

/* "hart 0 at count 100000 in S-mode, satp 0x…: Sv39, ASID 0; pc 0x… <main>" */
static void hart_title(struct pt *p, unsigned hart, char *buf, size_t n)
{
    static const char *const modes[] = { "bare", "Sv39", "Sv48", "Sv57" };
    struct vm *vm = p->built.vm[p->built.depth - 1];
    const struct csr_file *c = &vm->monitor.hart[hart].csr;
    unsigned levels = satp_levels(field_get(c->satp, SATP_MODE));
    uint64_t pc = vm->machine.ops->reg_get(&vm->machine, hart, REG_PC);
    const struct symbol_place at = { p->built.depth, is_bare(c) ? 0 : c->satp,
                                     pc };
    const struct symbol *symbol = symbol_sets_at(&p->names.symbols, at);
    char text[80];

    symbol_format(symbol, pc, text, sizeof text);
    snprintf(buf, n,
             "hart %u at count %" PRIu64 " in %s-mode, satp 0x%016" PRIx64
             ": %s, ASID %u; pc 0x%" PRIx64 "%s%s%s",
             hart, c->count, exit_log_mode(c->priv), c->satp,
             modes[levels ? levels - 2 : 0],
             (unsigned)field_get(c->satp, SATP_ASID), pc, symbol ? " <" : "",
             symbol ? text : "", symbol ? ">" : "");
}

static void print_hart(struct pt *p, unsigned hart)
{
    struct vm *vm = p->built.vm[p->built.depth - 1];
    const struct csr_file *c = &vm->monitor.hart[hart].csr;
    struct page_tables t;
    char title[TITLE];

    hart_title(p, hart, title, sizeof title);
    puts(title);
    if (is_bare(c)) {
        printf("%s: addresses are physical, and the shadow maps them so\n",
               c->priv == PRIV_M ? "in M-mode" : "satp is bare");
        page_tables_open(&t, vm, hart, true);
        print_table(p, &t);
    }
    if (field_get(c->satp, SATP_MODE) != SATP_BARE) {
        page_tables_open(&t, vm, hart, false);
        print_table(p, &t);
    }
}

static int draw(struct pt *p)
{
    struct vm *vm = p->built.vm[p->built.depth - 1];
    unsigned hart = p->hart == ALL_HARTS ? 0 : (unsigned)p->hart;
    FILE *out = fopen(p->svg, "w");
    struct page_tables t;
    char title[TITLE];
    bool ok = out != NULL;

    hart_title(p, hart, title, sizeof title);
    page_tables_open(&t, vm, hart, is_bare(&vm->monitor.hart[hart].csr));
    if (ok && page_tables_svg(&t, title, out) != STATUS_OK)
        ok = false;
    if (out && fclose(out) != 0)
        ok = false;
    return ok ? 0
              : complain(EXIT_BAD_INPUT,
                         "--svg '%s' cannot be written (%s): "
                         "name a file that can",
                         p->svg, strerror(errno));
}

static int print_all(struct pt *p, enum run_end end)
{
    if (end != RUN_UNTIL && !p->guest.settings.quiet)
        fprintf(stderr,
                "pogo: the guest stopped before count %" PRIu64 ", at %" PRIu64
                ": this is how it is there\n",
                p->guest.settings.until, machine_count(p->built.board));
    for (unsigned h = 0; h < p->guest.settings.harts; h++) {
        if (p->hart != ALL_HARTS && p->hart != h)
            continue;
        print_hart(p, h);
        if (p->hart == ALL_HARTS && h + 1 < p->guest.settings.harts)
            puts("");
    }
    fflush(stdout);
    return p->svg ? draw(p) : 0;
}

static int start(struct pt *p)
{
    const struct run_settings *s = &p->guest.settings;
    bool piped = s->input && strcmp(s->input, "-") == 0;
    enum run_end end = RUN_UNTIL;
    enum status status;
    int exit_status;

    cancel_on_signals(s->timeout);
    status =
        host_console_open(&p->console, s->console, false, piped, &p->error);
    if (status == STATUS_OK)
        status = run_to_count(p, &end);
    exit_status = status == STATUS_OK ? print_all(p, end)
                                      : complain(guest_exit_status(status),
                                                 "%s", p->error.text);
    host_console_close(&p->console);
    build_free(&p->built);
    return exit_status;
}

int command_pt(int argc, char **argv)
{
    struct pt *p = calloc(1, sizeof *p);
    struct option rows[OPTIONS_MAX];
    enum status s;
    int status;

    if (!p)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    guest_defaults(&p->guest);
    p->guest.settings.depth = 1;
    p->guest.settings.console = "none";
    p->hart = ALL_HARTS;
    guest_options(own_options, rows);
    s = options_parse(rows, "pt", argc, argv, p, &p->error);
    if (s == STATUS_OK)
        s = check(p);
    if (s == STATUS_OK)
        s = guest_open(&p->guest, &p->error);
    if (s == STATUS_OK)
        s = exit_names_init(&p->names, &p->guest.settings, &p->guest.files,
                            NULL, &p->error);
    status = s == STATUS_OK
                 ? start(p)
                 : complain(guest_exit_status(s), "%s", p->error.text);
    exit_names_free(&p->names);
    guest_close(&p->guest);
    free(p);
    return status;
}

void help_pt(FILE *out)
{
    struct option rows[OPTIONS_MAX];

    guest_options(own_options, rows);
    fputs("\nusage: pogo pt --until N [options]\n\n", out);
    options_help(rows, out);
    fputs("\nStale: the guest has changed its page table, and not fenced yet.\n"
          "docs/command.md says how to read it.\n",
          out);
}
