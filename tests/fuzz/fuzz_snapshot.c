/*
 * A snapshot that somebody has changed, with a checksum that fits: it is
 * refused, or the machine runs on; nothing crashes, nothing takes for ever.
 *
 * An input is edits of a good snapshot: its first byte says of what (bit 0: the
 * whole file, or the state of the machine in it, unpacked) and at which depth
 * it is loaded (bit 1). Each edit is three bytes of place, counted from the
 * start or, by their top bit, from the end, one of how many bytes it puts (up
 * to 16; 0: it cuts the file there), and these bytes.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define XXH_INLINE_ALL
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xxhash.h>

#include "firmware.h"
#include "machine/bare.h"
#include "machine/boot.h"
#include "machine/machine_state.h"
#include "machine/run.h"
#include "machine/snapshot.h"
#include "machine/state_buffer.h"
#include "vmm/vm.h"

#define MEMORY (UINT64_C(8) << 20)
#define COUNTS UINT64_C(400000) /* by then the guest's kernel has paging on */

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What there is to edit. */
static uint8_t *good_state, *good_file;
static size_t good_state_size, good_file_size;

static void require(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

static struct bare *bare_with(uint64_t memory)
{
    struct board_config c = { .harts = 1,
                              .memory = memory,
                              .isa = isa_default() };
    struct bare *b = bare_new(&c);

    require(b != NULL, "no bare machine");
    return b;
}

static void run_until(struct machine *m, struct board *b, uint64_t count)
{
    struct run_options o = { .until = count };

    machine_run(m, b, &o);
}

static void keep_file(const struct bare *b)
{
    const struct snapshot_machine m = { .machine = (struct machine *)b,
                                        .board = (struct board *)&b->board };
    char path[] = "/tmp/pogo-fuzz-snapshot-XXXXXX";
    struct snapshot_request r = { .path = path, .machine = &m, .machines = 1 };
    struct snapshot_written w;
    struct error e;
    FILE *f;

    close(mkstemp(path));
    require(snapshot_save(&r, &w, &e) == STATUS_OK, "it cannot be saved");
    good_file = malloc(w.size);
    f = fopen(path, "rb");
    require(f && good_file && fread(good_file, 1, w.size, f) == w.size,
            "it cannot be read");
    good_file_size = w.size;
    fclose(f);
    unlink(path);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    const struct image bios = image_of("bios", firmware_sbi, firmware_sbi_size);
    const struct image kernel =
        image_of("kernel", guest_kernel, guest_kernel_size);
    const struct boot_options o = { .bios = &bios, .kernel = &kernel };
    struct bare *b = bare_with(MEMORY);
    struct state_buffer s;
    struct error e;

    (void)argc, (void)argv;
    require(machine_boot(&b->board, &o, NULL, &e) == STATUS_OK, "no boot");
    run_until(&b->machine, &b->board, COUNTS);
    require(b->hart[0].csr.satp != 0, "paging is not on");
    state_buffer_save(&s);
    machine_state(&b->machine, &b->board, &s.state);
    require(!s.no_memory, "no memory");
    good_state = s.bytes;
    good_state_size = s.size;
    keep_file(b);
    bare_free(b);
    return 0;
}

/* Returns the size that is left. */
static size_t edit(uint8_t *bytes, size_t size, const uint8_t *data,
                   size_t left)
{
    while (left >= 4) {
        size_t at = data[0] | data[1] << 8 | (data[2] & 0x7f) << 16;
        size_t n = data[3] % 17;

        at = data[2] >> 7 ? size - 1 - at % size : at % size;
        data += 4;
        left -= 4;
        if (n == 0 && size > 1)
            size = at ? at : 1;
        for (size_t i = 0; i < n && left > 0; i++, left--, data++)
            if (at + i < size)
                bytes[at + i] = *data;
    }
    return size;
}

struct pair {
    struct bare *bare;
    struct vm *vm; /* NULL: depth 0 */
    struct machine *m;
    struct board *b;
};

static struct pair make(bool deep, uint64_t memory)
{
    struct board_config c = { .harts = 1,
                              .memory = memory,
                              .isa = isa_default() };
    struct pair p = { .bare = bare_with(deep ? vm_host_memory(memory, 1)
                                             : memory) };

    p.m = &p.bare->machine;
    p.b = &p.bare->board;
    if (!deep)
        return p;
    p.vm = vm_new(p.m, &c);
    require(p.vm != NULL, "no virtual machine");
    p.m = &p.vm->machine;
    p.b = &p.vm->board;
    return p;
}

static void drop(struct pair *p)
{
    if (p->vm)
        vm_free(p->vm);
    bare_free(p->bare);
}

static void go_on(struct pair *p)
{
    run_until(p->m, p->b, machine_count(p->b) + 3000);
    require(!p->vm || !shadow_audit(&p->vm->monitor), "the audit fails");
}

static void try_state(const uint8_t *bytes, size_t size, bool deep)
{
    struct pair p = make(deep, MEMORY);
    struct state_buffer s;

    state_buffer_load(&s, bytes, size);
    machine_state(p.m, p.b, &s.state);
    if (!s.state.bad)
        go_on(&p);
    drop(&p);
}

static void try_file(uint8_t *bytes, size_t size, bool deep)
{
    struct snapshot *s;
    struct error e = { "" };
    XXH128_canonical_t sum;
    char path[40];
    int fd = memfd_create("snapshot", MFD_CLOEXEC);

    if (size > 16) {
        XXH128_canonicalFromHash(&sum, XXH3_128bits(bytes, size - 16));
        memcpy(bytes + size - 16, &sum, 16);
    }
    require(fd >= 0 && write(fd, bytes, size) == (ssize_t)size, "no file");
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (snapshot_open(&s, path, NULL, &e) != STATUS_OK) {
        require(e.text[0] != '\0', "it is refused without a word");
    } else {
        const struct snapshot_config *c = snapshot_config(s, 0);
        uint64_t memory = c->memory <= 4 * MEMORY ? c->memory : MEMORY;
        struct pair p = make(deep, memory);

        if (snapshot_load(s, 0, p.m, p.b, &e) == STATUS_OK)
            go_on(&p);
        else
            require(e.text[0] != '\0', "it is not loaded, without a word");
        drop(&p);
        snapshot_close(s);
    }
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool whole = size && data[0] & 1, deep = size && data[0] & 2;
    size_t n = whole ? good_file_size : good_state_size;
    uint8_t *bytes = malloc(n);

    require(bytes != NULL, "no memory");
    memcpy(bytes, whole ? good_file : good_state, n);
    if (size)
        n = edit(bytes, n, data + 1, size - 1);
    if (whole)
        try_file(bytes, n, deep);
    else
        try_state(bytes, n, deep);
    free(bytes);
    return 0;
}
