/* Stopping before traps and exits: trap-stop. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debug/command_rows.h"

/* ---- the names of causes ---- */

struct cause_row {
    const char *id, *name; /* "ECALL_U", "environment call from U-mode" */
    uint64_t cause;
};

static const struct cause_row causes[] = {
#define CAUSE(id, number, name) { #id, name, number },
#include "isa/cause.def"
#undef CAUSE
    { "SSI", "supervisor software interrupt", CAUSE_INTERRUPT | IRQ_SSI },
    { "MSI", "machine software interrupt", CAUSE_INTERRUPT | IRQ_MSI },
    { "STI", "supervisor timer interrupt", CAUSE_INTERRUPT | IRQ_STI },
    { "MTI", "machine timer interrupt", CAUSE_INTERRUPT | IRQ_MTI },
    { "SEI", "supervisor external interrupt", CAUSE_INTERRUPT | IRQ_SEI },
    { "MEI", "machine external interrupt", CAUSE_INTERRUPT | IRQ_MEI },
};
#define CAUSES (sizeof causes / sizeof *causes)

#define CAUSE_NAME 48

/* "store/AMO page fault" and "STORE_PAGE" as they are typed: with dashes. */
static void dashed(const char *name, char buf[CAUSE_NAME])
{
    size_t n = 0;

    for (; *name && n + 1 < CAUSE_NAME; name++)
        buf[n++] = isalnum((unsigned char)*name)
                       ? (char)tolower((unsigned char)*name)
                       : '-';
    buf[n] = '\0';
}

enum likeness { UNLIKE, BEGINS_SO, IS_IT };

static enum likeness like(const char *name, const char *text)
{
    char its[CAUSE_NAME], given[CAUSE_NAME];

    dashed(name, its);
    dashed(text, given);
    return strcmp(its, given) == 0                   ? IS_IT
           : strncmp(its, given, strlen(given)) == 0 ? BEGINS_SO
                                                     : UNLIKE;
}

static enum likeness row_like(const struct cause_row *r, const char *text)
{
    enum likeness id = like(r->id, text), name = like(r->name, text);

    return id > name ? id : name;
}

/* Those that `text` may mean; if that is none, all. */
static void say_causes(const struct command_call *c, const char *text,
                       unsigned found)
{
    for (size_t k = 0; k < CAUSES; k++) {
        char name[CAUSE_NAME];

        dashed(causes[k].id, name);
        if (!found || row_like(&causes[k], text))
            text_print(c->out, " %s", name);
    }
    text_print(c->out, found ? "\n" : ", or a number as mcause has it\n");
}

bool command_cause(const struct command_call *c, const char *text,
                   uint64_t *cause)
{
    unsigned found = 0;
    char *end;

    if (isdigit((unsigned char)text[0])) {
        *cause = strtoull(text, &end, 0);
        if (!*end)
            return true;
    }
    for (size_t k = 0; k < CAUSES; k++) {
        enum likeness l = row_like(&causes[k], text);

        if (l == UNLIKE)
            continue;
        *cause = causes[k].cause;
        if (l == IS_IT)
            return true;
        found++;
    }
    if (found == 1)
        return true;
    text_print(c->out,
               found ? "'%s' may be" : "there is no cause '%s': they are",
               text);
    say_causes(c, text, found);
    return false;
}

/* ---- what stop points are for ---- */

static const char *kind_text(enum stop_kind kind)
{
    switch (kind) {
    case STOP_AT_CODE:
        return "at";
    case STOP_AT_WRITE:
        return "before a store to";
    case STOP_AT_READ:
        return "before a load from";
    case STOP_AT_ACCESS:
        return "before an access to";
    case STOP_AT_TRAP:
        return "before a trap is taken";
    default:
        return "before an exit is dealt with";
    }
}

static void point_where(const struct debugger *d, const struct stop_point *p,
                        char *buf, size_t size)
{
    char address[COMMAND_ADDRESS];

    if (p->kind == STOP_AT_EXIT)
        buf[0] = '\0';
    else if (p->kind == STOP_AT_TRAP)
        snprintf(buf, size, ": %s",
                 p->cause == SESSION_ANY_CAUSE ? "any" : cause_name(p->cause));
    else if (p->kind == STOP_AT_CODE)
        snprintf(buf, size, " %s",
                 command_address(d, p->world, 0, p->va, address));
    else
        snprintf(buf, size, " %llu bytes at %s", (unsigned long long)p->size,
                 command_address(d, p->world, 0, p->va, address));
}

const char *command_point(const struct debugger *d, const struct stop_point *p,
                          char buf[COMMAND_POINT])
{
    char where[COMMAND_ADDRESS + 40], space[48] = "", world[COMMAND_WORLD];
    bool on_events = p->kind == STOP_AT_TRAP || p->kind == STOP_AT_EXIT;

    point_where(d, p, where, sizeof where);
    if (!p->any_space)
        snprintf(space, sizeof space, ", where satp is %#llx",
                 (unsigned long long)p->satp);
    snprintf(buf, COMMAND_POINT, "%s%s, %s %s%s", kind_text(p->kind), where,
             on_events ? "in" : "seen from", command_world(d, p->world, world),
             space);
    return buf;
}

/* ---- trap-stop ---- */

static bool is_trap_stop(const struct session_points *points, unsigned number)
{
    enum stop_kind kind = points->point[number - 1].kind;

    return points->has_point[number - 1] &&
           (kind == STOP_AT_TRAP || kind == STOP_AT_EXIT);
}

static enum command_end list(struct command_call *c)
{
    const struct session_points points = session_points(c->d->session);
    unsigned found = 0;

    for (unsigned n = 1; n <= SESSION_STOPS; n++) {
        char text[COMMAND_POINT];

        if (!is_trap_stop(&points, n))
            continue;
        text_print(c->out, "%u  %s\n", n,
                   command_point(c->d, &points.point[n - 1], text));
        found++;
    }
    if (!found)
        text_print(c->out, "it stops at no traps and exits\n");
    text_print(c->out, "causes:");
    say_causes(c, "", 0);
    return COMMAND_DONE;
}

static enum command_end off(struct command_call *c)
{
    const struct session_points points = session_points(c->d->session);
    unsigned number = 0, found = 0;

    if (c->words > 1 &&
        !command_small(c, c->word[1], "stop point", SESSION_STOPS + 1, &number))
        return COMMAND_WRONG;
    for (unsigned n = 1; n <= SESSION_STOPS; n++) {
        if (!is_trap_stop(&points, n) || (number && n != number))
            continue;
        session_remove(c->d->session, n);
        found++;
    }
    if (!found && c->words > 1)
        return command_wrong(c,
                             "number %u is no trap-stop: 'trap-stop' lists "
                             "them",
                             number);
    text_print(c->out, "%u taken away\n", found);
    return COMMAND_DONE;
}

static enum command_end add(struct command_call *c)
{
    struct stop_point p = { .kind = STOP_AT_TRAP,
                            .world = c->d->world,
                            .any_space = true,
                            .cause = SESSION_ANY_CAUSE };
    char text[COMMAND_POINT];
    unsigned number;

    if (c->words > 1 && !command_small(c, c->word[1], "world",
                                       session_worlds(c->d->session), &p.world))
        return COMMAND_WRONG;
    if (strcmp(c->word[0], "exits") == 0)
        p.kind = STOP_AT_EXIT;
    else if (strcmp(c->word[0], "all") != 0 &&
             !command_cause(c, c->word[0], &p.cause))
        return COMMAND_WRONG;
    if (p.kind == STOP_AT_EXIT && p.world == 0)
        return command_wrong(c, "the bare machine has no exits: they are of "
                                "worlds from 1 on");
    number = session_add(c->d->session, &p);
    if (!number)
        return command_wrong(c, "there are %d stop points already",
                             SESSION_STOPS);
    text_print(c->out, "%u  %s\n", number, command_point(c->d, &p, text));
    return COMMAND_DONE;
}

static enum command_end trap_stop(struct command_call *c)
{
    if (c->words == 0)
        return list(c);
    return strcmp(c->word[0], "off") == 0 ? off(c) : add(c);
}

const struct command_row command_trap_rows[] = {
    { "trap-stop", NULL, "[CAUSE|all|exits [WORLD] | off [N]]",
      "stop before traps of a cause, or exits; or list where", 0, 2, trap_stop,
      false },
    { 0 },
};
