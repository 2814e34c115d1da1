#include "repo/wire_fetch.h"

#include "base/array.h"
#include "base/mem.h"
#include "object/children.h"
#include "repo/id_set.h"
#include "repo/reach.h"

enum {
    LOOK = 1024,       /* objects looked for at once */
    MAX_WANTED = 4096, /* lacked, before they are asked for */
    MIN_ASKED = 16,
    MAX_ASKED = 4096,
    FIRST_ASKED = 256,
};

struct items {
    struct reach_item *items;
    size_t first; /* of those that are left: taken from the front */
    size_t count;
    size_t capacity;
};

struct fetch {
    struct wire_client *client;
    const struct bundle_list *list;
    const struct transport_sink *sink;
    struct id_set seen;   /* was queued once */
    struct id_set got;    /* commits that are here */
    struct items commits; /* to be looked at */
    struct items below;   /* trees and what they lead to: the last one first */
    struct items wanted;  /* lacked */
    size_t asked;         /* ids in the next request */
    struct buf plain;
    bool is_cut; /* the commit at hand: its parents are not wanted */
};

static void fetch_release(struct fetch *fetch)
{
    id_set_release(&fetch->seen);
    id_set_release(&fetch->got);
    mem_free(fetch->commits.items);
    mem_free(fetch->below.items);
    mem_free(fetch->wanted.items);
    buf_release(&fetch->plain);
}

static dits_error *add(struct items *list, struct reach_item item)
{
    struct reach_item *items =
        array_grown(list->items, list->count, &list->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    list->items = items;
    list->items[list->count++] = item;
    return NULL;
}

static size_t left_in(const struct items *list)
{
    return list->count - list->first;
}

/* --- what an object leads to --- */

static dits_error *meet(enum chunk_kind kind, const struct dits_oid *id,
                        void *payload)
{
    struct fetch *fetch = payload;
    bool is_new = false;
    if (kind == CHUNK_COMMIT && fetch->is_cut)
        return NULL;
    TRY(id_set_add(&fetch->seen, id, &is_new));
    if (!is_new)
        return NULL;
    return add(kind == CHUNK_COMMIT ? &fetch->commits : &fetch->below,
               (struct reach_item){kind, *id});
}

/* What an object names is read in its order, and so lies the other way round.
 */
static void reverse(struct items *list, size_t from)
{
    for (size_t i = from, k = list->count; i + 1 < k; i++) {
        struct reach_item item = list->items[i];
        list->items[i] = list->items[--k];
        list->items[k] = item;
    }
}

static dits_error *visit(struct fetch *fetch, struct reach_item item,
                         struct slice bytes)
{
    size_t before = fetch->below.count;
    fetch->is_cut = item.kind == CHUNK_COMMIT &&
                    oid_map_find(&fetch->list->cuts, &item.id, NULL);
    if (item.kind == CHUNK_COMMIT)
        TRY(id_set_add(&fetch->got, &item.id, NULL));
    TRY(object_each_child(item.kind, bytes, meet, fetch));
    reverse(&fetch->below, before);
    return NULL;
}

static dits_error *visit_here(struct fetch *fetch, struct reach_item item)
{
    if (item.kind == CHUNK_DATA)
        return NULL;
    TRY(fetch->sink->read(item.kind, &item.id, &fetch->plain,
                          fetch->sink->payload));
    return visit(fetch, item, buf_slice(&fetch->plain));
}

/* It is believed only when it is what its id says. */
static dits_error *receive(struct fetch *fetch, struct reach_item item,
                           const struct wire_chunk *chunk)
{
    const struct frame *frame = &chunk->frame;
    struct slice bytes = chunk->stored;
    if (frame->kind != item.kind)
        return error_new(DITS_E_CORRUPT, "a %s came in place of a %s",
                         chunk_kind_name(frame->kind),
                         chunk_kind_name(item.kind));
    TRY(fetch->sink->take(frame, chunk->stored.data, fetch->sink->payload));
    if (item.kind == CHUNK_DATA)
        return NULL;
    TRY(frame_verify(frame, chunk->stored.data, &fetch->plain));
    if (frame->codec != FRAME_PLAIN)
        bytes = buf_slice(&fetch->plain);
    return visit(fetch, item, bytes);
}

static dits_error *missing(const struct fetch *fetch, struct reach_item item)
{
    char hex[OID_HEX_SIZE];
    dits_oid_hex(&item.id, hex);
    if (item.kind == CHUNK_DATA && fetch->list->gone_count > 0)
        return NULL; /* who goes over it all knows of which */
    return error_hint(error_new(DITS_E_CONFLICT,
                                "%s %.12s is not there any "
                                "more",
                                chunk_kind_name(item.kind), hex),
                      "A branch was removed or moved there meanwhile. Try "
                      "again.");
}

/* Which of the last `count` items of a list are lacked: these are kept. */
static dits_error *look(struct fetch *fetch, struct items *list, size_t count,
                        struct items *out_lacked)
{
    struct reach_item items[LOOK];
    struct dits_oid ids[LOOK] = {0};
    bool lacked[LOOK];
    for (size_t i = 0; i < count; i++) {
        items[i] = list->items[--list->count];
        ids[i] = items[i].id;
    }
    TRY(fetch->sink->lacks(ids, count, lacked, fetch->sink->payload));
    for (size_t i = 0; i < count; i++)
        TRY(lacked[i] ? add(out_lacked, items[i])
                      : visit_here(fetch, items[i]));
    return NULL;
}

/* --- commits --- */

static bool is_got(const struct fetch *fetch, const struct dits_oid *id)
{
    return id_set_has(&fetch->got, id);
}

/* Until all that is left is lacked. */
static dits_error *look_for_commits(struct fetch *fetch)
{
    while (fetch->commits.count > 0) {
        size_t count = 0;
        TRY(context_check(fetch->client->context));
        while (
            count < LOOK && count < fetch->commits.count &&
            !is_got(fetch,
                    &fetch->commits.items[fetch->commits.count - 1 - count].id))
            count++;
        if (count == 0)
            fetch->commits.count--;
        else
            TRY(look(fetch, &fetch->commits, count, &fetch->wanted));
    }
    return NULL;
}

static dits_error *take_history(struct fetch *fetch, struct slice body)
{
    struct cursor in = cursor_over(body.data, body.size);
    while (cursor_left(&in) > 0) {
        struct wire_chunk chunk = {0};
        TRY(wire_take_chunk(&in, &chunk));
        const struct reach_item item = {CHUNK_COMMIT, chunk.frame.id};
        if (chunk.is_missing)
            return missing(fetch, item);
        TRY(id_set_add(&fetch->seen, &item.id, NULL));
        if (!is_got(fetch, &item.id))
            TRY(receive(fetch, item, &chunk));
    }
    return NULL;
}

static void free_ids(struct dits_oid **ids)
{
    mem_free(*ids);
}

static dits_error *needs_of(const struct bundle_list *list,
                            struct dits_oid **out)
{
    *out = mem_new_array(struct dits_oid, list->need_count + 1);
    if (*out == NULL)
        return error_nomem();
    for (size_t i = 0; i < list->need_count; i++)
        (*out)[i] = list->needs[i].id;
    return NULL;
}

static dits_error *ask_history(struct fetch *fetch, const struct dits_oid *ids,
                               size_t count)
{
    CLEANUP(free_ids) struct dits_oid *needs = NULL;
    CLEANUP(buf_release) struct buf body = {0};
    CLEANUP(buf_release) struct buf reply = {0};
    const struct bundle_list *list = fetch->list;
    TRY(needs_of(list, &needs));
    const struct wire_question question = {
        .room = (uint32_t)wire_client_part(fetch->client),
        .ids = {ids, count},
        .stops = {needs, list->need_count},
        .cuts = {list->cuts.ids, list->cuts.count}};
    TRY(wire_question_encode(&question, &body));
    TRY(wire_client_ask(fetch->client, "history", &body, &reply));
    return take_history(fetch, buf_slice(&reply));
}

/* Those that did not come with the others are lacked still. */
static dits_error *bring_commits(struct fetch *fetch)
{
    struct dits_oid ids[LOOK] = {0};
    struct items *wanted = &fetch->wanted;
    for (;;) {
        size_t count = 0;
        TRY(look_for_commits(fetch));
        if (wanted->count == 0)
            return NULL;
        while (count < LOOK && count < wanted->count) {
            ids[count] = wanted->items[wanted->count - 1 - count].id;
            count++;
        }
        TRY(ask_history(fetch, ids, count));
        size_t kept = 0;
        size_t before = wanted->count;
        for (size_t i = 0; i < before; i++)
            if (!is_got(fetch, &wanted->items[i].id))
                wanted->items[kept++] = wanted->items[i];
        wanted->count = kept;
        if (kept == before)
            return error_new(DITS_E_CORRUPT,
                             "commits that are listed do not come");
    }
}

/* --- what they lead to --- */

/* One request, and what is to come. */
struct request_of {
    struct fetch *fetch;
    size_t count;
    struct reach_item items[];
};

static void request_freep(struct request_of **request)
{
    mem_free(*request);
}

/* Of what was asked for, as many as fitted; the others wait at the front. */
static dits_error *put_back(struct fetch *fetch,
                            const struct request_of *request, size_t from)
{
    struct items *wanted = &fetch->wanted;
    size_t count = request->count - from;
    if (count > wanted->first) {
        for (size_t i = from; i < request->count; i++)
            TRY(add(wanted, request->items[i]));
        return NULL;
    }
    wanted->first -= count;
    for (size_t i = 0; i < count; i++)
        wanted->items[wanted->first + i] = request->items[from + i];
    return NULL;
}

/* So many that an answer is just filled. */
static void learn(struct fetch *fetch, size_t asked, size_t came)
{
    size_t next = came < asked ? came + came / 4 + 1 : fetch->asked * 2;
    next = next < MIN_ASKED ? MIN_ASKED : next;
    fetch->asked = next > MAX_ASKED ? MAX_ASKED : next;
}

static dits_error *take_chunks(struct request_of *request, struct slice body)
{
    struct fetch *fetch = request->fetch;
    struct cursor in = cursor_over(body.data, body.size);
    size_t number = 0;
    for (; cursor_left(&in) > 0; number++) {
        struct wire_chunk chunk = {0};
        TRY(wire_take_chunk(&in, &chunk));
        if (number == request->count ||
            !dits_oid_equal(&chunk.frame.id, &request->items[number].id))
            return error_new(DITS_E_CORRUPT,
                             "a chunk came that was not asked for");
        TRY(chunk.is_missing ? missing(fetch, request->items[number])
                             : receive(fetch, request->items[number], &chunk));
    }
    if (number == 0)
        return error_new(DITS_E_CORRUPT, "chunks that are listed do not come");
    learn(fetch, request->count, number);
    return put_back(fetch, request, number);
}

static dits_error *on_chunks(dits_error *err, struct slice body, void *payload)
{
    CLEANUP(request_freep) struct request_of *request = payload;
    TRY(err);
    return take_chunks(request, body);
}

static dits_error *ask_chunks(struct fetch *fetch)
{
    CLEANUP(buf_release) struct buf body = {0};
    struct items *wanted = &fetch->wanted;
    size_t count = left_in(wanted) < fetch->asked ? left_in(wanted)
                                                  : fetch->asked;
    size_t part = wire_client_part(fetch->client);
    CLEANUP(request_freep)
    struct request_of *request = mem_resize_bytes(
        NULL, sizeof(*request) + count * sizeof(request->items[0]));
    if (request == NULL)
        return error_nomem();
    *request = (struct request_of){.fetch = fetch, .count = count};
    TRY(buf_put_le32(&body, (uint32_t)part));
    TRY(buf_put_varint(&body, count));
    for (size_t i = 0; i < count; i++) {
        request->items[i] = wanted->items[wanted->first++];
        TRY(buf_put(&body, request->items[i].id.hash, OID_SIZE));
    }
    TRY(wire_put_ids((struct wire_ids){0}, &body));
    TRY(wire_put_ids((struct wire_ids){0}, &body));
    if (left_in(wanted) == 0)
        *wanted = (struct items){.items = wanted->items,
                                 .capacity = wanted->capacity};
    const struct wire_call call = {.name = "chunks",
                                   .expected = part,
                                   .on_answer = on_chunks,
                                   .drop = mem_free,
                                   .payload = request};
    request = NULL; /* the client's now, whatever comes */
    return wire_client_start(fetch->client, &call, &body);
}

/* Go on with what is here, as long as not enough is known to be lacked. */
static dits_error *look_below(struct fetch *fetch)
{
    while (fetch->below.count > 0 && left_in(&fetch->wanted) < MAX_WANTED) {
        size_t count = fetch->below.count < LOOK ? fetch->below.count : LOOK;
        TRY(context_check(fetch->client->context));
        TRY(look(fetch, &fetch->below, count, &fetch->wanted));
    }
    return NULL;
}

static dits_error *bring_below(struct fetch *fetch)
{
    for (;;) {
        TRY(look_below(fetch));
        while (left_in(&fetch->wanted) > 0 &&
               wire_client_has_room(fetch->client))
            TRY(ask_chunks(fetch));
        if (fetch->client->first == NULL)
            return NULL;
        TRY(wire_client_step(fetch->client));
    }
}

/* Tags come like all else; what they lead to may be a commit. */
static dits_error *start(struct fetch *fetch)
{
    for (size_t i = 0; i < fetch->list->need_count; i++)
        TRY(id_set_add(&fetch->seen, &fetch->list->needs[i].id, NULL));
    for (size_t i = 0; i < fetch->list->ref_count; i++)
        TRY(meet(fetch->list->refs[i].kind, &fetch->list->refs[i].id, fetch));
    return NULL;
}

static dits_error *bring_all(struct fetch *fetch)
{
    TRY(start(fetch));
    do {
        TRY(bring_below(fetch));
        TRY(bring_commits(fetch));
    } while (fetch->below.count > 0);
    return NULL;
}

dits_error *wire_fetch(struct wire_client *client,
                       const struct bundle_list *list,
                       const struct transport_sink *sink)
{
    CLEANUP(fetch_release)
    struct fetch fetch = {
        .client = client, .list = list, .sink = sink, .asked = FIRST_ASKED};
    dits_error *err = bring_all(&fetch);
    if (err != NULL)
        wire_client_cancel(client); /* answers would come to what is gone */
    return err;
}
