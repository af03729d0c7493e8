/* Lines that are typed into the last row. */
#include "ui/tui/inside.h"

#include <stdio.h>
#include <string.h>

const char *tui_question(enum tui_prompt p)
{
    static const char *const texts[] = {
        [TUI_NO_PROMPT] = "",
        [TUI_GOTO] = "go to (0xADDRESS, a symbol, or a time): ",
        [TUI_ADDRESS] = "page walk of (0xADDRESS, a symbol, a register): ",
        [TUI_COMMAND] = ":",
        [TUI_TYPE] = "to the guest's console: ",
    };

    return texts[p];
}

void tui_ask(struct tui *t, enum tui_prompt p)
{
    t->prompt = p;
    t->typed_length = 0;
    t->typed[0] = '\0';
}

/* A number in decimal is a time, the rest an address. */
static bool is_time(const char *text, uint64_t *time)
{
    uint64_t v = 0;

    for (const char *p = text; *p; p++) {
        if (*p < '0' || *p > '9' || v > UINT64_MAX / 10 - 1)
            return false;
        v = 10 * v + (uint64_t)(*p - '0');
    }
    *time = v;
    return *text != '\0';
}

static void complain_about(struct tui *t, const char *text)
{
    snprintf(t->message, sizeof t->message,
             "there is no symbol '%.60s' here: 0x... is an address", text);
}

static void go_to(struct tui *t, const char *text)
{
    uint64_t v;

    if (is_time(text, &v))
        tui_go_to_time(t, v);
    else if (tui_address(t, text, &v))
        t->cursor = v & ~UINT64_C(1);
    else
        complain_about(t, text);
}

static void ask_walk(struct tui *t, const char *text)
{
    uint64_t v = 0;

    t->tab = TUI_WALK;
    t->scroll[TUI_WALK] = 0;
    if (!*text) {
        t->walks_at = false;
    } else if (tui_address(t, text, &v)) {
        t->walks_at = true;
        t->walk_va = v;
    } else {
        complain_about(t, text);
    }
}

static void type_line(struct tui *t, char *text, size_t n)
{
    text[n] = '\r'; /* as the key Enter sends it */
    if (!t->ends.type ||
        t->ends.type(t->ends.context, (const uint8_t *)text, n + 1) < n + 1)
        snprintf(t->message, sizeof t->message,
                 "the guest's console takes no keys now");
    else
        snprintf(t->message, sizeof t->message,
                 "the guest gets it when it runs on");
}

static void enter(struct tui *t)
{
    enum tui_prompt p = t->prompt;
    char text[sizeof t->typed + 1];

    memcpy(text, t->typed, t->typed_length + 1);
    t->prompt = TUI_NO_PROMPT;
    if (p == TUI_ADDRESS)
        ask_walk(t, text);
    else if (p == TUI_TYPE)
        type_line(t, text, t->typed_length);
    else if (!*text)
        return;
    else if (p == TUI_GOTO)
        go_to(t, text);
    else
        memcpy(t->last_command, t->typed, sizeof t->typed);
    if (p == TUI_COMMAND)
        tui_command(t, text);
}

static void recall(struct tui *t)
{
    snprintf(t->typed, sizeof t->typed, "%s", t->last_command);
    t->typed_length = strlen(t->typed);
}

void tui_answer(struct tui *t, int key)
{
    size_t *n = &t->typed_length;

    switch (key) {
    case TUI_KEY_ENTER:
        enter(t);
        return;
    case TUI_KEY_ESCAPE:
    case TUI_KEY_CTRL_C:
        t->prompt = TUI_NO_PROMPT;
        return;
    case TUI_KEY_BACKSPACE:
        if (*n == 0)
            t->prompt = TUI_NO_PROMPT;
        else
            --*n;
        break;
    case TUI_KEY_CTRL_U:
        *n = 0;
        break;
    case TUI_KEY_UP:
        if (t->prompt == TUI_COMMAND)
            recall(t);
        break;
    default:
        if (key >= ' ' && key <= '~' && *n + 2 < sizeof t->typed)
            t->typed[(*n)++] = (char)key;
    }
    t->typed[*n] = '\0';
}
