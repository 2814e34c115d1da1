/*
 * store/ingest.h - cutting a file into stored chunks
 *
 * The pipeline of `dits add`: read, find the cuts, hash, look up, store. Memory
 * does not depend on the file's size; several workers share one large file.
 */
#ifndef STORE_INGEST_H
#define STORE_INGEST_H

#include "base/error.h"
#include "base/fs.h"
#include "base/oid.h"
#include "store/chunker.h"
#include "store/store.h"

/* A chunk of the file. Chunks come in file order and leave no gap. */
struct chunk_ref {
    uint32_t size;
    struct dits_oid id;
};

/* One call at a time, in file order, perhaps from different threads. */
typedef dits_error *ingest_chunk_fn(const struct chunk_ref *chunk,
                                    void *payload);

struct ingest {
    const dits_context *context;
    struct store_writer *writer; /* NULL: only hash, store nothing */
    const struct chunker *chunker;
    unsigned threads; /* for this file: 1 when files go in parallel */
    ingest_chunk_fn *on_chunk;
    /* May be NULL. Called now and then with the bytes done since last time. */
    void (*on_progress)(uint64_t bytes, void *payload);
    void *payload;
};

struct ingest_result {
    uint64_t size;           /* bytes read */
    struct dits_oid content; /* BLAKE3 of the whole file */
};

/*
 * Cut the first `size` bytes of `file` (its size when the caller opened it).
 * Holes are not read. A file that turns out shorter gives CONFLICT: it changed
 * while it was read. Nothing is durable before store_writer_commit().
 *
 * Errors: CONFLICT, CANCELLED, IO, LIMIT, NOMEM.
 */
MUST_USE dits_error *ingest_file(const struct ingest *ingest,
                                 const struct fs_file *file, uint64_t size,
                                 struct ingest_result *out);

/* The same for bytes in memory (symlink targets, small files). */
MUST_USE dits_error *ingest_bytes(const struct ingest *ingest, const void *data,
                                  size_t size, struct ingest_result *out);

/*
 * Only the BLAKE3 of the whole file, as fast as the memory allows: what a
 * touched file needs. Same errors as ingest_file().
 */
MUST_USE dits_error *ingest_hash(const dits_context *context,
                                 const struct fs_file *file, uint64_t size,
                                 unsigned threads, struct dits_oid *out);

#endif
