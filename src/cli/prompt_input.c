/* Where the prompt's lines come from: a terminal, on which they can be edited
   (libedit), or a file. */
#include <errno.h>
#include <histedit.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wchar.h>

#include "cli/cli.h"
#include "cli/prompt.h"
#include "cli/terminal.h"
#include "host/cancel.h"

#define PROMPT     "pogo> "
#define HISTORY    1000 /* lines */
#define LIST_MOST  100  /* completions that are listed */
#define WORD_BYTES 512

struct prompt_input {
    struct prompt *prompt;
    FILE *file; /* NULL: the terminal */
    bool owned;
    const char *name; /* of the file */
    unsigned number;  /* of the line */
    char *text;
    size_t room;
    EditLine *edit;
    History *history;
    char path[512]; /* of the history's file; "": it is not kept */
};

/* ---- a file ---- */

/* The line ends where it is cut: an end of line, or of the text. */
static char *without_end(char *line)
{
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

static const char *line_of_file(struct prompt_input *i)
{
    if (*cancel_flag() || getline(&i->text, &i->room, i->file) < 0)
        return NULL;
    i->number++;
    return without_end(i->text);
}

void prompt_input_place(const struct prompt_input *i, char *buf, size_t size)
{
    snprintf(buf, size, "line %u of %s", i->number, i->name);
}

/* ---- the history of the terminal ---- */

/* Makes the folders above a file. */
static bool make_folders(char *path)
{
    for (char *p = path + 1; (p = strchr(p, '/')); p++) {
        bool ok;

        *p = '\0';
        ok = mkdir(path, 0700) == 0 || errno == EEXIST;
        *p = '/';
        if (!ok)
            return false;
    }
    return true;
}

/* As the XDG Base Directory Specification says: what a program keeps from one
   start to the next. */
static void find_history(struct prompt_input *i)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    int n;

    if (state && state[0] == '/')
        n = snprintf(i->path, sizeof i->path, "%s/pogo/history", state);
    else if (home && home[0] == '/')
        n = snprintf(i->path, sizeof i->path, "%s/.local/state/pogo/history",
                     home);
    else
        n = 0;
    if (n <= 0 || (size_t)n >= sizeof i->path || !make_folders(i->path))
        i->path[0] = '\0';
}

static void start_history(struct prompt_input *i)
{
    HistEvent e;

    i->history = history_init();
    if (!i->history)
        return;
    history(i->history, &e, H_SETSIZE, HISTORY);
    history(i->history, &e, H_SETUNIQUE, 1);
    find_history(i);
    if (i->path[0])
        history(i->history, &e, H_LOAD, i->path);
    el_set(i->edit, EL_HIST, history, i->history);
}

static void end_history(struct prompt_input *i)
{
    HistEvent e;

    if (!i->history)
        return;
    if (i->path[0])
        history(i->history, &e, H_SAVE, i->path);
    history_end(i->history);
}

/* ---- completion ---- */

struct completions {
    char common[WORD_BYTES]; /* what all of them begin with */
    unsigned count;
    char last[WORD_BYTES]; /* that was listed: several files may have a name */
    size_t column;
};

static bool take(void *context, const char *name)
{
    struct completions *c = context;
    size_t n = 0;

    if (c->count++ == 0)
        snprintf(c->common, sizeof c->common, "%s", name);
    while (c->common[n] && c->common[n] == name[n])
        n++;
    c->common[n] = '\0';
    return true;
}

static bool list(void *context, const char *name)
{
    struct completions *c = context;

    if (strcmp(c->last, name) == 0)
        return true;
    snprintf(c->last, sizeof c->last, "%s", name);
    if (c->column + strlen(name) > 76) {
        putchar('\n');
        c->column = 0;
    }
    c->column += (size_t)printf("%s  ", name);
    return ++c->count < LIST_MOST;
}

static void list_all(struct prompt_input *i, const char *line)
{
    struct completions c = { .count = 0 };
    size_t word;

    putchar('\n');
    prompt_complete(i->prompt, line, &word, list, &c);
    puts(c.count == LIST_MOST ? "…" : "");
    fflush(stdout);
}

static unsigned char complete(EditLine *edit, wint_t key)
{
    const LineInfo *l = el_line(edit);
    struct completions c = { .count = 0 };
    struct prompt_input *i;
    char line[COMMAND_LINE];
    size_t word, typed;

    (void)key;
    el_get(edit, EL_CLIENTDATA, &i);
    snprintf(line, sizeof line, "%.*s", (int)(l->cursor - l->buffer),
             l->buffer);
    prompt_complete(i->prompt, line, &word, take, &c);
    typed = strlen(line + word);
    if (c.count == 0 || (typed == 0 && word > 0))
        return CC_REFRESH_BEEP;
    if (c.count == 1)
        strncat(c.common, " ", sizeof c.common - strlen(c.common) - 1);
    if (strlen(c.common) > typed)
        return el_insertstr(edit, c.common + typed) == 0 ? CC_REFRESH
                                                         : CC_REFRESH_BEEP;
    list_all(i, line);
    return CC_REDISPLAY;
}

/* ---- the terminal ---- */

static char *prompt_text(EditLine *edit)
{
    static char text[] = PROMPT;

    (void)edit;
    return text;
}

/* libedit's own would read on after a signal. */
static int read_key(EditLine *edit, wchar_t *key)
{
    char bytes[8];
    mbstate_t state = { 0 };

    (void)edit;
    for (size_t n = 0; n < sizeof bytes; n++) {
        struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };

        while (!*cancel_flag() && cancel_wait(&in, 1, -1) < 0 && errno == EINTR)
            ;
        if (*cancel_flag() || read(STDIN_FILENO, &bytes[n], 1) != 1)
            return -1;
        switch (mbrtowc(key, &bytes[n], 1, &state)) {
        case (size_t)-1:
            *key = L'?';
            return 1;
        case (size_t)-2:
            break; /* more bytes of it are to come */
        default:
            return 1;
        }
    }
    return -1;
}

/* Ctrl-C at the prompt gives up the line. False: it was another signal. */
static bool forget_interrupt(void)
{
    if (*cancel_flag() != SIGINT)
        return false;
    cancel(0);
    cancel_on_signals(0);
    return true;
}

static const char *line_of_terminal(struct prompt_input *i)
{
    const char *line;
    HistEvent e;
    int n;

    for (;;) {
        /* libedit does it after the prompt: keys that come in between would
           be the line discipline's, and Ctrl-D nothing. */
        el_set(i->edit, EL_PREP_TERM, 1);
        line = el_gets(i->edit, &n);
        if (!*cancel_flag())
            break;
        putchar('\n');
        fflush(stdout);
        if (!forget_interrupt())
            return NULL;
        el_reset(i->edit);
    }
    if (!line || n <= 0) {
        putchar('\n');
        return NULL;
    }
    if (i->history && line[strspn(line, " \t\r\n")])
        history(i->history, &e, H_ENTER, line);
    free(i->text);
    i->text = strdup(line);
    return i->text ? without_end(i->text) : NULL;
}

static bool start_edit(struct prompt_input *i)
{
    i->edit = el_init("pogo", stdin, stdout, stderr);
    if (!i->edit)
        return false;
    el_set(i->edit, EL_CLIENTDATA, i);
    el_set(i->edit, EL_PROMPT, prompt_text);
    el_set(i->edit, EL_EDITOR, "emacs");
    el_set(i->edit, EL_SIGNAL, 0);
    el_set(i->edit, EL_GETCFN, read_key);
    /* libedit leaks what the narrow call is given. */
    el_wset(i->edit, EL_ADDFN, L"pogo-complete", L"completes a word", complete);
    el_set(i->edit, EL_BIND, "^I", "pogo-complete", NULL);
    el_set(i->edit, EL_BIND, "^R", "em-inc-search-prev", NULL);
    start_history(i);
    el_source(i->edit, NULL);
    return true;
}

/* ---- one or the other ---- */

static bool open_file(struct prompt_input *i, const char *script)
{
    i->name = script ? script : "standard input";
    i->file = script ? fopen(script, "r") : stdin;
    i->owned = script != NULL;
    if (i->file)
        return true;
    complain(EXIT_BAD_INPUT,
             "--script '%s' cannot be read (%s): name a file "
             "that can",
             script, strerror(errno));
    return false;
}

struct prompt_input *prompt_input_open(struct prompt *p, const char *script)
{
    struct prompt_input *i = calloc(1, sizeof *i);
    bool ok;

    if (!i) {
        complain(EXIT_INTERNAL, "this host is out of memory");
        return NULL;
    }
    i->prompt = p;
    ok = !script && terminal_available() ? start_edit(i) : open_file(i, script);
    if (ok)
        return i;
    prompt_input_close(i);
    return NULL;
}

void prompt_input_close(struct prompt_input *i)
{
    if (!i)
        return;
    end_history(i);
    if (i->edit)
        el_end(i->edit);
    if (i->owned && i->file)
        fclose(i->file);
    free(i->text);
    free(i);
}

bool prompt_input_is_terminal(const struct prompt_input *i)
{
    return i->edit != NULL;
}

const char *prompt_input_line(struct prompt_input *i)
{
    return i->edit ? line_of_terminal(i) : line_of_file(i);
}
