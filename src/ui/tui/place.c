/* Worlds, modes and addresses, in words and from words. */
#include "ui/tui/inside.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa/insn.h"
#include "machine/fetch.h"

const char *tui_world_name(unsigned world, char buf[TUI_NAME_SIZE])
{
    if (world)
        snprintf(buf, TUI_NAME_SIZE, "vm%u", world);
    else
        snprintf(buf, TUI_NAME_SIZE, "bare");
    return buf;
}

unsigned tui_guest(const struct tui *t)
{
    const struct debugger *d = t->debugger;

    return session_is_guest(d->session, d->world) ? d->world
                                                  : session_guest(d->session);
}

unsigned tui_below(const struct tui *t, unsigned world)
{
    return session_level(t->debugger->session, world) - 1;
}

const struct exit_log *tui_names(const struct tui *t, unsigned world)
{
    return debugger_names(t->debugger, world);
}

uint64_t tui_reg(const struct tui *t, unsigned world, unsigned reg)
{
    uint64_t v = 0;

    session_get(t->debugger->session, world, t->debugger->hart, reg, &v);
    return v;
}

uint64_t tui_csr(const struct tui *t, unsigned world, unsigned csr)
{
    uint64_t v = 0;

    session_get_csr(t->debugger->session, world, t->debugger->hart, csr, &v);
    return v;
}

unsigned tui_mode(const struct tui *t, unsigned world)
{
    return (unsigned)tui_reg(t, world, REG_PRIV) & 3;
}

uint64_t tui_pc(const struct tui *t)
{
    return tui_reg(t, t->debugger->world, REG_PC);
}

struct symbol_place tui_place(const struct tui *t, unsigned world,
                              unsigned mode, uint64_t va)
{
    return (struct symbol_place){
        .level = session_level(t->debugger->session, world),
        .satp = mode == PRIV_M ? 0 : tui_csr(t, world, CSR_satp),
        .va = va,
    };
}

const char *tui_symbol(const struct tui *t, unsigned world,
                       struct symbol_place p, char buf[TUI_NAME_SIZE])
{
    symbol_sets_format(tui_names(t, world)->symbols, p, buf, TUI_NAME_SIZE);
    return buf;
}

/* ---- what users write ---- */

/* The end of `text` as +N or -N; text is cut there. */
static bool take_offset(char *text, uint64_t *offset)
{
    char *sign = strpbrk(text, "+-"), *end;

    *offset = 0;
    if (!sign)
        return true;
    errno = 0;
    *offset = strtoull(sign + 1, &end, 0);
    if (end == sign + 1 || *end || errno)
        return false;
    if (*sign == '-')
        *offset = -*offset;
    *sign = '\0';
    return true;
}

static bool is_register(const struct tui *t, const char *text, uint64_t *v)
{
    for (unsigned n = 0; n < 32; n++)
        if (strcmp(text, insn_x_name(n)) == 0) {
            *v = tui_reg(t, t->debugger->world, REG_X0 + n);
            return true;
        }
    if (strcmp(text, "pc") != 0)
        return false;
    *v = tui_pc(t);
    return true;
}

bool tui_address(const struct tui *t, const char *text, uint64_t *va)
{
    const struct debugger *d = t->debugger;
    char name[sizeof t->typed], *end;
    uint64_t offset;

    snprintf(name, sizeof name, "%s", text);
    if (!take_offset(name, &offset))
        return false;
    errno = 0;
    *va = strtoull(name, &end, 16);
    if (strncmp(name, "0x", 2) != 0 || end == name + 2 || *end || errno) {
        struct symbol_place p =
            tui_place(t, d->world, tui_mode(t, d->world), 0);

        if (!is_register(t, name, va) &&
            !symbol_sets_address(tui_names(t, d->world)->symbols, p, name, va))
            return false;
    }
    *va += offset;
    return true;
}

/* ---- instructions ---- */

unsigned tui_length(uint32_t raw)
{
    return (raw & 3) == 3 ? 4 : 2;
}

/* From RAM; and from ROM, where nothing is translated. */
uint32_t tui_fetch(const struct tui *t, unsigned world, uint64_t va)
{
    const struct debugger *d = t->debugger;
    const struct session_view v = { .world = world, .hart = d->hart };
    uint8_t b[4] = { 0 };
    unsigned mode = tui_mode(t, world);
    size_t n = session_read(d->session, &v, va, b, sizeof b);
    uint32_t raw = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
                   (uint32_t)b[3] << 24;

    if (n >= 2 && tui_length(raw) == 2)
        return raw & 0xffff;
    if (n == 4 || tui_place(t, world, mode, va).satp)
        return n == 4 ? raw : 0;
    return machine_fetch(session_machine(d->session, world),
                         session_board(d->session, world), d->hart,
                         (enum priv)mode, va);
}
