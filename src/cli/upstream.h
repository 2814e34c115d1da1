/*
 * cli/upstream.h - how far a branch is from what it follows, in words
 */
#ifndef CLI_UPSTREAM_H
#define CLI_UPSTREAM_H

#include <dits/remote.h>

#include "base/buf.h"
#include "cli/cli.h"
#include "cli/json.h"

/* The lines of `dits status`, as git has them; none when it follows nothing. */
void upstream_print(const struct dits_upstream *upstream, const char *prefix,
                    bool hints, FILE *out);

/* "ahead 1, behind 2" or "gone" between `before` and `after`; or nothing. */
void upstream_print_apart(const struct dits_upstream *upstream,
                          const char *before, const char *after, FILE *out);

/* "[origin/main: ahead 1] " as in `dits branch -vv`; else without the name. */
MUST_USE dits_error *upstream_put_column(const struct dits_upstream *upstream,
                                         bool with_name, struct buf *out);

/* "upstream", and then "ahead", "behind" or "is_gone". */
void upstream_put_json(struct json *json, const struct dits_upstream *upstream);
void upstream_put_json_counts(struct json *json,
                              const struct dits_upstream *upstream);

#endif
