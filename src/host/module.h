/*
 * Parts of Pogo that are loaded when they are needed: shared objects that lie
 * beside the program, or one folder above it, for a library that they use takes
 * longer to load than a guest to start.
 */
#ifndef POGO_HOST_MODULE_H
#define POGO_HOST_MODULE_H

#include "base/error.h"

/*
 * The address of `symbol` in the module `file`, "pogo-z3.so". It stays loaded:
 * the libraries that modules use do not like to be unloaded. NULL: e, which may
 * be NULL, says what is missing.
 */
void *host_module_symbol(const char *file, const char *symbol, struct error *e);

#endif
