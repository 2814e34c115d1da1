/*
 * Messages of the sync protocol, of any bytes: the first one says of which
 * kind. What is decoded and encoded again is what it was.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "repo/wire.h"
#include "repo/wire_pipe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool same(const struct buf *again, struct slice bytes)
{
    return slice_equal(buf_slice(again), bytes);
}

static void must(dits_error *err)
{
    assert(err == NULL);
}

static void refs(struct slice bytes)
{
    CLEANUP(transport_refs_release) struct transport_refs refs = {0};
    CLEANUP(buf_release) struct buf again = {0};
    bool more = false;
    dits_error *err = wire_refs_decode(bytes, &refs, &more);
    if (err == NULL) {
        must(wire_refs_encode(&refs, 0, &again));
        again.data[0] = more; /* it depends on those behind */
        assert(same(&again, bytes));
    }
    dits_error_free(err);
}

static void wish(struct slice bytes)
{
    CLEANUP(wire_wish_release) struct wire_wish wish = {0};
    CLEANUP(buf_release) struct buf again = {0};
    dits_error *err = wire_wish_decode(bytes, &wish);
    if (err == NULL) {
        const struct transport_wish back = {.refs = wish.refs.refs,
                                            .ref_count = wish.refs.ref_count,
                                            .haves = wish.haves.items,
                                            .have_count = wish.haves.count,
                                            .depth = wish.depth,
                                            .follow_tags = wish.follow_tags};
        must(wire_wish_encode(&back, &again));
        assert(same(&again, bytes));
    }
    dits_error_free(err);
}

static void question(struct slice bytes)
{
    CLEANUP(buf_release) struct buf again = {0};
    struct wire_question question = {0};
    dits_error *err = wire_question_decode(bytes, &question);
    if (err == NULL) {
        must(wire_question_encode(&question, &again));
        assert(same(&again, bytes));
    }
    dits_error_free(err);
}

static void chunks(struct slice bytes)
{
    CLEANUP(buf_release) struct buf plain = {0};
    struct cursor in = cursor_over(bytes.data, bytes.size);
    dits_error *err = NULL;
    while (err == NULL && cursor_left(&in) > 0) {
        struct wire_chunk chunk = {0};
        err = wire_take_chunk(&in, &chunk);
        if (err == NULL && !chunk.is_missing)
            dits_error_free(
                frame_verify(&chunk.frame, chunk.stored.data, &plain));
    }
    dits_error_free(err);
}

static void piece(struct slice bytes)
{
    CLEANUP(buf_release) struct buf again = {0};
    struct wire_piece piece = {0};
    dits_error *err = wire_piece_decode(bytes, &piece);
    if (err == NULL) {
        must(wire_piece_encode(&piece, &again));
        assert(same(&again, bytes));
    }
    dits_error_free(err);
}

static void publication(struct slice bytes)
{
    CLEANUP(wire_publication_release) struct wire_publication made = {0};
    CLEANUP(wire_publication_release) struct wire_publication back = {0};
    CLEANUP(buf_release) struct buf again = {0};
    dits_error *err = wire_publication_decode(bytes, &made);
    if (err == NULL) {
        must(wire_publication_encode(&made, &again));
        must(wire_publication_decode(buf_slice(&again), &back));
        assert(back.count == made.count);
    }
    dits_error_free(err);
}

static void verdicts(struct slice bytes)
{
    struct transport_update updates[3] = {{0}};
    dits_error_free(wire_verdicts_decode(bytes, updates, 3));
    for (size_t i = 0; i < 3; i++)
        mem_free(updates[i].refused);
    dits_error_free(wire_error_decode(500, bytes));
}

static void pipe(struct slice bytes)
{
    CLEANUP(wire_pipe_message_release) struct wire_pipe_message asked = {0};
    struct wire_pipe_message answer = {0};
    struct wire_pipe_head head = {0};
    struct wire_hello hello = {0};
    if (bytes.size >= WIRE_PIPE_HEAD_SIZE)
        dits_error_free(wire_pipe_head_decode(bytes.data, &head));
    dits_error_free(wire_hello_decode(bytes, &hello));
    dits_error_free(wire_pipe_request_decode(bytes, &asked));
    dits_error_free(wire_pipe_answer_decode(bytes, &answer));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const kinds[])(struct slice) = {
        refs, wish, question, chunks, piece, publication, verdicts, pipe};
    if (size == 0)
        return 0;
    /* A copy, so that reading past its end is seen. */
    uint8_t *bytes = malloc(size);
    assert(bytes != NULL);
    memcpy(bytes, data + 1, size - 1);
    kinds[data[0] % 8](slice_of(bytes, size - 1));
    free(bytes);
    return 0;
}
