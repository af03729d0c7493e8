/*
 * The debugger on a text screen: what is looked at, what keys do, and how it is
 * drawn into a grid of characters (screen.h). A terminal (terminal.h) shows the
 * grid and sends the keys; nothing here needs one.
 */
#ifndef POGO_UI_TUI_TUI_H
#define POGO_UI_TUI_TUI_H

#include "debug/debugger.h"
#include "debug/programs.h"
#include "ui/tui/exits.h"
#include "ui/tui/screen.h"
#include "ui/tui/text.h"

/* The smallest screen that it fits on. */
#define TUI_LEAST_ROWS    20
#define TUI_LEAST_COLUMNS 72

/* What the lower pane shows. */
enum tui_tab {
    TUI_TRAPS, /* in each world: who runs, and who took the last trap */
    TUI_WALK,  /* the page walk of an address */
    TUI_EXITS, /* the last exits */
    TUI_CSRS,
    TUI_CONSOLE, /* what the guest has put out */
    TUI_OUTPUT,  /* what commands have answered */
    TUI_TABS
};

/* What the last row asks for. */
enum tui_prompt {
    TUI_NO_PROMPT,
    TUI_GOTO,    /* an address or symbol to look at, or a time to go to */
    TUI_ADDRESS, /* whose page walk to show */
    TUI_COMMAND, /* a line for debug/commands.h */
    TUI_TYPE,    /* a line for the guest's console */
};

/* What is compared from stop to stop: x0 to x31, then the CSRs that are shown
   (registers.h). */
#define TUI_CSR_COUNT 20
#define TUI_VALUES    (32 + TUI_CSR_COUNT)

/* What the screen asks of whoever made the session. */
struct tui_ends {
    void (*begin)(void *context); /* a run begins: nobody has interrupted it */
    /* After SESSION_RESET: debugger->session is made anew. False: it cannot be,
       and there is none. */
    bool (*reset)(void *context);
    /* The programs whose starts the session stops at; borrowed, may be NULL. */
    struct programs *programs;
    /* Keys for the guest's console; returns how many were taken. May be NULL:
       it has no keyboard. */
    size_t (*type)(void *context, const uint8_t *bytes, size_t n);
    void *context;
};

struct tui {
    struct debugger *debugger; /* borrowed */
    struct tui_ends ends;

    enum session_end end; /* why it stands … */
    char why[160];        /* … in words */
    bool running;

    /* Code: where the cursor is, the instruction of the first row, and whether
       source lines are shown. */
    uint64_t cursor, top;
    unsigned code_rows; /* as it was drawn last */
    bool no_source;

    uint64_t before[SESSION_WORLDS][BOARD_MAX_HARTS][TUI_VALUES];

    enum tui_tab tab;
    unsigned scroll[TUI_TABS + 1]; /* lines: from the first or, of what grows,
                                      from the last; and of the page of keys */
    unsigned page_rows;            /* of the lower pane, as it was drawn last */
    int taller;                    /* rows that the lower pane has more */
    bool zoomed;                   /* it has all of them */
    bool help;                     /* the page of keys is shown in its place */

    bool walks_at; /* the page walk is that of walk_va; else that of pc */
    uint64_t walk_va;

    struct tui_exits exits;
    struct tui_text console, output;
    struct tui_text page; /* what the lower pane shows: made for each frame */

    enum tui_prompt prompt;
    char typed[160]; /* the answer so far */
    size_t typed_length;
    char last_command[160];
    char message[160]; /* a sentence until the next key; "": none */
    bool quit;
};

/* The debugger has its session, which stands. tui_end frees what is kept, while
   session and machines are still there, if they are. */
void tui_begin(struct tui *t, struct debugger *d, const struct tui_ends *ends);
void tui_end(struct tui *t);

/* ---- keys ---- */

/* What a terminal sends besides characters. */
enum tui_key {
    TUI_KEY_NONE = 0,
    TUI_KEY_CTRL_C = 3,
    TUI_KEY_CTRL_U = 21,
    TUI_KEY_ESCAPE = 27,
    TUI_KEY_UP = 0x100,
    TUI_KEY_DOWN,
    TUI_KEY_PAGE_UP,
    TUI_KEY_PAGE_DOWN,
    TUI_KEY_HOME,
    TUI_KEY_BACKSPACE,
    TUI_KEY_ENTER,
    TUI_KEY_BACKTAB,
    TUI_KEY_RESIZE,     /* the terminal has another size */
    TUI_KEY_F1 = 0x200, /* F2 is the next … */
    TUI_KEY_F12 = TUI_KEY_F1 + 11,
};

/* Does what the key says; the session may run meanwhile. t->quit: it is to
   end. */
void tui_press(struct tui *t, int key);

/* While it runs: the key has been obeyed, or asks for the run to end, or is for
   tui_press, then. */
enum tui_running { TUI_RUN_ON, TUI_RUN_STOPS, TUI_RUN_LATER };
enum tui_running tui_press_running(struct tui *t, int key);

/* Output of the guest's. */
void tui_console(struct tui *t, const uint8_t *bytes, size_t n);

/* ---- drawing ---- */

/* The whole screen, of the size that s has. */
void tui_draw(struct tui *t, struct tui_screen *s);

/* While it runs: only what is worth looking at then. */
void tui_draw_running(struct tui *t, struct tui_screen *s);

#endif
