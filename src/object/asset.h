/*
 * object/asset.h - how to rebuild one file
 *
 * An asset holds the file's size, the BLAKE3 of all its bytes, the chunker that
 * cut it and its recipe. It holds no path, no clock and nothing of the place it
 * is stored in: the same file cut the same way has the same id.
 *
 * Specified in docs/formats/asset.md.
 */
#ifndef OBJECT_ASSET_H
#define OBJECT_ASSET_H

#include "store/ingest.h"
#include "store/store.h"

/*
 * What an asset says without reading its lists. The recipe's own form is
 * private to object/ (recipe.h).
 */
struct asset_info {
    uint64_t size;
    struct dits_oid content; /* BLAKE3 of the whole file */
    uint8_t chunker;         /* chunker_by_id() */
    uint64_t chunk_count;
    bool is_woven;   /* streams of samples: form 2 of docs/formats/asset.md */
    bool is_wrapped; /* unpacked: form 3 */
};

/* Builds an asset while ingest gives its chunks in order: flat recipes. */
struct asset_builder;

MUST_USE dits_error *asset_builder_new(struct store_writer *writer,
                                       const struct chunker *chunker,
                                       struct asset_builder **out);
MUST_USE dits_error *asset_builder_add(struct asset_builder *builder,
                                       const struct chunk_ref *chunk);

/*
 * Store the asset. `result` is what ingest said of the file; `summary` is kept
 * with it (object/media_summary.h), and may be empty.
 */
MUST_USE dits_error *asset_builder_finish(struct asset_builder *builder,
                                          const struct ingest_result *result,
                                          struct slice summary,
                                          struct dits_oid *out_id);
void asset_builder_free(struct asset_builder *builder);
void asset_builder_freep(struct asset_builder **builder);

/*
 * Store `file` (its first `size` bytes) as an asset: chunker chosen from the
 * content, ingest, builder. `threads` for this one file. What `add` calls.
 */
struct asset_store_options {
    const dits_context *context;
    struct store_writer *writer;
    unsigned threads;
    const struct chunker *chunker; /* NULL: chosen from the content */
    bool is_whole; /* cut as it is: not into streams, nor unpacked */
    void (*on_progress)(uint64_t bytes, void *payload); /* may be NULL */
    void *payload;
};
MUST_USE dits_error *asset_store_file(const struct asset_store_options *options,
                                      const struct fs_file *file, uint64_t size,
                                      struct dits_oid *out_id,
                                      struct asset_info *out_info);
MUST_USE dits_error *asset_store_bytes(
    const struct asset_store_options *options, const void *data, size_t size,
    struct dits_oid *out_id, struct asset_info *out_info);

/* The id of the asset of an empty file. */
void asset_empty_id(struct dits_oid *out);

/*
 * What no chunker cuts is one chunk whatever it holds: such a file is not
 * looked into, and hashed once for both of its ids.
 */
#define ASSET_TINY_BYTES 16384u

/* An opened asset: immutable, any thread may read through it. */
struct asset;

/* Errors: NOT_FOUND, CORRUPT, UNSUPPORTED (made by a newer Dits). */
MUST_USE dits_error *asset_open(struct store *store, const struct dits_oid *id,
                                struct asset **out);
void asset_close(struct asset *asset);
void asset_closep(struct asset **asset);
const struct asset_info *asset_get_info(const struct asset *asset);

/* Exactly `size` bytes at `offset`, verified; reads only the chunks needed. */
MUST_USE dits_error *asset_read_at(struct asset *asset, uint64_t offset,
                                   size_t size, void *out);

/* An error ends the walk and is what the walk returns. */
typedef dits_error *asset_chunk_fn(uint64_t offset,
                                   const struct chunk_ref *chunk,
                                   void *payload);

/*
 * Every chunk of the file, in file order. Of a woven file, stream by stream:
 * `offset` is that in the stream.
 */
MUST_USE dits_error *asset_each_chunk(struct asset *asset, asset_chunk_fn *fn,
                                      void *payload);

/* Every id that the asset depends on, for marking. */
struct asset_mark {
    /* `*descend` = false skips what lies below (it was marked before). NULL:
     * everything is gone through. */
    dits_error *(*on_segment)(const struct dits_oid *segment, bool *descend,
                              void *payload);
    /* Repeats in a row are given once. */
    dits_error *(*on_chunk)(const struct chunk_ref *chunk, void *payload);
    void *payload;
};
MUST_USE dits_error *asset_mark(struct asset *asset,
                                const struct asset_mark *mark);

/*
 * Write the whole file into `file`, which is new and empty: several threads,
 * every chunk verified, zero chunks left as holes. Syncs nothing.
 */
MUST_USE dits_error *asset_export(struct asset *asset,
                                  const dits_context *context, unsigned threads,
                                  const struct fs_file *file,
                                  void (*on_progress)(uint64_t, void *),
                                  void *payload);

#endif
