/*
 * repo/sparse_format.h - the bytes of .dits/sparse
 *
 * Specified in docs/formats/sparse.md. Every function here takes hostile bytes
 * and touches no file.
 */
#ifndef REPO_SPARSE_FORMAT_H
#define REPO_SPARSE_FORMAT_H

#include "repo/sparse_set.h"

/* The set that holds, and while it changes the one that shall. */
struct sparse_file {
    struct sparse_set *set;    /* owned */
    struct sparse_set *target; /* owned; NULL: no change is on its way */
    uint64_t operation;        /* that the change will be published as */
};

void sparse_file_release(struct sparse_file *file);

MUST_USE dits_error *sparse_file_encode(const struct sparse_set *set,
                                        const struct sparse_set *target,
                                        uint64_t operation, struct buf *out);

/* Errors: CORRUPT, UNSUPPORTED (a newer version). */
MUST_USE dits_error *sparse_file_parse(struct slice bytes,
                                       struct sparse_file *out);

#endif
