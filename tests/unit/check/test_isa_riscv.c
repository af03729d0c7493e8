/*
 * RISC-V's description, examples/isa/riscv.isa, beside the interpreter.
 * Some thousands of states; the seed is printed, and POGO_TEST_SEED
 * repeats a run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "check/isa_riscv.h"

#define STATES 20000

static void description_and_interpreter_agree(void **state)
{
    struct isa_riscv r;

    (void)state;
    isa_riscv_init(&r, POGO_SOURCE_DIR "/examples/isa/riscv.isa");
    isa_riscv_compare(&r, STATES);
    isa_riscv_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(description_and_interpreter_agree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
