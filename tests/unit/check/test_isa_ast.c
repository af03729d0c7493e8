/* Expressions: unique nodes, and operations as SMT-LIB defines them. */
#include "check/isa/ast.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "check/isa/isa_model.h"

static const struct isa_element x = { .name = "x", .width = 8 };
static const struct isa_element y = { .name = "y", .width = 8 };

static void operations_are_total(void **state)
{
    static const struct {
        enum ast_op op;
        unsigned width;
        uint64_t a, b, result;
    } t[] = {
        { AST_UDIV, 8, 7, 0, 0xff },      { AST_UREM, 8, 7, 0, 7 },
        { AST_SDIV, 8, 7, 0, 0xff },      { AST_SDIV, 8, 0xf9, 0, 1 },
        { AST_SREM, 8, 0xf9, 0, 0xf9 },   { AST_SDIV, 8, 0x80, 0xff, 0x80 },
        { AST_SDIV, 8, 0xf9, 2, 0xfd },   { AST_SREM, 8, 0xf9, 2, 0xff },
        { AST_SREM, 8, 7, 0xfe, 1 },      { AST_SHL, 8, 0x81, 8, 0 },
        { AST_SHL, 8, 0x81, 1, 2 },       { AST_LSHR, 8, 0x81, 200, 0 },
        { AST_ASHR, 8, 0x81, 200, 0xff }, { AST_ASHR, 8, 0x41, 9, 0 },
        { AST_SHL, 64, 1, 64, 0 },        { AST_ADD, 64, UINT64_MAX, 1, 0 },
        { AST_MUL, 4, 7, 7, 1 },          { AST_NEG, 4, 1, 0, 15 },
        { AST_NOT, 4, 1, 0, 14 },         { AST_SUB, 4, 0, 1, 15 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof *t; i++)
        assert_int_equal(
            ast_compute(t[i].op, t[i].width, t[i].width, t[i].a, t[i].b, 0),
            t[i].result);
    assert_int_equal(ast_compute(AST_SLT, 8, 1, 0x80, 0, 0), 1);
    assert_int_equal(ast_compute(AST_ULT, 8, 1, 0x80, 0, 0), 0);
    assert_int_equal(ast_compute(AST_SLE, 1, 1, 1, 0, 0), 1);
    assert_int_equal(ast_compute(AST_SIGN_EXTEND, 4, 8, 9, 0, 0), 0xf9);
    assert_int_equal(ast_compute(AST_CONCAT, 4, 8, 9, 3, 0), 0x93);
}

static void equal_expressions_are_one_node(void **state)
{
    struct ast_pool *p = ast_pool_new();
    const struct ast *a = ast_state(p, &x, 0), *b = ast_state(p, &y, 0);
    const struct ast *sum = ast_binary(p, AST_ADD, a, b);

    (void)state;
    assert_ptr_equal(sum, ast_binary(p, AST_ADD, b, a));
    assert_ptr_not_equal(ast_state(p, &x, 1), a);
    assert_ptr_not_equal(ast_binary(p, AST_SUB, a, b),
                         ast_binary(p, AST_SUB, b, a));
    for (unsigned i = 0; i < 20000; i++) /* the table grows */
        sum = ast_binary(p, AST_ADD, ast_binary(p, AST_XOR, sum, a),
                         ast_const(p, 8, i));
    assert_false(ast_pool_failed(p));
    assert_ptr_equal(ast_state(p, &x, 0), a);
    ast_pool_free(p);
}

static void what_is_simple_is_simplified(void **state)
{
    struct ast_pool *p = ast_pool_new();
    const struct ast *a = ast_state(p, &x, 0), *b = ast_state(p, &y, 0);
    const struct ast *zero = ast_const(p, 8, 0);
    const struct ast *c = ast_eq(p, a, b);

    (void)state;
    assert_ptr_equal(ast_binary(p, AST_AND, a, zero), zero);
    assert_ptr_equal(ast_binary(p, AST_OR, zero, a), a);
    assert_ptr_equal(ast_eq(p, a, a), ast_true(p));
    assert_ptr_equal(ast_not(p, ast_not(p, c)), c);
    assert_ptr_equal(ast_and(p, c, ast_not(p, c)), ast_false(p));
    assert_ptr_equal(ast_ite(p, ast_true(p), a, b), a);
    assert_ptr_equal(ast_extract(p, ast_binary(p, AST_CONCAT, a, b), 15, 8), a);
    assert_ptr_equal(ast_insert(p, a, 7, 0, b), b);
    assert_ptr_equal(
        ast_extract(p, ast_insert(p, a, 5, 2, ast_const(p, 4, 9)), 5, 2),
        ast_const(p, 4, 9));
    assert_ptr_equal(ast_eq(p, ast_ite(p, c, zero, ast_const(p, 8, 3)), zero),
                     c);
    ast_pool_free(p);
}

static const struct ast *to_y(void *context, struct ast_pool *p,
                              const struct ast *leaf, const struct ast *index)
{
    (void)index;
    ++*(unsigned *)context;
    return leaf->element == &x ? ast_state(p, &y, 0) : leaf;
}

static void a_shared_part_is_rewritten_once(void **state)
{
    struct ast_pool *p = ast_pool_new();
    const struct ast *a = ast_state(p, &x, 0), *b = ast_state(p, &y, 0);
    unsigned leaves = 0;

    (void)state;
    for (unsigned i = 0; i < 60; i++) { /* 2^60 paths */
        a = ast_binary(p, AST_MUL, a, ast_unary(p, AST_NEG, a));
        b = ast_binary(p, AST_MUL, b, ast_unary(p, AST_NEG, b));
    }
    assert_ptr_equal(ast_rewrite(p, a, to_y, &leaves), b);
    assert_int_equal(leaves, 1);
    ast_pool_free(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operations_are_total),
        cmocka_unit_test(equal_expressions_are_one_node),
        cmocka_unit_test(what_is_simple_is_simplified),
        cmocka_unit_test(a_shared_part_is_rewritten_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
