/*
 * server/request_log.h - one line of JSON for each request
 *
 * It names routes, not paths, and nothing that came from a stranger: there is
 * no secret in it. While very many come only some are written, and the next
 * line says how many were not; failures of the server itself are all written.
 */
#ifndef SERVER_REQUEST_LOG_H
#define SERVER_REQUEST_LOG_H

#include <stdbool.h>

#include "server/id.h"

struct request_log_sink {
    /* A whole line, with its end. Called by one thread at a time. */
    void (*put)(const char *line, size_t size, void *payload);
    void *payload;
};

struct request_log_entry {
    int64_t time; /* microseconds since 1970 */
    int64_t microseconds;
    const char *request; /* its id */
    const char *method;  /* NULL: one that is not served */
    const char *route;
    const char *repository; /* NULL: none */
    int status;
    size_t bytes_in;
    size_t bytes_out;
    struct server_id account; /* zero: nobody that is known */
    const char *error;        /* of the server itself; NULL: none */
};

struct request_log;

MUST_USE dits_error *request_log_new(const struct request_log_sink *sink,
                                     struct request_log **out);
void request_log_free(struct request_log *log);
void request_log_freep(struct request_log **log);

/* Lines a second that are written of requests that did not fail. */
enum { REQUEST_LOG_RATE = 200 };

/* Any thread. A line that cannot be made is left out, and counted. */
void request_log_add(struct request_log *log,
                     const struct request_log_entry *entry);

#endif
