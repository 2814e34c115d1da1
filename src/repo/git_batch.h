/*
 * repo/git_batch.h - objects of a git repository, many at a time
 *
 * Asks `git cat-file --batch` for objects ahead, so that it reads while we
 * work, and compares each object with its id.
 */
#ifndef REPO_GIT_BATCH_H
#define REPO_GIT_BATCH_H

#include "base/digest.h"
#include "base/oid.h"
#include "repo/git_program.h"

struct git_batch {
    struct process process;
    struct digest *digest;
    size_t id_size;
    struct dits_oid now; /* the object that is read */
    uint64_t left;       /* bytes of it */
};

MUST_USE dits_error *git_batch_begin(const struct git_place *place,
                                     struct git_batch *out);
void git_batch_end(struct git_batch *batch);

/* Answers come in the order of the questions. */
MUST_USE dits_error *git_batch_ask(struct git_batch *batch,
                                   const struct dits_oid *id);

/*
 * The next answer begins: it must be of `type` ("commit", …). CORRUPT, naming
 * the object, when it cannot be read or is something else.
 */
MUST_USE dits_error *git_batch_next(struct git_batch *batch,
                                    const struct dits_oid *id, const char *type,
                                    uint64_t *out_size);

/* Some of its bytes; 0 when there are no more: then they were right. */
MUST_USE dits_error *git_batch_read(struct git_batch *batch, size_t size,
                                    void *out, size_t *out_size);

/* git_batch_next() and all bytes, in place of `out`. LIMIT past `max`. */
MUST_USE dits_error *git_batch_take(struct git_batch *batch,
                                    const struct dits_oid *id, const char *type,
                                    size_t max, struct buf *out);

#endif
