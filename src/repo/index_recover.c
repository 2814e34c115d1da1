#include "object/commit.h"
#include "repo/index_private.h"
#include "repo/refs.h"

/* The tree of HEAD's commit; zero when there is none yet. */
static dits_error *head_tree(dits_repo *repo, struct dits_oid *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    struct dits_oid head = {0};
    *out = (struct dits_oid){0};
    TRY(refs_head_commit(repo, &head));
    if (dits_oid_is_zero(&head))
        return NULL;
    TRY(commit_load(repo->store, &head, &commit));
    *out = commit.tree;
    return NULL;
}

dits_error *index_recover(struct index *index, dits_error *damage)
{
    CLEANUP(dits_error_freep) dits_error *owned = damage;
    struct dits_oid tree = {0};
    TRY_CONTEXT(head_tree(index->repo, &tree),
                "cannot make the index anew from HEAD");
    if (dits_oid_is_zero(&tree) && owned == NULL)
        return NULL; /* a new repository */

    log_warn(index->repo->context,
             "%s: the index is made anew from the last state known",
             owned != NULL ? dits_error_message(owned)
                           : "the index is missing");
    TRY_CONTEXT(index_read_tree(index, &tree),
                "cannot make the index anew from HEAD");
    index->is_changed = true;
    index->is_whole_new = true;
    return NULL;
}
