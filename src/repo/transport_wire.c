#include "repo/transport_wire.h"

#include <string.h>

#include "base/mem.h"
#include "base/random.h"
#include "base/text.h"
#include "repo/wire_fetch.h"
#include "repo/wire_push.h"

struct wire {
    struct transport transport;
    struct wire_way way;
    char *where;
    struct wire_client client;
    struct wire_push push;
    bool is_pushing;
};

static struct wire *wire_of(struct transport *transport)
{
    return (struct wire *)transport;
}

static void wire_close(struct transport *transport)
{
    struct wire *wire = wire_of(transport);
    wire_client_release(&wire->client);
    wire_push_release(&wire->push);
    wire->way.release(wire->way.payload);
    mem_free(wire->where);
    mem_free(wire);
}

/* --- questions --- */

static dits_error *wire_list(struct transport *transport,
                             struct transport_refs *out)
{
    struct wire *wire = wire_of(transport);
    bool more = true;
    while (more) {
        CLEANUP(buf_release) struct buf body = {0};
        CLEANUP(buf_release) struct buf reply = {0};
        TRY(wire_after_encode(
            out->count > 0 ? out->items[out->count - 1].name : "", &body));
        TRY(wire_client_ask(&wire->client, "refs", &body, &reply));
        TRY(wire_refs_decode(buf_slice(&reply), out, &more));
    }
    return NULL;
}

static dits_error *wire_has(struct transport *transport,
                            const struct dits_oid *ids, size_t count, bool *out)
{
    struct wire *wire = wire_of(transport);
    CLEANUP(buf_release) struct buf body = {0};
    CLEANUP(buf_release) struct buf reply = {0};
    TRY(wire_put_ids((struct wire_ids){ids, count}, &body));
    TRY(wire_client_ask(&wire->client, "has", &body, &reply));
    return wire_flags_decode(buf_slice(&reply), count, out);
}

/* --- from there --- */

static dits_error *wire_plan(struct wire *wire,
                             const struct transport_wish *wish,
                             struct bundle_list *out)
{
    CLEANUP(buf_release) struct buf body = {0};
    CLEANUP(buf_release) struct buf reply = {0};
    TRY(wire_wish_encode(wish, &body));
    TRY(wire_client_ask(&wire->client, "plan", &body, &reply));
    struct cursor in = cursor_over(reply.data, reply.size);
    return wire_list_decode(&in, out);
}

static dits_error *wire_bring(struct transport *transport,
                              const struct transport_wish *wish,
                              struct bundle_list *out,
                              const struct transport_sink *sink)
{
    struct wire *wire = wire_of(transport);
    TRY(wire_plan(wire, wish, out));
    return wire_fetch(&wire->client, out, sink);
}

/* --- to there --- */

static dits_error *wire_sink(struct transport *transport,
                             struct transport_sink *out)
{
    struct wire *wire = wire_of(transport);
    if (!wire->is_pushing)
        TRY(wire_push_begin(&wire->push, wire->way.task));
    wire->is_pushing = true;
    *out = wire_push_sink(&wire->push);
    return NULL;
}

static dits_error *wire_publish(struct transport *transport,
                                const struct bundle_list *list,
                                struct transport_update *updates, size_t count,
                                bool atomic)
{
    struct wire *wire = wire_of(transport);
    CLEANUP(buf_release) struct buf body = {0};
    CLEANUP(buf_release) struct buf reply = {0};
    struct wire_publication publication = {
        .atomic = atomic, .list = *list, .updates = updates, .count = count};
    if (wire->is_pushing)
        TRY(wire_push_finish(&wire->push));
    random_bytes(publication.key.bytes, WIRE_KEY_SIZE);
    TRY(wire_publication_encode(&publication, &body));
    TRY(wire_client_ask(&wire->client, "publish", &body, &reply));
    return wire_verdicts_decode(buf_slice(&reply), updates, count);
}

static const struct transport_ops ops = {
    .list = wire_list,
    .has = wire_has,
    .fetch = wire_bring,
    .sink = wire_sink,
    .publish = wire_publish,
    .close = wire_close,
};

dits_error *transport_open_wire(const dits_context *context,
                                const struct wire_way *way,
                                struct transport **out)
{
    CLEANUP(transport_closep) struct transport *transport = NULL;
    struct wire *wire = mem_new(struct wire);
    if (wire == NULL) {
        way->release(way->payload);
        return error_nomem();
    }
    wire->transport = (struct transport){.ops = &ops, .context = context};
    wire->way = *way;
    wire->client = (struct wire_client){.context = context,
                                        .connect = way->connect,
                                        .payload = way->payload,
                                        .tries_itself = way->tries_itself};
    wire->push.client = &wire->client;
    transport = &wire->transport;
    TRY(text_copy(way->where, &wire->where));
    wire->transport.where = wire->where;
    TRY(wire->way.connect(&wire->client.channel, wire->way.payload));
    *out = MOVE(transport);
    return NULL;
}
