/*
 * The board as the device tree describes it. Buses with address translation
 * (`ranges` that are not empty) are not followed: `virt` has none here.
 */
#include "platform.h"

#include "fdt.h"
#include "layout.h"
#include "mmio.h"

static struct platform board = {
    .ram = { { FIRMWARE_BASE, 128 << 20 } },
    .ram_count = 1,
    .uart = 0x10000000,
    .msip = 0x02000000,
    .mtimecmp = 0x02004000,
    .mtime = 0x0200bff8,
    .finisher = 0x00100000,
};

/* The SiFive test finisher: the low half says what, the high half the code. */
#define FINISHER_FAIL  0x3333
#define FINISHER_PASS  0x5555
#define FINISHER_RESET 0x7777

static const uint32_t finisher_words[] = {
    [STOP_PASS] = FINISHER_PASS,
    [STOP_SYSTEM_FAILURE] = 1 << 16 | FINISHER_FAIL,
    [STOP_FIRMWARE_FAULT] = 2 << 16 | FINISHER_FAIL,
    [STOP_RESET] = FINISHER_RESET,
};

/* One kind of node, and what we learn from it; `reg` is its first region. */
static void found_uart(const struct fdt_region *reg)
{
    board.uart = reg[0].base;
}

static void found_clint(const struct fdt_region *reg)
{
    board.msip = reg[0].base;
    board.mtimecmp = reg[0].base + 0x4000;
    board.mtime = reg[0].base + 0xbff8;
}

static void found_mswi(const struct fdt_region *reg)
{
    board.msip = reg[0].base;
}

/* An ACLINT timer has two regions: mtime, then mtimecmp. */
static void found_mtimer(const struct fdt_region *reg)
{
    if (!reg[1].size)
        return;
    board.mtime = reg[0].base;
    board.mtimecmp = reg[1].base;
}

static void found_finisher(const struct fdt_region *reg)
{
    board.finisher = reg[0].base;
}

static const struct {
    const char *compatible;
    void (*found)(const struct fdt_region reg[2]);
} drivers[] = {
    { "ns16550a", found_uart },
    { "sifive,clint0", found_clint },
    { "riscv,clint0", found_clint },
    { "riscv,aclint-mswi", found_mswi },
    { "riscv,aclint-mtimer", found_mtimer },
    { "sifive,test0", found_finisher },
    { "sifive,test1", found_finisher },
};

static bool status_is_okay(const struct fdt_node *node)
{
    struct fdt_prop status;

    return !fdt_prop(node, "status", &status) || fdt_prop_is(&status, "okay") ||
           fdt_prop_is(&status, "ok");
}

static void learn_hart(const struct fdt_node *node)
{
    struct fdt_prop isa;
    uint64_t id;

    if (!fdt_reg_address(node, 0, &id) || id >= MAX_HARTS ||
        !status_is_okay(node))
        return;
    board.harts |= 1UL << id;
    if (board.isa[0] || !fdt_prop(node, "riscv,isa", &isa))
        return;
    for (size_t i = 0; i < isa.length && i < ISA_STRING_SIZE - 1; i++)
        board.isa[i] = isa.data[i];
}

static void learn_ram(const struct fdt_node *node)
{
    struct fdt_region region;

    for (unsigned i = 0; fdt_reg(node, i, &region); i++) {
        if (board.ram_count == MAX_RAM_REGIONS)
            return;
        board.ram[board.ram_count].base = region.base;
        board.ram[board.ram_count++].size = region.size;
    }
}

static void learn_device(const struct fdt_node *node)
{
    struct fdt_region reg[2] = { { 0, 0 }, { 0, 0 } };
    struct fdt_prop compatible;

    if (!fdt_prop(node, "compatible", &compatible) ||
        !fdt_reg(node, 0, &reg[0]))
        return;
    fdt_reg(node, 1, &reg[1]);
    for (unsigned i = 0; i < sizeof drivers / sizeof *drivers; i++) {
        if (fdt_prop_contains(&compatible, drivers[i].compatible)) {
            drivers[i].found(reg);
            return;
        }
    }
}

static void learn_node(const struct fdt_node *node)
{
    struct fdt_prop type;

    if (!fdt_prop(node, "device_type", &type))
        learn_device(node);
    else if (fdt_prop_is(&type, "cpu"))
        learn_hart(node);
    else if (fdt_prop_is(&type, "memory"))
        learn_ram(node);
    else
        learn_device(node);
}

bool platform_init(const void *blob, unsigned long boot_hart)
{
    struct fdt fdt;
    struct fdt_node node;

    board.harts = 1UL << boot_hart;
    if (!fdt_open(&fdt, blob))
        return false;
    board.ram_count = 0;
    for (bool more = fdt_root(&fdt, &node); more; more = fdt_next(&node))
        learn_node(&node);
    return true;
}

const struct platform *platform_get(void)
{
    return &board;
}

bool platform_has_hart(unsigned long hart)
{
    return hart < MAX_HARTS && board.harts >> hart & 1;
}

static bool touches_firmware(unsigned long addr, unsigned long size)
{
    return addr < (unsigned long)FIRMWARE_BASE + FIRMWARE_SIZE &&
           addr + size > (unsigned long)FIRMWARE_BASE;
}

bool platform_is_payload_ram(unsigned long addr, unsigned long size)
{
    if (addr + size < addr || touches_firmware(addr, size))
        return false;
    for (unsigned i = 0; i < board.ram_count; i++) {
        const struct ram_region *ram = &board.ram[i];

        if (addr >= ram->base && size <= ram->size &&
            addr - ram->base <= ram->size - size)
            return true;
    }
    return false;
}

/* Physical addresses have 56 bits, instructions begin at even ones. */
bool platform_is_entry(unsigned long addr)
{
    return addr >> 56 == 0 && !(addr & 1) && !touches_firmware(addr, 2);
}

void platform_soft_raise(unsigned long hart)
{
    mmio_write32(board.msip + 4 * hart, 1);
}

void platform_soft_clear(unsigned long hart)
{
    mmio_write32(board.msip + 4 * hart, 0);
}

uint64_t platform_time(void)
{
    return mmio_read64(board.mtime);
}

void platform_timer_set(unsigned long hart, uint64_t when)
{
    mmio_write64(board.mtimecmp + 8 * hart, when);
}

void platform_stop(enum stop_code code)
{
    mmio_write32(board.finisher, finisher_words[code]);
    for (;;)
        __asm__ volatile("wfi");
}
