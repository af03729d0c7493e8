/*
 * The attacks themselves, by what they aim at. attacks.c has the menu; each
 * function does what `struct attack` says of its prepare or item.
 */
#ifndef POGO_CHECK_ATTACKS_H
#define POGO_CHECK_ATTACKS_H

#include "check/hostile_emit.h"

/* attacks_cpu.c: instructions and CSRs. */
void item_random_words(struct hostile *h);
void item_random_insns(struct hostile *h);
void item_privileged(struct hostile *h);
void item_csr_storm(struct hostile *h);
void item_csr_known(struct hostile *h);
void item_delegation(struct hostile *h);
void item_float(struct hostile *h);
void item_counters(struct hostile *h);
void item_exit_log(struct hostile *h);
void item_jumps(struct hostile *h);
void item_self_modifying(struct hostile *h);
void item_lr_sc(struct hostile *h);
void item_mprv(struct hostile *h);

/* attacks_memory.c: translation and PMP. */
void item_touch(struct hostile *h);
void item_sweep(struct hostile *h);
void item_fences(struct hostile *h);
void item_fragments(struct hostile *h);
void item_rewrite(struct hostile *h);
void item_satp(struct hostile *h);
void item_pbmt(struct hostile *h);
void item_pmp(struct hostile *h);
void item_pmp_divided(struct hostile *h);
void item_cbo(struct hostile *h);
void item_straddle(struct hostile *h);
void prepare_loops(struct hostile *h);
void prepare_superpages(struct hostile *h);
void prepare_frames(struct hostile *h);
void prepare_device_tables(struct hostile *h);
void prepare_reserved(struct hostile *h);
void prepare_sparse(struct hostile *h);
void prepare_aliases(struct hostile *h);

/* attacks_devices.c: devices, interrupts, time. */
void item_devices(struct hostile *h);
void item_virtio(struct hostile *h);
void item_queues(struct hostile *h);
void prepare_queues(struct hostile *h);
void item_timers(struct hostile *h);
void item_interrupts(struct hostile *h);
void item_reset(struct hostile *h);

#endif
