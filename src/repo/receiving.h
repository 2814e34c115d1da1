/*
 * repo/receiving.h - taking chunks from another repository
 *
 * Nothing that comes is believed: each chunk is checked against its id. From
 * time to time what has come is made durable, so that a transfer which is cut
 * off goes on from there.
 */
#ifndef REPO_RECEIVING_H
#define REPO_RECEIVING_H

#include "base/progress.h"
#include "repo/transport.h"

/* Not moved once it was begun. The zero value is released. */
struct receiving {
    dits_repo *repo;
    struct store_writer *writer; /* holds off sweeps until the release */
    struct progress progress;
    struct buf plain;
    uint64_t waiting; /* bytes that do not last yet */
    uint64_t chunks;  /* that were offered */
    uint64_t new_chunks;
    uint64_t new_bytes;    /* of these, plain */
    uint64_t stored_bytes; /* of these, as they travelled */
};

/* `task` is a constant; NULL: nothing will come. */
MUST_USE dits_error *receiving_begin(dits_repo *repo, const char *task,
                                     struct receiving *out);
void receiving_release(struct receiving *receiving);

/* Where the chunks go. Borrows `receiving`. */
struct transport_sink receiving_sink(struct receiving *receiving);

/* All that has come is durable. */
MUST_USE dits_error *receiving_commit(struct receiving *receiving);

#endif
