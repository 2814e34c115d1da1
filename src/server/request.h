/*
 * server/request.h - one request on its way through the server
 */
#ifndef SERVER_REQUEST_H
#define SERVER_REQUEST_H

#include "net/json.h"
#include "server/address.h"
#include "server/audit.h"
#include "server/repository.h"
#include "server/service.h"
#include "server/tokens.h"

struct route;

enum { REQUEST_ID_SIZE = 17, REQUEST_JSON_MAX = 64 * 1024 };

struct request {
    struct service *service;
    struct exchange *exchange;
    const struct route *route;
    struct db *db; /* NULL until request_open() */
    int64_t now;   /* seconds since 1970 */
    int64_t began; /* microseconds since 1970 */
    char id[REQUEST_ID_SIZE];
    char peer[ADDRESS_SIZE];    /* for limits */
    char network[ADDRESS_SIZE]; /* for what is kept */
    /* Who asks, once that is known. */
    bool is_signed_in;
    struct account account;
    struct token token;
    int64_t version; /* of the token */
    /* Of a call on a repository that may be made: */
    struct repository repository;
    const char *call; /* borrowed from the path */
    bool may_write;
};

void request_begin(struct request *request);

/* Take a handle of the database, unless there is one already. */
MUST_USE dits_error *request_open(struct request *request);

/* From this host itself, and not through a proxy. */
bool request_is_local(const struct request *request);

/* Neither GET nor HEAD. */
bool request_may_change(const struct request *request);

/* The body as an object; the answer is 400, and `*out` NULL, when it is none.
 */
MUST_USE dits_error *request_json(struct request *request,
                                  struct json_value **out);

/* Milliseconds, for the throttle. */
int64_t request_clock(const struct request *request);

/*
 * Add a row about this request to the audit log, with what is in `what`:
 * action, resource, allowed, reason, and account and name where they are not
 * those of who asks. In the transaction of the change.
 */
MUST_USE dits_error *request_audit(struct request *request,
                                   const struct audit_entry *what);

/* The same, in a transaction of its own. */
MUST_USE dits_error *request_audit_alone(struct request *request,
                                         const struct audit_entry *what);

#endif
