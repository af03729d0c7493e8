/*
 * Any text as a machine file. Either it describes machines, within the bounds
 * that the options state, or it is refused in one sentence that names the file.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/machine_file.h"
#include "vmm/scheduler.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void check_refusal(const struct error *e)
{
    require(memchr(e->text, '\0', sizeof e->text) &&
            strncmp(e->text, "folder/f.conf", 13) == 0);
}

static void check_settings(const struct run_settings *s)
{
    require(s->depth <= MAX_DEPTH && s->harts <= BOARD_MAX_HARTS &&
            s->weight >= 1 && s->weight <= SCHEDULER_MAX_WEIGHT &&
            s->vms == 0 && !s->config && !s->dump_dtb &&
            s->initrd.count <= OPTION_LIST_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct image i = image_of("input", data, size);
    struct machine_file f;
    struct run_settings all, one;
    struct error e = { "" };
    enum status s = machine_file_parse(&f, "folder/f.conf", &i, &e);

    run_settings_default(&all);
    if (s == STATUS_OK)
        s = machine_file_apply_head(&f, &all, &e);
    require(s != STATUS_OK ||
            (f.machines >= 1 && f.machines <= VM_MAX_SIBLINGS));
    for (unsigned k = 0; s == STATUS_OK && k < f.machines; k++) {
        one = all;
        s = machine_file_apply(&f, k, &one, &e);
        if (s == STATUS_OK)
            check_settings(&one); /* harts 0: not given */
    }
    if (s != STATUS_OK)
        check_refusal(&e);
    machine_file_free(&f);
    return 0;
}
