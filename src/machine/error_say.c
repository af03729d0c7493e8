#include "machine/error_say.h"

#include <stdarg.h>
#include <stdio.h>

enum status error_say(struct error *e, enum status s, const char *format, ...)
{
    va_list args;

    if (!e)
        return s;
    va_start(args, format);
    vsnprintf(e->text, sizeof e->text, format, args);
    va_end(args);
    return s;
}
