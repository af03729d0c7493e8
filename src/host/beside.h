/* Files that are installed, or built, beside the program. */
#ifndef POGO_HOST_BESIDE_H
#define POGO_HOST_BESIDE_H

#include <stdbool.h>
#include <stddef.h>

/* Writes where `file` is, in the program's folder or the one above, to
   path[0..size). False: there is none that access(2) permits `mode` for. */
bool host_beside(const char *file, int mode, char *path, size_t size);

#endif
