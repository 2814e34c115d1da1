/*
 * base/process.h - another program, with pipes to and from it
 *
 * What is written to it and what it prints flow at the same time: neither side
 * can wait for the other for ever. What it prints on standard error is kept,
 * the start of it. The platform's code is process_posix.c.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/context.h"

#define PROCESS_WINDOW_BYTES 65536u

/* Zero: none runs. The fields are for process_posix.c alone. */
struct process {
    const dits_context *context; /* borrowed */
    int64_t id;                  /* 0: none */
    int in;                      /* descriptor + 1 of each end; 0: closed */
    int out;
    int errors;
    struct buf waiting; /* what was put and not yet written */
    size_t written;     /* of it */
    struct buf window;  /* what was read and not yet taken */
    size_t taken;       /* of it */
    struct buf said;    /* on standard error */
};

/*
 * Start the program `path`. Both lists end with NULL; `arguments` begins with
 * the program's name; `environment` is all that it gets. NOT_FOUND when there
 * is no such program, DENIED when it may not be run.
 */
MUST_USE dits_error *process_start(const dits_context *context,
                                   const char *path,
                                   const char *const *arguments,
                                   const char *const *environment,
                                   struct process *out);

/* The same for one that may talk to the user: it is on our terminal, too. */
MUST_USE dits_error *process_start_beside(const dits_context *context,
                                          const char *path,
                                          const char *const *arguments,
                                          const char *const *environment,
                                          struct process *out);

/* Leave bytes to be written while process_read() waits. Errors: NOMEM. */
MUST_USE dits_error *process_put(struct process *process, const void *data,
                                 size_t size);

/* Write of what was put as much as can be, without waiting. Whoever reads finds
 * out that the program has ended. */
MUST_USE dits_error *process_pump(struct process *process);

/*
 * Write now. What the program prints meanwhile stays in its pipe, so it must
 * not print more than fits there. NETWORK when it has ended; CANCELLED.
 */
MUST_USE dits_error *process_write(struct process *process, const void *data,
                                   size_t size);

/* Nothing more will come: what was put is written, the pipe closed. */
MUST_USE dits_error *process_end_input(struct process *process);

/* Up to `size` bytes; none only at the end of what it prints. CANCELLED. */
MUST_USE dits_error *process_read(struct process *process, size_t size,
                                  void *out, size_t *out_size);

/* Exactly `size` bytes; NETWORK when it ends before. */
MUST_USE dits_error *process_read_all(struct process *process, size_t size,
                                      void *out);

/*
 * A line without its newline, in place of `out`. `*out_found` is false at the
 * end. LIMIT past `max` bytes.
 */
MUST_USE dits_error *process_line(struct process *process, size_t max,
                                  struct buf *out, bool *out_found);

/*
 * Wait until it has ended, when all was read. The status it left with; 128 and
 * the signal's number when one ended it.
 */
MUST_USE dits_error *process_finish(struct process *process, int *out_status);

/*
 * What it printed on standard error, up to its end, which this brings about.
 * Without the last newline; borrowed.
 */
MUST_USE dits_error *process_said(struct process *process, const char **out);

/* For CLEANUP(): stop it at once. */
void process_stop(struct process *process);

#endif
