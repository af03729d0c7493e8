/* `--symbols FILE[@WORLD][+OFFSET]`: what it says, and to whom. */
#ifndef POGO_CLI_SYMBOL_SETTING_H
#define POGO_CLI_SYMBOL_SETTING_H

#include <limits.h>

#include "base/error.h"
#include "cli/options.h"

struct symbol_setting {
    char path[PATH_MAX];
    char world[16];  /* "": the guest */
    uint64_t offset; /* modulo 2^64 */
};

/*
 * Reads a --symbols value: a path; behind an @ a word, which names a machine;
 * and behind a + or - a number in hex, which begins with 0x. A path that ends
 * like that needs these too. False: the path is empty or too long.
 */
bool symbol_setting(const char *text, struct symbol_setting *out);

/* A machine that a world may name. */
struct symbol_machine {
    uint64_t depth;   /* its own level: 0 is the bare one */
    const char *name; /* of one of several side by side; NULL: it is alone … */
    unsigned number;  /* … from 1 */
};

/*
 * Is it said of this machine, and of which level? Alone a machine has levels
 * from 0, also called `bare`, to its depth, the guest's: `2` or `vm2`. Of
 * several one is named, or its number is: `server`, `2`, `vm2`. `guest` is any.
 */
bool symbol_setting_is_for(const struct symbol_setting *s,
                           const struct symbol_machine *m, unsigned *level);

/* Does each name one of the `machines`? STATUS_BAD_ARGUMENT: e says which does
   not. */
enum status symbol_settings_check(const struct option_list *l,
                                  const struct symbol_machine *m,
                                  unsigned machines, struct error *e);

#endif
