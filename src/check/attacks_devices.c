/* Attacks by way of devices, interrupts and time. */
#include "check/attacks.h"

#define VIRTIO_BASE  UINT64_C(0x10001000)
#define VIRTIO_SLOTS 8
#define CLINT        UINT64_C(0x02000000)
#define MTIMECMP     (CLINT + 0x4000)
#define MTIME        (CLINT + 0xbff8)
#define SSWI         UINT64_C(0x02f00000)
#define PLIC         UINT64_C(0x0c000000)

static void put_device_store(struct hostile *h, uint64_t pa, uint64_t v)
{
    put_li(h, 29, v);
    put_li(h, 30, pa);
    put_store(h, INSN_sw, 29, 30, 0);
}

void item_devices(struct hostile *h)
{
    put_csr(h, INSN_csrrw, 0, CSR_satp, 0);
    for (unsigned i = 0; i < 8; i++) {
        uint64_t pa = device_address(h);

        if (pa >> PAGE_SHIFT == 0x100) /* syscon would end it all */
            pa += PAGE_SIZE;
        put_li(h, 30, chance(h, 80) ? pa & ~UINT64_C(3) : pa);
        put_access(h, 30, 0);
    }
}

/* Only the registers of the transport, in any order. */
void item_virtio(struct hostile *h)
{
    uint64_t slot = VIRTIO_BASE + below(h, VIRTIO_SLOTS) * PAGE_SIZE;

    put_csr(h, INSN_csrrw, 0, CSR_satp, 0);
    put_li(h, 28, slot);
    for (unsigned i = 0; i < 12; i++) {
        int offset = (int)below(h, 68) * 4;

        if (chance(h, 70)) {
            put_i(h, INSN_addi, 29, 0, (int)below(h, 300));
            put_store(h, INSN_sw, chance(h, 70) ? 29 : reg(h), 28, offset);
        } else {
            put_access(h, 28, offset + (chance(h, 10) ? 1 : 0));
        }
    }
}

/* ---- virtqueues ---- */

enum {
    QUEUE_SEL = 0x30,
    QUEUE_NUM = 0x38,
    QUEUE_READY = 0x44,
    NOTIFY = 0x50,
    STATUS = 0x70,
    DESC = 0x80,
    DRIVER = 0x90,
    DEVICE = 0xa0,
    FEATURES = 0x20,
    FEATURES_SEL = 0x24
};

#define QUEUE_PAGES 4 /* descriptors; available; used; indirect tables */

/* Descriptors of every bad kind: past RAM, of the monitor's addresses, huge,
   chained in circles, indirect into themselves. */
void prepare_queues(struct hostile *h)
{
    for (uint64_t at = AT_QUEUES; at < AT_DATA; at += 16) {
        uint64_t pa = chance(h, 60)   ? BOARD_RAM_BASE + any(h) % HOSTILE_MEMORY
                      : chance(h, 50) ? wild_frame(h) << PAGE_SHIFT
                                      : any(h);
        uint64_t length = chance(h, 60) ? below(h, 2048) : any(h) & MASK(31, 0);

        poke(h, at, pa);
        poke(h, at + 8,
             length | (uint64_t)below(h, 8) << 32 |
                 (uint64_t)below(h, 300) << 48);
    }
}

static void put_register(struct hostile *h, int offset, uint64_t v)
{
    put_li(h, 29, v);
    put_store(h, INSN_sw, 29, 28, offset);
}

/* Brings a queue up, mostly as it should be, and notifies. */
void item_queues(struct hostile *h)
{
    unsigned slot = chance(h, 60) ? 6 + below(h, 2) : below(h, VIRTIO_SLOTS);
    uint64_t queue =
        BOARD_RAM_BASE + AT_QUEUES + below(h, 8) * QUEUE_PAGES * PAGE_SIZE;

    put_csr(h, INSN_csrrw, 0, CSR_satp, 0);
    put_li(h, 28, VIRTIO_BASE + slot * PAGE_SIZE);
    put_store(h, INSN_sw, 0, 28, STATUS);
    put_register(h, STATUS, 3);
    put_register(h, FEATURES_SEL, 1);
    put_register(h, FEATURES, 1);
    put_register(h, STATUS, 11);
    put_register(h, QUEUE_SEL, below(h, 2));
    put_register(h, QUEUE_NUM, 1u << below(h, 9));
    put_register(h, DESC, queue + (chance(h, 10) ? any(h) : 0));
    put_register(h, DRIVER, queue + PAGE_SIZE);
    put_register(h, DEVICE, queue + 2 * PAGE_SIZE);
    put_register(h, QUEUE_READY, 1);
    put_register(h, STATUS, 15);
    put_register(h, NOTIFY, below(h, 3));
}

/* ---- time and interrupts ---- */

/* Soon, long ago, never. */
static uint64_t moment(struct hostile *h)
{
    switch (below(h, 4)) {
    case 0:
        return 0;
    case 1:
        return UINT64_MAX - below(h, 3);
    case 2:
        return any(h);
    default:
        return below(h, 2000);
    }
}

void item_timers(struct hostile *h)
{
    put_csr(h, INSN_csrrw, 0, CSR_satp, 0);
    if (h->mode != HOSTILE_U)
        put_set_csr(h, h->mode == HOSTILE_M ? CSR_mie : CSR_sie,
                    any(h) & 0xaaa);
    switch (below(h, 4)) {
    case 0:
        put_set_csr(h, CSR_stimecmp, moment(h));
        break;
    case 1:
        put_li(h, 29, moment(h));
        put_li(h, 30, MTIMECMP + 8 * below(h, 3));
        put_store(h, INSN_sd, 29, 30, 0);
        break;
    case 2:
        put_li(h, 29, moment(h));
        put_li(h, 30, MTIME);
        put_store(h, INSN_sd, 29, 30, 0);
        break;
    default: /* a little from now */
        put_csr(h, INSN_csrrs, 29, CSR_time, 0);
        put_i(h, INSN_addi, 29, 29, (int)below(h, 20));
        put_csr(h, INSN_csrrw, 0, CSR_stimecmp, 29);
    }
    for (unsigned i = 0; i < 3; i++) {
        put_r(h, chance(h, 70) ? INSN_wfi : INSN_wrs_sto, 0, 0, 0);
        put_csr(h, INSN_csrrs, 29, CSR_mip, 0);
        put_csr(h, INSN_csrrw, 0, CSR_mstatus, reg(h));
    }
}

/* Software interrupts for any hart, the PLIC's registers, SEIP by software. */
void item_interrupts(struct hostile *h)
{
    put_csr(h, INSN_csrrw, 0, CSR_satp, 0);
    if (h->mode == HOSTILE_M) {
        put_set_csr(h, CSR_mideleg, any(h));
        put_set_csr(h, CSR_mip, any(h) & 0xfff);
    }
    for (unsigned i = 0; i < 4; i++) {
        uint64_t pa = chance(h, 40)   ? CLINT + 4 * below(h, 9)
                      : chance(h, 40) ? SSWI + 4 * below(h, 9)
                                      : PLIC + 4 * below(h, 0x100000);

        put_device_store(h, pa, chance(h, 50) ? 1 : any(h) & MASK(31, 0));
    }
    put_csr(h, INSN_csrrs, 0, h->mode == HOSTILE_M ? CSR_mie : CSR_sie, reg(h));
    put_csr(h, INSN_csrrs, 0, h->mode == HOSTILE_M ? CSR_mstatus : CSR_sstatus,
            reg(h));
    put_r(h, INSN_wfi, 0, 0, 0);
}

/* Asks to end or to be reset, with any words in between. */
void item_reset(struct hostile *h)
{
    put_csr(h, INSN_csrrw, 0, CSR_satp, 0);
    for (unsigned i = 0; i < 6; i++)
        put_access(h, reg(h), 0);
    if (chance(h, 3))
        put_device_store(h, 0x100000,
                         chance(h, 50) ? 0x7777 : below(h, 0x8000));
    else
        put_device_store(h, 0x100000, any(h) & 0xff);
}
