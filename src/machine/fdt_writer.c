#include "machine/fdt_writer.h"

#include <libfdt.h>
#include <stdio.h>
#include <string.h>

#define MAX_CELLS 64
#define MAX_STRINGS 1024

static void note(struct fdt_writer *w, int error)
{
    if (!w->error)
        w->error = error;
}

void fdtw_start(struct fdt_writer *w, void *buf, size_t size)
{
    *w = (struct fdt_writer){ .buf = buf };
    note(w, fdt_create(buf, (int)size));
    note(w, w->error ? 0 : fdt_finish_reservemap(buf));
}

int fdtw_finish(struct fdt_writer *w)
{
    note(w, w->error ? 0 : fdt_finish(w->buf));
    return w->error;
}

void fdtw_begin(struct fdt_writer *w, const char *name, uint64_t address)
{
    char full[64];
    size_t n = strlen(name);

    if (n > 0 && name[n - 1] == '@')
        snprintf(full, sizeof full, "%s%llx", name,
                 (unsigned long long)address);
    else
        snprintf(full, sizeof full, "%s", name);
    note(w, w->error ? 0 : fdt_begin_node(w->buf, full));
}

void fdtw_end(struct fdt_writer *w)
{
    note(w, w->error ? 0 : fdt_end_node(w->buf));
}

void fdtw_bytes(struct fdt_writer *w, const char *name, const void *v,
                size_t n)
{
    note(w, w->error ? 0 : fdt_property(w->buf, name, v, (int)n));
}

void fdtw_empty(struct fdt_writer *w, const char *name)
{
    fdtw_bytes(w, name, NULL, 0);
}

void fdtw_string(struct fdt_writer *w, const char *name, const char *value)
{
    fdtw_bytes(w, name, value, strlen(value) + 1);
}

void fdtw_strings(struct fdt_writer *w, const char *name,
                  const char *const *list)
{
    char all[MAX_STRINGS];
    size_t used = 0;

    for (; *list; list++) {
        size_t n = strlen(*list) + 1;

        if (n > sizeof all - used) {
            note(w, -FDT_ERR_NOSPACE);
            return;
        }
        memcpy(all + used, *list, n);
        used += n;
    }
    fdtw_bytes(w, name, all, used);
}

void fdtw_u32(struct fdt_writer *w, const char *name, uint32_t v)
{
    fdtw_cells(w, name, &v, 1);
}

void fdtw_u64(struct fdt_writer *w, const char *name, uint64_t v)
{
    fdtw_cells(w, name, (uint32_t[]){ (uint32_t)(v >> 32), (uint32_t)v }, 2);
}

void fdtw_cells(struct fdt_writer *w, const char *name, const uint32_t *v,
                unsigned n)
{
    fdt32_t cells[MAX_CELLS];

    for (unsigned k = 0; k < n; k++)
        cells[k] = cpu_to_fdt32(v[k]);
    fdtw_bytes(w, name, cells, n * sizeof cells[0]);
}

void fdtw_reg(struct fdt_writer *w, uint64_t address, uint64_t size)
{
    fdtw_cells(w, "reg", (uint32_t[]){ (uint32_t)(address >> 32),
                                       (uint32_t)address,
                                       (uint32_t)(size >> 32),
                                       (uint32_t)size }, 4);
}
