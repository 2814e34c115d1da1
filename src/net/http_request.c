#include "net/http_request.h"

#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"

dits_error *http_request_new(struct http_session *session, int64_t now,
                             struct http_request **out)
{
    struct http_request *request = mem_new(struct http_request);
    if (request == NULL)
        return error_nomem();
    exchange_init(&request->exchange);
    request->session = session;
    http_pace_start(&request->pace, now);
    *out = request;
    return NULL;
}

void http_request_free(struct http_request *request)
{
    if (request == NULL)
        return;
    exchange_release(&request->exchange);
    buf_release(&request->text);
    buf_release(&request->body);
    mem_free(request->starts);
    mem_free(request->fields);
    mem_free(request);
}

/* RFC 9110, section 5.6.2. */
static bool is_token(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        int c = text.data[i];
        bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && !text_is_letter(c) &&
            (c == '\0' || strchr("!#$%&'*+-.^_`|~", c) == NULL))
            return false;
    }
    return text.size > 0;
}

static bool is_value(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        int c = text.data[i];
        if ((c < ' ' && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

/* A path and perhaps a query, without what belongs into neither. */
static bool is_target(struct slice text)
{
    for (size_t i = 0; i < text.size; i++) {
        int c = text.data[i];
        if (c <= ' ' || c >= 0x7f || strchr("#\"<>\\^`{|}", c) != NULL)
            return false;
    }
    return text.size > 0 && text.data[0] == '/';
}

static int status_of(dits_error *err)
{
    dits_error_free(err);
    return err == NULL ? 0 : 503;
}

static dits_error *put_text(struct http_request *request, struct slice text,
                            size_t *out_start)
{
    *out_start = request->text.size;
    TRY(buf_put(&request->text, text.data, text.size));
    return buf_put_u8(&request->text, 0);
}

int http_request_method(struct http_request *request, struct slice method)
{
    if (!is_token(method) || method.size > 16)
        return 400;
    request->is_head = slice_equal(method, slice_of_text("HEAD"));
    return status_of(put_text(request, method, &request->method));
}

int http_request_target(struct http_request *request, struct slice target)
{
    if (!is_target(target))
        return 400;
    return status_of(put_text(request, target, &request->target));
}

static dits_error *put_field(struct http_request *request, struct slice name,
                             struct slice value)
{
    for (int i = 0; i < 2; i++) {
        size_t *starts = array_grown(request->starts, request->start_count,
                                     &request->start_capacity, sizeof(*starts));
        if (starts == NULL)
            return error_nomem();
        request->starts = starts;
        TRY(put_text(request, i == 0 ? name : value,
                     &starts[request->start_count++]));
    }
    size_t start = request->starts[request->start_count - 2];
    for (size_t i = start; i < start + name.size; i++)
        request->text.data[i] = (uint8_t)text_lower(request->text.data[i]);
    return NULL;
}

int http_request_field(struct http_request *request,
                       const struct http_limits *limits, struct slice name,
                       struct slice value)
{
    while (value.size > 0 && (value.data[value.size - 1] == ' ' ||
                              value.data[value.size - 1] == '\t'))
        value.size--;
    if (!is_token(name) || !is_value(value))
        return 400;
    if (request->text.size + name.size + value.size > limits->header_bytes ||
        request->start_count / 2 == limits->header_count)
        return 431;
    return status_of(put_field(request, name, value));
}

static const char *const single[] = {"authorization", "content-length",
                                     "content-type", "host",
                                     "transfer-encoding"};

static bool has_doubles(const struct http_request *request)
{
    const struct exchange *exchange = &request->exchange;
    for (size_t s = 0; s < sizeof(single) / sizeof(single[0]); s++) {
        unsigned seen = 0;
        for (size_t i = 0; i < exchange->field_count; i++)
            seen += strcmp(exchange->fields[i].name, single[s]) == 0;
        if (seen > 1)
            return true;
    }
    return false;
}

/* RFC 9110, section 8.6: digits alone. Absence is well too. */
static int read_length(struct http_request *request)
{
    const char *text = exchange_field(&request->exchange, "content-length");
    uint64_t size = 0;
    request->body_size = EXCHANGE_MAX_BODY;
    if (text == NULL)
        return 0;
    if (text[0] < '0' || text[0] > '9' || !text_to_u64(text, &size))
        return 400;
    if (size > EXCHANGE_MAX_BODY)
        return 413;
    request->body_size = (size_t)size;
    request->has_size = true;
    return 0;
}

int http_request_headers_done(struct http_request *request)
{
    struct exchange *exchange = &request->exchange;
    size_t count = request->start_count / 2;
    char *text = (char *)request->text.data;
    if (count > 0) {
        request->fields = mem_new_array(struct exchange_header, count);
        if (request->fields == NULL)
            return 503;
    }
    for (size_t i = 0; i < count; i++)
        request->fields[i] = (struct exchange_header){
            text + request->starts[2 * i], text + request->starts[2 * i + 1]};
    exchange->fields = request->fields;
    exchange->field_count = count;
    exchange->method = text + request->method;
    exchange->path = text + request->target;
    exchange->query = "";
    char *mark = strchr(text + request->target, '?');
    if (mark != NULL) {
        *mark = '\0';
        exchange->query = mark + 1;
    }
    return has_doubles(request) ? 400 : read_length(request);
}

int http_request_body_begin(struct http_request *request)
{
    if (!request->has_size)
        return 0;
    return status_of(buf_reserve(&request->body, request->body_size));
}

int http_request_body_add(struct http_request *request, struct slice bytes,
                          int64_t now)
{
    if (bytes.size > request->body_size - request->body.size)
        return request->has_size ? 400 : 413;
    http_pace_add(&request->pace, now, bytes.size);
    return status_of(buf_put(&request->body, bytes.data, bytes.size));
}

int http_request_body_done(struct http_request *request)
{
    if (request->has_size && request->body.size != request->body_size)
        return 400;
    request->exchange.body = buf_slice(&request->body);
    return 0;
}

void http_request_body_drop(struct http_request *request)
{
    request->exchange.body = (struct slice){0};
    buf_release(&request->body);
}

void http_request_refuse(struct http_request *request, int status)
{
    struct exchange *exchange = &request->exchange;
    struct exchange old = *exchange;
    exchange_release(exchange);
    exchange->method = old.method;
    exchange->path = old.path;
    exchange->query = old.query;
    exchange->fields = old.fields;
    exchange->field_count = old.field_count;
    exchange->peer = old.peer;
    exchange->status = status;
    if (status == 503)
        dits_error_free(exchange_set(exchange, "retry-after", "1"));
}

/* The table of RFC 9110, as far as we use it. */
static const struct {
    int status;
    const char *text;
} statuses[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

const char *http_status_text(int status)
{
    for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
        if (statuses[i].status == status)
            return statuses[i].text;
    }
    return "";
}
