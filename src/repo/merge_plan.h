/*
 * repo/merge_plan.h - which paths a merge is about, and in which versions
 *
 * Both sides are compared with the base, renames are followed, and every path
 * that either changed becomes an item with its three versions. Nothing is
 * decided here.
 */
#ifndef REPO_MERGE_PLAN_H
#define REPO_MERGE_PLAN_H

#include "repo/changes.h"
#include "repo/unfinished.h"

/* How the names of the three versions go together. */
enum merge_names {
    MERGE_SAME_NAME = 0,     /* perhaps renamed by one side, or alike */
    MERGE_RENAME_DELETE = 1, /* renamed by one side, deleted by the other */
    MERGE_RENAME_RENAME = 2, /* one half of a file that both renamed */
};

/* One path of the result. */
struct merge_item {
    char *path;
    char *old_path; /* before a rename; else NULL */
    char *other;    /* RENAME_RENAME: the name on the other side */
    struct change_side sides[STAGE_COUNT];
    bool is_here[STAGE_COUNT]; /* whether that side itself has it at `path` */
    struct change_side here;   /* what our tree has there */
    enum merge_names names;
    struct change_side whole[STAGE_COUNT]; /* RENAME_RENAME: of the file, under
                                              whatever name */
};

/* Sorted by path. One comes twice where two files meet at it, ours first. */
struct merge_plan {
    struct merge_item *items;
    size_t count;
    size_t capacity;
};

void merge_plan_release(struct merge_plan *plan);

MUST_USE dits_error *merge_plan_make(dits_repo *repo,
                                     const struct dits_oid trees[STAGE_COUNT],
                                     struct merge_plan *out);

#endif
