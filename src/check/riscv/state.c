/* States: names, values as text, the lattice and what is varied. */
#include "check/riscv/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "isa/cause.h"

static const struct {
    const char *name;
    uint64_t neutral;
    uint8_t owner;
} rows[STATE_x1] = {
#define STATE(id, name, owner, neutral) { name, neutral, OWNER_##owner },
#include "check/riscv/state.def"
#undef STATE
};

static const char *const registers[] = {
    "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",  "x8",  "x9",  "x10", "x11",
    "x12", "x13", "x14", "x15", "x16", "x17", "x18", "x19", "x20", "x21", "x22",
    "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "x31", "f0",  "f1",
    "f2",  "f3",  "f4",  "f5",  "f6",  "f7",  "f8",  "f9",  "f10", "f11", "f12",
    "f13", "f14", "f15", "f16", "f17", "f18", "f19", "f20", "f21", "f22", "f23",
    "f24", "f25", "f26", "f27", "f28", "f29", "f30", "f31",
};

const char *state_name(enum state_key k)
{
    return k < STATE_x1 ? rows[k].name : registers[k - STATE_x1];
}

enum state_key state_find(const char *name)
{
    unsigned k = 0;

    while (k < STATE_KEYS && strcmp(state_name(k), name) != 0)
        k++;
    return k;
}

enum state_owner state_owner(enum state_key k)
{
    return k < STATE_x1 ? (enum state_owner)rows[k].owner : OWNER_GUEST;
}

uint64_t state_neutral_value(enum state_key k)
{
    return k < STATE_x1 ? rows[k].neutral : 0;
}

struct machine_state state_neutral(void)
{
    struct machine_state s;

    for (unsigned k = 0; k < STATE_KEYS; k++)
        s.v[k] = state_neutral_value(k);
    return s;
}

enum priv state_guest_mode(const struct machine_state *s)
{
    switch (s->v[STATE_view]) {
    case VIEW_SHADOW_U:
        return PRIV_U;
    case VIEW_SHADOW_S:
        return PRIV_S;
    case VIEW_SHADOW_M:
        return PRIV_M;
    default:
        return (enum priv)s->v[STATE_mode];
    }
}

/* Values that have names. */
static const struct {
    uint8_t key;
    uint8_t value;
    const char *text;
} named[] = {
    { STATE_mode, PRIV_U, "U" },
    { STATE_mode, PRIV_S, "S" },
    { STATE_mode, PRIV_M, "M" },
    { STATE_mpp, PRIV_U, "U" },
    { STATE_mpp, PRIV_S, "S" },
    { STATE_mpp, PRIV_M, "M" },
    { STATE_view, VIEW_OWN, "own" },
    { STATE_view, VIEW_SHADOW_U, "shadow-of-U" },
    { STATE_view, VIEW_SHADOW_S, "shadow-of-S" },
    { STATE_view, VIEW_SHADOW_M, "shadow-of-M" },
    { STATE_paging, SATP_BARE, "bare" },
    { STATE_paging, SATP_SV39, "sv39" },
    { STATE_paging, SATP_SV48, "sv48" },
    { STATE_paging, SATP_SV57, "sv57" },
    { STATE_fs, FS_OFF, "off" },
    { STATE_fs, FS_INITIAL, "initial" },
    { STATE_fs, FS_CLEAN, "clean" },
    { STATE_fs, FS_DIRTY, "dirty" },
    { STATE_ad, 0, "A+D" },
    { STATE_ad, 1, "A" },
    { STATE_ad, 2, "none" },
    { STATE_pmp, 0, "all" },
    { STATE_pmp, 1, "all-but-page-6" },
};
#define NAMED (sizeof named / sizeof named[0])

void state_value_text(enum state_key k, uint64_t v, char *buf, size_t size)
{
    for (size_t i = 0; i < NAMED; i++) {
        if (named[i].key == k && named[i].value == v) {
            snprintf(buf, size, "%s", named[i].text);
            return;
        }
    }
    if (v < 10)
        snprintf(buf, size, "%u", (unsigned)v);
    else
        snprintf(buf, size, "0x%llx", (unsigned long long)v);
}

bool state_value_parse(enum state_key k, const char *text, uint64_t *v)
{
    char *end;

    for (size_t i = 0; i < NAMED; i++) {
        if (named[i].key == k && strcmp(named[i].text, text) == 0) {
            *v = named[i].value;
            return true;
        }
    }
    if (text[0] < '0' || text[0] > '9')
        return false;
    *v = strtoull(text, &end, 0);
    return *end == '\0';
}

static bool is_mode(uint64_t v)
{
    return v == PRIV_U || v == PRIV_S || v == PRIV_M;
}

bool state_valid(const struct machine_state *s)
{
    const uint64_t *v = s->v;

    return is_mode(v[STATE_mode]) && is_mode(v[STATE_mpp]) &&
           v[STATE_view] <= VIEW_SHADOW_M && v[STATE_ad] <= 2 &&
           v[STATE_pmp] <= 1 && v[STATE_fs] <= FS_DIRTY &&
           (v[STATE_paging] == SATP_BARE ||
            (v[STATE_paging] >= SATP_SV39 && v[STATE_paging] <= SATP_SV57));
}

const char *knob_name(enum knob k)
{
    static const char *const names[KNOBS] = {
        [KNOB_FS] = "mstatus.FS = Off",
        [KNOB_COUNTEREN] = "mcounteren and scounteren clear",
        [KNOB_TVM] = "mstatus.TVM = 1",
        [KNOB_TW] = "mstatus.TW = 1",
        [KNOB_TSR] = "mstatus.TSR = 1",
        [KNOB_MENVCFG] = "menvcfg clear",
        [KNOB_SENVCFG] = "senvcfg clear",
    };

    return names[k];
}

bool knob_on(enum knob k, const struct machine_state *s)
{
    switch (k) {
    case KNOB_FS:
        return s->v[STATE_fs] == FS_OFF;
    case KNOB_COUNTEREN:
        return !s->v[STATE_mcounteren] && !s->v[STATE_scounteren];
    case KNOB_TVM:
        return s->v[STATE_tvm];
    case KNOB_TW:
        return s->v[STATE_tw];
    case KNOB_TSR:
        return s->v[STATE_tsr];
    case KNOB_MENVCFG:
        return !s->v[STATE_menvcfg];
    case KNOB_SENVCFG:
        return !s->v[STATE_senvcfg];
    default:
        return false;
    }
}

struct dice dice_new(uint64_t seed, uint64_t a, uint64_t b)
{
    struct dice d = { seed * UINT64_C(0x9e3779b97f4a7c15) ^
                      a * UINT64_C(0xbf58476d1ce4e5b9) ^
                      b * UINT64_C(0x94d049bb133111eb) ^
                      UINT64_C(0x2545f4914f6cdd1d) };

    if (!d.state)
        d.state = 1;
    for (unsigned i = 0; i < 4; i++)
        dice_roll(&d);
    return d;
}

uint64_t dice_roll(struct dice *d)
{
    d->state ^= d->state >> 12;
    d->state ^= d->state << 25;
    d->state ^= d->state >> 27;
    return d->state * UINT64_C(0x2545f4914f6cdd1d);
}
