#include "cli/commentary.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/lessons.h"

#define DIM "\033[36m"
#define PLAIN "\033[0m"

void commentary_open(struct commentary *c, FILE *out, const struct isa *isa,
                     const struct image *guest, const struct image *firmware)
{
    memset(c, 0, sizeof *c);
    c->out = out;
    c->colour = isatty(fileno(out)) == 1;
    /* Without memory for names the tour goes on with addresses. */
    symbols_add(&c->symbols, firmware, 0);
    symbols_add(&c->symbols, guest, 0);
    disassembler_init(&c->disassembler, isa);
}

void commentary_close(struct commentary *c)
{
    symbols_free(&c->symbols);
    disassembler_free(&c->disassembler);
    free(c->waiting);
}

static void write_out(struct commentary *c, const char *text, size_t n)
{
    if (c->colour)
        fputs(DIM, c->out);
    fwrite(text, 1, n, c->out);
    if (c->colour)
        fputs(PLAIN, c->out);
}

static void say_waiting(struct commentary *c)
{
    if (!c->waiting)
        return;
    write_out(c, c->waiting, c->length);
    free(c->waiting);
    c->waiting = NULL;
    c->length = 0;
}

/* Says it now, or when the guest's line is complete. */
static void say(struct commentary *c, const char *text, size_t n)
{
    char *more;

    if (!c->middle_of_line) {
        write_out(c, text, n);
        return;
    }
    more = realloc(c->waiting, c->length + n);
    if (!more)
        return;
    memcpy(more + c->length, text, n);
    c->waiting = more;
    c->length += n;
}

void commentary_console(void *commentary, const uint8_t *bytes, size_t n)
{
    struct commentary *c = commentary;

    for (size_t i = 0; i < n; i++) {
        putc(bytes[i], c->out);
        c->middle_of_line = bytes[i] != '\n';
        if (!c->middle_of_line)
            say_waiting(c);
    }
}

/* "  7. count 131836, M-mode, main+0x12: csrw satp, a4" */
static int headline(struct commentary *c, struct vm *vm,
                    const struct exit_record *e, char *buf, size_t size)
{
    uint32_t raw = exit_log_instruction(vm, e);
    char where[80], text[80] = "";

    symbols_format(&c->symbols, e->pc, where, sizeof where);
    if (raw)
        disassemble(&c->disassembler, raw, e->pc, text, sizeof text);
    return snprintf(buf, size, "%4u. %s-mode, %s:  %s   (instruction %llu)\n",
                    ++c->number, exit_log_mode(e->priv), where, text,
                    (unsigned long long)e->count);
}

static void teach(struct commentary *c, struct vm *vm,
                  const struct exit_record *e, const char *key)
{
    int i = lesson_find(key);
    char text[1024];
    int n;

    if (i < 0 || c->said[i])
        return;
    c->said[i] = true;
    n = headline(c, vm, e, text, sizeof text);
    n += snprintf(text + n, sizeof text - (size_t)n, "%s\n", lesson_text(i));
    say(c, text, (size_t)n);
}

static void watch(void *context, struct vm *vm, const struct exit_record *e)
{
    struct commentary *c = context;
    char key[LESSON_KEY];

    lesson_of_exit(vm, e, key);
    teach(c, vm, e, key);
    if (lesson_of_mode(vm, e, key))
        teach(c, vm, e, key);
}

void commentary_watch(struct commentary *c, struct vm *vm)
{
    vm_watch(vm, watch, c);
}
