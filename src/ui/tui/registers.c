/* Registers and CSRs, and which of them are not what they were. */
#include "ui/tui/inside.h"

#include <stdio.h>
#include <string.h>

#include "isa/insn.h"
#include "mmu/pte.h"

#define CELL      21 /* "a0   0000000000000000" */
#define WIDE_CELL 26

/* S-mode's, then M-mode's. */
static const uint16_t csrs[TUI_CSR_COUNT] = {
    CSR_sstatus,  CSR_scause,   CSR_sepc, CSR_stval,   CSR_satp,
    CSR_stvec,    CSR_sscratch, CSR_sie,  CSR_sip,     CSR_mhartid,
    CSR_mstatus,  CSR_mcause,   CSR_mepc, CSR_mtval,   CSR_mtvec,
    CSR_mscratch, CSR_mie,      CSR_mip,  CSR_medeleg, CSR_mideleg,
};
#define OF_M 10 /* where M-mode's begin */

static uint64_t value(struct session *s, unsigned world, unsigned hart,
                      unsigned k)
{
    uint64_t v = 0;

    if (k < 32)
        session_get(s, world, hart, REG_X0 + k, &v);
    else
        session_get_csr(s, world, hart, csrs[k - 32], &v);
    return v;
}

void tui_remember(struct tui *t)
{
    struct session *s = t->debugger->session;

    for (unsigned w = 0; w < session_worlds(s); w++)
        for (unsigned h = 0; h < session_harts(s, w); h++)
            for (unsigned k = 0; k < TUI_VALUES; k++)
                t->before[w][h][k] = value(s, w, h, k);
}

static void draw_value(struct tui *t, const struct tui_area *a, unsigned row,
                       unsigned column, unsigned width, const char *name,
                       unsigned k)
{
    const struct debugger *d = t->debugger;
    uint64_t v = value(d->session, d->world, d->hart, k);
    bool changed = v != t->before[d->world][d->hart][k];
    unsigned style = changed ? TUI_CHANGED : TUI_PLAIN;

    tui_put(a, row, column, style, name);
    if (changed)
        tui_put(a, row, column + width - 17, style, "*");
    tui_put_hex(a, row, column + width - 16, style, v);
}

/* The k-th to be shown: the mode's own first. */
static unsigned csr_index(const struct tui *t, unsigned k)
{
    bool m = tui_mode(t, t->debugger->world) == PRIV_M;

    return m ? (k + OF_M) % TUI_CSR_COUNT : k;
}

void tui_draw_csrs(struct tui *t, const struct tui_area *a)
{
    unsigned columns = (a->columns + 1) / (WIDE_CELL + 1);
    unsigned rows = (TUI_CSR_COUNT + columns - 1) / columns;

    if (rows > a->rows)
        rows = a->rows;
    for (unsigned k = 0; k < rows * columns && k < TUI_CSR_COUNT; k++) {
        unsigned i = csr_index(t, k);

        draw_value(t, a, k % rows, k / rows * (WIDE_CELL + 1), WIDE_CELL,
                   csr_name(csrs[i]), 32 + i);
    }
}

/* ---- beside the code, with what they mean ---- */

static void status_text(uint64_t v, char *buf, size_t size)
{
    snprintf(buf, size, "%s%s%s%s", v & MSTATUS_SIE ? "SIE " : "",
             v & MSTATUS_SUM ? "SUM " : "", v & MSTATUS_MXR ? "MXR " : "",
             v & MSTATUS_SPP ? "SPP=S" : "SPP=U");
}

static void machine_status_text(uint64_t v, char *buf, size_t size)
{
    static const char *const modes[] = { "U", "S", "?", "M" };

    snprintf(buf, size, "%s%s%sMPP=%s", v & MSTATUS_MIE ? "MIE " : "",
             v & MSTATUS_SIE ? "SIE " : "", v & MSTATUS_MPRV ? "MPRV " : "",
             modes[field_get(v, MSTATUS_MPP)]);
}

static void satp_text(uint64_t v, char *buf, size_t size)
{
    unsigned levels = satp_levels(field_get(v, SATP_MODE));

    if (levels)
        snprintf(buf, size, "Sv%u ASID %u", 12 + 9 * levels,
                 (unsigned)field_get(v, SATP_ASID));
    else
        snprintf(buf, size, "untranslated");
}

static void csr_text(struct tui *t, unsigned csr, uint64_t v, char *buf,
                     size_t size)
{
    unsigned world = t->debugger->world;
    bool of_m = csr >> 8 == 3;
    char name[TUI_NAME_SIZE];

    buf[0] = '\0';
    switch (csr) {
    case CSR_sstatus:
        status_text(v, buf, size);
        break;
    case CSR_mstatus:
        machine_status_text(v, buf, size);
        break;
    case CSR_scause:
    case CSR_mcause:
        if (v || tui_csr(t, world, of_m ? CSR_mepc : CSR_sepc))
            snprintf(buf, size, "%s", cause_name(v));
        break;
    case CSR_satp:
        satp_text(v, buf, size);
        break;
    case CSR_sepc:
    case CSR_mepc:
    case CSR_stvec:
    case CSR_mtvec:
        if (v & ~TVEC_MODE)
            snprintf(buf, size, "%s",
                     tui_symbol(t, world,
                                tui_place(t, world, of_m ? PRIV_M : PRIV_S,
                                          v & ~TVEC_MODE),
                                name));
        break;
    default:
        break;
    }
}

void tui_draw_registers(struct tui *t, const struct tui_area *a)
{
    const struct debugger *d = t->debugger;

    for (unsigned k = 0; k < 32; k++)
        draw_value(t, a, k % TUI_REGISTERS_ROWS,
                   k / TUI_REGISTERS_ROWS * (CELL + 1), CELL, insn_x_name(k),
                   k);
    for (unsigned k = 0; k < TUI_CSR_COUNT; k++) {
        unsigned i = csr_index(t, k), row = TUI_REGISTERS_ROWS + 1 + k;
        char text[TUI_NAME_SIZE];

        if (row >= a->rows)
            return;
        draw_value(t, a, row, 0, WIDE_CELL, csr_name(csrs[i]), 32 + i);
        csr_text(t, csrs[i], value(d->session, d->world, d->hart, 32 + i), text,
                 sizeof text);
        tui_put(a, row, WIDE_CELL + 1, TUI_FAINT, text);
    }
}
