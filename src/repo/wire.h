/*
 * repo/wire.h - the messages of the sync protocol
 *
 * What is asked of a repository, and what it answers, as bytes: each fits into
 * an exchange (net/exchange.h). Specified in docs/protocol/sync.md. Every
 * decoder takes hostile bytes and answers CORRUPT; what it borrows lives as
 * long as these.
 */
#ifndef REPO_WIRE_H
#define REPO_WIRE_H

#include "base/cursor.h"
#include "net/exchange.h"
#include "repo/transport.h"

/* The type of all bodies. */
#define WIRE_TYPE "application/vnd.dits"

/* A part of a large transfer: answers end when they are so long. */
#define WIRE_PART_BYTES (4u << 20)

/* Ids in one request. */
#define WIRE_MAX_IDS 32768u

/* A key that tells one publication from all others; the id of an upload. */
#define WIRE_KEY_SIZE 16u
struct wire_key {
    uint8_t bytes[WIRE_KEY_SIZE];
};

/* Some ids. Borrowed. */
struct wire_ids {
    const struct dits_oid *items;
    size_t count;
};

MUST_USE dits_error *wire_put_ids(struct wire_ids ids, struct buf *out);
MUST_USE dits_error *wire_take_ids(struct cursor *in, struct wire_ids *out);

/* A body that is nothing else. */
MUST_USE dits_error *wire_ids_decode(struct slice bytes, struct wire_ids *out);

/* An answer of yes or no for each of `count`. */
MUST_USE dits_error *wire_flags_encode(const bool *flags, size_t count,
                                       struct buf *out);
MUST_USE dits_error *wire_flags_decode(struct slice bytes, size_t count,
                                       bool *out);

/* --- refs: they come in pages, in the order of their names --- */

/* Those behind `after`; "": from the first on. */
MUST_USE dits_error *wire_after_encode(const char *after, struct buf *out);
MUST_USE dits_error *wire_after_decode(struct slice bytes, char **out);

/* From number `first` on as many as fit into a part. */
MUST_USE dits_error *wire_refs_encode(const struct transport_refs *refs,
                                      size_t first, struct buf *out);

/* Added to those of the pages before. `*out_more`: there are others behind. */
MUST_USE dits_error *wire_refs_decode(struct slice bytes,
                                      struct transport_refs *refs,
                                      bool *out_more);

/* --- plan: a wish, and the list that answers it --- */

struct wire_wish {
    struct bundle_list refs; /* that are wished for, and nothing else */
    struct wire_ids haves;
    uint64_t depth;
    bool follow_tags;
};

void wire_wish_release(struct wire_wish *wish);
MUST_USE dits_error *wire_wish_encode(const struct transport_wish *wish,
                                      struct buf *out);
MUST_USE dits_error *wire_wish_decode(struct slice bytes,
                                      struct wire_wish *out);

/* To the end of `in`. */
MUST_USE dits_error *wire_list_encode(const struct bundle_list *list,
                                      struct buf *out);
MUST_USE dits_error *wire_list_decode(struct cursor *in,
                                      struct bundle_list *out);

/* --- history and chunks: some ids, and as many chunks as fit --- */

/* Chunks; or commits to start from, and where not to go on. */
struct wire_question {
    uint32_t room; /* bytes that the answer should not go beyond */
    struct wire_ids ids;
    struct wire_ids stops; /* commits that are not wanted */
    struct wire_ids cuts;  /* whose parents are not wanted */
};

MUST_USE dits_error *wire_question_encode(const struct wire_question *question,
                                          struct buf *out);
MUST_USE dits_error *wire_question_decode(struct slice bytes,
                                          struct wire_question *out);

/* One chunk of an answer, or that there is none of that id. */
struct wire_chunk {
    struct frame frame; /* of one that is missing: the id alone */
    struct slice stored;
    bool is_missing;
};

MUST_USE dits_error *wire_put_chunk(const struct frame *frame,
                                    const void *stored, struct buf *out);
MUST_USE dits_error *wire_put_missing(const struct dits_oid *id,
                                      struct buf *out);
MUST_USE dits_error *wire_take_chunk(struct cursor *in, struct wire_chunk *out);

/* Whether a frame fits into an exchange at all. */
bool wire_frame_fits(const struct frame *frame);

/* --- uploads --- */

/* A place in an upload, and what comes there: frames as in a pack. */
struct wire_piece {
    struct wire_key upload;
    uint64_t offset;
    struct slice frames;
};

MUST_USE dits_error *wire_piece_encode(const struct wire_piece *piece,
                                       struct buf *out);
MUST_USE dits_error *wire_piece_decode(struct slice bytes,
                                       struct wire_piece *out);

/* The next frame of a piece, checked against nothing but its own header. */
MUST_USE dits_error *wire_take_frame(struct cursor *in, struct frame *out,
                                     struct slice *out_stored);

MUST_USE dits_error *wire_number_encode(uint64_t number, struct buf *out);
MUST_USE dits_error *wire_number_decode(struct slice bytes, uint64_t *out);

/* --- publish --- */

struct wire_publication {
    struct wire_key key;
    bool atomic;
    struct bundle_list list;
    struct transport_update *updates; /* names are owned by `names` */
    char **names;
    size_t count;
    size_t capacity;
    size_t name_capacity;
};

void wire_publication_release(struct wire_publication *publication);
MUST_USE dits_error *wire_publication_encode(
    const struct wire_publication *publication, struct buf *out);
MUST_USE dits_error *wire_publication_decode(struct slice bytes,
                                             struct wire_publication *out);

/* Why each was refused, or not, into the updates that were asked for. */
MUST_USE dits_error *wire_verdicts_encode(
    const struct transport_update *updates, size_t count, struct buf *out);
MUST_USE dits_error *wire_verdicts_decode(struct slice bytes,
                                          struct transport_update *updates,
                                          size_t count);

/* --- errors --- */

/* The status of HTTP that goes with an error. */
int wire_error_status(const dits_error *err);

/* Code, message with its causes, and hint. */
MUST_USE dits_error *wire_error_encode(const dits_error *err, struct buf *out);

/* The same error, made here; one by the status alone where `bytes` are none. */
dits_error *wire_error_decode(int status, struct slice bytes) NEVER_NULL;

#endif
