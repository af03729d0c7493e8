/* Columns and paragraphs, with text that nobody has vouched for. */
#include "cli/text_layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bits.h"

static char *text;
static size_t size;

static struct text_out begin(bool colour)
{
    return (struct text_out){ open_memstream(&text, &size), colour };
}

/* What was written is as expected. */
static void end(struct text_out o, const char *expected)
{
    fclose(o.file);
    assert_string_equal(text, expected);
    free(text);
}

static void characters_not_bytes_make_the_width(void **state)
{
    struct text_out o = begin(false);

    (void)state;
    assert_int_equal(text_width("a⊕é"), 3);
    text_cell(o, TEXT_RED, "⊕", 3);
    text_cell(o, TEXT_RED, "four", 2);
    end(o, "⊕  four");
}

static void a_name_cannot_steer_the_terminal(void **state)
{
    struct text_out o = begin(true);

    (void)state;
    text_put(o, "a\033[2Jb\007\x9b\xc2\x9b\n\x7f|\xe2\x28|\xff");
    end(o, "a?[2Jb?????|?(|?");
}

static void colour_only_where_it_is_wanted(void **state)
{
    struct text_out o = begin(true);

    (void)state;
    text_colour(o, TEXT_GREEN, "yes");
    text_colour(o, TEXT_PLAIN, "no");
    end(o, "\033[32myes\033[0mno");
}

static void no_line_is_longer_than_the_page(void **state)
{
    struct text_out o = begin(false);
    char words[1000], word[301];

    (void)state;
    for (unsigned k = 0; k + 1 < sizeof words; k++)
        words[k] = k % 7 == 6 ? ' ' : 'x';
    words[sizeof words - 1] = '\0';
    memset(word, 'y', sizeof word - 1);
    word[sizeof word - 1] = '\0';
    text_wrap(o, words, 30, 4);
    text_wrap(o, word, 30, 4);
    fclose(o.file);
    for (const char *line = text; *line;) {
        size_t n = strcspn(line, "\n");

        assert_true(n <= TEXT_COLUMNS);
        if (line != text)
            assert_true(n == 0 || line[0] == ' ' || line[0] == 'x');
        line += n + 1;
    }
    free(text);
}

static void a_word_that_does_not_fit_begins_a_line(void **state)
{
    struct text_out o = begin(false);

    (void)state;
    text_wrap(o, "abcdef gh", 96, 2);
    text_wrap(o, "short", 4, 2);
    text_wrap(o, "", 4, 2);
    end(o, "\n  abcdef gh\nshort\n\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_not_bytes_make_the_width),
        cmocka_unit_test(a_name_cannot_steer_the_terminal),
        cmocka_unit_test(colour_only_where_it_is_wanted),
        cmocka_unit_test(no_line_is_longer_than_the_page),
        cmocka_unit_test(a_word_that_does_not_fit_begins_a_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
