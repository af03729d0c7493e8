#include "cli/site_names.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "machine/error_say.h"

#define FILE_LIMIT (UINT64_C(1) << 30) /* bytes */

enum status site_names_add(struct exit_names *n, const char *file,
                           struct error *e)
{
    struct image i;
    unsigned line = 0;
    enum status s = image_read(&i, file, false, FILE_LIMIT, e);

    if (s != STATUS_OK)
        return s;
    if (i.size >= 4 && memcmp(i.bytes, "\177ELF", 4) == 0)
        s = symbols_add(&n->symbols, &i);
    else
        s = symbols_add_list(&n->symbols, &i, &line);
    image_free(&i);
    if (s == STATUS_BAD_FORMAT)
        error_say(e, s,
                  "--symbols '%s' has in line %u something other than "
                  "an address, a letter and a name: give an ELF file or a "
                  "list like System.map",
                  file, line);
    else if (s != STATUS_OK)
        error_say(e, s,
                  "this host has not enough memory for the symbols of "
                  "'%s'",
                  file);
    return s;
}

/* A fetch that fails is about no instruction: none has been read. */
static bool is_fetch(const struct exit_site *s)
{
    unsigned cause = s->kind % 16;

    return cause == CAUSE_FETCH_PAGE || cause == CAUSE_FETCH_ACCESS;
}

void site_names_namer(void *context, const struct exit_site *s, char *buf,
                      size_t size)
{
    struct exit_names *n = context;
    uint64_t offset;
    const char *function = symbols_find(&n->symbols, s->pc, &offset);
    char text[80] = "?";

    if (is_fetch(s))
        snprintf(text, sizeof text, "instruction fetch");
    else if (s->insn)
        disassemble(&n->disassembler, s->insn, s->pc, text, sizeof text);
    if (function)
        snprintf(buf, size, "%s in %s", text, function);
    else if (s->priv == PRIV_U)
        snprintf(buf, size, "%s in U-mode", text);
    else
        snprintf(buf, size, "%s at 0x%" PRIx64, text, s->pc);
}
