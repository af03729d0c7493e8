#include "host/beside.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The program's folder, with a / at its end. False: it cannot be found out. */
static bool program_folder(char *path, size_t size)
{
    ssize_t n = readlink("/proc/self/exe", path, size - 1);
    char *slash;

    if (n < 0)
        return false;
    path[n] = '\0';
    slash = strrchr(path, '/');
    if (slash)
        slash[1] = '\0';
    return slash != NULL;
}

bool host_beside(const char *file, int mode, char *path, size_t size)
{
    static const char *const places[] = { "", "../" };
    char folder[PATH_MAX];

    if (!program_folder(folder, sizeof folder))
        return false;
    for (unsigned i = 0; i < sizeof places / sizeof *places; i++) {
        int n = snprintf(path, size, "%s%s%s", folder, places[i], file);

        if (n > 0 && (size_t)n < size && access(path, mode) == 0)
            return true;
    }
    return false;
}
