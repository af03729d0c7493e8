/*
 * Who owns each page of a host's RAM, and an audit of what the host's own
 * tables give away. Popek and Goldberg's resource control asks that no program
 * in a virtual machine can affect a resource that was not allotted to it: for
 * memory that means that every page which the host's MMU lets a guest have is
 * that guest's.
 *
 * The audit walks the raw page tables in the host's RAM as the host's MMU does,
 * from every root that a monitor might put into the host's satp, and from the
 * one that is there. Of the monitors' own books it takes only where their
 * spaces' roots are and where their parts of the RAM lie.
 */
#ifndef POGO_CHECK_OWNERSHIP_H
#define POGO_CHECK_OWNERSHIP_H

#include "check/finding.h"
#include "vmm/vm.h"

enum owner_kind {
    OWNER_NOBODY,
    OWNER_MONITOR, /* in a monitor's region, and none of the next two */
    OWNER_TABLES,  /* its pool of shadow tables */
    OWNER_ROM,     /* its copy of the guest's ROM */
    OWNER_RAM,     /* backs a page of the guest's RAM */
};

struct page_owner {
    uint8_t kind; /* enum owner_kind */
    uint8_t vm;   /* by its place in the list; 0 for OWNER_NOBODY */
    bool seen;    /* as a table, in the audit under way */
    uint32_t gfn; /* OWNER_RAM: which page of the guest's RAM, from 0 */
};

struct ownership {
    struct machine *host; /* borrowed, as the machines are */
    struct vm *const *vm; /* [vms]: all the virtual machines on the host */
    unsigned vms;
    uint64_t pages;          /* of the host's RAM, from BOARD_RAM_BASE on */
    struct page_owner *page; /* [pages], owned */
    uint8_t *span; /* [pages * 512], owned: legality.c's, of each leaf */
};

/* `memory`: bytes of the host's RAM. STATUS_NO_MEMORY. */
enum status ownership_init(struct ownership *o, struct machine *host,
                           uint64_t memory, struct vm *const *vm, unsigned vms);
void ownership_free(struct ownership *o);

/*
 * Says anew whose each page is. False, and *f: the parts of two machines
 * overlap, or a p2m names a page that is not of that machine's own RAM, or
 * names one twice.
 */
bool ownership_assign(struct ownership *o, struct finding *f);

/* The owner of a host-physical address; NULL where there is no RAM. */
struct page_owner *ownership_of(const struct ownership *o, uint64_t hpa);

/*
 * All of it: ownership_assign; every shadow tree of every machine (a leaf is a
 * user page of the machine's own RAM, or code in its ROM; a table lies in its
 * own pool, in one place, and nothing is reserved, larger than 4 KiB or a
 * loop); the host's harts (in U-mode, a tree of the present machine in satp,
 * nothing delegated, no counter open, wfi trapping, no interrupt enabled);
 * shadow_audit of each machine. Between two exits. False, and *f, if not.
 */
bool ownership_audit(struct ownership *o, struct finding *f);

#endif
