/*
 * One sentence for a human about what went wrong, for functions whose status
 * alone would not tell the user what to do. The caller owns it; a function
 * that fails fills it in, a function that succeeds leaves it as it was.
 */
#ifndef POGO_BASE_ERROR_H
#define POGO_BASE_ERROR_H

struct error {
    char text[256]; /* terminated; no newline, no "pogo:" in front */
};

#endif
