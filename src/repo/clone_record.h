/*
 * repo/clone_record.h - what a folder is to become: the bytes of .dits/clone
 *
 * Specified in docs/formats/clone.md. Every function here takes hostile bytes
 * and touches no file.
 */
#ifndef REPO_CLONE_RECORD_H
#define REPO_CLONE_RECORD_H

#include "base/buf.h"

/* Owns its texts. Zero is empty. */
struct clone_record {
    char *url;    /* absolute, where it is a path */
    char *origin; /* what the other one is called here */
    char *branch; /* that was asked for; NULL: none */
    uint64_t depth;
    bool is_bare;
    bool is_mirror;
    bool no_checkout;
    bool no_tags;
    bool made_folder; /* the folder was not there before */
};

void clone_record_release(struct clone_record *record);

MUST_USE dits_error *clone_record_encode(const struct clone_record *record,
                                         struct buf *out);

/* Errors: CORRUPT, UNSUPPORTED (a newer version). */
MUST_USE dits_error *clone_record_decode(struct slice bytes,
                                         struct clone_record *out);

/* Whether both were asked for the same, whoever made the folder. */
bool clone_record_equal(const struct clone_record *a,
                        const struct clone_record *b);

#endif
