#include "host/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
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

/* Finds the module; `path` has room for PATH_MAX. */
static bool find(const char *file, char *path)
{
    static const char *const places[] = { "", "../" };
    char folder[PATH_MAX];

    if (!program_folder(folder, sizeof folder))
        return false;
    for (unsigned i = 0; i < 2; i++)
        if (snprintf(path, PATH_MAX, "%s%s%s", folder, places[i], file) <
                PATH_MAX &&
            access(path, R_OK) == 0)
            return true;
    return false;
}

void *host_module_symbol(const char *file, const char *symbol, struct error *e)
{
    char path[PATH_MAX];
    void *library = NULL, *found = NULL;

    if (!find(file, path)) {
        if (e)
            snprintf(e->text, sizeof e->text, "%s is not beside pogo", file);
        return NULL;
    }
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library)
        found = dlsym(library, symbol);
    if (!found && e)
        snprintf(e->text, sizeof e->text, "%s", dlerror());
    return found;
}
