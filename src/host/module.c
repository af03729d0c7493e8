#include "host/module.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "host/beside.h"

void *host_module_symbol(const char *file, const char *symbol, struct error *e)
{
    char path[PATH_MAX];
    void *library = NULL, *found = NULL;

    if (!host_beside(file, R_OK, path, sizeof path)) {
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
