/* The guest's memory, as the virtual hart addresses it. */
#include "vmm/core/vhart.h"

/* Host pointer to `len` bytes of guest memory within one page, or NULL. */
static uint8_t *pointer(struct monitor *m, uint64_t gpa, unsigned len,
                        bool write)
{
    uint64_t hpa;
    bool writable;

    if (!p2m_lookup(&m->p2m, gpa, &hpa, &writable) || (write && !writable))
        return NULL;
    return m->host->ops->ram(m->host, hpa, len, write);
}

bool guest_read(struct monitor *m, uint64_t gpa, unsigned size, uint64_t *v)
{
    const uint8_t *p = pointer(m, gpa, size, false);

    if (!p)
        return false;
    *v = 0;
    for (unsigned i = 0; i < size; i++)
        *v |= (uint64_t)p[i] << (8 * i);
    return true;
}

bool guest_write(struct monitor *m, uint64_t gpa, unsigned size, uint64_t v)
{
    uint8_t *p = pointer(m, gpa, size, true);

    if (!p)
        return false;
    for (unsigned i = 0; i < size; i++)
        p[i] = (uint8_t)(v >> (8 * i));
    return true;
}

static bool in_ram(const struct monitor *m, uint64_t gpa)
{
    return gpa >= m->p2m.ram_gpa &&
           (gpa - m->p2m.ram_gpa) >> PAGE_SHIFT < m->p2m.ram_pages;
}

/* Page tables lie in RAM; anywhere else they are not found (PMA). */
static bool pte_read(void *context, uint64_t pa, uint64_t *pte)
{
    struct monitor *m = context;

    return in_ram(m, pa) && guest_read(m, pa, 8, pte);
}

static bool pte_update(void *context, uint64_t pa, uint64_t expected,
                       uint64_t desired)
{
    struct monitor *m = context;
    uint64_t now;

    return pte_read(m, pa, &now) && now == expected &&
           guest_write(m, pa, 8, desired);
}

static void translate(struct monitor *m, unsigned hart, struct walk_request *q,
                      struct walk_result *r)
{
    const struct walk_memory mem = { m, pte_read, pte_update };
    const struct csr_file *c = &m->hart[hart].csr;

    q->csr = c;
    q->priv = q->access == ACCESS_FETCH ? (enum priv)c->priv
                                        : csr_data_priv(c);
    walk(q, &mem, r);
}

void guest_walk(struct monitor *m, unsigned hart, enum access access,
                uint64_t va, struct walk_result *r)
{
    struct walk_request q = { .access = access, .va = va };

    translate(m, hart, &q, r);
}

/* Two bytes of code at `va`, from where the host fetches them. */
static bool fetch_half(struct monitor *m, unsigned hart, uint64_t va,
                       uint64_t *half)
{
    uint64_t leaf = shadow_leaf(m, hart, m->hart[hart].space, va);
    uint64_t hpa = field_get(leaf, PTE_PPN) << PAGE_SHIFT | (va & PAGE_MASK);
    const uint8_t *p = leaf & PTE_X
        ? m->host->ops->ram(m->host, hpa, 2, false) : NULL;

    if (p)
        *half = p[0] | (uint64_t)p[1] << 8;
    return p != NULL;
}

bool guest_fetch(struct monitor *m, unsigned hart, uint32_t *raw)
{
    uint64_t pc = pc_of(m, hart);
    uint64_t low, high = 0;

    /* The low two bits of a 32-bit instruction are 11. */
    if (!fetch_half(m, hart, pc, &low) ||
        ((low & 3) == 3 && !fetch_half(m, hart, pc + 2, &high))) {
        guest_refetch(m, hart);
        return false;
    }
    *raw = (uint32_t)(low | high << 16);
    return true;
}

void guest_refetch(struct monitor *m, unsigned hart)
{
    uint64_t pc = pc_of(m, hart);

    for (uint64_t va = pc; va <= pc + 2; va += 2)
        m->host->ops->fence(m->host, hart, &va, NULL);
}
