#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/host_console.h"

#define BAR      20
#define SECOND   UINT64_C(1000000000)
#define EVERY    (SECOND / 5)
#define ESTIMATE (2 * SECOND) /* before that, it would be a guess */

/* "3 min 10 s", "2 h 5 min". */
static void say_time(char *buf, size_t size, double seconds)
{
    unsigned long long s = (unsigned long long)(seconds + 0.5);

    if (s < 60)
        snprintf(buf, size, ", %llu s left", s);
    else if (s < 3600)
        snprintf(buf, size, ", %llu min %llu s left", s / 60, s % 60);
    else
        snprintf(buf, size, ", %llu h %llu min left", s / 3600, s / 60 % 60);
}

const char *progress_line(char *buf, size_t size, const char *what,
                          uint64_t done, uint64_t total, uint64_t ns)
{
    double part = total && done < total ? (double)done / (double)total : 1;
    unsigned marks = (unsigned)(part * BAR);
    char bar[BAR + 1], left[48] = "";

    memset(bar, '.', BAR);
    memset(bar, '#', marks);
    bar[BAR] = '\0';
    if (ns >= ESTIMATE && part > 0 && part < 1)
        say_time(left, sizeof left, (double)ns / 1e9 * (1 - part) / part);
    snprintf(buf, size, "%s: [%s] %3u %%%s", what, bar, (unsigned)(part * 100),
             left);
    return buf;
}

struct progress progress_begin(const char *what)
{
    uint64_t now = host_time();

    return (struct progress){ .what = what,
                              .wanted = isatty(STDERR_FILENO) == 1,
                              .began = now,
                              .said = now };
}

void progress_show(struct progress *p, uint64_t done, uint64_t total)
{
    uint64_t now;
    char line[160];

    if (!p->wanted)
        return;
    now = host_time();
    if (now - p->said < EVERY)
        return;
    p->said = now;
    p->shown = true;
    /* To the line's start, the text, and erase what is left of the last one. */
    fprintf(
        stderr, "\r%s\033[K",
        progress_line(line, sizeof line, p->what, done, total, now - p->began));
}

void progress_end(struct progress *p)
{
    if (p->shown)
        fputs("\r\033[K", stderr);
    p->shown = false;
}
