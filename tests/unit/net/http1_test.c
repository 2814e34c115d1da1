#include <stdio.h>
#include <string.h>

#include "net/http_session.h"
#include "support/http_side.h"
#include "support/test.h"

TEST(a_request_is_answered_and_the_next_one_waits_for_it)
{
    CLEANUP(http_side_release) struct http_side side = {0};
    CHECK_OK(http_side_open(&side, http1_new));
    const char *two = "GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n"
                      "GET /c HTTP/1.1\r\nHost: x\r\n\r\n";
    http_side_receive_text(&side, two);
    CHECK(side.used == strlen(two) / 2 + 1 && side.serving != NULL);
    CHECK(strcmp(side.serving->exchange.peer, "192.0.2.1") == 0);
    http_side_answer(&side);
    CHECK(http_side_sent(&side, "HTTP/1.1 200 OK\r\ndate: "));
    CHECK(http_side_sent(&side, "\r\ncontent-length: 9\r\n"));
    CHECK(http_side_sent(&side, "\r\nx-content-type-options: nosniff\r\n"));
    CHECK(http_side_sent(&side, "\r\n\r\nGET /a?b "));
    CHECK(!http_side_sent(&side, "connection: close"));
    http_side_receive_text(&side, two + side.used);
    http_side_answer(&side);
    CHECK(http_side_sent(&side, "GET /c? ") && !side.session->is_over);
}

TEST(bytes_may_come_one_by_one)
{
    static const char text[] =
        "PUT /x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
    CLEANUP(http_side_release) struct http_side side = {0};
    CHECK_OK(http_side_open(&side, http1_new));
    for (size_t i = 0; i + 1 < sizeof(text); i++) {
        CHECK(side.serving == NULL);
        http_side_receive(&side, slice_of(text + i, 1));
        CHECK(side.used == 1);
    }
    CHECK(side.serving != NULL);
    http_side_answer(&side);
    CHECK(http_side_sent(&side, "PUT /x? abcde"));
}

TEST(a_head_is_answered_with_the_size_alone)
{
    CLEANUP(http_side_release) struct http_side side = {0};
    CHECK_OK(http_side_open(&side, http1_new));
    http_side_receive_text(&side, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    http_side_answer(&side);
    CHECK(http_side_sent(&side, "content-length: 8\r\n"));
    CHECK(!http_side_sent(&side, "HEAD /?"));
}

/* Each is read in one way only, by being refused: a status, and the end. */
static const struct {
    const char *text;
    int status;
} refused[] = {
    {"GET / HTTP/1.1\nHost: x\n\n", 400},
    {"GET / HTTP/1.1\r\nHost: x\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: x\r\n\n", 400},
    {"GET / HTTP/1.1\r\nHost: x\r\rA: b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost : x\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n Host: x\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: x\r\nA: \x01\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400},
    {"GET / HTTP/1.1\r\n\r\n", 400},
    {"\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"GET /\xc3\xa4 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", 400},
    {"GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505},
    {"PRI * HTTP/2.0\r\n\r\n", 400},
    {"G\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
     "Content-Length: 1\r\n\r\na",
     400},
    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\na", 400},
    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\na", 400},
    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0x1\r\n\r\na", 400},
    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\na", 400},
    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
     "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
     "Content-Length: 1\r\n\r\n0\r\n\r\n",
     400},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"
     "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n"
     "\r\n0\r\n\r\n",
     501},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n"
     "\r\n0\r\n\r\n",
     400},
    {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
     "1\na\r\n0\r\n\r\n",
     400},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
     "1\r\nab\r\n0\r\n\r\n",
     400},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
     "1;a=b\r\na\r\n0\r\n\r\n",
     400},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
     "-1\r\na\r\n0\r\n\r\n",
     400},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
     "0\r\nHost: y\r\n\r\n",
     400},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
     "fffffffffffffffff\r\n",
     400},
    {"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
     "900000\r\nabc",
     0},
    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 8388609\r\n\r\n", 413},
    {"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999"
     "\r\n\r\n",
     400},
    {"POST / HTTP/1.1\r\nHost: x\r\nExpect: more\r\nContent-Length: 1\r\n\r\n",
     417},
};

TEST(what_two_readers_might_take_in_two_ways_is_refused)
{
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        CLEANUP(http_side_release) struct http_side side = {0};
        char wanted[32];
        CHECK_OK(http_side_open(&side, http1_new));
        http_side_receive_text(&side, refused[i].text);
        (void)snprintf(wanted, sizeof(wanted), "HTTP/1.1 %d ",
                       refused[i].status);
        bool is_right = refused[i].status == 0
                            ? side.sent.size == 0
                            : http_side_sent(&side, wanted) &&
                                  side.session->is_over;
        if (!is_right)
            (void)printf("%s -> %s\n", refused[i].text, buf_text(&side.sent));
        CHECK(is_right && side.serving == NULL);
    }
}

TEST(header_sections_are_bounded)
{
    CLEANUP(http_side_release)
    struct http_side many = {.limits.header_count = 2};
    CLEANUP(http_side_release)
    struct http_side large = {.limits.header_bytes = 64};
    CHECK_OK(http_side_open(&many, http1_new));
    http_side_receive_text(&many,
                           "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\nC: d\r\n\r\n");
    CHECK(http_side_sent(&many, "HTTP/1.1 431 "));
    CHECK_OK(http_side_open(&large, http1_new));
    http_side_receive_text(&large, "GET / HTTP/1.1\r\nHost: x\r\nA: ");
    for (int i = 0; i < 64 && !large.session->is_over; i++)
        http_side_receive_text(&large, "b");
    CHECK(http_side_sent(&large, "HTTP/1.1 431 ") && large.session->is_over);
}

TEST(a_body_waits_for_memory_and_is_asked_for_then)
{
    static const char head[] = "PUT / HTTP/1.1\r\nHost: x\r\n"
                               "Expect: 100-continue\r\n"
                               "Content-Length: 3\r\n\r\n";
    CLEANUP(http_side_release) struct http_side side = {.admits = HTTP_LATER};
    CHECK_OK(http_side_open(&side, http1_new));
    http_side_receive_text(&side, head);
    CHECK(side.waiting != NULL && side.sent.size == 0);
    http_side_receive_text(&side, "abc");
    CHECK(side.used == 0);
    http_side_admit(&side);
    CHECK(http_side_sent(&side, "HTTP/1.1 100 Continue\r\n\r\n"));
    http_side_receive_text(&side, "abc");
    CHECK(side.used == 3 && side.serving != NULL);
}

TEST(without_memory_or_threads_the_answer_is_to_come_again)
{
    CLEANUP(http_side_release) struct http_side body = {.admits = HTTP_FULL};
    CLEANUP(http_side_release) struct http_side side = {0};
    CHECK_OK(http_side_open(&body, http1_new));
    http_side_receive_text(
        &body, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n");
    CHECK(http_side_sent(&body, "HTTP/1.1 503 "));
    CHECK(http_side_sent(&body, "retry-after: 1\r\n") && body.session->is_over);
    CHECK_OK(http_side_open(&side, http1_new));
    side.serves = HTTP_FULL;
    http_side_receive_text(&side, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(http_side_sent(&side, "HTTP/1.1 503 ") && !side.session->is_over);
}

TEST(what_takes_too_long_is_ended)
{
    CLEANUP(http_side_release) struct http_side head = {0};
    CLEANUP(http_side_release) struct http_side body = {0};
    CLEANUP(http_side_release) struct http_side idle = {0};
    CHECK_OK(http_side_open(&head, http1_new));
    for (int i = 0; i < 21; i++) {
        http_side_receive_text(&head, i == 0 ? "GET / HTTP/1.1\r\nA: " : "b");
        CHECK(!head.session->is_over);
        http_side_wait(&head, 1000);
    }
    CHECK(http_side_sent(&head, "HTTP/1.1 408 ") && head.session->is_over);
    CHECK_OK(http_side_open(&body, http1_new));
    http_side_receive_text(
        &body, "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n");
    for (int i = 0; i < 60 && !body.session->is_over; i++) {
        http_side_receive_text(&body, "b");
        http_side_wait(&body, 1000);
    }
    CHECK(http_side_sent(&body, "HTTP/1.1 408 ") && body.session->is_over);
    CHECK_OK(http_side_open(&idle, http1_new));
    http_side_wait(&idle, 20001);
    CHECK(idle.session->is_over && idle.sent.size == 0);
}

TEST(an_answer_nobody_waits_for_is_abandoned)
{
    struct http_side side = {0};
    CHECK_OK(http_side_open(&side, http1_new));
    http_side_receive_text(&side, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(side.serving != NULL);
    http_side_release(&side);
    CHECK(side.abandoned == 1);
}

TEST(draining_ends_after_the_answer)
{
    CLEANUP(http_side_release) struct http_side side = {0};
    CLEANUP(http_side_release) struct http_side idle = {0};
    CHECK_OK(http_side_open(&side, http1_new));
    CHECK_OK(http_side_open(&idle, http1_new));
    idle.session->type->drain(idle.session);
    CHECK(idle.session->is_over);
    http_side_receive_text(&side, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    side.session->type->drain(side.session);
    CHECK(!side.session->is_over);
    http_side_answer(&side);
    CHECK(http_side_sent(&side, "connection: close\r\n"));
    CHECK(side.session->is_over);
}

static void converse(void)
{
    struct http_side side = {0};
    dits_error *err = http_side_open(&side, http1_new);
    if (err == NULL)
        http_side_receive_text(&side, "PUT /a?b HTTP/1.1\r\nHost: x\r\n"
                                      "Content-Length: 3\r\n\r\nabc");
    if (side.serving != NULL)
        http_side_answer(&side);
    dits_error_free(err);
    http_side_release(&side);
}

TEST(failed_allocations_leave_nothing_behind)
{
    CHECK(http_side_leaves_nothing(converse));
}
