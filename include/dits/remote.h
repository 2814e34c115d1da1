/*
 * dits/remote.h - other repositories, and what is known of them
 *
 * A remote is a name for another repository: `remote.NAME.url` says where it
 * is, `remote.NAME.fetch` which of its refs are kept here and how they are
 * called. Its branches are known here as refs/remotes/NAME/BRANCH.
 */
#ifndef DITS_REMOTE_H
#define DITS_REMOTE_H

#include <dits/refs.h>

DITS_BEGIN_DECLS

/* Borrowed for the call. */
struct dits_remote {
    const char *name;
    const char *url;          /* NULL: none is set */
    const char *const *fetch; /* refspecs */
    size_t fetch_count;
};

typedef dits_error *dits_remote_fn(const struct dits_remote *remote,
                                   void *payload);

/* In the order of the settings. */
DITS_API DITS_MUST_USE dits_error *dits_remote_each(dits_repo *repo,
                                                    dits_remote_fn *fn,
                                                    void *payload);

/* Errors: EXISTS, INVALID (the name). Nothing is asked of the other side. */
DITS_API DITS_MUST_USE dits_error *dits_remote_add(dits_repo *repo,
                                                   const char *name,
                                                   const char *url);

/* With its settings, its branches here, and what followed them. NOT_FOUND. */
DITS_API DITS_MUST_USE dits_error *dits_remote_remove(dits_repo *repo,
                                                      const char *name);

/* Its branches here move along. Errors: NOT_FOUND, EXISTS, INVALID. */
DITS_API DITS_MUST_USE dits_error *dits_remote_rename(dits_repo *repo,
                                                      const char *from,
                                                      const char *to);
DITS_API DITS_MUST_USE dits_error *dits_remote_set_url(dits_repo *repo,
                                                       const char *name,
                                                       const char *url);

/* What is known here of the branches of all remotes: "origin/main". */
DITS_API DITS_MUST_USE dits_error *dits_remote_branch_each(dits_repo *repo,
                                                           dits_ref_fn *fn,
                                                           void *payload);

/* What a branch follows. Release with dits_upstream_release(). */
struct dits_upstream {
    char *remote;           /* "."; this repository itself */
    char *merge;            /* the full name there */
    char *ref;              /* the full name here; NULL: it is not kept */
    char *name;             /* `ref` for people: "origin/main"; or NULL */
    struct dits_oid commit; /* zero: not there, or not any more */
    uint64_t ahead;         /* commits that the upstream lacks */
    uint64_t behind;        /* commits that the branch lacks */
};

/*
 * `branch` NULL: the current one. `*out_found` false: it follows none. `counts`
 * asks for `ahead` and `behind`, which are 0 for a branch without a commit.
 */
DITS_API DITS_MUST_USE dits_error *dits_upstream_get(dits_repo *repo,
                                                     const char *branch,
                                                     bool counts,
                                                     struct dits_upstream *out,
                                                     bool *out_found);
DITS_API void dits_upstream_release(struct dits_upstream *upstream);

/*
 * `upstream` is "origin/main", or a branch of this repository; NULL: none any
 * more. `branch` NULL: the current one. Errors: NOT_FOUND, INVALID.
 */
DITS_API DITS_MUST_USE dits_error *dits_upstream_set(dits_repo *repo,
                                                     const char *branch,
                                                     const char *upstream);

DITS_END_DECLS

#endif
