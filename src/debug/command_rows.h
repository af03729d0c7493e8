/* Inside command_*.c only: the rows, one subject a file. */
#ifndef POGO_DEBUG_COMMAND_ROWS_H
#define POGO_DEBUG_COMMAND_ROWS_H

#include "debug/command_table.h"

extern const struct command_row command_why_rows[];   /* command_why.c */
extern const struct command_row command_trap_rows[];  /* command_trap.c */
extern const struct command_row command_time_rows[];  /* command_time.c */
extern const struct command_row command_world_rows[]; /* command_world.c */
extern const struct command_row command_state_rows[]; /* command_state.c */

/* Rows of these that have a file of their own. */
enum command_end command_show_csr(struct command_call *c); /* command_csr.c */
enum command_end command_show_pt(struct command_call *c);  /* command_pt.c */
enum command_end command_show_tlb(struct command_call *c); /* command_tlb.c */
enum command_end command_show_vms(struct command_call *c); /* command_vms.c */

#endif
