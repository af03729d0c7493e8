/* Fills in a struct error. */
#ifndef POGO_MACHINE_ERROR_SAY_H
#define POGO_MACHINE_ERROR_SAY_H

#include "base/error.h"
#include "base/status.h"

/*
 * Writes the sentence (printf's format; cut if it is too long) into `e`, which
 * may be NULL. Returns `s`, so that a function can end with
 * `return error_say(e, STATUS_BAD_FORMAT, …)`.
 */
enum status error_say(struct error *e, enum status s, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
