#include "check/control_round.h"

#include <string.h>

#include "check/legality.h"
#include "check/ownership.h"
#include "machine/bare.h"
#include "vmm/core/shadow.h"
#include "vmm/scheduler.h"

enum { HOSTILE, NEIGHBOUR, MACHINES };

#define MAX_HIDDEN       1000 /* exits at one count of a hart: endless */
#define MAX_RESTARTS     8    /* in a life, of a machine that ends itself */
#define MAX_STUCK        10   /* turns without progress, and it is given up */
#define MAX_SLICE        1500 /* counts of a turn */
#define NEIGHBOUR_WEIGHT 3

struct round {
    const struct control_config *c;
    const struct reference *alone;
    struct control *out;
    unsigned harts; /* of the hostile machine */
    uint64_t random;

    struct bare *bare;
    struct vm_siblings siblings;
    struct vm *vm[MACHINES];
    struct scheduled machine[MACHINES];
    struct scheduler scheduler;
    struct ownership ownership;

    /* The attack under way. */
    size_t next;            /* its successor on the menu */
    struct hostile hostile; /* image NULL: none */
    unsigned restarts;
    unsigned stuck;         /* turns without progress, in a row */
    uint64_t progress; /* at the last look */
    uint64_t lived;    /* instructions before the last restart */

    /* The last exit of each machine's harts, for telling endless ones. */
    struct {
        uint64_t count;
        unsigned same;
    } last[MACHINES][BOARD_MAX_HARTS];

    struct console console; /* the neighbour's */
    size_t written;         /* of what it writes alone */
    bool differs;
    volatile int stop;
};

static bool fail(struct round *r, const char *what, unsigned i, uint64_t value)
{
    finding_note(&r->out->finding, what, i, 0, value);
    r->stop = 1;
    return false;
}

/* ---- after each exit ---- */

static bool is_page_fault(const struct exit_record *e)
{
    static const uint32_t causes =
        1u << CAUSE_FETCH_ACCESS | 1u << CAUSE_LOAD_ACCESS |
        1u << CAUSE_STORE_ACCESS | 1u << CAUSE_FETCH_PAGE |
        1u << CAUSE_LOAD_PAGE | 1u << CAUSE_STORE_PAGE;

    return e->action == EXIT_FILLED && causes >> (e->host.cause & 15) & 1;
}

/* A fence that was carried out leaves its operands as they were. */
static bool check_fence(struct round *r, unsigned i,
                        const struct exit_record *e, bool audited)
{
    struct machine *m = &r->vm[i]->machine;
    struct insn insn;
    uint64_t va, asid;

    if (e->action != EXIT_EMULATED || (e->insn & 0x7f) != 0x73)
        return true;
    insn_decode(e->insn, m->isa, &insn);
    if ((insn.op != INSN_sfence_vma && insn.op != INSN_sinval_vma) ||
        (!insn.rs1 && !audited))
        return true;
    va = m->ops->reg_get(m, e->hart, REG_X0 + insn.rs1);
    asid = m->ops->reg_get(m, e->hart, REG_X0 + insn.rs2) & MASK(15, 0);
    return legality_of_fence(&r->ownership, i, e->hart, insn.rs1 ? &va : NULL,
                             insn.rs2 ? &asid : NULL, &r->out->finding);
}

static bool check_exit(struct round *r, unsigned i, const struct exit_record *e)
{
    bool audited = r->out->exits % r->c->audit == 0;
    struct finding *f = &r->out->finding;

    if (is_page_fault(e) &&
        !legality_of_fill(&r->ownership, i, e->hart, e->host.tval, f))
        return false;
    if (audited) {
        r->out->audits++;
        if (!ownership_audit(&r->ownership, f) ||
            !legality_of_all(&r->ownership, i, f))
            return false;
    }
    return check_fence(r, i, e, audited);
}

/* Exits that the guest does not notice must come to an end. */
static bool makes_progress(struct round *r, unsigned i,
                           const struct exit_record *e)
{
    if (r->last[i][e->hart].count != e->count)
        r->last[i][e->hart].same = 0;
    r->last[i][e->hart].count = e->count;
    return ++r->last[i][e->hart].same < MAX_HIDDEN ||
           fail(r, "the monitor has no end of exits for one instruction", i,
                e->pc);
}

static void watch(void *context, struct vm *vm, const struct exit_record *e)
{
    struct round *r = context;
    unsigned i = vm == r->vm[HOSTILE] ? HOSTILE : NEIGHBOUR;

    atomic_fetch_add_explicit(&r->out->beats, 1, memory_order_relaxed);
    if (i == HOSTILE)
        r->out->exits++;
    if (r->stop || (makes_progress(r, i, e) && check_exit(r, i, e)))
        return;
    r->out->count = machine_count(&r->vm[HOSTILE]->board);
    r->stop = 1;
    /* The machine has had its day: its run must come back. */
    vm->board.finished = vm->board.bus.attention = true;
}

/* ---- a hostile machine's lives ---- */

/* xorshift64 (Marsaglia, 2003): the cuts between turns. */
static uint64_t slice(struct round *r)
{
    r->random ^= r->random << 13;
    r->random ^= r->random >> 7;
    r->random ^= r->random << 17;
    return 1 + r->random % MAX_SLICE;
}

static struct board_config hostile_board(const struct round *r)
{
    return (struct board_config){ .harts = r->harts,
                                  .memory = HOSTILE_MEMORY,
                                  .isa = isa_default(),
                                  .seed = r->out->seed };
}

static struct control_attack *counted(const struct round *r)
{
    size_t n;

    return &r->out->by_attack[r->out->attack - attacks(&n)];
}

/* What the machine has done since it was made or reset. */
static void add_up(struct round *r)
{
    const struct core_stats *s = &r->vm[HOSTILE]->monitor.stats;
    struct control_attack *a = counted(r);

    for (unsigned cause = 0; cause < 16; cause++) {
        a->exits += s->interrupts[cause];
        for (unsigned action = 0; action < EXIT_ACTIONS; action++)
            a->exits += s->exits[cause][action];
    }
    a->instructions += s->direct + s->emulated;
    r->out->instructions += s->direct + s->emulated;
}

/* The machine in reset, with the present attack in it. */
static bool start(struct round *r)
{
    struct board_config b = hostile_board(r);
    struct vm *vm = r->vm[HOSTILE];

    if (vm_reset(vm, &b) != STATUS_OK)
        return fail(r, "the machine could not be reset", HOSTILE, 0);
    memset(r->last[HOSTILE], 0, sizeof r->last[HOSTILE]);
    hostile_load(&r->hostile, &vm->machine, &vm->board, 17 * r->restarts);
    r->progress = hostile_progress(&vm->machine);
    r->machine[HOSTILE].until = slice(r);
    return true;
}

/* The next attack on the menu, or the only one once. */
static const struct attack *next_attack(struct round *r)
{
    size_t n;
    const struct attack *menu = attacks(&n);

    if (r->out->exits >= r->c->exits)
        return NULL;
    if (r->c->attack)
        return r->next++ == 0 ? r->c->attack : NULL;
    return r->next < n ? &menu[r->next++] : NULL;
}

/* False: there is none any more, or the round has failed. */
static bool next_life(struct round *r)
{
    const struct attack *a = next_attack(r);

    hostile_free(&r->hostile);
    if (!a)
        return false;
    if (hostile_make(&r->hostile, a, r->out->seed) != STATUS_OK)
        return fail(r, "there is no memory for a hostile guest", HOSTILE, 0);
    r->restarts = 0;
    r->stuck = 0;
    r->lived = 0;
    r->out->attack = a;
    r->out->lives++;
    counted(r)->lives++;
    if (r->c->began)
        r->c->began(r->c->context, r->out->seed, a);
    return start(r);
}

static uint64_t executed(const struct round *r)
{
    const struct core_stats *s = &r->vm[HOSTILE]->monitor.stats;

    return s->direct + s->emulated;
}

/* Enough done or waited, or it cannot be got going again (its PMP locks). */
static bool is_over(const struct round *r)
{
    return r->lived + executed(r) >= CONTROL_LIFE || r->stuck > MAX_STUCK ||
           machine_count(&r->vm[HOSTILE]->board) >= 20 * CONTROL_LIFE;
}

/* It has come to the end of its slice, at the very count. */
static bool go_on(struct round *r, struct scheduled *m)
{
    uint64_t count = machine_count(&m->vm->board), progress;

    if (count != m->until)
        return fail(r, "the machine did not stop where it had to", HOSTILE,
                    count);
    if (is_over(r)) {
        add_up(r);
        return next_life(r);
    }
    progress = hostile_progress(&m->vm->machine);
    r->stuck = progress == r->progress ? r->stuck + 1 : 0;
    if (r->stuck)
        hostile_revive(&r->hostile, &m->vm->machine);
    r->progress = progress;
    m->until = count + slice(r);
    return true;
}

static bool hostile_ended(struct round *r, struct scheduled *m)
{
    if (m->end == RUN_UNTIL)
        return go_on(r, m);
    if (m->end != RUN_FINISHED && m->end != RUN_RESET && m->end != RUN_IDLE)
        return fail(r, "the machine ended for no reason that there is", HOSTILE,
                    m->end);
    add_up(r);
    r->lived += executed(r);
    if (++r->restarts > MAX_RESTARTS || is_over(r))
        return next_life(r);
    return start(r);
}

/* ---- the neighbour ---- */

static void compare(void *context, const uint8_t *bytes, size_t n)
{
    struct round *r = context;
    const struct reference *a = r->alone;

    if (n > a->size - r->written ||
        memcmp(a->console + r->written, bytes, n) != 0)
        r->differs = true;
    else
        r->written += n;
}

static bool neighbour_ended(struct round *r, struct scheduled *m)
{
    uint64_t count = machine_count(&m->vm->board);

    if (m->end == RUN_UNTIL && count <= r->alone->count) {
        m->until = count + slice(r);
        return true;
    }
    if (m->end != RUN_FINISHED || count != r->alone->count)
        fail(r, "the neighbour ended elsewhere than alone", NEIGHBOUR, count);
    return false;
}

/* At the end of the round, when nobody runs any more. */
static bool check_neighbour(struct round *r)
{
    struct vm *vm = r->vm[NEIGHBOUR];
    uint64_t hash = machine_hash(&vm->machine, &vm->board);

    if (r->differs || r->written != r->alone->size)
        return fail(r, "the neighbour's console is not what it writes alone",
                    NEIGHBOUR, r->written);
    if (vm->board.status != r->alone->status)
        return fail(r, "the neighbour ended with another status", NEIGHBOUR,
                    (uint64_t)vm->board.status);
    return hash == r->alone->hash ||
           fail(r, "the neighbour's state is not what it is alone", NEIGHBOUR,
                hash);
}

/* ---- the round ---- */

static bool ended(void *context, struct scheduler *s, unsigned i)
{
    struct round *r = context;

    if (r->stop)
        return false;
    return i == HOSTILE ? hostile_ended(r, &s->machine[i])
                        : neighbour_ended(r, &s->machine[i]);
}

/* Between two turns. */
static uint64_t poll(void *context, struct scheduler *s, uint64_t idle)
{
    struct round *r = context;

    (void)s;
    atomic_fetch_add_explicit(&r->out->beats, 1, memory_order_relaxed);
    if (r->c->cancel && *r->c->cancel)
        r->stop = 1;
    return idle == CLOCK_NEVER ? 0 : idle;
}

static bool make_vm(struct round *r, unsigned i)
{
    struct board_config b = hostile_board(r);

    if (i == NEIGHBOUR)
        b = (struct board_config){ .harts = 1,
                                   .isa = b.isa,
                                   .memory = r->c->neighbour_memory,
                                   .console = &r->console };
    r->vm[i] = vm_new_sibling(&r->bare->machine, &b, &r->siblings);
    if (!r->vm[i])
        return false;
    vm_watch(r->vm[i], watch, r);
    r->machine[i] =
        (struct scheduled){ .vm = r->vm[i], .weight = 1, .until = slice(r) };
    return true;
}

/* Who lies first in the host's RAM alternates. */
static bool make(struct round *r)
{
    struct board_config host = { .harts = r->harts, .isa = isa_default() };
    unsigned first = r->out->seed >> 1 & 1;
    struct error e;

    host.memory = vm_host_memory(HOSTILE_MEMORY, r->harts) +
                  vm_host_memory(r->c->neighbour_memory, 1) + RAM_PAGE;
    console_init(&r->console, compare, r);
    r->bare = bare_new(&host);
    return r->bare && make_vm(r, first) && make_vm(r, !first) &&
           machine_boot(&r->vm[NEIGHBOUR]->board, &r->c->neighbour, NULL, &e) ==
               STATUS_OK &&
           ownership_init(&r->ownership, &r->bare->machine, host.memory, r->vm,
                          MACHINES) == STATUS_OK;
}

static void run(struct round *r)
{
    const struct scheduler_options o = {
        .cancel = &r->stop, .poll = poll, .ended = ended, .context = r
    };

    r->machine[NEIGHBOUR].weight = NEIGHBOUR_WEIGHT;
    r->scheduler =
        (struct scheduler){ .machine = r->machine, .machines = MACHINES };
    if (!ownership_assign(&r->ownership, &r->out->finding) || !next_life(r))
        return;
    if (scheduler_run(&r->scheduler, &o))
        check_neighbour(r);
    for (unsigned i = 0; i < MACHINES; i++)
        r->out->switches += r->machine[i].turns;
}

static void clear(struct round *r)
{
    hostile_free(&r->hostile);
    ownership_free(&r->ownership);
    for (unsigned i = 0; i < MACHINES; i++)
        if (r->vm[i])
            vm_free(r->vm[i]);
    bare_free(r->bare);
}

enum control_verdict control_round(const struct control_config *c,
                                   const struct reference *alone,
                                   struct control *out)
{
    struct round r = { .c = c,
                       .alone = alone,
                       .out = out,
                       .harts = 1 + (unsigned)(out->seed & 1),
                       .random = out->seed * 2654435761u + 88172645463325252u };
    bool made = make(&r);

    if (made)
        run(&r);
    clear(&r);
    return out->finding.what ? CONTROL_BROKEN
           : !made           ? CONTROL_FAILED
           : r.stop          ? CONTROL_CANCELLED
                             : CONTROL_HELD;
}
