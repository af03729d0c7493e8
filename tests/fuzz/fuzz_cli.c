/*
 * Any text as a command line (an argument a line) and as an input script.
 * Either it is understood, within the bounds that the options state, or it is
 * refused in one sentence.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/input_script.h"
#include "cli/run_settings.h"

#define MAX_ARGUMENTS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_refusal(const struct error *e)
{
    require(e->text[0] != '\0' && memchr(e->text, '\0', sizeof e->text));
}

static void check_settings(const struct run_settings *s)
{
    require(s->depth <= MAX_DEPTH && s->harts >= 1 &&
            s->harts <= BOARD_MAX_HARTS && s->memory % RAM_PAGE == 0 &&
            s->memory >= 1 << 20 && s->timeout >= 0 && s->clock &&
            s->initrd.count <= OPTION_LIST_MAX &&
            s->disk.count <= BOARD_MAX_DISKS);
}

static void parse_command_line(char *text)
{
    char *argv[MAX_ARGUMENTS + 1] = { "run" };
    struct run_settings s;
    struct error e = { "" };
    int argc = 1;

    for (char *line = strtok(text, "\n"); line && argc < MAX_ARGUMENTS;
         line = strtok(NULL, "\n"))
        argv[argc++] = line;
    if (run_settings_parse(&s, argc, argv, &e) == STATUS_OK)
        check_settings(&s);
    else
        check_refusal(&e);
}

static void parse_script(const uint8_t *data, size_t size)
{
    struct image i = image_of("input", data, size);
    struct input_script s;
    struct error e = { "" };

    if (input_script_parse(&s, &i, &e) != STATUS_OK) {
        check_refusal(&e);
        return;
    }
    for (size_t k = 1; k < s.lines; k++)
        require(s.line[k - 1].count <= s.line[k].count &&
                s.line[k - 1].start + s.line[k - 1].size == s.line[k].start);
    input_script_free(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    parse_command_line(text);
    free(text);
    parse_script(data, size);
    return 0;
}
