/* pogo debug: gdb, with the right settings, at a guest. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/debugging.h"

/*
 * What gdb is told before it connects. Programs that start are followed as
 * inferiors of their own, beside the machine that they run in; all inferiors
 * are one machine and go on together.
 */
static const char settings[] =
    "set confirm off\n"
    "set pagination off\n"
    "set detach-on-fork off\n"
    "set follow-fork-mode parent\n"
    "set schedule-multiple on\n"
    "set print inferior-events off\n"
    "define goto\n"
    "  monitor goto $arg0\n"
    "  maintenance flush register-cache\n"
    "  frame\n"
    "end\n"
    "document goto\n"
    "Go to a time: goto N, goto +N, goto -N, goto beginning, goto latest.\n"
    "end\n"
    "define restore-snapshot\n"
    "  monitor restore $arg0\n"
    "  maintenance flush register-cache\n"
    "  frame\n"
    "end\n"
    "document restore-snapshot\n"
    "Go back to the time that 'monitor snapshot NAME' has given a name.\n"
    "end\n"
    "define why\n"
    "  monitor why\n"
    "end\n"
    "document why\n"
    "Explain the last trap or exit before the present.\n"
    "end\n";

/* A shell command, or the whole of a line. */
struct line {
    char *text;
    size_t size, room;
    bool failed;
};

static void add(struct line *l, const char *text, size_t n)
{
    if (l->size + n + 1 > l->room) {
        size_t room = 2 * (l->size + n + 1);
        char *more = realloc(l->text, room);

        l->failed |= !more;
        if (!more)
            return;
        l->text = more;
        l->room = room;
    }
    memcpy(l->text + l->size, text, n);
    l->size += n;
    l->text[l->size] = '\0';
}

static void add_text(struct line *l, const char *text)
{
    add(l, text, strlen(text));
}

static bool is_plain(const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
        "_-./,:=+@%";

    return *word && word[strspn(word, plain)] == '\0';
}

/* As a shell takes it for one word. */
static void add_word(struct line *l, const char *word)
{
    if (is_plain(word)) {
        add_text(l, word);
        return;
    }
    add_text(l, "'");
    for (const char *c = word; *c; c++) {
        if (*c == '\'')
            add_text(l, "'\\''");
        else
            add(l, c, 1);
    }
    add_text(l, "'");
}

/* "PROGRAM run --gdb WHERE ARGUMENTS…" */
static void add_command(struct line *l, const char *program, const char *where,
                        int argc, char *const *argv)
{
    add_word(l, program);
    add_text(l, " run --gdb ");
    add_text(l, where);
    for (int k = 1; k < argc; k++) {
        add_text(l, " ");
        add_word(l, argv[k]);
    }
}

static const char *const debuggers[] = { "gdb-multiarch",
                                         "riscv64-unknown-elf-gdb",
                                         "riscv64-linux-gnu-gdb", NULL };

static bool is_there(const char *name)
{
    const char *path = getenv("PATH");
    char file[4096];

    while (path && *path) {
        size_t n = strcspn(path, ":");

        snprintf(file, sizeof file, "%.*s/%s", (int)n, path, name);
        if (access(file, X_OK) == 0)
            return true;
        path += n + (path[n] == ':');
    }
    return false;
}

static const char *find_debugger(void)
{
    const char *const *name = debuggers;

    while (*name && !is_there(*name))
        name++;
    return *name;
}

/* Nobody can start it here: what to type elsewhere. */
static int print_lines(int argc, char *const *argv)
{
    struct line l = { NULL, 0, 0, false };

    add_command(&l, "pogo", "1234", argc, argv);
    if (l.failed)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    fprintf(stderr, "pogo: there is no gdb-multiarch here; with one, type\n");
    printf("%s\ngdb-multiarch -ex 'target extended-remote localhost:1234'\n",
           l.text);
    free(l.text);
    return 0;
}

/* The settings, as a file that gdb reads; -1: out of memory. */
static int settings_file(const char *connect)
{
    int fd = memfd_create("pogo-gdb", 0);

    if (fd < 0 ||
        write(fd, settings, sizeof settings - 1) !=
            (ssize_t)sizeof settings - 1 ||
        write(fd, connect, strlen(connect)) != (ssize_t)strlen(connect))
        return -1;
    return fd;
}

static int start_debugger(const char *debugger, int argc, char *const *argv)
{
    struct line l = { NULL, 0, 0, false };
    char self[4096], file[64];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    int fd;

    self[n > 0 ? n : 0] = '\0';
    add_text(&l, "target extended-remote | exec ");
    add_command(&l, self, "-", argc, argv);
    add_text(&l, "\nmonitor at-end stop\n");
    fd = l.failed || n <= 0 ? -1 : settings_file(l.text);
    if (fd < 0)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    snprintf(file, sizeof file, "/proc/self/fd/%d", fd);
    execlp(debugger, debugger, "-q", "-x", file, (char *)NULL);
    return complain(EXIT_INTERNAL, "%s cannot be started", debugger);
}

/* What is wrong with the options is said here, and not between two prompts. */
static int check_options(int argc, char *const *argv)
{
    static const struct option none[] = {
        { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
    };
    struct debugging *d = calloc(1, sizeof *d);
    struct option rows[OPTIONS_MAX];
    enum status s;
    int status = 0;

    if (!d)
        return complain(EXIT_INTERNAL, "this host is out of memory");
    debugging_defaults(d);
    debugging_options(none, rows);
    s = debugging_parse(d, rows, "debug", argc, argv);
    if (s == STATUS_OK && !d->several)
        s = guest_open(&d->guest, &d->error);
    if (s != STATUS_OK)
        status = complain(guest_exit_status(s), "%s", d->error.text);
    status = debugging_close(d, status);
    free(d);
    return status;
}

int command_debug(int argc, char **argv)
{
    const char *debugger = find_debugger();
    int status = check_options(argc, argv);

    if (status != 0)
        return status;
    return debugger ? start_debugger(debugger, argc, argv)
                    : print_lines(argc, argv);
}

void help_debug(FILE *out)
{
    static const struct option none[] = {
        { NULL, OPTION_FLAG, 0, NULL, NULL, 0, 0, NULL },
    };
    struct option rows[OPTIONS_MAX];

    debugging_options(none, rows);
    fputs("\nusage: pogo debug [options]\n\n", out);
    options_help(rows, out);
    fputs("\nStarts gdb-multiarch at the guest, which stands at its reset. "
          "docs/debug.md\nsays what can be done there.\n",
          out);
}
