#include "cli/machine_file.h"

#include <stdlib.h>
#include <string.h>

#include "machine/error_say.h"
#include "vmm/scheduler.h"

#define HEAD (-1)

struct machine_line {
    struct machine_line *next;
    int machine; /* HEAD: before the first section */
    unsigned number;
    char text[]; /* `--word` or `--word=value`, as on the command line */
};

/* Reads the file: where it is. */
struct reader {
    struct machine_file *f;
    struct machine_line **end; /* of the list of lines */
    unsigned line;
    struct error *e;
};

static const struct option own_words[] = {
    { "weight", OPTION_NUMBER, offsetof(struct run_settings, weight), "N",
      "share of the processor, relative to the others' (default 1)", 1,
      SCHEDULER_MAX_WEIGHT, NULL },
    { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
};

/* Where a word may stand, if not everywhere. */
static const struct placed {
    const char *word;
    bool in_head;
} placed[] = {
    { "depth", true }, { "timeout", true }, { "stats", true },
    { "hash", true },  { "log", true },     { "quiet", true },
    { "trace", true }, { "isa", true },     { "clock", true },
    { "snapshot", false }, { "snapshot-at", false },
    { "snapshot-base", false }, { "resume", false },
    { "vms", false },  { "config", false }, { "dump-dtb", false },
};

/* The words whose values are files, but for these two values. */
static const struct file_word {
    const char *word;
    const char *no_file[3];
} file_words[] = {
    { "bios", { "none", "opensbi", NULL } },
    { "kernel", { "none", NULL, NULL } },
    { "console", { "none", "-", "pty" } },
    { "input", { "-", NULL, NULL } },
    { "initrd", { NULL, NULL, NULL } },
    { "dtb", { NULL, NULL, NULL } },
    { "disk", { NULL, NULL, NULL } },
    { "share", { NULL, NULL, NULL } },
    { "symbols", { NULL, NULL, NULL } },
};

#define COUNT(table) (sizeof table / sizeof *table)

static const struct option *find(const struct option *rows, const char *word)
{
    for (; rows->name; rows++)
        if (strcmp(rows->name, word) == 0)
            return rows;
    return NULL;
}

static const struct option *find_word(const char *word)
{
    const struct option *o = find(run_options_table, word);

    return o ? o : find(own_words, word);
}

static enum status refuse(struct reader *r, const char *what,
                          const char *expected)
{
    return error_say(r->e, STATUS_BAD_FORMAT, "%s:%u: '%.40s' %s", r->f->path,
                     r->line, what, expected);
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* `[name]`: the machine that the lines below are about. */
static enum status read_section(struct reader *r, char *text)
{
    struct machine_file *f = r->f;
    char *name = text + 1;
    size_t n = 0;

    while (is_name_char(name[n]))
        n++;
    if (n == 0 || n >= MACHINE_NAME || strcmp(name + n, "]") != 0)
        return refuse(r, text,
                      "does not name a machine: write [name], with 1 "
                      "to 15 letters, digits, '-' and '_'");
    name[n] = '\0';
    for (unsigned i = 0; i < f->machines; i++)
        if (strcmp(f->name[i], name) == 0)
            return refuse(r, name,
                          "is the name of two machines: give each "
                          "its own");
    if (f->machines == VM_MAX_SIBLINGS)
        return refuse(r, name, "is one machine too many: there can be 64");
    memcpy(f->name[f->machines++], name, n + 1);
    return STATUS_OK;
}

/* May this word stand here? */
static enum status check_place(struct reader *r, const char *word)
{
    if (!find_word(word))
        return refuse(r, word,
                      "is no word of a machine file: 'pogo help run' "
                      "lists them, without dashes here; there is also weight");
    for (size_t k = 0; k < COUNT(placed); k++) {
        if (strcmp(placed[k].word, word) != 0)
            continue;
        if (!placed[k].in_head)
            return refuse(r, word, "can stand on the command line only");
        if (r->f->machines)
            return refuse(r, word,
                          "is about all machines: it must stand "
                          "before the first [name]");
    }
    return STATUS_OK;
}

static bool is_relative_file(const char *word, const char *value)
{
    for (size_t k = 0; k < COUNT(file_words); k++) {
        const struct file_word *w = &file_words[k];

        if (strcmp(w->word, word) != 0)
            continue;
        for (size_t n = 0; n < COUNT(w->no_file); n++)
            if (w->no_file[n] && strcmp(w->no_file[n], value) == 0)
                return false;
        return value[0] != '/' && value[0] != '\0';
    }
    return false;
}

/* Bytes of the file's folder in its path, with the slash. */
static int folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? (int)(slash + 1 - path) : 0;
}

/* Where a disk's overlay is named in `value`; its end, if nowhere. */
static const char *overlay_in(const char *word, const char *value)
{
    static const char overlay[] = ",overlay=";
    const char *at = strcmp(word, "disk") == 0 ? strstr(value, overlay) : NULL;

    return at ? at + sizeof overlay - 1 : value + strlen(value);
}

static enum status add_line(struct reader *r, const char *word,
                            const char *value)
{
    const char *second = value ? overlay_in(word, value) : "";
    int folder =
        value && is_relative_file(word, value) ? folder_of(r->f->path) : 0;
    int second_folder =
        is_relative_file(word, second) ? folder_of(r->f->path) : 0;
    size_t size = strlen(word) + (value ? strlen(value) : 0) + (size_t)folder +
                  (size_t)second_folder + sizeof "--=";
    struct machine_line *l = malloc(sizeof *l + size);

    if (!l)
        return error_say(r->e, STATUS_NO_MEMORY, "this host is out of memory");
    *l = (struct machine_line){ .machine = (int)r->f->machines - 1,
                                .number = r->line };
    snprintf(l->text, size, "--%s%s%.*s%.*s%.*s%s", word, value ? "=" : "",
             folder, r->f->path, value ? (int)(second - value) : 0,
             value ? value : "", second_folder, r->f->path, second);
    *r->end = l;
    r->end = &l->next;
    return STATUS_OK;
}

/* Both ends without white space; changes the text. */
static char *trim(char *text)
{
    size_t n;

    text += strspn(text, " \t\r");
    n = strlen(text);
    while (n > 0 && strchr(" \t\r", text[n - 1]))
        n--;
    text[n] = '\0';
    return text;
}

static enum status read_word(struct reader *r, char *text)
{
    char *equals = strchr(text, '='), *value = NULL;
    const struct option *o;
    enum status s;

    if (equals) {
        *equals = '\0';
        value = trim(equals + 1);
        text = trim(text);
    }
    s = check_place(r, text);
    if (s != STATUS_OK)
        return s;
    o = find_word(text);
    if (!value && o->kind != OPTION_FLAG && o->kind != OPTION_MAYBE)
        return refuse(r, text, "needs a value: write word = value");
    return add_line(r, text, value);
}

static enum status read_line(struct reader *r, char *text)
{
    text = trim(text);
    if (*text == '\0' || *text == '#')
        return STATUS_OK;
    return *text == '[' ? read_section(r, text) : read_word(r, text);
}

static enum status read_lines(struct reader *r, char *text)
{
    enum status s = STATUS_OK;

    while (text && s == STATUS_OK) {
        char *end = strchr(text, '\n');

        if (end)
            *end++ = '\0';
        r->line++;
        s = read_line(r, text);
        text = end;
    }
    return s;
}

enum status machine_file_parse(struct machine_file *f, const char *path,
                               const struct image *text, struct error *e)
{
    struct reader r = { .f = f, .end = &f->lines, .e = e };
    char *copy = malloc(text->size + 1);
    enum status s;

    *f = (struct machine_file){ .path = path };
    if (!copy)
        return error_say(e, STATUS_NO_MEMORY, "this host is out of memory");
    if (text->size)
        memcpy(copy, text->bytes, text->size);
    copy[text->size] = '\0';
    s = strlen(copy) == text->size
            ? read_lines(&r, copy)
            : error_say(e, STATUS_BAD_FORMAT,
                        "%s is not text: a machine file has "
                        "lines like `kernel = Image`",
                        path);
    free(copy);
    if (s == STATUS_OK && f->machines == 0)
        s = error_say(e, STATUS_BAD_FORMAT,
                      "%s describes no machine: begin "
                      "each with a line [name]",
                      path);
    return s;
}

void machine_file_free(struct machine_file *f)
{
    while (f->lines) {
        struct machine_line *l = f->lines;

        f->lines = l->next;
        free(l);
    }
}

/* What the options say is about `--word`; here the word has no dashes. */
static enum status apply(const struct machine_file *f, int machine,
                         struct run_settings *s, struct error *e)
{
    for (struct machine_line *l = f->lines; l; l = l->next) {
        char *argv[] = { NULL, l->text };
        struct error inner = { "" };
        size_t n = strcspn(l->text + 2, "=");
        bool own = n == 6 && memcmp(l->text + 2, "weight", n) == 0;

        if (l->machine != machine)
            continue;
        if (options_parse(own ? own_words : run_options_table, "run", 2, argv,
                          s, &inner) == STATUS_OK)
            continue;
        return error_say(e, STATUS_BAD_FORMAT, "%s:%u: %s", f->path, l->number,
                         inner.text + (strncmp(inner.text, "--", 2) ? 0 : 2));
    }
    return STATUS_OK;
}

enum status machine_file_apply_head(const struct machine_file *f,
                                    struct run_settings *s, struct error *e)
{
    return apply(f, HEAD, s, e);
}

enum status machine_file_apply(const struct machine_file *f, unsigned i,
                               struct run_settings *s, struct error *e)
{
    return apply(f, (int)i, s, e);
}
