/*
 * What a supervisor may expect of the SBI firmware: results of good calls,
 * error codes of bad ones, and harts that start, stop, sleep and fence each
 * other all at once. Prints one line a check that fails, a last line with
 * the number of checks, and stops the machine with success or failure.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BASE = 0x10,
    TIME = 0x54494d45,
    IPI = 0x735049,
    RFENCE = 0x52464e43,
    HSM = 0x48534d,
    SRST = 0x53525354,
    DBCN = 0x4442434e,
};
enum { START = 0, STOP = 1, STATUS = 2, SUSPEND = 3 };
enum {
    FAILED = -1,
    NOT_SUPPORTED = -2,
    PARAM = -3,
    ADDRESS = -5,
    ALREADY = -6
};

#define FIRMWARE          0x80000000UL
#define NON_RETENTIVE     0x80000000UL
#define ALL               (-1UL)
#define SSIP              2UL
#define STIP              32UL
#define LOAD_ACCESS_FAULT 5
#define ROUNDS            40

struct sbi_ret {
    long error;
    unsigned long value;
};

void secondary(void);
long load_or_trap(unsigned long address);
_Noreturn void main(unsigned long hart);
_Noreturn void secondary_main(unsigned long hart, unsigned long what);

static int checks, failures;
static volatile unsigned long arrived[8]; /* by hart: what it was started for */
static volatile unsigned int finished;

static struct sbi_ret call(long ext, long fid, unsigned long a, unsigned long b,
                           unsigned long c, unsigned long d)
{
    register unsigned long a0 __asm__("a0") = a;
    register unsigned long a1 __asm__("a1") = b;
    register unsigned long a2 __asm__("a2") = c;
    register unsigned long a3 __asm__("a3") = d;
    register long a6 __asm__("a6") = fid;
    register long a7 __asm__("a7") = ext;

    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a1)
                     : "r"(a2), "r"(a3), "r"(a6), "r"(a7)
                     : "memory");
    return (struct sbi_ret){ (long)a0, a1 };
}

static void put(const char *text)
{
    size_t length = 0;

    while (text[length])
        length++;
    call(DBCN, 0, length, (unsigned long)text, 0, 0);
}

static void put_number(int value)
{
    if (value >= 10)
        put_number(value / 10);
    call(DBCN, 2, '0' + value % 10, 0, 0, 0);
}

static void check(bool ok, const char *what)
{
    checks++;
    if (ok)
        return;
    failures++;
    put("FAIL: ");
    put(what);
    put("\n");
}

/* Calls that must be refused, and how. */
static const struct {
    const char *what;
    long ext, fid;
    unsigned long arg[4];
    long error;
} refused[] = {
    { "unknown extension", 0x1234567, 0, { 0 }, NOT_SUPPORTED },
    { "unknown BASE function", BASE, 7, { 0 }, NOT_SUPPORTED },
    { "unknown TIME function", TIME, 1, { 0 }, NOT_SUPPORTED },
    { "IPI to absent hart", IPI, 0, { 1, 63 }, PARAM },
    { "IPI mask shifted out", IPI, 0, { 1UL << 63, 1 }, PARAM },
    { "IPI base out of range", IPI, 0, { 1, 1UL << 40 }, PARAM },
    { "fence on absent hart", RFENCE, 1, { 1, 63, 0, ALL }, PARAM },
    { "hypervisor fence", RFENCE, 3, { 1, 0 }, NOT_SUPPORTED },
    { "start absent hart", HSM, START, { 63, 0x80200000 }, PARAM },
    { "start inside firmware", HSM, START, { 0, FIRMWARE }, ADDRESS },
    { "start at odd address", HSM, START, { 0, 0x80200001 }, ADDRESS },
    { "start beyond 56 bits", HSM, START, { 0, ALL - 1 }, ADDRESS },
    { "status of absent hart", HSM, STATUS, { 63 }, PARAM },
    { "reserved suspend type", HSM, SUSPEND, { 1 }, PARAM },
    { "resume inside firmware",
      HSM,
      SUSPEND,
      { NON_RETENTIVE, FIRMWARE },
      ADDRESS },
    { "unknown HSM function", HSM, 9, { 0 }, NOT_SUPPORTED },
    { "reserved reset type", SRST, 0, { 3, 0 }, PARAM },
    { "reserved reset reason", SRST, 0, { 0, 2 }, PARAM },
    { "print firmware", DBCN, 0, { 16, FIRMWARE, 0 }, PARAM },
    { "print up to firmware", DBCN, 0, { 16, FIRMWARE - 8, 0 }, PARAM },
    { "read to firmware", DBCN, 1, { 16, FIRMWARE, 0 }, PARAM },
    { "print around the end", DBCN, 0, { ALL, 0x80200000, 0 }, PARAM },
    { "print a device", DBCN, 0, { 1, 0x10000000, 0 }, PARAM },
    { "print above 2^64", DBCN, 0, { 1, 0x80200000, 1 }, PARAM },
};

static void check_refused(void)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const unsigned long *a = refused[i].arg;
        struct sbi_ret ret =
            call(refused[i].ext, refused[i].fid, a[0], a[1], a[2], a[3]);

        check(ret.error == refused[i].error, refused[i].what);
    }
}

static void check_base(unsigned long hart)
{
    check(call(BASE, 0, 0, 0, 0, 0).value == 0x02000000, "version 2.0");
    check(call(BASE, 3, HSM, 0, 0, 0).value != 0, "probe HSM");
    check(call(BASE, 3, 0x1234567, 0, 0, 0).value == 0, "probe nothing");
    check(call(HSM, STATUS, hart, 0, 0, 0).value == 0, "we are started");
    check(call(HSM, START, hart, 0x80200000, 0, 0).error == ALREADY,
          "start of a started hart");
    check(load_or_trap(FIRMWARE) == LOAD_ACCESS_FAULT, "firmware is hidden");
    check(load_or_trap(0x8001fff8) == LOAD_ACCESS_FAULT, "all of it");
    check(load_or_trap(0x80020000) == 0, "and nothing else");
}

static unsigned long pending(void)
{
    unsigned long sip;

    __asm__ volatile("csrr %0, sip" : "=r"(sip)::"memory");
    return sip;
}

static unsigned long now(void)
{
    unsigned long time;

    __asm__ volatile("csrr %0, time" : "=r"(time)::"memory");
    return time;
}

static void check_timer(void)
{
    unsigned long start = now();

    __asm__ volatile("csrw sie, %0" ::"r"(STIP));
    call(TIME, 0, start + 1000, 0, 0, 0);
    check(!(pending() & STIP) || now() >= start + 1000, "timer is not early");
    while (!(pending() & STIP))
        __asm__ volatile("wfi");
    check(now() >= start + 1000, "timer went off in time");
    call(TIME, 0, now() + 1000, 0, 0, 0);
    check(call(HSM, SUSPEND, 0, 0, 0, 0).error == 0, "suspend");
    check(pending() & STIP, "the timer ends it");
    call(TIME, 0, ALL, 0, 0, 0);
    check(!(pending() & STIP), "timer is cancelled");
    __asm__ volatile("csrw sie, zero");
}

/* What a secondary hart is started for. */
enum { JUST_STOP = 1, SLEEP = 2, AWAKE = 3, FENCE = 4 };

static void fence_others(unsigned long hart)
{
    for (unsigned long i = 0; i < ROUNDS; i++) {
        call(RFENCE, i % 3, 0, ALL, (i + hart) << 12, 0x3000);
        call(IPI, 0, 0, ALL, 0, 0);
    }
    __atomic_fetch_add(&finished, 1, __ATOMIC_SEQ_CST);
}

void secondary_main(unsigned long hart, unsigned long what)
{
    arrived[hart] = what;
    if (what == SLEEP) {
        __asm__ volatile("csrw sie, %0" ::"r"(SSIP));
        call(HSM, SUSPEND, NON_RETENTIVE, (unsigned long)secondary, AWAKE, 0);
    }
    if (what == FENCE)
        fence_others(hart);
    call(HSM, STOP, 0, 0, 0, 0);
    for (;;)
        ;
}

static unsigned long status(unsigned long hart)
{
    return call(HSM, STATUS, hart, 0, 0, 0).value;
}

static void check_hart(unsigned long hart)
{
    unsigned long entry = (unsigned long)secondary;

    check(status(hart) == 1, "hart is stopped at first");
    check(call(HSM, START, hart, entry, JUST_STOP, 0).error == 0, "start");
    while (arrived[hart] != JUST_STOP || status(hart) != 1)
        ;
    check(call(HSM, START, hart, entry, SLEEP, 0).error == 0, "start again");
    check(call(HSM, START, hart, entry, SLEEP, 0).error == ALREADY,
          "start of a starting hart");
    while (arrived[hart] != SLEEP || status(hart) != 4)
        ;
    check(call(RFENCE, 1, 1, hart, 0, ALL).error == 0, "fence a sleeper");
    check(status(hart) == 4, "it sleeps on");
    check(call(IPI, 0, 1, hart, 0, 0).error == 0, "wake it");
    while (arrived[hart] != AWAKE || status(hart) != 1)
        ;
}

static void check_storm(unsigned long self, int others)
{
    finished = 0;
    for (unsigned long h = 0; h < 8; h++)
        if (h != self && call(HSM, STATUS, h, 0, 0, 0).error == 0)
            call(HSM, START, h, (unsigned long)secondary, FENCE, 0);
    fence_others(self);
    while (finished != (unsigned)others + 1)
        ;
    for (unsigned long h = 0; h < 8; h++)
        while (h != self && call(HSM, STATUS, h, 0, 0, 0).error == 0 &&
               status(h) != 1)
            ;
    check(true, "harts that fence each other all finish");
}

void main(unsigned long hart)
{
    int others = 0;

    check_base(hart);
    check_refused();
    check_timer();
    for (unsigned long h = 0; h < 8; h++) {
        if (h == hart || call(HSM, STATUS, h, 0, 0, 0).error)
            continue;
        check_hart(h);
        others++;
    }
    check_storm(hart, others);
    put("sbi: ");
    put_number(checks);
    put(" checks, ");
    put_number(failures);
    put(" failed\n");
    call(SRST, 0, 0, failures != 0, 0, 0);
    for (;;)
        ;
}
