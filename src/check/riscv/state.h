/*
 * A state of the machine as a list of named numbers, small enough to be varied,
 * minimised and written down: what a twin run starts from, and what a witness
 * consists of. state.def has the names. One number can stand for more than one
 * register: `paging` for satp and the page tables it points to.
 */
#ifndef POGO_CHECK_RISCV_STATE_H
#define POGO_CHECK_RISCV_STATE_H

#include "check/riscv/question.h"

enum state_key {
#define STATE(id, name, owner, neutral) STATE_##id,
#include "check/riscv/state.def"
#undef STATE
    STATE_x1,                 /* … x31 */
    STATE_f0 = STATE_x1 + 31, /* … f31 */
    STATE_KEYS = STATE_f0 + 32
};

enum state_owner {
    OWNER_MODE,    /* the privilege mode */
    OWNER_MAP,     /* the mapping: what an address means */
    OWNER_MONITOR, /* VMM-owned: control registers, interrupts, counters */
    OWNER_GUEST,   /* visible to the guest, and its own */
};

/*
 * How the guest's addresses come about. OWN: by the guest's own satp and
 * tables, as on the bare machine. SHADOW_x: by tables of the monitor's that
 * give the host mode the rights which the guest has in its mode x.
 */
enum state_view { VIEW_OWN, VIEW_SHADOW_U, VIEW_SHADOW_S, VIEW_SHADOW_M };

struct machine_state {
    uint64_t v[STATE_KEYS];
};

struct machine_state state_neutral(void);
uint64_t state_neutral_value(enum state_key k);
const char *state_name(enum state_key k);    /* "x5", "mstatus.FS" */
enum state_key state_find(const char *name); /* STATE_KEYS: no such */
enum state_owner state_owner(enum state_key k);

/* "S", "sv39", "shadow of S", "0x1f": into buf of at least 32 bytes. */
void state_value_text(enum state_key k, uint64_t v, char *buf, size_t size);
/* The reverse; a number is always understood. False: neither. */
bool state_value_parse(enum state_key k, const char *text, uint64_t *v);

/* The mode in which the guest believes to be. */
enum priv state_guest_mode(const struct machine_state *s);

/* Can the values be combined, and do they exist? (Of what a file says.) */
bool state_valid(const struct machine_state *s);

/*
 * Settings with which a monitor can make instructions trap. Their values are
 * dimensions of the lattice, too.
 */
enum knob {
    KNOB_FS,        /* mstatus.FS is Off */
    KNOB_COUNTEREN, /* mcounteren and scounteren are clear */
    KNOB_TVM,
    KNOB_TW,
    KNOB_TSR,
    KNOB_MENVCFG, /* no cbo, no stimecmp below M */
    KNOB_SENVCFG, /* no cbo in U */
    KNOBS
};
const char *knob_name(enum knob k); /* "mstatus.TVM = 1" */
/* Is it set so that instructions trap? */
bool knob_on(enum knob k, const struct machine_state *s);

/* Random numbers: xorshift64*, seeded from a few numbers. */
struct dice {
    uint64_t state;
};
struct dice dice_new(uint64_t seed, uint64_t a, uint64_t b);
uint64_t dice_roll(struct dice *d);
static inline unsigned dice_below(struct dice *d, unsigned n)
{
    return (unsigned)((dice_roll(d) >> 32) * n >> 32);
}

/* Virtual address of the first page the guest can see; lab.h says what each is.
 */
#define GUEST_BASE UINT64_C(0x80000000)

/* The lattice: mode is left to the caller (U), all else is set. */
#define LATTICE_STATES 4096
void lattice_state(uint64_t seed, unsigned n, struct machine_state *s);

/* Gives the keys that the monitor owns, but for the knobs, other values. */
void state_vary_owned(struct machine_state *s, struct dice *d);
/* Gives one knob another value. */
void state_vary_knob(struct machine_state *s, enum knob k, struct dice *d);
bool state_is_knob(enum state_key k);

#endif
