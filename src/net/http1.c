/*
 * HTTP/1.1, strictly (RFC 9112). The header section is collected first and
 * looked over line by line: what two readers might take in two ways (a line
 * that ends in LF alone, folded lines, spaces before a colon) is refused, and
 * the connection with it. llhttp, the only user of which is this file, takes it
 * apart and finds where bodies end.
 */
#include <llhttp.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "net/http_session.h"

enum phase {
    IN_HEAD,  /* between exchanges, or within the header section */
    IN_WAIT,  /* for memory for the body */
    IN_BODY,  /* of the request */
    IN_WORK,  /* somebody makes the answer */
    IN_REPLY, /* the answer is sent */
};

/* What the last call of output() gave. */
enum given { GAVE_NOTHING, GAVE_HEAD, GAVE_BODY };

struct http1 {
    struct http_session session;
    llhttp_t parser;
    enum phase phase;
    enum given given;
    struct buf head;     /* of a request, as far as it came */
    int64_t since;       /* that its first byte came, or the last answer went */
    bool is_first;       /* nothing was answered yet */
    bool is_kept;        /* the connection outlives this exchange */
    bool has_peer_ended; /* it sends no more */
    int status;          /* with which a callback refused; 0: it did not */
    struct slice name, value;
    struct http_request *request;
    bool invites;   /* the peer waits for a word before it sends a body */
    struct buf out; /* the header section of the answer */
    struct http_answer answer;
};

static struct http1 *self(struct http_session *session)
{
    return (struct http1 *)session;
}

/* --- what llhttp finds --- */

static struct slice as_slice(const char *at, size_t length)
{
    return slice_of(at, length);
}

static int refuse(struct http1 *http, int status)
{
    if (http->status == 0)
        http->status = status;
    return status == 0 ? HPE_OK : HPE_USER;
}

static int on_method(llhttp_t *parser, const char *at, size_t length)
{
    struct http1 *http = parser->data;
    return refuse(http,
                  http_request_method(http->request, as_slice(at, length)));
}

static int on_url(llhttp_t *parser, const char *at, size_t length)
{
    struct http1 *http = parser->data;
    return refuse(http,
                  http_request_target(http->request, as_slice(at, length)));
}

/* A header section without a body behind it ends in no field at all. */
static int on_header_field(llhttp_t *parser, const char *at, size_t length)
{
    struct http1 *http = parser->data;
    http->name = as_slice(at, length);
    http->value = (struct slice){0};
    return http->phase == IN_HEAD ? HPE_OK : refuse(http, 400);
}

static int on_header_value(llhttp_t *parser, const char *at, size_t length)
{
    struct http1 *http = parser->data;
    if (http->value.size > 0)
        return refuse(http, 400);
    http->value = as_slice(at, length);
    return HPE_OK;
}

static int on_header_value_complete(llhttp_t *parser)
{
    struct http1 *http = parser->data;
    return refuse(http, http_request_field(http->request, http->session.limits,
                                           http->name, http->value));
}

static int on_headers_complete(llhttp_t *parser)
{
    parser->upgrade = 0; /* to what, we do not know */
    return HPE_PAUSED;
}

static int on_body(llhttp_t *parser, const char *at, size_t length)
{
    struct http1 *http = parser->data;
    return refuse(http,
                  http_request_body_add(http->request, as_slice(at, length),
                                        http->session.now));
}

/* They say nothing to anybody, and have no bounds. */
static int on_chunk_extension(llhttp_t *parser, const char *at, size_t length)
{
    (void)at;
    (void)length;
    return refuse(parser->data, 400);
}

static int on_message_complete(llhttp_t *parser)
{
    (void)parser;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_method = on_method,
    .on_url = on_url,
    .on_header_field = on_header_field,
    .on_header_value = on_header_value,
    .on_header_value_complete = on_header_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_chunk_extension_name = on_chunk_extension,
    .on_message_complete = on_message_complete,
};

/* --- answers --- */

static dits_error *write_head(struct http1 *http)
{
    const struct http_answer *answer = &http->answer;
    struct buf *out = &http->out;
    int status = http->request->exchange.status;
    TRY(buf_printf(out, "HTTP/1.1 %d %s\r\n", status,
                   http_status_text(status)));
    for (size_t i = 0; i < answer->count; i++)
        TRY(buf_printf(out, "%s: %s\r\n", answer->fields[i].name,
                       answer->fields[i].value));
    if (!http->is_kept)
        TRY(buf_put_text(out, "connection: close\r\n"));
    return buf_put_text(out, "\r\n");
}

static void end(struct http1 *http)
{
    http->session.is_over = true;
}

static void answer(struct http1 *http)
{
    struct http_request *request = http->request;
    http->is_kept = http->is_kept && !http->session.is_draining &&
                    !http->has_peer_ended;
    http_answer_make(request, http->session.seconds, &http->answer);
    request->stage = HTTP_ANSWERING;
    http->phase = IN_REPLY;
    dits_error *err = write_head(http);
    if (err != NULL)
        end(http);
    dits_error_free(err);
}

/* Answer with a status alone; nothing that comes behind it can be trusted. */
static void give_up(struct http1 *http, int status)
{
    http->is_kept = false;
    if (http->request == NULL || http->phase == IN_WORK) {
        end(http);
        return;
    }
    http_request_body_drop(http->request);
    http_request_refuse(http->request, status);
    answer(http);
}

/* --- the header section --- */

static bool is_name(int c)
{
    return (c >= '0' && c <= '9') || text_is_letter(c) ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* "GET /path HTTP/1.1": two spaces, each by itself. */
static bool is_request_line(struct slice line)
{
    unsigned spaces = 0;
    for (size_t i = 0; i < line.size; i++) {
        bool is_space = line.data[i] == ' ';
        if (line.data[i] == '\t' ||
            (is_space && i > 0 && line.data[i - 1] == ' '))
            return false;
        spaces += is_space;
    }
    return spaces == 2;
}

static bool is_field_line(struct slice line)
{
    size_t name = 0;
    while (name < line.size && is_name(line.data[name]))
        name++;
    return name > 0 && name < line.size && line.data[name] == ':';
}

/* One line without its end. */
static bool is_line(struct slice line, bool is_first)
{
    for (size_t i = 0; i < line.size; i++) {
        if ((line.data[i] < ' ' && line.data[i] != '\t') ||
            line.data[i] == 0x7f)
            return false;
    }
    return is_first ? is_request_line(line) : is_field_line(line);
}

/* All lines but the empty one at the end. */
static bool is_strict(struct slice head)
{
    bool is_first = true;
    for (size_t at = 0; at + 2 < head.size;) {
        const uint8_t *lf = memchr(head.data + at, '\n', head.size - at);
        size_t size = lf == NULL ? 0 : (size_t)(lf - head.data) - at;
        if (size < 2 || head.data[at + size - 1] != '\r' ||
            !is_line(slice_of(head.data + at, size - 1), is_first))
            return false;
        at += size + 1;
        is_first = false;
    }
    return !is_first;
}

static bool is_equal(const char *a, const char *b)
{
    while (*a != '\0' && text_lower(*a) == text_lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

/* Where the body ends has to be beyond doubt (RFC 9112, section 6.3). */
static int check_framing(struct http1 *http)
{
    struct http_request *request = http->request;
    const char *coding =
        exchange_field(&request->exchange, "transfer-encoding");
    if (coding != NULL)
        return request->has_size || http->parser.http_minor == 0 ? 400
               : is_equal(coding, "chunked")                     ? 0
                                                                 : 501;
    if (!request->has_size)
        request->body_size = 0;
    request->has_size = true;
    return 0;
}

static int check_head(struct http1 *http)
{
    const struct exchange *exchange = &http->request->exchange;
    const char *expect = exchange_field(exchange, "expect");
    if (http->parser.http_major != 1 || http->parser.http_minor > 1)
        return 505;
    if (http->parser.http_minor == 1 &&
        exchange_field(exchange, "host") == NULL)
        return 400;
    if (expect != NULL && !is_equal(expect, "100-continue"))
        return 417;
    return check_framing(http);
}

static int parse_head(struct http1 *http)
{
    struct slice head = buf_slice(&http->head);
    if (!is_strict(head))
        return 400;
    llhttp_init(&http->parser, HTTP_REQUEST, &settings);
    http->parser.data = http;
    llhttp_errno_t result =
        llhttp_execute(&http->parser, (const char *)head.data, head.size);
    if (result != HPE_PAUSED)
        return http->status != 0 ? http->status : 400;
    llhttp_resume(&http->parser);
    http->is_kept = llhttp_should_keep_alive(&http->parser) != 0;
    int status = http_request_headers_done(http->request);
    return status != 0 ? status : check_head(http);
}

/* --- the body --- */

static void serve(struct http1 *http)
{
    const struct http_host *host = http->session.host;
    int status = http_request_body_done(http->request);
    if (status != 0) {
        give_up(http, status);
        return;
    }
    http->phase = IN_WORK;
    http->request->stage = HTTP_SERVING;
    if (host->serve(http->request, host->payload) != HTTP_FULL)
        return;
    http_request_body_drop(http->request);
    http_request_refuse(http->request, 503);
    answer(http);
}

/* How many of the bytes are the request's. */
static size_t take_body(struct http1 *http, struct slice bytes)
{
    const char *at = (const char *)bytes.data;
    llhttp_errno_t result = llhttp_execute(&http->parser, at, bytes.size);
    if (result == HPE_OK)
        return bytes.size;
    if (result != HPE_PAUSED) {
        give_up(http, http->status != 0 ? http->status : 400);
        return bytes.size;
    }
    size_t used = (size_t)(llhttp_get_error_pos(&http->parser) - at);
    serve(http);
    return used;
}

static void begin_body(struct http1 *http)
{
    static const uint8_t nothing[1] = {0};
    int status = http_request_body_begin(http->request);
    const char *expect = exchange_field(&http->request->exchange, "expect");
    http->invites = expect != NULL && http->parser.http_minor == 1 &&
                    http->request->body_size > 0;
    http->request->stage = HTTP_RECEIVING;
    http->phase = IN_BODY;
    http_pace_start(&http->request->pace, http->session.now);
    if (status != 0)
        give_up(http, status);
    else
        (void)take_body(http, slice_of(nothing, 0));
}

static enum http_turn ask_for_memory(struct http1 *http)
{
    const struct http_host *host = http->session.host;
    return http->request->body_size == 0
               ? HTTP_NOW
               : host->admit(http->request, host->payload);
}

static void begin(struct http1 *http)
{
    dits_error *err =
        http_request_new(&http->session, http->session.now, &http->request);
    if (err != NULL) {
        dits_error_free(err);
        end(http);
        return;
    }
    http->request->exchange.peer = http->session.peer;
    http->status = 0;
    int status = parse_head(http);
    buf_release(&http->head);
    if (status != 0) {
        give_up(http, status);
        return;
    }
    enum http_turn turn = ask_for_memory(http);
    if (turn == HTTP_NOW) {
        begin_body(http);
        return;
    }
    if (turn == HTTP_FULL) {
        give_up(http, 503);
        return;
    }
    http->request->stage = HTTP_WAITING;
    http->phase = IN_WAIT;
}

/* --- bytes that come --- */

static void refuse_head(struct http1 *http, int status)
{
    buf_release(&http->head);
    dits_error *err =
        http_request_new(&http->session, http->session.now, &http->request);
    if (err == NULL)
        give_up(http, status);
    else
        end(http);
    dits_error_free(err);
}

/* Behind the empty line in what came; 0: there is none yet. */
static size_t head_end(const struct buf *head, size_t from)
{
    const char *text = (const char *)head->data;
    size_t start = from < 3 ? 0 : from - 3;
    const char *found = memmem(text + start, head->size - start, "\r\n\r\n", 4);
    return found == NULL ? 0 : (size_t)(found - text) + 4;
}

static bool has_bare_lf(const struct buf *head, size_t from, size_t until)
{
    for (size_t i = from; i < until; i++) {
        if (head->data[i] == '\n' && (i == 0 || head->data[i - 1] != '\r'))
            return true;
    }
    return false;
}

static size_t take_head(struct http1 *http, struct slice bytes)
{
    struct buf *head = &http->head;
    size_t limit = http->session.limits->header_bytes;
    size_t before = head->size;
    size_t size = bytes.size < limit - before ? bytes.size : limit - before;
    if (before == 0)
        http->since = http->session.now;
    dits_error *err = buf_put(head, bytes.data, size);
    if (err != NULL) {
        dits_error_free(err);
        end(http);
        return bytes.size;
    }
    size_t end_at = head_end(head, before);
    if (has_bare_lf(head, before, end_at > 0 ? end_at : head->size)) {
        refuse_head(http, 400);
        return bytes.size;
    }
    if (end_at > 0) {
        head->size = end_at;
        begin(http);
        return end_at - before;
    }
    if (head->size == limit)
        refuse_head(http, 431);
    return size;
}

static size_t receive(struct http_session *session, struct slice bytes)
{
    struct http1 *http = self(session);
    size_t used = 0;
    while (used < bytes.size && !session->is_over) {
        struct slice rest = slice_of(bytes.data + used, bytes.size - used);
        if (http->phase == IN_HEAD)
            used += take_head(http, rest);
        else if (http->phase == IN_BODY)
            used += take_body(http, rest);
        else
            break;
    }
    return used;
}

static void ended(struct http_session *session)
{
    struct http1 *http = self(session);
    http->has_peer_ended = true;
    if (http->phase == IN_HEAD || http->phase == IN_BODY ||
        http->phase == IN_WAIT)
        end(http);
}

static void admitted(struct http_session *session, struct http_request *request)
{
    (void)request;
    begin_body(self(session));
}

static void answered(struct http_session *session, struct http_request *request)
{
    (void)request;
    answer(self(session));
}

/* --- bytes that go --- */

static void finish(struct http1 *http)
{
    http->session.host->done(http->request, http->session.host->payload);
    http->request = NULL;
    http->phase = IN_HEAD;
    http->since = http->session.now;
    http->is_first = false;
    if (!http->is_kept || http->session.is_draining)
        end(http);
}

static struct slice give_head(struct http1 *http)
{
    if (http->invites) {
        http->invites = false;
        return slice_of_text("HTTP/1.1 100 Continue\r\n\r\n");
    }
    if (http->out.size == 0)
        return (struct slice){0};
    http->given = GAVE_HEAD;
    return buf_slice(&http->out);
}

static struct slice output(struct http_session *session)
{
    struct http1 *http = self(session);
    enum given given = http->given;
    http->given = GAVE_NOTHING;
    if (given == GAVE_NOTHING)
        return give_head(http);
    buf_clear(&http->out);
    if (given == GAVE_HEAD && http->answer.has_body) {
        http->given = GAVE_BODY;
        return buf_slice(&http->request->exchange.reply);
    }
    finish(http);
    return (struct slice){0};
}

/* --- time --- */

static void expire(struct http_session *session)
{
    struct http1 *http = self(session);
    const struct http_limits *limits = session->limits;
    int64_t waited = session->now - http->since;
    if (http->phase == IN_HEAD && http->head.size > 0) {
        if (waited > (int64_t)limits->header_ms)
            refuse_head(http, 408);
    } else if (http->phase == IN_HEAD) {
        if (waited >
            (int64_t)(http->is_first ? limits->header_ms : limits->idle_ms))
            end(http);
    } else if (http->phase == IN_BODY &&
               http_pace_is_slow(&http->request->pace, session->now,
                                 limits->body_ms)) {
        give_up(http, 408);
    }
}

static void drain(struct http_session *session)
{
    struct http1 *http = self(session);
    session->is_draining = true;
    if (http->phase == IN_HEAD && http->head.size == 0)
        end(http);
}

static void free_http1(struct http_session *session)
{
    struct http1 *http = self(session);
    struct http_request *request = http->request;
    if (request != NULL) {
        request->session = NULL;
        session->host->done(request, session->host->payload);
    }
    buf_release(&http->head);
    buf_release(&http->out);
    mem_free(http);
}

static const struct http_session_type http1_type = {
    .receive = receive,
    .ended = ended,
    .admitted = admitted,
    .answered = answered,
    .output = output,
    .expire = expire,
    .drain = drain,
    .free = free_http1,
};

dits_error *http1_new(const struct http_host *host,
                      const struct http_limits *limits, int64_t now,
                      struct http_session **out)
{
    struct http1 *http = mem_new(struct http1);
    if (http == NULL)
        return error_nomem();
    http->session = (struct http_session){
        .type = &http1_type, .host = host, .limits = limits, .now = now};
    http->since = now;
    http->is_first = true;
    *out = &http->session;
    return NULL;
}
