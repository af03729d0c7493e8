/* Source lines, with their text if the file is where the compiler had it. */
#include "ui/tui/inside.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LONGEST 400 /* bytes of a line that matter */

/* Line number n of the file, without what it is indented by; false: none. */
static bool read_line(const char *path, unsigned n, char *buf, size_t size)
{
    struct stat st;
    FILE *f =
        stat(path, &st) == 0 && S_ISREG(st.st_mode) ? fopen(path, "r") : NULL;
    char line[LONGEST];
    bool found = false;

    if (!f)
        return false;
    while (n > 0 && fgets(line, sizeof line, f)) {
        found = n == 1;
        if (strchr(line, '\n'))
            n--;
        else if (found)
            break;
    }
    fclose(f);
    if (found) {
        const char *p = line;

        while (isspace((unsigned char)*p))
            p++;
        line[strcspn(line, "\n")] = '\0';
        snprintf(buf, size, "%s", p);
    }
    return found;
}

void tui_source(const struct source_line *l, char *buf, size_t size)
{
    const char *name = strrchr(l->file, '/');
    char text[LONGEST] = "";

    read_line(l->file, l->line, text, sizeof text);
    snprintf(buf, size, "%s:%u  %.100s", name ? name + 1 : l->file, l->line,
             text);
}
