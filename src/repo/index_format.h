/*
 * repo/index_format.h - the bytes of the staging index
 *
 * Specified in docs/formats/index.md. Every function here takes hostile bytes
 * and touches no file.
 */
#ifndef REPO_INDEX_FORMAT_H
#define REPO_INDEX_FORMAT_H

#include "base/buf.h"
#include "base/cursor.h"
#include "repo/index.h"

/* The longest path that an index holds. */
#define INDEX_PATH_MAX ((size_t)64 << 10)

/* What stands before the entries. */
struct index_header {
    uint64_t generation; /* counts the files written */
    uint64_t operation;
    struct dits_oid tree; /* zero: not known */
    bool is_old;          /* read from a former version of the format */
};

/*
 * The header alone, of the first INDEX_HEADER_SIZE bytes. The checksum is not
 * looked at: for a file that was read whole before.
 */
#define INDEX_HEADER_SIZE 72
MUST_USE dits_error *index_header_parse(const uint8_t *data,
                                        struct index_header *out);

MUST_USE dits_error *index_format_encode(const struct index_header *header,
                                         const struct index_entry *entries,
                                         size_t count, struct buf *out);

/*
 * The paths of `*out_entries` (free with mem_free(); NULL when there is none)
 * are borrowed from `data`. Errors: CORRUPT, UNSUPPORTED (a newer version).
 */
MUST_USE dits_error *index_format_parse(const void *data, size_t size,
                                        struct index_header *out_header,
                                        struct index_entry **out_entries,
                                        size_t *out_count);

/* The start of a journal for the index of that generation. */
MUST_USE dits_error *index_journal_begin(uint64_t generation, struct buf *out,
                                         uint64_t *out_checksum);
MUST_USE dits_error *index_journal_parse(struct cursor *in,
                                         uint64_t *out_generation,
                                         uint64_t *out_checksum,
                                         bool *out_is_old);

/* One record: the changes of one save. */
struct index_record {
    uint64_t previous; /* checksum of what stands before it */
    uint64_t operation;
    struct dits_oid tree;
    uint32_t change_count;
    struct slice changes; /* each read by index_change_parse() */
};

/* Append a change: mode 0 removes the path. */
MUST_USE dits_error *index_change_encode(const struct index_entry *entry,
                                         struct buf *out);

/* `entry->path` is put into `path`. */
MUST_USE dits_error *index_change_parse(struct cursor *in, struct buf *path,
                                        struct index_entry *entry);
MUST_USE dits_error *index_record_encode(const struct index_record *record,
                                         struct buf *out,
                                         uint64_t *out_checksum);

/*
 * The next record. `*out_whole` is false at the end and where the rest is not
 * a whole record: what a crash leaves of one that was never acknowledged.
 */
MUST_USE dits_error *index_record_parse(struct cursor *in, uint64_t previous,
                                        struct index_record *out,
                                        uint64_t *out_checksum,
                                        bool *out_whole);

#endif
