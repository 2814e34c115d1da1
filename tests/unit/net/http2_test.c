#include <string.h>

#include "net/http_session.h"
#include "support/http_side.h"
#include "support/test.h"

enum { DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PING = 6, GOAWAY };
enum { END_STREAM = 1, END_HEADERS = 4 };

/* ":scheme: https", ":authority: x", and a method and path by their index in
 * HPACK's table or as text. */
#define GET_ROOT "\x82\x84\x87\x41\x01x"
#define POST_ROOT "\x83\x84\x87\x41\x01x"

static void frame(struct buf *out, int type, int flags, uint32_t stream,
                  struct slice body)
{
    uint8_t head[9] = {(uint8_t)(body.size >> 16),
                       (uint8_t)(body.size >> 8),
                       (uint8_t)body.size,
                       (uint8_t)type,
                       (uint8_t)flags,
                       (uint8_t)(stream >> 24),
                       (uint8_t)(stream >> 16),
                       (uint8_t)(stream >> 8),
                       (uint8_t)stream};
    dits_error_free(buf_put(out, head, sizeof(head)));
    dits_error_free(buf_put(out, body.data, body.size));
}

static void send_frame(struct http_side *side, int type, int flags,
                       uint32_t stream, struct slice body)
{
    CLEANUP(buf_release) struct buf out = {0};
    frame(&out, type, flags, stream, body);
    http_side_receive(side, buf_slice(&out));
}

static dits_error *open_side(struct http_side *side)
{
    TRY(http_side_open(side, http2_new));
    http_side_receive_text(side, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    send_frame(side, SETTINGS, 0, 0, slice_of("", 0));
    return NULL;
}

/* The first byte behind the head of the first frame of a kind, and its flags;
 * -1: there is none. */
static int find_frame(const struct http_side *side, int type, uint32_t stream,
                      int *out_flags)
{
    const uint8_t *data = side->sent.data;
    for (size_t at = 0; at + 9 < side->sent.size;) {
        const uint8_t *head = data + at;
        size_t size = (size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2];
        uint32_t id = (uint32_t)head[5] << 24 | (uint32_t)head[6] << 16 |
                      (uint32_t)head[7] << 8 | head[8];
        if (head[3] == type && id == stream) {
            *out_flags = head[4];
            return head[9 + (type == RST_STREAM ? 3 : type == GOAWAY ? 7 : 0)];
        }
        at += 9 + size;
    }
    return -1;
}

static bool has_frame(const struct http_side *side, int type, uint32_t stream)
{
    int flags = 0;
    return find_frame(side, type, stream, &flags) >= 0;
}

static void get(struct http_side *side, uint32_t stream)
{
    send_frame(side, HEADERS, END_STREAM | END_HEADERS, stream,
               slice_of(GET_ROOT, sizeof(GET_ROOT) - 1));
}

TEST(a_request_is_answered)
{
    CLEANUP(http_side_release) struct http_side side = {0};
    int flags = 0;
    CHECK_OK(open_side(&side));
    get(&side, 1);
    CHECK(side.serving != NULL);
    CHECK(strcmp(exchange_field(&side.serving->exchange, "host"), "x") == 0);
    http_side_answer(&side);
    CHECK(find_frame(&side, HEADERS, 1, &flags) == 0x88); /* 200 */
    CHECK(find_frame(&side, DATA, 1, &flags) == 'G' && flags == END_STREAM);
    CHECK(http_side_sent(&side, "GET /? ") && !side.session->is_over);
}

TEST(a_body_comes_once_there_is_memory)
{
    CLEANUP(http_side_release) struct http_side side = {.admits = HTTP_LATER};
    CHECK_OK(open_side(&side));
    send_frame(&side, HEADERS, END_HEADERS, 1,
               slice_of(POST_ROOT, sizeof(POST_ROOT) - 1));
    CHECK(side.waiting != NULL);
    send_frame(&side, DATA, 0, 1, slice_of("ab", 2));
    send_frame(&side, DATA, END_STREAM, 1, slice_of("cd", 2));
    CHECK(side.serving == NULL);
    http_side_admit(&side);
    CHECK(side.serving != NULL);
    http_side_answer(&side);
    CHECK(http_side_sent(&side, "POST /? abcd"));
}

TEST(one_stream_that_waits_does_not_hold_up_another)
{
    CLEANUP(http_side_release) struct http_side side = {.admits = HTTP_LATER};
    CHECK_OK(open_side(&side));
    send_frame(&side, HEADERS, END_HEADERS, 1,
               slice_of(POST_ROOT, sizeof(POST_ROOT) - 1));
    get(&side, 3);
    CHECK(side.waiting != NULL && side.serving != NULL);
    http_side_answer(&side);
    CHECK(has_frame(&side, DATA, 3));
}

TEST(too_much_in_a_header_section_is_refused)
{
    CLEANUP(http_side_release)
    struct http_side side = {.limits.header_count = 1};
    int flags = 0;
    CHECK_OK(open_side(&side));
    send_frame(&side, HEADERS, END_STREAM | END_HEADERS, 1,
               slice_of(GET_ROOT "\x40\x01"
                                 "a\x01"
                                 "b",
                        sizeof(GET_ROOT) - 1 + 5));
    CHECK(side.serving == NULL);
    CHECK(find_frame(&side, HEADERS, 1, &flags) >= 0 &&
          (flags & END_STREAM) != 0);
    CHECK(!side.session->is_over);
}

TEST(streams_that_are_reset_again_and_again_end_the_connection)
{
    static const uint8_t cancel[4] = {0, 0, 0, 8};
    CLEANUP(http_side_release) struct http_side side = {.limits.resets = 10};
    int flags = 0;
    uint32_t stream = 1;
    CHECK_OK(open_side(&side));
    for (; stream < 99 && !side.session->is_over; stream += 2) {
        get(&side, stream);
        send_frame(&side, RST_STREAM, 0, stream, slice_of(cancel, 4));
    }
    CHECK(side.session->is_over && stream > 20 && stream < 40);
    CHECK(find_frame(&side, GOAWAY, 0, &flags) >= 0);
    CHECK(side.abandoned >= 10);
}

/* A window that is opened too far makes the server reset the stream. */
TEST(streams_that_the_peer_makes_us_reset_end_the_connection_too)
{
    static const uint8_t most[4] = {0x7f, 0xff, 0xff, 0xff};
    CLEANUP(http_side_release) struct http_side side = {.limits.resets = 10};
    uint32_t stream = 1;
    CHECK_OK(open_side(&side));
    for (; stream < 99 && !side.session->is_over; stream += 2) {
        get(&side, stream);
        send_frame(&side, 8, 0, stream, slice_of(most, 4));
    }
    CHECK(side.session->is_over && stream < 40);
}

TEST(what_takes_too_long_is_ended)
{
    CLEANUP(http_side_release) struct http_side body = {0};
    CLEANUP(http_side_release) struct http_side idle = {0};
    int flags = 0;
    CHECK_OK(open_side(&body));
    send_frame(&body, HEADERS, END_HEADERS, 1,
               slice_of(POST_ROOT, sizeof(POST_ROOT) - 1));
    http_side_wait(&body, 30001);
    CHECK(find_frame(&body, RST_STREAM, 1, &flags) == 8);
    CHECK_OK(open_side(&idle));
    http_side_wait(&idle, 20001);
    CHECK(has_frame(&idle, GOAWAY, 0) && idle.session->is_over);
}

TEST(draining_says_goodbye_and_ends_after_the_answer)
{
    CLEANUP(http_side_release) struct http_side side = {0};
    CHECK_OK(open_side(&side));
    get(&side, 1);
    side.session->type->drain(side.session);
    http_side_wait(&side, 0);
    get(&side, 3);
    CHECK(has_frame(&side, GOAWAY, 0) && !side.session->is_over);
    http_side_answer(&side);
    CHECK(has_frame(&side, DATA, 1) && side.session->is_over);
    CHECK(!has_frame(&side, HEADERS, 3));
}

TEST(what_is_not_http2_ends_it)
{
    CLEANUP(http_side_release) struct http_side side = {0};
    CHECK_OK(http_side_open(&side, http2_new));
    http_side_receive_text(&side, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(side.session->is_over);
}

static void converse(void)
{
    struct http_side side = {0};
    dits_error *err = open_side(&side);
    if (err == NULL) {
        send_frame(&side, HEADERS, END_HEADERS, 1,
                   slice_of(POST_ROOT, sizeof(POST_ROOT) - 1));
        send_frame(&side, DATA, END_STREAM, 1, slice_of("ab", 2));
    }
    if (side.serving != NULL)
        http_side_answer(&side);
    dits_error_free(err);
    http_side_release(&side);
}

TEST(failed_allocations_leave_nothing_behind)
{
    CHECK(http_side_leaves_nothing(converse));
}
