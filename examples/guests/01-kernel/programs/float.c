/*
 * Two programs that use the floating-point registers at the same time, each
 * as if it had them for itself. Compiled with the D extension.
 */
#include "user.h"

#define BILLION 1000000000

/* Leibniz: pi/4 = 1 - 1/3 + 1/5 - ...; slow, which is what we want. */
void pi(void)
{
    double sum = 0, sign = 1;
    long k = 0;

    for (int part = 1; part <= 3; part++) {
        for (; k < part * 8000; k++) {
            sum += sign / (2 * k + 1);
            sign = -sign;
        }
        say("pi: %d / 10^9 after %d terms", (long)(sum * 4 * BILLION), k, 0);
        sys_sleep(1);
    }
    sys_exit(0);
}

/* e = the limit of (1 + 1/n)^n; here the power by repeated squaring. */
void euler(void)
{
    for (int bits = 8; bits <= 24; bits += 8) {
        double power = 1 + 1.0 / (1L << bits);

        for (int i = 0; i < bits; i++) {
            power *= power;
            sys_yield(); /* somebody else's numbers in the registers */
        }
        say("euler: %d / 10^9 with n = 2^%d", (long)(power * BILLION), bits, 0);
    }
    sys_exit(0);
}
