/* `--trace FILE`: the file of a timeline. */
#ifndef POGO_CLI_TRACE_FILE_H
#define POGO_CLI_TRACE_FILE_H

#include "cli/machine_build.h"
#include "cli/watch_settings.h"
#include "debug/trace.h"

struct trace_file {
    FILE *out; /* NULL: closed */
    const struct watch_settings *settings;
    struct trace trace;
};

/* Begins the file that `s` names; s and names are borrowed. STATUS_IO: it
   cannot be written. */
enum status trace_file_open(struct trace_file *t,
                            const struct watch_settings *s,
                            const struct exit_log *names, struct error *e);
/* Another trace in the same file, of machine `number` of several (trace_join);
   watches it. Nothing, if the file is not open. */
void trace_file_join(struct trace_file *t, struct trace *one, unsigned number,
                     const char *name, const struct exit_log *names,
                     struct vm *vm);
/* The machines of `b` are traced, until they go: if the file is open. */
void trace_file_watch(struct trace_file *t, const struct built *b);
void trace_file_unwatch(struct trace_file *t);
/* Ends the file, if it is open. STATUS_IO: not all could be written. */
enum status trace_file_close(struct trace_file *t, struct error *e);

#endif
