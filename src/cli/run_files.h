/* The files that `pogo run` was told of, read and checked. */
#ifndef POGO_CLI_RUN_FILES_H
#define POGO_CLI_RUN_FILES_H

#include "cli/input_script.h"
#include "cli/key_script.h"
#include "cli/run_settings.h"
#include "devices/disk.h"
#include "host/share.h"
#include "machine/boot.h"

struct run_files {
    struct image bios, kernel, dtb, initrd[OPTION_LIST_MAX];
    bool has_bios, has_kernel, has_dtb;
    unsigned initrds;
    struct disk disk[BOARD_MAX_DISKS];
    unsigned disks;
    struct share *share; /* NULL: none; owned */
    struct input_script script; /* no lines if there is none */
    struct key_script keys;     /* the same */
};

/*
 * STATUS_IO, STATUS_BAD_FORMAT, STATUS_TOO_BIG…: e says which file and why.
 * run_files_close in any case.
 */
enum status run_files_open(struct run_files *f, const struct run_settings *s,
                           struct error *e);
void run_files_close(struct run_files *f);

/* The share alone, for a machine that borrows the other files: opens one of its
   own, whatever f->share was. */
enum status run_files_open_share(struct run_files *f,
                                 const struct run_settings *s,
                                 struct error *e);
void run_files_close_share(struct run_files *f);

/* What machine_boot wants; it borrows from f and s. */
struct boot_options run_files_boot(const struct run_files *f,
                                   const struct run_settings *s);

/* A number that stands for what a machine is booted with: the files' bytes and
   the kernel's command line. */
uint64_t run_files_booted(const struct run_files *f,
                          const struct run_settings *s);

/* Do the settings name anything of that? */
bool run_files_named(const struct run_settings *s);

#endif
