#include "server/throttle.h"

#include <stdio.h>

#include "support/test.h"

#define NOW 1800000000000

static const struct throttle_rate rate = {.per_minute = 60, .burst = 10};
static const struct throttle_key ada = {.kind = 'a', .text = "ada"};
static const struct throttle_key bob = {.kind = 'a', .text = "bob"};
static const struct throttle_key other = {.kind = 'b', .text = "ada"};

TEST(a_bucket_is_emptied_and_fills_again)
{
    CLEANUP(throttle_freep) struct throttle *throttle = NULL;
    CHECK_OK(throttle_new(&throttle));
    for (int i = 0; i < 10; i++)
        CHECK(throttle_take(throttle, ada, &rate, 1, NOW) == 0);
    CHECK(throttle_take(throttle, ada, &rate, 1, NOW) == 1);
    CHECK(throttle_take(throttle, ada, &rate, 5, NOW) == 5);
    CHECK(throttle_take(throttle, bob, &rate, 1, NOW) == 0);
    CHECK(throttle_take(throttle, other, &rate, 1, NOW) == 0);
    CHECK(throttle_take(throttle, ada, &rate, 1, NOW + 1000) == 0);
    CHECK(throttle_take(throttle, ada, &rate, 1, NOW + 1000) == 1);
    CHECK(throttle_take(throttle, ada, &rate, 10, NOW + 100000) == 0);
    CHECK(throttle_take(throttle, ada, &rate, 1, NOW + 100000) == 1);
}

TEST(a_clock_that_is_set_back_locks_nobody_out)
{
    CLEANUP(throttle_freep) struct throttle *throttle = NULL;
    CHECK_OK(throttle_new(&throttle));
    CHECK(throttle_take(throttle, ada, &rate, 10, NOW) == 0);
    CHECK(throttle_take(throttle, ada, &rate, 1, NOW - 86400000) == 1);
    CHECK(throttle_take(throttle, ada, &rate, 1, NOW - 86400000 + 1000) == 0);
}

TEST(each_failure_costs_twice_the_last)
{
    static const unsigned waits[] = {0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60};
    CLEANUP(throttle_freep) struct throttle *throttle = NULL;
    CHECK_OK(throttle_new(&throttle));
    for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        throttle_failed(throttle, ada, 60, NOW);
        CHECK(throttle_wait(throttle, ada, NOW) == waits[i]);
        CHECK(throttle_wait(throttle, ada, NOW + waits[i] * 1000) == 0);
    }
    for (int i = 0; i < 100; i++)
        throttle_failed(throttle, ada, 60, NOW);
    CHECK(throttle_wait(throttle, ada, NOW) == 60);
    CHECK(throttle_wait(throttle, bob, NOW) == 0);
}

TEST(failures_are_forgotten)
{
    CLEANUP(throttle_freep) struct throttle *throttle = NULL;
    CHECK_OK(throttle_new(&throttle));
    for (int i = 0; i < 6; i++)
        throttle_failed(throttle, ada, 60, NOW);
    CHECK(throttle_wait(throttle, ada, NOW) == 4);
    throttle_failed(throttle, ada, 60, NOW + THROTTLE_FORGET_MS + 1);
    CHECK(throttle_wait(throttle, ada, NOW + THROTTLE_FORGET_MS + 1) == 0);
    for (int i = 0; i < 6; i++)
        throttle_failed(throttle, bob, 60, NOW);
    throttle_passed(throttle, bob);
    CHECK(throttle_wait(throttle, bob, NOW) == 0);
}

TEST(a_crowd_does_not_make_it_grow_or_forget_who_waits)
{
    CLEANUP(throttle_freep) struct throttle *throttle = NULL;
    CHECK_OK(throttle_new(&throttle));
    for (int i = 0; i < 20; i++)
        throttle_failed(throttle, ada, 900, NOW);
    for (int i = 0; i < 100000; i++) {
        char name[16] = {0};
        (void)snprintf(name, sizeof(name), "%d", i);
        (void)throttle_take(throttle, (struct throttle_key){'c', name}, &rate,
                            1, NOW);
    }
    CHECK(throttle_wait(throttle, ada, NOW) == 900);
}
