/* The menu of attacks. */
#include "check/attacks.h"

#include <string.h>

#define ANY (HOSTILE_M | HOSTILE_S | HOSTILE_U)
#define M_S (HOSTILE_M | HOSTILE_S)
#define S_U (HOSTILE_S | HOSTILE_U)

static void item_mixed(struct hostile *h);

/* clang-format off */
static const struct attack menu[] = {
    { "random-words", "words out of nothing but chance", ANY, NULL,
      item_random_words },
    { "random-insns", "any instruction of the table with any operands", ANY,
      NULL, item_random_insns },
    { "privileged", "mret, sret, wfi, ecall, fences and mstatus in every mode",
      ANY, NULL, item_privileged },
    { "csr-storm", "all six CSR instructions on all 4096 numbers", ANY, NULL,
      item_csr_storm },
    { "csr-known", "wild values for every CSR that exists", M_S, NULL,
      item_csr_known },
    { "delegation", "traps and interrupts delegated to handlers that are none",
      ANY, NULL, item_delegation },
    { "float", "FS switched off and on between floating-point instructions",
      ANY, NULL, item_float },
    { "counters", "counters read, written, frozen and forbidden", ANY, NULL,
      item_counters },
    { "exit-log", "as many exits as instructions", M_S, NULL, item_exit_log },
    { "jumps", "jumps into devices, ROM, past RAM, to odd addresses", ANY, NULL,
      item_jumps },
    { "self-modifying", "code that overwrites what runs next, by any address",
      ANY, NULL, item_self_modifying },
    { "lr-sc", "LR, SC and AMOs across exits, on devices, at page ends", ANY,
      NULL, item_lr_sc },
    { "mprv", "loads and stores by another mode's rules (MPRV, SUM, MXR)",
      HOSTILE_M, NULL, item_mprv },
    { "touch", "loads and stores through tables of random entries", ANY, NULL,
      item_touch },
    { "fences", "fences of every kind, with every operand", M_S, NULL,
      item_fences },
    { "rewrite", "page tables changed under way, fenced and not fenced", ANY,
      NULL, item_rewrite },
    { "fragments", "superpages and 64 KiB pages fenced by one address", S_U,
      NULL, item_fragments },
    { "table-loops", "page tables that lead to one another and to themselves",
      S_U, prepare_loops, item_touch },
    { "superpages", "leaves at every level, misaligned, past RAM", S_U,
      prepare_superpages, item_fences },
    { "wild-frames", "leaves that name the monitor's and other VMs' addresses",
      S_U, prepare_frames, item_touch },
    { "device-tables", "page tables in devices, in ROM and past RAM", S_U,
      prepare_device_tables, item_touch },
    { "reserved-bits", "reserved bits, Svnapot and Svpbmt oddities", S_U,
      prepare_reserved, item_fences },
    { "pbmt", "menvcfg and senvcfg changed between accesses", M_S,
      prepare_reserved, item_pbmt },
    { "spaces", "more address spaces than the monitor has", M_S, NULL,
      item_satp },
    { "shadow-pool", "every address mapped: a shadow table for each page", S_U,
      prepare_sparse, item_sweep },
    { "aliases", "one page at thousands of addresses", S_U, prepare_aliases,
      item_straddle },
    { "straddle", "data and code with a page boundary in the middle", S_U, NULL,
      item_straddle },
    { "pmp", "odd PMP entries, locked ones too", HOSTILE_M, NULL, item_pmp },
    { "pmp-divided", "PMP boundaries inside pages of code and data", ANY, NULL,
      item_pmp_divided },
    { "cache-blocks", "cbo.* allowed and forbidden, at the ends of pages", ANY,
      NULL, item_cbo },
    { "devices", "registers of every device, every size, misaligned", M_S, NULL,
      item_devices },
    { "virtio", "registers of the virtio transport in any order", M_S, NULL,
      item_virtio },
    { "virtqueues", "queues whose descriptors point everywhere", M_S,
      prepare_queues, item_queues },
    { "timers", "wfi, mtime, mtimecmp and stimecmp racing", M_S, NULL,
      item_timers },
    { "interrupts", "software interrupts, the PLIC, SEIP, from all to all", M_S,
      NULL, item_interrupts },
    { "reset", "the machine ended or reset at any moment", M_S, NULL,
      item_reset },
    { "mixed", "items of all other attacks", ANY, prepare_queues, item_mixed },
};
/* clang-format on */

#define MENU (sizeof menu / sizeof menu[0])

/* A row that can run in the item's mode; the last one is this one. */
static void item_mixed(struct hostile *h)
{
    const struct attack *a;

    do
        a = &menu[below(h, MENU - 1)];
    while (!(a->modes & (unsigned)h->mode));
    a->item(h);
}

const struct attack *attacks(size_t *n)
{
    *n = MENU;
    return menu;
}

const struct attack *attack_find(const char *name)
{
    for (size_t n = 0; n < MENU; n++)
        if (strcmp(menu[n].name, name) == 0)
            return &menu[n];
    return NULL;
}
