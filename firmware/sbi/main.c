/*
 * The boot of the machine after start.S: one hart finds out what the board
 * is, says so, and enters the payload; the others wait to be started by it.
 */
#include "console.h"
#include "csr.h"
#include "fdt.h"
#include "hart.h"
#include "hsm.h"
#include "ipi.h"
#include "platform.h"
#include "sbi.h"

#define BOOT_MODE_S 1

/*
 * What the boot ROM passes in a2, so that this firmware and OpenSBI are
 * interchangeable: OpenSBI's struct fw_dynamic_info.
 */
struct boot_info {
    unsigned long magic;
    unsigned long version;
    unsigned long next_addr; /* the payload; 0: there is none */
    unsigned long next_mode; /* its privilege */
    unsigned long options;
    unsigned long boot_hart;
};

_Static_assert(offsetof(struct boot_info, version) == BOOT_INFO_VERSION, "");
_Static_assert(offsetof(struct boot_info, boot_hart) == BOOT_INFO_BOOT_HART,
               "");

struct hart harts[MAX_HARTS];
extern volatile unsigned int boot_done; /* start.S waits for it */

_Noreturn void boot_main(unsigned long id, void *fdt,
                         const struct boot_info *info);
_Noreturn void secondary_main(unsigned long id);

static void print_isa(const struct hart *self)
{
    const char *isa = platform_get()->isa;

    print("hart   %s", isa[0] ? isa : "(no riscv,isa in the device tree)");
    print("; set up: %s%s%s%s%s\n", self->has_pmp ? "pmp" : "no pmp",
          self->has_sstc ? " sstc" : "",
          self->menvcfg & MENVCFG_CBIE ? " zicbom" : "",
          self->menvcfg & MENVCFG_CBZE ? " zicboz" : "",
          self->menvcfg & MENVCFG_PBMTE ? " svpbmt" : "");
}

static void print_banner(const struct hart *self, unsigned long next)
{
    int count = 0;

    for (unsigned long h = 0; h < MAX_HARTS; h++)
        count += platform_has_hart(h);
    print("\n%s: SBI 2.0, firmware at %x, %d KiB\n", SBI_IMPLEMENTATION_NAME,
          (unsigned long)FIRMWARE_BASE, FIRMWARE_SIZE / 1024);
    print("harts  %d, booting on %d\n", count, (int)self->id);
    print_isa(self);
    print("next   %x in S-mode\n\n", next);
}

/* How far the tree at `fdt` may grow: to the end of the RAM it is in. */
static size_t room_at(unsigned long fdt)
{
    const struct platform *board = platform_get();

    for (unsigned i = 0; i < board->ram_count; i++)
        if (fdt >= board->ram[i].base &&
            fdt - board->ram[i].base < board->ram[i].size)
            return board->ram[i].size - (fdt - board->ram[i].base);
    return 0;
}

static unsigned long find_payload(const struct boot_info *info)
{
    if (!info || info->magic != BOOT_INFO_MAGIC)
        return PAYLOAD_DEFAULT;
    if (info->next_addr && info->next_mode != BOOT_MODE_S) {
        print("sbi: the payload wants mode %d; only S-mode (1) is served\n",
              (int)info->next_mode);
        platform_stop(STOP_FIRMWARE_FAULT);
    }
    return info->next_addr;
}

static void wake_others(unsigned long boot_hart)
{
    __atomic_store_n(&boot_done, 1, __ATOMIC_SEQ_CST);
    for (unsigned long h = 0; h < MAX_HARTS; h++)
        if (h != boot_hart && platform_has_hart(h))
            platform_soft_raise(h);
}

void boot_main(unsigned long id, void *fdt, const struct boot_info *info)
{
    struct hart *self = this_hart();
    bool have_tree = platform_init(fdt, id);
    unsigned long next;

    self->id = id;
    console_init();
    hart_init(self);
    hsm_init(id);
    next = find_payload(info);
    print_banner(self, next);
    if (!have_tree)
        print("sbi: no device tree at %x; taking the board for `virt`\n",
              (unsigned long)fdt);
    else if (!fdt_reserve(fdt, room_at((unsigned long)fdt), FIRMWARE_BASE,
                          FIRMWARE_SIZE))
        print("sbi: no room in the device tree to reserve our memory\n");
    if (!platform_is_entry(next) || !next) {
        print("sbi: no payload to start at %x\n", next);
        platform_stop(STOP_FIRMWARE_FAULT);
    }
    wake_others(id);
    hart_enter_supervisor(next, (unsigned long)fdt);
}

/* hsm_init has made this hart "stopped" already: it may have been started. */
void secondary_main(unsigned long id)
{
    struct hart *self = this_hart();

    self->id = id;
    hart_init(self);
    hsm_wait_for_start();
}
