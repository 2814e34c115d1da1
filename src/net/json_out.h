/*
 * net/json_out.h - JSON that goes out
 *
 *     struct json_out json = json_out_begin(&exchange->reply);
 *     json_out_text(&json, "name", account->name);
 *     TRY(json_out_end(&json));
 *
 * An error is kept until json_out_end(), which has to be called.
 */
#ifndef NET_JSON_OUT_H
#define NET_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct json_out {
    struct buf *out;
    bool has_members;
    dits_error *failed;
};

struct json_out json_out_begin(struct buf *out);

/* NULL becomes null. */
void json_out_text(struct json_out *json, const char *name, const char *value);
void json_out_i64(struct json_out *json, const char *name, int64_t value);
void json_out_bool(struct json_out *json, const char *name, bool value);

/* What is inside of an object or a list that is itself a member. */
void json_out_object_begin(struct json_out *json, const char *name);
void json_out_object_end(struct json_out *json);
void json_out_list_begin(struct json_out *json, const char *name);
void json_out_list_text(struct json_out *json, const char *value);
void json_out_list_object_begin(struct json_out *json);
void json_out_list_end(struct json_out *json);

/* Errors: NOMEM, LIMIT. */
MUST_USE dits_error *json_out_end(struct json_out *json);

#endif
