/*
 * What the guided tour has to say, as a table: a key for each kind of event,
 * and the explanation that is given the first time it happens.
 */
#ifndef POGO_CLI_LESSONS_H
#define POGO_CLI_LESSONS_H

#include "vmm/vm.h"

#define LESSON_KEY 64

/* The row with this key, or -1: there is nothing to say about it. */
int lesson_find(const char *key);
const char *lesson_text(int i);

/* The key of what the monitor did about an exit. */
void lesson_of_exit(struct vm *vm, const struct exit_record *e,
                    char key[LESSON_KEY]);

/* The key of the change of virtual mode that came of it; false: none. */
bool lesson_of_mode(struct vm *vm, const struct exit_record *e,
                    char key[LESSON_KEY]);

#endif
