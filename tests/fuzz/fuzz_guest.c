/*
 * A guest out of random bytes, in a virtual machine: registers, CSRs, page
 * tables and code are all the input's. Whatever it does, the monitor goes on,
 * stops at the exact count, and its shadow passes the audit.
 *
 * An input is, in this order (what is missing is zero): one byte each for the
 * virtual mode and the number of CSR writes; those writes, 2 bytes of number
 * and 8 of value; 32 registers and 64 PTEs of 4 bytes each, spread out as
 * guest_value() and guest_pte() say; and code.
 */
#include "machine/bare.h"
#include "machine/run.h"
#include "mmu/pte.h"
#include "vmm/vm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY (UINT64_C(1) << 20)
#define CODE (BOARD_RAM_BASE + 0x1000)
#define TABLES (BOARD_RAM_BASE + 0x80000) /* Sv39: root, then two levels */
#define WINDOW UINT64_C(0x40000000)
#define RUNS 6
#define COUNTS_A_RUN 150

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t size;
};

static uint64_t take(struct input *in, unsigned bytes)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < bytes && in->size > 0; i++, in->size--)
        v |= (uint64_t)*in->data++ << (8 * i);
    return v;
}

static void require(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "%s\n", what);
    abort();
}

/* Often near something: the top byte says of what. */
static uint64_t guest_value(uint32_t v)
{
    static const uint64_t bases[] = {
        0, BOARD_RAM_BASE, WINDOW, TABLES, CODE, 0x10000000, 0x02000000,
        UINT64_C(0xffffffff00000000), BOARD_RAM_BASE + MEMORY - 0x1000,
        WINDOW + 0x200000, 0x0c000000, 0x1000, UINT64_C(0x8000000000000000),
        MSTATUS_MPRV | MSTATUS_SUM, 0x100000, WINDOW + 0x1ff000,
    };

    return bases[v >> 28] + (v & 0xfffff);
}

/* Flags and frame as they come, the frame somewhere near RAM or a device. */
static uint64_t guest_pte(uint32_t v)
{
    uint64_t pte = v & 0xff;
    uint64_t frame = (BOARD_RAM_BASE >> 12) + (v >> 8 & 0x1ff);

    if (v >> 30 == 3)
        frame = 0x10000 + (v >> 8 & 7);
    if (v >> 29 == 5)
        pte |= (uint64_t)(v >> 17) << 54;
    return field_set(pte, PTE_PPN, frame);
}

static void put(struct machine *m, uint64_t pa, uint64_t v)
{
    m->ops->store(m, pa, 8, v);
}

static void put_tables(struct machine *m, struct input *in)
{
    uint64_t pointer = PTE_V;

    put(m, TABLES + 16, field_set(0xcf, PTE_PPN, BOARD_RAM_BASE >> 12));
    put(m, TABLES + 8,
        field_set(pointer, PTE_PPN, (TABLES + 0x1000) >> 12));
    put(m, TABLES + 0x1000,
        field_set(pointer, PTE_PPN, (TABLES + 0x2000) >> 12));
    for (unsigned i = 0; i < 64; i++) {
        uint64_t table = TABLES + (i < 48 ? 0x2000 : 0x1008);

        put(m, table + 8 * (i < 48 ? i : i - 48),
            guest_pte((uint32_t)take(in, 4)));
    }
}

static void put_state(struct machine *m, struct input *in)
{
    unsigned mode = (unsigned)take(in, 1), writes = (unsigned)take(in, 1) & 31;

    m->ops->csr_set(m, 0, CSR_satp,
                    field_set(TABLES >> 12, SATP_MODE,
                              mode & 4 ? 8 + (mode >> 4 & 3) : 0));
    m->ops->csr_set(m, 0, CSR_pmpaddr0 + 15, MASK(53, 0));
    m->ops->csr_set(m, 0, CSR_pmpcfg2, UINT64_C(0x1f) << 56);
    m->ops->csr_set(m, 0, CSR_mtvec, CODE);
    while (writes-- > 0) {
        unsigned csr = (unsigned)take(in, 2) & 0xfff;

        m->ops->csr_set(m, 0, csr, take(in, 8));
    }
    for (unsigned r = 1; r < 32; r++)
        m->ops->reg_set(m, 0, r, guest_value((uint32_t)take(in, 4)));
    put_tables(m, in);
    m->ops->reg_set(m, 0, REG_PC, CODE);
    m->ops->reg_set(m, 0, REG_PRIV, (mode & 3) == 2 ? PRIV_M : mode & 3);
}

static void put_code(struct machine *m, struct input *in)
{
    size_t n = in->size < 0x4000 ? in->size : 0x4000;
    uint8_t *code = m->ops->ram(m, CODE, 0x4000, true);

    memcpy(code, in->data, n);
}

static void run(struct vm *vm)
{
    struct board *b = &vm->board;

    for (unsigned i = 0; i < RUNS; i++) {
        uint64_t until = machine_count(b) + COUNTS_A_RUN;
        struct run_options o = { .until = until };
        enum run_end end = machine_run(&vm->machine, b, &o);
        const char *wrong = shadow_audit(&vm->monitor);

        require(!wrong, wrong ? wrong : "");
        if (end != RUN_UNTIL)
            return;
        require(machine_count(b) == until, "the run did not stop in time");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct board_config c = {
        .harts = 1, .isa = isa_default(), .memory = vm_host_memory(MEMORY, 1),
    };
    struct input in = { data, size };
    struct bare *bare = bare_new(&c);
    struct vm *vm;

    c.memory = MEMORY;
    vm = bare ? vm_new(&bare->machine, &c) : NULL;
    require(vm != NULL, "out of memory");
    put_state(&vm->machine, &in);
    put_code(&vm->machine, &in);
    run(vm);
    vm_free(vm);
    bare_free(bare);
    return 0;
}
