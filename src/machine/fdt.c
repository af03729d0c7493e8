#include "machine/fdt.h"

#include <libfdt.h>
#include <string.h>

#include "machine/error_say.h"
#include "machine/fdt_writer.h"

#define CACHE_BLOCK 64 /* bytes that cbo.* work on */
#define SEED_BYTES 32

/* Phandles: hart h's interrupt controller has 1 + h. */
enum { PHANDLE_PLIC = 1 + BOARD_MAX_HARTS, PHANDLE_SYSCON };

static const char *const no_strings[] = { NULL };

/* /chosen/rng-seed: what Linux first fills its random pool with. The sequence
   is splitmix64 (Steele, Lea, Flood 2014) of the board's seed. */
static void make_seed(uint64_t seed, uint8_t *out)
{
    for (unsigned k = 0; k < SEED_BYTES; k++) {
        static const uint64_t step = UINT64_C(0x9e3779b97f4a7c15);
        uint64_t z = seed + (k / 8 + 1) * step;

        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        z ^= z >> 31;
        out[k] = (uint8_t)(z >> (8 * (k % 8)));
    }
}

static void write_chosen(struct fdt_writer *w, const struct board *b,
                         const struct fdt_chosen *c)
{
    uint8_t seed[SEED_BYTES];

    make_seed(b->config.seed, seed);
    fdtw_begin(w, "chosen", 0);
    if (c->append)
        fdtw_string(w, "bootargs", c->append);
    fdtw_string(w, "stdout-path", "/soc/serial@10000000");
    fdtw_bytes(w, "rng-seed", seed, sizeof seed);
    if (c->initrd_start != c->initrd_end) {
        fdtw_u64(w, "linux,initrd-start", c->initrd_start);
        fdtw_u64(w, "linux,initrd-end", c->initrd_end);
    }
    fdtw_end(w);
}

static void write_memory(struct fdt_writer *w, const struct board *b)
{
    fdtw_begin(w, "memory@", b->bus.ram.base);
    fdtw_string(w, "device_type", "memory");
    fdtw_reg(w, b->bus.ram.base, b->bus.ram.size);
    fdtw_end(w);
}

static const char *mmu_type(const struct isa *isa)
{
    if (isa_has(isa, EXT_SV57))
        return "riscv,sv57";
    if (isa_has(isa, EXT_SV48))
        return "riscv,sv48";
    return isa_has(isa, EXT_SV39) ? "riscv,sv39" : "riscv,none";
}

/* The three ways in which software asks what a hart can do: the old string,
   the new list (riscv/extensions.yaml of the kernel), and mmu-type. */
static void write_isa(struct fdt_writer *w, const struct isa *isa)
{
    const char *list[EXT_COUNT + 1] = { NULL };
    char text[512];
    unsigned n = 0;

    isa_format(isa, text, sizeof text);
    fdtw_string(w, "riscv,isa", text);
    fdtw_string(w, "riscv,isa-base", "rv64i");
    for (unsigned e = 0; e < EXT_COUNT; e++) {
        if (e == EXT_S || e == EXT_U || e >= EXT_SV39)
            continue;
        if (isa_has(isa, e))
            list[n++] = isa_ext_name(e);
    }
    fdtw_strings(w, "riscv,isa-extensions", n ? list : no_strings);
    fdtw_string(w, "mmu-type", mmu_type(isa));
    if (isa_has(isa, EXT_ZICBOM))
        fdtw_u32(w, "riscv,cbom-block-size", CACHE_BLOCK);
    if (isa_has(isa, EXT_ZICBOZ))
        fdtw_u32(w, "riscv,cboz-block-size", CACHE_BLOCK);
    if (isa_has(isa, EXT_ZICBOP))
        fdtw_u32(w, "riscv,cbop-block-size", CACHE_BLOCK);
}

static void write_cpus(struct fdt_writer *w, const struct board *b)
{
    fdtw_begin(w, "cpus", 0);
    fdtw_u32(w, "#address-cells", 1);
    fdtw_u32(w, "#size-cells", 0);
    fdtw_u32(w, "timebase-frequency", CLOCK_HZ);
    for (unsigned h = 0; h < b->config.harts; h++) {
        fdtw_begin(w, "cpu@", h);
        fdtw_string(w, "device_type", "cpu");
        fdtw_u32(w, "reg", h);
        fdtw_string(w, "status", "okay");
        fdtw_string(w, "compatible", "riscv");
        write_isa(w, &b->config.isa);
        fdtw_begin(w, "interrupt-controller", 0);
        fdtw_u32(w, "#interrupt-cells", 1);
        fdtw_empty(w, "interrupt-controller");
        fdtw_string(w, "compatible", "riscv,cpu-intc");
        fdtw_u32(w, "phandle", 1 + h);
        fdtw_end(w);
        fdtw_end(w);
    }
    fdtw_end(w);
}

/* The wires from a controller to the harts: for each hart these two (or, with
   second = 0, this one) interrupt numbers. */
static void write_hart_wires(struct fdt_writer *w, const struct board *b,
                             uint32_t first, uint32_t second)
{
    uint32_t cells[4 * BOARD_MAX_HARTS];
    unsigned n = 0;

    for (unsigned h = 0; h < b->config.harts; h++) {
        cells[n++] = 1 + h;
        cells[n++] = first;
        if (!second)
            continue;
        cells[n++] = 1 + h;
        cells[n++] = second;
    }
    fdtw_cells(w, "interrupts-extended", cells, n);
}

static void write_aclint(struct fdt_writer *w, const struct board *b)
{
    write_hart_wires(w, b, IRQ_MSI, IRQ_MTI);
}

static void write_sswi(struct fdt_writer *w, const struct board *b)
{
    write_hart_wires(w, b, IRQ_SSI, 0);
    fdtw_empty(w, "interrupt-controller");
    fdtw_u32(w, "#interrupt-cells", 0);
}

static void write_plic(struct fdt_writer *w, const struct board *b)
{
    write_hart_wires(w, b, IRQ_MEI, IRQ_SEI);
    fdtw_empty(w, "interrupt-controller");
    fdtw_u32(w, "#interrupt-cells", 1);
    fdtw_u32(w, "#address-cells", 0);
    fdtw_u32(w, "riscv,ndev", PLIC_SOURCES);
    fdtw_u32(w, "phandle", PHANDLE_PLIC);
}

static void write_uart(struct fdt_writer *w, const struct board *b)
{
    (void)b;
    fdtw_u32(w, "clock-frequency", UART_CLOCK_HZ);
}

static void write_syscon(struct fdt_writer *w, const struct board *b)
{
    (void)b;
    fdtw_u32(w, "phandle", PHANDLE_SYSCON);
}

/* How each kind of device is described; a kind without a row (the boot ROM) is
   not. Address, size and interrupt come from the device's slot. */
static const struct description {
    const char *node; /* as QEMU names it, so that paths are the same */
    const char *compatible[4];
    void (*more)(struct fdt_writer *w, const struct board *b);
} descriptions[] = {
    [DEVICE_SYSCON] = { "test@", { SYSCON_COMPATIBLE, SYSCON_COMPATIBLE_2,
                                   SYSCON_COMPATIBLE_3 }, write_syscon },
    [DEVICE_RTC] = { "rtc@", { RTC_COMPATIBLE }, NULL },
    [DEVICE_ACLINT] = { "clint@", { "sifive,clint0", ACLINT_COMPATIBLE },
                        write_aclint },
    [DEVICE_SSWI] = { "sswi@", { ACLINT_SSWI_COMPATIBLE }, write_sswi },
    [DEVICE_PLIC] = { "plic@", { PLIC_COMPATIBLE, PLIC_COMPATIBLE_2 },
                      write_plic },
    [DEVICE_UART] = { "serial@", { UART_COMPATIBLE }, write_uart },
    [DEVICE_VIRTIO] = { "virtio_mmio@", { VIRTIO_COMPATIBLE }, NULL },
};

static void write_device(struct fdt_writer *w, const struct board *b,
                         const struct device_slot *s)
{
    const struct description *d = &descriptions[s->kind];

    if (s->kind >= sizeof descriptions / sizeof *descriptions || !d->node)
        return;
    fdtw_begin(w, d->node, s->base);
    fdtw_strings(w, "compatible", d->compatible);
    fdtw_reg(w, s->base, s->size);
    if (s->irq) {
        fdtw_u32(w, "interrupts", s->irq);
        fdtw_u32(w, "interrupt-parent", PHANDLE_PLIC);
    }
    if (d->more)
        d->more(w, b);
    fdtw_end(w);
}

static void write_soc(struct fdt_writer *w, const struct board *b)
{
    size_t n;
    const struct device_slot *slot = device_slots(&n);

    fdtw_begin(w, "soc", 0);
    fdtw_u32(w, "#address-cells", 2);
    fdtw_u32(w, "#size-cells", 2);
    fdtw_string(w, "compatible", "simple-bus");
    fdtw_empty(w, "ranges");
    for (size_t k = 0; k < n; k++)
        if (devices_present(&b->devices, &slot[k]))
            write_device(w, b, &slot[k]);
    fdtw_end(w);
}

/* What to write into the test finisher to end or restart the machine. */
static void write_syscon_user(struct fdt_writer *w, const char *node,
                              const char *compatible, uint32_t value)
{
    fdtw_begin(w, node, 0);
    fdtw_string(w, "compatible", compatible);
    fdtw_u32(w, "regmap", PHANDLE_SYSCON);
    fdtw_u32(w, "offset", 0);
    fdtw_u32(w, "value", value);
    fdtw_end(w);
}

enum status fdt_build(const struct board *b, const struct fdt_chosen *c,
                      void *buf, size_t size)
{
    struct fdt_writer w;

    fdtw_start(&w, buf, size);
    fdtw_begin(&w, "", 0);
    fdtw_u32(&w, "#address-cells", 2);
    fdtw_u32(&w, "#size-cells", 2);
    fdtw_string(&w, "compatible", "riscv-virtio");
    fdtw_string(&w, "model", "riscv-virtio,pogo");
    write_chosen(&w, b, c);
    write_memory(&w, b);
    write_cpus(&w, b);
    write_syscon_user(&w, "poweroff", "syscon-poweroff", SYSCON_PASS);
    write_syscon_user(&w, "reboot", "syscon-reboot", SYSCON_RESET);
    write_soc(&w, b);
    fdtw_end(&w);
    return fdtw_finish(&w) == 0 ? STATUS_OK : STATUS_TOO_BIG;
}

/* Adds what c has to the /chosen of a tree that can still grow. */
static int set_chosen(void *buf, const struct fdt_chosen *c)
{
    int node = fdt_path_offset(buf, "/chosen"), error = 0;

    if (!c->append && c->initrd_start == c->initrd_end)
        return 0;
    if (node == -FDT_ERR_NOTFOUND)
        node = fdt_add_subnode(buf, 0, "chosen");
    if (node < 0)
        return node;
    if (c->append)
        error = fdt_setprop_string(buf, node, "bootargs", c->append);
    if (!error && c->initrd_start != c->initrd_end)
        error = fdt_setprop_u64(buf, node, "linux,initrd-start",
                                c->initrd_start);
    if (!error && c->initrd_start != c->initrd_end)
        error = fdt_setprop_u64(buf, node, "linux,initrd-end", c->initrd_end);
    return error;
}

enum status fdt_adopt(const struct image *dtb, const struct fdt_chosen *c,
                      void *buf, size_t size, struct error *e)
{
    int error;

    if (dtb->size < sizeof(struct fdt_header) ||
        fdt_check_full(dtb->bytes, dtb->size) != 0)
        return error_say(e, STATUS_BAD_FORMAT,
                         "'%s' is not a valid device tree blob: make one with "
                         "dtc or --dump-dtb", dtb->name);
    error = fdt_open_into(dtb->bytes, buf, (int)size);
    if (!error)
        error = set_chosen(buf, c);
    if (!error)
        error = fdt_pack(buf);
    if (error)
        return error_say(e, STATUS_TOO_BIG,
                         "'%s' cannot be given a /chosen node (%s): use a "
                         "smaller, complete device tree", dtb->name,
                         fdt_strerror(error));
    return STATUS_OK;
}

size_t fdt_length(const void *buf)
{
    return fdt_totalsize(buf);
}
