/*
 * A machine file (`--config FILE`): several virtual machines as text.
 *
 *     # What holds for all of them comes first.
 *     depth = 1
 *     initrd = initramfs.cpio.gz
 *
 *     [server]
 *     kernel = Image
 *     net = switch
 *     weight = 2
 *
 *     [guest]
 *     console = none
 *
 * A line is `word = value`, or a word alone where the option takes no value.
 * The words are the options of `pogo run` without the dashes, and `weight`.
 * Lines that begin with '#' are comments. What is said before the first section
 * holds for all machines; a section says what is different. A word that may be
 * given several times (initrd, disk) adds to those before. Files are looked for
 * in the machine file's folder.
 */
#ifndef POGO_CLI_MACHINE_FILE_H
#define POGO_CLI_MACHINE_FILE_H

#include "cli/run_settings.h"
#include "machine/image.h"
#include "vmm/vm.h"

#define MACHINE_NAME 16 /* bytes, with the terminator */

struct machine_line;

struct machine_file {
    const char *path;           /* borrowed */
    struct machine_line *lines; /* in the file's order */
    unsigned machines;
    char name[VM_MAX_SIBLINGS][MACHINE_NAME];
};

/*
 * Takes the lines apart; `path` is what the file is called. STATUS_BAD_FORMAT:
 * e names the line and says what was expected there. machine_file_free in any
 * case, when the settings are no longer needed: they borrow from it.
 */
enum status machine_file_parse(struct machine_file *f, const char *path,
                               const struct image *text, struct error *e);
void machine_file_free(struct machine_file *f);

/* Adds to `s` what is said for all machines; what is said for machine i. Errors
   as above. */
enum status machine_file_apply_head(const struct machine_file *f,
                                    struct run_settings *s, struct error *e);
enum status machine_file_apply(const struct machine_file *f, unsigned i,
                               struct run_settings *s, struct error *e);

#endif
