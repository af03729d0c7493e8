/*
 * Sites of exits under names of the caller's, such as an instruction and the
 * function that it is in: those with one name are put together.
 */
#ifndef POGO_CHECK_EXIT_GROUPS_H
#define POGO_CHECK_EXIT_GROUPS_H

#include "check/exit_sites.h"

#define EXIT_GROUP_NAME 128

struct exit_group {
    char name[EXIT_GROUP_NAME]; /* terminated */
    uint8_t class;              /* the sites' */
    struct tally tally;
};

/* Writes the name of `s`, terminated, into buf. */
typedef void exit_namer(void *context, const struct exit_site *s, char *buf,
                        size_t size);

/*
 * The groups of sites that have a class and a name in common, those with most
 * exits first. They are the caller's, to free(). NULL, and *count = 0: there
 * are none, or no memory.
 */
struct exit_group *exit_groups_make(const struct exit_sites *s,
                                    exit_namer *namer, void *context,
                                    size_t *count);

#endif
