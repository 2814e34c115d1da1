#include "cli/json.h"

#include <inttypes.h>

#include "base/json_text.h"
#include "cli/date.h"

static void put_string(FILE *out, const char *text)
{
    char character[JSON_TEXT_ROOM] = {0};
    fputc('"', out);
    while (*text != '\0') {
        text += json_text_next(text, character);
        fputs(character, out);
    }
    fputc('"', out);
}

static void put_oid(FILE *out, const struct dits_oid *id)
{
    char hex[DITS_OID_HEX_SIZE] = {0};
    dits_oid_hex(id, hex);
    put_string(out, hex);
}

static void put_name(struct json *json, const char *name)
{
    fputs(json->has_members ? ", " : "", json->out);
    put_string(json->out, name);
    fputs(": ", json->out);
    json->has_members = true;
}

struct json json_begin(FILE *out)
{
    fputc('{', out);
    return (struct json){.out = out};
}

void json_u64(struct json *json, const char *name, uint64_t value)
{
    put_name(json, name);
    fprintf(json->out, "%" PRIu64, value);
}

void json_i64(struct json *json, const char *name, int64_t value)
{
    put_name(json, name);
    fprintf(json->out, "%" PRId64, value);
}

void json_bool(struct json *json, const char *name, bool value)
{
    put_name(json, name);
    fputs(value ? "true" : "false", json->out);
}

void json_string(struct json *json, const char *name, const char *value)
{
    put_name(json, name);
    if (value != NULL)
        put_string(json->out, value);
    else
        fputs("null", json->out);
}

void json_oid(struct json *json, const char *name, const struct dits_oid *id)
{
    put_name(json, name);
    if (!dits_oid_is_zero(id))
        put_oid(json->out, id);
    else
        fputs("null", json->out);
}

void json_list_begin(struct json *json, const char *name)
{
    put_name(json, name);
    fputc('[', json->out);
    json->has_members = false;
}

static void next_item(struct json *json)
{
    fputs(json->has_members ? ", " : "", json->out);
    json->has_members = true;
}

void json_list_oid(struct json *json, const struct dits_oid *id)
{
    next_item(json);
    put_oid(json->out, id);
}

void json_list_string(struct json *json, const char *value)
{
    next_item(json);
    put_string(json->out, value);
}

void json_list_u64(struct json *json, uint64_t value)
{
    next_item(json);
    fprintf(json->out, "%" PRIu64, value);
}

void json_list_i64(struct json *json, int64_t value)
{
    next_item(json);
    fprintf(json->out, "%" PRId64, value);
}

void json_list_real(struct json *json, double value)
{
    next_item(json);
    fprintf(json->out, "%.6f", value);
}

void json_list_bool(struct json *json, bool value)
{
    next_item(json);
    fputs(value ? "true" : "false", json->out);
}

static uint64_t magnitude(int64_t number)
{
    return number < 0 ? -(uint64_t)number : (uint64_t)number;
}

/* In lowest terms, so that equal fractions are equal texts. */
static void put_ratio(FILE *out, int64_t num, int64_t den)
{
    uint64_t divisor = magnitude(den);
    uint64_t rest = magnitude(num);
    if (den == 0) {
        fputs("null", out);
        return;
    }
    while (rest != 0) {
        uint64_t next = divisor % rest;
        divisor = rest;
        rest = next;
    }
    fprintf(out, "\"%s%" PRIu64 "/%" PRIu64 "\"",
            num != 0 && (num < 0) != (den < 0) ? "-" : "",
            magnitude(num) / divisor, magnitude(den) / divisor);
}

void json_ratio(struct json *json, const char *name, int64_t num, int64_t den)
{
    put_name(json, name);
    put_ratio(json->out, num, den);
}

void json_list_ratio(struct json *json, int64_t num, int64_t den)
{
    next_item(json);
    put_ratio(json->out, num, den);
}

void json_list_end(struct json *json)
{
    fputc(']', json->out);
    json->has_members = true;
}

void json_object_begin(struct json *json, const char *name)
{
    put_name(json, name);
    fputc('{', json->out);
    json->has_members = false;
}

void json_list_object_begin(struct json *json)
{
    next_item(json);
    fputc('{', json->out);
    json->has_members = false;
}

void json_object_end(struct json *json)
{
    fputc('}', json->out);
    json->has_members = true;
}

void json_person(struct json *json, const char *prefix,
                 const struct dits_person *person)
{
    char name[32] = {0};
    char date[DATE_TEXT_SIZE] = {0};
    struct date_style style = {.format = DATE_ISO_STRICT};
    (void)snprintf(name, sizeof(name), "%s_name", prefix);
    json_string(json, name, person->name);
    (void)snprintf(name, sizeof(name), "%s_email", prefix);
    json_string(json, name, person->email);
    (void)snprintf(name, sizeof(name), "%s_time", prefix);
    date_format(&style, person->time, person->offset_minutes, date);
    json_string(json, name, date);
}

void json_end(struct json *json)
{
    fputs("}\n", json->out);
}
