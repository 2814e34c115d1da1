/*
 * cli/json.h - one JSON object per line
 *
 *     struct json json = json_begin(cli->out);
 *     json_u64(&json, "offset", offset);
 *     json_end(&json);
 *
 * What is printed is always valid JSON in UTF-8: control characters are
 * escaped, and bytes that are not UTF-8 become U+FFFD.
 */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <dits/commit.h>
#include <dits/oid.h>

struct json {
    FILE *out;
    bool has_members;
};

struct json json_begin(FILE *out);
void json_u64(struct json *json, const char *name, uint64_t value);
void json_i64(struct json *json, const char *name, int64_t value);
void json_bool(struct json *json, const char *name, bool value);

/* NULL becomes null. */
void json_string(struct json *json, const char *name, const char *value);

/* The zero id becomes null. */
void json_oid(struct json *json, const char *name, const struct dits_oid *id);

/* Ids between json_list_begin() and json_list_end(). */
void json_list_begin(struct json *json, const char *name);
void json_list_oid(struct json *json, const struct dits_oid *id);
void json_list_string(struct json *json, const char *value);
void json_list_u64(struct json *json, uint64_t value);
void json_list_end(struct json *json);

/* Members of an object that is itself a member, or an item of a list. */
void json_object_begin(struct json *json, const char *name);
void json_list_object_begin(struct json *json);
void json_object_end(struct json *json);

/* "num/den"; null without a denominator. */
void json_ratio(struct json *json, const char *name, int64_t num, int64_t den);
void json_list_ratio(struct json *json, int64_t num, int64_t den);
void json_list_i64(struct json *json, int64_t value);

/* Six digits after the point; finite. */
void json_list_real(struct json *json, double value);
void json_list_bool(struct json *json, bool value);

/* Two or three members: PREFIX_name, PREFIX_email, PREFIX_time as in RFC 3339.
 */
void json_person(struct json *json, const char *prefix,
                 const struct dits_person *person);

void json_end(struct json *json);

#endif
