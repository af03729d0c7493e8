/* Which symbols hold where: a list of tables, asked in the order in which they
   count. */
#include "debug/symbol_sets.h"

#include <stdlib.h>
#include <string.h>

#include "machine/error_say.h"

#define FILE_LIMIT (UINT64_C(1) << 30) /* bytes */

/* A file whose source lines have not been read yet. */
struct line_file {
    struct line_file *next;
    uint64_t offset;
    char path[];
};

struct symbol_set {
    struct symbol_set *next;
    struct symbol_scope scope;
    struct symbols symbols;
    struct lines lines;
    struct line_file *unread;
};

static bool is_same(const struct symbol_scope *a, const struct symbol_scope *b)
{
    return a->level == b->level && a->satp_mask == b->satp_mask &&
           ((a->satp ^ b->satp) & a->satp_mask) == 0;
}

/* ---- making them ---- */

/* Those of address spaces come first, those of lower levels before others. */
static bool counts_before(const struct symbol_scope *a,
                          const struct symbol_scope *b)
{
    return a->level != b->level ? a->level < b->level
                                : a->satp_mask && !b->satp_mask;
}

/* The set of that scope, made if need be. NULL: out of memory. */
static struct symbol_set *set_for(struct symbol_sets *s,
                                  const struct symbol_scope *scope)
{
    struct symbol_set **at = &s->set, *made;

    for (; *at && !counts_before(scope, &(*at)->scope); at = &(*at)->next)
        if (is_same(&(*at)->scope, scope))
            return *at;
    made = calloc(1, sizeof *made);
    if (!made)
        return NULL;
    made->scope = *scope;
    made->next = *at;
    *at = made;
    return made;
}

enum status symbol_sets_add(struct symbol_sets *s, struct symbol_scope scope,
                            const struct image *i, uint64_t offset)
{
    struct symbol_set *set = set_for(s, &scope);

    return set ? symbols_add(&set->symbols, i, offset) : STATUS_NO_MEMORY;
}

static enum status note_lines(struct symbol_set *set, const char *path,
                              uint64_t offset)
{
    size_t n = strlen(path) + 1;
    struct line_file *f = malloc(sizeof *f + n);

    if (!f)
        return STATUS_NO_MEMORY;
    f->offset = offset;
    memcpy(f->path, path, n);
    f->next = set->unread;
    set->unread = f;
    return STATUS_OK;
}

enum status symbol_sets_add_file(struct symbol_sets *s,
                                 struct symbol_scope scope, const char *path,
                                 uint64_t offset, struct error *e)
{
    struct image i;
    enum status status = image_read(&i, path, true, FILE_LIMIT, e);
    struct symbol_set *set;

    if (status == STATUS_TOO_BIG)
        return error_say(e, status,
                         "--symbols '%.160s' is larger than 1 GiB: give a "
                         "file of one program",
                         path);
    if (status != STATUS_OK)
        return status;
    set = set_for(s, &scope);
    status = set ? symbols_add_file(&set->symbols, &i, offset, e)
                 : error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    image_free(&i);
    if (status == STATUS_OK && note_lines(set, path, offset) != STATUS_OK)
        status = error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    return status;
}

static void free_set(struct symbol_set *set)
{
    while (set->unread) {
        struct line_file *next = set->unread->next;

        free(set->unread);
        set->unread = next;
    }
    symbols_free(&set->symbols);
    lines_free(&set->lines);
    free(set);
}

void symbol_sets_drop(struct symbol_sets *s, struct symbol_scope scope)
{
    for (struct symbol_set **at = &s->set; *at;) {
        struct symbol_set *set = *at;

        if (!is_same(&set->scope, &scope)) {
            at = &set->next;
            continue;
        }
        *at = set->next;
        free_set(set);
    }
}

void symbol_sets_free(struct symbol_sets *s)
{
    while (s->set) {
        struct symbol_set *next = s->set->next;

        free_set(s->set);
        s->set = next;
    }
}

/* ---- what is looked up ---- */

/* The first set from `set` on that holds at the place; NULL: none. */
static struct symbol_set *holding(struct symbol_set *set,
                                  const struct symbol_place *p)
{
    for (; set; set = set->next)
        if (set->scope.level >= p->level &&
            ((set->scope.satp ^ p->satp) & set->scope.satp_mask) == 0)
            return set;
    return NULL;
}

#define EACH_HOLDING(set, s, p)                                                \
    (struct symbol_set *set = holding((s)->set, &(p)); set;                    \
     set = holding(set->next, &(p)))

unsigned symbol_sets_tables(const struct symbol_sets *s, unsigned level,
                            const struct symbols *table[SYMBOL_TABLES_MAX])
{
    unsigned n = 0;

    for (const struct symbol_set *set = s->set; set; set = set->next)
        if (set->scope.level >= level && !set->scope.satp_mask &&
            n < SYMBOL_TABLES_MAX)
            table[n++] = &set->symbols;
    return n;
}

const struct symbol *symbol_sets_at(const struct symbol_sets *s,
                                    struct symbol_place p)
{
    const struct symbol *found = NULL;

    for
        EACH_HOLDING(set, s, p)
        {
            found = symbols_at(&set->symbols, p.va);
            if (found)
                break;
        }
    return found;
}

size_t symbol_sets_format(const struct symbol_sets *s, struct symbol_place p,
                          char *buf, size_t size)
{
    return symbol_format(symbol_sets_at(s, p), p.va, buf, size);
}

bool symbol_sets_bounds(const struct symbol_sets *s, struct symbol_place p,
                        uint64_t *first, uint64_t *end)
{
    for
        EACH_HOLDING(set, s, p)
    if (symbols_bounds(&set->symbols, p.va, first, end))
        return true;
    return false;
}

bool symbol_sets_address(const struct symbol_sets *s, struct symbol_place p,
                         const char *name, uint64_t *address)
{
    for
        EACH_HOLDING(set, s, p)
    if (symbols_address(&set->symbols, name, address))
        return true;
    return false;
}

void symbol_sets_each(const struct symbol_sets *s, const char *text,
                      bool (*each)(void *context, const struct symbol *symbol),
                      void *context)
{
    size_t n = strlen(text);

    for (const struct symbol_set *set = s->set; set; set = set->next) {
        const struct symbols *y = &set->symbols;

        for (size_t k = symbols_from(y, text); k < y->count; k++)
            if (strncmp(y->by_name[k]->name, text, n) != 0)
                break;
            else if (!each(context, y->by_name[k]))
                return;
    }
}

/* A file that is gone, or was never ELF, has no lines. */
static void read_lines(struct symbol_set *set)
{
    while (set->unread) {
        struct line_file *f = set->unread;
        struct image i;

        set->unread = f->next;
        if (image_read(&i, f->path, true, FILE_LIMIT, NULL) == STATUS_OK) {
            lines_add(&set->lines, &i, f->offset);
            image_free(&i);
        }
        free(f);
    }
}

bool symbol_sets_line(struct symbol_sets *s, struct symbol_place p,
                      struct source_line *out)
{
    for
        EACH_HOLDING(set, s, p)
        {
            read_lines(set);
            if (lines_find(&set->lines, p.va, out))
                return true;
        }
    return false;
}

size_t symbol_sets_line_addresses(struct symbol_sets *s, struct symbol_place p,
                                  const char *file, unsigned *line,
                                  uint64_t *out, size_t room)
{
    for
        EACH_HOLDING(set, s, p)
        {
            size_t n;

            read_lines(set);
            n = lines_addresses(&set->lines, file, line, out, room);
            if (n)
                return n;
        }
    return 0;
}
