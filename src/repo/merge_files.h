/*
 * repo/merge_files.h - the files' part of a merge, a pick, a revert, a stash
 *
 * Three trees: what both began from, ours (which HEAD and the index are at),
 * and theirs.
 */
#ifndef REPO_MERGE_FILES_H
#define REPO_MERGE_FILES_H

#include <dits/merge.h>

#include "repo/changes.h"
#include "repo/operation.h"
#include "repo/unfinished.h"

struct merge_files_options {
    const char *task;                /* for progress: "merging" */
    const char *labels[STAGE_COUNT]; /* for markers and names */
    enum dits_conflict_style style;
    enum dits_merge_favor favor;
    unsigned marker_size;        /* 0: the usual one */
    const struct dits_oid *from; /* the tree that index and files are at, where
                                    that is not ours; or NULL */
    /* Untracked files that are made as well, sorted; or NULL. CONFLICT where
     * one is there already and is another. */
    const struct change_list *also;
    /* Untracked files that go, unless they were edited; sorted; or NULL. */
    const struct change_list *gone;
    dits_merge_fn *on_path; /* NULL allowed */
    void *payload;
};

struct merge_files_result {
    struct dits_oid tree; /* staged; ours where there are conflicts */
    struct dits_oid stages[STAGE_COUNT]; /* of conflicts, as in unfinished.h */
    struct dits_oid beside;
    uint64_t conflicts;
};

/*
 * Bring index and work tree of the operation from ours to the merge of both.
 *
 * Errors: CONFLICT, with nothing changed: staged changes, or files with changes
 * that would be lost.
 */
MUST_USE dits_error *merge_files(struct operation *operation,
                                 const struct dits_oid trees[STAGE_COUNT],
                                 const struct merge_files_options *options,
                                 struct merge_files_result *out);

/*
 * The same in trees alone: nothing is staged, no file is touched. What could
 * not be merged is as in an ancestor (markers in texts, else the base);
 * `out_clean` says whether there was such. The result can be read at once.
 */
MUST_USE dits_error *merge_in_trees(struct operation *operation,
                                    const struct dits_oid trees[STAGE_COUNT],
                                    const struct merge_files_options *options,
                                    struct dits_oid *out_tree, bool *out_clean);

/*
 * The tree to merge two commits from: that of their best common ancestor; where
 * there are several, what merging those gives, conflicts and all. The empty
 * tree for unrelated histories.
 */
MUST_USE dits_error *merge_base_tree(struct operation *operation,
                                     const struct dits_oid *ours,
                                     const struct dits_oid *theirs,
                                     struct dits_oid *out_tree);

/* CONFLICT unless what is staged is `tree`. `what`: "merge". */
MUST_USE dits_error *merge_check_staged(struct operation *operation,
                                        const struct dits_oid *tree,
                                        const char *what);

#endif
