/*
 * store/ingest_block.h - one block of a file on its way into the store
 */
#ifndef STORE_INGEST_BLOCK_H
#define STORE_INGEST_BLOCK_H

#include "base/hash.h"
#include "store/ingest.h"

#define INGEST_MAX_BLOCK_BYTES (4u << 20)
#define INGEST_MIN_BLOCK_BYTES (1u << 20)
#define INGEST_MAX_PARTS (INGEST_MAX_BLOCK_BYTES / HASH_PART_BYTES)

/* A chunk that ends in the block. It may start before: then `at` < 0. */
struct piece {
    int64_t at;
    bool zero; /* it lies in a hole */
    struct chunk_ref chunk;
};

struct block {
    uint8_t *memory; /* room for the longest chunk, then the block */
    size_t memory_size;
    uint8_t *bytes; /* the block */
    size_t size;
    uint64_t offset;   /* in the file */
    bool last;         /* the file ends with it */
    bool hole;         /* all of it is a hole */
    bool zeroed;       /* the memory is all zero */
    size_t complete;   /* up to here all candidates are known */
    size_t part_count; /* whole parts; the rest is less than one */
    struct hash_part parts[INGEST_MAX_PARTS];
    struct candidates candidates;
    struct piece *pieces;
    size_t piece_count;
    struct dits_oid zero_id; /* of a chunk of zeros of the largest size */
    bool zero_id_known;
};

/* What goes over from each block to the next. */
struct carry {
    uint8_t *bytes; /* the start of a chunk that ends in a later block */
    size_t size;
    bool zero;
    struct hash content; /* of all before */
};

/* How much of the file a block takes. */
size_t block_size(const struct chunker *chunker);

/* `size` is that of the largest block it will hold. */
MUST_USE dits_error *block_init(struct block *block,
                                const struct chunker *chunker, size_t size);
void block_release(struct block *block);

/*
 * Read what is at `offset` of a file of `file_size` bytes, find the candidates
 * and hash the parts. Errors: CONFLICT, IO.
 */
MUST_USE dits_error *block_load(struct block *block,
                                const struct ingest *ingest,
                                const struct fs_file *file, uint64_t offset,
                                uint64_t file_size);

/*
 * Choose the cuts, given what was carried over from the block before, and
 * carry over what is left. Blocks in order.
 */
void block_cut(struct block *block, const struct chunker *chunker,
               struct carry *carry);

/* Name the chunks and put them into the store. */
MUST_USE dits_error *block_store(struct block *block,
                                 const struct ingest *ingest);

/* Put one chunk of data into the store, where the ingest has one. */
MUST_USE dits_error *ingest_put(const struct ingest *ingest,
                                const struct chunk_ref *chunk,
                                const void *data);

/* Tell the caller. Blocks in order. */
MUST_USE dits_error *block_deliver(const struct block *block,
                                   const struct ingest *ingest);

#endif
