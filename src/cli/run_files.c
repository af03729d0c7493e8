#define XXH_INLINE_ALL
#include "cli/run_files.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "cli/share_setting.h"
#include "devices/disk_overlay.h"
#include "firmware.h"
#include "machine/error_say.h"

/* Debian's packages, oldest name last. */
static const char *const opensbi_paths[] = {
    "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin",
    "/usr/share/opensbi/lp64/generic/firmware/fw_dynamic.bin",
    "/usr/share/qemu/opensbi-riscv64-generic-fw_dynamic.bin",
};

#define DTB_LIMIT (1 << 20)
#define SCRIPT_LIMIT (16 << 20)
#define KEYS_LIMIT   (1 << 20)

static enum status open_opensbi(struct run_files *f,
                                const struct run_settings *s, struct error *e)
{
    size_t n = sizeof opensbi_paths / sizeof *opensbi_paths;

    for (size_t k = 0; k < n; k++)
        if (image_read(&f->bios, opensbi_paths[k], false, s->memory, NULL) ==
            STATUS_OK) {
            f->has_bios = true;
            return STATUS_OK;
        }
    return error_say(e, STATUS_IO, "--bios opensbi was not found at '%s': "
                     "install Debian's package opensbi, or name its file",
                     opensbi_paths[0]);
}

static enum status open_bios(struct run_files *f, const struct run_settings *s,
                             struct error *e)
{
    if (s->bios && strcmp(s->bios, "none") == 0)
        return STATUS_OK;
    if (s->bios && strcmp(s->bios, "opensbi") == 0)
        return open_opensbi(f, s, e);
    f->has_bios = true;
    if (s->bios)
        return image_read(&f->bios, s->bios, true, s->memory, e);
    f->bios = image_of("Pogo's own firmware", firmware_sbi, firmware_sbi_size);
    return STATUS_OK;
}

/* A firmware of the user's own may well be all there is to run; ours and
   OpenSBI are there to run something. */
static bool wants_guest(const struct run_settings *s)
{
    return !s->kernel && (!s->bios || strcmp(s->bios, "opensbi") == 0);
}

static enum status open_kernel(struct run_files *f,
                               const struct run_settings *s, struct error *e)
{
    if (wants_guest(s)) {
        f->has_kernel = true;
        f->kernel = image_of("the embedded guest", guest_kernel,
                             guest_kernel_size);
        return STATUS_OK;
    }
    if (!s->kernel || strcmp(s->kernel, "none") == 0)
        return STATUS_OK;
    f->has_kernel = true;
    return image_read(&f->kernel, s->kernel, true, s->memory, e);
}

static enum status open_initrds(struct run_files *f,
                                const struct run_settings *s, struct error *e)
{
    for (unsigned k = 0; k < s->initrd.count; k++) {
        enum status status = image_read(&f->initrd[k], s->initrd.text[k],
                                        false, s->memory, e);

        if (status != STATUS_OK)
            return status;
        f->initrds = k + 1;
    }
    return STATUS_OK;
}

static enum status open_overlay(struct disk *disk,
                                const struct disk_setting *d, struct error *e)
{
    enum status status = disk_overlay_open(disk, d->overlay);

    switch (status) {
    case STATUS_OK:
        return STATUS_OK;
    case STATUS_BAD_FORMAT:
        return error_say(e, status,
                         "--disk: '%.200s' is no overlay, or is damaged: name "
                         "a file that is not there, and one is made",
                         d->overlay);
    case STATUS_BAD_ARGUMENT:
        return error_say(e, STATUS_BAD_FORMAT,
                         "--disk: '%.200s' is an overlay of another disk than "
                         "'%.200s', or that has been changed since: name the "
                         "one it was made of",
                         d->overlay, d->path);
    default:
        return error_say(e, status, "--disk: '%.200s' cannot be written (%s)",
                         d->overlay, strerror(errno));
    }
}

static enum status open_disks(struct run_files *f,
                              const struct run_settings *s, struct error *e)
{
    for (unsigned k = 0; k < s->disk.count; k++) {
        struct disk_setting d;
        enum status status;
        bool read_only;

        disk_setting(s->disk.text[k], &d);
        read_only = d.read_only || d.overlay[0];
        status = disk_open(&f->disk[k], d.path, read_only);
        if (status == STATUS_BAD_FORMAT)
            return error_say(e, status, "--disk '%s' is neither a file nor a "
                             "block device: name a raw disk image", d.path);
        if (status != STATUS_OK)
            return error_say(e, status, "--disk '%s' cannot be opened (%s): "
                             "name a %s disk image%s", d.path, strerror(errno),
                             read_only ? "readable" : "writable",
                             read_only ? "" : ", or add ',ro'");
        f->disks = k + 1;
        if (d.overlay[0])
            status = open_overlay(&f->disk[k], &d, e);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

enum status run_files_open_share(struct run_files *f,
                                 const struct run_settings *s, struct error *e)
{
    struct share_setting d;
    enum status status;

    f->share = NULL;
    if (!s->share || s->replay || !share_setting(s->share, &d))
        return STATUS_OK;
    f->share = malloc(sizeof *f->share);
    if (!f->share)
        return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    status = share_open(f->share, d.path, d.read_only);
    if (status == STATUS_OK)
        return STATUS_OK;
    free(f->share);
    f->share = NULL;
    if (status == STATUS_BAD_FORMAT)
        return error_say(e, status, "--share '%.120s' is no folder: name one",
                         d.path);
    return error_say(e, status, "--share '%.120s' cannot be opened (%s): name "
                     "a folder that can be read", d.path, strerror(errno));
}

void run_files_close_share(struct run_files *f)
{
    if (f->share)
        share_close(f->share);
    free(f->share);
    f->share = NULL;
}

static enum status open_script(struct run_files *f,
                               const struct run_settings *s, struct error *e)
{
    struct image i;
    enum status status;

    if (!s->input || strcmp(s->input, "-") == 0)
        return STATUS_OK;
    status = image_read(&i, s->input, false, SCRIPT_LIMIT, e);
    if (status == STATUS_TOO_BIG)
        return error_say(e, status, "--input '%s' is larger than 16 MiB: give "
                         "a script of `COUNT TEXT` lines", s->input);
    if (status != STATUS_OK)
        return status;
    status = input_script_parse(&f->script, &i, e);
    image_free(&i);
    return status;
}

static enum status open_keys(struct run_files *f, const struct run_settings *s,
                             struct error *e)
{
    struct image i;
    enum status status;

    if (!s->keys)
        return STATUS_OK;
    status = image_read(&i, s->keys, false, KEYS_LIMIT, e);
    if (status == STATUS_TOO_BIG)
        return error_say(e, status, "--keys '%s' is larger than 1 MiB: give a "
                         "script of `COUNT TEXT` lines", s->keys);
    if (status != STATUS_OK)
        return status;
    status = key_script_parse(&f->keys, &i, e);
    image_free(&i);
    return status;
}

static enum status open_dtb(struct run_files *f, const struct run_settings *s,
                            struct error *e)
{
    enum status status;

    if (!s->dtb)
        return STATUS_OK;
    f->has_dtb = true;
    status = image_read(&f->dtb, s->dtb, false, DTB_LIMIT, e);
    if (status == STATUS_TOO_BIG)
        error_say(e, status, "--dtb '%s' is larger than 1 MiB: give a device "
                  "tree blob", s->dtb);
    return status;
}

enum status run_files_open(struct run_files *f, const struct run_settings *s,
                           struct error *e)
{
    static enum status (*const steps[])(struct run_files *,
                                        const struct run_settings *,
                                        struct error *) = {
        open_bios, open_kernel, open_initrds, open_dtb, open_disks,
        run_files_open_share, open_script, open_keys,
    };
    enum status status = STATUS_OK;

    memset(f, 0, sizeof *f);
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        status = steps[k](f, s, e);
        if (status != STATUS_OK)
            break;
    }
    return status;
}

void run_files_close(struct run_files *f)
{
    image_free(&f->bios);
    image_free(&f->kernel);
    image_free(&f->dtb);
    for (unsigned k = 0; k < f->initrds; k++)
        image_free(&f->initrd[k]);
    for (unsigned k = 0; k < f->disks; k++)
        disk_close(&f->disk[k]);
    run_files_close_share(f);
    input_script_free(&f->script);
    key_script_free(&f->keys);
}

struct boot_options run_files_boot(const struct run_files *f,
                                   const struct run_settings *s)
{
    return (struct boot_options){
        .bios = f->has_bios ? &f->bios : NULL,
        .kernel = f->has_kernel ? &f->kernel : NULL,
        .initrd = f->initrd,
        .initrds = f->initrds,
        .append = s->append,
        .dtb = f->has_dtb ? &f->dtb : NULL,
    };
}

static uint64_t add(uint64_t sum, const void *bytes, size_t n)
{
    return XXH3_64bits_withSeed(bytes, n, sum ^ n);
}

static uint64_t add_image(uint64_t sum, const struct image *i)
{
    return i ? add(sum, i->bytes, i->size) : add(sum, "none", 4);
}

uint64_t run_files_booted(const struct run_files *f,
                          const struct run_settings *s)
{
    struct boot_options o = run_files_boot(f, s);
    uint64_t sum = 0;

    sum = add_image(sum, o.bios);
    sum = add_image(sum, o.kernel);
    sum = add_image(sum, o.dtb);
    for (unsigned k = 0; k < o.initrds; k++)
        sum = add_image(sum, &o.initrd[k]);
    return o.append ? add(sum, o.append, strlen(o.append)) : sum;
}

bool run_files_named(const struct run_settings *s)
{
    return s->bios || s->kernel || s->initrd.count || s->append || s->dtb;
}
