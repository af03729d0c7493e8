#include "cli/hole_list.h"

#include "isa/hole.h"
#include "machine/error_say.h"

void hole_list(FILE *out)
{
    for (unsigned h = 0; h < HOLE_COUNT; h++)
        fprintf(out, "%-18s %s\n", hole_table[h].name, hole_table[h].sentence);
}

enum status hole_options(const struct option_list *list, uint64_t *holes,
                         struct error *e)
{
    *holes = 0;
    for (unsigned k = 0; k < list->count; k++) {
        size_t at, length;

        if (hole_parse(list->text[k], holes, &at, &length) != STATUS_OK)
            return error_say(e, STATUS_BAD_ARGUMENT,
                             "--hole knows no hole '%.*s': 'pogo check "
                             "--list-holes' lists them",
                             (int)length, list->text[k] + at);
    }
    return STATUS_OK;
}
