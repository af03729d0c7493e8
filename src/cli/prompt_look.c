/* The prompt's commands that look at registers, memory, code and sources; and
   keys for the guest. */
#include <ctype.h>
#include <string.h>

#include "cli/input_script.h"
#include "cli/prompt.h"
#include "machine/fetch.h"

typedef unsigned long long ull;

/* ---- registers ---- */

static void say_general(struct command_call *c, unsigned k)
{
    uint64_t v = 0;

    session_get(c->d->session, c->d->world, c->d->hart, REG_X0 + k, &v);
    text_print(c->out, "%-4s 0x%016llx%s", insn_x_name(k), (ull)v,
               k % 4 == 3 ? "\n" : "  ");
}

static enum command_end regs(struct command_call *c)
{
    char address[COMMAND_ADDRESS];
    uint64_t pc = 0, priv = 0;

    for (unsigned k = 0; k < 32; k++)
        say_general(c, k);
    session_get(c->d->session, c->d->world, c->d->hart, REG_PC, &pc);
    session_get(c->d->session, c->d->world, c->d->hart, REG_PRIV, &priv);
    text_print(c->out, "pc   %s, %s\n",
               command_address(c->d, c->d->world, c->d->hart, pc, address),
               command_mode((unsigned)priv));
    return COMMAND_DONE;
}

static enum command_end set(struct command_call *c)
{
    struct debugger *d = c->d;
    const char *name = c->word[0] + (c->word[0][0] == '$');
    struct command_register r;
    uint64_t v;

    if (!command_number(c, c->word[1], &v))
        return COMMAND_WRONG;
    if (!command_register(name, &r))
        return command_wrong(c, "there is no register '%s'", name);
    if (r.is_csr ? session_set_csr(d->session, d->world, d->hart, r.number, v)
                 : session_set(d->session, d->world, d->hart, r.number, v))
        return COMMAND_MOVED;
    return command_wrong(c,
                         session_is_guest(d->session, d->world)
                             ? "%s cannot be %#llx"
                             : "%s is the monitor's, and does not become "
                               "%#llx: only a guest's registers can be set",
                         name, (ull)v);
}

/* ---- memory ---- */

#define ROW       16
#define ROWS_MOST 4096 /* bytes of one command: 64 KiB */

static void say_bytes(struct command_call *c, uint64_t va, const uint8_t *b,
                      size_t n)
{
    text_print(c->out, "0x%016llx ", (ull)va);
    for (size_t k = 0; k < ROW; k++)
        if (k < n)
            text_print(c->out, "%s%02x", k == 8 ? "  " : " ", b[k]);
        else
            text_print(c->out, "%s  ", k == 8 ? "  " : " ");
    text_print(c->out, "  ");
    for (size_t k = 0; k < n; k++)
        text_print(c->out, "%c", isprint(b[k]) ? b[k] : '.');
    text_print(c->out, "\n");
}

static enum command_end memory(struct command_call *c)
{
    const struct session_view view = { .world = c->d->world,
                                       .hart = c->d->hart };
    uint64_t va, left = 64;

    if (!command_number(c, c->word[0], &va) ||
        (c->words > 1 && !command_number(c, c->word[1], &left)))
        return COMMAND_WRONG;
    if (left > ROW * ROWS_MOST)
        return command_wrong(c, "that is more than %d bytes", ROW * ROWS_MOST);
    while (left > 0) {
        uint8_t bytes[ROW];
        size_t want = left < ROW ? (size_t)left : ROW;
        size_t n = session_read(c->d->session, &view, va, bytes, want);

        if (n)
            say_bytes(c, va, bytes, n);
        if (n < want)
            return command_wrong(c, "there is no memory at %#llx",
                                 (ull)(va + n));
        va += n;
        left -= n;
    }
    return COMMAND_DONE;
}

/* ---- code ---- */

static uint64_t pc_of(const struct debugger *d)
{
    uint64_t pc = 0;

    session_get(d->session, d->world, d->hart, REG_PC, &pc);
    return pc;
}

bool prompt_instruction(const struct prompt *p, uint64_t pc, struct insn *i,
                        char text[PROMPT_INSN])
{
    const struct debugger *d = &p->debugging.debugger;
    struct machine *m = session_machine(d->session, d->world);
    uint64_t priv = PRIV_M;
    uint32_t raw;

    session_get(d->session, d->world, d->hart, REG_PRIV, &priv);
    raw = machine_fetch(m, session_board(d->session, d->world), d->hart,
                        (enum priv)priv, pc);
    insn_decode(raw, m->isa, i);
    disassemble(debugger_names(d, d->world)->disassembler, raw, pc, text,
                PROMPT_INSN);
    return raw != 0;
}

static enum command_end disassemble_some(struct command_call *c)
{
    struct debugger *d = c->d;
    uint64_t va = pc_of(d), n = 10;

    if ((c->words > 0 && !command_number(c, c->word[0], &va)) ||
        (c->words > 1 && !command_number(c, c->word[1], &n)))
        return COMMAND_WRONG;
    if (n > ROWS_MOST)
        return command_wrong(c, "that is more than %d", ROWS_MOST);
    for (; n > 0; n--) {
        char address[COMMAND_ADDRESS], text[PROMPT_INSN];
        struct insn i;

        if (!prompt_instruction(prompt_of(c), va, &i, text))
            return command_wrong(c, "there is no code at %#llx", (ull)va);
        text_print(c->out, "%s %s: %s\n", va == pc_of(d) ? "=>" : "  ",
                   command_address(d, d->world, d->hart, va, address), text);
        va += i.length;
    }
    return COMMAND_DONE;
}

/* ---- sources ---- */

#define AROUND 5 /* lines before and behind */

/* What a file has may steer a terminal. */
static void say_source(struct command_call *c, unsigned number, bool here,
                       char *text)
{
    for (char *k = text; *k; k++)
        if ((unsigned char)*k < ' ' && *k != '\t')
            *k = *k == '\n' ? '\0' : '?';
    text_print(c->out, "%s %5u  %s\n", here ? "=>" : "  ", number, text);
}

static enum command_end say_lines(struct command_call *c,
                                  const struct source_line *at)
{
    FILE *f = fopen(at->file, "r");
    char text[256];
    unsigned number = 1;

    text_print(c->out, "line %u of %s%s\n", at->line, at->file,
               f ? "" : ", which cannot be read here");
    while (f && number <= at->line + AROUND && fgets(text, sizeof text, f)) {
        bool ends = strchr(text, '\n') != NULL;

        if (number + AROUND >= at->line)
            say_source(c, number, number == at->line, text);
        while (!ends && fgets(text, sizeof text, f))
            ends = strchr(text, '\n') != NULL;
        number++;
    }
    if (f)
        fclose(f);
    return COMMAND_DONE;
}

static enum command_end list(struct command_call *c)
{
    struct debugger *d = c->d;
    struct stop_point p = { .va = pc_of(d), .any_space = true };
    struct symbol_place place;
    struct source_line at;

    if (c->words && !prompt_place(c, c->word[0], &p, 1))
        return COMMAND_WRONG;
    place = debugger_place(d, d->world, d->hart, p.va);
    if (!p.any_space)
        place.satp = p.satp;
    if (symbol_sets_line(debugger_names(d, d->world)->symbols, place, &at))
        return say_lines(c, &at);
    return command_wrong(c,
                         "no source line of %#llx is known: --symbols names "
                         "a file that has them",
                         (ull)p.va);
}

/* ---- keys ---- */

static enum command_end type(struct command_call *c)
{
    struct prompt *p = prompt_of(c);
    struct host_console *console = &p->debugging.outside.console;
    const uint8_t *text = (const uint8_t *)c->rest;
    uint8_t keys[COMMAND_LINE];
    size_t n = 0;

    if (p->debugging.several)
        return command_wrong(c, "there are several guests: each has a console "
                                "of its own");
    if (p->debugging.guest.settings.replay)
        return command_wrong(c, "keys come from the recording");
    if (session_time(c->d->session) != session_latest(c->d->session))
        return command_wrong(c, "this is the past, and its keys have come: "
                                "'goto latest' first");
    if (!input_text(text, text + strlen(c->rest), keys, &n))
        return command_wrong(c, "there is no such escape: use C's, such as \\n "
                                "or \\x1b");
    if (n > sizeof console->keys - console->key_count)
        return command_wrong(c, "that is too much at once: the guest takes "
                                "keys while it runs on");
    memcpy(console->keys + console->key_count, keys, n);
    console->key_count += n;
    return COMMAND_DONE;
}

const struct command_row prompt_look_rows[] = {
    { "break", "b", "[PLACE]",
      "stop at code: a symbol, FILE:LINE, or an address", 0, 1, prompt_break,
      false },
    { "watch", NULL, "ADDR[,SIZE]", "stop before a store there", 1, 2,
      prompt_watch, false },
    { "rwatch", NULL, "ADDR[,SIZE]", "… a load", 1, 2, prompt_rwatch, false },
    { "awatch", NULL, "ADDR[,SIZE]", "… either", 1, 2, prompt_awatch, false },
    { "delete", "d", "[N]", "take stop point N away, or all", 0, 1,
      prompt_delete, false },
    { "info", "i", "", "the stop points", 0, 0, prompt_info, false },
    { "regs", NULL, "", "the registers", 0, 0, regs, false },
    { "set", NULL, "REG VALUE", "change a register of the guest", 2, 2, set,
      false },
    { "x", NULL, "ADDR [N]", "N bytes of memory", 1, 2, memory, false },
    { "dis", NULL, "[ADDR [N]]", "N instructions", 0, 2, disassemble_some,
      false },
    { "list", "l", "[PLACE]", "source lines", 0, 1, list, false },
    { "bt", "backtrace", "", "who has called this", 0, 0,
      prompt_backtrace, false },
    { "type", NULL, "TEXT", "keys for the guest; \\n and the like", 1,
      COMMAND_ANY, type, false },
    { 0 },
};
