/* Reading a snapshot; see snapshot.h. */
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zstd.h>

#include "bus/little_endian.h"
#include "machine/error_say.h"
#include "machine/machine_state.h"
#include "machine/snapshot_inside.h"

#define MORE_LIMIT   (UINT64_C(1) << 20) /* bytes of what request.more saved */
#define CONFIG_LIMIT 4096

static enum status no_memory(struct error *e)
{
    return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
}

static enum status impossible(const struct snapshot *s, const char *what,
                              struct error *e)
{
    return error_say(e, STATUS_BAD_FORMAT,
                     "'%.150s' has %s that cannot be: it "
                     "was not written by Pogo",
                     s->file.path, what);
}

/* ---- state ---- */

/* Loads from bytes; false: they are not a state of this kind, or not all. */
static bool load_from(const void *bytes, size_t n,
                      void (*load)(void *context, struct state *s),
                      void *context)
{
    struct state_buffer b;

    state_buffer_load(&b, bytes, n);
    load(context, &b.state);
    return !b.state.bad && b.left == 0;
}

static enum status load_packed(const struct snapshot *s, const char *tag,
                               uint32_t number, uint64_t limit,
                               void (*load)(void *context, struct state *s),
                               void *context, struct error *e)
{
    const struct snapshot_section *x =
        snapshot_file_find(&s->file, tag, number);
    uint64_t n = x && x->length > PACKED_HEADER ? x->length : 0, size = 0;
    uint8_t *packed = malloc(n + 1), *bytes = NULL;
    bool good = packed && n && snapshot_file_read(&s->file, x->at, packed, n);

    if (good)
        size = little_endian_get(packed, PACKED_HEADER);
    if (good && size > 0 && size <= limit)
        bytes = malloc(size);
    good = bytes && ZSTD_decompress(bytes, size, packed + PACKED_HEADER,
                                    n - PACKED_HEADER) == size;
    good = good && load_from(bytes, size, load, context);
    free(bytes);
    free(packed);
    return good ? STATUS_OK : impossible(s, "a state", e);
}

struct pair {
    struct machine *machine;
    struct board *board;
};

static void load_machine(void *context, struct state *s)
{
    const struct pair *p = context;

    machine_state(p->machine, p->board, s);
}

enum status snapshot_load_more(const struct snapshot *s,
                               void (*more)(void *context, struct state *s),
                               void *context, struct error *e)
{
    if (!snapshot_file_find(&s->file, SECTION_MORE, 0))
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "'%.150s' is of machines that "
                         "run alone",
                         s->file.path);
    return load_packed(s, SECTION_MORE, 0, MORE_LIMIT, more, context, e);
}

/* ---- RAM ---- */

/* Divides what is wanted: what is stored here, in that order, and where it is
   to go; and, in `kind`, what is wanted of the base. Returns whether anything
   is. */
static bool divide(uint8_t *kind, uint64_t pages, const uint8_t *wanted,
                   const struct snapshot_target *to, uint8_t **here)
{
    uint64_t stored = 0;
    bool any = false;

    for (uint64_t p = 0; p < pages; p++) {
        bool want = !wanted || wanted[p];

        if (kind[p] == PAGE_STORED)
            here[stored++] = want ? to->at(to->context, p) : NULL;
        kind[p] = want && kind[p] == PAGE_OF_BASE;
        any = any || kind[p];
    }
    return any;
}

enum status snapshot_load_ram(const struct snapshot *s, unsigned i,
                              const uint8_t *wanted,
                              const struct snapshot_target *to, struct error *e)
{
    struct snapshot_set set = snapshot_ram_set(i, s->config[i].memory);
    uint8_t *kind = malloc(set.pages), **here = NULL;
    uint64_t stored = 0;
    bool of_base = false;
    enum status status = kind ? STATUS_OK : no_memory(e);

    if (status == STATUS_OK)
        status = snapshot_pages_index(&s->file, &set, kind, &stored, e);
    if (status == STATUS_OK && !(here = malloc((stored + 1) * sizeof *here)))
        status = no_memory(e);
    if (status == STATUS_OK) {
        of_base = divide(kind, set.pages, wanted, to, here);
        status = snapshot_pages_load(&s->file, &set, here, stored, e);
    }
    if (status == STATUS_OK && of_base)
        status = s->base ? snapshot_load_ram(s->base, i, kind, to, e)
                         : impossible(s, "pages", e);
    free(kind);
    free(here);
    return status;
}

static uint8_t *page_of(void *pair, uint64_t page)
{
    const struct pair *p = pair;

    return p->machine->ops->ram(
        p->machine, p->board->bus.ram.base + page * RAM_PAGE, RAM_PAGE, true);
}

enum status snapshot_load(const struct snapshot *s, unsigned i,
                          struct machine *m, struct board *b, struct error *e)
{
    struct pair p = { m, b };
    const struct snapshot_target to = { page_of, &p };
    enum status status =
        snapshot_config_check(&s->config[i], b, s->file.path, e);

    if (status == STATUS_OK)
        status = load_packed(s, SECTION_STATE, i, machine_state_limit(b),
                             load_machine, &p, e);
    if (status == STATUS_OK)
        status = snapshot_load_ram(s, i, NULL, &to, e);
    if (b->config.inputs)
        b->config.inputs->entered = s->config[i].entered;
    return status;
}

/* ---- opening ---- */

static void load_config(void *context, struct state *s)
{
    snapshot_config_state(context, s);
}

static enum status read_configs(struct snapshot *s, struct error *e)
{
    s->config = calloc(s->file.machines, sizeof *s->config);
    if (!s->config)
        return no_memory(e);
    for (unsigned i = 0; i < s->file.machines; i++) {
        const struct snapshot_section *x =
            snapshot_file_find(&s->file, SECTION_CONFIG, i);
        uint8_t bytes[CONFIG_LIMIT];

        if (!x || x->length > sizeof bytes ||
            !snapshot_file_read(&s->file, x->at, bytes, x->length) ||
            !load_from(bytes, x->length, load_config, &s->config[i]))
            return impossible(s, "a machine", e);
    }
    return STATUS_OK;
}

/* What it stands on, as the file says. */
static enum status read_base(struct snapshot *s, struct error *e)
{
    const struct snapshot_section *x =
        snapshot_file_find(&s->file, SECTION_BASE, 0);
    uint64_t n;

    if (!x)
        return STATUS_OK;
    n = x->length - SNAPSHOT_CHECKSUM;
    if (x->length <= SNAPSHOT_CHECKSUM || n >= sizeof s->base_name ||
        !snapshot_file_read(&s->file, x->at, s->base_sum, SNAPSHOT_CHECKSUM) ||
        !snapshot_file_read(&s->file, x->at + SNAPSHOT_CHECKSUM, s->base_name,
                            n) ||
        strlen(s->base_name) != n)
        return impossible(s, "a base", e);
    return STATUS_OK;
}

enum status snapshot_look(struct snapshot **out, const char *path,
                          struct error *e)
{
    struct snapshot *s = calloc(1, sizeof *s);
    enum status status;

    *out = NULL;
    if (!s)
        return no_memory(e);
    snprintf(s->path, sizeof s->path, "%s", path);
    status = snapshot_file_open(&s->file, s->path, e);
    if (status != STATUS_OK) {
        free(s);
        return status;
    }
    status = read_configs(s, e);
    if (status == STATUS_OK)
        status = read_base(s, e);
    if (status == STATUS_OK)
        *out = s;
    else
        snapshot_close(s);
    return status;
}

/* Where the base is, seen from the process's folder. False: too long a name. */
static bool base_path(const struct snapshot *s, char out[PATH_MAX])
{
    char copy[PATH_MAX];
    int n;

    memcpy(copy, s->path, sizeof copy);
    n = s->base_name[0] == '/'
            ? snprintf(out, PATH_MAX, "%s", s->base_name)
            : snprintf(out, PATH_MAX, "%s/%s", dirname(copy), s->base_name);
    return n > 0 && n < PATH_MAX;
}

static bool is_base(const struct snapshot *s, const struct snapshot *base)
{
    if (memcmp(base->file.checksum, s->base_sum, SNAPSHOT_CHECKSUM) != 0 ||
        base->file.machines != s->file.machines)
        return false;
    for (unsigned i = 0; i < s->file.machines; i++)
        if (base->config[i].memory != s->config[i].memory)
            return false;
    return true;
}

static enum status open_base(struct snapshot *s, const char *given,
                             struct error *e)
{
    char path[PATH_MAX];
    struct error inner = { "" };
    enum status status;

    if (!base_path(s, path))
        return impossible(s, "a base", e);
    status = snapshot_look(&s->base, given ? given : path, &inner);
    if (status != STATUS_OK)
        return error_say(e, status,
                         "%.150s (the base of '%.60s': "
                         "--snapshot-base FILE names it)",
                         inner.text, s->path);
    if (!is_base(s, s->base))
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%.90s' is not what '%.90s' "
                         "stands on: name that with --snapshot-base FILE",
                         s->base->path, s->path);
    return STATUS_OK;
}

enum status snapshot_open(struct snapshot **out, const char *path,
                          const char *base, struct error *e)
{
    enum status status = snapshot_look(out, path, e);
    struct snapshot *s = *out;
    unsigned length = 1;

    for (; status == STATUS_OK && s->base_name[0]; s = s->base, length++) {
        if (length == SNAPSHOT_CHAIN)
            status = error_say(e, STATUS_BAD_FORMAT,
                               "'%.150s' stands on more "
                               "than %d others",
                               path, SNAPSHOT_CHAIN - 1);
        else
            status = open_base(s, length == 1 ? base : NULL, e);
        if (status != STATUS_OK)
            break;
    }
    if (status != STATUS_OK) {
        snapshot_close(*out);
        *out = NULL;
    }
    return status;
}

void snapshot_close(struct snapshot *s)
{
    while (s) {
        struct snapshot *base = s->base;

        snapshot_file_close(&s->file);
        free(s->config);
        free(s);
        s = base;
    }
}
