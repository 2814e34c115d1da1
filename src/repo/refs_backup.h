/*
 * repo/refs_backup.h - a plain copy of the refs, beside the database
 *
 * .dits/refs.backup is text to which every operation that moves refs appends
 * a line for each, after it was published; nothing is synced for it, and every
 * line has a checksum. When meta.db is damaged, fsck reads the refs from here
 * (docs/formats/meta-db.md).
 */
#ifndef REPO_REFS_BACKUP_H
#define REPO_REFS_BACKUP_H

#include "repo/linked.h"
#include "repo/refs.h"
#include "repo/repo.h"

struct operation;

/* Add what `operation` has moved; made anew when it has grown long. */
MUST_USE dits_error *refs_backup_append(const struct operation *operation);

/* What the copy holds. */
struct refs_backup {
    struct refs_backup_ref {
        char *name;
        struct dits_oid id;
    } * refs; /* sorted by name */
    size_t count;
    size_t capacity;
    char *head_branch; /* full name; NULL: detached at `head_id` */
    struct dits_oid head_id;
    bool has_head;
    /* Work trees. Id 0: one that is no more; without branch and head: those are
     * not known. */
    struct linked *linked;
    size_t linked_count;
    size_t linked_capacity;
    bool is_cut; /* a line was damaged, and passed over */
};

void refs_backup_release(struct refs_backup *backup);

/* Empty when there is no copy in `folder`. Damage is not an error. */
MUST_USE dits_error *refs_backup_load(const char *folder,
                                      struct refs_backup *out);

#endif
