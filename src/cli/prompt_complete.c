/* What a word at the prompt may be the beginning of. */
#include <ctype.h>
#include <string.h>

#include "cli/prompt.h"

struct teller {
    bool (*each)(void *context, const char *name);
    void *context;
    bool enough;
};

static void tell_command(void *context, const char *name, const char *help)
{
    struct teller *t = context;

    (void)help;
    if (!t->enough)
        t->enough = !t->each(t->context, name);
}

/* A name that cannot be typed is none. */
static bool tell_symbol(void *context, const struct symbol *symbol)
{
    struct teller *t = context;

    for (const char *c = symbol->name; *c; c++)
        if (!isgraph((unsigned char)*c))
            return true;
    return t->each(t->context, symbol->name);
}

/* Where the word at the end of the line begins: behind a blank, or behind what
   joins numbers. */
static size_t word_start(const char *line)
{
    size_t n = strlen(line);

    while (n > 0 && !strchr(" \t+-,", line[n - 1]))
        n--;
    return n;
}

void prompt_complete(struct prompt *p, const char *line, size_t *word,
                     bool (*each)(void *, const char *), void *context)
{
    struct debugger *d = &p->debugging.debugger;
    struct teller t = { each, context, false };
    size_t first = strspn(line, " \t");
    bool names_command;

    *word = word_start(line);
    names_command = *word <= first || strncmp(line + first, "help ", 5) == 0;
    if (names_command) {
        if (*word < first)
            *word = first;
        command_tables_each(p->table, line + *word, tell_command, &t);
    } else {
        symbol_sets_each(debugger_names(d, d->world)->symbols, line + *word,
                         tell_symbol, &t);
    }
}
