/* A small program under the text screen, for its tests. */
#ifndef POGO_TESTS_TUI_RIG_H
#define POGO_TESTS_TUI_RIG_H

#include "ui/tui/tui.h"
#include "vmm/world.h"

#define START CODE        /* li a0, 5; jal twice */
#define LOOP  (CODE + 8)  /* loop: csrw mscratch, t0; addi t0, t0, 1; j loop */
#define TWICE (CODE + 20) /* twice: add a0, a0, a0; ret */

struct tui_rig {
    struct world w;
    struct symbol_sets symbols;
    struct disassembler disassembler;
    struct exit_log names;
    struct debugger debugger;
    struct tui_screen screen;
    struct tui tui;
    char row[512]; /* tui_row's */
};

/* At `depth`, before its first instruction, with history. */
void tui_rig_make(struct tui_rig *r, unsigned depth);
void tui_rig_free(struct tui_rig *r);

/* Draws it in that size. */
void tui_rig_draw(struct tui_rig *r, unsigned rows, unsigned columns);
/* A row of what was drawn. */
const char *tui_row(struct tui_rig *r, unsigned row);
/* The first row with that text in it; -1: none. */
int tui_row_with(struct tui_rig *r, const char *text);
/* The style of its first character. */
unsigned tui_style_of(struct tui_rig *r, const char *text);
/* Keys one after the other. */
void tui_type(struct tui_rig *r, const char *keys);

#endif
