#include "cli/display_setting.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* If the text begins with `word`, what follows it; else NULL. */
static const char *behind(const char *text, const char *word)
{
    size_t n = strlen(word);

    return strncmp(text, word, n) == 0 ? text + n : NULL;
}

/* One side of a size, ended by `end`; NULL, or what is behind that. */
static const char *read_side(const char *text, char end, uint32_t *side)
{
    unsigned long v;
    char *rest;

    if (!text || !isdigit((unsigned char)*text))
        return NULL;
    v = strtoul(text, &rest, 10);
    if (*rest != end || v < DISPLAY_LEAST || v > DISPLAY_MOST)
        return NULL;
    *side = (uint32_t)v;
    return end ? rest + 1 : rest;
}

bool display_setting(const char *text, struct display_setting *out)
{
    const char *rest;

    *out = (struct display_setting){ .width = DISPLAY_WIDTH,
                                     .height = DISPLAY_HEIGHT };
    if (!text)
        return true;
    rest = behind(text, "none");
    if (!rest) {
        rest = behind(text, "sdl");
        out->window = true;
    }
    if (!rest)
        return false;
    if (*rest == '\0')
        return true;
    rest = read_side(behind(rest, ",size="), 'x', &out->width);
    return read_side(rest, '\0', &out->height) != NULL;
}
