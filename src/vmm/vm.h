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

/*
 * Machines side by side on one host: what they share. Zeroed to begin with; it
 * outlives them. Whichever is asked to do something gets the host's harts
 * first, so that nobody need care whose they are.
 */
struct vm_siblings {
    struct vm *current;   /* that has the host's harts; NULL: nobody */
    uint64_t used;        /* bytes of the host's RAM that are given away */
    unsigned made;
};
#define VM_MAX_SIBLINGS 64

/* Asked before a trap or an exit of the machine, as core_env.stop is. */
typedef bool vm_stopper(void *context, struct vm *vm, unsigned hart,
                        enum core_stop what, const struct trap *t);

/* One who watches. */
struct vm_watch {
    vm_watcher *watcher;
    void *context;
};
#define VM_MAX_WATCHERS 4

struct vm {
    struct machine machine; /* first: &vm->machine is the machine */
    struct machine *host;   /* borrowed; outlives the vm */
    struct vm_siblings *siblings; /* NULL: it has the host for itself */
    uint64_t place;         /* where in the host's RAM its part begins, bytes */
    unsigned number;        /* among its siblings, from 0 */
    unsigned level;         /* how many machines lie below it: 1 or more */
    struct board board;
    struct monitor monitor;
    struct vm_watch watch[VM_MAX_WATCHERS];
    unsigned watchers;
    vm_stopper *stopper; /* NULL: nobody stops it */
    void *stop_context;
    bool started;           /* has run: the boot ROM is where it can run */
};

/*
 * Bytes of RAM a host must have for a guest with `memory` bytes and so many
 * harts: the guest's, the monitor's region, both whole pages.
 */
uint64_t vm_host_memory(uint64_t memory, unsigned harts);

/*
 * Makes a virtual machine on all harts of `host` that c->harts names. The
 * host's RAM is divided: the monitor's region first, then the guest's RAM.
 * NULL: lack of memory, or of host RAM (vm_host_memory).
 *
 * Boot it as any board (machine_boot). What the boot ROM holds when the machine
 * first runs is what the guest finds there.
 */
struct vm *vm_new(struct machine *host, const struct board_config *c);
/* The same beside others: its part of the host's RAM begins where that of the
   one made last ends. c->harts may differ among siblings. */
struct vm *vm_new_sibling(struct machine *host, const struct board_config *c,
                          struct vm_siblings *siblings);
/* What of the host's RAM it had stays taken. */
void vm_free(struct vm *v);

/*
 * The machine as it was made, in the same place, on a board that `c` describes
 * anew (the same memory and harts); its RAM is zero again, and it has to be
 * booted. Who watched it goes on watching. On error it is only good for
 * vm_free.
 */
enum status vm_reset(struct vm *v, const struct board_config *c);

/* The virtual machine that `m` is; NULL: it is another. */
struct vm *vm_from(struct machine *m);

/*
 * Puts `between` between the machine and its host: it hands on to v->host what
 * it is asked to do. It is borrowed, and stays until another machine, such as
 * the former v->host, takes its place.
 */
void vm_interpose(struct vm *v, struct machine *between);

/* One more who watches, in this order; at most VM_MAX_WATCHERS. With none, exits
   cost nothing more. */
void vm_watch(struct vm *v, vm_watcher *watcher, void *context);
void vm_unwatch(struct vm *v, vm_watcher *watcher, void *context);

/* Who may stop it before traps and exits; NULL: nobody, at no cost. While there
   is somebody, the host runs into each instruction. */
void vm_set_stopper(struct vm *v, vm_stopper *stopper, void *context);

#endif
