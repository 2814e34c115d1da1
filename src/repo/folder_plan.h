/*
 * repo/folder_plan.h - which files of a folder are versions of one
 *
 * Public entry: dits_import_folder() in dits/import_folder.h.
 */
#ifndef REPO_FOLDER_PLAN_H
#define REPO_FOLDER_PLAN_H

#include <dits/import_folder.h>

#include "base/dir.h"
#include "repo/repo.h"
#include "repo/version_name.h"

struct folder_file {
    char *source; /* from the top of the folder */
    char *path;   /* its name in history */
    struct fs_stat stat;
    struct version_name name;
    uint64_t commit;
    uint64_t version;
    uint64_t versions;
    /* While groups are made: */
    const char *base; /* in `source` */
};

/* Sorted by commit, then by path. */
struct folder_plan {
    struct folder_file *files;
    size_t count;
    size_t capacity;
    uint64_t commits;
};

void folder_plan_release(struct folder_plan *plan);

/*
 * Errors: INVALID (the pattern, names), IO, DENIED, LIMIT, CANCELLED.
 */
MUST_USE dits_error *folder_plan_make(
    const dits_context *context, const struct dir *folder,
    const struct dits_import_folder_options *options, struct folder_plan *out);

#endif
