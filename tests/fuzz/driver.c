/*
 * A stand-in for libFuzzer's main, so that every build can run a fuzz target:
 *
 *     fuzz_NAME FILE-OR-FOLDER...
 *
 * runs the target over the files given, then over random mutations of them.
 * POGO_FUZZ_RUNS (4000) is how many, POGO_FUZZ_SEED where they start; the same
 * seed gives the same inputs. An input that crashes the target, or that it
 * works on for more than ten seconds, is written to ./fuzz_NAME.crash.
 */
#include <dirent.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INPUT_MAX = 1 << 16, CORPUS_MAX = 4096, SECONDS_AN_INPUT = 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);
__attribute__((weak)) void __asan_init(void);

/* A sanitizer that finds something is to abort, which comes back to us. */
const char *__asan_default_options(void);
const char *__ubsan_default_options(void);

const char *__asan_default_options(void)
{
    return "abort_on_error=1";
}

const char *__ubsan_default_options(void)
{
    return "abort_on_error=1:print_stacktrace=1";
}

struct input {
    uint8_t *data;
    size_t size;
};

static struct input corpus[CORPUS_MAX];
static size_t corpus_count;
static struct input current; /* what a crash handler has to save */

static char crash_name[256];

/* Runs in a signal handler: nothing here may allocate. */
static void save_current(void)
{
    static const char text[] = "the input is saved as ./";
    int file = open(crash_name, O_WRONLY | O_CREAT | O_TRUNC, 0666);

    if (file >= 0 && write(file, current.data, current.size) >= 0 &&
        write(STDERR_FILENO, text, sizeof(text) - 1) >= 0 &&
        write(STDERR_FILENO, crash_name, strlen(crash_name)) >= 0 &&
        write(STDERR_FILENO, "\n", 1) >= 0)
        close(file);
}

static void on_signal(int number)
{
    static const char text[] = "the target crashed, or took too long\n";

    if (write(STDERR_FILENO, text, sizeof(text) - 1) >= 0)
        save_current();
    _exit(128 + number);
}

/* The copy has exactly the input's size, so that ASan sees a read past it. */
static void run(const uint8_t *data, size_t size)
{
    current.data = malloc(size ? size : 1);
    if (!current.data)
        exit(1);
    if (size)
        memcpy(current.data, data, size);
    current.size = size;
    alarm(SECONDS_AN_INPUT);
    LLVMFuzzerTestOneInput(current.data, size);
    alarm(0);
    free(current.data);
}

static void add_file(const char *path)
{
    struct input *input = &corpus[corpus_count];
    FILE *file = fopen(path, "rb");

    if (!file || corpus_count == CORPUS_MAX) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(1);
    }
    input->data = malloc(INPUT_MAX);
    input->size = input->data ? fread(input->data, 1, INPUT_MAX, file) : 0;
    corpus_count++;
    fclose(file);
}

static int not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void add_folder(const char *path)
{
    struct dirent **entries;
    int count = scandir(path, &entries, not_hidden, alphasort);

    for (int n = 0; n < count; n++) {
        char name[4096];

        snprintf(name, sizeof(name), "%s/%s", path, entries[n]->d_name);
        add_file(name);
        free(entries[n]);
    }
    if (count >= 0)
        free(entries);
}

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15;

    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

static size_t mutate(uint8_t *data, size_t size, uint64_t *state)
{
    static const uint64_t corners[] = { 0,          1,         0x7f,
                                        0x80,       0xff,      0x7fffffff,
                                        0x80000000, INT64_MAX, UINT64_MAX };
    size_t at = size ? next_random(state) % size : 0;
    size_t length = 1 + next_random(state) % 8;
    uint64_t value = next_random(state);

    switch (next_random(state) % 6) {
    case 0: /* flip a bit */
        if (size)
            data[at] ^= 1 << value % 8;
        return size;
    case 1: /* a corner value where an integer may be */
        value = corners[value % (sizeof(corners) / sizeof(corners[0]))];
        /* fall through */
    case 2: /* any value where an integer may be */
        if (at + length <= size)
            memcpy(data + at, &value, length);
        return size;
    case 3: /* cut the end off */
        return value % 8 ? size : at;
    case 4: /* append */
        if (size + length > INPUT_MAX)
            return size;
        memcpy(data + size, &value, length);
        return size + length;
    default: /* copy a piece over another */
        length = value % 64;
        value = size ? next_random(state) % size : 0;
        if (at + length <= size && value + length <= size)
            memmove(data + at, data + value, length);
        return size;
    }
}

int main(int argc, char **argv)
{
    static uint8_t data[INPUT_MAX];
    const char *runs_text = getenv("POGO_FUZZ_RUNS");
    const char *seed_text = getenv("POGO_FUZZ_SEED");
    long runs = runs_text ? atol(runs_text) : 4000;
    uint64_t seed = seed_text ? strtoull(seed_text, NULL, 0) : 1;

    if (LLVMFuzzerInitialize)
        LLVMFuzzerInitialize(&argc, &argv);
    snprintf(crash_name, sizeof(crash_name), "%s.crash", basename(argv[0]));
    if (!__asan_init)
        signal(SIGSEGV, on_signal);
    signal(SIGABRT, on_signal);
    signal(SIGALRM, on_signal);

    for (int n = 1; n < argc; n++) {
        struct stat about;

        if (stat(argv[n], &about) == 0 && S_ISDIR(about.st_mode))
            add_folder(argv[n]);
        else
            add_file(argv[n]);
    }
    for (size_t n = 0; n < corpus_count; n++)
        run(corpus[n].data, corpus[n].size);
    run(data, 0);

    printf("%zu files, then %ld mutations from seed %llu\n", corpus_count, runs,
           (unsigned long long)seed);
    fflush(stdout);
    for (long n = 0; n < runs; n++) {
        struct input from = { data, 0 };
        size_t size;

        if (corpus_count)
            from = corpus[next_random(&seed) % corpus_count];
        memmove(data, from.data, from.size);
        size = from.size;
        for (int times = 1 + next_random(&seed) % 8; times > 0; times--)
            size = mutate(data, size, &seed);
        run(data, size);
    }
    for (size_t n = 0; n < corpus_count; n++)
        free(corpus[n].data);
    return 0;
}
