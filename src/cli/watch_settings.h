/*
 * What `--log exits[=FILE][,FILTER…]` and `--trace FILE[,FILTER…]` say. A
 * FILTER is as debug/exit_filter.h has it; FILE ends at the first comma.
 */
#ifndef POGO_CLI_WATCH_SETTINGS_H
#define POGO_CLI_WATCH_SETTINGS_H

#include "debug/exit_filter.h"

struct watch_settings {
    char file[1024]; /* "": none was named */
    struct exit_filter filter;
};

/*
 * STATUS_BAD_ARGUMENT: e says what is wrong. `depth` is the number of virtual
 * machines that there are; with none there is nothing to watch.
 */
enum status watch_settings_log(struct watch_settings *w, const char *text,
                               uint64_t depth, struct error *e);
enum status watch_settings_trace(struct watch_settings *w, const char *text,
                                 uint64_t depth, struct error *e);

#endif
