/*
 * What `info os` shows: the monitor's tables as gdb's osdata documents (GDB
 * manual, "Operating System Information"), and the other XML documents about
 * the machine.
 *
 *   ""       the list of these
 *   worlds   each world: level, kind, harts, the mode and count of each
 *   traps    the last traps and exits, of all worlds, newest last
 *   vms      each monitor's account: exits, instructions, fills, memory used
 *   exits    … its exits by cause and by what it did
 *   shadow   its shadow spaces: hart, satp, view, host ASID, tables, leaves
 */
#ifndef POGO_DEBUG_GDB_TABLES_H
#define POGO_DEBUG_GDB_TABLES_H

#include "debug/debugger.h"

/* Looking changes nothing. False: there is no such table. */
bool gdb_osdata(struct debugger *d, const char *annex,
                const struct text_sink *out);

/* qXfer:memory-map: that world's RAM, by physical addresses. */
void gdb_memory_map(struct debugger *d, unsigned world,
                    const struct text_sink *out);

/* Text in XML. */
void gdb_xml_escape(const struct text_sink *out, const char *text);

#endif
