/*
 * repo/clone_place.h - the folder that becomes a clone
 *
 * P1. What it is to become is written down durably (.dits/clone) before
 *     anything else is in it, and taken away when it is whole: so a clone that
 * was cut off at any instant is told from a repository, and is taken up again.
 * P2. One clone at a time works on it (.dits/clone.lock).
 */
#ifndef REPO_CLONE_PLACE_H
#define REPO_CLONE_PLACE_H

#include "base/fs.h"
#include "repo/clone_record.h"
#include "repo/repo.h"

/* Zero is empty. `context` and `path` are borrowed. */
struct clone_place {
    const dits_context *context;
    const char *path;
    char *folder; /* "PATH/.dits" */
    char *record; /* "PATH/.dits/clone" */
    struct fs_file lock;
    bool is_resumed; /* it goes on with one that was cut off */
};

void clone_place_release(struct clone_place *place);

/*
 * Nothing is made yet. `wanted->made_folder` is set. Errors: EXISTS (something
 * else is there, or a clone of something else), CORRUPT.
 */
MUST_USE dits_error *clone_place_look(struct clone_place *place,
                                      struct clone_record *wanted);

/* It is ours. Errors: LOCKED, and those of clone_place_look(). */
MUST_USE dits_error *clone_place_take(struct clone_place *place,
                                      struct clone_record *wanted);

/* It is whole. */
MUST_USE dits_error *clone_place_finish(struct clone_place *place);

/*
 * It failed, and no repository in it is open. Where something has come and is
 * durable, all stays and this is said; else what was made is removed.
 */
void clone_place_leave(struct clone_place *place,
                       const struct clone_record *record);

#endif
