/*
 * cli/context.h - the library's context, as the program's surroundings make it
 */
#ifndef CLI_CONTEXT_H
#define CLI_CONTEXT_H

#include <dits/context.h>

#include "base/error.h"

struct environment;

/*
 * `callbacks` gives log, progress, payload, and the clock that is used where
 * DITS_DATE says what time it is: `*out_now` then is that time. The caller
 * frees `*out`.
 */
MUST_USE dits_error *cli_context_new(
    const struct environment *environment,
    const struct dits_context_options *callbacks, int64_t *out_now,
    dits_context **out);

#endif
