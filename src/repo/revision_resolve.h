/*
 * repo/revision_resolve.h - what a revision leads to
 *
 * Public entry: dits_revision_resolve() in dits/refs.h.
 */
#ifndef REPO_REVISION_RESOLVE_H
#define REPO_REVISION_RESOLVE_H

#include "repo/refs.h"
#include "store/store.h"

/* An object, and what it is. */
struct revision_object {
    struct dits_oid id;
    enum chunk_kind kind;
};

/* Errors: those of dits_revision_resolve(). */
MUST_USE dits_error *revision_resolve(dits_repo *repo, const char *text,
                                      enum dits_revision_kind wanted,
                                      struct revision_object *out);

/* Follow tags to what they name. CORRUPT when they never end. */
MUST_USE dits_error *revision_peel_tags(dits_repo *repo,
                                        struct revision_object *object);

/*
 * What the value of a ref leads to, past tags. `*out_found` (NULL allowed)
 * false: it is not stored, and `*out` is the commit that it must have been.
 */
MUST_USE dits_error *revision_behind_ref(dits_repo *repo,
                                         const struct dits_oid *value,
                                         struct revision_object *out,
                                         bool *out_found);

/*
 * Add to `ids`, one behind the other, the commits that names lead to: all that
 * gc keeps.
 */
MUST_USE dits_error *revision_named_commits(dits_repo *repo, struct buf *ids);

#endif
