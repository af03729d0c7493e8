/* Names for the places where a guest exits: instruction and function. */
#ifndef POGO_CLI_SITE_NAMES_H
#define POGO_CLI_SITE_NAMES_H

#include "check/exit_sites.h"
#include "cli/guest.h"
#include "debug/disassemble.h"
#include "debug/symbols.h"

struct site_names {
    struct symbols symbols;
    struct disassembler disassembler;
};

/*
 * The functions that the guest's ELF files name, and those of `file`, which is
 * an ELF file or a list like System.map (NULL: none). On error e says what is
 * wrong with it; site_names_close in any case.
 */
enum status site_names_open(struct site_names *n, const struct guest *g,
                            const char *file, struct error *e);
void site_names_close(struct site_names *n);

/* "csrrw tp, sscratch, tp in handle_exception", an exit_namer
   (check/exit_groups.h) whose context is a struct site_names. */
void site_names_namer(void *context, const struct exit_site *s, char *buf,
                      size_t size);

#endif
