/* The test finisher; see syscon.h. */
#include "devices/syscon.h"

#define COMMAND     MASK(15, 0)
#define EXIT_STATUS MASK(31, 16)

bool syscon_load(void *syscon, uint64_t offset, unsigned size, uint64_t *v)
{
    (void)syscon, (void)offset;
    *v = 0;
    return size == 2 || size == 4;
}

bool syscon_store(void *syscon, uint64_t offset, unsigned size, uint64_t v)
{
    const struct syscon *s = syscon;

    if (size != 2 && size != 4)
        return false;
    if (offset != 0)
        return true;
    switch (field_get(v, COMMAND)) {
    case SYSCON_PASS:
        s->finish(s->context, 0);
        break;
    case SYSCON_FAIL:
        s->finish(s->context, (int)field_get(v, EXIT_STATUS));
        break;
    case SYSCON_RESET:
        s->reset(s->context);
        break;
    }
    return true;
}
