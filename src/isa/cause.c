/* The names of trap causes. */
#include "isa/cause.h"

static const char *const exceptions[] = {
#define CAUSE(id, number, name) [number] = name,
#include "isa/cause.def"
#undef CAUSE
};

static const char *const interrupts[] = {
    [IRQ_SSI] = "supervisor software interrupt",
    [IRQ_MSI] = "machine software interrupt",
    [IRQ_STI] = "supervisor timer interrupt",
    [IRQ_MTI] = "machine timer interrupt",
    [IRQ_SEI] = "supervisor external interrupt",
    [IRQ_MEI] = "machine external interrupt",
};

static const char *name_at(const char *const *names, size_t count, uint64_t i)
{
    return i < count ? names[i] : NULL;
}

static const char *known_name(uint64_t cause)
{
    uint64_t number = cause & ~CAUSE_INTERRUPT;

    if (cause & CAUSE_INTERRUPT)
        return name_at(interrupts, sizeof interrupts / sizeof *interrupts,
                       number);
    return name_at(exceptions, sizeof exceptions / sizeof *exceptions, number);
}

bool cause_is_known(uint64_t cause)
{
    return known_name(cause) != NULL;
}

bool cause_is_memory(uint64_t cause)
{
    switch (cause) {
    case CAUSE_FETCH_ACCESS:
    case CAUSE_LOAD_ACCESS:
    case CAUSE_STORE_ACCESS:
    case CAUSE_FETCH_PAGE:
    case CAUSE_LOAD_PAGE:
    case CAUSE_STORE_PAGE:
        return true;
    default:
        return false;
    }
}

const char *cause_name(uint64_t cause)
{
    const char *name = known_name(cause);

    return name ? name : "reserved";
}
