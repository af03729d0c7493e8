/* The pool of expressions: unique nodes, and what they are made of. */
#include "check/isa/ast_make.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK 1024

struct chunk {
    struct chunk *next;
    struct ast node[CHUNK];
};

struct ast_pool {
    struct chunk *chunks; /* the newest first */
    uint32_t count;
    const struct ast **slot; /* a hash table with open addressing */
    size_t slots;            /* a power of two, more than 2 * count */
    bool failed;
    struct ast spare[65]; /* what a failed pool returns, by width */
};

struct ast_pool *ast_pool_new(void)
{
    struct ast_pool *p = calloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->slots = 4096;
    p->slot = calloc(p->slots, sizeof *p->slot);
    if (!p->slot) {
        free(p);
        return NULL;
    }
    for (unsigned w = 0; w <= 64; w++)
        p->spare[w] = (struct ast){ .op = AST_CONST, .width = (uint8_t)w };
    return p;
}

void ast_pool_free(struct ast_pool *p)
{
    struct chunk *next;

    if (!p)
        return;
    for (struct chunk *c = p->chunks; c; c = next) {
        next = c->next;
        free(c);
    }
    free(p->slot);
    free(p);
}

bool ast_pool_failed(const struct ast_pool *p)
{
    return p->failed;
}

uint32_t ast_pool_count(const struct ast_pool *p)
{
    return p->count;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
    return h ^ (h >> 29);
}

static uint64_t hash(const struct ast *n)
{
    uint64_t h = mix(n->op, (uint64_t)n->width << 32 | n->side << 24 |
                                n->hi << 16 | n->lo << 8);

    h = mix(h, n->index);
    h = mix(h, n->value);
    h = mix(h, (uintptr_t)n->element);
    for (unsigned i = 0; i < 3; i++)
        h = mix(h, n->arg[i] ? n->arg[i]->id + 1 : 0);
    return h;
}

static bool same(const struct ast *a, const struct ast *b)
{
    return a->op == b->op && a->width == b->width && a->side == b->side &&
           a->hi == b->hi && a->lo == b->lo && a->index == b->index &&
           a->value == b->value && a->element == b->element &&
           a->arg[0] == b->arg[0] && a->arg[1] == b->arg[1] &&
           a->arg[2] == b->arg[2];
}

static const struct ast **slot_of(struct ast_pool *p, const struct ast *n)
{
    size_t i = hash(n) & (p->slots - 1);

    while (p->slot[i] && !same(p->slot[i], n))
        i = (i + 1) & (p->slots - 1);
    return &p->slot[i];
}

static bool grow(struct ast_pool *p)
{
    const struct ast **old = p->slot;
    size_t n = p->slots;
    const struct ast **slot = calloc(2 * n, sizeof *slot);

    if (!slot)
        return false;
    p->slot = slot;
    p->slots = 2 * n;
    for (size_t i = 0; i < n; i++)
        if (old[i])
            *slot_of(p, old[i]) = old[i];
    free(old);
    return true;
}

/* The unique node that is like `like`, but for its id. */
static const struct ast *intern(struct ast_pool *p, const struct ast *like)
{
    const struct ast **slot = slot_of(p, like);
    struct chunk *c;
    struct ast *n;

    if (*slot)
        return *slot;
    if (p->failed || p->count == AST_MAX_NODES ||
        (2 * (p->count + 1) > p->slots && !grow(p)))
        goto fail;
    if (p->count % CHUNK == 0) {
        c = malloc(sizeof *c);
        if (!c)
            goto fail;
        c->next = p->chunks;
        p->chunks = c;
    }
    n = &p->chunks->node[p->count % CHUNK];
    *n = *like;
    n->id = p->count++;
    return *slot_of(p, n) = n;

fail:
    p->failed = true;
    return &p->spare[like->width];
}

const struct ast *ast_const(struct ast_pool *p, unsigned width, uint64_t value)
{
    struct ast n = { .op = AST_CONST, .width = (uint8_t)width };

    n.value = value & MASK(width - 1, 0);
    return intern(p, &n);
}

const struct ast *ast_operand(struct ast_pool *p, unsigned index,
                              unsigned width)
{
    struct ast n = { .op = AST_OPERAND, .width = (uint8_t)width };

    n.index = (uint16_t)index;
    return intern(p, &n);
}

const struct ast *ast_extra(struct ast_pool *p, unsigned index, unsigned width)
{
    struct ast n = { .op = AST_EXTRA, .width = (uint8_t)width };

    n.index = (uint16_t)index;
    return intern(p, &n);
}

const struct ast *ast_make(struct ast_pool *p, const struct ast *like)
{
    return intern(p, like);
}

void ast_pool_fail(struct ast_pool *p)
{
    p->failed = true;
}
