/* The page of keys. */
#include "ui/tui/inside.h"

static const struct {
    const char *keys, *what;
} rows[] = {
    { "s  F7", "one instruction of this hart, in this world" },
    { "n  F8", "the same, but a call or ecall as a whole" },
    { "c  F5", "run on to the next stop point; Ctrl-C stops it" },
    { "S", "back by one instruction" },
    { "C", "back to the last stop point before" },
    { "B", "set or take away a breakpoint where the cursor is" },
    { "up down j k", "move the cursor; so do PgUp and PgDn, by a page" },
    { "Home  .", "the cursor to pc" },
    { "g", "go to an address (0x...) or a symbol; or a number: to that time" },
    { "l", "show source lines, or do not" },
    { "w", "the next world: the guest's, then those below it" },
    { "h", "the next hart" },
    { "Tab", "the lower pane's next page; Shift-Tab: the one before" },
    { "1 ... 6", "or its page of that number" },
    { "J K", "scroll it, by a row;  [ ] by half a page" },
    { "+ -  z", "it gets a row more, or less; it gets all of the screen" },
    { "p", "choose the address whose page walk is shown (none: pc)" },
    { "i", "type a line for the guest's console" },
    { ":", "a command: help lists them" },
    { "?  q", "this page;  quit" },
};

void tui_page_help(struct tui *t)
{
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        tui_text_say(&t->page, TUI_PLAIN, "  %-13s%s", rows[k].keys,
                     rows[k].what);
}
