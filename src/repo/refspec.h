/*
 * repo/refspec.h - which refs of one side are which of the other
 *
 * git's form: "[+]SOURCE[:TARGET]", each perhaps with one '*' that stands for
 * the same part of a name on both sides. A '+' allows moves that lead back.
 */
#ifndef REPO_REFSPEC_H
#define REPO_REFSPEC_H

#include <stdbool.h>

#include "base/buf.h"

/* Owns its texts. */
struct refspec {
    char *source; /* "" where there is nothing before the colon */
    char *target; /* NULL: no colon; "": nothing behind it */
    bool force;
    bool is_pattern;
};

void refspec_release(struct refspec *spec);

/* Names may be short: who uses them knows where to look. Errors: INVALID. */
MUST_USE dits_error *refspec_parse(const char *text, struct refspec *out);

/* The same for a push, whose source may be any revision: "HEAD~1:main". */
MUST_USE dits_error *refspec_parse_push(const char *text, struct refspec *out);

/*
 * Whether a full name of the source side is meant, and what it is on the other:
 * appended to `out`, nothing where there is no target.
 */
MUST_USE dits_error *refspec_map(const struct refspec *spec, const char *name,
                                 struct buf *out, bool *out_matches);

/* The other way: which name of the source side leads to `target`. */
MUST_USE dits_error *refspec_map_back(const struct refspec *spec,
                                      const char *target, struct buf *out,
                                      bool *out_matches);

/* Several. Empty is the zero value. */
struct refspecs {
    struct refspec *items;
    size_t count;
    size_t capacity;
};

void refspecs_release(struct refspecs *specs);
MUST_USE dits_error *refspecs_add(struct refspecs *specs, const char *text);

#endif
