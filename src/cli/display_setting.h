/* `--display sdl|none[,size=WxH]`: what it says. */
#ifndef POGO_CLI_DISPLAY_SETTING_H
#define POGO_CLI_DISPLAY_SETTING_H

#include "devices/display.h"

struct display_setting {
    bool window; /* it is to be shown in one */
    uint32_t width, height;
};

/*
 * Reads a --display value; NULL is "none". False: it is something else, or the
 * size is not one that a display can have.
 */
bool display_setting(const char *text, struct display_setting *out);

#endif
