/*
 * repo/merge_decide.h - what each path of a merge becomes
 */
#ifndef REPO_MERGE_DECIDE_H
#define REPO_MERGE_DECIDE_H

#include "repo/merge_content.h"
#include "repo/merge_plan.h"

/* Texts are owned. */
struct merge_outcome {
    char *path;
    char *old_path;          /* before a rename, or before it was moved aside */
    char *other;             /* RENAME_RENAME: the other name */
    struct change_side here; /* in our tree */
    struct change_side result; /* staged: ours where there is a conflict */
    struct change_side file;   /* in the work tree */
    struct change_side stages[STAGE_COUNT]; /* of a conflict */
    enum dits_merge_event_kind kind;
    bool is_conflict;
    bool is_told;    /* an event, though no conflict */
    bool is_text;    /* `file` has markers */
    bool is_whole;   /* a conflict of names or modes: the content is merged */
    bool is_ours;    /* dits/merge.h */
    char *ours_file; /* set by whoever puts both sides beside it */
    char *theirs_file;
};

/* Sorted by path, each once. */
struct merge_outcomes {
    struct merge_outcome *items;
    size_t count;
    size_t capacity;
};

void merge_outcomes_release(struct merge_outcomes *outcomes);

/*
 * Decide for every item of the plan. `trees` are those that it was made of.
 * No path of the result is both a file and a folder.
 */
MUST_USE dits_error *merge_decide(const struct merge_rules *rules,
                                  const struct dits_oid trees[STAGE_COUNT],
                                  const struct merge_plan *plan,
                                  struct merge_outcomes *out);

/* Find a path; NULL: none. */
struct merge_outcome *merge_outcomes_find(const struct merge_outcomes *outcomes,
                                          const char *path);

/* Whether the merge is about `path`, or anything below it. */
bool merge_outcomes_has_within(const struct merge_outcomes *outcomes,
                               const char *path);

/* Move files aside that stand where the other side has a folder. */
MUST_USE dits_error *merge_part_folders(const struct merge_rules *rules,
                                        const struct dits_oid *ours,
                                        struct merge_outcomes *outcomes);

#endif
