/*
 * Physical pages from the end of the kernel to KERNEL_END. A free page holds
 * the pointer to the next; a page in use has a count of the page tables that
 * map it, which is what copy-on-write needs.
 */
#include "kernel.h"

#define PAGES ((KERNEL_END - KERNEL_BASE) / PAGE_SIZE)

extern char __kernel_end[]; /* from the linker script, page aligned */

static void *free_list;
static char *never_used;
static uint8_t shares[PAGES];

static uint8_t *share_count(void *page)
{
    return &shares[((uint64_t)page - KERNEL_BASE) / PAGE_SIZE];
}

void page_init(void)
{
    never_used = __kernel_end;
}

static void *take(void)
{
    void *page = free_list;

    if (page)
        free_list = *(void **)page;
    else if (never_used < (char *)(uint64_t)KERNEL_END) {
        page = never_used;
        never_used += PAGE_SIZE;
    }
    return page;
}

void *page_alloc(void)
{
    uint64_t *page = take();

    if (!page)
        return NULL;
    for (int i = 0; i < PAGE_SIZE / 8; i++)
        page[i] = 0;
    *share_count(page) = 1;
    return page;
}

void page_share(void *page)
{
    ++*share_count(page);
}

int page_shares(void *page)
{
    return *share_count(page);
}

void page_free(void *page)
{
    if (--*share_count(page))
        return;
    *(void **)page = free_list;
    free_list = page;
}
