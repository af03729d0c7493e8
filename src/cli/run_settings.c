#include "cli/run_settings.h"

#include <limits.h>
#include <string.h>

#include "cli/hole_list.h"
#include "cli/ports.h"
#include "cli/share_setting.h"
#include "cli/symbol_setting.h"
#include "machine/error_say.h"
#include "vmm/vm.h"

#define MIB (UINT64_C(1) << 20)
#define HISTORY (200 * MIB)

static const char *const clock_choices[] = { "count", "host", NULL };
static const char *const stats_choices[] = { "text", "json", NULL };

#define AT(member) offsetof(struct run_settings, member)

const struct option run_options_table[] = {
    { "depth", OPTION_NUMBER, AT(depth), "N",
      "virtual machines inside one another, 0 (the default) to 4", 0,
      MAX_DEPTH, NULL },
    { "memory", OPTION_SIZE, AT(memory), "SIZE",
      "the guest's RAM (default 256M)", MIB, 64 * 1024 * MIB, NULL },
    { "harts", OPTION_NUMBER, AT(harts), "N", "1 (the default) to 8", 1,
      BOARD_MAX_HARTS, NULL },
    { "balloon", OPTION_LIST, AT(balloon), "SIZE[@COUNT][,oom]",
      "a balloon: so much of its RAM the guest gives back", 0, 0, NULL },
    { "isa", OPTION_TEXT, AT(isa), "STRING",
      "what the harts have, such as rv64imac_zicsr (default: all)", 0, 0,
      NULL },
    { "hole", OPTION_LIST, AT(hole), "NAME[,NAME]",
      "holes in the hardware; 'pogo check --list-holes' names them", 0, 0,
      NULL },
    { "bios", OPTION_TEXT, AT(bios), "none|opensbi|FILE",
      "firmware (default: our own)", 0, 0, NULL },
    { "kernel", OPTION_TEXT, AT(kernel), "none|FILE",
      "ELF, Linux Image or raw (default: the embedded guest)", 0, 0, NULL },
    { "initrd", OPTION_LIST, AT(initrd), "FILE",
      "initial RAM disk; several are joined", 0, 0, NULL },
    { "append", OPTION_TEXT, AT(append), "TEXT", "kernel command line", 0, 0,
      NULL },
    { "dtb", OPTION_TEXT, AT(dtb), "FILE",
      "a device tree in place of the board's own", 0, 0, NULL },
    { "dump-dtb", OPTION_TEXT, AT(dump_dtb), "FILE",
      "write the device tree there and end", 0, 0, NULL },
    { "disk", OPTION_LIST, AT(disk), "FILE[,ro|,overlay=FILE2]",
      "virtio disk, up to 7; overlay: what is written goes there", 0, 0, NULL },
    { "share", OPTION_TEXT, AT(share), "DIR[,ro]",
      "a folder for the guest, by 9P; its tag there is `host`", 0, 0, NULL },
    { "until", OPTION_NUMBER, AT(until), "N",
      "stop when the count of instructions is N", 0, UINT64_MAX - 1, NULL },
    { "timeout", OPTION_SECONDS, AT(timeout), "SECONDS",
      "stop after that much host time", 0, 0, NULL },
    { "clock", OPTION_CHOICE, AT(clock), "count|host",
      "guest time is the count (the default) or follows the host's", 0, 0,
      clock_choices },
    { "console", OPTION_TEXT, AT(console), "none|-|FILE",
      "where the console's output goes (default -); of several machines also "
      "pty", 0, 0, NULL },
    { "port", OPTION_LIST, AT(port), "NAME=FILE|pty|unix:PATH",
      "a named port of the virtio console, up to 3", 0, 0, NULL },
    { "input", OPTION_TEXT, AT(input), "-|FILE",
      "console input: a script of `COUNT TEXT` lines, or -", 0, 0, NULL },
    { "record", OPTION_TEXT, AT(record), "FILE",
      "write a journal of all inputs there", 0, 0, NULL },
    { "replay", OPTION_TEXT, AT(replay), "FILE",
      "take all inputs from that journal", 0, 0, NULL },
    { "snapshot", OPTION_TEXT, AT(snapshot), "FILE",
      "save the machine there when the run ends", 0, 0, NULL },
    { "snapshot-at", OPTION_NUMBER, AT(snapshot_at), "N",
      "save it at count N instead, and run on", 0, UINT64_MAX - 1, NULL },
    { "snapshot-base", OPTION_TEXT, AT(snapshot_base), "FILE",
      "a snapshot that the one to be saved, or resumed, stands on", 0, 0,
      NULL },
    { "resume", OPTION_TEXT, AT(resume), "FILE",
      "go on from a snapshot, at any --depth", 0, 0, NULL },
    { "stats", OPTION_MAYBE, AT(stats), "[=json]",
      "say at the end what was executed and trapped", 0, 0, stats_choices },
    { "hash", OPTION_FLAG, AT(hash), NULL,
      "print a hash of the whole state at the end", 0, 0, NULL },
    { "log", OPTION_TEXT, AT(log), "exits[=FILE][,FILTER]",
      "one line for each exit to the monitor", 0, 0, NULL },
    { "trace", OPTION_TEXT, AT(trace), "FILE[,FILTER]",
      "write a timeline for Perfetto or Chrome's tracing there", 0, 0, NULL },
    { "symbols", OPTION_LIST, AT(symbols), "FILE[@WORLD][+OFFSET]",
      "names of functions: ELF, or as System.map is; WORLD: of which machine",
      0, 0, NULL },
    { "gdb", OPTION_TEXT, AT(gdb), "PORT|unix:PATH|-[,run]",
      "wait there for gdb, which drives the run; run: do not wait", 0, 0,
      NULL },
    { "program", OPTION_LIST, AT(program), "FILE[@WORLD]",
      "a program that runs in the guest: the debugger sees it start", 0, 0,
      NULL },
    { "history", OPTION_SIZE, AT(history), "SIZE",
      "the debugger's memory for going back (default 200M; 0: none)", 0,
      UINT64_C(1) << 40, NULL },
    { "quiet", OPTION_FLAG, AT(quiet), NULL,
      "no remarks of Pogo's own; errors are still said", 0, 0, NULL },
    { "seed", OPTION_NUMBER, AT(seed), "N", "of all randomness (default 0)",
      0, UINT64_MAX, NULL },
    { "vms", OPTION_NUMBER, AT(vms), "N",
      "that many virtual machines side by side", 1, VM_MAX_SIBLINGS, NULL },
    { "config", OPTION_TEXT, AT(config), "FILE",
      "the virtual machines that this file describes, side by side", 0, 0,
      NULL },
    { "net", OPTION_TEXT, AT(net), "none|switch|user[,WORD...]",
      "a network: between several machines, or this host's; WORD: restrict, "
      "fwd=tcp:HOSTPORT:GUESTPORT", 0, 0, NULL },
    { "display", OPTION_TEXT, AT(display), "none|sdl[,size=WxH]",
      "a screen, a keyboard and a tablet; sdl: in a window", 0, 0, NULL },
    { "screenshot", OPTION_TEXT, AT(screenshot), "FILE",
      "write what the screen shows at the end there, as PNG", 0, 0, NULL },
    { "keys", OPTION_TEXT, AT(keys), "FILE",
      "type on the screen's keyboard: a script of `COUNT TEXT` lines", 0, 0,
      NULL },
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

static enum status check_isa(struct run_settings *s, struct error *e)
{
    size_t at = 0;

    s->isa_set = isa_default();
    if (!s->isa || isa_parse(s->isa, &s->isa_set, &at) == STATUS_OK)
        return STATUS_OK;
    return error_say(e, STATUS_BAD_ARGUMENT, "--isa '%s' is not understood "
                     "from '%s' on: write it like rv64gc_zba_sstc", s->isa,
                     s->isa + (at <= strlen(s->isa) ? at : 0));
}

static enum status check_watch(struct run_settings *s, struct error *e)
{
    uint64_t machines = s->several ? s->several : s->depth;
    enum status status = STATUS_OK;

    if (s->log)
        status = watch_settings_log(&s->log_to, s->log, machines, e);
    if (s->trace && status == STATUS_OK)
        status = watch_settings_trace(&s->trace_to, s->trace, machines, e);
    return status;
}

static enum status check_disks(const struct run_settings *s, struct error *e)
{
    struct disk_setting d[BOARD_MAX_DISKS];

    if (s->disk.count > BOARD_MAX_DISKS)
        return error_say(e, STATUS_BAD_ARGUMENT, "--disk can be given %d "
                         "times at most", BOARD_MAX_DISKS);
    for (unsigned k = 0; k < s->disk.count; k++) {
        if (!disk_setting(s->disk.text[k], &d[k]))
            return error_say(e, STATUS_BAD_ARGUMENT, "--disk must be FILE, "
                             "FILE,ro, FILE,rw or FILE,overlay=FILE2, not "
                             "'%s'", s->disk.text[k]);
        for (unsigned i = 0; i < k; i++)
            if (disk_settings_clash(&d[i], &d[k]))
                return error_say(e, STATUS_BAD_ARGUMENT,
                                 "--disk '%.200s' has a file that another "
                                 "--disk writes: give each an overlay of its "
                                 "own, or add ',ro'", s->disk.text[k]);
    }
    return STATUS_OK;
}

static enum status check_share(const struct run_settings *s, struct error *e)
{
    struct share_setting d;

    if (!s->share || share_setting(s->share, &d))
        return STATUS_OK;
    return error_say(e, STATUS_BAD_ARGUMENT, "--share must be DIR, DIR,ro or "
                     "DIR,rw, not '%.120s'", s->share);
}

static enum status check_net(struct run_settings *s, struct error *e)
{
    unsigned disks = devices_max_disks(false, true);
    enum status status = net_setting_parse(&s->net_to, s->net, e);

    if (status != STATUS_OK || s->net_to.kind == NET_NONE)
        return status;
    if (s->disk.count > disks)
        return error_say(e, STATUS_BAD_ARGUMENT, "--net leaves room for %u "
                         "disks, not %u", disks, s->disk.count);
    if (s->net_to.kind == NET_USER && !s->outside)
        return error_say(e, STATUS_BAD_ARGUMENT, "--net user is for 'pogo "
                         "run' and 'pogo top': other commands' runs have to "
                         "repeat");
    return STATUS_OK;
}

/* Of several machines the names are known when all are: fleet_plan.c. */
static enum status check_symbols(const struct run_settings *s, struct error *e)
{
    const struct symbol_machine alone = { .depth = s->depth };

    return s->several ? STATUS_OK
                      : symbol_settings_check(&s->symbols, &alone, 1, e);
}

/* What has a meaning for several machines only. */
static enum status check_alone(const struct run_settings *s, struct error *e)
{
    if (s->several)
        return STATUS_OK;
    if (s->vms || s->config)
        return error_say(e, STATUS_BAD_ARGUMENT, "--%s is for several "
                         "machines side by side: only 'pogo run' and 'pogo "
                         "top' take it", s->vms ? "vms" : "config");
    if (s->net_to.kind == NET_SWITCH)
        return error_say(e, STATUS_BAD_ARGUMENT, "--net switch needs --vms or "
                         "--config: a machine alone hears nobody");
    if (strcmp(s->console, "pty") == 0)
        return error_say(e, STATUS_BAD_ARGUMENT, "--console pty needs --vms "
                         "or --config: a machine alone has the terminal");
    return STATUS_OK;
}

static enum status check_debugged(const struct run_settings *s,
                                  struct error *e)
{
    if (s->gdb && !s->debugged)
        return error_say(e, STATUS_BAD_ARGUMENT, "--gdb is for 'pogo run'");
    if (s->debugged || (!s->program.count && s->history == HISTORY))
        return STATUS_OK;
    return error_say(e, STATUS_BAD_ARGUMENT, "--%s is for a run under a "
                     "debugger: 'pogo run --gdb', 'pogo monitor', 'pogo tui'",
                     s->program.count ? "program" : "history");
}

static enum status check_journal(const struct run_settings *s,
                                 struct error *e)
{
    const char *name = s->record ? "record" : "replay";

    if (!s->record && !s->replay)
        return STATUS_OK;
    if (s->record && s->replay)
        return error_say(e, STATUS_BAD_ARGUMENT, "--record and --replay are "
                         "two runs: give one of them");
    if (s->several || !s->outside)
        return error_say(e, STATUS_BAD_ARGUMENT, "--%s is for a machine alone, "
                         "in 'pogo run'", name);
    if (s->replay && s->input)
        return error_say(e, STATUS_BAD_ARGUMENT, "--replay takes its keys from "
                         "the journal: leave out --input");
    return STATUS_OK;
}

/* The virtio console is in a slot that the seventh disk would take. */
static enum status check_ports(const struct run_settings *s, struct error *e)
{
    if (s->port.count && s->disk.count > devices_max_disks(true, false))
        return error_say(e, STATUS_BAD_ARGUMENT, "--port leaves room for %u "
                         "disks: give fewer --disk",
                         devices_max_disks(true, false));
    if (s->port.count && s->several)
        return error_say(e, STATUS_BAD_ARGUMENT, "--port is for a machine "
                         "alone: several side by side have none");
    return ports_check(&s->port, e);
}

static enum status check_screen(struct run_settings *s, struct error *e)
{
    const char *option = s->display      ? "display"
                         : s->screenshot ? "screenshot"
                         : s->keys       ? "keys"
                                         : NULL;

    if (option && !s->screen)
        return error_say(e, STATUS_BAD_ARGUMENT, "--%s is only for 'pogo run' "
                         "of one machine", option);
    if (s->keys && !s->display && !s->screenshot)
        return error_say(e, STATUS_BAD_ARGUMENT, "--keys needs a keyboard to "
                         "type on: add --display none or --display sdl");
    if (!display_setting(s->display, &s->display_set))
        return error_say(e, STATUS_BAD_ARGUMENT, "--display must be sdl or "
                         "none, and may end with a size from %dx%d to %dx%d "
                         "such as ',size=800x600', not '%s'", DISPLAY_LEAST,
                         DISPLAY_LEAST, DISPLAY_MOST, DISPLAY_MOST, s->display);
    return STATUS_OK;
}

/* What the options of snapshots mean without the others. */
static enum status check_snapshot(const struct run_settings *s,
                                  struct error *e)
{
    if (s->snapshot && !s->saves)
        return error_say(e, STATUS_BAD_ARGUMENT, "--snapshot is for 'pogo "
                         "run': --resume is for this command too");
    if (s->snapshot_at != UINT64_MAX && !s->snapshot)
        return error_say(e, STATUS_BAD_ARGUMENT, "--snapshot-at needs "
                         "--snapshot FILE");
    if (s->snapshot_base && !s->snapshot && !s->resume)
        return error_say(e, STATUS_BAD_ARGUMENT, "--snapshot-base needs "
                         "--snapshot FILE or --resume FILE");
    if (s->resume && s->dump_dtb)
        return error_say(e, STATUS_BAD_ARGUMENT, "--dump-dtb is for a machine "
                         "that boots: leave out --resume");
    return STATUS_OK;
}

static bool is_none(const char *text)
{
    return text && strcmp(text, "none") == 0;
}

static enum status check_together(const struct run_settings *s,
                                  struct error *e)
{
    if (s->memory % RAM_PAGE)
        return error_say(e, STATUS_BAD_ARGUMENT, "--memory must be a multiple "
                         "of 4K, not %llu bytes",
                         (unsigned long long)s->memory);
    if (is_none(s->bios) && (!s->kernel || is_none(s->kernel)))
        return error_say(e, STATUS_BAD_ARGUMENT, "--bios none leaves nothing "
                         "to run: name a program with --kernel FILE");
    return STATUS_OK;
}

void run_settings_default(struct run_settings *s)
{
    *s = (struct run_settings){ .until = UINT64_MAX,
                                .snapshot_at = UINT64_MAX, .clock = "count",
                                .console = "-", .net = "none", .weight = 1,
                                .history = HISTORY };
}

/* Of a machine that goes on from a snapshot, the snapshot says it. */
static void fill_in(struct run_settings *s)
{
    if (s->resume)
        return;
    if (!s->memory)
        s->memory = 256 * MIB;
    if (!s->harts)
        s->harts = 1;
}

enum status run_settings_check(struct run_settings *s, struct error *e)
{
    enum status status = check_isa(s, e);

    fill_in(s);
    if (status == STATUS_OK)
        status = hole_options(&s->hole, &s->isa_set.holes, e);
    if (status == STATUS_OK)
        status = check_watch(s, e);
    if (status == STATUS_OK)
        status = check_disks(s, e);
    if (status == STATUS_OK)
        status = check_share(s, e);
    if (status == STATUS_OK)
        status = check_net(s, e);
    if (status == STATUS_OK)
        status = check_ports(s, e);
    if (status == STATUS_OK)
        status = balloon_plan_parse(&s->balloon_plan, &s->balloon, s->memory, e);
    if (status == STATUS_OK)
        status = check_symbols(s, e);
    if (status == STATUS_OK)
        status = check_together(s, e);
    if (status == STATUS_OK)
        status = check_alone(s, e);
    if (status == STATUS_OK)
        status = check_journal(s, e);
    if (status == STATUS_OK)
        status = check_debugged(s, e);
    if (status == STATUS_OK)
        status = check_screen(s, e);
    if (status == STATUS_OK)
        status = check_snapshot(s, e);
    s->clock_host = strcmp(s->clock, "host") == 0;
    return status;
}

enum status run_settings_parse(struct run_settings *s, int argc,
                               char *const *argv, struct error *e)
{
    enum status status;

    run_settings_default(s);
    status = options_parse(run_options_table, "run", argc, argv, s, e);
    return status == STATUS_OK ? run_settings_check(s, e) : status;
}
