#include "net/http_server.h"

#include <time.h>

#include "base/mem.h"
#include "base/pool.h"
#include "base/text.h"
#include "net/http_loop.h"

enum { MOST_LOOPS = 16, DEFAULT_LOOPS = 4, DEFAULT_THREADS = 32 };

struct http_server {
    struct http_hub hub;
    char *certificate;
    char *key;
    uint16_t port;
    struct http_loop *loops[MOST_LOOPS];
    struct pool *threads[MOST_LOOPS];
    unsigned loop_count;
};

static void log_failure(const struct http_request *request,
                        const dits_error *err, void *payload)
{
    const struct http_hub *hub = payload;
    CLEANUP(buf_release) struct buf text = {0};
    dits_error *failed = buf_printf(&text, "%s %s", request->exchange.method,
                                    request->exchange.path);
    for (const dits_error *at = err; failed == NULL && at != NULL;
         at = dits_error_cause(at))
        failed = buf_printf(&text, ": %s", dits_error_message(at));
    http_hub_log(hub, DITS_LOG_WARN, buf_text(&text), NULL);
    dits_error_free(failed);
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

static dits_error *start_work(struct http_server *server,
                              const struct http_server_options *options)
{
    const struct http_work_options work = {
        .limits = &server->hub.limits,
        .threads = options->threads != 0
                       ? options->threads
                       : least(4 * pool_processors(), DEFAULT_THREADS),
        .serve = options->serve,
        .payload = options->payload,
        .back = http_loop_return,
        .failed = log_failure,
        .back_payload = &server->hub,
    };
    return http_work_start(&work, &server->hub.work);
}

static dits_error *run_loop(unsigned worker, void *payload)
{
    (void)worker;
    http_loop_run(payload);
    return NULL;
}

/* All of them listen before the first one runs. */
static dits_error *start_loops(struct http_server *server, unsigned wanted)
{
    struct pool_set here = {0};
    unsigned count = wanted != 0 ? least(wanted, MOST_LOOPS)
                                 : least(pool_processors(), DEFAULT_LOOPS);
    pool_here(&here);
    for (unsigned i = 0; i < count; i++) {
        TRY(http_loop_new(&server->hub, &server->loops[i]));
        server->loop_count++;
        server->hub.listening++;
    }
    for (unsigned i = 0; i < count; i++)
        TRY(pool_start(1, &here, run_loop, server->loops[i],
                       &server->threads[i]));
    return NULL;
}

static void set_up_locks(struct http_hub *hub)
{
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&hub->changed, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    (void)pthread_mutex_init(&hub->mutex, NULL);
}

static dits_error *start(struct http_server *server,
                         const struct http_server_options *options)
{
    struct http_hub *hub = &server->hub;
    TRY(text_copy(options->certificate, &server->certificate));
    TRY(text_copy(options->key, &server->key));
    TRY(tls_credentials_load(server->certificate, server->key,
                             &hub->credentials));
    TRY(tls_tickets_new(&hub->tickets));
    TRY(socket_listen(options->address, options->port, &hub->listener,
                      &server->port));
    TRY(start_work(server, options));
    return start_loops(server, options->loops);
}

dits_error *http_server_start(const struct http_server_options *options,
                              struct http_server **out)
{
    struct http_server *server = mem_new(struct http_server);
    if (server == NULL)
        return error_nomem();
    server->hub.limits = http_limits_whole(options->limits);
    server->hub.log = options->log;
    server->hub.log_payload = options->log_payload;
    server->hub.listener = -1;
    set_up_locks(&server->hub);
    dits_error *err = start(server, options);
    if (err != NULL) {
        http_server_free(server);
        return err;
    }
    *out = server;
    return NULL;
}

uint16_t http_server_port(const struct http_server *server)
{
    return server->port;
}

dits_error *http_server_reload(struct http_server *server)
{
    struct http_hub *hub = &server->hub;
    struct tls_credentials *fresh = NULL;
    TRY(tls_credentials_load(server->certificate, server->key, &fresh));
    POOL_LOCKED(&hub->mutex);
    tls_credentials_free(hub->credentials);
    hub->credentials = fresh;
    return NULL;
}

/* --- the end --- */

static void enter(struct http_server *server, enum http_phase phase)
{
    struct http_hub *hub = &server->hub;
    POOL_LOCKED(&hub->mutex);
    if (phase > hub->phase)
        hub->phase = phase;
    for (unsigned i = 0; i < server->loop_count; i++)
        http_loop_wake(server->loops[i]);
}

static struct timespec after(unsigned wait_ms)
{
    struct timespec at = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    long nanoseconds = at.tv_nsec + (long)(wait_ms % 1000) * 1000000;
    at.tv_sec += (time_t)(wait_ms / 1000) + nanoseconds / 1000000000;
    at.tv_nsec = nanoseconds % 1000000000;
    return at;
}

bool http_server_drain(struct http_server *server, unsigned wait_ms)
{
    struct http_hub *hub = &server->hub;
    struct timespec until = after(wait_ms);
    enter(server, HTTP_DRAINING);
    POOL_LOCKED(&hub->mutex);
    int result = 0;
    while ((hub->peers.total > 0 || hub->listening > 0) && result == 0)
        result = pthread_cond_timedwait(&hub->changed, &hub->mutex, &until);
    return hub->peers.total == 0;
}

static void wait_until_closed(struct http_hub *hub)
{
    POOL_LOCKED(&hub->mutex);
    while (hub->peers.total > 0)
        (void)pthread_cond_wait(&hub->changed, &hub->mutex);
}

/* A loop that got no thread ends in ours. */
static void end_loops(struct http_server *server)
{
    enter(server, HTTP_ENDING);
    for (unsigned i = 0; i < server->loop_count; i++) {
        if (server->threads[i] == NULL)
            http_loop_run(server->loops[i]);
        dits_error_free(pool_join(server->threads[i])); /* none fails */
        http_loop_free(server->loops[i]);
    }
}

void http_server_free(struct http_server *server)
{
    if (server == NULL)
        return;
    struct http_hub *hub = &server->hub;
    enter(server, HTTP_CLOSING);
    wait_until_closed(hub);
    if (hub->work != NULL)
        http_work_stop(hub->work);
    end_loops(server);
    http_work_free(hub->work);
    socket_close(hub->listener);
    tls_credentials_free(hub->credentials);
    tls_tickets_free(hub->tickets);
    http_peers_release(&hub->peers);
    (void)pthread_cond_destroy(&hub->changed);
    (void)pthread_mutex_destroy(&hub->mutex);
    text_free(&server->certificate);
    text_free(&server->key);
    mem_free(server);
}

static void count_connections(struct http_hub *hub,
                              struct http_server_counts *out)
{
    POOL_LOCKED(&hub->mutex);
    out->connections = hub->peers.total;
    out->accepted = hub->accepted;
    out->turned_away = hub->turned_away;
}

void http_server_count(struct http_server *server,
                       struct http_server_counts *out)
{
    struct http_work_counts work = {0};
    count_connections(&server->hub, out);
    http_work_count(server->hub.work, &work);
    out->exchanges = work.served;
    out->running = work.running;
    out->queued = work.queued;
    out->waiting = work.waiting;
    out->body_bytes = work.body_bytes;
    out->reply_bytes = work.reply_bytes;
}
