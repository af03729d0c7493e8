/* Between the files of ast.h only. */
#ifndef POGO_CHECK_ISA_AST_MAKE_H
#define POGO_CHECK_ISA_AST_MAKE_H

#include "check/isa/ast.h"

/* The unique node that is like `like`, whose id is not looked at. */
const struct ast *ast_make(struct ast_pool *p, const struct ast *like);

/* Memory has run out elsewhere: the pool has failed. */
void ast_pool_fail(struct ast_pool *p);

#endif
