/*
 * base/glob.h - git's wildcard patterns
 *
 * `?` and `*` for any character and any run of them, `[a-z]`, `[!a-z]` and
 * `[[:alpha:]]` for one of a set, `\` to take the next character as it is.
 */
#ifndef BASE_GLOB_H
#define BASE_GLOB_H

#include <stdbool.h>
#include <stddef.h>

enum glob_flags {
    /* `*`, `?` and sets do not match '/', but a part that is `**` does. */
    GLOB_PATH = 1 << 0,
    GLOB_IGNORE_CASE = 1 << 1, /* of ASCII letters */
};

/*
 * Whether `pattern` matches the whole of `text`. The work is bounded by the
 * product of their lengths, whatever the pattern. A malformed set matches
 * nothing.
 */
bool glob_match(const char *pattern, const char *text, unsigned flags);

/* Whether one of the patterns does; without any, everything matches. */
bool glob_match_any(const char *const *patterns, size_t count, const char *text,
                    unsigned flags);

/* Length of the front of `pattern` that has no special character. */
size_t glob_literal_length(const char *pattern);

#endif
