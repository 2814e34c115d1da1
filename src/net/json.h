/*
 * net/json.h - JSON that came from outside
 *
 * The only file that knows jansson. Strict (RFC 8259): UTF-8, no name twice in
 * an object, no NUL inside a text, nothing behind the value.
 */
#ifndef NET_JSON_H
#define NET_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* Objects and lists inside each other. */
enum { JSON_MAX_DEPTH = 32 };

struct json_value;

/*
 * Read an object or a list of at most `max` bytes. Errors: INVALID, saying
 * where and never what stands there: it may be a secret.
 */
MUST_USE dits_error *json_read(struct slice text, size_t max,
                               struct json_value **out);
void json_free(struct json_value *value);
void json_freep(struct json_value **value);

/*
 * What is inside, borrowed. NULL and false: there is no such thing, or `value`
 * is NULL or of another kind, so that calls can stand inside each other.
 */
const struct json_value *json_member(const struct json_value *value,
                                     const char *name);
const struct json_value *json_item(const struct json_value *value,
                                   size_t index);
const char *json_text(const struct json_value *value);
bool json_number(const struct json_value *value, int64_t *out);
bool json_flag(const struct json_value *value, bool *out);

/* Of a list; 0 of anything else. */
size_t json_count(const struct json_value *value);

#endif
