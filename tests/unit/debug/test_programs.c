/* Programs are seen to start, in the address space that they have got. */
#include "debug/programs.h"
#include "debug/world_session.h"

#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ENTRY PAGE_OF_WINDOW(1)
#define OTHER 5 /* an ASID */

static const uint32_t program_code[] = { 0x00128293 /* addi t0, t0, 1 */,
                                         ECALL, HERE };

/* An ELF program of that type, in a file of its own. */
static void write_program(char *path, unsigned type)
{
    const size_t at = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr);
    const Elf64_Ehdr header = {
        .e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
                     ELFDATA2LSB, EV_CURRENT },
        .e_type = (Elf64_Half)type,
        .e_machine = EM_RISCV,
        .e_version = EV_CURRENT,
        .e_entry = ENTRY,
        .e_phoff = sizeof(Elf64_Ehdr),
        .e_ehsize = sizeof(Elf64_Ehdr),
        .e_phentsize = sizeof(Elf64_Phdr),
        .e_phnum = 1,
    };
    const Elf64_Phdr segment = {
        .p_type = PT_LOAD,
        .p_offset = at,
        .p_vaddr = ENTRY,
        .p_filesz = sizeof program_code,
        .p_memsz = sizeof program_code,
    };
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_true(write(fd, &header, sizeof header) == sizeof header);
    assert_true(write(fd, &segment, sizeof segment) == sizeof segment);
    assert_true(write(fd, program_code, sizeof program_code) ==
                sizeof program_code);
    close(fd);
}

struct watched {
    struct world w;
    struct session *s;
    struct programs *p;
    struct symbol_sets symbols;
    char path[32];
};

/* The kernel, in S-mode: satp again with another ASID, as if for a second
   program, and out to U-mode; the trap handler does it once more. */
static void make_guest(struct watched *c)
{
    const uint32_t kernel[] = {
        csr(CSRRW, 0, CSR_satp, A0), sfence(0, 0),
        csr(CSRRW, 0, CSR_sepc, A1), SRET,
    };
    struct world *w = &c->w;

    world_paging(w);
    world_code(w, DATA, program_code, 3);
    world_map(w, 1, DATA, ALL_OF_U);
    world_code(w, CODE, kernel, 4);
    world_set_csr(w, CSR_medeleg, 1u << CAUSE_ECALL_U);
    world_set_csr(w, CSR_stvec, CODE);
    world_set_reg(w, A0, world_csr(w, CSR_satp));
    world_set_reg(w, A1, ENTRY);
}

static void begin(struct watched *c, unsigned depth)
{
    struct error e;

    memset(c, 0, sizeof *c);
    world_make(&c->w, depth, 1);
    make_guest(c);
    c->s = world_session(&c->w, UINT64_C(1) << 26);
    c->p = programs_new(&c->symbols);
    assert_non_null(c->p);
    strcpy(c->path, "/tmp/pogo-program-XXXXXX");
    write_program(c->path, ET_EXEC);
    assert_int_equal(programs_add_file(c->p, c->path, depth, &e), STATUS_OK);
    assert_true(programs_watch(c->p, c->s));
}

static void end(struct watched *c)
{
    unlink(c->path);
    programs_free(c->p);
    symbol_sets_free(&c->symbols);
    session_free(c->s);
    world_free(&c->w);
}

static void a_start_is_seen_with_its_address_space(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2; depth++) {
        const struct program *p;
        unsigned number = 0;
        uint64_t satp, other;
        struct watched c;

        begin(&c, depth);
        satp = world_csr(&c.w, CSR_satp);
        assert_int_equal(session_run(c.s, 1000), SESSION_POINT);
        assert_true(programs_own(c.p, session_hit(c.s)->number));
        p = programs_started(c.p, c.s, &number);
        assert_non_null(p);
        assert_int_equal(number, 1);
        assert_true(p->world == depth && p->satp == satp);
        assert_string_equal(p->path, c.path);
        assert_ptr_equal(programs_at(c.p, 1), p);

        /* Another one of the same file, elsewhere: both are known. */
        other = satp | (uint64_t)OTHER << 44;
        session_set(c.s, depth, 0, A0, other);
        assert_int_equal(session_run(c.s, 1000), SESSION_POINT);
        p = programs_started(c.p, c.s, &number);
        assert_true(p && number == 2 && p->satp == other);
        assert_non_null(programs_at(c.p, 1));

        /* And again in the same space: the one before is no more. */
        assert_int_equal(session_run(c.s, 1000), SESSION_POINT);
        assert_non_null(programs_started(c.p, c.s, &number));
        assert_int_equal(number, 3);
        assert_null(programs_at(c.p, 2));
        assert_int_equal(programs_end(c.p), 4);

        session_goto(c.s, session_time(c.s) - 1);
        programs_gone_back(c.p, c.s);
        assert_null(programs_at(c.p, 3));
        assert_non_null(programs_at(c.p, 1));
        end(&c);
    }
}

static void other_code_at_the_same_place_is_another_program(void **state)
{
    unsigned number;
    struct watched c;

    (void)state;
    begin(&c, 1);
    world_store(&c.w, DATA, NOP | (uint64_t)ECALL << 32);
    assert_int_equal(session_run(c.s, 1000), SESSION_POINT);
    assert_null(programs_started(c.p, c.s, &number));
    end(&c);
}

static enum status try_file(const char *path)
{
    struct programs *p = programs_new(NULL);
    struct error e = { .text = "" };
    enum status s = programs_add_file(p, path, 0, &e);

    assert_true(s == STATUS_OK || e.text[0]);
    programs_free(p);
    return s;
}

static void what_is_no_such_program_is_refused(void **state)
{
    char path[] = "/tmp/pogo-program-XXXXXX";

    (void)state;
    assert_int_equal(try_file("/nowhere"), STATUS_IO);
    write_program(path, ET_DYN);
    assert_int_equal(try_file(path), STATUS_BAD_FORMAT);
    for (off_t size = 1; size < 130; size += 7) {
        assert_int_equal(truncate(path, size), 0);
        assert_int_equal(try_file(path), STATUS_BAD_FORMAT);
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_start_is_seen_with_its_address_space),
        cmocka_unit_test(other_code_at_the_same_place_is_another_program),
        cmocka_unit_test(what_is_no_such_program_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
