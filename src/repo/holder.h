/*
 * repo/holder.h - branches that another work tree is on
 *
 * Two HEADs on one branch would move it under each other's files. A work tree
 * is also on the branch that it is rebasing, or bisecting from.
 */
#ifndef REPO_HOLDER_H
#define REPO_HOLDER_H

#include "repo/repo.h"

/* Where that other one lies (free with mem_free()); NULL: nowhere. `branch` is
 * a full name. */
MUST_USE dits_error *holder_find(dits_repo *repo, const char *branch,
                                 char **out_path);

/* The HEADs of all other work trees. Release with holder_heads_release(). */
struct holder_heads {
    struct holder_head {
        char *branch; /* full name */
        char *path;
    } * items;
    size_t count;
    size_t capacity;
};
MUST_USE dits_error *holder_heads_read(dits_repo *repo,
                                       struct holder_heads *out);
void holder_heads_release(struct holder_heads *heads);

/* Where the one on that branch lies; NULL: none is. */
const char *holder_heads_find(const struct holder_heads *heads,
                              const char *branch);

/* CONFLICT when there is one. */
MUST_USE dits_error *holder_refuse(dits_repo *repo, const char *branch);

#endif
