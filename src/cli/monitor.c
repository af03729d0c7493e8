/* pogo monitor: a guest under a debugger, and a prompt to give commands at. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/debugging_several.h"
#include "cli/fleet_inside.h"
#include "cli/prompt.h"
#include "host/cancel.h"
#include "machine/error_say.h"

#define AT(member) offsetof(struct prompt, member)

static const struct option own_options[] = {
    { "script", OPTION_TEXT, AT(script), "FILE",
      "commands from there, and not from the terminal", 0, 0, NULL },
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

/* ---- what is said ---- */

static void put(void *context, const char *text, size_t n)
{
    struct prompt *p = context;
    struct host_console *c = &p->debugging.outside.console;

    if (p->debugging.several)
        fleet_end_line(&p->debugging.several->fleet);
    host_console_flush(c);
    if (c->middle_of_line && c->out == STDOUT_FILENO)
        fputc('\n', stdout);
    c->middle_of_line = false;
    fwrite(text, 1, n, stdout);
    if (n > 0 && text[n - 1] == '\n')
        fflush(stdout); /* before the guest says more */
}

struct text_sink prompt_sink(struct prompt *p)
{
    return (struct text_sink){ put, p };
}

/* ---- commands of its own that are about nothing else ---- */

static enum command_end quit(struct command_call *c)
{
    struct prompt *p = prompt_of(c);
    unsigned status;

    if (c->words) {
        if (!command_small(c, c->word[0], "exit status", 256, &status))
            return COMMAND_WRONG;
        p->status = (int)status;
    }
    p->quit = true;
    return COMMAND_DONE;
}

static const struct command_row own_rows[] = {
    { "quit", "q", "[STATUS]", "end it all", 0, 1, quit, false },
    { 0 },
};

/* ---- lines ---- */

static const char *begin_line(struct prompt *p, const char *line)
{
    line += strspn(line, " \t");
    if (*line == '#')
        return "";
    return *line || !prompt_input_is_terminal(p->input) ? line : p->last;
}

static void note_last(struct prompt *p, const char *line)
{
    const struct command_row *r = command_tables_find(p->table, line);

    if (line == p->last)
        return;
    snprintf(p->last, sizeof p->last, "%s", r && r->repeats ? line : "");
}

/* Ctrl-C has ended a run, and no more; any other signal ends Pogo. */
static void look_at_signals(struct prompt *p)
{
    int signal = *cancel_flag();

    p->debugging.interrupt = 0;
    if (!signal)
        return;
    if (signal == SIGINT && prompt_input_is_terminal(p->input)) {
        cancel(0);
        cancel_on_signals(0);
        return;
    }
    p->quit = true;
    p->status = debugging_status(&p->debugging, SESSION_BREAK);
}

static enum command_end carry_out(struct prompt *p, const char *line)
{
    const struct text_sink out = prompt_sink(p);
    enum command_end end;

    line = begin_line(p, line);
    if (!*line)
        return COMMAND_DONE;
    note_last(p, line);
    end = command_tables_line(p->table, &p->debugging.debugger, line, &out);
    if (end == COMMAND_UNKNOWN)
        text_print(&out, "there is no command '%.*s': 'help' lists them\n",
                   (int)strcspn(line, " \t\r\n"), line);
    if (end == COMMAND_MOVED && !p->lost)
        prompt_gone_back(p);
    fflush(stdout);
    look_at_signals(p);
    return end;
}

/* 0; or the exit status of a script in which a line is wrong. */
static int read_lines(struct prompt *p)
{
    const char *line;

    while (!p->quit && (line = prompt_input_line(p->input))) {
        enum command_end end = carry_out(p, line);
        char place[256];

        if (prompt_input_is_terminal(p->input) ||
            (end != COMMAND_WRONG && end != COMMAND_UNKNOWN))
            continue;
        prompt_input_place(p->input, place, sizeof place);
        return complain(EXIT_BAD_INPUT, "%s went wrong: %s", place, line);
    }
    if (!p->quit)
        look_at_signals(p);
    return 0;
}

/* ---- from its beginning to its end ---- */

/* The guest's own, if it has ended and nothing else was asked for. */
static int exit_status(const struct prompt *p)
{
    struct session *s = prompt_session(p);

    if (p->status >= 0)
        return p->status;
    return s && session_board(s, session_guest(s))->finished
               ? debugging_status(&p->debugging, SESSION_FINISHED)
               : 0;
}

static void lay_tables(struct prompt *p)
{
    p->table[0] =
        (struct command_table){ "Running", prompt_run_rows, p, &p->table[1] };
    p->table[1] = (struct command_table){ "Stopping, and looking",
                                          prompt_look_rows, p, &p->table[2] };
    p->table[2] =
        (struct command_table){ "The prompt", own_rows, p, command_shared() };
}

static int talk(struct prompt *p)
{
    const struct debugging_ends ends = { .keyboard = false };
    int status;

    cancel_on_signals(p->debugging.guest.settings.timeout);
    status = debugging_open(&p->debugging, &ends);
    if (status != 0)
        return status;
    p->debugging.debugger.log = prompt_log;
    p->input = prompt_input_open(p, p->script);
    if (!p->input)
        return EXIT_BAD_INPUT;
    if (prompt_input_is_terminal(p->input)) {
        p->debugging.outside.console.paced = true; /* somebody looks on */
        prompt_tell(p, SESSION_STEPPED);
    }
    fflush(stdout);
    status = read_lines(p);
    prompt_input_close(p->input);
    prompt_log_end(p);
    return status ? status : exit_status(p);
}

static enum status check(struct prompt *p)
{
    const char *input = p->debugging.guest.settings.input;

    if (!p->script && input && strcmp(input, "-") == 0)
        return error_say(&p->debugging.error, STATUS_BAD_ARGUMENT,
                         "--input - and the commands both come from standard "
                         "input: give one of them a file");
    return STATUS_OK;
}

int command_monitor(int argc, char **argv)
{
    struct prompt *p = calloc(1, sizeof *p);
    struct option rows[OPTIONS_MAX];
    enum status s;
    int status;

    if (!p)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    debugging_defaults(&p->debugging);
    debugging_options(own_options, rows);
    p->status = -1;
    lay_tables(p);
    s = debugging_parse(&p->debugging, rows, "monitor", argc, argv);
    if (s == STATUS_OK)
        s = check(p);
    status = s == STATUS_OK ? talk(p)
                            : complain(guest_exit_status(s), "%s",
                                       p->debugging.error.text);
    status = debugging_close(&p->debugging, status);
    free(p);
    return status;
}

static void help_command(void *out, const char *name, const char *help)
{
    fprintf(out, "  %-18s %s\n", name, help);
}

void help_monitor(FILE *out)
{
    struct option rows[OPTIONS_MAX];
    struct prompt p;

    debugging_options(own_options, rows);
    fputs("\nusage: pogo monitor [options]\n\n", out);
    options_help(rows, out);
    lay_tables(&p);
    fputs("\nCommands:\n", out);
    command_tables_each(p.table, "", help_command, out);
    fputs(
        "\nWhere standard input is no terminal, commands come from there, and "
        "the first that is\nwrong ends it, with status 65. docs/debug.md has "
        "an example.\n",
        out);
}
