#include "check/isa_parsed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "check/verdict.h"

struct isa_model *isa_parsed(const char *text)
{
    struct isa_model *m = NULL;
    struct isa_error e;

    if (isa_model_parse("test.isa", text, strlen(text), NULL, &m, &e) !=
        STATUS_OK)
        fail_msg("%u:%u: %s\n%s", e.line, e.column, e.text, text);
    return m;
}

const struct insn_result *isa_row(const struct verdict_report *r,
                                  const char *name)
{
    for (size_t i = 0; i < r->insns; i++)
        if (strcmp(r->insn[i].name, name) == 0)
            return &r->insn[i];
    fail_msg("no instruction %s", name);
    return NULL;
}
