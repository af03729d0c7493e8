#include "cli/terminal.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Signal handlers and atexit can reach nothing but what has static storage:
   this is why there is any here. */
static struct {
    struct termios before;
    volatile sig_atomic_t is_raw, is_screen;
} state;

bool terminal_available(void)
{
    return isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
}

/* To the terminal; there is nothing to be done if it does not take it. */
static void send(const char *sequence)
{
    if (write(STDOUT_FILENO, sequence, strlen(sequence)) < 0)
        return;
}

void terminal_screen(void)
{
    state.is_screen = 1;
    send("\033[?1049h\033[?25l");
}

/* Async-signal-safe, as tcsetattr and write are. */
void terminal_restore(void)
{
    if (!state.is_raw)
        return;
    state.is_raw = 0;
    if (state.is_screen)
        send("\033[?25h\033[?1049l");
    state.is_screen = 0;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &state.before);
}

/* A crash: leave a usable terminal behind, then crash as usual
   (SA_RESETHAND has put the default action back). */
static void on_fatal(int signo)
{
    terminal_restore();
    raise(signo);
}

static void handle(int signo, void (*handler)(int), int flags)
{
    struct sigaction a = { .sa_handler = handler, .sa_flags = flags };

    sigemptyset(&a.sa_mask);
    sigaction(signo, &a, NULL);
}

bool terminal_raw(void)
{
    static const int fatal[] = { SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV,
                                 SIGPIPE, SIGQUIT };
    struct termios raw;

    if (tcgetattr(STDIN_FILENO, &state.before) != 0)
        return false;
    raw = state.before;
    raw.c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR |
                               IGNCR | ICRNL | IXON);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    raw.c_cflag = (raw.c_cflag & ~(tcflag_t)(CSIZE | PARENB)) | CS8;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    atexit(terminal_restore);
    for (size_t k = 0; k < sizeof fatal / sizeof *fatal; k++)
        handle(fatal[k], on_fatal, (int)SA_RESETHAND);
    state.is_raw = 1;
    if (tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0)
        return true;
    state.is_raw = 0;
    return false;
}
