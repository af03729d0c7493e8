/* Hart state management: which harts run a supervisor. */
#ifndef SBI_HSM_H
#define SBI_HSM_H

#include <stdbool.h>

/* The numbers are those hart_get_status returns. */
enum hsm_state {
    HSM_STARTED = 0,
    HSM_STOPPED = 1,
    HSM_START_PENDING = 2,
    HSM_STOP_PENDING = 3,
    HSM_SUSPENDED = 4,
    HSM_SUSPEND_PENDING = 5,
    HSM_RESUME_PENDING = 6,
};

/* All harts stopped but `boot_hart`, which is started. */
void hsm_init(unsigned long boot_hart);

/* Whether `hart` runs a supervisor, or will without being started again. */
bool hsm_is_running(unsigned long hart);

/*
 * Keeps the calling hart, whose state is "stopped" or already "start pending",
 * until another starts it; then enters S-mode.
 */
_Noreturn void hsm_wait_for_start(void);

#endif
