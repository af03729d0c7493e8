/* The terminal of a text screen, through ncurses: shows a grid, sends keys. */
#ifndef POGO_UI_TUI_TERMINAL_H
#define POGO_UI_TUI_TERMINAL_H

#include "ui/tui/screen.h"

/* Standard input and output become the screen. False: they are no terminal, or
   of a kind ($TERM) that ncurses does not know or that cannot move its cursor.
   */
bool tui_terminal_open(void);
/* Gives it back as it was. */
void tui_terminal_close(void);

void tui_terminal_size(unsigned *rows, unsigned *columns);
/* Only what differs from what is there is sent. */
void tui_terminal_show(const struct tui_screen *s);
/* A key (enum tui_key, or a character), waited for at most `ms` milliseconds;
   a signal ends the wait. TUI_KEY_NONE: none has come. *gone: the terminal
   is. */
int tui_terminal_key(int ms, bool *gone);

#endif
