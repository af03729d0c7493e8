/*
 * Any packets to the stub, most of them nearly right, over connections that
 * break. It crashes at nothing, ends every run, and answers the next one who
 * connects; and whoever only looks leaves the machine as it was.
 *
 * An input is one byte, and lines. In an even input all packets but those that
 * change or resume something are sent; in an odd one, all are. A line is the
 * body of a packet, or bytes as they are if it begins with '!' and a space; if
 * it begins with '~' the connection breaks in the middle of it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "debug/gdb/stub.h"
#include "machine/run.h"

#define MEMORY (UINT64_C(1) << 20)
#define CODE   (BOARD_RAM_BASE + 0x1000)
#define LINES  100
#define RUNS   8
#define SENT   (1 << 16)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition)                                                     \
    do {                                                                       \
        if (!(condition))                                                      \
            abort();                                                           \
    } while (0)

struct debugged {
    struct bare *bare;
    struct vm *vm;
    struct debugger d;
    struct symbol_sets symbols;
    struct disassembler disassembler;
    struct exit_log names;
    struct recent recent;
    struct gdb_stub *stub;
    volatile int interrupt;
    bool looks; /* and does no more */
    unsigned runs;
    char sent[SENT + 1];
    size_t n;
};

/* ---- the machine ---- */

/* It counts to 300, makes a system call, and ends. */
static const uint32_t code[] = {
    0x12c00293, /* li t0, 300 */
    0xfff28293, /* addi t0, t0, -1 */
    0x00543023, /* sd t0, 0(s0) */
    0xfe029ce3, /* bnez t0, -8 */
    0x00000073, /* ecall */
    0x0000006f, /* j . */
};
static const uint32_t handler[] = {
    0x00100337, /* lui t1, 0x100 */
    0x000053b7, /* lui t2, 0x5 */
    0x55538393, /* addi t2, t2, 0x555 */
    0x00732023, /* sw t2, 0(t1) */
    0x0000006f,
};

static void send_bytes(void *debugged, const uint8_t *bytes, size_t n)
{
    struct debugged *x = debugged;

    if (n > SENT - x->n)
        x->n = 0;
    REQUIRE(n <= SENT);
    memcpy(x->sent + x->n, bytes, n);
    x->n += n;
    x->sent[x->n] = 0;
}

/* Nothing runs for long. */
static void attend(void *debugged)
{
    struct debugged *x = debugged;

    x->interrupt = 1;
}

static bool reset(void *debugged)
{
    (void)debugged;
    return false;
}

static struct session *make_session(struct debugged *x)
{
    struct session_config c = { .depth = 1,
                                .bottom = x->bare,
                                .budget = UINT64_C(1) << 24,
                                .interrupt = &x->interrupt,
                                .attend = attend,
                                .context = x };

    c.machine[0] = &x->bare->machine;
    c.board[0] = &x->bare->board;
    c.vm[1] = x->vm;
    c.machine[1] = &x->vm->machine;
    c.board[1] = &x->vm->board;
    return session_new(&c);
}

static void put_code(struct machine *m)
{
    memcpy(m->ops->ram(m, CODE, sizeof code, true), code, sizeof code);
    memcpy(m->ops->ram(m, CODE + 0x100, sizeof handler, true), handler,
           sizeof handler);
    m->ops->csr_set(m, 0, CSR_mtvec, CODE + 0x100);
    m->ops->reg_set(m, 0, 8, BOARD_RAM_BASE + 0x8000); /* s0 */
    m->ops->reg_set(m, 0, REG_PC, CODE);
}

static struct debugged *begin(bool looks)
{
    struct debugged *x = calloc(1, sizeof *x);
    struct board_config c = { .harts = 1, .isa = isa_default() };
    struct gdb_config g;

    REQUIRE(x);
    x->looks = looks;
    c.memory = vm_host_memory(MEMORY, 1);
    x->bare = bare_new(&c);
    REQUIRE(x->bare);
    c.memory = MEMORY;
    x->vm = vm_new(&x->bare->machine, &c);
    REQUIRE(x->vm);
    put_code(&x->vm->machine);
    disassembler_init(&x->disassembler, &x->vm->board.config.isa);
    x->names = (struct exit_log){ &x->symbols, &x->disassembler };
    x->d = (struct debugger){ .session = make_session(x),
                              .names = &x->names,
                              .recent = &x->recent,
                              .world = 1 };
    REQUIRE(x->d.session);
    recent_begin(&x->recent, x->d.session);
    g = (struct gdb_config){ .debugger = &x->d,
                             .send = send_bytes,
                             .reset = reset,
                             .attend = attend,
                             .context = x,
                             .interrupt = &x->interrupt };
    x->stub = gdb_stub_new(&g);
    REQUIRE(x->stub);
    session_run(x->d.session, 100);
    gdb_stub_connect(x->stub);
    return x;
}

static void end(struct debugged *x)
{
    gdb_stub_free(x->stub);
    recent_end(&x->recent);
    session_free(x->d.session);
    symbol_sets_free(&x->symbols);
    disassembler_free(&x->disassembler);
    vm_free(x->vm);
    bare_free(x->bare);
    free(x);
}

/* ---- what is sent ---- */

static void give(struct debugged *x, const void *bytes, size_t n)
{
    gdb_stub_take(x->stub, bytes, n);
    while (gdb_stub_state(x->stub) == GDB_RUNNING) {
        REQUIRE(!x->looks);
        if (x->runs++ >= RUNS)
            x->interrupt = 1;
        gdb_stub_run(x->stub);
    }
    if (gdb_stub_state(x->stub) == GDB_KILLED)
        gdb_stub_connect(x->stub);
}

/* With the checksum that it should have. */
static void give_packet(struct debugged *x, const char *body, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    uint8_t sum = 0, tail[3] = "#";

    for (size_t i = 0; i < n; i++)
        sum = (uint8_t)(sum + (uint8_t)body[i]);
    tail[1] = (uint8_t)digits[sum >> 4];
    tail[2] = (uint8_t)digits[sum & 15];
    give(x, "$", 1);
    give(x, body, n);
    give(x, tail, 3);
}

/* Does it change something, or is there a '$' or '#' so that it may be
   another packet than it seems? */
static bool does_more(const char *body, size_t n)
{
    static const char *const names[] = { "G", "P", "M", "X", "c", "C", "s", "S",
                                         "b", "k", "D", "R", "v", "qRcmd" };

    if (memchr(body, '$', n) || memchr(body, '#', n) || memchr(body, '}', n))
        return true;
    if (n >= 6 && memcmp(body, "vFile:", 6) == 0)
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t size = strlen(names[i]);

        if (n >= size && memcmp(body, names[i], size) == 0)
            return true;
    }
    return false;
}

static void give_line(struct debugged *x, const char *line, size_t n)
{
    if (n >= 2 && line[0] == '!' && line[1] == ' ') {
        if (!x->looks)
            give(x, line + 2, n - 2);
    } else if (n >= 1 && line[0] == '~') {
        give(x, "$", 1);
        give(x, line + 1, x->looks ? 0 : n - 1);
        gdb_stub_disconnect(x->stub);
        gdb_stub_connect(x->stub);
    } else if (!x->looks || !does_more(line, n)) {
        give_packet(x, line, n);
    }
}

/* Whoever comes next is answered. */
static void check_alive(struct debugged *x)
{
    gdb_stub_disconnect(x->stub);
    gdb_stub_connect(x->stub);
    x->n = 0;
    give_packet(x, "qSupported:multiprocess+", 24);
    REQUIRE(strstr(x->sent, "PacketSize="));
    x->n = 0;
    give_packet(x, "?", 1);
    REQUIRE(strstr(x->sent, "$T05thread:p2.1;#"));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct debugged *x = begin(size == 0 || data[0] % 2 == 0);
    uint64_t hash = machine_hash(&x->vm->machine, &x->vm->board);
    const char *at = (const char *)data, *last = at + size;

    at += size > 0;
    for (unsigned i = 0; i < LINES && at < last; i++) {
        const char *next = memchr(at, '\n', (size_t)(last - at));

        next = next ? next : last;
        give_line(x, at, (size_t)(next - at));
        at = next + 1;
    }
    check_alive(x);
    if (x->looks)
        REQUIRE(machine_hash(&x->vm->machine, &x->vm->board) == hash);
    end(x);
    return 0;
}
