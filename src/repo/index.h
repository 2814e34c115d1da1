/*
 * repo/index.h - what is staged
 *
 * Sorted entries (path_compare()) with the asset id, the whole-file hash and
 * the stat data of the work-tree file when it was last known to be the same.
 * Kept in .dits/index and .dits/index.journal (docs/formats/index.md):
 * replaced atomically, the previous generation kept, rebuilt from HEAD and the
 * work tree when damaged (STOR-M1).
 */
#ifndef REPO_INDEX_H
#define REPO_INDEX_H

#include "base/error.h"
#include "base/fs.h"
#include "base/oid.h"
#include "object/tree.h"
#include "repo/repo.h"

struct index_entry {
    const char *path; /* borrowed from the index */
    enum tree_mode mode;
    bool is_dropped; /* a stand-in was seen in its place (repo/stand_in.h) */
    struct dits_oid asset;
    struct dits_oid content; /* BLAKE3 of the whole file; zero: not known */
    /* As of when the file was last seen equal; mtime_ns 0: not known. The size
     * is that of the content, also while a stand-in has another. */
    uint64_t size;
    int64_t mtime_ns;
    int64_t ctime_ns;
    uint64_t inode;
};

struct index;

/* Reads (maps) the index of `repo`; empty when there is none yet. */
MUST_USE dits_error *index_open(dits_repo *repo, struct index **out);
void index_free(struct index *index);
void index_freep(struct index **index);

size_t index_count(const struct index *index);
const struct index_entry *index_at(const struct index *index, size_t i);
const struct index_entry *index_find(const struct index *index,
                                     const char *path);

/* First entry that does not sort before `path`. */
size_t index_lower_bound(const struct index *index, const char *path);

/* Whether any entry lies below the folder `path`. */
bool index_has_below(const struct index *index, const char *path);

/* Add or replace; the path is copied. A file replaces a folder of its name. */
MUST_USE dits_error *index_set(struct index *index,
                               const struct index_entry *entry);

/* No error when it is not there. */
MUST_USE dits_error *index_remove(struct index *index, const char *path);
MUST_USE dits_error *index_clear(struct index *index);
bool index_is_changed(const struct index *index);

/*
 * The tree id that the entries equal, if known (set by index_write_tree() and
 * whoever fills the index from a tree); zero when not. Any change zeroes it.
 */
const struct dits_oid *index_tree(const struct index *index);
void index_set_tree(struct index *index, const struct dits_oid *tree);

/*
 * Make the entries those of `tree` (zero: none). What is known of the work tree
 * stays with entries whose asset stays the same.
 */
MUST_USE dits_error *index_read_tree(struct index *index,
                                     const struct dits_oid *tree);

/* Store the entries as a tree. */
MUST_USE dits_error *index_write_tree(struct index *index,
                                      struct store_writer *writer,
                                      struct dits_oid *out);

/*
 * Make the changes durable: appended to the journal when few, else a new file.
 * `operation` is the number of the operation that they belong to (0: only stat
 * data was refreshed). The work lock is held.
 */
MUST_USE dits_error *index_save(struct index *index, uint64_t operation);

/*
 * What tells one state of the index on disk from any other, without its
 * entries. Zero: there is no file.
 */
struct index_mark {
    uint64_t inode; /* of the file, which never changes but by renaming */
    uint64_t size;
    int64_t mtime_ns;
    int64_t ctime_ns;
    uint64_t generation;
    uint64_t journal_size; /* what of the journal belongs to it */
    uint64_t journal_checksum;
    struct dits_oid tree; /* index_tree() */
};

/* Of what was read, while it is unchanged. */
void index_mark_of(const struct index *index, struct index_mark *out);

/* Of one state; false of two that are zero. */
bool index_mark_equal(const struct index_mark *a, const struct index_mark *b);

/*
 * What changed since `known`, found without reading the entries: `fn` is told
 * of every path, some of them perhaps twice. `*out_follows` is false, and what
 * was told means nothing, when there is no way from one to the other.
 */
typedef dits_error *index_path_fn(const char *path, void *payload);
MUST_USE dits_error *index_peek(dits_repo *repo, const struct index_mark *known,
                                index_path_fn *fn, void *payload,
                                struct index_mark *out, bool *out_follows);

/* The number given to the last index_save() that was not 0. */
uint64_t index_operation(const struct index *index);

#endif
