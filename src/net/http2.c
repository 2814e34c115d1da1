/*
 * HTTP/2 (RFC 9113). nghttp2, the only user of which is this file, frames and
 * unframes. A stream may send a little ahead; the rest of its body waits until
 * there is memory for all of it, by way of the stream's window, so that one
 * that waits holds up no other stream of its connection.
 */
#include <nghttp2/nghttp2.h>
#include <string.h>

#include "base/mem.h"
#include "net/http_session.h"

enum {
    AHEAD = 65535, /* HTTP/2's own: bytes of a body without any permission */
    CONNECTION = 16 << 20, /* bytes in flight, of all streams */
};

struct http2 {
    struct http_session session;
    nghttp2_session *nghttp2;
    struct http_request *requests; /* of open streams, by `next` */
    int64_t since;                 /* there are none */
    bool is_first;                 /* and never was one */
    /* Streams that we reset because of the peer: a bucket that refills. */
    double resets;
    int64_t resets_at;
};

static struct http2 *self(struct http_session *session)
{
    return (struct http2 *)session;
}

static struct http_request *request_of(const struct http2 *http, int32_t stream)
{
    return nghttp2_session_get_stream_user_data(http->nghttp2, stream);
}

static int fatal_if(int result)
{
    return result == NGHTTP2_ERR_NOMEM ? NGHTTP2_ERR_CALLBACK_FAILURE : 0;
}

static int reset(struct http2 *http, int32_t stream, uint32_t code)
{
    return fatal_if(nghttp2_submit_rst_stream(http->nghttp2, NGHTTP2_FLAG_NONE,
                                              stream, code));
}

/* --- answers --- */

/* NOLINTNEXTLINE(readability-function-size): the type is nghttp2's */
static ssize_t read_reply(nghttp2_session *nghttp2, int32_t stream,
                          uint8_t *out, size_t room, uint32_t *flags,
                          nghttp2_data_source *source, void *payload)
{
    struct http2 *http = payload;
    struct http_request *request = source->ptr;
    const struct buf *reply = &request->exchange.reply;
    size_t rest = reply->size - request->sent;
    size_t size = rest < room ? rest : room;
    (void)nghttp2;
    (void)stream;
    memcpy(out, reply->data + request->sent, size);
    request->sent += size;
    http_pace_add(&request->pace, http->session.now, size);
    if (size == rest)
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    return (ssize_t)size;
}

static nghttp2_nv pair(const char *name, const char *value)
{
    /* NOLINTBEGIN(performance-no-int-to-ptr): nghttp2 does not write there */
    return (nghttp2_nv){.name = (uint8_t *)(uintptr_t)name,
                        .value = (uint8_t *)(uintptr_t)value,
                        .namelen = strlen(name),
                        .valuelen = strlen(value)};
    /* NOLINTEND(performance-no-int-to-ptr) */
}

static int answer(struct http2 *http, struct http_request *request)
{
    nghttp2_nv pairs[HTTP_ANSWER_FIELDS + 1];
    nghttp2_data_provider provider = {.source.ptr = request,
                                      .read_callback = read_reply};
    struct http_answer answer;
    char status[4] = {0};
    int code = request->exchange.status;
    http_answer_make(request, http->session.seconds, &answer);
    for (int i = 2; i >= 0; i--, code /= 10)
        status[i] = (char)('0' + code % 10);
    pairs[0] = pair(":status", status);
    for (size_t i = 0; i < answer.count; i++)
        pairs[i + 1] = pair(answer.fields[i].name, answer.fields[i].value);
    request->stage = HTTP_ANSWERING;
    http_pace_start(&request->pace, http->session.now);
    return fatal_if(nghttp2_submit_response(
        http->nghttp2, request->stream, pairs, answer.count + 1,
        answer.has_body ? &provider : NULL));
}

static int refuse(struct http2 *http, struct http_request *request, int status)
{
    http_request_body_drop(request);
    http_request_refuse(request, status);
    return answer(http, request);
}

/* --- requests --- */

static int on_begin_headers(nghttp2_session *nghttp2,
                            const nghttp2_frame *frame, void *payload)
{
    struct http2 *http = payload;
    struct http_request *request = NULL;
    if (frame->hd.type != NGHTTP2_HEADERS ||
        frame->headers.cat != NGHTTP2_HCAT_REQUEST)
        return 0;
    dits_error *err =
        http_request_new(&http->session, http->session.now, &request);
    if (err != NULL) {
        dits_error_free(err);
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
    request->exchange.peer = http->session.peer;
    request->stream = frame->hd.stream_id;
    request->next = http->requests;
    http->requests = request;
    http->is_first = false;
    return fatal_if(nghttp2_session_set_stream_user_data(
        nghttp2, request->stream, request));
}

static int take_field(struct http2 *http, struct http_request *request,
                      struct slice name, struct slice value)
{
    const struct http_limits *limits = http->session.limits;
    if (name.size == 0 || name.data[0] != ':')
        return http_request_field(request, limits, name, value);
    if (slice_equal(name, slice_of_text(":method")))
        return http_request_method(request, value);
    if (slice_equal(name, slice_of_text(":path")))
        return value.size > limits->header_bytes
                   ? 431
                   : http_request_target(request, value);
    if (slice_equal(name, slice_of_text(":authority")))
        return http_request_field(request, limits, slice_of_text("host"),
                                  value);
    return 0;
}

/* After the first that is refused the others are only skipped. */
/* NOLINTNEXTLINE(readability-function-size): the type is nghttp2's */
static int on_header(nghttp2_session *nghttp2, const nghttp2_frame *frame,
                     const uint8_t *name, size_t name_size,
                     const uint8_t *value, size_t value_size, uint8_t flags,
                     void *payload)
{
    struct http2 *http = payload;
    struct http_request *request = request_of(http, frame->hd.stream_id);
    (void)nghttp2;
    (void)flags;
    if (request == NULL || frame->headers.cat != NGHTTP2_HCAT_REQUEST ||
        request->exchange.status != 0)
        return 0;
    request->exchange.status = take_field(
        http, request, slice_of(name, name_size), slice_of(value, value_size));
    return 0;
}

static int serve(struct http2 *http, struct http_request *request)
{
    const struct http_host *host = http->session.host;
    int status = http_request_body_done(request);
    if (status != 0)
        return refuse(http, request, status);
    request->stage = HTTP_SERVING;
    return host->serve(request, host->payload) == HTTP_FULL
               ? refuse(http, request, 503)
               : 0;
}

/* There is memory for the whole body, so it may come as fast as it can. */
static int open_window(struct http2 *http, struct http_request *request)
{
    int status = http_request_body_begin(request);
    int window = (int)request->body_size + AHEAD; /* to see one too long */
    request->stage = HTTP_RECEIVING;
    http_pace_start(&request->pace, http->session.now);
    if (status != 0)
        return refuse(http, request, status);
    if (request->is_whole)
        return serve(http, request);
    if (request->body_size == 0)
        return 0;
    return fatal_if(nghttp2_session_set_local_window_size(
        http->nghttp2, NGHTTP2_FLAG_NONE, request->stream, window));
}

static int admit(struct http2 *http, struct http_request *request)
{
    const struct http_host *host = http->session.host;
    enum http_turn turn = request->body_size == 0
                              ? HTTP_NOW
                              : host->admit(request, host->payload);
    if (turn == HTTP_NOW)
        return open_window(http, request);
    if (turn == HTTP_FULL)
        return refuse(http, request, 503);
    request->stage = HTTP_WAITING;
    return 0;
}

static int on_headers(struct http2 *http, struct http_request *request,
                      bool is_end)
{
    int status = request->exchange.status;
    if (status == 0)
        status = http_request_headers_done(request);
    if (status != 0)
        return refuse(http, request, status);
    request->exchange.status = 0;
    if (is_end) {
        request->body_size = 0;
        return request->has_size && strcmp(exchange_field(&request->exchange,
                                                          "content-length"),
                                           "0") != 0
                   ? refuse(http, request, 400)
                   : serve(http, request);
    }
    return admit(http, request);
}

static int on_end(struct http2 *http, struct http_request *request)
{
    request->is_whole = true;
    return request->stage == HTTP_RECEIVING ? serve(http, request) : 0;
}

static int on_frame(nghttp2_session *nghttp2, const nghttp2_frame *frame,
                    void *payload)
{
    struct http2 *http = payload;
    struct http_request *request = request_of(http, frame->hd.stream_id);
    bool is_end = (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    (void)nghttp2;
    if (request == NULL)
        return 0;
    if (frame->hd.type == NGHTTP2_HEADERS &&
        frame->headers.cat == NGHTTP2_HCAT_REQUEST)
        return on_headers(http, request, is_end);
    if ((frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) &&
        is_end)
        return on_end(http, request);
    return 0;
}

static int on_data(nghttp2_session *nghttp2, uint8_t flags, int32_t stream,
                   const uint8_t *data, size_t size, void *payload)
{
    struct http2 *http = payload;
    struct http_request *request = request_of(http, stream);
    (void)flags;
    int result = nghttp2_session_consume_connection(nghttp2, size);
    if (result != 0 || request == NULL ||
        (request->stage != HTTP_RECEIVING && request->stage != HTTP_WAITING))
        return fatal_if(result);
    int status =
        http_request_body_add(request, slice_of(data, size), http->session.now);
    if (status == 0)
        return 0;
    if (request->stage == HTTP_WAITING)
        return reset(http, stream, NGHTTP2_REFUSED_STREAM);
    return refuse(http, request, status);
}

/*
 * An answer that went out before the request was whole. There are clients that
 * lose it when the stream is reset at once; most end the stream by themselves.
 */
static void linger(struct http2 *http, int32_t stream)
{
    struct http_request *request = request_of(http, stream);
    if (request == NULL)
        return;
    request->is_answered = true;
    http_pace_start(&request->pace, http->session.now);
}

static int on_sent(nghttp2_session *nghttp2, const nghttp2_frame *frame,
                   void *payload)
{
    struct http2 *http = payload;
    if (frame->hd.type == NGHTTP2_RST_STREAM &&
        frame->rst_stream.error_code != NGHTTP2_NO_ERROR)
        http->resets -= 1;
    bool is_end =
        (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA) &&
        (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
    if (is_end && nghttp2_session_get_stream_remote_close(
                      nghttp2, frame->hd.stream_id) == 0)
        linger(http, frame->hd.stream_id);
    return 0;
}

static void forget(struct http2 *http, struct http_request *request)
{
    struct http_request **at = &http->requests;
    while (*at != NULL && *at != request)
        at = &(*at)->next;
    if (*at != NULL)
        *at = request->next;
    request->next = NULL;
    request->session = NULL;
    http->since = http->session.now;
    http->session.host->done(request, http->session.host->payload);
}

static int on_close(nghttp2_session *nghttp2, int32_t stream, uint32_t code,
                    void *payload)
{
    struct http2 *http = payload;
    struct http_request *request = request_of(http, stream);
    (void)nghttp2;
    (void)code;
    if (request != NULL)
        forget(http, request);
    return 0;
}

/* --- bytes --- */

/* Peers that make us reset streams again and again get no more of them. */
static void check_resets(struct http2 *http)
{
    const struct http_limits *limits = http->session.limits;
    double refill = (double)(http->session.now - http->resets_at) *
                    limits->resets_per_second / 1000;
    http->resets_at = http->session.now;
    http->resets += refill;
    if (http->resets > limits->resets)
        http->resets = limits->resets;
    if (http->resets < 0)
        (void)nghttp2_session_terminate_session(http->nghttp2,
                                                NGHTTP2_ENHANCE_YOUR_CALM);
}

static size_t receive(struct http_session *session, struct slice bytes)
{
    struct http2 *http = self(session);
    ssize_t used =
        nghttp2_session_mem_recv(http->nghttp2, bytes.data, bytes.size);
    check_resets(http);
    if (used < 0)
        session->is_over = true;
    return bytes.size;
}

static void ended(struct http_session *session)
{
    if (self(session)->requests == NULL)
        session->is_over = true;
    session->is_draining = true;
}

static void stop_on(struct http_session *session, int result)
{
    if (result != 0)
        session->is_over = true;
}

static void admitted(struct http_session *session, struct http_request *request)
{
    stop_on(session, open_window(self(session), request));
}

static void answered(struct http_session *session, struct http_request *request)
{
    stop_on(session, answer(self(session), request));
}

static struct slice output(struct http_session *session)
{
    struct http2 *http = self(session);
    const uint8_t *data = NULL;
    ssize_t size = nghttp2_session_mem_send(http->nghttp2, &data);
    if (size > 0)
        return slice_of(data, (size_t)size);
    bool is_idle = nghttp2_session_want_read(http->nghttp2) == 0 &&
                   nghttp2_session_want_write(http->nghttp2) == 0;
    if (size < 0 || is_idle || (session->is_draining && http->requests == NULL))
        session->is_over = true;
    return (struct slice){0};
}

/* --- time --- */

static bool is_late(const struct http2 *http,
                    const struct http_request *request)
{
    const struct http_limits *limits = http->session.limits;
    int64_t now = http->session.now;
    bool has_headers = request->exchange.method != NULL;
    if (request->stage == HTTP_ANSWERING)
        return http_pace_is_slow(&request->pace, now, limits->send_ms);
    if (request->stage != HTTP_RECEIVING)
        return false;
    return has_headers ? http_pace_is_slow(&request->pace, now, limits->body_ms)
                       : now - request->pace.since > (int64_t)limits->header_ms;
}

static int end_late(struct http2 *http, const struct http_request *request)
{
    const struct http_limits *limits = http->session.limits;
    int64_t waited = http->session.now - request->pace.since;
    if (request->is_answered)
        return waited > (int64_t)limits->linger_ms
                   ? reset(http, request->stream, NGHTTP2_NO_ERROR)
                   : 0;
    if (!is_late(http, request))
        return 0;
    /* Without the end of a header section nothing else comes either. */
    if (request->exchange.method == NULL)
        http->session.is_over = true;
    return reset(http, request->stream, NGHTTP2_CANCEL);
}

static void expire(struct http_session *session)
{
    struct http2 *http = self(session);
    const struct http_limits *limits = session->limits;
    int64_t waited = session->now - http->since;
    if (http->requests == NULL &&
        waited >
            (int64_t)(http->is_first ? limits->header_ms : limits->idle_ms))
        stop_on(session, nghttp2_session_terminate_session(http->nghttp2,
                                                           NGHTTP2_NO_ERROR));
    for (struct http_request *at = http->requests; at != NULL; at = at->next)
        stop_on(session, end_late(http, at));
}

static void drain(struct http_session *session)
{
    struct http2 *http = self(session);
    if (session->is_draining)
        return;
    session->is_draining = true;
    stop_on(session, nghttp2_submit_goaway(
                         http->nghttp2, NGHTTP2_FLAG_NONE,
                         nghttp2_session_get_last_proc_stream_id(http->nghttp2),
                         NGHTTP2_NO_ERROR, NULL, 0));
}

static void free_http2(struct http_session *session)
{
    struct http2 *http = self(session);
    while (http->requests != NULL)
        forget(http, http->requests);
    nghttp2_session_del(http->nghttp2);
    mem_free(http);
}

static const struct http_session_type http2_type = {
    .receive = receive,
    .ended = ended,
    .admitted = admitted,
    .answered = answered,
    .output = output,
    .expire = expire,
    .drain = drain,
    .free = free_http2,
};

/* --- setting up --- */

static void set_callbacks(nghttp2_session_callbacks *callbacks)
{
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks,
                                                            on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks,
                                                              on_data);
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_sent);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
}

static void set_options(nghttp2_option *option,
                        const struct http_limits *limits)
{
    nghttp2_option_set_no_auto_window_update(option, 1);
    nghttp2_option_set_no_closed_streams(option, 1);
    nghttp2_option_set_max_reserved_remote_streams(option, 0);
    nghttp2_option_set_stream_reset_rate_limit(option, limits->resets,
                                               limits->resets_per_second);
}

static int new_session(struct http2 *http)
{
    nghttp2_session_callbacks *callbacks = NULL;
    nghttp2_option *option = NULL;
    int result = nghttp2_session_callbacks_new(&callbacks);
    if (result == 0)
        result = nghttp2_option_new(&option);
    if (result == 0) {
        set_callbacks(callbacks);
        set_options(option, http->session.limits);
        result = nghttp2_session_server_new2(&http->nghttp2, callbacks, http,
                                             option);
    }
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    return result;
}

static int send_settings(const struct http2 *http)
{
    const struct http_limits *limits = http->session.limits;
    const nghttp2_settings_entry entries[] = {
        {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits->streams},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, (uint32_t)limits->header_bytes},
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
    };
    int result = nghttp2_submit_settings(http->nghttp2, NGHTTP2_FLAG_NONE,
                                         entries,
                                         sizeof(entries) / sizeof(entries[0]));
    return result != 0 ? result
                       : nghttp2_session_set_local_window_size(
                             http->nghttp2, NGHTTP2_FLAG_NONE, 0, CONNECTION);
}

dits_error *http2_new(const struct http_host *host,
                      const struct http_limits *limits, int64_t now,
                      struct http_session **out)
{
    struct http2 *http = mem_new(struct http2);
    if (http == NULL)
        return error_nomem();
    http->session = (struct http_session){
        .type = &http2_type, .host = host, .limits = limits, .now = now};
    http->since = now;
    http->is_first = true;
    http->resets = limits->resets;
    http->resets_at = now;
    if (new_session(http) != 0 || send_settings(http) != 0) {
        free_http2(&http->session);
        return error_nomem();
    }
    *out = &http->session;
    return NULL;
}
