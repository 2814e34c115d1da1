#include "repo/wire_push.h"

#include "base/random.h"
#include "repo/upload.h"

void wire_push_release(struct wire_push *push)
{
    progress_end(&push->progress);
    buf_release(&push->part);
    for (size_t i = 0; i < WIRE_PUSH_UPLOADS; i++)
        buf_release(&push->uploads[i].part);
}

dits_error *wire_push_begin(struct wire_push *push, const char *task)
{
    CLEANUP(buf_release) struct buf body = {0};
    CLEANUP(buf_release) struct buf reply = {0};
    for (size_t i = 0; i < WIRE_PUSH_UPLOADS; i++)
        push->uploads[i].push = push;
    if (task != NULL)
        progress_begin(&push->progress, push->client->context, task, 0, 0);
    return wire_client_ask(push->client, "uploads/settle", &body, &reply);
}

/* --- parts --- */

static dits_error *send_part(struct wire_upload *upload);

static bool is_busy(const struct wire_upload *upload)
{
    return upload->part.size > 0 || upload->is_finishing;
}

static bool is_gone(const dits_error *err)
{
    return err != NULL && (dits_error_code(err) == DITS_E_NOT_FOUND ||
                           dits_error_code(err) == DITS_E_CONFLICT);
}

/*
 * It was finished by somebody, or given up there: what it held is in the store,
 * or will be missed when the refs are to move. This part goes into another one.
 */
static dits_error *begin_again(struct wire_upload *upload, dits_error *err)
{
    if (!is_gone(err) || upload->end == PACK_HEADER_SIZE)
        return err;
    dits_error_free(err);
    upload->end = 0;
    return send_part(upload);
}

static dits_error *on_put(dits_error *err, struct slice body, void *payload)
{
    struct wire_upload *upload = payload;
    uint64_t end = 0;
    if (err != NULL)
        return begin_again(upload, err);
    TRY(wire_number_decode(body, &end));
    if (end != upload->end + upload->part.size)
        return error_new(DITS_E_CORRUPT, "an upload grew by another size");
    progress_add(&upload->push->progress, upload->part.size, 0, NULL);
    upload->end = end;
    buf_clear(&upload->part);
    return NULL;
}

static dits_error *send_part(struct wire_upload *upload)
{
    CLEANUP(buf_release) struct buf body = {0};
    if (upload->end == 0) {
        random_bytes(upload->id.bytes, WIRE_KEY_SIZE);
        upload->end = PACK_HEADER_SIZE;
    }
    const struct wire_piece piece = {.upload = upload->id,
                                     .offset = upload->end,
                                     .frames = buf_slice(&upload->part)};
    const struct wire_call call = {
        .name = "uploads/put", .on_answer = on_put, .payload = upload};
    TRY(wire_piece_encode(&piece, &body));
    return wire_client_start(upload->push->client, &call, &body);
}

/* --- the end of an upload --- */

/* One that is not there has been finished. */
static dits_error *on_finish(dits_error *err, struct slice body, void *payload)
{
    struct wire_upload *upload = payload;
    (void)body;
    if (err != NULL && !is_gone(err))
        return err;
    dits_error_free(err);
    upload->end = 0;
    upload->is_finishing = false;
    return NULL;
}

static dits_error *finish_upload(struct wire_upload *upload)
{
    CLEANUP(buf_release) struct buf body = {0};
    const struct wire_piece piece = {.upload = upload->id,
                                     .offset = upload->end};
    const struct wire_call call = {
        .name = "uploads/finish", .on_answer = on_finish, .payload = upload};
    TRY(wire_piece_encode(&piece, &body));
    upload->is_finishing = true;
    return wire_client_start(upload->push->client, &call, &body);
}

/* One that may be added to: full ones are finished, busy ones waited for. */
static dits_error *find_upload(struct wire_push *push, struct wire_upload **out)
{
    for (;;) {
        for (size_t i = 0; i < WIRE_PUSH_UPLOADS; i++) {
            struct wire_upload *upload = &push->uploads[i];
            if (is_busy(upload))
                continue;
            if (upload->end < UPLOAD_FULL_BYTES) {
                *out = upload;
                return NULL;
            }
            TRY(finish_upload(upload));
        }
        TRY(wire_client_step(push->client));
    }
}

static dits_error *flush(struct wire_push *push)
{
    struct wire_upload *upload = NULL;
    if (push->part.size == 0)
        return NULL;
    while (!wire_client_has_room(push->client))
        TRY(wire_client_step(push->client));
    TRY(find_upload(push, &upload));
    struct buf empty = MOVE(upload->part);
    upload->part = MOVE(push->part);
    push->part = empty;
    return send_part(upload);
}

/* --- as a sink --- */

static dits_error *lacks(const struct dits_oid *ids, size_t count, bool *out,
                         void *payload)
{
    struct wire_push *push = payload;
    CLEANUP(buf_release) struct buf body = {0};
    CLEANUP(buf_release) struct buf reply = {0};
    TRY(wire_put_ids((struct wire_ids){ids, count}, &body));
    TRY(wire_client_ask(push->client, "lacks", &body, &reply));
    return wire_flags_decode(buf_slice(&reply), count, out);
}

static dits_error *take(const struct frame *frame, const void *stored,
                        void *payload)
{
    struct wire_push *push = payload;
    uint8_t header[FRAME_HEADER_SIZE];
    size_t part = wire_client_part(push->client);
    if (!wire_frame_fits(frame))
        return error_new(DITS_E_UNSUPPORTED,
                         "a chunk is too large for this protocol");
    if (push->part.size > 0 && push->part.size + frame_span(frame) > part)
        TRY(flush(push));
    frame_encode(frame, header);
    TRY(buf_put(&push->part, header, sizeof(header)));
    return buf_put(&push->part, stored, frame->stored_size);
}

struct transport_sink wire_push_sink(struct wire_push *push)
{
    return (struct transport_sink){
        .lacks = lacks, .take = take, .payload = push};
}

dits_error *wire_push_finish(struct wire_push *push)
{
    TRY(flush(push));
    TRY(wire_client_drain(push->client));
    for (size_t i = 0; i < WIRE_PUSH_UPLOADS; i++)
        if (push->uploads[i].end > 0)
            TRY(finish_upload(&push->uploads[i]));
    return wire_client_drain(push->client);
}
