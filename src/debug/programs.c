#include "debug/programs.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "machine/error_say.h"
#include "machine/image.h"

#define FILE_MAX   (UINT64_C(1) << 30) /* bytes of an ELF file */
#define HEAD_BYTES 64

/* A program as its file has it. */
struct known {
    char *path;
    unsigned world;
    uint64_t entry;
    uint8_t head[HEAD_BYTES]; /* what is at the entry point … */
    size_t head_size;         /* … as far as the file says */
    unsigned point;           /* of the session; 0: none */
};

struct programs {
    struct symbol_sets *symbols; /* borrowed */
    struct known known[PROGRAMS_MAX];
    unsigned files;
    struct program *started; /* [number - 1]; path NULL: forgotten */
    unsigned count;
};

struct programs *programs_new(struct symbol_sets *symbols)
{
    struct programs *p = calloc(1, sizeof *p);

    if (p)
        p->symbols = symbols;
    return p;
}

void programs_free(struct programs *p)
{
    if (!p)
        return;
    for (unsigned i = 0; i < p->files; i++)
        free(p->known[i].path);
    free(p->started);
    free(p);
}

/* ---- files ---- */

/* What the segment around the entry point has there. */
static void read_head(struct known *k, Elf *elf, const struct image *i)
{
    size_t segments;
    GElf_Phdr h;

    if (elf_getphdrnum(elf, &segments) != 0)
        return;
    for (size_t n = 0; n < segments; n++) {
        uint64_t at, left;

        if (!gelf_getphdr(elf, (int)n, &h) || h.p_type != PT_LOAD ||
            k->entry - h.p_vaddr >= h.p_filesz)
            continue;
        at = k->entry - h.p_vaddr;
        left = h.p_filesz - at;
        if (h.p_offset > i->size || i->size - h.p_offset < h.p_filesz)
            return;
        k->head_size = left < HEAD_BYTES ? left : HEAD_BYTES;
        memcpy(k->head, i->bytes + h.p_offset + at, k->head_size);
        return;
    }
}

static enum status read_file(struct known *k, const struct image *i,
                             struct error *e)
{
    GElf_Ehdr header = { .e_type = ET_NONE };
    Elf *elf;

    elf_version(EV_CURRENT);
    elf = elf_memory((char *)(uintptr_t)i->bytes, i->size);
    if (elf && gelf_getehdr(elf, &header)) {
        k->entry = header.e_entry;
        read_head(k, elf, i);
    }
    elf_end(elf);
    if (header.e_type == ET_DYN)
        return error_say(e, STATUS_BAD_FORMAT, "'%s' is loaded wherever its "
                         "kernel likes (PIE), so that it cannot be told by its "
                         "entry point: link it with -static -no-pie", i->name);
    if (header.e_type != ET_EXEC || header.e_machine != EM_RISCV ||
        !k->head_size)
        return error_say(e, STATUS_BAD_FORMAT, "'%s' is no RISC-V program: "
                         "name an executable ELF file", i->name);
    return STATUS_OK;
}

enum status programs_add_file(struct programs *p, const char *path,
                              unsigned world, struct error *e)
{
    struct known k = { .world = world };
    struct image i;
    enum status s;

    if (p->files == PROGRAMS_MAX)
        return error_say(e, STATUS_TOO_BIG, "at most %d programs can be "
                         "watched for", PROGRAMS_MAX);
    s = image_read(&i, path, false, FILE_MAX, e);
    if (s != STATUS_OK)
        return s;
    s = read_file(&k, &i, e);
    image_free(&i);
    if (s != STATUS_OK)
        return s;
    k.path = realpath(path, NULL);
    if (!k.path)
        return error_say(e, STATUS_IO, "'%s' cannot be found any more", path);
    p->known[p->files++] = k;
    return STATUS_OK;
}

/* ---- starts ---- */

bool programs_watch(struct programs *p, struct session *s)
{
    for (unsigned i = 0; i < p->files; i++) {
        const struct stop_point at = { .kind = STOP_AT_CODE,
                                       .world = p->known[i].world,
                                       .any_space = true,
                                       .va = p->known[i].entry,
                                       .size = 1 };

        p->known[i].point = session_add(s, &at);
        if (!p->known[i].point)
            return false;
    }
    return true;
}

static const struct known *known_by(const struct programs *p, unsigned point)
{
    for (unsigned i = 0; i < p->files; i++)
        if (point && p->known[i].point == point)
            return &p->known[i];
    return NULL;
}

bool programs_own(const struct programs *p, unsigned point)
{
    return known_by(p, point) != NULL;
}

/* Is it in U-mode, at the entry point, and is that the file's? */
static bool is_start(struct session *s, const struct known *k, unsigned hart)
{
    const struct session_view view = { .world = k->world, .hart = hart };
    uint64_t pc = 0, priv = 0;
    uint8_t head[HEAD_BYTES];

    return session_get(s, k->world, hart, REG_PC, &pc) && pc == k->entry &&
           session_get(s, k->world, hart, REG_PRIV, &priv) && priv == PRIV_U &&
           session_read(s, &view, k->entry, head, k->head_size) ==
               k->head_size &&
           memcmp(head, k->head, k->head_size) == 0;
}

static struct symbol_scope scope_of(const struct program *p)
{
    return (struct symbol_scope){ .level = p->world,
                                  .satp = p->satp,
                                  .satp_mask = UINT64_MAX };
}

static void forget(struct programs *p, struct program *which)
{
    which->path = NULL;
    if (p->symbols)
        symbol_sets_drop(p->symbols, scope_of(which));
}

/* What had this address space has ended. */
static void forget_old(struct programs *p, unsigned world, uint64_t satp)
{
    for (unsigned n = 0; n < p->count; n++)
        if (p->started[n].path && p->started[n].world == world &&
            p->started[n].satp == satp)
            forget(p, &p->started[n]);
}

/* A file that cannot be read any more has no names. */
static void add_symbols(struct programs *p, const struct program *which)
{
    struct error e;

    if (p->symbols)
        symbol_sets_add_file(p->symbols, scope_of(which), which->path, 0, &e);
}

const struct program *programs_started(struct programs *p, struct session *s,
                                       unsigned *number)
{
    const struct session_hit *hit = session_hit(s);
    const struct known *k = known_by(p, hit->number);
    struct program *more;
    uint64_t satp = 0;

    if (!k || !is_start(s, k, hit->hart) ||
        !session_get_csr(s, k->world, hit->hart, CSR_satp, &satp))
        return NULL;
    more = realloc(p->started, (p->count + 1) * sizeof *more);
    if (!more)
        return NULL;
    p->started = more;
    forget_old(p, k->world, satp);
    more[p->count] = (struct program){
        .path = k->path,
        .world = k->world,
        .satp = satp,
        .started = session_time(s),
    };
    add_symbols(p, &more[p->count]);
    *number = ++p->count;
    return &more[p->count - 1];
}

void programs_gone_back(struct programs *p, const struct session *s)
{
    for (unsigned n = 0; n < p->count; n++)
        if (p->started[n].path && p->started[n].started > session_time(s))
            forget(p, &p->started[n]);
}

const struct program *programs_at(const struct programs *p, unsigned number)
{
    return number >= 1 && number <= p->count && p->started[number - 1].path
               ? &p->started[number - 1]
               : NULL;
}

unsigned programs_end(const struct programs *p)
{
    return p->count + 1;
}
