/* The prompt's stop points: where code, or memory, is to be stopped at. */
#include <stdlib.h>
#include <string.h>

#include "cli/prompt.h"

#define PLACES 8 /* that one line of source may have */

/* ---- places ---- */

struct wanted {
    const struct command_call *c;
    const char *text;
    char file[COMMAND_LINE]; /* of FILE:LINE; "": it is a name */
    unsigned line;
    struct stop_point *out;
    unsigned room;
};

/* In one address space; 0: it is not known there. */
static unsigned places_in(struct wanted *w, struct symbol_place space)
{
    struct debugger *d = w->c->d;
    struct symbol_sets *names = debugger_names(d, d->world)->symbols;
    uint64_t va[PLACES];
    unsigned line = w->line;
    size_t n;

    if (w->file[0])
        n = symbol_sets_line_addresses(names, space, w->file, &line, va,
                                       w->room < PLACES ? w->room : PLACES);
    else
        n = symbol_sets_address(names, space, w->text, va);
    for (size_t k = 0; k < n; k++)
        w->out[k] = (struct stop_point){ .kind = STOP_AT_CODE,
                                         .world = d->world,
                                         .any_space = true,
                                         .va = va[k],
                                         .size = 1 };
    return (unsigned)n;
}

/* What only a program has is in its address space. */
static unsigned places_in_program(struct wanted *w, const struct program *p)
{
    struct debugger *d = w->c->d;
    struct symbol_place space = { .level = session_level(d->session, d->world),
                                  .satp = p->satp };
    unsigned n = p->world == d->world ? places_in(w, space) : 0;

    for (unsigned k = 0; k < n; k++) {
        w->out[k].any_space = false;
        w->out[k].satp = p->satp;
    }
    return n;
}

static unsigned places_in_programs(struct wanted *w)
{
    const struct programs *programs = prompt_of(w->c)->debugging.programs;

    for (unsigned k = 1; programs && k < programs_end(programs); k++) {
        const struct program *p = programs_at(programs, k);
        unsigned n = p ? places_in_program(w, p) : 0;

        if (n)
            return n;
    }
    return 0;
}

/* "trap.c:12" */
static void read_line(struct wanted *w)
{
    const char *colon = strrchr(w->text, ':');
    char *end;
    unsigned long line;

    if (!colon || colon == w->text)
        return;
    line = strtoul(colon + 1, &end, 10);
    if (!colon[1] || *end || line == 0 || line > UINT32_MAX)
        return;
    w->line = (unsigned)line;
    memcpy(w->file, w->text, (size_t)(colon - w->text));
}

unsigned prompt_place(const struct command_call *c, const char *text,
                      struct stop_point *out, unsigned room)
{
    struct debugger *d = c->d;
    struct wanted w = { .c = c, .text = text, .out = out, .room = room };
    struct symbol_place everywhere = { .level = session_level(d->session,
                                                              d->world) };
    unsigned n;

    read_line(&w);
    n = places_in(&w, everywhere);
    if (!n)
        n = places_in_programs(&w);
    if (!n)
        n = places_in(&w, debugger_place(d, d->world, d->hart, 0));
    if (n || w.file[0]) {
        if (!n)
            command_wrong(c, "no code of line %u of a file %s is known", w.line,
                          w.file);
        return n;
    }
    out[0] = (struct stop_point){
        .kind = STOP_AT_CODE, .world = d->world, .any_space = true, .size = 1
    };
    return command_number(c, text, &out[0].va);
}

/* ---- making them ---- */

static enum command_end add(struct command_call *c, const struct stop_point *p)
{
    unsigned number = session_add(c->d->session, p);
    char text[COMMAND_POINT];

    if (!number)
        return command_wrong(c, "there are %d stop points already",
                             SESSION_STOPS);
    text_print(c->out, "%u  %s\n", number, command_point(c->d, p, text));
    return COMMAND_DONE;
}

enum command_end prompt_break(struct command_call *c)
{
    struct stop_point point[PLACES];
    enum command_end end = COMMAND_DONE;
    unsigned n = prompt_place(c, c->words ? c->word[0] : "$pc", point, PLACES);

    if (n == 0)
        return COMMAND_WRONG;
    for (unsigned k = 0; k < n && end == COMMAND_DONE; k++)
        end = add(c, &point[k]);
    return end;
}

/* As large as the variable there; 8 bytes where none is known. */
static uint64_t size_at(const struct command_call *c, uint64_t va)
{
    struct debugger *d = c->d;
    const struct symbol *s =
        symbol_sets_at(debugger_names(d, d->world)->symbols,
                       debugger_place(d, d->world, d->hart, va));

    return s && s->kind == SYMBOL_OBJECT && s->address == va && s->size
               ? s->size
               : 8;
}

/* ADDR, ADDR,SIZE or ADDR SIZE. */
static enum command_end watch(struct command_call *c, enum stop_kind kind)
{
    struct stop_point p = { .kind = kind,
                            .world = c->d->world,
                            .any_space = true };
    char text[COMMAND_LINE];
    char *size = text;

    strcpy(text, c->rest);
    size += strcspn(text, ", \t");
    if (*size) {
        *size++ = '\0';
        size += strspn(size, " \t");
    }
    if (!command_number(c, text, &p.va))
        return COMMAND_WRONG;
    p.size = size_at(c, p.va);
    if (*size && !command_number(c, size, &p.size))
        return COMMAND_WRONG;
    if (p.size == 0 || p.size - 1 > UINT64_MAX - p.va)
        return command_wrong(c, "that many bytes do not lie there");
    return add(c, &p);
}

enum command_end prompt_watch(struct command_call *c)
{
    return watch(c, STOP_AT_WRITE);
}

enum command_end prompt_rwatch(struct command_call *c)
{
    return watch(c, STOP_AT_READ);
}

enum command_end prompt_awatch(struct command_call *c)
{
    return watch(c, STOP_AT_ACCESS);
}

/* ---- listing them ---- */

/* Those at which programs are awaited are not the user's. */
static bool is_users(const struct command_call *c,
                     const struct session_points *points, unsigned number)
{
    const struct programs *programs = prompt_of(c)->debugging.programs;

    return points->has_point[number - 1] &&
           !(programs && programs_own(programs, number));
}

enum command_end prompt_info(struct command_call *c)
{
    const struct session_points points = session_points(c->d->session);
    unsigned found = 0;

    for (unsigned n = 1; n <= SESSION_STOPS; n++) {
        char text[COMMAND_POINT];

        if (!is_users(c, &points, n))
            continue;
        text_print(c->out, "%u  %s\n", n,
                   command_point(c->d, &points.point[n - 1], text));
        found++;
    }
    if (!found)
        text_print(c->out, "there are no stop points\n");
    return COMMAND_DONE;
}

enum command_end prompt_delete(struct command_call *c)
{
    const struct session_points points = session_points(c->d->session);
    unsigned number = 0;

    if (c->words && (!command_small(c, c->word[0], "stop point",
                                    SESSION_STOPS + 1, &number)))
        return COMMAND_WRONG;
    if (c->words && (number == 0 || !is_users(c, &points, number)))
        return command_wrong(c, "there is no stop point %u: 'info' lists them",
                             number);
    for (unsigned n = 1; n <= SESSION_STOPS; n++)
        if (is_users(c, &points, n) && (!number || n == number))
            session_remove(c->d->session, n);
    return COMMAND_DONE;
}
