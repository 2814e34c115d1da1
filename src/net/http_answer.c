#include <assert.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "net/http_request.h"

/* RFC 9110, section 5.6.7; in English wherever the server stands. */
static void write_date(int64_t seconds, char out[HTTP_DATE_ROOM])
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    time_t time = (time_t)seconds;
    struct tm tm = {0};
    (void)gmtime_r(&time, &tm);
    (void)snprintf(
        out, HTTP_DATE_ROOM, "%.3s, %02u %.3s %04u %02u:%02u:%02u GMT",
        days + (ptrdiff_t)3 * tm.tm_wday, (unsigned)tm.tm_mday % 100,
        months + (ptrdiff_t)3 * tm.tm_mon,
        (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)tm.tm_hour % 100,
        (unsigned)tm.tm_min % 100, (unsigned)tm.tm_sec % 100);
}

static void put(struct http_answer *answer, const char *name, const char *value)
{
    assert(answer->count < HTTP_ANSWER_FIELDS);
    answer->fields[answer->count++] = (struct exchange_header){name, value};
}

/* What makes an answer harmless in a browser, where the answer has no own. */
static const struct exchange_header careful[] = {
    {"cache-control", "no-store"},
    {"content-security-policy", "default-src 'none'"},
    {"referrer-policy", "no-referrer"},
    {"strict-transport-security", "max-age=31536000"},
    {"x-content-type-options", "nosniff"},
};

static bool is_set(const struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->header_count; i++) {
        if (strcmp(exchange->headers[i].name, name) == 0)
            return true;
    }
    return false;
}

void http_answer_make(const struct http_request *request, int64_t seconds,
                      struct http_answer *out)
{
    const struct exchange *exchange = &request->exchange;
    bool may_have_body = exchange->status != 204 && exchange->status != 304;
    out->count = 0;
    write_date(seconds, out->date);
    put(out, "date", out->date);
    if (may_have_body) {
        (void)snprintf(out->length, sizeof(out->length), "%zu",
                       exchange->reply.size);
        put(out, "content-length", out->length);
    }
    if (exchange->type != NULL && may_have_body)
        put(out, "content-type", exchange->type);
    for (size_t i = 0; i < sizeof(careful) / sizeof(careful[0]); i++) {
        if (!is_set(exchange, careful[i].name))
            put(out, careful[i].name, careful[i].value);
    }
    for (size_t i = 0; i < exchange->header_count; i++)
        put(out, exchange->headers[i].name, exchange->headers[i].value);
    out->has_body = may_have_body && !request->is_head &&
                    exchange->reply.size > 0;
}
