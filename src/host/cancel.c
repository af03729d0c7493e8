#define _GNU_SOURCE /* ppoll */
#include "host/cancel.h"

#include <signal.h>
#include <sys/time.h>
#include <time.h>

#define SECOND INT64_C(1000000000)

/* A signal handler can reach nothing but what has static storage: this is why
   there is any here. */
static volatile int cancelled;

static const int ends[] = { SIGINT, SIGTERM, SIGHUP };

static void on_cancel(int signo)
{
    cancelled = signo;
}

static void handle(int signo, int flags)
{
    struct sigaction a = { .sa_handler = on_cancel, .sa_flags = flags };

    sigemptyset(&a.sa_mask);
    sigaction(signo, &a, NULL);
}

void cancel_on_signals(double timeout)
{
    struct itimerval timer = { 0 };

    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
        handle(ends[k], (int)SA_RESETHAND);
    signal(SIGXFSZ, SIG_IGN);
    if (timeout <= 0)
        return;
    handle(SIGALRM, 0);
    timer.it_value.tv_sec = (time_t)timeout;
    timer.it_value.tv_usec =
        (suseconds_t)((timeout - (double)timer.it_value.tv_sec) * 1e6);
    if (timer.it_value.tv_sec == 0 && timer.it_value.tv_usec == 0)
        timer.it_value.tv_usec = 1;
    setitimer(ITIMER_REAL, &timer, NULL);
}

const volatile int *cancel_flag(void)
{
    return &cancelled;
}

void cancel(int why)
{
    cancelled = why;
}

int cancel_wait(struct pollfd *p, unsigned n, int64_t ns)
{
    struct timespec t = { .tv_sec = ns / SECOND, .tv_nsec = ns % SECOND };
    sigset_t held, before;
    int ready;

    sigemptyset(&held);
    sigaddset(&held, SIGALRM);
    for (size_t k = 0; k < sizeof ends / sizeof *ends; k++)
        sigaddset(&held, ends[k]);
    sigprocmask(SIG_BLOCK, &held, &before);
    if (cancelled)
        t = (struct timespec){ 0 };
    ready = ppoll(p, n, ns < 0 && !cancelled ? NULL : &t, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return ready;
}
