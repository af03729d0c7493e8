/*
 * A virtual machine: a board like any other, whose harts are virtual, made by
 * the monitor's core (vmm/core/) out of another struct machine. It is a struct
 * machine itself, so a virtual machine can be made out of it.
 */
#ifndef POGO_VMM_VM_H
#define POGO_VMM_VM_H

#include "machine/board.h"
#include "machine/machine.h"
#include "vmm/core/core.h"

struct vm;

/* Told of each exit once it has been dealt with. It may look at the machine,
   and must not change it. */
typedef void vm_watcher(void *context, struct vm *vm,
                        const struct exit_record *e);

struct vm {
    struct machine machine; /* first: &vm->machine is the machine */
    struct machine *host;   /* borrowed; outlives the vm */
    struct board board;
    struct monitor monitor;
    vm_watcher *watcher;
    void *watcher_context;
    bool started;           /* has run: the boot ROM is where it can run */
};

/*
 * Bytes of RAM a host must have for a guest with `memory` bytes: the guest's,
 * the monitor's region, both whole pages.
 */
uint64_t vm_host_memory(uint64_t memory);

/*
 * Makes a virtual machine on all harts of `host` that c->harts names. The
 * host's RAM is divided: the monitor's region first, then the guest's RAM.
 * NULL: lack of memory, or of host RAM (vm_host_memory).
 *
 * Boot it as any board (machine_boot). What the boot ROM holds when the machine
 * first runs is what the guest finds there.
 */
struct vm *vm_new(struct machine *host, const struct board_config *c);
void vm_free(struct vm *v);

/* At most one watches; NULL: nobody. */
void vm_watch(struct vm *v, vm_watcher *watcher, void *context);

#endif
