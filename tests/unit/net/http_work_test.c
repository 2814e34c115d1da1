#include "net/http_work.h"

#include <stdatomic.h>

#include "base/fs.h"
#include "support/test.h"

enum { MEMORY = 2000 };

struct bench {
    struct http_limits limits;
    struct http_work *work;
    atomic_uint came_back;
    struct http_request *last;
    atomic_bool holds; /* the handler waits */
    atomic_uint begun;
};

static void back(struct http_request *request, void *payload)
{
    struct bench *bench = payload;
    bench->last = request;
    atomic_fetch_add(&bench->came_back, 1);
}

static dits_error *serve(struct exchange *exchange, void *payload)
{
    struct bench *bench = payload;
    atomic_fetch_add(&bench->begun, 1);
    while (atomic_load(&bench->holds))
        fs_pause_ms(1);
    exchange->status = 200;
    return buf_put(&exchange->reply, exchange->body.data, exchange->body.size);
}

static dits_error *start(struct bench *bench, unsigned threads,
                         unsigned waiting)
{
    bench->limits.body_memory = MEMORY;
    bench->limits.waiting = waiting;
    bench->limits = http_limits_whole(bench->limits);
    const struct http_work_options options = {.limits = &bench->limits,
                                              .threads = threads,
                                              .serve = serve,
                                              .payload = bench,
                                              .back = back,
                                              .back_payload = bench};
    return http_work_start(&options, &bench->work);
}

static void stop(struct bench *bench)
{
    atomic_store(&bench->holds, false);
    if (bench->work != NULL)
        http_work_stop(bench->work);
    http_work_free(bench->work);
}

static void wait_for(atomic_uint *count, unsigned wanted)
{
    while (atomic_load(count) < wanted)
        fs_pause_ms(1);
}

TEST(bodies_have_half_of_the_memory_in_the_order_in_which_they_came)
{
    CLEANUP(stop) struct bench bench = {0};
    struct http_request first = {.body_size = 700};
    struct http_request second = {.body_size = 700};
    struct http_request third = {.body_size = 100};
    CHECK_OK(start(&bench, 1, 8));
    CHECK(http_work_admit(bench.work, &first) == HTTP_NOW);
    CHECK(http_work_admit(bench.work, &second) == HTTP_LATER);
    /* There would be room, but the second came before. */
    CHECK(http_work_admit(bench.work, &third) == HTTP_LATER);
    http_work_release(bench.work, &first);
    CHECK(atomic_load(&bench.came_back) == 2 && bench.last == &third);
    http_work_release(bench.work, &second);
    http_work_release(bench.work, &third);
    struct http_work_counts counts = {0};
    http_work_count(bench.work, &counts);
    CHECK(counts.body_bytes == 0 && counts.waiting == 0);
}

TEST(one_that_waits_may_be_forgotten_once)
{
    CLEANUP(stop) struct bench bench = {0};
    struct http_request first = {.body_size = 5000};
    struct http_request second = {.body_size = 700};
    CHECK_OK(start(&bench, 1, 1));
    CHECK(http_work_admit(bench.work, &first) == HTTP_NOW); /* alone, any */
    CHECK(http_work_admit(bench.work, &second) == HTTP_LATER);
    CHECK(http_work_admit(bench.work, &second) == HTTP_FULL);
    CHECK(http_work_forget(bench.work, &second));
    CHECK(!http_work_forget(bench.work, &second));
    http_work_release(bench.work, &first);
    CHECK(atomic_load(&bench.came_back) == 0);
}

static dits_error *make_whole(struct http_request *request, size_t size)
{
    void *bytes = NULL;
    exchange_init(&request->exchange);
    TRY(buf_extend(&request->body, size, &bytes));
    request->body_size = size;
    request->exchange.body = buf_slice(&request->body);
    return NULL;
}

static void let_go(struct http_request *request)
{
    exchange_release(&request->exchange);
    buf_release(&request->body);
}

TEST(answers_that_are_not_read_hold_up_others_not_for_ever)
{
    CLEANUP(stop) struct bench bench = {0};
    CLEANUP(let_go) struct http_request first = {0};
    CLEANUP(let_go) struct http_request second = {0};
    CHECK_OK(start(&bench, 2, 8));
    CHECK_OK(make_whole(&first, 1000));
    CHECK_OK(make_whole(&second, 1000));
    CHECK(http_work_serve(bench.work, &first) == HTTP_LATER);
    wait_for(&bench.came_back, 1);
    CHECK(first.exchange.status == 200 && first.body.data == NULL);
    CHECK(http_work_serve(bench.work, &second) == HTTP_LATER);
    CHECK(atomic_load(&bench.begun) == 1);
    http_work_release(bench.work, &first);
    wait_for(&bench.came_back, 2);
    http_work_release(bench.work, &second);
}

TEST(what_waits_at_the_end_is_answered_with_503)
{
    struct bench bench = {.holds = true};
    CLEANUP(let_go) struct http_request first = {0};
    CLEANUP(let_go) struct http_request second = {0};
    CHECK_OK(start(&bench, 1, 1));
    CHECK_OK(make_whole(&first, 1));
    CHECK_OK(make_whole(&second, 1));
    CHECK(http_work_serve(bench.work, &first) == HTTP_LATER);
    wait_for(&bench.begun, 1);
    CHECK(http_work_serve(bench.work, &second) == HTTP_LATER);
    CHECK(http_work_serve(bench.work, &second) == HTTP_FULL);
    atomic_store(&first.is_abandoned, true);
    atomic_store(&second.is_abandoned, true);
    stop(&bench);
    CHECK(first.exchange.status == 200);
    CHECK(second.exchange.status == 503 || second.exchange.status == 0);
}
