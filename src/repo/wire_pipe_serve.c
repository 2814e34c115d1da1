/* The side of a pipe that answers. */
#include <dits/serve.h>

#include "base/stream.h"
#include "repo/open.h"
#include "repo/wire_pipe.h"
#include "repo/wire_serve.h"

struct serving {
    struct stream stream;
    struct wire_service service;
    struct buf request; /* as it came */
    struct buf start;   /* what stands before a body */
};

static void serving_release(struct serving *serving)
{
    dits_repo_free(serving->service.repo);
    buf_release(&serving->request);
    buf_release(&serving->start);
}

/* One frame: `start` and then `body`. */
static dits_error *send_frame(const struct serving *serving,
                              enum wire_pipe_kind kind, struct slice start,
                              struct slice body)
{
    const struct wire_pipe_head head = {(uint32_t)(start.size + body.size),
                                        kind};
    uint8_t bytes[WIRE_PIPE_HEAD_SIZE];
    wire_pipe_head_encode(&head, bytes);
    TRY(stream_write(&serving->stream, bytes, sizeof(bytes)));
    TRY(stream_write(&serving->stream, start.data, start.size));
    return stream_write(&serving->stream, body.data, body.size);
}

/* The next frame, of that kind. `*out_ended`: there is none. */
static dits_error *take_frame(struct serving *serving, enum wire_pipe_kind kind,
                              bool *out_ended)
{
    uint8_t bytes[WIRE_PIPE_HEAD_SIZE];
    struct wire_pipe_head head = {0};
    void *at = NULL;
    TRY(stream_read(&serving->stream, sizeof(bytes), bytes, out_ended));
    if (*out_ended)
        return NULL;
    TRY(wire_pipe_head_decode(bytes, &head));
    if (head.kind != kind)
        return error_new(DITS_E_CORRUPT, "a frame out of turn");
    buf_clear(&serving->request);
    TRY(buf_extend(&serving->request, head.size, &at));
    return stream_read(&serving->stream, head.size, at, NULL);
}

static dits_error *greet(struct serving *serving)
{
    struct wire_hello theirs = {0};
    struct wire_hello ours = {.may_write = serving->service.may_write};
    bool has_ended = false;
    TRY(take_frame(serving, WIRE_PIPE_HELLO, &has_ended));
    if (has_ended)
        return error_new(DITS_E_NETWORK, "the other side hung up");
    TRY(wire_hello_decode(buf_slice(&serving->request), &theirs));
    TRY(wire_hello_choose(&theirs, &ours.lowest));
    ours.highest = ours.lowest;
    buf_clear(&serving->start);
    TRY(wire_hello_encode(&ours, &serving->start));
    return send_frame(serving, WIRE_PIPE_HELLO, buf_slice(&serving->start),
                      (struct slice){0});
}

static dits_error *answer(struct serving *serving,
                          const struct wire_pipe_message *request)
{
    CLEANUP(exchange_release) struct exchange exchange = {0};
    exchange_init(&exchange);
    exchange.method = "POST";
    exchange.path = request->call;
    exchange.query = "";
    exchange.peer = "";
    exchange.body = request->body;
    TRY(wire_answer(&serving->service, request->call, &exchange));
    buf_clear(&serving->start);
    TRY(wire_pipe_answer_encode(request->number, exchange.status,
                                &serving->start));
    return send_frame(serving, WIRE_PIPE_ANSWER, buf_slice(&serving->start),
                      buf_slice(&exchange.reply));
}

static dits_error *answer_all(struct serving *serving)
{
    for (;;) {
        CLEANUP(wire_pipe_message_release)
        struct wire_pipe_message request = {0};
        bool has_ended = false;
        TRY(take_frame(serving, WIRE_PIPE_REQUEST, &has_ended));
        if (has_ended)
            return NULL;
        TRY(wire_pipe_request_decode(buf_slice(&serving->request), &request));
        TRY(answer(serving, &request));
    }
}

/* It is told there, and fails here: what it was stays the more telling. */
static dits_error *refuse(struct serving *serving, dits_error *err)
{
    buf_clear(&serving->start);
    dits_error *untold = wire_error_encode(err, &serving->start);
    if (untold == NULL)
        untold = send_frame(serving, WIRE_PIPE_ERROR,
                            buf_slice(&serving->start), (struct slice){0});
    dits_error_free(untold);
    return err;
}

dits_error *dits_serve(const dits_context *context, const char *path,
                       const struct dits_serve_options *options)
{
    CLEANUP(serving_release)
    struct serving serving = {
        .stream = {context, options->in, options->out},
        .service = {.caller = options->caller != NULL ? options->caller : "",
                    .may_write = !options->read_only},
    };
    dits_error *err = open_exactly(context, path, &serving.service.repo);
    if (err == NULL)
        err = greet(&serving);
    if (err != NULL)
        return refuse(&serving, err);
    return answer_all(&serving);
}
