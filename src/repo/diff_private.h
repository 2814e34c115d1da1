/*
 * repo/diff_private.h - what the parts of a diff share
 *
 * diff.c finds the files, diff_side.c reads one side of a file, diff_chunks.c
 * compares by chunks; repo/lines.h compares by lines.
 */
#ifndef REPO_DIFF_PRIVATE_H
#define REPO_DIFF_PRIVATE_H

#include <dits/diff.h>

#include "base/dir.h"
#include "repo/attributes.h"
#include "repo/changes.h"
#include "store/ingest.h"

/* Texts up to here are compared by lines. */
#define DIFF_TEXT_MAX (UINT64_C(64) << 20)

/* Where the bytes of one side are. */
struct diff_place {
    bool is_there;
    bool is_on_disk;  /* in the work tree, perhaps not stored */
    const char *path; /* borrowed from the change */
    struct change_side side;
    uint64_t size;
};

struct diff_item {
    struct dits_diff_file file;
    struct diff_place before;
    struct diff_place after;
};

struct dits_diff {
    dits_repo *repo;               /* borrowed */
    struct dir root;               /* of the work tree */
    struct attributes *attributes; /* of the work tree, as in git */
    struct change_list changes;
    struct diff_item *items; /* one for each change */
    bool before_on_disk;     /* that side is the work tree */
    bool after_on_disk;
};

/* The whole side as bytes; INVALID past DIFF_TEXT_MAX. */
MUST_USE dits_error *diff_side_bytes(const dits_diff *diff,
                                     const struct diff_place *place,
                                     struct buf *out);

/* Whether the side, or its absence, can be shown by lines. */
MUST_USE dits_error *diff_side_is_text(const dits_diff *diff,
                                       const struct diff_place *place,
                                       bool *out);

/* A chunk of a side. */
struct diff_chunk {
    struct dits_oid id;
    uint64_t offset;
    uint32_t size;
};

/* In file order. Empty is the zero value. */
struct diff_chunks {
    struct diff_chunk *items;
    size_t count;
    size_t capacity;
};

void diff_chunks_release(struct diff_chunks *chunks);

/* `other` is the side to be compared with: a file is cut as it was. */
MUST_USE dits_error *diff_side_chunks(const dits_diff *diff,
                                      const struct diff_place *place,
                                      const struct diff_place *other,
                                      struct diff_chunks *out);

/* What both have in common: fills in all but the lines. */
MUST_USE dits_error *diff_chunks_count(const struct diff_chunks *before,
                                       const struct diff_chunks *after,
                                       struct dits_content_change *out);

/* The stretches that differ, in file order. */
MUST_USE dits_error *diff_chunks_ranges(const struct diff_chunks *before,
                                        const struct diff_chunks *after,
                                        dits_diff_range_fn *fn, void *payload);

#endif
