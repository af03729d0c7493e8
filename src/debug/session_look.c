/* Looking into a world: memory and registers, without a trace left. */
#include "debug/session_inside.h"

#include <string.h>

#include "mmu/walk.h"

unsigned session_worlds(const struct session *s)
{
    return s->worlds;
}

unsigned session_harts(const struct session *s, unsigned world)
{
    return s->c.machine[world]->harts;
}

unsigned session_level(const struct session *s, unsigned world)
{
    return world < s->c.depth ? world : s->c.depth;
}

bool session_is_guest(const struct session *s, unsigned world)
{
    return world >= s->c.depth && world < s->worlds;
}

struct machine *session_machine(const struct session *s, unsigned world)
{
    return s->c.machine[world];
}

struct board *session_board(const struct session *s, unsigned world)
{
    return s->c.board[world];
}

struct vm *session_vm(const struct session *s, unsigned world)
{
    return s->c.vm[world];
}

/* ---- memory ---- */

static bool pte_read(void *context, uint64_t pa, uint64_t *pte)
{
    struct machine *m = context;
    const void *p = m->ops->ram(m, pa, sizeof *pte, false);

    if (p)
        memcpy(pte, p, sizeof *pte);
    return p != NULL;
}

static bool pte_update(void *context, uint64_t pa, uint64_t expected,
                       uint64_t desired)
{
    (void)context;
    (void)pa;
    (void)expected;
    (void)desired;
    return false; /* a look changes nothing */
}

bool session_translate(const struct session *s, const struct session_view *v,
                       uint64_t va, uint64_t *pa)
{
    struct csr_file c = *s->c.board[v->world]->csr[v->hart];
    const struct walk_memory mem = { s->c.machine[v->world], pte_read,
                                     pte_update };
    struct walk_request q = { .csr = &c,
                              .priv = (enum priv)c.priv,
                              .access = ACCESS_LOAD,
                              .va = va,
                              .any_access = true };
    struct walk_result r;

    *pa = va;
    if (v->space == SPACE_PHYSICAL)
        return true;
    if (v->space == SPACE_OF) {
        c.satp = v->satp;
        q.priv = PRIV_S;
    }
    walk(&q, &mem, &r);
    *pa = r.pa;
    return r.ok;
}

/* Up to n bytes in one page from `va` on: where they are in the host's memory,
   and how many; NULL: nowhere, or in a device. */
static const uint8_t *locate(const struct session *s,
                             const struct session_view *v, uint64_t va,
                             size_t *n)
{
    struct machine *m = s->c.machine[v->world];
    size_t room = RAM_PAGE - va % RAM_PAGE;
    const uint8_t *ram;
    uint64_t pa;

    if (*n > room)
        *n = room;
    if (!session_translate(s, v, va, &pa))
        return NULL;
    ram = m->ops->ram(m, pa, *n, false);
    return ram ? ram : bus_rom(&s->c.board[v->world]->bus, pa);
}

size_t session_read(struct session *s, const struct session_view *v,
                    uint64_t va, void *bytes, size_t n)
{
    size_t done = 0;

    while (done < n) {
        size_t part = n - done;
        const uint8_t *p = locate(s, v, va + done, &part);

        if (!p)
            break;
        memcpy((uint8_t *)bytes + done, p, part);
        done += part;
    }
    return done;
}

size_t session_write(struct session *s, const struct session_view *v,
                     uint64_t va, const void *bytes, size_t n)
{
    struct machine *m = s->c.machine[v->world];
    size_t done = 0;

    while (done < n) {
        size_t part = n - done;
        uint64_t pa;

        if (!locate(s, v, va + done, &part) ||
            !session_translate(s, v, va + done, &pa) ||
            !m->ops->ram(m, pa, part, false))
            break;
        session_touch(s, v->world);
        memcpy(m->ops->ram(m, pa, part, true), (const uint8_t *)bytes + done,
               part);
        done += part;
    }
    return done;
}

/* ---- registers ---- */

bool session_get(struct session *s, unsigned world, unsigned hart, unsigned reg,
                 uint64_t *v)
{
    struct machine *m = s->c.machine[world];

    if (reg > REG_RESERVATION || hart >= m->harts)
        return false;
    *v = m->ops->reg_get(m, hart, reg);
    return true;
}

/* What no hart could hold is refused. */
static bool is_possible(const struct machine *m, unsigned reg, uint64_t v)
{
    switch (reg) {
    case REG_PC:
        return (v & (isa_has(m->isa, EXT_C) ? 1 : 3)) == 0;
    case REG_PRIV:
        return v == PRIV_U || v == PRIV_S || v == PRIV_M;
    default:
        return reg < REG_RESERVATION;
    }
}

bool session_set(struct session *s, unsigned world, unsigned hart, unsigned reg,
                 uint64_t v)
{
    struct machine *m;

    if (!session_is_guest(s, world))
        return false;
    m = s->c.machine[world];
    if (hart >= m->harts || !is_possible(m, reg, v))
        return false;
    session_touch(s, world);
    m->ops->reg_set(m, hart, reg, v);
    return true;
}

bool session_get_csr(struct session *s, unsigned world, unsigned hart,
                     unsigned csr, uint64_t *v)
{
    struct machine *m = s->c.machine[world];

    return hart < m->harts && m->ops->csr_get(m, hart, csr, v) == STATUS_OK;
}

static bool is_read_only(unsigned csr)
{
    return csr >> 10 == 3;
}

bool session_set_csr(struct session *s, unsigned world, unsigned hart,
                     unsigned csr, uint64_t v)
{
    struct machine *m;
    uint64_t old;

    if (!session_is_guest(s, world) || !session_get_csr(s, world, hart, csr, &old) ||
        is_read_only(csr))
        return false;
    m = s->c.machine[world];
    session_touch(s, world);
    return m->ops->csr_set(m, hart, csr, v) == STATUS_OK;
}
