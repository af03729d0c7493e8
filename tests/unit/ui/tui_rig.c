#include "ui/tui_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "debug/world_session.h"

static void add_symbols(struct tui_rig *r)
{
    const struct symbol_scope scope = { .level = r->w.depth };
    char path[] = "/tmp/pogo-tui-XXXXXX";
    struct error e;
    int fd = mkstemp(path);
    FILE *f = fd >= 0 ? fdopen(fd, "w") : NULL;

    assert_non_null(f);
    fprintf(f, "%llx T start\n%llx T loop\n%llx T twice\n",
            (unsigned long long)START, (unsigned long long)LOOP,
            (unsigned long long)TWICE);
    fclose(f);
    assert_int_equal(symbol_sets_add_file(&r->symbols, scope, path, 0, &e),
                     STATUS_OK);
    unlink(path);
}

void tui_rig_make(struct tui_rig *r, unsigned depth)
{
    const uint32_t code[] = {
        addi(A0, 0, 5),
        0x010000ef /* jal ra, twice */,
        csr(CSRRW, 0, CSR_mscratch, T0),
        addi(T0, T0, 1),
        0xff9ff06f /* j loop */,
        add(A0, A0, A0),
        jalr(0, 1) /* ret */,
    };
    const struct tui_ends none = { 0 };

    memset(r, 0, sizeof *r);
    world_make(&r->w, depth, 1);
    world_code(&r->w, CODE, code, sizeof code / sizeof *code);
    world_set_reg(&r->w, REG_PC, START);
    disassembler_init(&r->disassembler, r->w.m->isa);
    r->names = (struct exit_log){ &r->symbols, &r->disassembler };
    add_symbols(r);
    r->debugger = (struct debugger){
        .session = world_session(&r->w, UINT64_C(1) << 26),
        .names = &r->names,
        .world = depth,
    };
    tui_begin(&r->tui, &r->debugger, &none);
}

void tui_rig_free(struct tui_rig *r)
{
    tui_end(&r->tui);
    tui_screen_free(&r->screen);
    session_free(r->debugger.session);
    disassembler_free(&r->disassembler);
    symbol_sets_free(&r->symbols);
    world_free(&r->w);
}

void tui_rig_draw(struct tui_rig *r, unsigned rows, unsigned columns)
{
    assert_true(tui_screen_resize(&r->screen, rows, columns));
    tui_draw(&r->tui, &r->screen);
}

const char *tui_row(struct tui_rig *r, unsigned row)
{
    tui_screen_row(&r->screen, row, r->row, sizeof r->row);
    return r->row;
}

int tui_row_with(struct tui_rig *r, const char *text)
{
    for (unsigned row = 0; row < r->screen.rows; row++)
        if (strstr(tui_row(r, row), text))
            return (int)row;
    return -1;
}

unsigned tui_style_of(struct tui_rig *r, const char *text)
{
    int row = tui_row_with(r, text);

    assert_true(row >= 0);
    for (unsigned k = 0; k + strlen(text) <= r->screen.columns; k++) {
        const struct tui_cell *c =
            &r->screen.cell[(unsigned)row * r->screen.columns + k];
        size_t n = 0;

        while (text[n] && c[n].ch == (uint8_t)text[n])
            n++;
        if (!text[n])
            return c->style;
    }
    return TUI_STYLES;
}

void tui_type(struct tui_rig *r, const char *keys)
{
    for (; *keys; keys++)
        tui_press(&r->tui, *keys == '\n' ? TUI_KEY_ENTER : *keys);
}
