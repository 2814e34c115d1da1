/*
 * base/library.h - libraries that are loaded when they are needed
 *
 * For what few commands use and all would wait for at their start.
 */
#ifndef BASE_LIBRARY_H
#define BASE_LIBRARY_H

#include "base/error.h"

/* Zero: none is open. */
struct library {
    void *handle;
};

/*
 * By the name that a linker would record, "libgit2.so.1.5". Once loaded it
 * stays until the process ends: to open it again costs next to nothing, and
 * what it set up for threads or exit never loses its code.
 * Errors: UNSUPPORTED when there is none that can be used.
 */
MUST_USE dits_error *library_open(const char *name, struct library *out);

/* The address of a function goes to `*out_function`, a pointer to one. */
MUST_USE dits_error *library_find(const struct library *library,
                                  const char *function, void *out_function);

void library_close(struct library *library);

#endif
