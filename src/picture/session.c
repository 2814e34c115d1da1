#include "picture/session.h"

#include "picture/helper.h"

/*
 * All that may be read of a file, so that a decoder that was taken over cannot
 * keep us reading: the whole file for each picture, and some to spare. A read
 * costs us a block of the store, however small it is.
 */
enum { READ_COST_MIN = 65536, READ_SPARE = 256 << 20 };

struct session {
    struct source *source;
    struct reply *reply;
    struct helper helper;
    uint64_t read_budget;
    struct buf payload;
};

static void session_release(struct session *session)
{
    helper_stop(&session->helper);
    buf_release(&session->payload);
}

static dits_error *charge(struct session *session, struct message_read read)
{
    uint64_t cost = read.size > READ_COST_MIN ? read.size : READ_COST_MIN;
    uint64_t size = session->source->size;
    if (read.offset > size || read.size > size - read.offset)
        return error_new(DITS_E_CORRUPT,
                         "the decoder asked for bytes past the file's end");
    if (cost > session->read_budget)
        return error_new(DITS_E_LIMIT,
                         "the decoder asked for the file too many times");
    session->read_budget -= cost;
    return NULL;
}

static dits_error *serve(struct session *session, struct slice bytes)
{
    struct message_read read = {0};
    CLEANUP(buf_release) struct buf answer = {0};
    void *room = NULL;
    TRY(message_read_parse(bytes, &read));
    TRY(charge(session, read));
    TRY(message_head_put(&answer, MESSAGE_BYTES, read.size));
    TRY(buf_extend(&answer, read.size, &room));
    TRY(session->source->read_at(session->source, read.offset, read.size,
                                 room));
    return helper_send(&session->helper, answer.data, answer.size);
}

static dits_error *step(struct session *session)
{
    uint8_t header[MESSAGE_HEADER] = {0};
    struct message_head head = {0};
    void *room = NULL;
    TRY(helper_receive(&session->helper, sizeof(header), header));
    TRY(message_head_parse(header, &head));
    buf_clear(&session->payload);
    TRY(buf_extend(&session->payload, head.size, &room));
    TRY(helper_receive(&session->helper, head.size, room));
    struct slice bytes = buf_slice(&session->payload);
    return head.type == MESSAGE_READ
               ? serve(session, bytes)
               : reply_take(session->reply, head.type, bytes);
}

static dits_error *talk(struct session *session,
                        const struct message_request *request)
{
    CLEANUP(buf_release) struct buf message = {0};
    TRY(message_request_put(&message, request));
    TRY(helper_send(&session->helper, message.data, message.size));
    while (!session->reply->is_done)
        TRY(step(session));
    return NULL;
}

/* It ended before it was done: why, as far as its end tells. */
static dits_error *explain(enum helper_fate fate,
                           const struct message_request *request)
{
    switch (fate) {
    case HELPER_OUT_OF_CPU:
        return error_new(DITS_E_LIMIT,
                         "decoding took more than %u seconds of processor time",
                         (unsigned)request->cpu_seconds);
    case HELPER_FORBIDDEN:
        return error_hint(
            error_new(DITS_E_CORRUPT,
                      "the decoder did what its sandbox forbids"),
            "The file may have been made to attack whoever opens it.");
    case HELPER_CRASHED:
        return error_hint(error_new(DITS_E_CORRUPT, "the decoder crashed"),
                          "The file is damaged, or was made to do that.");
    case HELPER_LEFT:
    case HELPER_STOPPED:
        break;
    }
    return error_new(DITS_E_CORRUPT, "the decoder gave no answer");
}

static dits_error *no_decoder(dits_error *cause, const char *path)
{
    if (dits_error_code(cause) != DITS_E_NOT_FOUND)
        return cause;
    dits_error_free(cause); /* it says no more */
    return error_hint(
        error_new(DITS_E_UNSUPPORTED,
                  "there is no decoder for pictures and sound at '%s'", path),
        "Dits was built or installed without 'dits-decode'. Set DITS_DECODER "
        "to where it is.");
}

dits_error *session_run(const struct session_options *options,
                        struct source *source,
                        const struct message_request *request,
                        struct reply *reply)
{
    CLEANUP(session_release)
    struct session session = {
        .source = source,
        .reply = reply,
        .read_budget = READ_SPARE + source->size * (1 + request->time_count),
    };
    /* Twice what it may compute, twice over: other programs run, too. */
    uint64_t wait_ms = options->wait_ms != 0
                           ? options->wait_ms
                           : 10000 + UINT64_C(4000) * request->cpu_seconds;
    dits_error *err = helper_start(options->context, options->decoder, wait_ms,
                                   &session.helper);
    if (err != NULL)
        return no_decoder(err, options->decoder);
    err = talk(&session, request);
    if (err == NULL || dits_error_code(err) != DITS_E_NETWORK)
        return err;
    dits_error_free(err); /* that it ended */
    return explain(helper_end(&session.helper), request);
}
