/*
 * repo/switch_files.h - the files' part of going to another commit
 */
#ifndef REPO_SWITCH_FILES_H
#define REPO_SWITCH_FILES_H

#include <dits/worktree.h>

#include "repo/changes.h"
#include "repo/operation.h"

struct switch_files_options {
    const char *task; /* for progress: "switching" */
    bool discard;     /* every change is captured and given up */
    bool keep_edits;  /* but those of files that are staged as they shall be */
    /* With `discard`: untracked files that go as well; sorted. May be NULL. */
    const struct change_list *also;
    bool announces; /* of those: nothing refers yet to what they hold */
};

/*
 * Bring index and work tree from `result->before` to `result->after`, and count
 * the files. Changes that are not in the way are kept; others are CONFLICT,
 * unless they are discarded.
 */
MUST_USE dits_error *switch_files(dits_repo *repo, struct operation *operation,
                                  const struct switch_files_options *options,
                                  struct dits_switch_result *result);

#endif
