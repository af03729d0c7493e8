/*
 * Commands as tables, and what they are written with: for the files
 * command_*.c, and for a front end that has more commands of its own.
 *
 *     static const struct command_row rows[] = { { "goto", … }, { 0 } };
 *     const struct command_table mine = { "My commands", rows, context,
 *                                         command_shared() };
 *     command_tables_line(&mine, d, "goto +5", out);
 */
#ifndef POGO_DEBUG_COMMAND_TABLE_H
#define POGO_DEBUG_COMMAND_TABLE_H

#include "debug/commands.h"

#define COMMAND_WORDS 8   /* behind a command's name */
#define COMMAND_LINE  512 /* bytes of a line; what is longer is refused */

struct command_table;

/* A command as it was given. */
struct command_call {
    struct debugger *d;
    const struct text_sink *out;
    const struct command_table *tables; /* all that there are */
    void *context;                      /* its table's */
    const char *rest;                   /* behind the name, as it was written */
    const char *word[COMMAND_WORDS];    /* the same, word by word */
    unsigned words;
};

struct command_row {
    const char *name;      /* NULL: the table ends */
    const char *alias;     /* that always means this one; NULL: none */
    const char *arguments; /* as help has them: "CAUSE|all [WORLD]" */
    const char *help;      /* one line */
    unsigned least, most;  /* words that it takes; any: the rest is a text */
    enum command_end (*run)(struct command_call *c);
    bool repeats; /* an empty line may mean it again */
};
#define COMMAND_ANY UINT32_MAX

struct command_table {
    const char *title;
    const struct command_row *row;
    void *context;
    const struct command_table *next; /* NULL: that is all */
};

/* The commands of commands.h. */
const struct command_table *command_shared(void);

/* As command_line, but of these tables. */
enum command_end command_tables_line(const struct command_table *tables,
                                     struct debugger *d, const char *line,
                                     const struct text_sink *out);
void command_tables_each(const struct command_table *tables, const char *text,
                         void (*each)(void *context, const char *name,
                                      const char *help),
                         void *context);
/* The command that the line begins with; NULL: none, or not one alone. */
const struct command_row *command_tables_find(
    const struct command_table *tables, const char *line);

/* ---- for commands ---- */

/* Says what is wrong, with a newline behind it: COMMAND_WRONG. */
enum command_end command_wrong(const struct command_call *c, const char *format,
                               ...) __attribute__((format(printf, 2, 3)));

/*
 * A number: 0x…, decimal, a symbol's name, $ and a register's, and sums and
 * differences of these: "main+8". False: it is none, and that has been said.
 */
bool command_number(const struct command_call *c, const char *text,
                    uint64_t *v);
/* A plain one, below `end`; `what` is its name: "world". */
bool command_small(const struct command_call *c, const char *text,
                   const char *what, unsigned end, unsigned *v);

/* "a0", "x10", "fa0", "f10", "pc", "priv", "mstatus", "csr0x300". */
struct command_register {
    bool is_csr;
    unsigned number; /* as session_get or session_get_csr takes it */
};
bool command_register(const char *name, struct command_register *r);

#define COMMAND_ADDRESS 160 /* bytes that are always enough */
/* "0x80200c32 <vm_new+0x2c>" */
const char *command_address(const struct debugger *d, unsigned world,
                            unsigned hart, uint64_t va,
                            char buf[COMMAND_ADDRESS]);

/* The same, of a symbol that is known; NULL: none. */
const char *command_symbol(const struct symbol *s, uint64_t va,
                           char buf[COMMAND_ADDRESS]);

/* "U-mode" */
const char *command_mode(unsigned priv);

/* "the bare machine", "vm1"; of several guests side by side "vm1.2". */
#define COMMAND_WORLD 32
const char *command_world(const struct debugger *d, unsigned world,
                          char buf[COMMAND_WORLD]);

/* A number in [0, 2^64) in groups of three digits: "1,234,567". */
#define COMMAND_COUNT 32
const char *command_count(uint64_t v, char buf[COMMAND_COUNT]);

/* "before a trap is taken: load page fault, in vm1": what a stop point is for.
 */
#define COMMAND_POINT 320
const char *command_point(const struct debugger *d, const struct stop_point *p,
                          char buf[COMMAND_POINT]);

/* The name of a trap's cause: "load-page-fault", or its beginning, or a number
   as mcause has it. False: that has been said. */
bool command_cause(const struct command_call *c, const char *text,
                   uint64_t *cause);

/* Goes there, and says where that is. */
enum command_end command_goto(struct command_call *c, uint64_t time);

#endif
