/*
 * pogo, without a command: the embedded guest in a virtual machine, with a
 * commentary on what the monitor does.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/cli.h"
#include "cli/commentary.h"
#include "cli/machine_build.h"
#include "firmware.h"
#include "machine/boot.h"
#include "machine/run.h"

static const char opening[] =
    "A computer made of software (RV64GC) runs a monitor, and the monitor makes\n"
    "another computer out of it. In that one our firmware starts a small kernel\n"
    "with a few processes. All of it, firmware and kernel too, is executed in the\n"
    "host machine's U-mode; whatever is privileged traps to the monitor.\n"
    "Numbered remarks are the monitor's, each when its kind of event happens for\n"
    "the first time; the other lines are the guest's console.\n\n";

static const char closing[] =
    "What to try next:\n"
    "  ./run run --depth 0 --hash      the same guest on the bare machine: the same\n"
    "                                  state to the last bit\n"
    "  ./run run --depth 3 --hash      a monitor in a monitor in a monitor: the same\n"
    "  ./run run --depth 1 --log exits every single exit, a line each\n"
    "  ./run run --depth 1 --stats     exits by cause, what ran directly\n"
    "  tools/get-guests                fetches Debian's kernel; then:\n"
    "  ./run run --depth 1 --kernel build/guests/Image \\\n"
    "      --initrd build/guests/initramfs.cpio.gz --append console=ttyS0\n"
    "                                  Linux in a virtual machine, with a shell\n"
    "  ./run help                      all commands and options\n"
    "docs/reading-guide.md says where to start reading; docs/monitor.md explains\n"
    "what you have just seen.\n";

struct demo {
    struct built built;
    struct console console;
    struct commentary commentary;
};

static uint64_t exits_of(const struct core_stats *s, enum exit_action a)
{
    uint64_t n = 0;

    for (unsigned cause = 0; cause < 16; cause++)
        n += s->exits[cause][a];
    return n;
}

static void summarise(const struct demo *d)
{
    const struct core_stats *s = &d->built.vm[0]->monitor.stats;
    double all = (double)(s->direct + s->emulated);

    printf("\nThe guest has ended. Of its %" PRIu64 " instructions %.2f %% ran "
           "directly on\nthe host machine; the monitor emulated %" PRIu64 ", "
           "filled %" PRIu64 " shadow entries, injected\n%" PRIu64 " traps and %"
           PRIu64 " interrupts.\n\n",
           s->direct + s->emulated, 100 * (double)s->direct / all,
           s->emulated, s->fills, exits_of(s, EXIT_INJECTED),
           s->interrupts[IRQ_STI] + s->interrupts[IRQ_SEI] +
           s->interrupts[IRQ_MTI]);
}

static int tour(struct demo *d, const struct image *firmware,
                const struct image *guest)
{
    const struct boot_options boot = { .bios = firmware, .kernel = guest };
    const struct run_options run = { .until = CLOCK_NEVER };
    struct error error;

    if (machine_boot(d->built.board, &boot, NULL, &error) != STATUS_OK)
        return complain(EXIT_INTERNAL, "%s", error.text);
    fputs(opening, stdout);
    commentary_watch(&d->commentary, d->built.vm[0]);
    if (machine_run(d->built.top, d->built.board, &run) != RUN_FINISHED)
        return complain(EXIT_INTERNAL, "the embedded guest did not end by "
                        "itself: please report this");
    summarise(d);
    fputs(closing, stdout);
    return d->built.board->status;
}

int command_demo(int argc, char **argv)
{
    struct demo *d = calloc(1, sizeof *d);
    const struct image firmware = image_of("Pogo's own firmware",
                                           firmware_sbi, firmware_sbi_size);
    const struct image guest = image_of("the embedded guest", guest_kernel,
                                        guest_kernel_size);
    struct board_config c = { .harts = 1, .memory = UINT64_C(256) << 20,
                              .isa = isa_default() };
    int status;

    if (!d)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    if (argc > 1) {
        free(d);
        return complain(EXIT_USAGE, "demo takes no arguments, not '%s': use "
                        "'pogo run' to choose", argv[1]);
    }
    commentary_open(&d->commentary, stdout, &c.isa, &guest, &firmware);
    console_init(&d->console, commentary_console, &d->commentary);
    c.console = &d->console;
    if (build_machine(&d->built, &c, 1) != STATUS_OK)
        status = complain(EXIT_INTERNAL, "this host has not enough memory for "
                          "a machine of 256 MiB");
    else
        status = tour(d, &firmware, &guest);
    build_free(&d->built);
    commentary_close(&d->commentary);
    free(d);
    return status;
}
