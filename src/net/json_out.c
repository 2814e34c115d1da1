#include "net/json_out.h"

#include <inttypes.h>

#include "base/json_text.h"

/* Nothing is written after a failure. */
static void put(struct json_out *json, const char *text)
{
    if (json->failed == NULL)
        json->failed = buf_put_text(json->out, text);
}

static void put_string(struct json_out *json, const char *text)
{
    char character[JSON_TEXT_ROOM] = {0};
    put(json, "\"");
    while (*text != '\0') {
        text += json_text_next(text, character);
        put(json, character);
    }
    put(json, "\"");
}

static void next_item(struct json_out *json)
{
    put(json, json->has_members ? "," : "");
    json->has_members = true;
}

static void put_name(struct json_out *json, const char *name)
{
    next_item(json);
    put_string(json, name);
    put(json, ":");
}

static void open(struct json_out *json, const char *bracket)
{
    put(json, bracket);
    json->has_members = false;
}

static void shut(struct json_out *json, const char *bracket)
{
    put(json, bracket);
    json->has_members = true;
}

struct json_out json_out_begin(struct buf *out)
{
    struct json_out json = {.out = out};
    open(&json, "{");
    return json;
}

void json_out_text(struct json_out *json, const char *name, const char *value)
{
    put_name(json, name);
    if (value != NULL)
        put_string(json, value);
    else
        put(json, "null");
}

void json_out_i64(struct json_out *json, const char *name, int64_t value)
{
    put_name(json, name);
    if (json->failed == NULL)
        json->failed = buf_printf(json->out, "%" PRId64, value);
}

void json_out_bool(struct json_out *json, const char *name, bool value)
{
    put_name(json, name);
    put(json, value ? "true" : "false");
}

void json_out_object_begin(struct json_out *json, const char *name)
{
    put_name(json, name);
    open(json, "{");
}

void json_out_object_end(struct json_out *json)
{
    shut(json, "}");
}

void json_out_list_begin(struct json_out *json, const char *name)
{
    put_name(json, name);
    open(json, "[");
}

void json_out_list_text(struct json_out *json, const char *value)
{
    next_item(json);
    put_string(json, value);
}

void json_out_list_object_begin(struct json_out *json)
{
    next_item(json);
    open(json, "{");
}

void json_out_list_end(struct json_out *json)
{
    shut(json, "]");
}

dits_error *json_out_end(struct json_out *json)
{
    put(json, "}\n");
    return json->failed;
}
