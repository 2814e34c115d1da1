/*
 * repo/remote.h - the settings of remotes
 *
 * Public entries: dits/remote.h. remote_edit.c changes them.
 */
#ifndef REPO_REMOTE_H
#define REPO_REMOTE_H

#include <dits/remote.h>

#include "repo/refspec.h"
#include "repo/repo.h"

#define REMOTE_DEFAULT "origin"

/* Zero is empty; texts are owned. */
struct remote {
    char *name;
    char *url; /* NULL: none is set */
    struct refspecs fetch;
};

void remote_release(struct remote *remote);

/* Whether a remote may be called so. */
bool remote_name_is_valid(const char *name);

/* Absence is an answer. */
MUST_USE dits_error *remote_find(dits_repo *repo, const char *name,
                                 struct remote *out, bool *out_found);

/* The value of "SECTION.SUB.NAME", borrowed, or NULL: `sub` as it is. */
MUST_USE dits_error *remote_setting(const dits_repo *repo, const char *section,
                                    const char *sub, const char *name,
                                    const char **out);

/*
 * That of the current branch, else the only one, else "origin". Owned.
 */
MUST_USE dits_error *remote_default(dits_repo *repo, char **out);

/* dits_remote_add() with another refspec; NULL: the usual one, "": none. */
MUST_USE dits_error *remote_make(dits_repo *repo, const char *name,
                                 const char *url, const char *fetch);

/*
 * What people give: the name of a remote, or an address, which has no name;
 * NULL: the default one. `repo` NULL: an address. NOT_FOUND: no url.
 */
MUST_USE dits_error *remote_meant(dits_repo *repo, const char *text,
                                  struct remote *out);

/* `repo` may be NULL for one without a name. See transport_open(). */
struct transport;
MUST_USE dits_error *remote_connect(const dits_context *context,
                                    const dits_repo *repo,
                                    const struct remote *remote,
                                    const char *task, struct transport **out);

/* Where HEAD's branch follows another one; NULL: nothing is set. Both owned. */
struct tracking {
    char *remote;
    char *merge;
    char *ref; /* NULL: no refspec keeps it here */
};
void tracking_release(struct tracking *tracking);

/* `branch` is short. `out->remote` NULL: it follows none. */
MUST_USE dits_error *tracking_find(dits_repo *repo, const char *branch,
                                   struct tracking *out);

/* branch.BRANCH.remote and .merge (a full name there), in one step. */
MUST_USE dits_error *tracking_set(dits_repo *repo, const char *branch,
                                  const char *remote, const char *merge);

/* The branch is called `to` now; NULL: it is no more. Nothing set: no change.
 */
MUST_USE dits_error *tracking_move(dits_repo *repo, const char *branch,
                                   const char *to);

/* The full name of a ref that is kept here: of which remote, and what there.
 * `*out_remote` NULL: of none. */
MUST_USE dits_error *tracking_source(dits_repo *repo, const char *full_name,
                                     char **out_remote, char **out_merge);

/*
 * A branch was made (short name) from what `start` names: where that is what is
 * known of a remote's branch, it follows it.
 */
MUST_USE dits_error *tracking_begin(dits_repo *repo, const char *branch,
                                    const char *start);

/* The one tracking branch "refs/remotes/REMOTE/BRANCH" of that name; NULL:
 * there is none, or there are several. */
MUST_USE dits_error *tracking_guess(dits_repo *repo, const char *branch,
                                    char **out);

/* Commits that each has and the other has not. */
MUST_USE dits_error *tracking_count(dits_repo *repo,
                                    const struct dits_oid *ours,
                                    const struct dits_oid *theirs,
                                    uint64_t *out_ahead, uint64_t *out_behind);

#endif
