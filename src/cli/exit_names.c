#include "cli/exit_names.h"

#include <string.h>

void exit_names_init(struct exit_names *n, const struct isa *isa,
                     const struct run_files *f)
{
    memset(n, 0, sizeof *n);
    disassembler_init(&n->disassembler, isa);
    if (f->has_bios)
        symbols_add(&n->symbols, &f->bios);
    if (f->has_kernel)
        symbols_add(&n->symbols, &f->kernel);
    n->log = (struct exit_log){ .symbols = &n->symbols,
                                .disassembler = &n->disassembler };
}

void exit_names_free(struct exit_names *n)
{
    symbols_free(&n->symbols);
    disassembler_free(&n->disassembler);
}
