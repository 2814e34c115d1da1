/*
 * cli/secret.h - passwords, from a terminal or from standard input
 *
 * The platform's code is secret_posix.c.
 */
#ifndef CLI_SECRET_H
#define CLI_SECRET_H

#include <stddef.h>

#include "base/buf.h"

/*
 * One line of standard input, which is no terminal, without its end. LIMIT: it
 * has more than `max` bytes. Release with crypt_buf_wipe().
 */
MUST_USE dits_error *secret_read(size_t max, struct buf *out);

/*
 * Ask for it on the terminal, which does not show what is typed; then once
 * more. INVALID: there is none, or the two differ; CANCELLED.
 */
MUST_USE dits_error *secret_ask(const char *prompt, size_t max,
                                struct buf *out);

/* The same, once: for a password that there is already. */
MUST_USE dits_error *secret_ask_once(const char *prompt, size_t max,
                                     struct buf *out);

#endif
