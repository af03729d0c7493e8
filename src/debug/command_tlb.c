/*
 * tlb: the translations that a hart keeps (mmu/translations.h), of the address
 * space and the mode that it is in; or of one address, in every mode. A virtual
 * hart's are the shadow page table, and name pages of its host.
 */
#include <stdio.h>
#include <string.h>

#include "debug/command_rows.h"
#include "debug/page_tables.h"

#define LINES 64

typedef unsigned long long ull;

struct tlb {
    struct command_call *c;
    const struct translations *kept;
    const struct space *space;
    uint64_t only; /* the page that is asked for … */
    bool one;      /* … alone */
    uint64_t found;
};

static const struct translations *kept_by(const struct session *s,
                                          unsigned world, unsigned hart)
{
    struct bare *bare = bare_from(session_machine(s, world));

    return bare ? hart_translations(&bare->hart[hart])
                : &session_vm(s, world)
                       ->monitor.hart[hart]
                       .shadow[SHADOW_TRANSLATED]
                       .kept;
}

static void say_leaf(struct tlb *t, uint64_t va, uint64_t pte)
{
    unsigned rights = (pte & PTE_R ? (unsigned)ACCESS_LOAD : 0) |
                      (pte & PTE_W ? (unsigned)ACCESS_STORE : 0) |
                      (pte & PTE_X ? (unsigned)ACCESS_FETCH : 0);
    char text[4], view[16];

    if (t->found++ >= LINES)
        return;
    page_tables_rights(rights, text);
    page_tables_view(t->space->view, view, sizeof view);
    text_print(t->c->out, "0x%016llx  0x%016llx  %s  %-6s%s%s\n", (ull)va,
               (ull)(field_get(pte, PTE_PPN) << PAGE_SHIFT), text, view,
               pte & LEAF_GLOBAL ? " global" : "",
               pte & LEAF_NAPOT ? " of 64 KiB" : "");
}

static void say_table(struct tlb *t, uint32_t table, unsigned level,
                      uint64_t base)
{
    for (unsigned i = 0; i < PTES_PER_PAGE; i++) {
        uint64_t pte = translations_table(t->kept, table)[i];
        uint64_t va = base + i * level_size(level);

        if (level + 1u == t->space->levels)
            va = (uint64_t)sign_extend(va, PAGE_SHIFT + 9 * t->space->levels);
        if (!(pte & PTE_V) || (t->one && t->only - va >= level_size(level)))
            continue;
        if (level > 0)
            say_table(t, translations_child(t->kept, pte), level - 1, va);
        else
            say_leaf(t, va, pte);
    }
}

/* Spaces of this satp, and of one view unless one address is asked for. */
static void say_spaces(struct tlb *t, uint64_t satp, uint8_t view)
{
    for (unsigned k = 0; k < TRANSLATION_SPACES; k++) {
        t->space = &t->kept->space[k];
        if (t->space->live && t->space->satp == satp &&
            (t->one || t->space->view == view))
            say_table(t, t->space->root, t->space->levels - 1u, 0);
    }
}

static void say_none(struct tlb *t, uint64_t satp)
{
    text_print(t->c->out, satp ? "none are kept\n"
                               : "nothing is translated now, and nothing is "
                                 "kept\n");
}

enum command_end command_show_tlb(struct command_call *c)
{
    struct debugger *d = c->d;
    const struct csr_file *csr =
        session_board(d->session, d->world)->csr[d->hart];
    struct tlb t = { .c = c, .kept = kept_by(d->session, d->world, d->hart) };
    uint64_t satp;
    uint8_t view = translation_view(csr, &satp);

    if (c->words) {
        if (!command_number(c, c->word[0], &t.only))
            return COMMAND_WRONG;
        t.one = true;
        t.only &= ~PAGE_MASK;
    }
    if (satp) {
        text_print(c->out, "%-18s  %-18s  may  as\n", "va",
                   d->world ? "page of its host" : "page");
        say_spaces(&t, satp, view);
    }
    if (t.found > LINES)
        text_print(c->out, "and %llu more\n", (ull)(t.found - LINES));
    if (t.found == 0)
        say_none(&t, satp);
    return COMMAND_DONE;
}
