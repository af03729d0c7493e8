/*
 * Inside the prompt of `pogo monitor` only: what its files share. monitor.c
 * reads lines and carries them out; prompt_input.c has them from a terminal or
 * a file; prompt_run.c, prompt_points.c, prompt_look.c and prompt_frames.c are
 * the commands that it has beside those of debug/commands.h.
 */
#ifndef POGO_CLI_PROMPT_H
#define POGO_CLI_PROMPT_H

#include <stdio.h>

#include "cli/debugging.h"
#include "debug/command_table.h"

struct prompt_input;

struct prompt {
    struct debugging debugging; /* first: the options of `pogo run` */
    const char *script;         /* --script; NULL: standard input */
    struct command_table table[3];
    struct prompt_input *input;
    char last[COMMAND_LINE]; /* what an empty line means; "": nothing */
    bool quit;
    bool lost;    /* there is no machine any more: a reset went wrong */
    int status;   /* to exit with, if >= 0 */
    bool logging; /* `log on` … */
    bool running; /* … and this is a run that is to be logged */
};

static inline struct prompt *prompt_of(const struct command_call *c)
{
    return c->context;
}

static inline struct session *prompt_session(const struct prompt *p)
{
    return p->debugging.debugger.session;
}

/* ---- monitor.c ---- */

/* What the debugger says: on standard output, behind what the guest has. */
struct text_sink prompt_sink(struct prompt *p);

/* ---- prompt_input.c ---- */

/* Lines from the terminal, if standard input is one and `script` is NULL; else
   from that file, or from standard input. NULL: the sentence has been said. */
struct prompt_input *prompt_input_open(struct prompt *p, const char *script);
void prompt_input_close(struct prompt_input *i);
bool prompt_input_is_terminal(const struct prompt_input *i);
/* The next line, without its end; NULL: that was all, or *cancel_flag() is set.
   It is the input's, until the next call. */
const char *prompt_input_line(struct prompt_input *i);
/* Where that line is from: "line 3 of FILE". */
void prompt_input_place(const struct prompt_input *i, char *buf, size_t size);

/* ---- prompt_complete.c ---- */

/* Calls `each` for all that the last word of `line` may be the beginning of; it
   begins at line[*word]. */
void prompt_complete(struct prompt *p, const char *line, size_t *word,
                     bool (*each)(void *context, const char *name),
                     void *context);

/* ---- prompt_run.c ---- */

extern const struct command_row prompt_run_rows[];

/* Runs on, to `until`: programs that start are announced, resets made. */
enum session_end prompt_run(struct prompt *p, uint64_t until);
/* Says how it ended, and what comes next. */
void prompt_tell(struct prompt *p, enum session_end end);
/* The time has gone back, or may have. */
void prompt_gone_back(struct prompt *p);

/* ---- prompt_points.c, prompt_look.c, prompt_frames.c ---- */

extern const struct command_row prompt_look_rows[];
enum command_end prompt_break(struct command_call *c);
enum command_end prompt_watch(struct command_call *c);
enum command_end prompt_rwatch(struct command_call *c);
enum command_end prompt_awatch(struct command_call *c);
enum command_end prompt_delete(struct command_call *c);
enum command_end prompt_info(struct command_call *c);
enum command_end prompt_backtrace(struct command_call *c);

/*
 * A place in the code: FILE:LINE, a symbol, or a number; up to `room` points at
 * it, in the address space of a program if the symbol is one's. Returns how
 * many; 0: there is no such place, and that has been said.
 */
unsigned prompt_place(const struct command_call *c, const char *text,
                      struct stop_point *out, unsigned room);

/* The instruction at pc of the hart that is looked at, and its text; false: it
   cannot be read. */
#define PROMPT_INSN 96
bool prompt_instruction(const struct prompt *p, uint64_t pc, struct insn *i,
                        char text[PROMPT_INSN]);

/* ---- prompt_log.c ---- */

bool prompt_log(void *debugging, bool on, const struct text_sink *out);
/* Another machine is in the session: it is watched too. */
void prompt_log_again(struct prompt *p);
void prompt_log_end(struct prompt *p);

#endif
