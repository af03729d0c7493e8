/* The commands: finding the one that a line begins with, and help. */
#include "debug/command_table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "debug/command_rows.h"

#define BLANKS " \t\r\n"

/* ---- all of them ---- */

static enum command_end help(struct command_call *c);

static const struct command_row help_rows[] = {
    { "help", "?", "[COMMAND]", "what the commands are, or what one does", 0, 1,
      help, false },
    { 0 },
};

static const struct command_table shared[] = {
    { "Why, and where", command_why_rows, NULL, &shared[1] },
    { "Stopping at traps", command_trap_rows, NULL, &shared[2] },
    { "Time", command_time_rows, NULL, &shared[3] },
    { "Worlds and harts", command_world_rows, NULL, &shared[4] },
    { "Registers and translation", command_state_rows, NULL, &shared[5] },
    { "Help", help_rows, NULL, NULL },
};

const struct command_table *command_shared(void)
{
    return shared;
}

/* ---- finding one ---- */

static size_t name_length(const char *line)
{
    return strcspn(line, BLANKS);
}

static bool is(const char *name, const char *text, size_t n)
{
    return name && strlen(name) == n && memcmp(name, text, n) == 0;
}

struct match {
    const struct command_table *table; /* NULL: nothing is like it */
    const struct command_row *row;     /* … NULL: several are */
};

/* The command whose name, or else the only one whose beginning, it is. */
static struct match find(const struct command_table *tables, const char *text,
                         size_t n)
{
    struct match found = { NULL, NULL };

    for (const struct command_table *t = tables; t; t = t->next) {
        for (const struct command_row *r = t->row; r->name; r++) {
            if (is(r->name, text, n) || is(r->alias, text, n))
                return (struct match){ t, r };
            if (strncmp(r->name, text, n) != 0)
                continue;
            found.row = found.table ? NULL : r;
            found.table = t;
        }
    }
    return found;
}

const struct command_row *command_tables_find(
    const struct command_table *tables, const char *line)
{
    line += strspn(line, BLANKS);
    return *line ? find(tables, line, name_length(line)).row : NULL;
}

void command_tables_each(const struct command_table *tables, const char *text,
                         void (*each)(void *, const char *, const char *),
                         void *context)
{
    size_t n = strlen(text);

    for (const struct command_table *t = tables; t; t = t->next)
        for (const struct command_row *r = t->row; r->name; r++)
            if (strncmp(r->name, text, n) == 0)
                each(context, r->name, r->help);
}

void commands_each(const char *text,
                   void (*each)(void *, const char *, const char *),
                   void *context)
{
    command_tables_each(command_shared(), text, each, context);
}

/* ---- carrying out a line ---- */

enum command_end command_wrong(const struct command_call *c, const char *format,
                               ...)
{
    char text[COMMAND_LINE];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    text_print(c->out, "%s\n", text);
    return COMMAND_WRONG;
}

static enum command_end several(const struct command_call *c, const char *text,
                                size_t n)
{
    text_print(c->out, "'%.*s' may be", (int)n, text);
    for (const struct command_table *t = c->tables; t; t = t->next)
        for (const struct command_row *r = t->row; r->name; r++)
            if (strncmp(r->name, text, n) == 0)
                text_print(c->out, " '%s'", r->name);
    text_print(c->out, ": write more of it\n");
    return COMMAND_WRONG;
}

/* Words of `text`, which is cut up. False: there are more than there may be. */
static bool split(struct command_call *c, char *text)
{
    char *state;

    for (char *w = strtok_r(text, BLANKS, &state); w;
         w = strtok_r(NULL, BLANKS, &state)) {
        if (c->words == COMMAND_WORDS)
            return false;
        c->word[c->words++] = w;
    }
    return true;
}

static enum command_end run(struct command_call *c, const struct command_row *r,
                            const char *rest)
{
    char all[COMMAND_LINE], cut[COMMAND_LINE];
    size_t n;

    rest += strspn(rest, BLANKS);
    n = strlen(rest);
    while (n > 0 && strchr(BLANKS, rest[n - 1]))
        n--;
    snprintf(all, sizeof all, "%.*s", (int)n, rest);
    memcpy(cut, all, sizeof cut);
    c->rest = all;
    if ((!split(c, cut) && r->most != COMMAND_ANY) || c->words > r->most ||
        c->words < r->least)
        return command_wrong(c, "usage: %s%s%s", r->name,
                             r->arguments[0] ? " " : "", r->arguments);
    return r->run(c);
}

enum command_end command_tables_line(const struct command_table *tables,
                                     struct debugger *d, const char *line,
                                     const struct text_sink *out)
{
    struct command_call c = { .d = d, .out = out, .tables = tables };
    struct match m;
    size_t n;

    line += strspn(line, BLANKS);
    n = name_length(line);
    if (n == 0)
        return COMMAND_DONE;
    if (strlen(line) >= COMMAND_LINE)
        return command_wrong(&c, "a line has at most %d bytes",
                             COMMAND_LINE - 1);
    m = find(tables, line, n);
    if (!m.table)
        return COMMAND_UNKNOWN;
    if (!m.row)
        return several(&c, line, n);
    c.context = m.table->context;
    return run(&c, m.row, line + n);
}

enum command_end command_line(struct debugger *d, const char *line,
                              const struct text_sink *out)
{
    return command_tables_line(command_shared(), d, line, out);
}

/* ---- help ---- */

#define HELP_COLUMN 32

static void help_row(const struct command_call *c, const struct command_row *r)
{
    char text[128];

    snprintf(text, sizeof text, "%s%s%s%s%s", r->name, r->alias ? ", " : "",
             r->alias ? r->alias : "", r->arguments[0] ? " " : "",
             r->arguments);
    if (strlen(text) >= HELP_COLUMN)
        text_print(c->out, "  %s\n  %*s %s\n", text, HELP_COLUMN, "", r->help);
    else
        text_print(c->out, "  %-*s %s\n", HELP_COLUMN, text, r->help);
}

static enum command_end help_all(const struct command_call *c)
{
    for (const struct command_table *t = c->tables; t; t = t->next) {
        text_print(c->out, "%s:\n", t->title);
        for (const struct command_row *r = t->row; r->name; r++)
            help_row(c, r);
    }
    text_print(c->out, "A name may be cut short. Numbers: 0x…, decimal, a "
                       "symbol, $REGISTER, and sums of them.\n");
    return COMMAND_DONE;
}

static enum command_end help(struct command_call *c)
{
    const struct command_row *r;

    if (c->words == 0)
        return help_all(c);
    r = command_tables_find(c->tables, c->word[0]);
    if (!r)
        return command_wrong(c, "there is no command '%s': 'help' lists them",
                             c->word[0]);
    help_row(c, r);
    return COMMAND_DONE;
}
