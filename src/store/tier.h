/*
 * store/tier.h - a place for packs besides .dits/packs
 *
 * A folder: on another disk, a mount of a server, the cache before a tape.
 * Disks come and go, so a marker in the folder says which tier it is; without
 * the right one nothing is written there and nothing counts as lost. What is in
 * the folder is said in docs/formats/tier.md. All that knows that a tier is a
 * folder stands in tier.c.
 */
#ifndef STORE_TIER_H
#define STORE_TIER_H

#include "base/error.h"
#include "base/fs.h"
#include "base/oid.h"

#define TIER_ID_DIGITS 32 /* hex */

/* The texts are owned. Zero is empty. */
struct tier {
    char *name;
    char *path; /* absolute; NULL: nobody knows where it is */
    char *id;   /* what its marker must say */
};

MUST_USE dits_error *tier_copy(const struct tier *tier, struct tier *out);
bool tier_equal(const struct tier *a, const struct tier *b);
void tier_release(struct tier *tier);

/*
 * Make the folder, empty or new, into that tier. Durable. Errors: EXISTS
 * (something is in it), IO, DENIED, LIMIT.
 */
MUST_USE dits_error *tier_make(const struct tier *tier);

/*
 * Whether it is there. Errors: OFFLINE, with a hint: the folder is missing or
 * has no marker, or that of another disk.
 */
MUST_USE dits_error *tier_check(const struct tier *tier);

/* Where the pack of that name is, or would be; free with mem_free(). */
MUST_USE dits_error *tier_pack_path(const struct tier *tier, const char *pack,
                                    char **out);

/* The folder for what is being written; free with mem_free(). */
MUST_USE dits_error *tier_temporary(const struct tier *tier, char **out);

/* Remove a pack, and what was left of writing it. Absence is no error. */
MUST_USE dits_error *tier_remove_pack(const struct tier *tier,
                                      const char *pack);

/* Keep the file of a damaged pack under another name. */
MUST_USE dits_error *tier_set_aside(const struct tier *tier, const char *pack);

typedef dits_error *tier_pack_fn(const char *pack, const struct fs_stat *stat,
                                 void *payload);

/* Every pack whose file is there. */
MUST_USE dits_error *tier_each_pack(const struct tier *tier, tier_pack_fn *fn,
                                    void *payload);

/* Take the marker away: the folder is no tier any more. */
MUST_USE dits_error *tier_unmake(const struct tier *tier);

#endif
