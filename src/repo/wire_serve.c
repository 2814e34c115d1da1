#include "repo/wire_serve.h"

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "repo/id_set.h"
#include "repo/offering.h"
#include "repo/publication.h"
#include "repo/receiving.h"
#include "repo/sending.h"
#include "repo/upload.h"
#include "repo/wire.h"
#include "repo/wire_serve_chunks.h"

typedef dits_error *answer_fn(const struct wire_service *service,
                              struct slice body, struct buf *reply);

static void free_flags(bool **flags)
{
    mem_free(*flags);
}

/* --- what is there --- */

static size_t first_after(const struct transport_refs *refs, const char *name)
{
    size_t i = 0;
    while (i < refs->count && strcmp(refs->items[i].name, name) <= 0)
        i++;
    return i;
}

static void free_text(char **text)
{
    mem_free(*text);
}

static dits_error *answer_refs(const struct wire_service *service,
                               struct slice body, struct buf *reply)
{
    CLEANUP(transport_refs_release) struct transport_refs refs = {0};
    CLEANUP(free_text) char *after = NULL;
    TRY(wire_after_decode(body, &after));
    TRY(offering_refs(service->repo, &refs));
    return wire_refs_encode(&refs, first_after(&refs, after), reply);
}

static dits_error *answer_has(const struct wire_service *service,
                              struct slice body, struct buf *reply)
{
    CLEANUP(free_flags) bool *found = NULL;
    struct wire_ids ids = {0};
    TRY(wire_ids_decode(body, &ids));
    found = mem_new_array(bool, ids.count + 1);
    if (found == NULL)
        return error_nomem();
    TRY(offering_has(service->repo, ids.items, ids.count, found));
    return wire_flags_encode(found, ids.count, reply);
}

static dits_error *answer_plan(const struct wire_service *service,
                               struct slice body, struct buf *reply)
{
    CLEANUP(wire_wish_release) struct wire_wish wish = {0};
    CLEANUP(bundle_list_release) struct bundle_list list = {0};
    CLEANUP(id_set_release) struct id_set gone = {0};
    TRY(wire_wish_decode(body, &wish));
    const struct transport_wish asked = {.refs = wish.refs.refs,
                                         .ref_count = wish.refs.ref_count,
                                         .haves = wish.haves.items,
                                         .have_count = wish.haves.count,
                                         .depth = wish.depth,
                                         .follow_tags = wish.follow_tags};
    TRY(offering_plan_checked(service->repo, &asked, &list));
    TRY(sending_list_gone(service->repo, &list, &gone));
    return wire_list_encode(&list, reply);
}

static dits_error *answer_lacks(const struct wire_service *service,
                                struct slice body, struct buf *reply)
{
    CLEANUP(free_flags) bool *lacked = NULL;
    struct wire_ids ids = {0};
    TRY(wire_ids_decode(body, &ids));
    lacked = mem_new_array(bool, ids.count + 1);
    if (lacked == NULL)
        return error_nomem();
    for (size_t i = 0; i < ids.count; i++) {
        bool found = false;
        TRY(store_find(service->repo->store, &ids.items[i], &found, NULL));
        lacked[i] = !found;
    }
    return wire_flags_encode(lacked, ids.count, reply);
}

/* --- uploads --- */

static struct upload_place place_of(const struct wire_service *service)
{
    return (struct upload_place){service->repo, service->caller};
}

static dits_error *answer_put(const struct wire_service *service,
                              struct slice body, struct buf *reply)
{
    const struct upload_place place = place_of(service);
    struct wire_piece piece = {0};
    TRY(wire_piece_decode(body, &piece));
    if (piece.offset == PACK_HEADER_SIZE)
        TRY(upload_expire(service->repo));
    TRY(upload_put(&place, &piece));
    return wire_number_encode(piece.offset + piece.frames.size, reply);
}

static dits_error *answer_size(const struct wire_service *service,
                               struct slice body, struct buf *reply)
{
    const struct upload_place place = place_of(service);
    struct wire_piece piece = {0};
    uint64_t size = 0;
    TRY(wire_piece_decode(body, &piece));
    TRY(upload_size(&place, &piece.upload, &size));
    return wire_number_encode(size, reply);
}

static dits_error *answer_finish(const struct wire_service *service,
                                 struct slice body, struct buf *reply)
{
    const struct upload_place place = place_of(service);
    struct wire_piece piece = {0};
    TRY(wire_piece_decode(body, &piece));
    TRY(upload_finish(&place, &piece.upload, piece.offset));
    return wire_number_encode(piece.offset, reply);
}

static dits_error *answer_settle(const struct wire_service *service,
                                 struct slice body, struct buf *reply)
{
    const struct upload_place place = place_of(service);
    (void)reply;
    if (body.size > 0)
        return error_new(DITS_E_CORRUPT, "a request that should be empty");
    return upload_settle(&place);
}

/* --- publish --- */

static dits_error *answer_publish(const struct wire_service *service,
                                  struct slice body, struct buf *reply)
{
    CLEANUP(wire_publication_release) struct wire_publication asked = {0};
    CLEANUP(receiving_release) struct receiving guard = {0};
    struct request request = {.caller = service->caller};
    TRY(wire_publication_decode(body, &asked));
    memcpy(request.key, asked.key.bytes, sizeof(request.key));
    hash_bytes(body.data, body.size, &request.hash);
    const struct publication publication = {.repo = service->repo,
                                            .list = &asked.list,
                                            .updates = asked.updates,
                                            .count = asked.count,
                                            .atomic = asked.atomic,
                                            .request = &request,
                                            .name = service->name,
                                            .email = service->email};
    TRY(receiving_begin(service->repo, NULL, &guard));
    TRY(publication_make(&publication));
    return wire_verdicts_encode(asked.updates, asked.count, reply);
}

/* --- which call --- */

static const struct {
    const char *name;
    answer_fn *answer;
    bool writes;
} calls[] = {
    {"refs", answer_refs, false},
    {"has", answer_has, false},
    {"plan", answer_plan, false},
    {"history", wire_serve_history, false},
    {"chunks", wire_serve_chunks, false},
    {"lacks", answer_lacks, true},
    {"uploads/put", answer_put, true},
    {"uploads/size", answer_size, true},
    {"uploads/finish", answer_finish, true},
    {"uploads/settle", answer_settle, true},
    {"publish", answer_publish, true},
};
enum { CALLS = sizeof(calls) / sizeof(calls[0]) };

static size_t find_call(const char *name)
{
    size_t i = 0;
    while (i < CALLS && strcmp(calls[i].name, name) != 0)
        i++;
    return i;
}

bool wire_call_writes(const char *call)
{
    size_t number = find_call(call);
    return number < CALLS && calls[number].writes;
}

static dits_error *make_answer(const struct wire_service *service,
                               const char *call, struct exchange *exchange)
{
    size_t number = find_call(call);
    if (number == CALLS)
        return error_new(DITS_E_NOT_FOUND, "there is no call '%s'", call);
    if (strcmp(exchange->method, "POST") != 0)
        return error_new(DITS_E_INVALID, "'%s' is asked for with POST", call);
    if (calls[number].writes && !service->may_write)
        return error_new(DITS_E_DENIED, "this repository is read-only for you");
    return calls[number].answer(service, exchange->body, &exchange->reply);
}

dits_error *wire_answer(const struct wire_service *service, const char *call,
                        struct exchange *exchange)
{
    CLEANUP(dits_error_freep)
    dits_error *err = make_answer(service, call, exchange);
    exchange->type = WIRE_TYPE;
    exchange->status = err == NULL ? 200 : wire_error_status(err);
    if (err == NULL)
        return NULL;
    buf_clear(&exchange->reply);
    return wire_error_encode(err, &exchange->reply);
}
