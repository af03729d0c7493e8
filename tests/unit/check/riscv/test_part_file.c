/*
 * Parts and witnesses as files: what is written is read again, shares add up to
 * the whole whoever did them, and what is malformed is refused with a sentence.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "check/riscv/replay.h"
#include "check/riscv/riscv.h"

static struct isa isa;

static struct riscv_part *run(unsigned shard, unsigned shards, unsigned jobs)
{
    struct riscv_check_config c = { .question = riscv_question_find("s-in-u"),
                                    .without = CONDITIONS,
                                    .isa = &isa,
                                    .seed = 3,
                                    .stride = 512,
                                    .samples = 1,
                                    .shard = shard,
                                    .shards = shards,
                                    .jobs = jobs,
                                    .lattice_only = true };
    struct riscv_part *part;
    struct error error;

    isa = isa_default();
    assert_int_equal(riscv_part_run(&c, &part, &error), STATUS_OK);
    return part;
}

/* The file, but for the lines that say which shares, and how long it took. */
static char *text_of(const struct riscv_part *part)
{
    char *text, *line;
    size_t size;
    FILE *file = open_memstream(&text, &size);

    assert_int_equal(riscv_part_write(part, file), STATUS_OK);
    fclose(file);
    line = strstr(text, "\ngroup ");
    assert_non_null(line);
    memmove(text, line, strlen(line) + 1);
    return text;
}

static struct riscv_part *through_file(struct riscv_part *part)
{
    FILE *file = tmpfile();
    struct riscv_part *read = NULL;
    struct error error = { "" };

    assert_int_equal(riscv_part_write(part, file), STATUS_OK);
    rewind(file);
    if (riscv_part_read(file, &read, &error) != STATUS_OK)
        fail_msg("%s", error.text);
    fclose(file);
    riscv_part_free(part);
    return read;
}

static void shares_add_up_to_the_whole(void **state)
{
    struct riscv_part *whole = run(1, 1, 1), *jobs = run(1, 1, 3);
    struct riscv_part *sum = through_file(run(2, 3, 1));
    struct riscv_part *more[2] = { through_file(run(3, 3, 1)),
                                   through_file(run(1, 3, 2)) };
    struct error error;
    char *a = text_of(whole), *b = text_of(jobs), *c;
    unsigned have, of;

    (void)state;
    assert_string_equal(a, b);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(riscv_part_merge(sum, more[i], &error), STATUS_OK);
        assert_int_equal(riscv_part_merge(sum, more[i], &error),
                         STATUS_BAD_ARGUMENT);
        riscv_part_free(more[i]);
    }
    riscv_part_shares(sum, &have, &of);
    assert_int_equal(have, 3);
    assert_int_equal(of, 3);
    c = text_of(sum);
    assert_string_equal(a, c);
    free(a);
    free(b);
    free(c);
    riscv_part_free(whole);
    riscv_part_free(jobs);
    riscv_part_free(sum);
}

static void a_part_alone_leaves_it_unknown(void **state)
{
    struct riscv_part *part = run(1, 2, 1);
    struct verdict_report r;
    struct error error;

    (void)state;
    assert_int_equal(riscv_part_report(part, &r, &error), STATUS_OK);
    assert_int_equal(r.virtualizable, TRUTH_UNKNOWN);
    verdict_free(&r);
    riscv_part_free(part);
}

static FILE *file_of(const char *text)
{
    FILE *file = tmpfile();

    fputs(text, file);
    rewind(file);
    return file;
}

#define HEAD "pogo-witness 1\nquestion s-in-u\nisa rv64gc\n"

static void witnesses_show_what_they_say(void **state)
{
    FILE *file = file_of(HEAD "property mode-sensitive\nword 0x10002573\n"
                              "state mode S U\nstate view own shadow-of-S\n"
                              "end\n");
    struct replay r;
    struct error error;
    struct twin t;
    unsigned line = 0;
    bool shows;
    char *text;

    (void)state;
    assert_int_equal(replay_read(file, &r, &line, &error), STATUS_OK);
    fclose(file);
    assert_int_equal(replay_run(&r, &t, &shows), STATUS_OK);
    assert_true(shows);
    assert_int_equal(t.outcome[0].kind, RUN_RETIRED);
    assert_int_equal(t.outcome[1].kind, RUN_TRAPPED);
    replay_free(&t);
    r.finding.state[1] = r.finding.state[0]; /* nothing is varied now */
    assert_int_equal(replay_run(&r, &t, &shows), STATUS_OK);
    assert_false(shows);
    replay_free(&t);
    text = replay_text(&r);
    assert_non_null(strstr(text, "state mode S\n"));
    free(text);
}

static void malformed_witnesses_are_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "pogo-witness 2\n",
        HEAD "end\n",
        HEAD "word 0x10002573\nproperty mode-sensitive\n",
        HEAD "word what\n",
        HEAD "property privileged\n",
        HEAD "state mode X\n",
        HEAD "state mode 2\nword 0x13\nproperty mode-sensitive\nend\n",
        HEAD "state none 1\n",
        HEAD "state x1 1 2 3\n",
        HEAD "state\n",
        HEAD "holes none-such\n",
        HEAD "without luck\n",
        "pogo-witness 1\nquestion who\n",
        "pogo-witness 1\nisa x86\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        FILE *file = file_of(texts[i]);
        struct error error = { "" };
        struct replay r;
        unsigned line = 0;

        assert_int_equal(replay_read(file, &r, &line, &error),
                         STATUS_BAD_FORMAT);
        assert_non_null(strstr(error.text, "line "));
        fclose(file);
    }
}

static void malformed_parts_are_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "pogo-check-part 1\nquestion s-in-u\n",
        "pogo-check-part 1\nquestion s-in-u\nwithout none\nisa rv64gc\n"
        "holes 0\nnumbers 1 1 1 0 0 1\n",
        "pogo-check-part 1\nquestion s-in-u\nwithout none\nisa rv64gc\n"
        "holes 0\nnumbers 1 1 1 2 0 1\nshare 3\n",
        "pogo-check-part 1\nquestion s-in-u\nwithout none\nisa rv64gc\n"
        "holes 0\nnumbers 1 1 1 2 0 1\ngroup none such\n",
        "pogo-check-part 1\nquestion s-in-u\nwithout none\nisa rv64gc\n"
        "holes 0\nnumbers 1 1 1 2 0 1\ngroup addi\ncounts 1\n",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        FILE *file = file_of(texts[i]);
        struct error error = { "" };
        struct riscv_part *part;

        assert_int_equal(riscv_part_read(file, &part, &error),
                         STATUS_BAD_FORMAT);
        assert_null(part);
        assert_non_null(strstr(error.text, "line "));
        fclose(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_add_up_to_the_whole),
        cmocka_unit_test(a_part_alone_leaves_it_unknown),
        cmocka_unit_test(witnesses_show_what_they_say),
        cmocka_unit_test(malformed_witnesses_are_refused),
        cmocka_unit_test(malformed_parts_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
