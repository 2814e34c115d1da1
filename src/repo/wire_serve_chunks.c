#include "repo/wire_serve_chunks.h"

#include "repo/history.h"
#include "repo/sending.h"

/* An answer as it fills up. */
struct filling {
    dits_repo *repo;
    struct buf *reply;
    struct sending_bytes bytes;
    size_t room;
    bool is_full;
};

static void filling_release(struct filling *filling)
{
    sending_bytes_release(&filling->bytes);
}

static struct filling filling_of(const struct wire_service *service,
                                 const struct wire_question *question,
                                 struct buf *reply)
{
    size_t room = question->room;
    return (struct filling){
        .repo = service->repo,
        .reply = reply,
        .room = room < WIRE_PART_BYTES ? room : WIRE_PART_BYTES,
    };
}

static dits_error *too_large(const struct frame *frame)
{
    char hex[OID_HEX_SIZE];
    dits_oid_hex(&frame->id, hex);
    return error_new(DITS_E_UNSUPPORTED,
                     "chunk %.12s is too large for this protocol", hex);
}

/* The first one always; then those that are within what was asked for. */
static dits_error *fill_in(struct filling *filling, enum chunk_kind kind,
                           const struct dits_oid *id)
{
    struct frame frame = {0};
    const void *stored = NULL;
    TRY(context_check(filling->repo->context));
    TRY(sending_read(filling->repo, kind, id, &filling->bytes, &frame,
                     &stored));
    if (!wire_frame_fits(&frame))
        return too_large(&frame);
    filling->is_full = filling->reply->size > 0 &&
                       filling->reply->size + frame_span(&frame) >
                           filling->room;
    return filling->is_full ? NULL
                            : wire_put_chunk(&frame, stored, filling->reply);
}

dits_error *wire_serve_chunks(const struct wire_service *service,
                              struct slice body, struct buf *reply)
{
    struct wire_question question = {0};
    TRY(wire_question_decode(body, &question));
    CLEANUP(filling_release)
    struct filling filling = filling_of(service, &question, reply);
    for (size_t i = 0; i < question.ids.count && !filling.is_full; i++) {
        struct chunk_place place = {0};
        bool found = false;
        TRY(store_find(service->repo->store, &question.ids.items[i], &found,
                       &place));
        TRY(found ? fill_in(&filling, place.kind, &question.ids.items[i])
                  : wire_put_missing(&question.ids.items[i], reply));
    }
    return NULL;
}

/* --- history --- */

struct telling {
    struct filling filling;
    struct history history;
    struct history_queue queue;
};

static void telling_release(struct telling *telling)
{
    filling_release(&telling->filling);
    history_release(&telling->history);
    history_queue_release(&telling->queue);
}

static dits_error *enqueue(struct telling *telling, struct history_node *node)
{
    if ((node->flags & (HISTORY_SEEN | HISTORY_EXCLUDED)) != 0)
        return NULL;
    node->flags |= HISTORY_SEEN;
    TRY(history_load(&telling->history, node));
    commit_release(&node->commit);
    return history_queue_put(&telling->queue, node);
}

static dits_error *mark(struct telling *telling, struct wire_ids ids,
                        unsigned flag)
{
    for (size_t i = 0; i < ids.count; i++) {
        struct history_node *node = NULL;
        TRY(history_get(&telling->history, &ids.items[i], &node));
        node->flags |= flag;
    }
    return NULL;
}

/* One that is not here is missing, like any other chunk. */
static dits_error *start_at(struct telling *telling, const struct dits_oid *id)
{
    struct history_node *node = NULL;
    struct chunk_place place = {0};
    bool found = false;
    TRY(store_find(telling->filling.repo->store, id, &found, &place));
    if (!found || place.kind != CHUNK_COMMIT)
        return wire_put_missing(id, telling->filling.reply);
    TRY(history_get(&telling->history, id, &node));
    return enqueue(telling, node);
}

dits_error *wire_serve_history(const struct wire_service *service,
                               struct slice body, struct buf *reply)
{
    CLEANUP(telling_release) struct telling telling = {0};
    struct wire_question question = {0};
    struct history_node *node = NULL;
    TRY(wire_question_decode(body, &question));
    telling.filling = filling_of(service, &question, reply);
    telling.history.repo = service->repo;
    TRY(mark(&telling, question.stops, HISTORY_EXCLUDED));
    TRY(mark(&telling, question.cuts, HISTORY_HIDDEN));
    for (size_t i = 0; i < question.ids.count; i++)
        TRY(start_at(&telling, &question.ids.items[i]));
    while ((node = history_queue_take(&telling.queue)) != NULL) {
        TRY(fill_in(&telling.filling, CHUNK_COMMIT, &node->id));
        if (telling.filling.is_full)
            return NULL;
        bool goes_on = (node->flags & HISTORY_HIDDEN) == 0;
        for (size_t i = 0; goes_on && i < node->parent_count; i++)
            TRY(enqueue(&telling, node->parents[i]));
    }
    return NULL;
}
