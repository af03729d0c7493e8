#include "cli/key_text.h"

#include <linux/input-event-codes.h>
#include <string.h>

#include "devices/virtio_input.h"

/* The keys that have characters: without and with Shift. */
static const struct {
    char plain, shifted;
    uint16_t code;
} characters[] = {
    { '`', '~', KEY_GRAVE },
    { '1', '!', KEY_1 },
    { '2', '@', KEY_2 },
    { '3', '#', KEY_3 },
    { '4', '$', KEY_4 },
    { '5', '%', KEY_5 },
    { '6', '^', KEY_6 },
    { '7', '&', KEY_7 },
    { '8', '*', KEY_8 },
    { '9', '(', KEY_9 },
    { '0', ')', KEY_0 },
    { '-', '_', KEY_MINUS },
    { '=', '+', KEY_EQUAL },
    { 'q', 'Q', KEY_Q },
    { 'w', 'W', KEY_W },
    { 'e', 'E', KEY_E },
    { 'r', 'R', KEY_R },
    { 't', 'T', KEY_T },
    { 'y', 'Y', KEY_Y },
    { 'u', 'U', KEY_U },
    { 'i', 'I', KEY_I },
    { 'o', 'O', KEY_O },
    { 'p', 'P', KEY_P },
    { '[', '{', KEY_LEFTBRACE },
    { ']', '}', KEY_RIGHTBRACE },
    { '\\', '|', KEY_BACKSLASH },
    { 'a', 'A', KEY_A },
    { 's', 'S', KEY_S },
    { 'd', 'D', KEY_D },
    { 'f', 'F', KEY_F },
    { 'g', 'G', KEY_G },
    { 'h', 'H', KEY_H },
    { 'j', 'J', KEY_J },
    { 'k', 'K', KEY_K },
    { 'l', 'L', KEY_L },
    { ';', ':', KEY_SEMICOLON },
    { '\'', '"', KEY_APOSTROPHE },
    { 'z', 'Z', KEY_Z },
    { 'x', 'X', KEY_X },
    { 'c', 'C', KEY_C },
    { 'v', 'V', KEY_V },
    { 'b', 'B', KEY_B },
    { 'n', 'N', KEY_N },
    { 'm', 'M', KEY_M },
    { ',', '<', KEY_COMMA },
    { '.', '>', KEY_DOT },
    { '/', '?', KEY_SLASH },
    { ' ', '\0', KEY_SPACE },
    { '\n', '\0', KEY_ENTER },
    { '\r', '\0', KEY_ENTER },
    { '\t', '\0', KEY_TAB },
    { '\b', '\0', KEY_BACKSPACE },
    { '\x7f', '\0', KEY_BACKSPACE },
    { '\x1b', '\0', KEY_ESC },
};

struct key_name {
    const char *name;
    uint16_t code;
};

static const struct key_name names[] = {
    { "enter", KEY_ENTER },
    { "esc", KEY_ESC },
    { "tab", KEY_TAB },
    { "backspace", KEY_BACKSPACE },
    { "space", KEY_SPACE },
    { "up", KEY_UP },
    { "down", KEY_DOWN },
    { "left", KEY_LEFT },
    { "right", KEY_RIGHT },
    { "home", KEY_HOME },
    { "end", KEY_END },
    { "pageup", KEY_PAGEUP },
    { "pagedown", KEY_PAGEDOWN },
    { "insert", KEY_INSERT },
    { "delete", KEY_DELETE },
    { "capslock", KEY_CAPSLOCK },
    { "numlock", KEY_NUMLOCK },
    { "scrolllock", KEY_SCROLLLOCK },
    { "pause", KEY_PAUSE },
    { "sysrq", KEY_SYSRQ },
    { "menu", KEY_COMPOSE },
    { "f1", KEY_F1 },
    { "f2", KEY_F2 },
    { "f3", KEY_F3 },
    { "f4", KEY_F4 },
    { "f5", KEY_F5 },
    { "f6", KEY_F6 },
    { "f7", KEY_F7 },
    { "f8", KEY_F8 },
    { "f9", KEY_F9 },
    { "f10", KEY_F10 },
    { "f11", KEY_F11 },
    { "f12", KEY_F12 },
    { "ctrl", KEY_LEFTCTRL },
    { "shift", KEY_LEFTSHIFT },
    { "alt", KEY_LEFTALT },
    { "meta", KEY_LEFTMETA },
};

/* What may stand before another key, with a '-' between them. */
static const struct key_name modifiers[] = {
    { "ctrl-", KEY_LEFTCTRL },
    { "shift-", KEY_LEFTSHIFT },
    { "alt-", KEY_LEFTALT },
    { "meta-", KEY_LEFTMETA },
};
#define MODIFIERS (sizeof modifiers / sizeof modifiers[0])

/* A key, and which modifiers (bit k: modifiers[k]) are held meanwhile. */
struct stroke {
    uint16_t code;
    unsigned held;
};
#define HELD_SHIFT 2u

static uint8_t *put(uint8_t *out, uint16_t code, bool down)
{
    virtio_input_event(out, EV_KEY, code, down);
    virtio_input_event(out + VIRTIO_INPUT_EVENT, EV_SYN, SYN_REPORT, 0);
    return out + 2 * VIRTIO_INPUT_EVENT;
}

static uint8_t *put_stroke(uint8_t *out, const struct stroke *s)
{
    for (unsigned k = 0; k < MODIFIERS; k++)
        if (s->held >> k & 1)
            out = put(out, modifiers[k].code, true);
    out = put(out, s->code, true);
    out = put(out, s->code, false);
    for (unsigned k = MODIFIERS; k-- > 0;)
        if (s->held >> k & 1)
            out = put(out, modifiers[k].code, false);
    return out;
}

static bool find_character(char c, struct stroke *s)
{
    for (size_t k = 0; c && k < sizeof characters / sizeof characters[0]; k++)
        if (c == characters[k].plain || c == characters[k].shifted) {
            s->code = characters[k].code;
            s->held |= c == characters[k].shifted ? HELD_SHIFT : 0;
            return true;
        }
    return false;
}

/* The key of this name, n bytes of text. */
static bool find_name(const char *text, size_t n, struct stroke *s)
{
    if (n == 1)
        return find_character(*text, s);
    if (n == 2 && memcmp(text, "lt", 2) == 0)
        return find_character('<', s);
    for (size_t k = 0; k < sizeof names / sizeof names[0]; k++)
        if (strlen(names[k].name) == n && memcmp(names[k].name, text, n) == 0) {
            s->code = names[k].code;
            return true;
        }
    return false;
}

/* What stands between '<' and '>', n bytes. */
static bool find_named(const char *text, size_t n, struct stroke *s)
{
    for (unsigned k = 0; k < MODIFIERS; k++) {
        size_t length = strlen(modifiers[k].name);

        if (n > length && memcmp(text, modifiers[k].name, length) == 0 &&
            !(s->held >> k & 1)) {
            s->held |= 1u << k;
            return find_named(text + length, n - length, s);
        }
    }
    return find_name(text, n, s);
}

const char *key_text(const char *text, size_t n, uint8_t *out, size_t *events,
                     size_t *at)
{
    uint8_t *to = out;
    size_t used;

    for (*at = 0; *at < n; *at += used) {
        const char *from = text + *at, *close = memchr(from, '>', n - *at);
        struct stroke s = { 0 };

        used = 1;
        if (*from == '<') {
            if (!close)
                return "a '<' begins a key's name, such as <up>; itself it is "
                       "<lt>";
            used = (size_t)(close - from) + 1;
            if (!find_named(from + 1, used - 2, &s))
                return "there is no key of that name: write <up>, <f1>, "
                       "<ctrl-c>; a '<' itself is <lt>";
        } else if (!find_character(*from, &s)) {
            return "a US keyboard has no key for this character";
        }
        to = put_stroke(to, &s);
    }
    *events = (size_t)(to - out);
    return NULL;
}
