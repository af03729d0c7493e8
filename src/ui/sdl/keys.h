/* Keys of a keyboard, by where they are on it: SDL's numbers and Linux's. */
#ifndef POGO_UI_SDL_KEYS_H
#define POGO_UI_SDL_KEYS_H

#include <SDL2/SDL_scancode.h>

#include "base/bits.h"

/* The input code (<linux/input-event-codes.h>) of a key; 0: it has none. */
uint16_t sdl_key_code(SDL_Scancode key);

#endif
