/* The runtime under Linux: marker lines on standard output around the work. The
   second carries the time that passed, in ticks of the machine's timer. */
#include "bench.h"
#include "linux.h"
#include "text.h"

LINUX_START(linux_main);

void linux_main(void)
{
    struct text start = { .length = 0 }, stop = { .length = 0 };
    uint64_t checksum, begin, ticks;

    text_add(&start, "@start " NAME "\n");
    linux_call(SYS_write, 1, (long)start.bytes, start.length, 0);
    linux_settle();
    begin = linux_time();
    checksum = workload();
    ticks = linux_time() - begin;
    text_add(&stop, "@stop " NAME " ");
    text_number(&stop, checksum);
    text_add(&stop, " ");
    text_number(&stop, ticks);
    text_add(&stop, " ");
    text_number(&stop, workload_operations);
    text_add(&stop, "\n");
    linux_call(SYS_write, 1, (long)stop.bytes, stop.length, 0);
    linux_settle();
    linux_exit(0);
}
