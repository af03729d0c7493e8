/* One property of one instruction: a short search, then Z3. */
#include "check/isa/decide.h"

#define DEFAULT_SECONDS 60
#define DEFAULT_STATES  20000

/* Before Z3 is asked, so many states are tried: what is that easy to see need
   not wait for a proof that it cannot be. */
#define QUICK_STATES 400

/* Queries with so few assignments are decided by trying them all. */
#define EXHAUST_BEFORE_Z3 1024
#define EXHAUST_ALONE     (UINT64_C(1) << 20)

/* One query may take this part of the whole time, so that a hard one does not
   leave all that follow open. */
#define QUERY_SHARE 0.2

enum status isa_decider_new(struct isa_decider *d, struct isa_model *m,
                            const struct isa_check_config *c)
{
    enum status status;

    *d = (struct isa_decider){ .model = m, .config = c };
    d->search = (struct isa_search){
        .model = m,
        .random = c->seed,
        .states = c->states ? c->states : DEFAULT_STATES,
        .exhaust = EXHAUST_ALONE,
    };
    if (c->use_z3) {
        d->search.exhaust = EXHAUST_BEFORE_Z3;
        if (d->search.states > QUICK_STATES)
            d->search.states = QUICK_STATES;
    }
    d->until = isa_clock() + (c->seconds > 0 ? c->seconds : DEFAULT_SECONDS);
    d->search.until = d->until;
    status = isa_assignment_new(m, &d->found);
    if (status != STATUS_OK)
        return status;
    d->z3 = c->use_z3 ? isa_z3_new(m) : NULL;
    if (!c->use_z3 || d->z3)
        return STATUS_OK;
    isa_assignment_free(&d->found);
    return STATUS_IO; /* pogo-z3.so is not there */
}

void isa_decider_free(struct isa_decider *d)
{
    isa_z3_free(d->z3);
    isa_assignment_free(&d->found);
}

static enum isa_answer ask(struct isa_decider *d, const struct isa_query *q,
                           enum status *status)
{
    double limit = QUERY_SHARE * (d->config->seconds > 0 ? d->config->seconds
                                                         : DEFAULT_SECONDS);
    enum isa_answer answer = ISA_OPEN;
    double left = d->until - isa_clock();

    if (d->is_ended || left <= 0)
        return ISA_OPEN;
    d->queries++;
    if (d->config->use_search)
        answer = isa_search(&d->search, q, &d->found, status);
    if (answer != ISA_OPEN || *status != STATUS_OK || !d->z3)
        return answer;
    left = d->until - isa_clock();
    return isa_z3_decide(d->z3, q, left < limit ? left : limit, &d->found,
                         status);
}

/* A state that shows the property, or that refutes it, decides alone; and so
   does the lack of a state that it requires. */
static bool settles(const struct isa_query *q, enum isa_answer a)
{
    return q->sense == ISA_REQUIRED ? a == ISA_UNSAT : a == ISA_SAT;
}

enum status isa_decide(struct isa_decider *d, const struct isa_insn *insn,
                       enum property property, uint32_t pinned,
                       struct isa_decision *decision)
{
    size_t n = isa_queries(d->model, insn, property, pinned, d->query);
    enum status status = STATUS_OK;
    size_t settled = n;

    *decision = (struct isa_decision){ TRUTH_UNKNOWN, EVIDENCE_NONE, NULL };
    if (ast_pool_failed(d->model->pool))
        return STATUS_NO_MEMORY;
    for (size_t i = 0; i < n; i++)
        d->answer[i] = ISA_OPEN;
    for (size_t i = 0; i < n && settled == n; i++) {
        d->answer[i] = ask(d, &d->query[i], &status);
        if (status != STATUS_OK)
            return status;
        if (settles(&d->query[i], d->answer[i]))
            settled = i;
    }
    decision->truth = isa_property_truth(d->query, d->answer, n);
    if (decision->truth == TRUTH_UNKNOWN)
        return STATUS_OK;
    decision->evidence = settled < n && d->answer[settled] == ISA_SAT
                             ? EVIDENCE_WITNESS
                             : EVIDENCE_PROVED;
    if (decision->truth == TRUTH_YES && decision->evidence == EVIDENCE_WITNESS)
        decision->shown = &d->query[settled];
    return STATUS_OK;
}
