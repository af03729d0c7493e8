/* Names for the places where a guest exits: instruction and function. */
#ifndef POGO_CLI_SITE_NAMES_H
#define POGO_CLI_SITE_NAMES_H

#include "check/exit_sites.h"
#include "cli/exit_names.h"

/* "csrrw tp, sscratch, tp in handle_exception", an exit_namer
   (check/exit_groups.h) whose context is a struct exit_names. */
void site_names_namer(void *context, const struct exit_site *s, char *buf,
                      size_t size);

#endif
