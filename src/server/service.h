/*
 * server/service.h - what all requests of a server share
 *
 * It knows nothing of sockets: service_serve() is an exchange_fn. Any thread.
 */
#ifndef SERVER_SERVICE_H
#define SERVER_SERVICE_H

#include "net/exchange.h"
#include "server/account.h"
#include "server/counters.h"
#include "server/db_pool.h"
#include "server/password.h"
#include "server/request_log.h"
#include "server/throttle.h"

/* A call of the sync protocol on one repository, of one who may make it. */
struct service_call {
    const char *folder; /* of the repository */
    const char *call;   /* what follows it in the path */
    const struct account *account;
    bool may_write;
};

/* Whoever answers the calls on repositories. */
struct service_sync {
    bool (*writes)(const char *call);
    bool (*publishes)(const char *call); /* others see it: for the audit log */
    dits_error *(*answer)(const struct service_call *call,
                          struct exchange *exchange, void *payload);
    void *payload;
};

struct service_clock {
    int64_t (*now)(void *payload); /* microseconds since 1970 */
    void *payload;
};

struct service_options {
    const char *folder; /* with its ditsd.db */
    const struct crypt_cost *cost;
    const struct service_sync *sync; /* NULL: no repository is served */
    struct service_clock clock;      /* zero: the system's */
    struct request_log_sink sink;    /* zero: there is no log */
};

struct service {
    char *folder;
    struct service_sync sync; /* zero: none */
    struct service_clock clock;
    struct password_rules passwords;
    struct db_pool *databases;
    struct throttle *throttle;
    struct request_log *log;
    struct counters counters;
    pthread_mutex_t mutex;
    unsigned signing_in; /* under the mutex */
};

/* Passwords that are tried at once: each takes 64 MiB. */
enum { SERVICE_SIGN_INS = 4 };

MUST_USE dits_error *service_new(const struct service_options *options,
                                 struct service **out);
void service_free(struct service *service);
void service_freep(struct service **service);

/* An exchange_fn; `payload` is the service. */
MUST_USE dits_error *service_serve(struct exchange *exchange, void *payload);

#endif
