/* Inside snapshot_pages*.c only: what the sections look like. */
#ifndef POGO_MACHINE_SNAPSHOT_PAGES_INSIDE_H
#define POGO_MACHINE_SNAPSHOT_PAGES_INSIDE_H

#include "machine/snapshot_pages.h"

/* A run of the index: its first page, 8 bytes; how many; enum page_kind. */
#define RUN_FIRST 0
#define RUN_PAGES 8
#define RUN_KIND  12
#define RUN_BYTES 16

#define CHUNK_BYTES ((size_t)SNAPSHOT_CHUNK * SNAPSHOT_PAGE)

#endif
