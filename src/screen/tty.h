/*
 * screen/tty.h - the terminal as a device
 *
 * While it is taken, standard input is empty, and what anything writes to
 * standard output or error is kept: a hook, a warning, a library. So nothing
 * but the screen reaches the terminal. The platform's code is tty_posix.c.
 */
#ifndef SCREEN_TTY_H
#define SCREEN_TTY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"

struct tty;

/* Takes nothing yet. */
MUST_USE dits_error *tty_new(struct tty **out);
void tty_free(struct tty *tty);
void tty_freep(struct tty **tty);

/*
 * Every key comes as it is, Ctrl-C and Ctrl-Z, too; standard streams are kept
 * away. tty_leave() gives all back as it was. Each may be called again.
 */
MUST_USE dits_error *tty_take(struct tty *tty);
void tty_leave(struct tty *tty);

/* Streams on the terminal itself, borrowed. */
FILE *tty_out(const struct tty *tty);
FILE *tty_in(const struct tty *tty);

struct tty_size {
    uint32_t columns;
    uint32_t rows;
    uint32_t width; /* pixels; 0: not told */
    uint32_t height;
};
struct tty_size tty_size(const struct tty *tty);

MUST_USE dits_error *tty_write(struct tty *tty, struct slice bytes);

/* Append what was written to the standard streams; they begin anew. */
MUST_USE dits_error *tty_kept(struct tty *tty, struct buf *out);

/* What there is to wait for. */
struct tty_wait {
    int others[2];  /* descriptors that may become readable; -1: none */
    int timeout_ms; /* -1: for ever */
    bool has_input; /* then: which did */
    bool has_other[2];
};
MUST_USE dits_error *tty_wait(struct tty *tty, struct tty_wait *wait);

/* At most `size` bytes; 0 with IO when the terminal is gone. */
MUST_USE dits_error *tty_read(struct tty *tty, void *out, size_t size,
                              size_t *out_size);

/* Stop this program and those it runs with, until the user goes on. */
void tty_suspend(void);

#endif
