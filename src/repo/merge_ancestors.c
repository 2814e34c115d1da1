/*
 * What two commits are merged from. Where histories crossed there are several
 * best common ancestors; merging them gives one tree, which may hold conflict
 * markers: both sides began from that doubt.
 */
#include "base/mem.h"
#include "base/text.h"
#include "object/commit.h"
#include "repo/head_tree.h"
#include "repo/merge_base.h"
#include "repo/merge_files.h"

enum { DEPTH_MAX = 100 };

/*
 * A commit that nothing refers to, so that what is merged next finds its
 * ancestors. Made of nothing but its parents: the same again each time.
 */
static dits_error *store_virtual(struct operation *operation,
                                 const struct dits_oid *tree,
                                 const struct dits_oid parents[2],
                                 struct dits_oid *out)
{
    CLEANUP(commit_release) struct commit commit = {.tree = *tree};
    commit.parents = mem_new_array(struct dits_oid, 2);
    if (commit.parents == NULL)
        return error_nomem();
    commit.parents[0] = parents[0];
    commit.parents[1] = parents[1];
    commit.parent_count = 2;
    TRY(text_copy("dits", &commit.author.name));
    TRY(text_copy("", &commit.author.email));
    TRY(person_copy(&commit.author, &commit.committer));
    TRY(text_copy("merged ancestors\n", &commit.message));
    TRY(commit_store(operation_writer(operation), &commit, out));
    return store_writer_commit(operation_writer(operation));
}

static dits_error *base_tree(struct operation *operation,
                             const struct dits_oid *ours,
                             const struct dits_oid *theirs, unsigned depth,
                             struct dits_oid *out);

/* Two ancestors become one. */
static dits_error *join(struct operation *operation, struct dits_oid *into,
                        const struct dits_oid *other, unsigned depth)
{
    dits_repo *repo = operation_repo(operation);
    struct dits_oid trees[STAGE_COUNT] = {0};
    struct dits_oid merged = {0};
    const struct dits_oid parents[2] = {*into, *other};
    const struct merge_files_options how = {
        .style = DITS_STYLE_MERGE,
        .labels = {"common ancestors", "Temporary merge branch 1",
                   "Temporary merge branch 2"},
        .marker_size = 7 + 2 * depth, /* markers within markers */
    };
    bool is_clean = false;
    TRY(base_tree(operation, into, other, depth, &trees[STAGE_BASE]));
    TRY(head_tree_of(repo, into, &trees[STAGE_OURS]));
    TRY(head_tree_of(repo, other, &trees[STAGE_THEIRS]));
    TRY(merge_in_trees(operation, trees, &how, &merged, &is_clean));
    return store_virtual(operation, &merged, parents, into);
}

static dits_error *base_tree(struct operation *operation,
                             const struct dits_oid *ours,
                             const struct dits_oid *theirs, unsigned depth,
                             struct dits_oid *out)
{
    CLEANUP(merge_bases_release) struct merge_bases bases = {0};
    dits_repo *repo = operation_repo(operation);
    if (depth > DEPTH_MAX)
        return error_new(DITS_E_LIMIT, "the histories cross more than %d times",
                         DEPTH_MAX);
    TRY(merge_bases_find(repo, ours, theirs, &bases));
    if (bases.count == 0) {
        tree_empty_id(out);
        return NULL;
    }
    /* Oldest first, as git does: the order decides which side is which. */
    struct dits_oid base = bases.ids[bases.count - 1];
    for (size_t i = bases.count - 1; i-- > 0;)
        TRY(join(operation, &base, &bases.ids[i], depth + 1));
    return head_tree_of(repo, &base, out);
}

dits_error *merge_base_tree(struct operation *operation,
                            const struct dits_oid *ours,
                            const struct dits_oid *theirs,
                            struct dits_oid *out_tree)
{
    return base_tree(operation, ours, theirs, 0, out_tree);
}
