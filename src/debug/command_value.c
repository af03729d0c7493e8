/* What commands are given, and how they write it: numbers, names of registers,
   addresses. */
#include "debug/command_table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long long ull;

/* ---- registers ---- */

static const char f_names[32][5] = {
    "ft0", "ft1", "ft2",  "ft3",  "ft4", "ft5", "ft6",  "ft7",
    "fs0", "fs1", "fa0",  "fa1",  "fa2", "fa3", "fa4",  "fa5",
    "fa6", "fa7", "fs2",  "fs3",  "fs4", "fs5", "fs6",  "fs7",
    "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10", "ft11",
};

static bool plain_number(const char *text, int base, uint64_t *v)
{
    char *end;

    if (!*text || *text == '-' || *text == '+' || *text == ' ')
        return false;
    errno = 0;
    *v = strtoull(text, &end, base);
    return !*end && errno == 0;
}

/* "x10", "f3": the number behind the letter. */
static bool numbered(const char *name, char letter, unsigned *number)
{
    uint64_t v;

    if (name[0] != letter || strlen(name) > 3 ||
        !plain_number(name + 1, 10, &v) || v > 31)
        return false;
    *number = (unsigned)v;
    return true;
}

static bool general(const char *name, unsigned *number)
{
    if (numbered(name, 'x', number))
        return true;
    if (numbered(name, 'f', number)) {
        *number += REG_F0;
        return true;
    }
    for (unsigned k = 0; k < 32; k++) {
        bool is_f = strcmp(name, f_names[k]) == 0;

        *number = is_f ? REG_F0 + k : REG_X0 + k;
        if (is_f || strcmp(name, insn_x_name(k)) == 0)
            return true;
    }
    *number = strcmp(name, "pc") == 0   ? REG_PC
              : strcmp(name, "fp") == 0 ? REG_X0 + 8
                                        : REG_PRIV;
    return *number != REG_PRIV || strcmp(name, "priv") == 0;
}

static bool csr_by_name(const char *name, unsigned *number)
{
    uint64_t v;

    if (strncmp(name, "csr", 3) == 0 && plain_number(name + 3, 0, &v) &&
        v < 4096) {
        *number = (unsigned)v;
        return true;
    }
    for (unsigned k = 0; k < 4096; k++) {
        const char *its = csr_name(k);

        *number = k;
        if (its && strcmp(its, name) == 0)
            return true;
    }
    return false;
}

bool command_register(const char *name, struct command_register *r)
{
    r->is_csr = false;
    if (general(name, &r->number))
        return true;
    r->is_csr = true;
    return csr_by_name(name, &r->number);
}

/* ---- numbers ---- */

static bool register_value(const struct command_call *c, const char *name,
                           uint64_t *v)
{
    struct command_register r;

    if (!command_register(name, &r)) {
        command_wrong(c,
                      "there is no register '%s': x0 to x31, f0 to f31 or "
                      "their names, pc, priv, or a CSR",
                      name);
        return false;
    }
    if (r.is_csr
            ? session_get_csr(c->d->session, c->d->world, c->d->hart, r.number,
                              v)
            : session_get(c->d->session, c->d->world, c->d->hart, r.number, v))
        return true;
    command_wrong(c, "this machine has no %s", name);
    return false;
}

static bool term(const struct command_call *c, const char *text, uint64_t *v)
{
    struct symbol_place here = debugger_place(c->d, c->d->world, c->d->hart, 0);

    if (text[0] == '$')
        return register_value(c, text + 1, v);
    if (plain_number(text, text[0] == '0' && (text[1] | 32) == 'x' ? 16 : 10,
                     v) ||
        symbol_sets_address(debugger_names(c->d, c->d->world)->symbols, here,
                            text, v))
        return true;
    command_wrong(c,
                  "'%s' is no number and no symbol: write 0x…, decimal, a "
                  "symbol, or $REGISTER",
                  text);
    return false;
}

bool command_number(const struct command_call *c, const char *text, uint64_t *v)
{
    char part[COMMAND_LINE];
    char sign = '+';

    *v = 0;
    for (;;) {
        size_t n = strcspn(text, "+-");
        uint64_t one;

        snprintf(part, sizeof part, "%.*s", (int)n, text);
        if (!term(c, part, &one))
            return false;
        *v = sign == '+' ? *v + one : *v - one;
        if (!text[n])
            return true;
        sign = text[n];
        text += n + 1;
    }
}

bool command_small(const struct command_call *c, const char *text,
                   const char *what, unsigned end, unsigned *v)
{
    uint64_t number;

    if (!plain_number(text, 0, &number) || number >= end) {
        command_wrong(c, "'%s' is no %s: they are numbered 0 to %u", text, what,
                      end - 1);
        return false;
    }
    *v = (unsigned)number;
    return true;
}

/* ---- texts ---- */

/* Names come from users' files, and may hold anything. */
static void make_printable(char *text)
{
    for (; *text; text++)
        if (*text < ' ' || *text > '~')
            *text = '?';
}

const char *command_symbol(const struct symbol *s, uint64_t va,
                           char buf[COMMAND_ADDRESS])
{
    char name[COMMAND_ADDRESS - 24];

    symbol_format(s, va, name, sizeof name);
    make_printable(name);
    snprintf(buf, COMMAND_ADDRESS, s ? "%#llx <%s>" : "%#llx", (ull)va, name);
    return buf;
}

const char *command_address(const struct debugger *d, unsigned world,
                            unsigned hart, uint64_t va,
                            char buf[COMMAND_ADDRESS])
{
    const struct symbol_place at = debugger_place(d, world, hart, va);

    return command_symbol(symbol_sets_at(debugger_names(d, world)->symbols, at),
                          va, buf);
}

const char *command_mode(unsigned priv)
{
    static const char *const names[] = { "U-mode", "S-mode", "?", "M-mode" };

    return names[priv & 3];
}

const char *command_world(const struct debugger *d, unsigned world,
                          char buf[COMMAND_WORLD])
{
    unsigned level = session_level(d->session, world);

    if (level == 0)
        snprintf(buf, COMMAND_WORLD, "the bare machine");
    else if (session_worlds(d->session) > 1 &&
             session_is_guest(d->session, session_worlds(d->session) - 2))
        snprintf(buf, COMMAND_WORLD, "vm%u.%u", level, world - level + 1);
    else
        snprintf(buf, COMMAND_WORLD, "vm%u", level);
    return buf;
}

const char *command_count(uint64_t v, char buf[COMMAND_COUNT])
{
    char *p = buf + COMMAND_COUNT;
    unsigned digits = 0;

    *--p = '\0';
    do {
        if (digits && digits % 3 == 0)
            *--p = ',';
        *--p = (char)('0' + v % 10);
        digits++;
        v /= 10;
    } while (v);
    memmove(buf, p, (size_t)(buf + COMMAND_COUNT - p));
    return buf;
}
