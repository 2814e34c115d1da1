/*
 * base/context.h - the caller's context inside the library
 *
 * The type itself: dits/context.h. Immutable but for the cancel flag, so any
 * thread may use it.
 */
#ifndef BASE_CONTEXT_H
#define BASE_CONTEXT_H

#include <stddef.h>

#include <dits/context.h>

#include "base/error.h"

/* CANCELLED once dits_context_cancel() was called. Poll between chunks. */
MUST_USE dits_error *context_check(const dits_context *context);

/* Wait so long, or until it is cancelled: CANCELLED. */
MUST_USE dits_error *context_pause(const dits_context *context,
                                   unsigned milliseconds);

/* Seconds since 1970, from the caller's clock. */
int64_t context_now(const dits_context *context);

/* How many threads to work with: at least 1. */
unsigned context_threads(const dits_context *context);

/* The caller's options, borrowed. */
const struct dits_context_options *context_options(const dits_context *context);

void context_progress(const dits_context *context,
                      const struct dits_progress *progress);

void log_debug(const dits_context *context, const char *fmt, ...)
    PRINTF_LIKE(2, 3);
void log_info(const dits_context *context, const char *fmt, ...)
    PRINTF_LIKE(2, 3);
void log_warn(const dits_context *context, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

#endif
