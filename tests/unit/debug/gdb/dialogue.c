#include "debug/gdb/dialogue.h"
#include "debug/world_session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define BUDGET (UINT64_C(1) << 26)

static void keep(void *dialogue, const uint8_t *bytes, size_t n)
{
    struct dialogue *x = dialogue;

    assert_true(n < sizeof x->sent);
    if (x->sent_size + n >= sizeof x->sent)
        x->sent_size = 0;
    memcpy(x->sent + x->sent_size, bytes, n);
    x->sent_size += n;
    x->sent[x->sent_size] = 0;
}

static bool reset(void *dialogue)
{
    struct dialogue *x = dialogue;

    x->resets++;
    return false;
}

static void attend(void *dialogue)
{
    struct dialogue *x = dialogue;
    const char *bytes = x->at_attend;

    x->at_attend = NULL;
    if (bytes)
        gdb_stub_take(x->stub, (const uint8_t *)bytes, strlen(bytes));
}

static struct session *make_session(struct dialogue *x)
{
    struct session_config c = world_session_config(&x->w);
    struct session *s;

    c.budget = BUDGET;
    c.interrupt = &x->interrupt;
    c.attend = attend;
    c.context = x;
    s = session_new(&c);
    assert_non_null(s);
    return s;
}

void dialogue_begin(struct dialogue *x, unsigned depth)
{
    const uint32_t code[] = { addi(T0, T0, 1), sd(T0, S0, 0),
                              0xff9ff06f /* j -8 */ };
    struct gdb_config c = { .debugger = &x->d,
                            .send = keep,
                            .reset = reset,
                            .attend = attend,
                            .context = x,
                            .interrupt = &x->interrupt };

    memset(x, 0, sizeof *x);
    world_make(&x->w, depth, 1);
    world_code(&x->w, CODE, code, 3);
    world_set_reg(&x->w, S0, DATA);
    disassembler_init(&x->disassembler, x->w.m->isa);
    x->names = (struct exit_log){ &x->symbols, &x->disassembler };
    x->d = (struct debugger){ .session = make_session(x),
                              .names = &x->names,
                              .recent = &x->recent,
                              .world = depth };
    recent_begin(&x->recent, x->d.session);
    x->stub = gdb_stub_new(&c);
    assert_non_null(x->stub);
    gdb_stub_connect(x->stub);
    dialogue_ask(x, "qSupported:multiprocess+;swbreak+;hwbreak+");
    assert_string_equal(dialogue_ask(x, "QStartNoAckMode"), "OK");
}

void dialogue_end(struct dialogue *x)
{
    gdb_stub_free(x->stub);
    recent_end(&x->recent);
    session_free(x->d.session);
    symbol_sets_free(&x->symbols);
    disassembler_free(&x->disassembler);
    world_free(&x->w);
}

void dialogue_give(struct dialogue *x, const void *bytes, size_t n)
{
    x->sent_size = 0;
    x->sent[0] = 0;
    gdb_stub_take(x->stub, bytes, n);
    while (gdb_stub_state(x->stub) == GDB_RUNNING)
        gdb_stub_run(x->stub);
}

const char *dialogue_ask(struct dialogue *x, const char *body)
{
    static char answer[DIALOGUE_SENT];
    char packet[8192], *last, *end;
    uint8_t sum = 0;

    for (const char *c = body; *c; c++)
        sum = (uint8_t)(sum + (uint8_t)*c);
    snprintf(packet, sizeof packet, "$%s#%02x", body, sum);
    dialogue_give(x, packet, strlen(packet));
    last = strrchr(x->sent, '$');
    if (!last)
        return "nothing";
    snprintf(answer, sizeof answer, "%s", last + 1);
    end = strrchr(answer, '#');
    assert_non_null(end);
    *end = 0;
    return answer;
}
