/*
 * repo/stash.h - where stashes are kept
 *
 * Each under a ref of its own, "refs/stash/0000000007": numbers rise and are
 * not used again while one that is higher is there. The highest is the newest.
 */
#ifndef REPO_STASH_H
#define REPO_STASH_H

#include <dits/stash.h>

#include "object/commit.h"
#include "repo/operation.h"

/* One stash, by its place in the list; 0 is the newest. */
struct stash_entry {
    char *ref; /* owned: full name */
    struct dits_oid id;
};

void stash_entry_release(struct stash_entry *entry);

/* NOT_FOUND where the list is shorter. */
MUST_USE dits_error *stash_find(dits_repo *repo, uint64_t number,
                                struct stash_entry *out);

/* Newest first. Empty is the zero value. */
struct stash_entries {
    struct stash_entry *items;
    size_t count;
    size_t capacity;
};

void stash_entries_release(struct stash_entries *entries);
MUST_USE dits_error *stash_list(dits_repo *repo, struct stash_entries *out);

/*
 * dits_stash_push() of all tracked files, with the message `title` as it is;
 * `*out_id` is zero when there was nothing to put away.
 */
MUST_USE dits_error *stash_push_as(dits_repo *repo, const char *title,
                                   struct dits_oid *out_id);

/* The commit of a stash; CORRUPT when it is none. */
MUST_USE dits_error *stash_load(dits_repo *repo, const struct dits_oid *id,
                                struct commit *out);

/* Part of the operation: a new stash, or one that goes. */
MUST_USE dits_error *stash_add(struct operation *operation,
                               const struct dits_oid *id);
MUST_USE dits_error *stash_remove(struct operation *operation,
                                  const struct stash_entry *entry);

#endif
