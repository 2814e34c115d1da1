/*
 * repo/read_ahead.h - the small files of a run of neighbours, read together
 *
 * An optimisation and nothing else: what it has not read, for whatever reason,
 * is read in the ordinary way.
 */
#ifndef REPO_READ_AHEAD_H
#define REPO_READ_AHEAD_H

#include "base/dir_batch.h"
#include "repo/staging.h"
#include "repo/worktree.h"

/* One worker's. The zero value has read nothing. */
struct read_ahead {
    struct dir_batch *batch;
    bool is_begun;
    size_t first; /* of the items that `bytes` is of */
    size_t count;
    const uint8_t *bytes[DIR_BATCH_FILES]; /* NULL: was not read */
    int64_t looked_ns;                     /* when reading began */
};

/*
 * The bytes of the turn's item, as many as its scan saw; NULL when they have to
 * be read otherwise. They are those of the file only if it looks now as it did
 * to the scan. Valid until the next call, which may read what comes next.
 */
MUST_USE dits_error *read_ahead_get(struct read_ahead *ahead,
                                    const struct worktree_turn *turn,
                                    const struct staging_item *items,
                                    const uint8_t **out);

void read_ahead_release(struct read_ahead *ahead);

#endif
