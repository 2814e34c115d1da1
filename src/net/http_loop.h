/*
 * net/http_loop.h - inside the server: what its threads share
 *
 * A hub is what all loops share, a loop one thread with its connections. A
 * connection belongs to its loop; requests come back to it by the loop's inbox.
 */
#ifndef NET_HTTP_LOOP_H
#define NET_HTTP_LOOP_H

#include <dits/context.h>
#include <pthread.h>

#include "net/event_loop.h"
#include "net/http_peers.h"
#include "net/http_session.h"
#include "net/http_work.h"
#include "net/tls.h"

enum http_phase {
    HTTP_RUNNING,
    HTTP_DRAINING, /* what goes on may end */
    HTTP_CLOSING,  /* no connection stays */
    HTTP_ENDING,   /* and no loop */
};

struct http_hub {
    struct http_limits limits;
    struct http_work *work;
    struct tls_tickets *tickets;
    dits_log_fn *log;
    void *log_payload;
    pthread_cond_t
        changed; /* the number of connections or of listening loops */
    pthread_mutex_t mutex;
    /* Under the mutex: */
    enum http_phase phase;
    struct tls_credentials *credentials;
    struct http_peers peers;
    int listener;       /* closed by the last loop that listens */
    unsigned listening; /* loops */
    unsigned long long accepted;
    unsigned long long turned_away;
};

/* NULL as `err` is allowed, and taken over. */
void http_hub_log(const struct http_hub *hub, enum dits_log_level level,
                  const char *what, dits_error *err);
enum http_phase http_hub_phase(struct http_hub *hub);

struct http_connection;

struct http_loop {
    struct http_hub *hub;
    struct event_loop *events;
    struct event_watch *listening; /* NULL: no more */
    bool is_resting;               /* there are no descriptors to accept with */
    struct http_connection *connections;
    uint8_t record[TLS_RECORD]; /* plain bytes, for a moment */
    pthread_mutex_t mutex;
    /* Under the mutex: requests that came back, the last one first. */
    struct http_request *inbox;
};

MUST_USE dits_error *http_loop_new(struct http_hub *hub,
                                   struct http_loop **out);

/* Until the phase is HTTP_ENDING. */
void http_loop_run(struct http_loop *loop);
void http_loop_free(struct http_loop *loop);

/* The phase is another. Any thread. */
void http_loop_wake(struct http_loop *loop);

/* As the `back` of http_work_options: into the inbox of the request's loop. */
void http_loop_return(struct http_request *request, void *unused);

/* --- connections --- */

/* Takes the descriptor over. */
void http_connection_open(struct http_loop *loop, int socket,
                          const struct socket_peer *peer);

/* In the list of its loop. */
struct http_connection *http_connection_next(
    const struct http_connection *connection);

/* Each of these may end the connection, which is then freed. */
void http_connection_tick(struct http_connection *connection);
void http_connection_drain(struct http_connection *connection);
void http_connection_close(struct http_connection *connection);

/* A request of it came back: memory was found for it, or it is answered. */
void http_connection_resume(struct http_connection *connection,
                            struct http_request *request);

#endif
