#include "net/json.h"

#include <jansson.h>

static const json_t *inside(const struct json_value *value)
{
    return (const json_t *)value;
}

/* Before a byte is read that would cost memory or stack. */
static bool is_deep(struct slice text)
{
    size_t depth = 0;
    bool is_text = false;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (is_text && c == '\\')
            i++;
        else if (c == '"')
            is_text = !is_text;
        else if (!is_text && (c == '{' || c == '['))
            depth++;
        else if (!is_text && (c == '}' || c == ']') && depth > 0)
            depth--;
        if (depth > JSON_MAX_DEPTH)
            return true;
    }
    return false;
}

dits_error *json_read(struct slice text, size_t max, struct json_value **out)
{
    json_error_t where = {.position = 0};
    if (text.size > max)
        return error_new(DITS_E_INVALID, "JSON of more than %zu bytes", max);
    if (is_deep(text))
        return error_new(DITS_E_INVALID, "JSON of more than %d levels",
                         JSON_MAX_DEPTH);
    json_t *root = json_loadb((const char *)text.data, text.size,
                              JSON_REJECT_DUPLICATES, &where);
    if (root == NULL && json_error_code(&where) == json_error_out_of_memory)
        return error_nomem();
    if (root == NULL)
        return error_new(DITS_E_INVALID, "no valid JSON at byte %d",
                         where.position);
    *out = (struct json_value *)root;
    return NULL;
}

void json_free(struct json_value *value)
{
    json_decref((json_t *)value);
}

void json_freep(struct json_value **value)
{
    json_free(*value);
}

const struct json_value *json_member(const struct json_value *value,
                                     const char *name)
{
    return (const struct json_value *)json_object_get(inside(value), name);
}

const struct json_value *json_item(const struct json_value *value, size_t index)
{
    return (const struct json_value *)json_array_get(inside(value), index);
}

const char *json_text(const struct json_value *value)
{
    return json_string_value(inside(value));
}

bool json_number(const struct json_value *value, int64_t *out)
{
    if (!json_is_integer(inside(value)))
        return false;
    *out = json_integer_value(inside(value));
    return true;
}

bool json_flag(const struct json_value *value, bool *out)
{
    if (!json_is_boolean(inside(value)))
        return false;
    *out = json_is_true(inside(value));
    return true;
}

size_t json_count(const struct json_value *value)
{
    return json_array_size(inside(value));
}
