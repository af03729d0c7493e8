/*
 * The lattice: FS x SUM x MXR x MPRV x TVM x TW x TSR x counteren x satp mode
 * are its dimensions, and the mode, which the twin runs themselves vary; the
 * rest of each of its states is random.
 */
#include "check/riscv/state.h"

#include "isa/cause.h"

#define CB_FIELDS   (ENVCFG_CBIE | ENVCFG_CBCFE | ENVCFG_CBZE)
#define ENVCFG_OPEN (CB_FIELDS | MENVCFG_STCE)
#define INTERRUPTS                                                             \
    (BIT(IRQ_SSI) | BIT(IRQ_MSI) | BIT(IRQ_STI) | BIT(IRQ_MTI) |               \
     BIT(IRQ_SEI) | BIT(IRQ_MEI))

static uint64_t any_mode(struct dice *d)
{
    static const uint8_t modes[] = { PRIV_U, PRIV_S, PRIV_M };

    return modes[dice_below(d, 3)];
}

/* A permutation of the lattice, so that neighbours have nothing in common, nor
   have the states of any stride: multiplications by odd numbers and shifted
   exclusive ors can be undone. */
static unsigned mix(unsigned n)
{
    n = n * 1517u % LATTICE_STATES;
    n ^= n >> 7;
    n = n * 2389u % LATTICE_STATES;
    return n ^ n >> 5;
}

static void set_dimensions(struct machine_state *s, unsigned n)
{
    static const uint8_t paging[] = { SATP_BARE, SATP_SV39, SATP_SV48,
                                      SATP_SV57 };
    unsigned bits = mix(n);

    s->v[STATE_fs] = bits & 3;
    s->v[STATE_sum] = bits >> 2 & 1;
    s->v[STATE_mxr] = bits >> 3 & 1;
    s->v[STATE_mprv] = bits >> 4 & 1;
    s->v[STATE_tvm] = bits >> 5 & 1;
    s->v[STATE_tw] = bits >> 6 & 1;
    s->v[STATE_tsr] = bits >> 7 & 1;
    s->v[STATE_mcounteren] = bits >> 8 & 1 ? MASK(31, 0) : 0;
    s->v[STATE_scounteren] = bits >> 9 & 1 ? MASK(31, 0) : 0;
    s->v[STATE_paging] = paging[bits >> 10 & 3];
}

static uint64_t any_envcfg(struct dice *d, uint64_t open)
{
    return dice_below(d, 2) ? open : 0;
}

/* Interrupts are either pending or enabled, so that none is taken in place of
   the instruction. */
static void set_interrupts(struct machine_state *s, struct dice *d)
{
    uint64_t some = dice_roll(d) & INTERRUPTS;
    uint64_t software = BIT(IRQ_SSI) | BIT(IRQ_STI) | BIT(IRQ_SEI);

    s->v[STATE_mip] = dice_roll(d) & software & ~some;
    s->v[STATE_mie_csr] = some;
}

/* Counters are not near the end of their range: how long a run takes is not to
   matter. */
static void set_counts(struct machine_state *s, struct dice *d)
{
    s->v[STATE_count] = dice_roll(d) >> 16;
    s->v[STATE_instret] = dice_roll(d) >> 16;
    s->v[STATE_time] = dice_roll(d) >> 8;
    s->v[STATE_cycle_offset] = dice_roll(d) >> 16;
    s->v[STATE_instret_offset] = dice_roll(d) >> 16;
}

void state_vary_owned(struct machine_state *s, struct dice *d)
{
    static const uint8_t flags[] = { STATE_sie, STATE_mie, STATE_spie,
                                     STATE_mpie, STATE_spp };
    static const uint8_t words[] = {
        STATE_hartid,   STATE_mscratch, STATE_mcause, STATE_mtval,
        STATE_sscratch, STATE_scause,   STATE_stval,  STATE_stimecmp,
    };
    static const uint8_t addresses[] = { STATE_mtvec, STATE_mepc, STATE_stvec,
                                         STATE_sepc };

    for (size_t i = 0; i < sizeof flags; i++)
        s->v[flags[i]] = dice_below(d, 2);
    for (size_t i = 0; i < sizeof words; i++)
        s->v[words[i]] = dice_roll(d);
    for (size_t i = 0; i < sizeof addresses; i++)
        s->v[addresses[i]] = dice_roll(d) & ~UINT64_C(3);
    s->v[STATE_mideleg] =
        dice_roll(d) & (BIT(IRQ_SSI) | BIT(IRQ_STI) | BIT(IRQ_SEI));
    if (!s->v[STATE_mprv]) /* else it is part of the mapping */
        s->v[STATE_mpp] = any_mode(d);
    set_interrupts(s, d);
    set_counts(s, d);
}

bool state_is_knob(enum state_key k)
{
    switch (k) {
    case STATE_fs:
    case STATE_mcounteren:
    case STATE_scounteren:
    case STATE_tvm:
    case STATE_tw:
    case STATE_tsr:
    case STATE_menvcfg:
    case STATE_senvcfg:
        return true;
    default:
        return false;
    }
}

void state_vary_knob(struct machine_state *s, enum knob k, struct dice *d)
{
    static const uint8_t keys[KNOBS] = {
        [KNOB_FS] = STATE_fs,           [KNOB_COUNTEREN] = STATE_scounteren,
        [KNOB_TVM] = STATE_tvm,         [KNOB_TW] = STATE_tw,
        [KNOB_TSR] = STATE_tsr,         [KNOB_MENVCFG] = STATE_menvcfg,
        [KNOB_SENVCFG] = STATE_senvcfg,
    };
    uint64_t *v = &s->v[keys[k]];

    switch (k) {
    case KNOB_FS:
        *v = (*v + 1 + dice_below(d, 3)) & 3;
        break;
    case KNOB_COUNTEREN:
        if (dice_below(d, 2))
            v = &s->v[STATE_mcounteren];
        *v ^= MASK(31, 0);
        break;
    case KNOB_MENVCFG:
        *v ^= ENVCFG_OPEN;
        break;
    case KNOB_SENVCFG:
        *v ^= CB_FIELDS;
        break;
    default:
        *v ^= 1;
    }
}

/* Addresses in the middle of the pages, so that with an offset they are still
   of a page; and any numbers that are not addresses of RAM. */
static uint64_t any_operand(struct dice *d)
{
    uint64_t offset = 2048 + 8 * dice_below(d, 16);

    if (dice_below(d, 4) == 0) {
        uint64_t any = dice_roll(d) >> dice_below(d, 64);

        return any >> 20 == GUEST_BASE >> 20 ? any & MASK(19, 0) : any;
    }
    return GUEST_BASE + 4096 * (2 + dice_below(d, 5)) + offset;
}

/* Numbers of either width, and what is neither. */
static uint64_t any_float(struct dice *d)
{
    uint64_t v = dice_roll(d);

    switch (dice_below(d, 4)) {
    case 0:
        return v | MASK(63, 32);
    case 1: /* a small integer as a double */
        return field_set(v & MASK(63, 45), MASK(62, 52), 1023 + (v & 15));
    default:
        return v;
    }
}

void lattice_state(uint64_t seed, unsigned n, struct machine_state *s)
{
    struct dice d = dice_new(seed, 1, n);

    *s = state_neutral();
    set_dimensions(s, n);
    s->v[STATE_mpp] = any_mode(&d);
    state_vary_owned(s, &d);
    s->v[STATE_menvcfg] = any_envcfg(&d, ENVCFG_OPEN);
    s->v[STATE_senvcfg] = any_envcfg(&d, CB_FIELDS);
    s->v[STATE_ad] = dice_below(&d, 3);
    s->v[STATE_adue] = dice_below(&d, 2);
    s->v[STATE_frames] = dice_below(&d, 4);
    s->v[STATE_p2m] = dice_below(&d, 16);
    s->v[STATE_data] = dice_roll(&d);
    s->v[STATE_frm] = dice_below(&d, 5);
    s->v[STATE_fflags] = dice_below(&d, 32);
    if (dice_below(&d, 2)) {
        uint64_t page = 2 + dice_below(&d, 5);

        s->v[STATE_reservation] =
            GUEST_BASE + 4096 * page + 2048 + 8 * dice_below(&d, 16);
    }
    for (unsigned i = 0; i < 31; i++)
        s->v[STATE_x1 + i] = any_operand(&d);
    if (s->v[STATE_reservation]) /* an SC often names x10 */
        s->v[STATE_x1 + 9] = s->v[STATE_reservation];
    for (unsigned i = 0; i < 32; i++)
        s->v[STATE_f0 + i] = any_float(&d);
}
