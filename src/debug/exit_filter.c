#include "debug/exit_filter.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "machine/error_say.h"

/* A piece of the text: not terminated. */
struct piece {
    const char *start;
    size_t length;
};

static bool is(struct piece p, const char *word)
{
    return strlen(word) == p.length && strncmp(p.start, word, p.length) == 0;
}

static enum status refuse(struct error *e, const char *key, struct piece p,
                          const char *right)
{
    return error_say(e, STATUS_BAD_ARGUMENT, "%s must be %s, not '%.*s'", key,
                     right, (int)(p.length < 60 ? p.length : 60), p.start);
}

/* Digits, or 0x and hexadecimal ones, to the end of the piece or to '-'. */
static bool read_number(struct piece *p, uint64_t *v)
{
    int base = p->length > 2 && strncmp(p->start, "0x", 2) == 0 ? 16 : 10;
    char *end;

    if (p->length == 0 || !isdigit((unsigned char)p->start[0]))
        return false;
    errno = 0;
    *v = strtoull(p->start, &end, base);
    if (errno || (size_t)(end - p->start) > p->length)
        return false;
    p->length -= (size_t)(end - p->start);
    p->start = end;
    return true;
}

/* LO-HI, LO-, -HI or a number. */
static bool read_range(struct piece p, struct exit_range *r)
{
    bool low, dash;

    *r = (struct exit_range){ 0, UINT64_MAX };
    low = read_number(&p, &r->low);
    dash = p.length > 0 && p.start[0] == '-';
    if (!dash) {
        r->high = r->low;
        return low && p.length == 0;
    }
    p.start++;
    p.length--;
    if (p.length == 0)
        return low;
    return read_number(&p, &r->high) && p.length == 0 && r->low <= r->high;
}

static enum status add_range(struct exit_range *list, unsigned *count,
                             const char *key, struct piece p, struct error *e)
{
    if (*count == EXIT_RANGES)
        return error_say(e, STATUS_BAD_ARGUMENT,
                         "%s can be given %d times at "
                         "most",
                         key, EXIT_RANGES);
    if (!read_range(p, &list[*count]))
        return refuse(e, key, p,
                      "a number or a range LO-HI (0x… is "
                      "hexadecimal)");
    ++*count;
    return STATUS_OK;
}

static enum status add_pc(struct exit_filter *f, struct piece p,
                          struct error *e)
{
    return add_range(f->pc, &f->pcs, "pc", p, e);
}

static enum status add_count(struct exit_filter *f, struct piece p,
                             struct error *e)
{
    return add_range(f->count, &f->counts, "count", p, e);
}

static enum status add_vm(struct exit_filter *f, struct piece p,
                          struct error *e)
{
    struct piece number = p;
    uint64_t n;

    if (is(p, "all")) {
        f->vms = UINT32_MAX;
        return STATUS_OK;
    }
    if (p.length > 2 && strncmp(p.start, "vm", 2) == 0)
        number = (struct piece){ p.start + 2, p.length - 2 };
    if (!read_number(&number, &n) || number.length > 0 || n < 1 || n > 31)
        return refuse(e, "vm", p, "a level from 1, the outermost, or all");
    f->vms |= 1u << n;
    return STATUS_OK;
}

static enum status add_mode(struct exit_filter *f, struct piece p,
                            struct error *e)
{
    if (is(p, "M"))
        f->modes |= 1u << PRIV_M;
    else if (is(p, "S"))
        f->modes |= 1u << PRIV_S;
    else if (is(p, "U"))
        f->modes |= 1u << PRIV_U;
    else
        return refuse(e, "mode", p, "M, S or U");
    return STATUS_OK;
}

static enum status add_action(struct exit_filter *f, struct piece p,
                              struct error *e)
{
    for (unsigned a = 0; a < EXIT_ACTIONS; a++)
        if (is(p, exit_action_name((enum exit_action)a))) {
            f->actions |= 1u << a;
            return STATUS_OK;
        }
    return refuse(e, "action", p,
                  "emulated, filled, device, memory, injected, "
                  "interrupt or reflected");
}

/* Does the name of a cause begin like that? */
static bool begins(const char *name, struct piece p)
{
    for (size_t k = 0; k < p.length; k++) {
        char c = (char)tolower((unsigned char)p.start[k]);

        if (c == '-' || c == '_')
            c = ' ';
        if (c != tolower((unsigned char)name[k])) /* the end, too */
            return false;
    }
    return true;
}

static uint32_t causes_like(struct piece p, uint64_t interrupt)
{
    uint32_t set = 0;

    for (unsigned n = 0; n < 16; n++) {
        const char *name = cause_name(interrupt | n);

        if (strcmp(name, "reserved") != 0 && begins(name, p))
            set |= 1u << n;
    }
    return set;
}

static enum status add_cause(struct exit_filter *f, struct piece p,
                             struct error *e)
{
    struct piece number = p;
    uint32_t exceptions = 0, interrupts = 0;
    uint64_t n;

    if (read_number(&number, &n) && number.length == 0 && n < 16) {
        exceptions = 1u << n;
    } else if (p.length > 0) {
        exceptions = causes_like(p, 0);
        interrupts = causes_like(p, CAUSE_INTERRUPT);
    }
    if (!exceptions && !interrupts)
        return refuse(e, "cause", p,
                      "a number from 0 to 15 or a name such as "
                      "load-page-fault");
    f->exceptions |= exceptions;
    f->interrupts |= interrupts;
    return STATUS_OK;
}

static const struct {
    const char *key;
    enum status (*add)(struct exit_filter *, struct piece, struct error *);
} keys[] = {
    { "vm", add_vm },         { "cause", add_cause }, { "mode", add_mode },
    { "action", add_action }, { "pc", add_pc },       { "count", add_count },
};
#define KEYS (sizeof keys / sizeof *keys)

/* `item` is `key=value`. */
static enum status add_item(struct exit_filter *f, struct piece item,
                            struct error *e)
{
    const char *equals = memchr(item.start, '=', item.length);
    struct piece key = item, value = { NULL, 0 };

    if (equals) {
        key.length = (size_t)(equals - item.start);
        value = (struct piece){ equals + 1, item.length - key.length - 1 };
    }
    for (size_t k = 0; k < KEYS && equals; k++)
        if (is(key, keys[k].key))
            return keys[k].add(f, value, e);
    return refuse(e, "a filter", item,
                  "vm=, cause=, mode=, action=, pc= or "
                  "count=");
}

enum status exit_filter_parse(struct exit_filter *f, const char *text,
                              struct error *e)
{
    enum status s = STATUS_OK;

    while (*text && s == STATUS_OK) {
        struct piece item = { text, strcspn(text, ",") };

        s = add_item(f, item, e);
        text += item.length;
        if (*text == ',' && *++text == '\0' && s == STATUS_OK)
            s = add_item(f, (struct piece){ text, 0 }, e);
    }
    return s;
}

static bool in_set(uint32_t set, unsigned n)
{
    return set == 0 || (n < 32 && (set >> n & 1));
}

/* Do the two overlap? */
static bool in_ranges(const struct exit_range *list, unsigned n, uint64_t low,
                      uint64_t high)
{
    for (unsigned k = 0; k < n; k++)
        if (high >= list[k].low && low <= list[k].high)
            return true;
    return n == 0;
}

static bool passes_cause(const struct exit_filter *f,
                         const struct exit_record *e)
{
    if (!f->exceptions && !f->interrupts)
        return true;
    if (e->guest.cause & CAUSE_INTERRUPT)
        return f->interrupts >> (e->guest.cause & 31) & 1;
    return f->exceptions >> (e->host.cause & 31) & 1;
}

bool exit_filter_vm(const struct exit_filter *f, unsigned vm)
{
    return in_set(f->vms, vm);
}

bool exit_filter_span(const struct exit_filter *f, unsigned priv, uint64_t from,
                      uint64_t to)
{
    return in_set(f->modes, priv) && in_ranges(f->count, f->counts, from, to);
}

bool exit_filter_passes(const struct exit_filter *f,
                        const struct exit_record *e)
{
    return exit_filter_span(f, e->priv, e->count, e->count) &&
           in_set(f->actions, e->action) && passes_cause(f, e) &&
           in_ranges(f->pc, f->pcs, e->pc, e->pc);
}
