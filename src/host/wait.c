#include "host/wait.h"

#include "host/cancel.h"

/* How many descriptors source k may have. */
static unsigned room(unsigned used)
{
    unsigned left = HOST_WAIT_DESCRIPTORS - used;

    return left < HOST_SOURCE_DESCRIPTORS ? left : HOST_SOURCE_DESCRIPTORS;
}

void host_wait(struct pollfd *own, unsigned n,
               const struct host_source *const *source, unsigned sources,
               int64_t ns, bool take)
{
    struct pollfd p[HOST_WAIT_DESCRIPTORS];
    unsigned end[1 + HOST_WAIT_SOURCES] = { n }; /* of each one's part of p */

    for (unsigned k = 0; k < n; k++)
        p[k] = own[k];
    for (unsigned k = 0; k < sources; k++) {
        const struct host_source *s = source[k];

        end[k + 1] = end[k];
        if (s->prepare)
            end[k + 1] += s->prepare(s->context, p + end[k], room(end[k]), &ns);
    }
    for (unsigned k = 0; k < end[sources]; k++)
        p[k].revents = 0;
    cancel_wait(p, end[sources], ns);
    for (unsigned k = 0; k < n; k++)
        own[k].revents = p[k].revents;
    for (unsigned k = 0; take && k < sources; k++)
        source[k]->take(source[k]->context, p + end[k], end[k + 1] - end[k]);
}
