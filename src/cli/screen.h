/*
 * The screen of a run: a display for the machine, the window that shows it if
 * there is one, and the picture that is taken of it at the end.
 */
#ifndef POGO_CLI_SCREEN_H
#define POGO_CLI_SCREEN_H

#include "cli/host_console.h"
#include "cli/run_settings.h"
#include "ui/window.h"

/* Zeroed to begin with. It must stay where it is while it is open. */
struct screen {
    struct display display;
    bool present; /* the machine has it */
    struct window *window;
    struct host_source source; /* the window's, if there is one */
    struct board *board; /* borrowed; whose keyboard and tablet are used */
};

/*
 * Opens what the settings say; a window becomes a source of `console`.
 * STATUS_IO: the window cannot be opened, and e says why. screen_close in any
 * case.
 */
enum status screen_open(struct screen *s, const struct run_settings *settings,
                        struct host_console *console, struct error *e);
void screen_close(struct screen *s);

/* For the machine that is to be made: NULL if it has no screen. */
struct display *screen_display(struct screen *s);

/* Input goes to this board's devices from now on. */
void screen_attach(struct screen *s, struct board *b);

/* Writes the picture that the settings ask for, if they do. STATUS_IO: e. */
enum status screen_shot(const struct screen *s,
                        const struct run_settings *settings, struct error *e);

#endif
