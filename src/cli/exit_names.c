#include "cli/exit_names.h"

#include <string.h>

static void add_images(struct exit_names *n, const struct run_settings *s,
                       const struct run_files *f)
{
    const struct symbol_scope guest = { .level = (unsigned)s->depth };

    if (f->has_bios)
        symbol_sets_add(&n->symbols, guest, &f->bios, 0);
    if (f->has_kernel)
        symbol_sets_add(&n->symbols, guest, &f->kernel, 0);
}

static enum status add_file(struct exit_names *n, const char *text,
                            const struct symbol_machine *who, struct error *e)
{
    struct symbol_setting setting;
    struct symbol_scope scope = { .level = 0 };

    symbol_setting(text, &setting);
    if (!symbol_setting_is_for(&setting, who, &scope.level))
        return STATUS_OK;
    return symbol_sets_add_file(&n->symbols, scope, setting.path,
                                setting.offset, e);
}

enum status exit_names_init(struct exit_names *n, const struct run_settings *s,
                            const struct run_files *f,
                            const struct symbol_machine *who, struct error *e)
{
    const struct symbol_machine alone = { .depth = s->depth };
    enum status status = STATUS_OK;

    memset(n, 0, sizeof *n);
    disassembler_init(&n->disassembler, &s->isa_set);
    n->log = (struct exit_log){ .symbols = &n->symbols,
                                .disassembler = &n->disassembler };
    add_images(n, s, f);
    for (unsigned k = 0; k < s->symbols.count && status == STATUS_OK; k++)
        status = add_file(n, s->symbols.text[k], who ? who : &alone, e);
    return status;
}

void exit_names_free(struct exit_names *n)
{
    symbol_sets_free(&n->symbols);
    disassembler_free(&n->disassembler);
}
