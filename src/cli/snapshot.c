/* pogo snapshot info FILE: what a snapshot's file is. */
#include <inttypes.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/guest.h"
#include "cli/options.h"
#include "cli/report.h"
#include "machine/snapshot.h"

struct info {
    bool json;
};

static const struct option options[] = {
    { "json", OPTION_FLAG, offsetof(struct info, json), NULL,
      "as one JSON object", 0, 0, NULL },
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

static const char *sum_text(const uint8_t sum[SNAPSHOT_CHECKSUM], char *text)
{
    for (unsigned i = 0; i < SNAPSHOT_CHECKSUM; i++)
        sprintf(text + 2 * i, "%02x", sum[i]);
    return text;
}

static void report_disks(struct report *r, const struct snapshot_config *c)
{
    report_list(r, "disks");
    for (unsigned k = 0; k < c->disks; k++) {
        const struct snapshot_disk *d = &c->disk[k];
        char name[24];

        snprintf(name, sizeof name, "disk %u", k + 1);
        report_item(r, name);
        report_number(r, "bytes", d->size);
        report_flag(r, "read-only", d->read_only);
        report_flag(r, "overlay in the snapshot", d->overlay);
        report_end(r);
    }
    report_list_end(r);
}

static void report_machine(struct report *r, const struct snapshot *s,
                           unsigned i, const struct snapshot_pages *p)
{
    const struct snapshot_config *c = snapshot_config(s, i);
    char isa[512];

    isa_format(&c->isa, isa, sizeof isa);
    report_item(r, c->name[0] ? c->name : "machine");
    report_number(r, "count", c->count);
    report_number(r, "harts", c->harts);
    report_number(r, "memory", c->memory);
    report_text(r, "isa", isa);
    report_number(r, "pages of RAM", c->memory / RAM_PAGE);
    report_number(r, "pages stored", p->stored);
    report_number(r, "pages of the base", p->based);
    report_number(r, "bytes they take", p->bytes);
    report_disks(r, c);
    report_end(r);
}

static void report_file(struct report *r, const struct snapshot *s)
{
    const struct snapshot_file *f = snapshot_file(s);
    char sum[2 * SNAPSHOT_CHECKSUM + 1];

    report_number(r, "version", SNAPSHOT_VERSION);
    report_number(r, "bytes", f->size);
    report_text(r, "checksum", sum_text(f->checksum, sum));
    report_flag(r, "checksum ok", true); /* else it would not be open */
    if (snapshot_base_name(s)[0]) {
        report_text(r, "base", snapshot_base_name(s));
        report_text(r, "base's checksum", sum_text(snapshot_base_sum(s), sum));
    }
}

static int tell(const struct snapshot *s, bool json)
{
    struct snapshot_pages pages[SNAPSHOT_MACHINES];
    struct report r;
    struct error e;

    for (unsigned i = 0; i < snapshot_machines(s); i++) {
        enum status status = snapshot_pages(s, i, &pages[i], &e);

        if (status != STATUS_OK)
            return complain(guest_exit_status(status), "%s", e.text);
    }
    r = report_open(stdout, json);
    report_file(&r, s);
    report_list(&r, "machines");
    for (unsigned i = 0; i < snapshot_machines(s); i++)
        report_machine(&r, s, i, &pages[i]);
    report_list_end(&r);
    report_close(&r);
    return 0;
}

static int snapshot_info(int argc, char **argv)
{
    struct info info = { false };
    struct snapshot *s;
    struct error e;
    enum status status;
    int result;

    if (argc < 2 || strncmp(argv[1], "--", 2) == 0)
        return complain(EXIT_USAGE,
                        "snapshot info needs the file's name first: "
                        "pogo snapshot info FILE [--json]");
    if (options_parse(options, "snapshot info", argc - 1, argv + 1, &info,
                      &e) != STATUS_OK)
        return complain(EXIT_USAGE, "%s", e.text);
    status = snapshot_look(&s, argv[1], &e);
    if (status != STATUS_OK)
        return complain(guest_exit_status(status), "%s", e.text);
    result = tell(s, info.json);
    snapshot_close(s);
    return result;
}

static void help_snapshot_info(FILE *out)
{
    fputs("\nusage: pogo snapshot info FILE [--json]\n\n", out);
    options_help(options, out);
}

const struct command snapshot_parts[] = {
    { "info", "say what is in a snapshot, and whether it is whole",
      snapshot_info, help_snapshot_info, NULL },
    { NULL, NULL, NULL, NULL, NULL },
};

int command_snapshot(int argc, char **argv)
{
    const struct command *p =
        argc < 2 ? NULL : command_find(snapshot_parts, argv[1]);

    if (p)
        return p->run(argc - 1, argv + 1);
    return complain(EXIT_USAGE, "snapshot knows 'info' only: pogo snapshot "
                                "info FILE [--json]");
}

void help_snapshot(FILE *out)
{
    fputs("\nusage: pogo snapshot info FILE [--json]\n\n", out);
    options_help(options, out);
    fputs("\n'pogo run --snapshot FILE' saves a machine, 'pogo run --resume "
          "FILE' goes on\nfrom there: docs/snapshots.md.\n",
          out);
}
