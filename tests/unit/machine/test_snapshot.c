/* Snapshots in files: there and back at every depth, bases, damage. */
#define XXH_INLINE_ALL
#include "machine/snapshot.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cmocka.h>

#include "machine/machine_state.h"
#include "machine/run.h"
#include "seed.h"
#include "state_trip.h"
#include "vmm/world.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/pogo-test-snapshot-XXXXXX");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return chdir("/") || system(command);
}

/* A program that writes page after page, with what it has counted. */
static void make(struct world *w, unsigned depth)
{
    const uint32_t code[] = { sd(S1, S0, 0), sd(S1, S0, 8), addi(S1, S1, 1),
                              add(S0, S0, S2), 0xff1ff06f /* j -16 */ };

    world_make(w, depth, 1);
    world_code(w, CODE, code, sizeof code / sizeof code[0]);
    world_set_reg(w, S0, DATA);
    world_set_reg(w, S1, 1);
    world_set_reg(w, S2, RAM_PAGE);
}

static enum status save(struct world *w, const char *path, const char *base,
                        struct snapshot_written *out, struct error *e)
{
    const struct snapshot_machine m = { .machine = w->m,
                                        .board = w->b,
                                        .booted = 4711 };
    const struct snapshot_request r = {
        .path = path, .base = base, .machine = &m, .machines = 1
    };

    return snapshot_save(&r, out, e);
}

static void save_well(struct world *w, const char *path, const char *base,
                      struct snapshot_written *out)
{
    struct error e = { "" };

    if (save(w, path, base, out, &e) != STATUS_OK)
        fail_msg("%s", e.text);
}

/* A world that is not a guest's: no program, all of RAM zero. */
static void make_empty(struct world *w, unsigned depth)
{
    world_make(w, depth, 1);
    for (uint64_t pa = HANDLER; pa < HANDLER + 8; pa += 8)
        world_store(w, pa, 0);
}

static void resume(struct world *w, unsigned depth, const char *path,
                   const char *base)
{
    struct error e = { "" };
    struct snapshot *s;

    make_empty(w, depth);
    if (snapshot_open(&s, path, base, &e) != STATUS_OK ||
        snapshot_load(s, 0, w->m, w->b, &e) != STATUS_OK)
        fail_msg("%s", e.text);
    snapshot_close(s);
}

static void assert_same_machine(struct world *a, struct world *b)
{
    struct state_buffer x, y;

    state_buffer_save(&x);
    state_buffer_save(&y);
    machine_state(a->m, a->b, &x.state);
    machine_state(b->m, b->b, &y.state);
    assert_int_equal(x.size, y.size);
    assert_memory_equal(x.bytes, y.bytes, x.size);
    assert_true(machine_hash(a->m, a->b) == machine_hash(b->m, b->b));
    state_buffer_free(&x);
    state_buffer_free(&y);
}

static void any_depth_goes_on_from_any(void **state)
{
    (void)state;
    for (unsigned from = 0; from <= 2; from++)
        for (unsigned to = 0; to <= 2; to++) {
            struct world a, b;

            make(&a, from);
            world_run(&a, 1234);
            save_well(&a, "a.snap", NULL, NULL);
            resume(&b, to, "a.snap", NULL);
            assert_same_machine(&a, &b);
            world_run(&a, 999);
            world_run(&b, 999);
            assert_same_machine(&a, &b);
            world_free(&a);
            world_free(&b);
        }
}

/* The same machine makes the same file. */
static void the_file_is_a_function_of_the_machine(void **state)
{
    struct world a, b;
    struct snapshot_written w;

    (void)state;
    make(&a, 0);
    make(&b, 1);
    world_run(&a, 2000);
    world_run(&b, 2000);
    save_well(&a, "a.snap", NULL, &w);
    save_well(&b, "b.snap", NULL, NULL);
    assert_int_equal(w.pages, 400 + 2); /* code, and the handler's page */
    assert_int_equal(system("cmp a.snap b.snap"), 0);
    world_free(&a);
    world_free(&b);
}

static void what_the_file_says_of_the_machine(void **state)
{
    struct error e;
    struct snapshot *s;
    const struct snapshot_config *c;
    struct snapshot_pages p;
    struct world w;

    (void)state;
    make(&w, 1);
    world_run(&w, 2000);
    save_well(&w, "a.snap", NULL, NULL);
    assert_int_equal(snapshot_open(&s, "a.snap", NULL, &e), STATUS_OK);
    c = snapshot_config(s, 0);
    assert_int_equal(snapshot_machines(s), 1);
    assert_int_equal(c->harts, 1);
    assert_int_equal(c->memory, WORLD_RAM);
    assert_int_equal(c->count, 2000);
    assert_int_equal(c->booted, 4711);
    assert_true(c->isa.ext == isa_default().ext && c->isa.holes == 0);
    assert_int_equal(c->virtio[DEVICES_RNG_SLOT], VIRTIO_ID_RNG);
    assert_int_equal(snapshot_pages(s, 0, &p, &e), STATUS_OK);
    assert_true(p.stored == 402 && p.based == 0 && p.bytes > 0);
    snapshot_close(s);
    world_free(&w);
}

/* ---- bases ---- */

/* Three files that stand on one another, of one run. */
static void make_chain(struct world *w, struct snapshot_written out[3])
{
    make(w, 0);
    world_run(w, 1000);
    save_well(w, "one.snap", NULL, &out[0]);
    world_run(w, 100);
    save_well(w, "two.snap", "one.snap", &out[1]);
    world_run(w, 100);
    world_store(w, DATA, 0);
    world_store(w, DATA + 8, 0); /* a page that is zero again */
    save_well(w, "three.snap", "two.snap", &out[2]);
}

static void a_snapshot_stands_on_its_base(void **state)
{
    struct snapshot_written out[3];
    struct world a, b;

    (void)state;
    make_chain(&a, out);
    assert_int_equal(out[0].pages, 202);
    assert_int_equal(out[1].pages, 20);
    assert_int_equal(out[1].based, 202);
    assert_int_equal(out[2].pages, 20);
    assert_int_equal(out[2].based, 221);
    assert_true(out[1].size < out[0].size);
    for (unsigned depth = 0; depth <= 2; depth++) {
        resume(&b, depth, "three.snap", NULL);
        assert_same_machine(&a, &b);
        assert_int_equal(world_load(&b, DATA), 0);
        world_free(&b);
    }
    world_free(&a);
}

static void the_base_is_beside_the_snapshot_or_named(void **state)
{
    struct snapshot_written out[3];
    struct error e;
    struct snapshot *s;
    struct world a, b;

    (void)state;
    make_chain(&a, out);
    assert_int_equal(system("mkdir -p sub; mv one.snap two.snap three.snap "
                            "sub"),
                     0);
    resume(&b, 0, "sub/three.snap", NULL);
    assert_same_machine(&a, &b);
    world_free(&b);
    assert_int_equal(system("mv sub/two.snap 2.snap; mv sub/one.snap ."), 0);
    assert_int_equal(snapshot_open(&s, "sub/three.snap", NULL, &e), STATUS_IO);
    assert_non_null(strstr(e.text, "--snapshot-base"));
    resume(&b, 0, "sub/three.snap", "2.snap");
    assert_same_machine(&a, &b);
    world_free(&b);
    /* Another one is not taken for it. */
    assert_int_equal(snapshot_open(&s, "sub/three.snap", "one.snap", &e),
                     STATUS_BAD_FORMAT);
    assert_null(s);
    assert_non_null(strstr(e.text, "is not what"));
    world_free(&a);
}

static void a_base_that_cannot_be_is_refused(void **state)
{
    struct snapshot_written out[3];
    struct error e;
    struct world a, b;
    char base[16] = "one.snap", next[16];

    (void)state;
    make_chain(&a, out);
    assert_int_equal(save(&a, "one.snap", "three.snap", NULL, &e),
                     STATUS_BAD_ARGUMENT);
    assert_non_null(strstr(e.text, "stand on"));
    resume(&b, 0, "three.snap", NULL); /* nothing was lost */
    world_free(&b);
    world_make_as(&b, 0, 1, 2 * WORLD_RAM, isa_default());
    assert_int_equal(save(&b, "x.snap", "one.snap", NULL, &e),
                     STATUS_BAD_ARGUMENT);
    world_free(&b);
    for (unsigned i = 1; i < SNAPSHOT_CHAIN; i++) {
        snprintf(next, sizeof next, "%u.snap", i);
        save_well(&a, next, base, NULL);
        strcpy(base, next);
    }
    assert_int_equal(save(&a, "x.snap", base, NULL, &e), STATUS_BAD_ARGUMENT);
    resume(&b, 0, base, NULL);
    world_free(&b);
    world_free(&a);
}

/* ---- damage ---- */

static uint8_t *slurp(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    uint8_t *bytes = malloc(1 << 20);

    assert_non_null(f);
    assert_non_null(bytes);
    *size = fread(bytes, 1, 1 << 20, f);
    fclose(f);
    return bytes;
}

static void spit(const char *path, const uint8_t *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");

    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    fclose(f);
}

static enum status open_only(const char *path, struct error *e)
{
    struct snapshot *s;
    enum status status = snapshot_open(&s, path, NULL, e);

    if (status == STATUS_OK)
        snapshot_close(s);
    else
        assert_null(s);
    return status;
}

static uint8_t *sample(size_t *size)
{
    struct world w;

    make(&w, 0);
    world_run(&w, 300);
    save_well(&w, "a.snap", NULL, NULL);
    world_free(&w);
    return slurp("a.snap", size);
}

static void a_file_cut_short_is_refused(void **state)
{
    struct error e;
    size_t size;
    uint8_t *bytes = sample(&size);

    (void)state;
    for (size_t n = 0; n < size; n += n < 64 || size - n < 64 ? 1 : 61) {
        spit("cut.snap", bytes, n);
        e.text[0] = '\0';
        assert_int_equal(open_only("cut.snap", &e), STATUS_BAD_FORMAT);
        assert_true(e.text[0] != '\0');
    }
    free(bytes);
}

static void a_flipped_bit_is_noticed(void **state)
{
    uint64_t random = test_seed();
    struct error e;
    size_t size;
    uint8_t *bytes = sample(&size);

    (void)state;
    for (unsigned i = 0; i < 500; i++) {
        uint64_t r = trip_random(&random);

        bytes[r % size] ^= (uint8_t)(1u << (r >> 60 & 7));
        spit("flip.snap", bytes, size);
        assert_int_equal(open_only("flip.snap", &e), STATUS_BAD_FORMAT);
        bytes[r % size] ^= (uint8_t)(1u << (r >> 60 & 7));
    }
    spit("flip.snap", bytes, size);
    assert_int_equal(open_only("flip.snap", &e), STATUS_OK);
    bytes[8]++;
    spit("flip.snap", bytes, size);
    assert_int_equal(open_only("flip.snap", &e), STATUS_BAD_FORMAT);
    assert_non_null(strstr(e.text, "format 2"));
    free(bytes);
}

static void sum_anew(uint8_t *bytes, size_t size)
{
    XXH128_canonical_t sum;

    XXH128_canonicalFromHash(&sum, XXH3_128bits(bytes, size - 16));
    memcpy(bytes + size - 16, &sum, 16);
}

/* Somebody wrote a checksum that fits. */
static void damage_behind_a_right_checksum_does_no_harm(void **state)
{
    uint64_t random = test_seed();
    size_t size;
    uint8_t *bytes = sample(&size), *copy = malloc(size);
    unsigned loaded = 0;

    (void)state;
    for (unsigned i = 0; i < 400; i++) {
        struct snapshot *s;
        struct error e = { "" };

        memcpy(copy, bytes, size);
        for (unsigned k = 1 + trip_random(&random) % 3; k > 0; k--)
            copy[trip_random(&random) % (size - 16)] ^=
                (uint8_t)(1u << trip_random(&random) % 8);
        sum_anew(copy, size);
        spit("bad.snap", copy, size);
        if (snapshot_open(&s, "bad.snap", NULL, &e) == STATUS_OK) {
            struct world w;

            make_empty(&w, i % 2);
            if (snapshot_load(s, 0, w.m, w.b, &e) == STATUS_OK) {
                struct run_options o = { .until = machine_count(w.b) + 500 };

                machine_run(w.m, w.b, &o);
                loaded++;
            } else {
                assert_true(e.text[0] != '\0');
            }
            world_free(&w);
            snapshot_close(s);
        }
    }
    print_message("%u of 400 were taken\n", loaded);
    free(bytes);
    free(copy);
}

/* ---- writing ---- */

static unsigned files_here(void)
{
    DIR *d = opendir(".");
    unsigned n = 0;

    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static void what_a_killed_process_left_is_written_over(void **state)
{
    struct world w;
    struct error e;
    unsigned files;

    (void)state;
    make(&w, 0);
    save_well(&w, "a.snap", NULL, NULL);
    files = files_here();
    spit("a.snap.part", (const uint8_t *)"what was left behind", 20);
    save_well(&w, "a.snap", NULL, NULL);
    assert_int_equal(files_here(), files);
    assert_int_equal(open_only("a.snap", &e), STATUS_OK);
    world_free(&w);
}

static void a_disk_that_is_full_leaves_what_was_there(void **state)
{
    struct rlimit was, small = { .rlim_cur = 4096 };
    struct world w, old;
    struct error e;
    unsigned files;

    (void)state;
    make(&w, 0);
    world_run(&w, 100);
    save_well(&w, "a.snap", NULL, NULL);
    resume(&old, 0, "a.snap", NULL);
    world_run(&w, 5000);
    files = files_here();
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
    small.rlim_max = was.rlim_max;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
    assert_int_equal(save(&w, "a.snap", NULL, NULL, &e), STATUS_IO);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
    assert_non_null(strstr(e.text, "File too large"));
    assert_int_equal(files_here(), files);
    world_free(&w);
    resume(&w, 0, "a.snap", NULL);
    assert_same_machine(&w, &old);
    world_free(&w);
    world_free(&old);
}

static void places_that_take_no_file_are_said(void **state)
{
    struct world w;
    struct error e;
    int lock;

    (void)state;
    make(&w, 0);
    assert_int_equal(save(&w, "not/there.snap", NULL, NULL, &e), STATUS_IO);
    assert_int_equal(mkdir("folder", 0777), 0);
    assert_int_equal(save(&w, "folder", NULL, NULL, &e), STATUS_BAD_ARGUMENT);
    assert_int_equal(save(&w, "/dev/null", NULL, NULL, &e),
                     STATUS_BAD_ARGUMENT);
    assert_int_equal(open_only("folder", &e), STATUS_BAD_FORMAT);
    assert_int_equal(open_only("/dev/zero", &e), STATUS_BAD_FORMAT);
    /* Another process is at it. */
    lock = open("b.snap.part", O_WRONLY | O_CREAT, 0666);
    assert_true(lock >= 0);
    assert_int_equal(flock(lock, LOCK_EX), 0);
    assert_int_equal(save(&w, "b.snap", NULL, NULL, &e), STATUS_IO);
    assert_non_null(strstr(e.text, "another process"));
    close(lock);
    save_well(&w, "b.snap", NULL, NULL);
    world_free(&w);
}

int main(void)
{
#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
    const struct CMUnitTest tests[] = {
        TEST(any_depth_goes_on_from_any),
        TEST(the_file_is_a_function_of_the_machine),
        TEST(what_the_file_says_of_the_machine),
        TEST(a_snapshot_stands_on_its_base),
        TEST(the_base_is_beside_the_snapshot_or_named),
        TEST(a_base_that_cannot_be_is_refused),
        TEST(a_file_cut_short_is_refused),
        TEST(a_flipped_bit_is_noticed),
        TEST(damage_behind_a_right_checksum_does_no_harm),
        TEST(what_a_killed_process_left_is_written_over),
        TEST(a_disk_that_is_full_leaves_what_was_there),
        TEST(places_that_take_no_file_are_said),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
