#include "repo/wire_pipe.h"

#include <string.h>

#include "base/le.h"
#include "base/mem.h"
#include "base/text.h"
#include "object/object.h"

enum {
    MAGIC_SIZE = 8,
    CALL_MAX_BYTES = 64,
    CAPABILITY_MAX_BYTES = 64,
    MAX_CAPABILITIES = 256,
};

/* Like that of a pack: bytes that a transfer as text changes. */
static const uint8_t magic[MAGIC_SIZE] = {0x8d, 'D',  'W',  'P',
                                          '\r', '\n', 0x1a, '\n'};

static const char write_capability[] = "write";

void wire_pipe_head_encode(const struct wire_pipe_head *head,
                           uint8_t out[WIRE_PIPE_HEAD_SIZE])
{
    le32_store(out, head->size);
    out[4] = (uint8_t)head->kind;
}

dits_error *wire_pipe_head_decode(const uint8_t bytes[WIRE_PIPE_HEAD_SIZE],
                                  struct wire_pipe_head *out)
{
    uint32_t size = le32_load(bytes);
    if (bytes[4] < WIRE_PIPE_HELLO || bytes[4] > WIRE_PIPE_ERROR ||
        size > WIRE_PIPE_MAX_BYTES)
        return error_hint(
            error_new(DITS_E_CORRUPT, "the other side does not speak Dits' "
                                      "protocol"),
            "Does something there print when one logs in? It must be silent "
            "for commands.");
    *out = (struct wire_pipe_head){size, (enum wire_pipe_kind)bytes[4]};
    return NULL;
}

/* --- greetings --- */

dits_error *wire_hello_encode(const struct wire_hello *hello, struct buf *out)
{
    TRY(buf_put(out, magic, sizeof(magic)));
    TRY(buf_put_le16(out, hello->lowest));
    TRY(buf_put_le16(out, hello->highest));
    TRY(buf_put_varint(out, hello->may_write));
    return hello->may_write ? object_put_bytes(out, write_capability,
                                               strlen(write_capability))
                            : NULL;
}

static dits_error *take_capability(struct cursor *in, struct wire_hello *out)
{
    struct slice name = {0};
    TRY(object_take_bytes(in, CAPABILITY_MAX_BYTES, &name));
    if (slice_equal(name, slice_of_text(write_capability)))
        out->may_write = true;
    return NULL;
}

dits_error *wire_hello_decode(struct slice bytes, struct wire_hello *out)
{
    struct wire_hello hello = {0};
    struct cursor in = cursor_over(bytes.data, bytes.size);
    uint8_t start[MAGIC_SIZE];
    uint64_t count = 0;
    TRY(cursor_bytes(&in, sizeof(start), start));
    if (memcmp(start, magic, sizeof(magic)) != 0)
        return error_new(DITS_E_CORRUPT, "no greeting of Dits");
    TRY(cursor_le16(&in, &hello.lowest));
    TRY(cursor_le16(&in, &hello.highest));
    TRY(cursor_varint(&in, &count));
    if (hello.lowest > hello.highest || count > MAX_CAPABILITIES)
        return error_new(DITS_E_CORRUPT, "a greeting that makes no sense");
    for (uint64_t i = 0; i < count; i++)
        TRY(take_capability(&in, &hello));
    TRY(cursor_end(&in));
    *out = hello;
    return NULL;
}

dits_error *wire_hello_choose(const struct wire_hello *theirs, uint16_t *out)
{
    *out = WIRE_PIPE_VERSION;
    if (theirs->lowest <= WIRE_PIPE_VERSION &&
        theirs->highest >= WIRE_PIPE_VERSION)
        return NULL;
    return error_hint(
        error_new(DITS_E_UNSUPPORTED,
                  "the two sides have no version of the protocol in common: "
                  "%u here, %u to %u there",
                  WIRE_PIPE_VERSION, theirs->lowest, theirs->highest),
        "Update the older Dits.");
}

/* --- requests and answers --- */

void wire_pipe_message_release(struct wire_pipe_message *message)
{
    text_free(&message->call);
}

dits_error *wire_pipe_request_encode(uint64_t number, const char *call,
                                     struct buf *out)
{
    TRY(buf_put_le64(out, number));
    return object_put_bytes(out, call, strlen(call));
}

dits_error *wire_pipe_answer_encode(uint64_t number, int status,
                                    struct buf *out)
{
    TRY(buf_put_le64(out, number));
    return buf_put_le16(out, (uint16_t)status);
}

dits_error *wire_pipe_request_decode(struct slice bytes,
                                     struct wire_pipe_message *out)
{
    struct cursor in = cursor_over(bytes.data, bytes.size);
    struct slice call = {0};
    TRY(cursor_le64(&in, &out->number));
    TRY(object_take_bytes(&in, CALL_MAX_BYTES, &call));
    if (!text_is_utf8(call.data, call.size))
        return error_new(DITS_E_CORRUPT, "the name of a call is no text");
    TRY(cursor_slice(&in, cursor_left(&in), &out->body));
    return text_copy_part((const char *)call.data, call.size, &out->call);
}

dits_error *wire_pipe_answer_decode(struct slice bytes,
                                    struct wire_pipe_message *out)
{
    struct cursor in = cursor_over(bytes.data, bytes.size);
    uint16_t status = 0;
    TRY(cursor_le64(&in, &out->number));
    TRY(cursor_le16(&in, &status));
    out->status = status;
    return cursor_slice(&in, cursor_left(&in), &out->body);
}
