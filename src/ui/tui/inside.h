/* Inside the text screen only: what its panes share. */
#ifndef POGO_UI_TUI_INSIDE_H
#define POGO_UI_TUI_INSIDE_H

#include "ui/tui/tui.h"

typedef unsigned long long ull;

#define TUI_NAME_SIZE 128 /* bytes that are enough for these */

/* ---- place.c: worlds, modes, addresses ---- */

/* "bare", "vm1" */
const char *tui_world_name(unsigned world, char buf[TUI_NAME_SIZE]);
/* The guest's world: the one looked at; if that is no guest's, the one that
   runs. */
unsigned tui_guest(const struct tui *t);
/* The world whose monitor makes this one, which is not the bare machine. */
unsigned tui_below(const struct tui *t, unsigned world);
const struct exit_log *tui_names(const struct tui *t, unsigned world);
uint64_t tui_reg(const struct tui *t, unsigned world, unsigned reg);
uint64_t tui_csr(const struct tui *t, unsigned world, unsigned csr);
/* The present view: its mode, and its pc. */
unsigned tui_mode(const struct tui *t, unsigned world);
uint64_t tui_pc(const struct tui *t);
/* Where symbols for `va` are looked for; with `mode`, as that mode has it. */
struct symbol_place tui_place(const struct tui *t, unsigned world,
                              unsigned mode, uint64_t va);
/* "main+0x4", or "0x80001234" */
const char *tui_symbol(const struct tui *t, unsigned world,
                       struct symbol_place p, char buf[TUI_NAME_SIZE]);
/* What a user has written: 0x…, a symbol, a register; with +N or -N. */
bool tui_address(const struct tui *t, const char *text, uint64_t *va);

/* The instruction at va, as the world's hart has it; 0: none. */
uint32_t tui_fetch(const struct tui *t, unsigned world, uint64_t va);
unsigned tui_length(uint32_t raw); /* bytes */

/* ---- code.c ---- */

/* The instruction before the one at va, as far as can be told. */
uint64_t tui_code_before(const struct tui *t, uint64_t va);
uint64_t tui_code_after(const struct tui *t, uint64_t va);
void tui_draw_code(struct tui *t, const struct tui_area *a);

/* ---- source.c ---- */

/* "trap.c:45  w_stvec(…);": the line, and its text where the file can be
   read. */
void tui_source(const struct source_line *l, char *buf, size_t size);

/* ---- registers.c ---- */

#define TUI_REGISTERS_COLUMNS 43
#define TUI_REGISTERS_ROWS    16

/* The registers; below them as many CSRs as there is room for. */
void tui_draw_registers(struct tui *t, const struct tui_area *a);
void tui_draw_csrs(struct tui *t, const struct tui_area *a);
/* Keeps what is now, to be compared with. */
void tui_remember(struct tui *t);

/* ---- the lower pane's pages: each fills t->page ---- */

void tui_page_traps(struct tui *t, unsigned columns); /* traps.c */
void tui_page_walk(struct tui *t, unsigned columns);  /* walk.c */
void tui_page_help(struct tui *t);                    /* help.c */

/* ---- run.c ---- */

void tui_step(struct tui *t);
void tui_next(struct tui *t);
void tui_continue(struct tui *t);
void tui_step_back(struct tui *t);
void tui_continue_back(struct tui *t);
void tui_go_to_time(struct tui *t, uint64_t time);
void tui_command(struct tui *t, const char *line);
void tui_toggle_break(struct tui *t);
/* The stop point at that address in the world looked at; 0: none. */
unsigned tui_break_at(const struct tui *t, uint64_t va);
/* The view follows pc. */
void tui_look_at_pc(struct tui *t);

/* ---- prompt.c ---- */

void tui_ask(struct tui *t, enum tui_prompt p);
void tui_answer(struct tui *t, int key);
const char *tui_question(enum tui_prompt p);

#endif
