/* What the files that make, run and show a fleet share. */
#ifndef POGO_CLI_FLEET_INSIDE_H
#define POGO_CLI_FLEET_INSIDE_H

#include "cli/fleet.h"

/* fleet.c: frames in flight arrive; machine i is reset and booted again
   (false: e says why not). */
void fleet_deliver(struct fleet *f);
bool fleet_restart(struct fleet *f, unsigned i, struct error *e);

/* fleet_snapshot.c: --resume, before the guests are opened, for each of them,
   and when all machines are loaded; and the machines' state but their own. */
enum status fleet_resume_open(struct fleet *f, struct error *e);
enum status fleet_resume_guest(struct fleet *f, unsigned i, struct error *e);
enum status fleet_resume_rest(struct fleet *f, struct error *e);
/* Saves them all, between two turns. False: it has been said why not, and
   *status is the exit status. */
bool fleet_save(struct fleet *f, int *status);

/* fleet_consoles.c: each machine's, and the terminal that they share. */
enum status fleet_open_consoles(struct fleet *f, bool watched, struct error *e);
void fleet_close_consoles(struct fleet *f);
/* What is to be done about them every now and then; `idle` as in poll. */
uint64_t fleet_poll_consoles(struct fleet *f, uint64_t idle);
/* Everything is written, and what Pogo says begins on a line of its own. */
void fleet_end_line(struct fleet *f);

#endif
