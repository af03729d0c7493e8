/*
 * Sensitive instructions in a file's code. Code is gone through twice:
 *
 *   linear   every byte of every piece of code, from its start to its end,
 *            whatever it is: finds all there is, and takes tables, strings and
 *            padding for instructions;
 *   guided   function by function, as symbols say, each from its first byte,
 *            and leaving out what mapping symbols say is data: finds nothing
 *            that is no code, but misses code that no symbol names.
 *
 * Where both agree there is little doubt. What neither can tell is stated in
 * docs/scan.md.
 */
#ifndef POGO_CHECK_SCAN_SCAN_H
#define POGO_CHECK_SCAN_SCAN_H

#include "check/scan/sweep.h"

struct scan_figures {
    uint64_t bytes, undecoded, padding; /* as in sweep.h */
    uint64_t sites[VERDICT_VERDICTS]; /* by class */
};

struct scan_result {
    struct scan_sites sites;   /* in the file's order; each once */
    bool guided;               /* there were symbols to go by */
    struct scan_figures linear, by_symbols;
    uint64_t fixed_window;     /* MIPS: bytes of code in kseg0 and kseg1, where
                                  every fetch is location sensitive */
};

/* Called now and then: so many bytes of so many have been gone through. */
struct scan_progress {
    void (*tell)(void *context, uint64_t done, uint64_t total);
    void *context;
};

/* STATUS_NO_MEMORY; nothing is to be freed then. `p` may be NULL. */
enum status scan_run(const struct scan_input *in, const struct scan_progress *p,
                     struct scan_result *out);
void scan_result_free(struct scan_result *r);

/* The rule's class on a processor that has UMIP (x86), or has not. */
enum insn_verdict scan_class(const struct scan_rule *r, bool umip);

/* Adds the sites up by class, into both figures. */
void scan_count(struct scan_result *r, bool umip);

/* Instructions as text. Begins as { 0 }. */
struct scan_text {
    uintptr_t handle[SCAN_ISAS]; /* Capstone's; 0: not open */
};

/*
 * The site as text, terminated, in buf (at least 80 bytes); its bytes in hex
 * where Capstone does not know it.
 */
void scan_text(struct scan_text *t, const struct scan_input *in,
               const struct scan_site *site, char *buf, size_t size);
void scan_text_free(struct scan_text *t);

#endif
