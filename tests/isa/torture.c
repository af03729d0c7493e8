/*
 * torture: makes a random test program for a bare RV64 machine like QEMU's
 * virt, as an image to be loaded at 0x80000000 and entered there in M-mode.
 * The same seed and options give the same image.  README.md tells the rest.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "runtime_image.h"
#include "torture.h"

struct options {
    uint64_t seed, rounds, blocks, from, to, step, dump, count;
    struct profile profile;
    bool strict;
    const char *output;
};

static const char usage[] =
    "usage: torture --seed N [options] IMAGE\n"
    "  --rounds N       how often all blocks run (default 24)\n"
    "  --count N        rounds so that about N instructions run\n"
    "  --blocks N       different blocks (default 160, at most 400)\n"
    "  --checkpoint K   print the signature every K blocks that ran\n"
    "  --from N --to M  ... of those numbered N to M-1\n"
    "  --dump N         print traps and state of the Nth block that runs\n"
    "  --profile base|full  what QEMU 7.2 can be asked, or all of Pogo\n"
    "  --strict         compare also what the manual leaves open\n";

static int parse_number(const char *text, uint64_t *value)
{
    char *end;

    errno = 0;
    *value = strtoull(text, &end, 0);
    return errno == 0 && end != text && !*end;
}

static int parse_option(struct options *o, const char *name, const char *value)
{
    struct {
        const char *name;
        uint64_t *value;
    } const numbers[] = {
        {"--seed", &o->seed},     {"--rounds", &o->rounds},
        {"--blocks", &o->blocks}, {"--checkpoint", &o->step},
        {"--from", &o->from},     {"--to", &o->to},
        {"--dump", &o->dump},     {"--count", &o->count},
    };

    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!strcmp(name, numbers[i].name))
            return parse_number(value, numbers[i].value);
    if (strcmp(name, "--profile"))
        return 0;
    if (!strcmp(value, "full"))
        o->profile = (struct profile){true, true, true, true,
                                      true, true, true};
    return !strcmp(value, "full") || !strcmp(value, "base");
}

static int parse(struct options *o, int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--strict"))
            o->strict = true;
        else if (argv[i][0] != '-' && !o->output)
            o->output = argv[i];
        else if (i + 1 == argc || !parse_option(o, argv[i], argv[i + 1]))
            return 0;
        else
            i++;
    }
    return o->output && o->blocks >= 1 && o->blocks <= MAX_BLOCKS && o->rounds;
}

static void fill_memory(struct program *p)
{
    for (uint64_t pa = L_POOL; pa < L_POOL + L_POOL_SIZE; pa += 8)
        put64(p, pa, rng_interesting(&p->rng));
    for (uint64_t pa = L_DATA; pa < L_DATA + L_DATA_SIZE; pa += 8)
        put64(p, pa, rng_interesting(&p->rng));
    for (unsigned i = 1; i < 64; i++)
        put64(p, L_STATE + 8 * i, rng_interesting(&p->rng));
    put64(p, L_STATE + ST_SIG, p->rng.state);
}

static void put_parameters(struct program *p, const struct options *o)
{
    uint64_t pa = L_PARAM;
    uint64_t rounds = o->rounds;

    if (o->count)
        rounds = 1 + (uint64_t)((double)o->count / p->estimate);
    put64(p, pa + PA_ROUNDS, rounds);
    put64(p, pa + PA_DESC_END, L_DESC + o->blocks * DE_SIZE);
    put64(p, pa + PA_FROM, o->from);
    put64(p, pa + PA_TO, o->step ? o->to : 0);
    put64(p, pa + PA_STEP, o->step ? o->step : 1);
    put64(p, pa + PA_DUMP, o->dump);
    put64(p, pa + PA_KEY, 0x9e3779b97f4a7c15);
    put64(p, pa + PA_ESTIMATE, (uint64_t)(p->estimate * (double)rounds));
    /* The masks: README, "masks". */
    put64(p, pa + PA_STATUS_MASK, o->strict ? ~0ull : 0x0000000f007e19aa);
    put64(p, pa + PA_MSTATUS_MASK, o->strict ? ~0ull : 0x0000000f007e19aa);
    put64(p, pa + PA_MIP_MASK, o->strict ? ~0ull : 0xaaa);
    put64(p, pa + PA_DELEG_MASK, o->strict ? ~0ull : 0xb3ff);
    for (unsigned cause = 0; cause < 64; cause++)
        put64(p, pa + PA_TVAL + 8 * cause, ~0ull);
    if (o->strict)
        return;
    put64(p, pa + PA_TVAL + 8 * 3, 0);
    put64(p, pa + PA_TVAL + 8 * 5, ~7ull);
    put64(p, pa + PA_TVAL + 8 * 7, ~7ull);
}

static int write_image(const struct program *p, const char *path)
{
    size_t size = L_CODE - L_RAM + p->code_used;
    FILE *f = fopen(path, "wb");

    if (!f)
        return 0;
    if (fwrite(p->bytes, 1, size, f) != size) {
        fclose(f);
        return 0;
    }
    return fclose(f) == 0;
}

static void make(struct program *p, const struct options *o)
{
    memcpy(p->bytes, runtime_image, sizeof runtime_image);
    p->profile = o->profile;
    p->rng.state = (o->seed + 1) * 0x9e3779b97f4a7c15;
    for (unsigned i = 0; i < 8; i++)
        rng_next(&p->rng);
    fill_memory(p);
    pages_make(p);
    pmp_make(p);
    for (unsigned i = 0; i < o->blocks; i++)
        block_make(p, i);
    put_parameters(p, o);
}

int main(int argc, char **argv)
{
    struct options o = {.rounds = 24, .blocks = 160, .to = ~0ull,
                        .dump = ~0ull};
    struct program p = {0};
    int ok;

    if (!parse(&o, argc, argv)) {
        fputs(usage, stderr);
        return 64;
    }
    p.bytes = calloc(1, L_END - L_RAM);
    if (!p.bytes) {
        fputs("torture: out of memory\n", stderr);
        return 125;
    }
    make(&p, &o);
    ok = write_image(&p, o.output);
    if (!ok)
        fprintf(stderr, "torture: cannot write %s\n", o.output);
    free(p.bytes);
    return ok ? 0 : 65;
}
