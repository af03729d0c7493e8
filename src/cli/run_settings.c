#include "cli/run_settings.h"

#include <limits.h>
#include <string.h>

#include "machine/error_say.h"
#include "vmm/vm.h"

#define MIB (UINT64_C(1) << 20)

static const char *const clock_choices[] = { "count", "host", NULL };
static const char *const stats_choices[] = { "text", "json", NULL };

static const char *const net_choices[] = { "none", "switch", NULL };

#define AT(member) offsetof(struct run_settings, member)

const struct option run_options_table[] = {
    { "depth", OPTION_NUMBER, AT(depth), "N",
      "virtual machines inside one another, 0 (the default) to 4", 0,
      MAX_DEPTH, NULL },
    { "memory", OPTION_SIZE, AT(memory), "SIZE",
      "the guest's RAM (default 256M)", MIB, 64 * 1024 * MIB, NULL },
    { "harts", OPTION_NUMBER, AT(harts), "N", "1 (the default) to 8", 1,
      BOARD_MAX_HARTS, NULL },
    { "isa", OPTION_TEXT, AT(isa), "STRING",
      "what the harts have, such as rv64imac_zicsr (default: all)", 0, 0,
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
    { "disk", OPTION_LIST, AT(disk), "FILE[,ro]",
      "virtio disk, up to 7; ro: read-only", 0, 0, NULL },
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
    { "input", OPTION_TEXT, AT(input), "-|FILE",
      "console input: a script of `COUNT TEXT` lines, or -", 0, 0, NULL },
    { "stats", OPTION_MAYBE, AT(stats), "[=json]",
      "say at the end what was executed and trapped", 0, 0, stats_choices },
    { "hash", OPTION_FLAG, AT(hash), NULL,
      "print a hash of the whole state at the end", 0, 0, NULL },
    { "log", OPTION_TEXT, AT(log), "exits[=FILE][,FILTER]",
      "one line for each exit to the monitor", 0, 0, NULL },
    { "trace", OPTION_TEXT, AT(trace), "FILE[,FILTER]",
      "write a timeline for Perfetto or Chrome's tracing there", 0, 0, NULL },
    { "quiet", OPTION_FLAG, AT(quiet), NULL,
      "no remarks of Pogo's own; errors are still said", 0, 0, NULL },
    { "seed", OPTION_NUMBER, AT(seed), "N", "of all randomness (default 0)",
      0, UINT64_MAX, NULL },
    { "vms", OPTION_NUMBER, AT(vms), "N",
      "that many virtual machines side by side", 1, VM_MAX_SIBLINGS, NULL },
    { "config", OPTION_TEXT, AT(config), "FILE",
      "the virtual machines that this file describes, side by side", 0, 0,
      NULL },
    { "net", OPTION_CHOICE, AT(net), "none|switch",
      "with several machines: a network between those that want it", 0, 0,
      net_choices },
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

bool disk_setting(const char *text, char *path, size_t size, bool *read_only)
{
    const char *comma = strrchr(text, ',');
    size_t n = comma ? (size_t)(comma - text) : strlen(text);

    *read_only = false;
    if (comma && strcmp(comma, ",ro") == 0)
        *read_only = true;
    else if (comma && strcmp(comma, ",rw") != 0)
        return false;
    if (n == 0 || n >= size)
        return false;
    memcpy(path, text, n);
    path[n] = '\0';
    return true;
}

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
    char path[PATH_MAX];
    bool read_only;

    if (s->disk.count > BOARD_MAX_DISKS)
        return error_say(e, STATUS_BAD_ARGUMENT, "--disk can be given %d "
                         "times at most", BOARD_MAX_DISKS);
    for (unsigned k = 0; k < s->disk.count; k++)
        if (!disk_setting(s->disk.text[k], path, sizeof path, &read_only))
            return error_say(e, STATUS_BAD_ARGUMENT, "--disk must be FILE, "
                             "FILE,ro or FILE,rw, not '%s'", s->disk.text[k]);
    return STATUS_OK;
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
    if (strcmp(s->net, "none") != 0)
        return error_say(e, STATUS_BAD_ARGUMENT, "--net %s needs --vms or "
                         "--config: a machine alone hears nobody", s->net);
    if (strcmp(s->console, "pty") == 0)
        return error_say(e, STATUS_BAD_ARGUMENT, "--console pty needs --vms "
                         "or --config: a machine alone has the terminal");
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
    *s = (struct run_settings){ .memory = 256 * MIB, .harts = 1,
                                .until = UINT64_MAX, .clock = "count",
                                .console = "-", .net = "none", .weight = 1 };
}

enum status run_settings_check(struct run_settings *s, struct error *e)
{
    enum status status = check_isa(s, e);

    if (status == STATUS_OK)
        status = check_watch(s, e);
    if (status == STATUS_OK)
        status = check_disks(s, e);
    if (status == STATUS_OK)
        status = check_together(s, e);
    if (status == STATUS_OK)
        status = check_alone(s, e);
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
