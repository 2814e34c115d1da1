/*
 * One connection: bytes of its socket go through TLS to its session, and the
 * session's go back. All of it in the thread of its loop, which never waits.
 */
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/pool.h"
#include "net/http_loop.h"

enum {
    SEND_BATCH = 256 << 10, /* encrypted bytes that go in one call */
    SEND_TURN = 2 << 20,    /* before other connections have theirs */
};

enum stage {
    SHAKING,   /* hands, of TLS */
    OPEN,      /* there is a session */
    LINGERING, /* all is sent; the peer may still read */
};

struct http_connection {
    struct http_loop *loop;
    struct http_connection *next;
    struct http_connection *previous;
    int socket;
    struct event_watch *watch;
    struct socket_peer peer;
    enum stage stage;
    int64_t since; /* the stage, where it is bounded */
    struct tls *tls;
    struct http_host host;
    struct http_session *session;
    struct buf left;       /* plain bytes that the session does not take yet */
    struct slice pending;  /* that it gave, to be encrypted */
    struct http_pace pace; /* of what the peer reads */
    bool has_socket_ended; /* no more bytes come */
    bool has_ended;        /* no more plain ones */
};

static int64_t now(const struct http_connection *connection)
{
    return event_loop_now(connection->loop->events);
}

/* --- what a session asks for --- */

static enum http_turn admit(struct http_request *request, void *payload)
{
    struct http_connection *connection = payload;
    request->owner = connection->loop;
    return http_work_admit(connection->loop->hub->work, request);
}

static enum http_turn serve(struct http_request *request, void *payload)
{
    struct http_connection *connection = payload;
    request->owner = connection->loop;
    return http_work_serve(connection->loop->hub->work, request);
}

static void done(struct http_request *request, void *payload)
{
    struct http_connection *connection = payload;
    struct http_work *work = connection->loop->hub->work;
    atomic_store(&request->is_abandoned, true);
    if (request->stage == HTTP_SERVING ||
        (request->stage == HTTP_WAITING && !http_work_forget(work, request)))
        return; /* it comes back by the inbox, and ends there */
    http_work_release(work, request);
    http_request_free(request);
}

static void set_time(const struct http_connection *connection)
{
    struct http_session *session = connection->session;
    session->now = now(connection);
    session->seconds = (int64_t)time(NULL);
}

/* --- the end --- */

static void unlink_from_loop(struct http_connection *connection)
{
    struct http_loop *loop = connection->loop;
    if (connection->previous != NULL)
        connection->previous->next = connection->next;
    else
        loop->connections = connection->next;
    if (connection->next != NULL)
        connection->next->previous = connection->previous;
    if (loop->connections == NULL)
        event_loop_set_ticking(loop->events, loop->is_resting);
}

static void uncount(struct http_hub *hub, const struct socket_peer *peer)
{
    POOL_LOCKED(&hub->mutex);
    http_peers_remove(&hub->peers, peer->key);
    (void)pthread_cond_broadcast(&hub->changed);
}

void http_connection_close(struct http_connection *connection)
{
    if (connection->session != NULL)
        connection->session->type->free(connection->session);
    event_watch_close(connection->watch);
    socket_close(connection->socket);
    tls_free(connection->tls);
    buf_release(&connection->left);
    unlink_from_loop(connection);
    uncount(connection->loop->hub, &connection->peer);
    mem_free(connection);
}

static void fail(struct http_connection *connection, dits_error *err)
{
    http_hub_log(connection->loop->hub, DITS_LOG_DEBUG,
                 connection->peer.address, err);
    http_connection_close(connection);
}

/* --- bytes that come --- */

/* What the socket has, up to what there is room for. */
static dits_error *receive(struct http_connection *connection)
{
    size_t room = 0;
    size_t size = 0;
    uint8_t *at = tls_input_room(connection->tls, &room);
    if (at == NULL)
        return error_nomem();
    enum socket_answer answer =
        room == 0 ? SOCKET_LATER
                  : socket_receive(connection->socket, at, room, &size);
    tls_input_add(connection->tls, size);
    if (answer == SOCKET_ENDED) {
        connection->has_socket_ended = true;
        tls_input_end(connection->tls);
    }
    return NULL;
}

/* One record, or what was left of one, to the session. */
static dits_error *feed(struct http_connection *connection, bool *out_moved)
{
    struct http_session *session = connection->session;
    struct buf *left = &connection->left;
    size_t size = 0;
    *out_moved = false;
    if (left->size > 0) {
        size = session->type->receive(session, buf_slice(left));
        memmove(left->data, left->data + size, left->size - size);
        left->size -= size;
        *out_moved = size > 0;
        return NULL;
    }
    bool ended = false;
    uint8_t *record = connection->loop->record;
    if (connection->has_ended)
        return NULL;
    TRY(tls_read(connection->tls, record, TLS_RECORD, &size, &ended));
    *out_moved = size > 0 || ended;
    if (ended) {
        connection->has_ended = true;
        session->type->ended(session);
        return NULL;
    }
    if (size == 0)
        return NULL;
    size_t used = session->type->receive(session, slice_of(record, size));
    return buf_put(left, record + used, size - used);
}

/* --- bytes that go --- */

/* Encrypt what there is, up to a batch. */
static dits_error *fill(struct http_connection *connection)
{
    struct http_session *session = connection->session;
    struct slice *pending = &connection->pending;
    while (tls_output(connection->tls).size < SEND_BATCH) {
        if (pending->size == 0)
            *pending = session->type->output(session);
        if (pending->size == 0)
            return tls_flush(connection->tls);
        size_t size = pending->size < SEND_BATCH ? pending->size : SEND_BATCH;
        TRY(tls_write(connection->tls, slice_of(pending->data, size)));
        *pending = slice_of(pending->data + size, pending->size - size);
    }
    return NULL;
}

/* How many bytes the socket took. */
static dits_error *send_some(struct http_connection *connection,
                             size_t *out_size)
{
    struct slice output = tls_output(connection->tls);
    *out_size = 0;
    if (output.size == 0)
        return NULL;
    if (socket_send(connection->socket, output.data, output.size, out_size) ==
        SOCKET_ENDED)
        return error_new(DITS_E_NETWORK, "the peer is gone");
    tls_output_sent(connection->tls, *out_size);
    http_pace_add(&connection->pace, now(connection), *out_size);
    return NULL;
}

/* Until there is nothing to send, or the socket takes no more, or others
 * have their turn. */
static dits_error *pump(struct http_connection *connection, bool *out_moved)
{
    size_t turn = 0;
    size_t size = 1;
    *out_moved = false;
    while (size > 0 && turn < SEND_TURN) {
        if (tls_output(connection->tls).size == 0) {
            TRY(fill(connection));
            http_pace_start(&connection->pace, now(connection));
        }
        TRY(send_some(connection, &size));
        turn += size;
        *out_moved = *out_moved || size > 0;
    }
    return NULL;
}

/* --- stages --- */

static dits_error *shake(struct http_connection *connection)
{
    struct http_hub *hub = connection->loop->hub;
    bool is_done = false;
    size_t size = 0;
    dits_error *err = tls_handshake(connection->tls, &is_done);
    dits_error_free(send_some(connection, &size)); /* an alert, perhaps */
    TRY(err);
    if (!is_done)
        return connection->has_socket_ended
                   ? error_new(DITS_E_NETWORK, "the peer hung up")
                   : NULL;
    TRY((tls_is_http2(connection->tls) ? http2_new : http1_new)(
        &connection->host, &hub->limits, now(connection),
        &connection->session));
    connection->session->peer = connection->peer.address;
    connection->stage = OPEN;
    return NULL;
}

static dits_error *linger(struct http_connection *connection)
{
    size_t size = 0;
    tls_end(connection->tls);
    TRY(send_some(connection, &size));
    socket_end(connection->socket);
    buf_release(&connection->left);
    connection->stage = LINGERING;
    connection->since = now(connection);
    return NULL;
}

static dits_error *exchange(struct http_connection *connection)
{
    bool has_come = true;
    bool has_gone = true;
    set_time(connection);
    while (has_come || has_gone) {
        has_come = false;
        if (!connection->session->is_over)
            TRY(feed(connection, &has_come));
        TRY(pump(connection, &has_gone));
        /* The rest of a long answer is for the next turn. */
        if (tls_output(connection->tls).size > 0 ||
            connection->pending.size > 0)
            break;
    }
    if (connection->session->is_over && connection->pending.size == 0 &&
        tls_output(connection->tls).size == 0)
        return linger(connection);
    return NULL;
}

/* Away with what still comes. */
static void discard(struct http_connection *connection)
{
    size_t size = 0;
    if (socket_receive(connection->socket, connection->loop->record, TLS_RECORD,
                       &size) == SOCKET_ENDED)
        connection->has_socket_ended = true;
}

static bool wants_output(const struct http_connection *connection)
{
    return tls_output(connection->tls).size > 0 || connection->pending.size > 0;
}

static dits_error *watch(struct http_connection *connection)
{
    unsigned events = 0;
    if (!connection->has_socket_ended && connection->left.size == 0)
        events |= EVENT_READ;
    if (wants_output(connection))
        events |= EVENT_WRITE;
    return event_watch_set(connection->watch, events);
}

static dits_error *advance(struct http_connection *connection, unsigned events)
{
    if (connection->stage == LINGERING) {
        discard(connection);
        return NULL;
    }
    if ((events & EVENT_READ) != 0 && !connection->has_socket_ended)
        TRY(receive(connection));
    if (connection->stage == SHAKING)
        TRY(shake(connection));
    if (connection->stage == OPEN)
        TRY(exchange(connection));
    return watch(connection);
}

static void move_on(struct http_connection *connection, unsigned events)
{
    dits_error *err = advance(connection, events);
    if (err != NULL)
        fail(connection, err);
    else if (connection->stage == LINGERING && connection->has_socket_ended)
        http_connection_close(connection);
}

static void on_event(unsigned events, void *payload)
{
    move_on(payload, events);
}

/* --- from outside --- */

void http_connection_resume(struct http_connection *connection,
                            struct http_request *request)
{
    struct http_session *session = connection->session;
    set_time(connection);
    if (request->stage == HTTP_WAITING)
        session->type->admitted(session, request);
    else
        session->type->answered(session, request);
    move_on(connection, 0);
}

static bool is_late(const struct http_connection *connection)
{
    const struct http_limits *limits = &connection->loop->hub->limits;
    int64_t waited = now(connection) - connection->since;
    if (connection->stage == SHAKING)
        return waited > (int64_t)limits->handshake_ms;
    if (connection->stage == LINGERING)
        return waited > (int64_t)limits->linger_ms;
    return wants_output(connection) &&
           http_pace_is_slow(&connection->pace, now(connection),
                             limits->send_ms);
}

void http_connection_tick(struct http_connection *connection)
{
    struct http_session *session = connection->session;
    if (is_late(connection)) {
        http_connection_close(connection);
        return;
    }
    if (connection->stage != OPEN)
        return;
    set_time(connection);
    session->type->expire(session);
    if (!wants_output(connection))
        tls_rest(connection->tls);
    move_on(connection, 0);
}

void http_connection_drain(struct http_connection *connection)
{
    if (connection->stage != OPEN) {
        http_connection_close(connection);
        return;
    }
    set_time(connection);
    connection->session->type->drain(connection->session);
    move_on(connection, 0);
}

struct http_connection *http_connection_next(
    const struct http_connection *connection)
{
    return connection->next;
}

static void link_to_loop(struct http_connection *connection)
{
    struct http_loop *loop = connection->loop;
    connection->next = loop->connections;
    if (loop->connections != NULL)
        loop->connections->previous = connection;
    loop->connections = connection;
    event_loop_set_ticking(loop->events, true);
}

static struct tls_credentials *credentials(struct http_hub *hub)
{
    POOL_LOCKED(&hub->mutex);
    return tls_credentials_share(hub->credentials);
}

static dits_error *set_up(struct http_connection *connection)
{
    struct http_loop *loop = connection->loop;
    struct tls_credentials *pair = credentials(loop->hub);
    dits_error *err = tls_new(pair, loop->hub->tickets, &connection->tls);
    tls_credentials_free(pair);
    TRY(err);
    TRY(event_watch_new(loop->events, connection->socket, on_event, connection,
                        &connection->watch));
    return event_watch_set(connection->watch, EVENT_READ);
}

void http_connection_open(struct http_loop *loop, int socket,
                          const struct socket_peer *peer)
{
    struct http_connection *connection = mem_new(struct http_connection);
    if (connection == NULL) {
        socket_close(socket);
        uncount(loop->hub, peer);
        return;
    }
    connection->loop = loop;
    connection->socket = socket;
    connection->peer = *peer;
    connection->since = now(connection);
    connection->host = (struct http_host){
        .admit = admit, .serve = serve, .done = done, .payload = connection};
    link_to_loop(connection);
    dits_error *err = set_up(connection);
    if (err != NULL)
        fail(connection, err);
}
