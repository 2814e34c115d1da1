#include "repo/wire_client.h"

#include "base/fs.h"
#include "base/mem.h"

enum {
    PARTS = 4, /* at once */
    MIN_PART_BYTES = 64 * 1024,
    FIRST_WINDOW_BYTES = 2 * 1024 * 1024,
    MIN_WINDOW_BYTES = 256 * 1024,
    MAX_WINDOW_BYTES = PARTS * (int)WIRE_PART_BYTES,
    LOSS = 32, /* what is lost each time it breaks: one part in so many */
    MAX_FAILURES = 8,
    PAUSE_MS = 50,
};

struct wire_waiting {
    struct wire_waiting *next;
    struct wire_call call;
    struct buf body;
    uint64_t number;
};

void wire_reply_release(struct wire_reply *reply)
{
    buf_release(&reply->body);
}

static void waiting_free(struct wire_waiting *waiting)
{
    if (waiting != NULL)
        buf_release(&waiting->body);
    mem_free(waiting);
}

static void waiting_freep(struct wire_waiting **waiting)
{
    waiting_free(*waiting);
}

static void disconnect(struct wire_client *client)
{
    if (client->channel != NULL)
        client->channel->ops->close(client->channel);
    client->channel = NULL;
}

static void drop(const struct wire_call *call)
{
    if (call->drop != NULL)
        call->drop(call->payload);
}

void wire_client_cancel(struct wire_client *client)
{
    disconnect(client);
    while (client->first != NULL) {
        struct wire_waiting *next = client->first->next;
        drop(&client->first->call);
        waiting_free(client->first);
        client->first = next;
    }
    client->last = NULL;
    client->on_the_way = 0;
}

void wire_client_release(struct wire_client *client)
{
    wire_client_cancel(client);
}

/* --- how much at once --- */

/* At first as much as a good network bears; what broke once breaks again. */
static uint64_t window_of(const struct wire_client *client)
{
    uint64_t window = client->window != 0
                          ? client->window
                          : FIRST_WINDOW_BYTES + client->carried / PARTS;
    return window < MAX_WINDOW_BYTES ? window : MAX_WINDOW_BYTES;
}

static void note_break(struct wire_client *client)
{
    uint64_t window = client->carried / LOSS;
    client->window = window > MIN_WINDOW_BYTES ? window : MIN_WINDOW_BYTES;
    client->carried = 0;
}

size_t wire_client_part(const struct wire_client *client)
{
    uint64_t part = window_of(client) / PARTS;
    return part < MIN_PART_BYTES ? MIN_PART_BYTES : (size_t)part;
}

bool wire_client_has_room(const struct wire_client *client)
{
    return client->first == NULL ||
           client->on_the_way + wire_client_part(client) <= window_of(client);
}

static uint64_t weight(const struct wire_waiting *waiting)
{
    return waiting->body.size + waiting->call.expected;
}

/* --- connecting, and again --- */

static dits_error *send(struct wire_client *client,
                        const struct wire_waiting *waiting)
{
    return client->channel->ops->start(client->channel, waiting->number,
                                       waiting->call.name,
                                       buf_slice(&waiting->body));
}

static dits_error *send_all(struct wire_client *client)
{
    for (struct wire_waiting *at = client->first; at != NULL; at = at->next)
        TRY(send(client, at));
    return NULL;
}

/* At once the first time, then twice as long each time. */
static dits_error *pause_before(const struct wire_client *client)
{
    unsigned pauses = (1u << (client->failures - 1)) - 1;
    for (; pauses > 0; pauses--) {
        TRY(context_check(client->context));
        fs_pause_ms(PAUSE_MS);
    }
    return context_check(client->context);
}

static bool is_break(const dits_error *err)
{
    return err != NULL && dits_error_code(err) == DITS_E_NETWORK;
}

/* `err` has ended the connection: make another one, a few times. */
static dits_error *connect_again(struct wire_client *client, dits_error *err)
{
    while (is_break(err) && !client->tries_itself) {
        disconnect(client);
        note_break(client);
        if (++client->failures > MAX_FAILURES)
            return error_wrap(err, "the connection broke %d times",
                              MAX_FAILURES);
        log_debug(client->context, "connecting again: %s",
                  dits_error_message(err));
        dits_error_free(err);
        TRY(pause_before(client));
        err = client->connect(&client->channel, client->payload);
        if (err == NULL)
            err = send_all(client);
    }
    return err;
}

/* The first connection has to succeed at once. */
static dits_error *send_new(struct wire_client *client,
                            const struct wire_waiting *waiting)
{
    if (client->channel == NULL)
        TRY(client->connect(&client->channel, client->payload));
    dits_error *err = send(client, waiting);
    return is_break(err) ? connect_again(client, err) : err;
}

dits_error *wire_client_start(struct wire_client *client,
                              const struct wire_call *call, struct buf *body)
{
    struct wire_waiting *waiting = mem_new(struct wire_waiting);
    if (waiting == NULL) {
        drop(call);
        return error_nomem();
    }
    waiting->call = *call;
    waiting->body = MOVE(*body);
    waiting->number = client->next_number++;
    if (client->last != NULL)
        client->last->next = waiting;
    else
        client->first = waiting;
    client->last = waiting;
    client->on_the_way += weight(waiting);
    return send_new(client, waiting);
}

/* --- answers --- */

static struct wire_waiting *take_first(struct wire_client *client)
{
    struct wire_waiting *waiting = client->first;
    client->first = waiting->next;
    if (client->first == NULL)
        client->last = NULL;
    client->on_the_way -= weight(waiting);
    return waiting;
}

static dits_error *hear(struct wire_client *client, struct wire_reply *out)
{
    for (;;) {
        dits_error *err = client->channel->ops->finish(
            client->channel, client->first->number, out);
        if (!is_break(err) || client->tries_itself)
            return err;
        wire_reply_release(out);
        TRY(connect_again(client, err));
    }
}

dits_error *wire_client_step(struct wire_client *client)
{
    CLEANUP(wire_reply_release) struct wire_reply reply = {0};
    CLEANUP(waiting_freep) struct wire_waiting *waiting = NULL;
    TRY(hear(client, &reply));
    waiting = take_first(client);
    client->failures = 0;
    client->carried += waiting->body.size + reply.body.size;
    dits_error *err =
        reply.status == 200
            ? NULL
            : wire_error_decode(reply.status, buf_slice(&reply.body));
    return waiting->call.on_answer(err, buf_slice(&reply.body),
                                   waiting->call.payload);
}

dits_error *wire_client_drain(struct wire_client *client)
{
    while (client->first != NULL)
        TRY(wire_client_step(client));
    return NULL;
}

struct asking {
    struct buf *reply;
    bool is_answered;
};

static dits_error *keep_answer(dits_error *err, struct slice body,
                               void *payload)
{
    struct asking *asking = payload;
    asking->is_answered = true;
    TRY(err);
    return buf_put(asking->reply, body.data, body.size);
}

dits_error *wire_client_ask(struct wire_client *client, const char *name,
                            struct buf *body, struct buf *reply)
{
    struct asking asking = {.reply = reply};
    const struct wire_call call = {
        .name = name, .on_answer = keep_answer, .payload = &asking};
    TRY(wire_client_start(client, &call, body));
    while (!asking.is_answered)
        TRY(wire_client_step(client));
    return NULL;
}
