/*
 * tests/fuzz/http_fuzz.h - a session of HTTP whose peer sends any bytes
 *
 * The first byte of an input says how it goes: whether exchanges are answered
 * at once, whether there is memory at once, whether the server drains in the
 * end. The second one says in which pieces the rest comes and how much time
 * goes by between them.
 */
#ifndef FUZZ_HTTP_FUZZ_H
#define FUZZ_HTTP_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "net/http_session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    HTTP_FUZZ_LATER = 1,  /* answers come when nothing else goes on */
    HTTP_FUZZ_WAITS = 2,  /* memory, too */
    HTTP_FUZZ_FULL = 4,   /* there is none */
    HTTP_FUZZ_DRAINS = 8, /* at half of the bytes */
    HTTP_FUZZ_SMALL = 16, /* limits that are soon reached */
    HTTP_FUZZ_HELD = 32,  /* the newest is answered first */
    HTTP_FUZZ_REQUESTS = 256,
    HTTP_FUZZ_OUTPUTS = 1 << 20, /* more of them would be without an end */
};

struct http_fuzz {
    struct http_session *session;
    struct http_host host;
    struct http_limits limits;
    unsigned mode;
    struct http_request *held[HTTP_FUZZ_REQUESTS]; /* with us */
    size_t count;
};

static inline enum http_turn http_fuzz_hold(struct http_fuzz *fuzz,
                                            struct http_request *request)
{
    if (fuzz->count == HTTP_FUZZ_REQUESTS)
        return HTTP_FULL;
    fuzz->held[fuzz->count++] = request;
    return HTTP_LATER;
}

static inline enum http_turn http_fuzz_admit(struct http_request *request,
                                             void *payload)
{
    struct http_fuzz *fuzz = payload;
    if (request->body_size > EXCHANGE_MAX_BODY)
        abort();
    if ((fuzz->mode & HTTP_FUZZ_FULL) != 0)
        return HTTP_FULL;
    return (fuzz->mode & HTTP_FUZZ_WAITS) != 0 ? http_fuzz_hold(fuzz, request)
                                               : HTTP_NOW;
}

/* What a handler relies on. */
static inline enum http_turn http_fuzz_serve(struct http_request *request,
                                             void *payload)
{
    const struct exchange *exchange = &request->exchange;
    if (exchange->method == NULL || exchange->path == NULL ||
        exchange->path[0] != '/' || exchange->query == NULL ||
        exchange->body.size > EXCHANGE_MAX_BODY ||
        strpbrk(exchange->path, "\r\n") != NULL)
        abort();
    for (size_t i = 0; i < exchange->field_count; i++) {
        if (exchange->fields[i].name[0] == '\0' ||
            strpbrk(exchange->fields[i].name, "\r\n:") != NULL ||
            strpbrk(exchange->fields[i].value, "\r\n") != NULL)
            abort();
    }
    return http_fuzz_hold(payload, request);
}

static inline void http_fuzz_done(struct http_request *request, void *payload)
{
    struct http_fuzz *fuzz = payload;
    size_t kept = 0;
    for (size_t i = 0; i < fuzz->count; i++) {
        if (fuzz->held[i] != request)
            fuzz->held[kept++] = fuzz->held[i];
    }
    fuzz->count = kept;
    http_request_free(request);
}

static inline void http_fuzz_output(struct http_fuzz *fuzz)
{
    unsigned left = HTTP_FUZZ_OUTPUTS;
    while (fuzz->session->type->output(fuzz->session).size > 0) {
        if (left-- == 0)
            abort();
    }
}

/* One that is with us goes on. */
static inline void http_fuzz_step(struct http_fuzz *fuzz)
{
    bool is_newest = (fuzz->mode & HTTP_FUZZ_HELD) != 0;
    size_t at = is_newest ? fuzz->count - 1 : 0;
    struct http_request *request = fuzz->held[at];
    fuzz->count--;
    memmove(fuzz->held + at, fuzz->held + at + 1,
            (fuzz->count - at) * sizeof(fuzz->held[0]));
    if (request->stage == HTTP_WAITING) {
        fuzz->session->type->admitted(fuzz->session, request);
    } else {
        request->exchange.status = 200;
        dits_error_free(buf_put(&request->exchange.reply,
                                request->exchange.body.data,
                                request->exchange.body.size));
        http_request_body_drop(request);
        fuzz->session->type->answered(fuzz->session, request);
    }
    http_fuzz_output(fuzz);
}

/* All of the bytes, as long as the session is not over. */
static inline void http_fuzz_receive(struct http_fuzz *fuzz, struct slice bytes)
{
    while (bytes.size > 0 && !fuzz->session->is_over) {
        size_t used = fuzz->session->type->receive(fuzz->session, bytes);
        if (used > bytes.size)
            abort();
        bytes = slice_of(bytes.data + used, bytes.size - used);
        http_fuzz_output(fuzz);
        bool is_later = (fuzz->mode & HTTP_FUZZ_LATER) != 0 && used > 0;
        while (fuzz->count > 0 && !is_later && !fuzz->session->is_over)
            http_fuzz_step(fuzz);
        if (used == 0 && bytes.size > 0 && !fuzz->session->is_over &&
            fuzz->session->type->receive(fuzz->session, bytes) == 0)
            return; /* it waits for its peer to be gone */
    }
}

static inline void http_fuzz_pieces(struct http_fuzz *fuzz, struct slice bytes,
                                    uint8_t pace)
{
    size_t most = (pace & 63) == 0 ? bytes.size : (size_t)(pace & 63);
    for (size_t at = 0; at < bytes.size && !fuzz->session->is_over;) {
        size_t rest = bytes.size - at;
        size_t size = rest < most ? rest : most;
        http_fuzz_receive(fuzz, slice_of(bytes.data + at, size));
        at += size;
        if ((fuzz->mode & HTTP_FUZZ_DRAINS) != 0 && at >= bytes.size / 2)
            fuzz->session->type->drain(fuzz->session);
        fuzz->session->now += (pace >> 6) * 1000;
        fuzz->session->type->expire(fuzz->session);
        http_fuzz_output(fuzz);
    }
}

/* `hello` comes before the input's bytes. */
static inline int http_fuzz_run(
    dits_error *(*new_session)(const struct http_host *,
                               const struct http_limits *, int64_t,
                               struct http_session **),
    struct slice hello, struct slice input)
{
    struct http_fuzz fuzz = {0};
    if (input.size < 2)
        return 0;
    fuzz.mode = input.data[0];
    if ((fuzz.mode & HTTP_FUZZ_SMALL) != 0)
        fuzz.limits = (struct http_limits){
            .streams = 3, .resets = 3, .header_bytes = 96, .header_count = 4};
    fuzz.limits = http_limits_whole(fuzz.limits);
    fuzz.host = (struct http_host){.admit = http_fuzz_admit,
                                   .serve = http_fuzz_serve,
                                   .done = http_fuzz_done,
                                   .payload = &fuzz};
    if (new_session(&fuzz.host, &fuzz.limits, 1, &fuzz.session) != NULL)
        abort();
    fuzz.session->peer = "192.0.2.1";
    http_fuzz_receive(&fuzz, hello);
    http_fuzz_pieces(&fuzz, slice_of(input.data + 2, input.size - 2),
                     input.data[1]);
    while (fuzz.count > 0 && !fuzz.session->is_over)
        http_fuzz_step(&fuzz);
    fuzz.session->type->ended(fuzz.session);
    http_fuzz_output(&fuzz);
    fuzz.session->type->free(fuzz.session);
    if (fuzz.count > 0)
        abort();
    return 0;
}

#endif
