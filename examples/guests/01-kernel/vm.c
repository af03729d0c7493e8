/*
 * Address spaces: Sv39, "page-based 39-bit virtual-memory system". A table is
 * a page of 512 entries; three levels of them translate 27 bits of page
 * number. The hart reads the tables by itself and remembers what it read: so
 * whoever changes a table tells it with sfence.vma, which only S-mode may do.
 */
#include "kernel.h"
#include "riscv.h"

#define LEVELS      3
#define ENTRIES     512
#define KERNEL_ASID 0

#define TEXT (PTE_R | PTE_X | PTE_A)
#define DATA (PTE_R | PTE_W | PTE_A | PTE_D)

extern char __text_end[], __user_load[], __user_load_end[];

static pagetable kernel_table;
static bool have_asids;

static void flush_page(uint64_t va, int asid)
{
    __asm__ volatile("sfence.vma %0, %1" ::"r"(va), "r"((uint64_t)asid)
                     : "memory");
}

static void flush_space(int asid)
{
    __asm__ volatile("sfence.vma x0, %0" ::"r"((uint64_t)asid) : "memory");
}

static void flush_all(void)
{
    __asm__ volatile("sfence.vma" ::: "memory");
}

/* The entry for `va` in the last-level table; tables are made on the way. */
static uint64_t *walk(pagetable table, uint64_t va, bool make)
{
    for (int level = LEVELS - 1;; level--) {
        uint64_t *entry = &table[va >> (12 + 9 * level) & (ENTRIES - 1)];

        if (level == 0)
            return entry;
        if (!(*entry & PTE_V)) {
            void *page = make ? page_alloc() : NULL;

            if (!page)
                return NULL;
            *entry = PA_TO_PTE(page) | PTE_V;
        }
        table = (pagetable)PTE_TO_PA(*entry);
    }
}

/*
 * A and D ("accessed", "dirty") are set from the start: a hart may either set
 * them itself or raise a page fault to have us do it; this suits both.
 */
static bool map(pagetable table, uint64_t va, uint64_t pa, uint64_t flags)
{
    uint64_t *entry = walk(table, va, true);

    if (!entry)
        return false;
    *entry = PA_TO_PTE(pa) | flags | PTE_V;
    return true;
}

/* Maps kernel memory at its physical address, in all address spaces (G). */
static void map_same(uint64_t start, uint64_t end, uint64_t flags)
{
    for (uint64_t pa = start; pa < end; pa += PAGE_SIZE)
        if (!map(kernel_table, pa, pa, flags | PTE_G))
            panic("no memory for the kernel's page table", pa);
}

/*
 * ASIDs let translations of several address spaces stay in the TLB together.
 * How many bits of them a hart has shows in which ones stick; possibly none.
 */
static void probe_asids(void)
{
    uint64_t satp = csr_read(satp);

    csr_write(satp, satp | SATP_ASID);
    have_asids = (csr_read(satp) & SATP_ASID) != 0;
    csr_write(satp, satp);
    flush_all();
}

void vm_init(int hart)
{
    uint64_t context = 2 * hart + 1; /* plic.c */
    uint64_t plic = PLIC_BASE;

    kernel_table = page_alloc();
    map_same(UART_BASE, UART_BASE + PAGE_SIZE, DATA);
    map_same(plic, plic + 0x3000, DATA);
    plic += 0x200000 + 0x1000 * context;
    map_same(plic, plic + PAGE_SIZE, DATA);
    map_same(KERNEL_BASE, (uint64_t)__text_end, TEXT);
    map_same((uint64_t)__text_end, KERNEL_END, DATA);
    flush_all();
    vm_use_kernel(); /* from here on all our addresses are translated */
    probe_asids();
}

/* satp is the register that makes an address space the current one. */
void vm_use(pagetable table, int asid)
{
    csr_write(satp, SATP_SV39 | (uint64_t)asid << SATP_ASID_SHIFT |
                        (uint64_t)table / PAGE_SIZE);
    if (!have_asids)
        flush_all();
}

void vm_use_kernel(void)
{
    vm_use(kernel_table, KERNEL_ASID);
}

/* The kernel's part of the root is common; user memory is entry 1's. */
#define ROOT_INDEX(va) ((va) >> 30)
#define USER_ROOT      ROOT_INDEX(USER_BASE)

pagetable vm_new(void)
{
    uint64_t va = USER_BASE;
    pagetable table = page_alloc();

    if (!table)
        return NULL;
    for (int i = 0; i < ENTRIES; i++)
        table[i] = kernel_table[i];
    for (char *pa = __user_load; pa < __user_load_end; pa += PAGE_SIZE) {
        if (!map(table, va, (uint64_t)pa, TEXT | PTE_U)) {
            vm_free(table);
            return NULL;
        }
        page_share(pa);
        va += PAGE_SIZE;
    }
    return table;
}

/* Frees a subtree: pages below last-level entries, tables below others. */
static void free_tree(pagetable table, int level)
{
    for (int i = 0; i < ENTRIES; i++) {
        void *below = (void *)PTE_TO_PA(table[i]);

        if (!(table[i] & PTE_V))
            continue;
        if (level > 0)
            free_tree(below, level - 1);
        else
            page_free(below);
    }
    page_free(table);
}

void vm_free(pagetable table)
{
    if (table[USER_ROOT] & PTE_V)
        free_tree((pagetable)PTE_TO_PA(table[USER_ROOT]), 1);
    page_free(table);
}

/* Both get the page; whoever writes first shall get a copy of its own. */
static bool share_page(uint64_t *entry, pagetable to, uint64_t va)
{
    if (*entry & PTE_W)
        *entry = (*entry & ~PTE_W) | PTE_COW;
    if (!map(to, va, PTE_TO_PA(*entry), *entry & PTE_FLAGS))
        return false;
    page_share((void *)PTE_TO_PA(*entry));
    return true;
}

static bool fork_range(pagetable from, pagetable to, uint64_t start,
                       uint64_t size)
{
    for (uint64_t va = start; va < start + size; va += PAGE_SIZE) {
        uint64_t *entry = walk(from, va, false);

        if (entry && *entry & PTE_V && !share_page(entry, to, va))
            return false;
    }
    return true;
}

bool vm_fork(pagetable from, pagetable to, int asid)
{
    bool ok =
        fork_range(from, to, USER_HEAP, USER_HEAP_MAX) &&
        fork_range(from, to, USER_STACK_END - USER_STACK_MAX, USER_STACK_MAX);

    flush_space(asid); /* the parent's pages have become read-only */
    return ok;
}

static bool copy_on_write(uint64_t *entry)
{
    uint64_t *old = (uint64_t *)PTE_TO_PA(*entry);
    uint64_t flags = (*entry & PTE_FLAGS & ~PTE_COW) | PTE_W;

    if (page_shares(old) > 1) {
        uint64_t *copy = page_alloc();

        if (!copy)
            return false;
        for (int i = 0; i < PAGE_SIZE / 8; i++)
            copy[i] = old[i];
        page_free(old);
        old = copy;
        stats.copies++;
    }
    *entry = PA_TO_PTE(old) | flags;
    return true;
}

/* Heap and stack get their pages here, when first used, and not before. */
static bool demand_zero(struct proc *p, uint64_t va)
{
    bool heap = va >= USER_HEAP && va < p->heap_end;
    bool stack = va < USER_STACK_END && va >= USER_STACK_END - USER_STACK_MAX;
    void *page = heap || stack ? page_alloc() : NULL;

    if (!page)
        return false;
    if (map(p->table, va, (uint64_t)page, DATA | PTE_U))
        return true;
    page_free(page);
    return false;
}

bool vm_fault(struct proc *p, uint64_t va, bool write)
{
    uint64_t *entry = NULL;
    bool ok;

    if (ROOT_INDEX(va) != USER_ROOT)
        return false; /* the kernel's, or nobody's */
    entry = walk(p->table, va, false);
    if (!entry || !(*entry & PTE_V))
        ok = demand_zero(p, va);
    else
        ok = write && *entry & PTE_COW && copy_on_write(entry);
    /* A hart may remember that an entry was invalid or read-only. */
    flush_page(va, p->pid);
    return ok;
}

bool vm_readable(struct proc *p, uint64_t va)
{
    uint64_t *entry = NULL;

    if (ROOT_INDEX(va) == USER_ROOT)
        entry = walk(p->table, va, false);
    if (entry && *entry & PTE_V)
        return (*entry & (PTE_U | PTE_R)) == (PTE_U | PTE_R);
    return vm_fault(p, va, false);
}
