/*
 * net-guests far-end DEPTH | switch   KERNEL INITRD INITRD
 *
 * Boots guests with a network device, and prints what has become of them:
 *   far-end  one, of that depth, whose cable ends at a station that answers
 *            (far_end.h)
 *   switch   two virtual machines on one host, plugged into one switch
 * Guest N (from 1) has net.me=N on its kernel's command line, and its console
 * goes to the file guestN.console.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/guest.h"
#include "far_end.h"
#include "vmm/net_switch.h"
#include "vmm/scheduler.h"

#define MEMORY (UINT64_C(128) << 20)
#define LIMIT  UINT64_C(8000000000) /* counts: a guest that hangs ends too */
#define GUESTS 2

/* A guest, and what its wires are connected to. */
struct end {
    char append[128];
    FILE *out;
    struct console console;
    struct net_cable cable;
};

static void stop(const char *what)
{
    fprintf(stderr, "net-guests: %s\n", what);
    exit(1);
}

static void print(void *context, const uint8_t *bytes, size_t n)
{
    if (fwrite(bytes, 1, n, context) != n)
        stop("the console cannot be written");
}

static void open_end(struct end *e, unsigned number)
{
    char name[32];

    snprintf(name, sizeof name, "guest%u.console", number);
    snprintf(e->append, sizeof e->append,
             "console=ttyS0 cryptomgr.notests quiet pogo.run=/run.sh net.me=%u",
             number);
    e->out = fopen(name, "w");
    if (!e->out)
        stop("the console cannot be opened");
    console_init(&e->console, print, e->out);
    e->cable = (struct net_cable){ .mac = { 0x02, 'p', 'o', 'g', 'o',
                                            (uint8_t)number } };
}

static struct board_config board_of(struct guest *g, struct end *e)
{
    struct guest_ends ends = { .console = &e->console };
    struct board_config c = guest_board(g, &ends);

    c.net = &e->cable;
    return c;
}

static void boot(struct guest *g, struct end *e, struct board *b)
{
    struct boot_options o;
    struct error error;

    g->settings.append = e->append;
    o = run_files_boot(&g->files, &g->settings);
    if (machine_boot(b, &o, NULL, &error) != STATUS_OK)
        stop(error.text);
}

/* Says how a guest has ended. */
static void report(struct end *e, unsigned number, struct machine *m,
                   struct board *b)
{
    fclose(e->out);
    printf("guest%u: %s, status %d, hash %016" PRIx64 " at %" PRIu64 "\n",
           number, b->finished ? "finished" : "not finished", b->status,
           machine_hash(m, b), machine_count(b));
}

static void run_far_end(struct guest *g, unsigned depth)
{
    struct run_options o = { .until = LIMIT };
    struct far_end far;
    struct built built;
    struct end e;
    struct board_config c;

    open_end(&e, 1);
    c = board_of(g, &e);
    if (build_machine(&built, &c, depth) != STATUS_OK)
        stop("the machine cannot be made");
    far_end_init(&far, &e.cable, &built.board->bus.clock);
    boot(g, &e, built.board);
    machine_run(built.top, built.board, &o);
    report(&e, 1, built.top, built.board);
    printf("far end: heard %u, answered %u\n", far.heard, far.answered);
    build_free(&built);
}

/* Between two turns, or while all wait: what is in flight arrives. */
static uint64_t deliver(void *context, struct scheduler *s, uint64_t idle)
{
    struct net_switch *wires = context;
    unsigned arrived = 0;

    for (unsigned i = 0; i < s->machines; i++)
        arrived += net_switch_deliver(wires, i);
    return arrived || idle == CLOCK_NEVER ? 0 : idle;
}

static void print_stats(const struct net_switch *s)
{
    for (unsigned i = 0; i < GUESTS; i++) {
        struct net_switch_stats n = net_switch_stats(s, i);

        printf("port%u: in %" PRIu64 ", out %" PRIu64 ", flooded %" PRIu64
               ", lost %" PRIu64 "\n",
               i, n.in, n.out, n.flooded, n.lost);
    }
}

static void run_switch(struct guest *g)
{
    struct net_switch *wires = net_switch_new();
    struct board_config host = { .harts = 1,
                                 .isa = g->settings.isa_set,
                                 .memory = GUESTS * vm_host_memory(MEMORY, 1) };
    struct bare *bare = bare_new(&host);
    struct vm_siblings siblings = { 0 };
    struct scheduled machine[GUESTS] = { 0 };
    struct scheduler s = { .machine = machine, .machines = GUESTS };
    struct scheduler_options o = { .poll = deliver, .context = wires };
    struct end end[GUESTS];
    unsigned port;

    if (!wires || !bare)
        stop("out of memory");
    for (unsigned i = 0; i < GUESTS; i++) {
        struct board_config c;

        open_end(&end[i], i + 1);
        c = board_of(g, &end[i]);
        machine[i] = (struct scheduled){
            .vm = vm_new_sibling(&bare->machine, &c, &siblings),
            .weight = 1,
            .until = LIMIT,
        };
        if (!machine[i].vm ||
            net_switch_plug(wires, &end[i].cable, &port) != STATUS_OK)
            stop("the machine cannot be made");
        boot(g, &end[i], &machine[i].vm->board);
    }
    scheduler_run(&s, &o);
    for (unsigned i = 0; i < GUESTS; i++) {
        struct vm *vm = machine[i].vm;

        report(&end[i], i + 1, &vm->machine, &vm->board);
    }
    print_stats(wires);
    for (unsigned i = 0; i < GUESTS; i++)
        vm_free(machine[i].vm);
    net_switch_free(wires);
    bare_free(bare);
}

int main(int argc, char **argv)
{
    bool far = argc > 2 && strcmp(argv[1], "far-end") == 0;
    struct guest *g = malloc(sizeof *g);
    struct error e;
    char **file = argv + (far ? 3 : 2);

    if (!g || argc != (far ? 6 : 5))
        stop("usage: far-end DEPTH | switch, KERNEL INITRD INITRD");
    guest_defaults(g);
    g->settings.memory = MEMORY;
    g->settings.kernel = file[0];
    g->settings.initrd =
        (struct option_list){ .text = { file[1], file[2] }, .count = 2 };
    if (guest_open(g, &e) != STATUS_OK)
        stop(e.text);
    if (far)
        run_far_end(g, (unsigned)strtoul(argv[2], NULL, 10));
    else
        run_switch(g);
    guest_close(g);
    free(g);
    return 0;
}
