/*
 * ISA strings and misa (unprivileged manual, "ISA Extension Naming
 * Conventions"; privileged manual, "Machine ISA (misa) Register").
 */
#include "isa/isa.h"

static const char *const names[EXT_COUNT] = {
#define X(id, name) [EXT_##id] = name,
    ISA_EXTENSIONS(X)
#undef X
};

/*
 * The order in an ISA string: the letters; then Z extensions, first by the
 * letter they belong to (i, a, b), then by name; then S extensions by name.
 */
static const uint8_t canonical_order[] = {
    EXT_I, EXT_M, EXT_A, EXT_F, EXT_D, EXT_C,
    EXT_ZICBOM, EXT_ZICBOP, EXT_ZICBOZ, EXT_ZICNTR, EXT_ZICOND, EXT_ZICSR,
    EXT_ZIFENCEI, EXT_ZIHPM,
    EXT_ZAWRS,
    EXT_ZBA, EXT_ZBB, EXT_ZBS,
    EXT_SSSTRICT, EXT_SSTC,
    EXT_SVADE, EXT_SVADU, EXT_SVINVAL, EXT_SVNAPOT, EXT_SVPBMT,
};

#define SET(e) BIT(EXT_##e)
#define SET_TRANSLATION (SET(SV39) | SET(SV48) | SET(SV57))

/* Letters that stand for several extensions. */
static const struct {
    char letter;
    uint64_t set;
} shorthands[] = {
    {'g', SET(I) | SET(M) | SET(A) | SET(F) | SET(D) | SET(ZICSR) |
          SET(ZIFENCEI)},
    {'b', SET(ZBA) | SET(ZBB) | SET(ZBS)},
};

struct isa isa_default(void)
{
    return (struct isa){.ext = MASK(EXT_COUNT - 1, 0)};
}

const char *isa_ext_name(enum isa_ext e)
{
    return names[e];
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The length of `name` if `text` starts with it, otherwise 0. */
static size_t prefix_length(const char *text, const char *name)
{
    size_t n = 0;

    while (name[n] && lower(text[n]) == name[n])
        n++;
    return name[n] ? 0 : n;
}

static size_t digits_length(const char *text)
{
    size_t n = 0;

    while (is_digit(text[n]))
        n++;
    return n;
}

/* The length of a version ("2", "2p1") at `text`; 0 if there is none. */
static size_t version_length(const char *text)
{
    size_t major = digits_length(text);
    size_t minor = 0;

    if (major && lower(text[major]) == 'p')
        minor = digits_length(text + major + 1);
    return minor ? major + 1 + minor : major;
}

/* One extension at `text`: adds it to *set. Returns its length, 0: unknown. */
static size_t parse_letter(const char *text, uint64_t *set)
{
    for (size_t i = 0; i < sizeof shorthands / sizeof *shorthands; i++) {
        if (lower(text[0]) == shorthands[i].letter) {
            *set |= shorthands[i].set;
            return 1 + version_length(text + 1);
        }
    }
    for (unsigned e = 0; e < EXT_COUNT; e++) {
        if (names[e][1] == '\0' && lower(text[0]) == names[e][0]) {
            *set |= BIT(e);
            return 1 + version_length(text + 1);
        }
    }
    return 0;
}

/* A multi-letter extension lasts up to an underscore or the end. */
static size_t parse_word(const char *text, uint64_t *set)
{
    for (unsigned e = 0; e < EXT_COUNT; e++) {
        size_t n = names[e][1] ? prefix_length(text, names[e]) : 0;

        if (n)
            n += version_length(text + n);
        if (n && (text[n] == '_' || text[n] == '\0')) {
            *set |= BIT(e);
            return n;
        }
    }
    return 0;
}

/*
 * Words start with z, s or x. The letter s by itself (supervisor mode, as
 * older strings have it) is followed by u, a version or nothing.
 */
static bool starts_word(const char *text)
{
    char first = lower(text[0]), second = lower(text[1]);

    if (first == 's')
        return second != 'u' && second != '_' && second != '\0' &&
               !is_digit(second);
    return first == 'z' || first == 'x';
}

/* The extensions from text[at]: true if all are known. *at: how far it got. */
static bool parse_extensions(const char *text, size_t *at, uint64_t *set)
{
    while (text[*at]) {
        const char *next = text + *at;
        size_t n = starts_word(next) ? parse_word(next, set)
                                     : parse_letter(next, set);

        if (n == 0)
            return false;
        *at += n;
        if (text[*at] == '_' && text[*at + 1] != '\0')
            (*at)++;
    }
    return true;
}

/* What follows from what the string said. */
static uint64_t complete(uint64_t set)
{
    set |= SET(S) | SET(U) | SET(ZICSR);
    if (set & SET(D))
        set |= SET(F);
    if (!(set & (SET(SVADE) | SET(SVADU))))
        set |= SET(SVADE);
    if (!(set & SET_TRANSLATION))
        set |= SET_TRANSLATION;
    /* each mode requires the smaller ones */
    if (set & SET(SV57))
        set |= SET(SV48);
    if (set & SET(SV48))
        set |= SET(SV39);
    return set;
}

enum status isa_parse(const char *text, struct isa *isa, size_t *at)
{
    static const char base[] = "rv64";
    uint64_t set = 0;

    for (*at = 0; base[*at]; (*at)++)
        if (lower(text[*at]) != base[*at])
            return STATUS_BAD_ARGUMENT;
    /* the base comes first: i, or g, which has it */
    if (lower(text[*at]) != 'i' && lower(text[*at]) != 'g')
        return STATUS_BAD_ARGUMENT;
    if (!parse_extensions(text, at, &set))
        return STATUS_BAD_ARGUMENT;
    isa->ext = complete(set);
    return STATUS_OK;
}

static size_t append(char *buf, size_t size, size_t length, const char *s)
{
    while (*s && length + 1 < size)
        buf[length++] = *s++;
    return length;
}

size_t isa_format(const struct isa *isa, char *buf, size_t size)
{
    size_t length = 0;

    if (size == 0)
        return 0;
    length = append(buf, size, length, "rv64");
    for (size_t i = 0; i < sizeof canonical_order; i++) {
        const char *name = names[canonical_order[i]];

        if (!isa_has(isa, canonical_order[i]))
            continue;
        if (name[1])
            length = append(buf, size, length, "_");
        length = append(buf, size, length, name);
    }
    buf[length] = '\0';
    return length;
}

uint64_t isa_misa(const struct isa *isa)
{
    uint64_t misa = UINT64_C(2) << 62; /* MXL: 64 bits */

    for (unsigned e = 0; e < EXT_COUNT; e++)
        if (names[e][1] == '\0' && isa_has(isa, e))
            misa |= BIT(names[e][0] - 'a');
    return misa;
}
