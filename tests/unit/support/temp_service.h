/*
 * tests/unit/support/temp_service.h - a service that answers without sockets
 */
#ifndef SUPPORT_TEMP_SERVICE_H
#define SUPPORT_TEMP_SERVICE_H

#include <stdatomic.h>

#include "server/repository.h"
#include "server/service.h"
#include "server/tokens.h"
#include "support/temp_server.h"

#define TEMP_PASSWORD "correct horse battery"

struct temp_service {
    struct temp_server server;
    struct service *service;
    int64_t now;           /* microseconds; a test moves it */
    struct buf log;        /* all lines */
    atomic_uint calls;     /* that came to a repository */
    atomic_bool may_write; /* as the last of them was told */
    bool call_fails;
};

/* With nobody in it. Calls "write" and "publish" write, the latter for all to
 * see. Passwords are cheap. */
MUST_USE dits_error *temp_service_make(struct temp_service *out);
void temp_service_release(struct temp_service *temp);

/* An account with TEMP_PASSWORD. */
MUST_USE dits_error *temp_service_account(struct temp_service *temp,
                                          const char *name,
                                          struct account *out);
MUST_USE dits_error *temp_service_token(struct temp_service *temp,
                                        const struct account *account,
                                        unsigned actions, struct token *out,
                                        char text[TOKEN_TEXT_SIZE]);

/* One request. NULL: without that field. */
struct temp_request {
    const char *method;
    const char *path;
    const char *token;
    const char *body; /* as JSON */
    const char *peer; /* NULL: 127.0.0.1 */
    const char *name; /* of one more field */
    const char *value;
};

/* Ask, and give the status; -1: it failed. `out` gets the answer. */
int temp_service_ask(struct temp_service *temp, const struct temp_request *what,
                     struct exchange *out);

/* The status alone. */
int temp_service_status(struct temp_service *temp,
                        const struct temp_request *what);

/* How many rows the audit log has of an action that was allowed, or not. */
int64_t temp_service_audited(struct temp_service *temp, const char *action,
                             bool allowed);

#endif
