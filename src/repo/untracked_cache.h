/*
 * repo/untracked_cache.h - what is not tracked in the folders of a work tree
 *
 * Kept in .dits/untracked (docs/formats/untracked.md). A folder that is as it
 * was holds the names that it held. Nothing depends on the file: where it is
 * missing or damaged folders are listed.
 */
#ifndef REPO_UNTRACKED_CACHE_H
#define REPO_UNTRACKED_CACHE_H

#include "base/cursor.h"
#include "repo/repo.h"

enum {
    UNTRACKED_CACHE_MAX = 32 << 20, /* bytes of the file */
    UNTRACKED_NAMES_MAX = 64 << 10, /* of the names of one folder */
    UNTRACKED_HASH_SIZE = 16,
};

/* A folder, as it was when it was listed. */
struct untracked_folder {
    const char *path; /* borrowed; "" is the top */

    /* Device, inode, size and times alone. */
    struct fs_stat stat;

    /* Of the names that were tracked, each of which was there; zero: none. */
    uint8_t tracked[UNTRACKED_HASH_SIZE];

    /* All others: each its kind (a byte, enum fs_kind), itself and a NUL. */
    struct slice names;
};

/* Whether the times of folders tell that something in them changed. */
enum untracked_verdict {
    UNTRACKED_UNTRIED = 0,
    UNTRACKED_TOLD = 1,
    UNTRACKED_UNTOLD = 2,
};

/* Zero is empty. */
struct untracked_cache {
    int64_t written_ns; /* fs_now_ns() */
    uint64_t device;    /* that was tried */
    enum untracked_verdict verdict;
    struct untracked_folder *folders; /* owned; by rising paths */
    size_t count;
    struct buf bytes; /* the file, when it was read: folders point into it */
};

void untracked_cache_release(struct untracked_cache *cache);

/* NULL: not known. `*out_at` is its place. */
const struct untracked_folder *untracked_cache_find(
    const struct untracked_cache *cache, const char *path, size_t *out_at);

/* Append one folder to `out`, and read it back: borrowed from the bytes. */
MUST_USE dits_error *untracked_folder_put(const struct untracked_folder *folder,
                                          struct buf *out);
MUST_USE dits_error *untracked_folder_get(struct cursor *in,
                                          struct untracked_folder *out);

MUST_USE dits_error *untracked_cache_encode(const struct untracked_cache *cache,
                                            struct buf *out);

/* Takes over `bytes`. Errors: CORRUPT, UNSUPPORTED (another version). */
MUST_USE dits_error *untracked_cache_parse(struct buf *bytes,
                                           struct untracked_cache *out);

/* `*out_found` false: there is none, or none that can be used. */
MUST_USE dits_error *untracked_cache_read(const dits_repo *repo,
                                          struct untracked_cache *out,
                                          bool *out_found);

/* In one step, but not durably. LIMIT: more than a file may have. */
MUST_USE dits_error *untracked_cache_write(const dits_repo *repo,
                                           const struct untracked_cache *cache);

#endif
