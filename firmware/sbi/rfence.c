/*
 * The RFENCE extension (SBI 2.0, chapter 8): fence.i and sfence.vma order
 * only the hart that executes them, so the supervisor asks M-mode to have
 * them executed elsewhere. A call returns when all targets have done so.
 *
 * One fence is in flight at a time, and whoever waits - for its turn or for
 * the targets - goes on serving the fences of others: no two harts can wait
 * for each other.
 */
#include "rfence.h"

#include "hsm.h"
#include "ipi.h"
#include "lock.h"
#include "platform.h"
#include "sbi.h"

#define PAGE_SIZE 4096UL
/* From this many pages on, dropping all translations is the cheaper way. */
#define MAX_PAGES 64

enum {
    REMOTE_FENCE_I = 0,
    REMOTE_SFENCE_VMA = 1,
    REMOTE_SFENCE_VMA_ASID = 2,
};

static struct {
    struct lock turn;
    unsigned long kind;
    unsigned long start;
    unsigned long size; /* bytes; all ones: the whole address space */
    unsigned long asid;
    unsigned int waiting_for; /* targets that have not finished */
} fence;

static void sfence_all(void)
{
    if (fence.kind == REMOTE_SFENCE_VMA_ASID)
        __asm__ volatile("sfence.vma x0, %0" ::"r"(fence.asid) : "memory");
    else
        __asm__ volatile("sfence.vma" ::: "memory");
}

static void sfence_page(unsigned long va)
{
    if (fence.kind == REMOTE_SFENCE_VMA_ASID)
        __asm__ volatile("sfence.vma %0, %1" ::"r"(va), "r"(fence.asid)
                         : "memory");
    else
        __asm__ volatile("sfence.vma %0" ::"r"(va) : "memory");
}

static void sfence_range(void)
{
    unsigned long va = fence.start & ~(PAGE_SIZE - 1);
    unsigned long size = fence.size + (fence.start - va);
    bool everything = fence.size == -1UL || size < fence.size ||
                      (fence.start == 0 && fence.size == 0);

    if (everything || size > MAX_PAGES * PAGE_SIZE) {
        sfence_all();
        return;
    }
    for (unsigned long done = 0; done < size; done += PAGE_SIZE)
        sfence_page(va + done);
}

static void fence_here(void)
{
    if (fence.kind == REMOTE_FENCE_I)
        __asm__ volatile("fence.i" ::: "memory");
    else
        sfence_range();
}

void rfence_serve(void)
{
    fence_here();
    __atomic_fetch_sub(&fence.waiting_for, 1, __ATOMIC_SEQ_CST);
}

/*
 * Skips harts that are not running: a hart that starts later fences itself
 * after it has become "started" (hsm.c), so either we see it running, or it
 * sees the memory that our caller changed.
 */
static void fence_harts(unsigned long targets)
{
    unsigned long self = this_hart()->id;

    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    for (unsigned long hart = 0; hart < MAX_HARTS; hart++) {
        if (hart == self || !(targets >> hart & 1) || !hsm_is_running(hart))
            continue;
        __atomic_fetch_add(&fence.waiting_for, 1, __ATOMIC_SEQ_CST);
        ipi_post(hart, IPI_FENCE);
    }
    if (targets >> self & 1)
        fence_here();
    while (__atomic_load_n(&fence.waiting_for, __ATOMIC_SEQ_CST))
        ipi_poll();
}

struct sbi_ret sbi_rfence(const struct sbi_call *call)
{
    unsigned long targets;

    /* Functions 3 to 6 are for the H extension, which is not ours to fence. */
    if (call->function > REMOTE_SFENCE_VMA_ASID)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    if (!ipi_targets(call->arg[0], call->arg[1], &targets))
        return sbi_error(SBI_ERR_INVALID_PARAM);
    while (!lock_try(&fence.turn))
        ipi_poll();
    fence.kind = call->function;
    fence.start = call->arg[2];
    fence.size = call->arg[3];
    fence.asid = call->arg[4];
    fence_harts(targets);
    lock_release(&fence.turn);
    return sbi_value(0);
}
