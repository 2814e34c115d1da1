#include "repo/wire_pipe.h"

#include <string.h>

#include "support/doc_dump.h"
#include "support/test.h"

TEST(a_greeting_is_as_documented)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(buf_release) struct buf dump = {0};
    const struct wire_hello hello = {
        .lowest = 1, .highest = 1, .may_write = true};
    struct wire_hello back = {0};
    CHECK_OK(wire_hello_encode(&hello, &bytes));
    CHECK_OK(doc_dump_read("../protocol/pipe", 1, &dump));
    struct wire_pipe_head head = {0};
    CHECK(dump.size == bytes.size + WIRE_PIPE_HEAD_SIZE);
    CHECK_OK(wire_pipe_head_decode(dump.data, &head));
    CHECK(head.kind == WIRE_PIPE_HELLO && head.size == bytes.size);
    CHECK(memcmp(dump.data + WIRE_PIPE_HEAD_SIZE, bytes.data, bytes.size) == 0);
    CHECK_OK(wire_hello_decode(buf_slice(&bytes), &back));
    CHECK(back.lowest == 1 && back.highest == 1 && back.may_write);
    for (size_t size = 0; size < bytes.size; size++)
        CHECK_FAILS(DITS_E_CORRUPT,
                    wire_hello_decode(slice_of(bytes.data, size), &back));
}

TEST(unknown_capabilities_mean_nothing)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct wire_hello hello = {.lowest = 1, .highest = 1};
    struct wire_hello back = {0};
    CHECK_OK(wire_hello_encode(&hello, &bytes));
    bytes.data[bytes.size - 1] = 2;
    CHECK_OK(buf_put(&bytes, "\x04time\x05write", 11));
    CHECK_OK(wire_hello_decode(buf_slice(&bytes), &back));
    CHECK(back.may_write);
}

TEST(the_version_is_one_that_both_speak)
{
    uint16_t version = 0;
    CHECK_OK(wire_hello_choose(&(struct wire_hello){1, 7, false}, &version));
    CHECK(version == 1);
    CHECK_FAILS(DITS_E_UNSUPPORTED,
                wire_hello_choose(&(struct wire_hello){2, 7, false}, &version));
    CHECK_FAILS(DITS_E_UNSUPPORTED,
                wire_hello_choose(&(struct wire_hello){0, 0, false}, &version));
}

TEST(frames_have_a_kind_and_a_bound)
{
    uint8_t bytes[WIRE_PIPE_HEAD_SIZE];
    struct wire_pipe_head head = {WIRE_PIPE_MAX_BYTES, WIRE_PIPE_ANSWER};
    wire_pipe_head_encode(&head, bytes);
    CHECK_OK(wire_pipe_head_decode(bytes, &head));
    head.size++;
    wire_pipe_head_encode(&head, bytes);
    CHECK_FAILS(DITS_E_CORRUPT, wire_pipe_head_decode(bytes, &head));
    CHECK_FAILS(DITS_E_CORRUPT,
                wire_pipe_head_decode((const uint8_t *)"Welcome", &head));
}

TEST(requests_and_answers_come_back)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(wire_pipe_message_release) struct wire_pipe_message back = {0};
    CHECK_OK(wire_pipe_request_encode(7, "refs", &bytes));
    CHECK_OK(buf_put_text(&bytes, "body"));
    CHECK_OK(wire_pipe_request_decode(buf_slice(&bytes), &back));
    CHECK(back.number == 7 && strcmp(back.call, "refs") == 0);
    CHECK(slice_equal(back.body, slice_of_text("body")));
    buf_clear(&bytes);
    CHECK_OK(wire_pipe_answer_encode(9, 404, &bytes));
    CHECK_OK(wire_pipe_answer_decode(buf_slice(&bytes), &back));
    CHECK(back.number == 9 && back.status == 404 && back.body.size == 0);
    CHECK_FAILS(DITS_E_CORRUPT,
                wire_pipe_answer_decode(slice_of(bytes.data, 9), &back));
}
