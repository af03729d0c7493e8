/*
 * Processes. Each has an address space, a kernel stack, and the frame of its
 * user registers at that stack's end. The kernel is never preempted: it gives
 * the hart away only by calling switch_away().
 */
#include "kernel.h"
#include "riscv.h"

#define MAX_PROCS 8

struct proc *current;

static struct proc procs[MAX_PROCS]; /* never reused: slot = pid - 1 */
static int proc_count;
static struct context scheduler_context;
static int speaker; /* the slot whose turn it is to write */

static struct proc *proc_new(const char *name)
{
    struct proc *p = &procs[proc_count];

    if (proc_count == MAX_PROCS)
        return NULL;
    p->stack = page_alloc();
    p->table = vm_new();
    if (!p->stack || !p->table)
        panic("no memory for a process", proc_count);
    p->pid = ++proc_count;
    p->name = name;
    p->heap_end = USER_HEAP;
    p->frame = (struct frame *)(p->stack + PAGE_SIZE) - 1;
    /* Its first switch "returns" to trap_return, with sp at the frame. */
    p->context.ra = (uint64_t)trap_return;
    p->context.sp = (uint64_t)p->frame;
    p->state = RUNNABLE;
    return p;
}

/*
 * sret will go to U-mode because SPP is 0 in its sstatus, with interrupts on
 * (SPIE) and floating point off (FS).
 */
void proc_create(const char *name, uint64_t entry)
{
    struct proc *p = proc_new(name);

    p->frame->sepc = entry;
    p->frame->sstatus = SSTATUS_SPIE;
    p->frame->x[2] = USER_STACK_END;
}

/*
 * Floating point is switched off for a process until it uses it (trap.c), so
 * that others need not pay for saving 33 registers. FS tells "dirty" when the
 * registers have changed since they were loaded: only then are they saved.
 */
static void fp_release(struct proc *p)
{
    if ((p->frame->sstatus & SSTATUS_FS) == SSTATUS_FS_DIRTY) {
        csr_set(sstatus, SSTATUS_FS);
        fp_save(p->fp);
    }
    p->frame->sstatus &= ~SSTATUS_FS;
}

static void switch_away(void)
{
    fp_release(current);
    swtch(&current->context, &scheduler_context);
}

void yield(void)
{
    current->state = RUNNABLE;
    switch_away();
}

void sleep_on(const void *channel)
{
    current->channel = channel;
    current->state = SLEEPING;
    switch_away();
}

void wake_up(const void *channel)
{
    for (struct proc *p = procs; p < procs + proc_count; p++)
        if (p->state == SLEEPING && p->channel == channel)
            p->state = RUNNABLE;
}

void sleep_ticks(uint64_t count)
{
    current->wake_at = stats.ticks + count;
    while ((uint64_t)stats.ticks < current->wake_at)
        sleep_on(&current->wake_at);
}

void wake_sleepers(void)
{
    for (struct proc *p = procs; p < procs + proc_count; p++)
        if ((uint64_t)stats.ticks >= p->wake_at)
            wake_up(&p->wake_at);
}

/*
 * When preemption decides who runs, which process reaches its next line first
 * depends on the speed of the machine. So that the text of this lesson does
 * not, processes speak in turn: all that can be seen from outside (a line, a
 * birth, a death) waits until the others have had their say.
 */
void turn_take(void)
{
    while (&procs[speaker] != current)
        sleep_on(&speaker);
}

void turn_pass(void)
{
    for (int i = 0; i < proc_count; i++) {
        speaker = (speaker + 1) % proc_count;
        if (procs[speaker].state != DEAD)
            break;
    }
    wake_up(&speaker);
}

/* The child is the parent's copy, but for its pid and fork's result. */
int proc_fork(void)
{
    struct proc *child;

    fp_release(current);
    child = proc_new(current->name);
    if (!child)
        return -1;
    if (!vm_fork(current->table, child->table, current->pid))
        panic("no memory to fork", child->pid);
    *child->frame = *current->frame;
    child->frame->x[10] = 0;
    child->heap_end = current->heap_end;
    for (int i = 0; i < 33; i++)
        child->fp[i] = current->fp[i];
    return child->pid;
}

/* Called in turn. Its memory is freed later, when no longer in use. */
void proc_die(void)
{
    current->state = DEAD;
    turn_pass();
    switch_away();
    panic("the dead do not run", current->pid);
}

static void run(struct proc *p)
{
    stats.switches++;
    current = p;
    p->state = RUNNING;
    vm_use(p->table, p->pid);
    swtch(&scheduler_context, &p->context);
    vm_use_kernel();
    current = NULL;
    if (p->state == DEAD) {
        vm_free(p->table);
        page_free(p->stack);
    }
}

/*
 * Nothing to run: wait for an interrupt. wfi wakes for one that is enabled in
 * sie even while sstatus.SIE holds it back, so none can slip in between the
 * decision to sleep and the sleep. Then let it in.
 */
void cpu_idle(void)
{
    __asm__ volatile("wfi");
    csr_set(sstatus, SSTATUS_SIE);
    csr_clear(sstatus, SSTATUS_SIE);
}

void scheduler(void)
{
    int alive, ran;

    do {
        alive = ran = 0;
        for (int i = 0; i < proc_count; i++) {
            alive += procs[i].state != DEAD;
            if (procs[i].state != RUNNABLE)
                continue;
            run(&procs[i]);
            ran++;
        }
        if (alive && !ran)
            cpu_idle();
    } while (alive);
}
