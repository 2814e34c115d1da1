/*
 * store/ingest_streams.h - cutting a file into streams, and these into chunks
 *
 * The pipeline of `dits add` for media. The file is read in blocks, by several
 * workers; in file order, the caller says which stream each byte belongs to;
 * streams are cut into chunks, which are hashed and stored by the workers.
 * Each block is put together again from the streams and compared with what was
 * read, before any of its chunks is stored.
 */
#ifndef STORE_INGEST_STREAMS_H
#define STORE_INGEST_STREAMS_H

#include "store/cutter.h"
#include "store/ingest.h"

#define INGEST_MAX_STREAMS 64u

/* How many bytes `split` may keep back. */
#define INGEST_MAX_KEPT (128u << 10)

/* Takes the bytes that a splitter hands on. */
struct stream_sink;

/* The next bytes of the file, of `stream`; `flags` are those of a cutter. */
MUST_USE dits_error *stream_sink_put(struct stream_sink *sink, unsigned stream,
                                     unsigned flags, const uint8_t *bytes,
                                     size_t size);

struct ingest_streams {
    const dits_context *context;
    struct store_writer *writer;
    unsigned threads;
    size_t stream_count;
    const struct stream_kind *streams;

    /*
     * Hand the next `size` bytes of the file, which are at `offset`, to the
     * sink, in order. Up to INGEST_MAX_KEPT at the end may be kept back, until
     * the next call or until `split_end`. One call at a time.
     */
    dits_error *(*split)(uint64_t offset, const uint8_t *bytes, size_t size,
                         struct stream_sink *sink, void *payload);
    dits_error *(*split_end)(struct stream_sink *sink, void *payload);

    /* One call at a time; the chunks of each stream in order. */
    dits_error *(*on_chunk)(unsigned stream, const struct chunk_ref *chunk,
                            void *payload);
    void (*on_progress)(uint64_t bytes, void *payload); /* may be NULL */
    void *payload;
};

/*
 * Like ingest_file(), for files of any size. Errors: also CORRUPT, when what
 * `split` handed on is not the file.
 */
MUST_USE dits_error *ingest_streams_run(const struct ingest_streams *ingest,
                                        const struct fs_file *file,
                                        uint64_t size,
                                        struct ingest_result *out);

#endif
