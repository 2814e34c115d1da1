/*
 * server/answer.h - what is said to who asked
 */
#ifndef SERVER_ANSWER_H
#define SERVER_ANSWER_H

#include "net/json_out.h"
#include "server/request.h"

/* An answer of JSON: fill it in, end it with json_out_end(). */
struct json_out answer_begin(struct request *request, int status);

/* {"error": "…", "request": "…"} in place of what there is. `why` is one of
 * our own texts, or an error's that tells nothing of this host. */
MUST_USE dits_error *answer_refuse(struct request *request, int status,
                                   const char *why);

/* 429 or 503: to come back after so many seconds. */
MUST_USE dits_error *answer_later(struct request *request, int status,
                                  unsigned seconds);

#endif
