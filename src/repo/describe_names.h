/*
 * repo/describe_names.h - the names that a commit can be described by
 */
#ifndef REPO_DESCRIBE_NAMES_H
#define REPO_DESCRIBE_NAMES_H

#include <dits/refs.h>

#include "base/oid_map.h"

/* In the order in which they are preferred. */
enum describe_rank {
    DESCRIBE_BRANCH = 0,
    DESCRIBE_PLAIN = 1,     /* a tag that is only a ref */
    DESCRIBE_ANNOTATED = 2, /* a tag with a message */
};

/* The best name of one commit. */
struct describe_name {
    char *text;
    enum describe_rank rank;
    int64_t time; /* of an annotated tag */
};

/* Empty is the zero value. */
struct describe_names {
    struct oid_map commits;
    struct describe_name *names; /* by the commits' numbers */
    size_t capacity;
};

/* All that `options` let pass, also those that rank too low to be used. */
MUST_USE dits_error *describe_names_read(
    dits_repo *repo, const struct dits_describe_options *options,
    struct describe_names *out);
void describe_names_release(struct describe_names *names);

/* NULL when the commit has none. */
const struct describe_name *describe_names_find(
    const struct describe_names *names, const struct dits_oid *commit);

#endif
