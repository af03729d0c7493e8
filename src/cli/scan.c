/* pogo scan: sensitive instructions in programs. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/options.h"
#include "cli/progress.h"
#include "cli/scan_report.h"
#include "machine/error_say.h"

#define SITES        3 /* listed of each instruction, if nothing else is said */
#define MAX_FILE     (UINT64_C(2) << 30)
#define MAX_UNPACKED (UINT64_C(1) << 30)
#define UNSET        UINT64_MAX

struct scan {
    const char *isa, *symbols, *unpack;
    uint64_t base, sites;
    bool all, json, umip;
    const char **file;
    unsigned files;
    bool violation; /* in one of the files */
    struct report report;
    struct progress progress;
};

/* A whole file's bytes; to be freed, even where reading failed. */
struct content {
    uint8_t *bytes;
    size_t size;
};

static const char *const isa_names[] = {
#define X(id, name, big) name,
    SCAN_ISA_LIST(X)
#undef X
        NULL,
};

#define AT(member) offsetof(struct scan, member)

static const struct option options[] = {
    { "isa", OPTION_CHOICE, AT(isa), "ISA",
      "whose code a raw file is: x86, x86-64, arm, thumb, aarch64, mips,\n"
      "                           mipsel, mips64, mips64el, riscv32, riscv64",
      0, 0, isa_names },
    { "base", OPTION_NUMBER, AT(base), "ADDRESS",
      "the address of a raw file's first byte (default 0)", 0, UINT64_MAX - 1,
      NULL },
    { "symbols", OPTION_TEXT, AT(symbols), "FILE",
      "functions from a list such as System.map", 0, 0, NULL },
    { "unpack", OPTION_TEXT, AT(unpack), "FILE",
      "write what a packed kernel holds there, for other disassemblers", 0, 0,
      NULL },
    { "sites", OPTION_NUMBER, AT(sites), "N",
      "list the first N sites of each instruction (default 3)", 0, UINT64_MAX,
      NULL },
    { "all", OPTION_FLAG, AT(all), NULL, "list every site", 0, 0, NULL },
    { "umip", OPTION_FLAG, AT(umip), NULL,
      "x86: the processor has UMIP, by which sgdt and the like trap", 0, 0,
      NULL },
    { "json", OPTION_FLAG, AT(json), NULL, "as one JSON object", 0, 0, NULL },
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

static const struct option *row_of(const char *argument)
{
    const struct option *o = options;

    while (o->name && strcmp(o->name, argument + 2) != 0)
        o++;
    return o->name ? o : NULL;
}

/* Splits argv into files and the rest: *count of `rest`, which has argc + 1
   places, as has s->file. What follows `--name` of a value is no file. */
static void split(struct scan *s, int argc, char **argv, char **rest,
                  int *count)
{
    *count = 0;
    rest[(*count)++] = argv[0];
    for (int k = 1; k < argc; k++) {
        const struct option *o;

        if (strncmp(argv[k], "--", 2) != 0) {
            s->file[s->files++] = argv[k];
            continue;
        }
        rest[(*count)++] = argv[k];
        o = row_of(argv[k]);
        if (o && o->kind != OPTION_FLAG && k + 1 < argc)
            rest[(*count)++] = argv[++k];
    }
    rest[*count] = NULL;
}

static enum status parse(struct scan *s, int argc, char **argv, struct error *e)
{
    char **rest = calloc((size_t)argc + 1, sizeof *rest);
    enum status status;
    int count;

    s->file = calloc((size_t)argc + 1, sizeof *s->file);
    if (!rest || !s->file) {
        free(rest);
        return error_say(e, STATUS_BAD_ARGUMENT, "out of memory");
    }
    split(s, argc, argv, rest, &count);
    status = options_parse(options, "scan", count, rest, s, e);
    free(rest);
    if (status == STATUS_OK && s->files == 0)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "scan needs a FILE: a program or kernel to look into");
    if (status == STATUS_OK && (s->symbols || s->unpack) && s->files > 1)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "--%s is for one FILE, and there are %u",
                         s->symbols ? "symbols" : "unpack", s->files);
    if (s->all)
        s->sites = UINT64_MAX;
    return status;
}

/* All `size` bytes. STATUS_IO: there are fewer, or errno says why not. */
static enum status read_fully(int fd, uint8_t *bytes, size_t size)
{
    size_t got = 0;

    while (got < size) {
        ssize_t n = read(fd, bytes + got, size - got);

        if (n <= 0)
            return STATUS_IO;
        got += (size_t)n;
    }
    return STATUS_OK;
}

static enum status read_open(int fd, const char *path, struct content *c,
                             struct error *e)
{
    struct stat about;

    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return error_say(e, STATUS_IO,
                         "'%s' cannot be read: name a regular "
                         "file",
                         path);
    if (about.st_size == 0)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%s' is empty: name a file "
                         "with something in it",
                         path);
    if ((uint64_t)about.st_size > MAX_FILE)
        return error_say(e, STATUS_TOO_BIG,
                         "'%s' is larger than 2 GiB: give "
                         "the part of it that is code",
                         path);
    c->size = (size_t)about.st_size;
    c->bytes = malloc(c->size);
    if (!c->bytes)
        return error_say(e, STATUS_NO_MEMORY,
                         "'%s' does not fit into this "
                         "host's memory",
                         path);
    errno = 0;
    if (read_fully(fd, c->bytes, c->size) == STATUS_OK)
        return STATUS_OK;
    return error_say(e, STATUS_IO,
                     "'%s' cannot be read (%s): name a readable "
                     "file",
                     path, errno ? strerror(errno) : "it has shrunk");
}

static enum status read_file(const char *path, struct content *c,
                             struct error *e)
{
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    enum status s;

    if (fd < 0)
        return error_say(e, STATUS_IO,
                         "'%s' cannot be read (%s): name a "
                         "readable file",
                         path, strerror(errno));
    s = read_open(fd, path, c, e);
    close(fd);
    return s;
}

static void tell(void *context, uint64_t done, uint64_t total)
{
    struct scan *s = context;

    if (total)
        progress_show(&s->progress, done, total);
}

/* Sweeps what was opened and reports it. */
static enum status sweep(struct scan *s, const struct scan_input *in)
{
    const struct scan_progress progress = { tell, s };
    struct scan_result found;
    struct scan_report r = {
        .in = in, .found = &found, .sites = s->sites, .umip = s->umip
    };
    enum status status;
    bool done;

    s->progress = progress_begin(in->name);
    status = scan_run(in, &progress, &found);
    progress_end(&s->progress);
    if (status != STATUS_OK)
        return status;
    scan_count(&found, s->umip);
    if (scan_violations(&r))
        s->violation = true;
    done = s->json ? scan_report_json(&r, &s->report)
                   : scan_report_text(&r, stdout);
    scan_result_free(&found);
    return done ? STATUS_OK : STATUS_NO_MEMORY;
}

/* The bytes that offsets are within. */
static enum status write_unpacked(const struct scan *s,
                                  const struct scan_input *in, struct error *e)
{
    FILE *f = fopen(s->unpack, "wb");
    bool written = f && fwrite(in->bytes, in->size, 1, f) == 1;

    if (f && fclose(f) != 0)
        written = false;
    return written ? STATUS_OK
                   : error_say(e, STATUS_IO,
                               "--unpack '%s' cannot be written "
                               "(%s)",
                               s->unpack, strerror(errno));
}

static enum status scan_bytes(struct scan *s, const char *path,
                              const struct content *file,
                              const struct content *list, struct error *e)
{
    const struct scan_options o = {
        .isa = s->isa ? scan_isa_find(s->isa) : SCAN_ISAS,
        .base = s->base == UNSET ? 0 : s->base,
        .based = s->base != UNSET,
        .limit = MAX_UNPACKED,
        .symbols_name = s->symbols,
        .symbols = list->bytes,
        .symbols_size = list->size,
    };
    struct scan_input in;
    enum status status =
        scan_input_open(&in, path, file->bytes, file->size, &o, e);

    if (status != STATUS_OK)
        return status;
    if (s->unpack)
        status = write_unpacked(s, &in, e);
    if (status == STATUS_OK && (status = sweep(s, &in)) != STATUS_OK)
        error_say(e, status, "out of memory while scanning '%s'", path);
    scan_input_free(&in);
    return status;
}

static enum status scan_file(struct scan *s, const char *path, struct error *e)
{
    struct content file = { NULL, 0 }, list = { NULL, 0 };
    enum status status = read_file(path, &file, e);

    if (status == STATUS_OK && s->symbols)
        status = read_file(s->symbols, &list, e);
    if (status == STATUS_OK)
        status = scan_bytes(s, path, &file, &list, e);
    free(file.bytes);
    free(list.bytes);
    return status;
}

/* Every file; one that cannot be scanned does not keep the others from it. */
static int scan_files(struct scan *s)
{
    int exit_status = 0;

    for (unsigned k = 0; k < s->files; k++) {
        struct error e = { "" };
        enum status status;

        if (!s->json && k > 0)
            putchar('\n');
        status = scan_file(s, s->file[k], &e);
        if (status != STATUS_OK)
            exit_status = complain(status == STATUS_NO_MEMORY ? EXIT_INTERNAL
                                                              : EXIT_BAD_INPUT,
                                   "%s", e.text);
    }
    return exit_status ? exit_status : s->violation;
}

int command_scan(int argc, char **argv)
{
    struct scan s = { .base = UNSET, .sites = SITES };
    struct error e;
    int status;

    if (parse(&s, argc, argv, &e) != STATUS_OK) {
        free(s.file);
        return complain(EXIT_USAGE, "%s", e.text);
    }
    if (s.json) {
        s.report = report_open(stdout, true);
        report_list(&s.report, "files");
    }
    status = scan_files(&s);
    if (s.json) {
        report_list_end(&s.report);
        report_close(&s.report);
    }
    free(s.file);
    return status;
}

void help_scan(FILE *out)
{
    fputs("\nusage: pogo scan [options] FILE...\n\n"
          "FILE is an ELF file for x86, ARM, AArch64, MIPS or RISC-V, a Linux "
          "kernel\n(bzImage, Image, or what gzip, xz or zstd made of it), or, "
          "with --isa, any bytes.\nExit status: 0, no violation found; 1, some "
          "were; 64 and 65 as elsewhere.\n\n",
          out);
    options_help(options, out);
}
