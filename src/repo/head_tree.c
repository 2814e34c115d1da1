#include "repo/head_tree.h"

#include "object/commit.h"
#include "object/tree.h"
#include "repo/refs.h"

dits_error *head_tree_of(dits_repo *repo, const struct dits_oid *commit,
                         struct dits_oid *out)
{
    CLEANUP(commit_release) struct commit loaded = {0};
    if (dits_oid_is_zero(commit)) {
        tree_empty_id(out);
        return NULL;
    }
    TRY(commit_load(repo->store, commit, &loaded));
    *out = loaded.tree;
    return NULL;
}

dits_error *head_tree(dits_repo *repo, struct dits_oid *out)
{
    struct dits_oid head = {0};
    TRY(refs_head_commit(repo, &head));
    return head_tree_of(repo, &head, out);
}
