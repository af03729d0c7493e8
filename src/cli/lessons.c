#include "cli/lessons.h"

#include <stdio.h>
#include <string.h>

#include "cli/commentary.h"
#include "isa/insn.h"

struct lesson {
    const char *key, *text;
};

/* Texts are indented as they are printed, and fit 80 columns. */
#define L(line) "      " line "\n"

static const struct lesson lessons[] = {
    { "fill fetch bare",
      L("first shadow fill: the host's MMU found nothing at this address. The")
      L("guest has no page tables yet, so guest-physical is all there is; the")
      L("monitor notes where in host memory that page lies and lets it run.") },
    { "fill load bare",
      L("first load from a page not seen before: filled the same way. The guest")
      L("does not notice: the instruction is executed again, and counts once.") },
    { "fill store bare",
      L("first store to a page not seen before: filled, and writable.") },
    { "fill fetch paged",
      L("first shadow fill behind the guest's own page tables: the monitor walks")
      L("them as hardware would, and puts the end of both translations, virtual")
      L("to guest-physical to host-physical, into one shadow entry.") },
    { "fill load paged",
      L("first load through the guest's page tables: walked, and shadowed.") },
    { "fill store paged",
      L("first store through the guest's page tables: the shadow entry becomes")
      L("writable only now, when the guest's own entry has its D bit.") },
    { "csr read",
      L("first emulation: the guest reads a control register. It believes it is")
      L("in M-mode, but the host's hart is in U-mode, and there this is illegal:")
      L("it traps, and the monitor reads the virtual hart's register instead.") },
    { "csr write",
      L("first write of a control register: sensitive, for it would change how")
      L("the machine behaves; privileged, so it traps. The virtual hart's copy") L("changes, the host's does not.") },
    { "M csr write mtvec",
      L("the guest says where its traps shall go. The real mtvec is the")
      L("monitor's and stays so: this one is used when a trap is injected.") },
    { "M csr write pmpcfg0",
      L("the firmware fences off its memory. Virtual PMP: all shadow entries are")
      L("dropped, and what is filled from now on obeys it.") },
    { "M csr write medeleg",
      L("the firmware delegates exceptions to S-mode: the monitor will obey that")
      L("when it decides where an injected trap goes.") },
    { "S csr write satp",
      L("the kernel turns on its page tables. The host's satp now points to")
      L("shadow tables, empty at first; the kernel's tables are only read.") },
    { "S csr read time",
      L("the guest looks at the clock. mcounteren is 0 in the host, so that this")
      L("traps: virtual time is the count of the guest's own instructions.") },
    { "S csr write stimecmp",
      L("the kernel sets its timer: an event on the virtual board's clock.") },
    { "S csr write sscratch",
      L("sscratch: with it a trap handler finds its stack. It traps here, and so")
      L("does each CSR access of a handler: what makes system calls slow.") },
    { "M mret",
      L("mret, emulated: pops the virtual mstatus.") },
    { "S sret",
      L("sret, emulated on the virtual sstatus: the way out of the kernel.") },
    { "S sfence.vma",
      L("the guest fences its translations: the shadow entries that this fence")
      L("covers are dropped. Between fences a hart may use old ones, so the")
      L("guest's writes to its page tables need not be trapped.") },
    { "S wfi",
      L("nothing to do: the guest waits. With TW set in the host this traps, and")
      L("time jumps to the next event on the virtual board's clock.") },
    { "device uart",
      L("first device access: nothing is mapped at this address, so it faults;")
      L("the monitor decodes the instruction and asks the UART's model.") },
    { "device plic",
      L("the interrupt controller's registers: a device like the UART.") },
    { "device syscon",
      L("the power button: the guest ends the machine, its own.") },
    { "inject environment call from U-mode",
      L("a system call. It always traps, in whatever mode: the monitor gets it,")
      L("and injects it into the guest: scause, sepc, stvec, all virtual.") },
    { "inject environment call from S-mode",
      L("the kernel calls the firmware (SBI). On the host this was a call from")
      L("U-mode; the cause that the guest sees names its virtual mode.") },
    { "inject illegal instruction",
      L("illegal for the guest too, in its virtual mode: so nothing is emulated,")
      L("the trap is the guest's, and its own handler gets it.") },
    { "inject store/AMO page fault",
      L("not the monitor's fault but the guest's: its own page tables forbid")
      L("this store. The fault is injected, and the kernel sees to it: copy on") L("write, a new page, or the end of the process.") },
    { "inject load page fault",
      L("the guest's own page tables forbid this load: its fault, injected.") },
    { "inject instruction page fault",
      L("the guest's own page tables have no code here: its fault, injected.") },
    { "interrupt supervisor timer interrupt",
      L("the first timer interrupt: due at exactly this count, and injected")
      L("before this instruction, as the bare machine would have taken it.") },
    { "interrupt supervisor external interrupt",
      L("the first device interrupt: the UART pulled its wire, the PLIC passed")
      L("it on, the monitor injects it.") },
    { "mode M S",
      L("privilege changes from M to S, virtually: another view of memory, another")
      L("set of shadow tables. The host's hart was in U-mode and stays there.") },
    { "mode S U",
      L("from S to U: the guest's first user process. Kernel pages are not in")
      L("this view's shadow at all.") },
    { "mode U S",
      L("from U to S: the trap has entered the kernel.") },
    { "mode S M",
      L("from S to M: the trap was not delegated; the firmware has it.") },
};

#define LESSONS (sizeof lessons / sizeof *lessons)
_Static_assert(LESSONS <= COMMENTARY_LESSONS, "commentary.h has room for all");

int lesson_find(const char *key)
{
    for (size_t i = 0; i < LESSONS; i++)
        if (strcmp(lessons[i].key, key) == 0)
            return (int)i;
    return -1;
}

const char *lesson_text(int i)
{
    return lessons[i].text;
}

static void key_of_fill(struct vm *vm, const struct exit_record *e, char *key)
{
    const struct csr_file *c = &vm->monitor.hart[e->hart].csr;
    bool paged = e->priv != PRIV_M && field_get(c->satp, SATP_MODE);
    const char *access = e->host.cause == CAUSE_FETCH_PAGE ? "fetch"
                         : e->host.cause == CAUSE_LOAD_PAGE ? "load"
                                                            : "store";

    snprintf(key, LESSON_KEY, "fill %s %s", access, paged ? "paged" : "bare");
}

/* A lesson of this register's own, in this mode, if there is one. */
static void key_of_csr(const struct insn *i, const char *mode, char *key)
{
    static const uint8_t writes[INSN_COUNT] = {
        [INSN_csrrw] = 1, [INSN_csrrwi] = 1,
    };
    const char *name = csr_name((unsigned)i->imm);
    const char *kind = writes[i->op] || i->rs1 ? "write" : "read";

    snprintf(key, LESSON_KEY, "%s csr %s %s", mode, kind, name ? name : "");
    if (lesson_find(key) < 0)
        snprintf(key, LESSON_KEY, "csr %s", kind);
}

static void key_of_emulation(struct vm *vm, const struct exit_record *e,
                             char *key)
{
    const char *mode = exit_log_mode(e->priv);
    struct insn i;

    insn_decode(e->insn, vm->machine.isa, &i);
    if (insn_class(i.op) == CLASS_CSR)
        key_of_csr(&i, mode, key);
    else
        snprintf(key, LESSON_KEY, "%s %s", mode, insn_name(i.op));
}

static void key_of_device(const struct exit_record *e, char *key)
{
    size_t n;
    const struct device_slot *s = device_slots(&n);

    key[0] = '\0';
    for (size_t i = 0; i < n; i++)
        if (e->gpa - s[i].base < s[i].size)
            snprintf(key, LESSON_KEY, "device %s", s[i].name);
}

void lesson_of_exit(struct vm *vm, const struct exit_record *e,
                    char key[LESSON_KEY])
{
    switch (e->action) {
    case EXIT_FILLED:
        key_of_fill(vm, e, key);
        break;
    case EXIT_EMULATED:
        key_of_emulation(vm, e, key);
        break;
    case EXIT_DEVICE:
        key_of_device(e, key);
        break;
    case EXIT_INTERRUPT:
        snprintf(key, LESSON_KEY, "interrupt %s", cause_name(e->guest.cause));
        break;
    default:
        snprintf(key, LESSON_KEY, "inject %s", cause_name(e->guest.cause));
        break;
    }
}

bool lesson_of_mode(struct vm *vm, const struct exit_record *e,
                    char key[LESSON_KEY])
{
    unsigned now = vm->monitor.hart[e->hart].csr.priv;

    if (now == e->priv)
        return false;
    snprintf(key, LESSON_KEY, "mode %s %s", exit_log_mode(e->priv),
             exit_log_mode(now));
    return true;
}
