/*
 * The system reset extension (SBI 2.0, chapter 10): the machine stops or
 * starts over through the test finisher, and says whether all went well.
 */
#include "platform.h"
#include "sbi.h"

enum { SHUTDOWN = 0, COLD_REBOOT = 1, WARM_REBOOT = 2 };
enum { NO_REASON = 0, SYSTEM_FAILURE = 1 };

/* Both arguments are 32 bits wide, whatever the registers hold above. */
struct sbi_ret sbi_srst(const struct sbi_call *call)
{
    uint32_t type = call->arg[0];
    uint32_t reason = call->arg[1];

    if (call->function != 0)
        return sbi_error(SBI_ERR_NOT_SUPPORTED);
    if (type > WARM_REBOOT || reason > SYSTEM_FAILURE)
        return sbi_error(SBI_ERR_INVALID_PARAM);
    if (type != SHUTDOWN)
        platform_stop(STOP_RESET);
    platform_stop(reason == NO_REASON ? STOP_PASS : STOP_SYSTEM_FAILURE);
}

struct sbi_ret sbi_legacy_shutdown(const struct sbi_call *call)
{
    (void)call;
    platform_stop(STOP_PASS);
}
