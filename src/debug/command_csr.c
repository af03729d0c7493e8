/* csr: the control and status registers of a hart. */
#include <stdio.h>
#include <string.h>

#include "debug/command_rows.h"
#include "debug/csr_text.h"

/* Those that hold an address of code or data. */
static bool is_address(unsigned csr)
{
    return csr == CSR_mepc || csr == CSR_sepc || csr == CSR_mtval ||
           csr == CSR_stval || csr == CSR_mtvec || csr == CSR_stvec ||
           csr == CSR_mscratch || csr == CSR_sscratch;
}

/* Where its address belongs: what M-mode has is not translated. */
static void say_symbol(struct command_call *c, uint64_t v)
{
    char address[COMMAND_ADDRESS];
    const char *name =
        strchr(command_address(c->d, c->d->world, c->d->hart, v, address), '<');

    if (name)
        text_print(c->out, " %s", name);
}

static void say(struct command_call *c, unsigned csr, uint64_t v)
{
    text_print(c->out, "%-14s 0x%016llx", csr_name(csr), (unsigned long long)v);
    csr_text(session_machine(c->d->session, c->d->world)->isa, csr, v, c->out);
    if (is_address(csr))
        say_symbol(c, v);
    text_print(c->out, "\n");
}

/* Counters of events, of which this machine has none. */
static bool is_hpm(unsigned csr)
{
    return strstr(csr_name(csr), "hpm") != NULL;
}

static enum command_end all(struct command_call *c)
{
    struct debugger *d = c->d;
    const struct isa *isa = session_machine(d->session, d->world)->isa;
    unsigned nothing = 0;

    for (int k = csr_next(isa, 0); k >= 0; k = csr_next(isa, (unsigned)k + 1)) {
        unsigned csr = (unsigned)k;
        uint64_t v;

        if (!session_get_csr(d->session, d->world, d->hart, csr, &v))
            continue;
        if (v == 0 && is_hpm(csr))
            nothing++;
        else
            say(c, csr, v);
    }
    if (nothing)
        text_print(c->out, "and %u more for events (hpm): 0\n", nothing);
    return COMMAND_DONE;
}

static enum command_end set(struct command_call *c, unsigned csr,
                            const char *text)
{
    struct debugger *d = c->d;
    uint64_t v;

    if (!command_number(c, text, &v))
        return COMMAND_WRONG;
    if (!session_set_csr(d->session, d->world, d->hart, csr, v))
        return command_wrong(c,
                             session_is_guest(d->session, d->world)
                                 ? "%s cannot be written"
                                 : "%s is the monitor's: only a guest's "
                                   "CSRs can be set",
                             csr_name(csr));
    session_get_csr(d->session, d->world, d->hart, csr, &v);
    say(c, csr, v);
    return COMMAND_MOVED;
}

enum command_end command_show_csr(struct command_call *c)
{
    struct debugger *d = c->d;
    struct command_register r;
    char name[32];
    const char *value;
    uint64_t v;

    if (c->words == 0)
        return all(c);
    value = strchr(c->word[0], '=');
    snprintf(name, sizeof name, "%.*s", (int)strcspn(c->word[0], "="),
             c->word[0]);
    if (!command_register(name, &r) || !r.is_csr ||
        !session_get_csr(d->session, d->world, d->hart, r.number, &v))
        return command_wrong(c,
                             "this machine has no CSR '%s': 'csr' lists "
                             "them",
                             name);
    if (value)
        return set(c, r.number, value + 1);
    say(c, r.number, v);
    return COMMAND_DONE;
}
