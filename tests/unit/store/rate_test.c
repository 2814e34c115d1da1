#include "store/rate.h"

#include "base/fs.h"
#include "support/test.h"

static void context_freep(dits_context **context)
{
    dits_context_free(*context);
}

TEST(what_is_read_takes_as_long_as_it_may)
{
    CLEANUP(context_freep) dits_context *context = NULL;
    CHECK_OK(dits_context_new(NULL, &context));
    struct rate rate = rate_begin(100000);
    int64_t before = fs_now_ns();
    CHECK_OK(rate_keep(&rate, context, 10000));
    CHECK(fs_now_ns() - before >= 90000000); /* a tenth of a second, nearly */
}

TEST(without_a_limit_nobody_waits)
{
    CLEANUP(context_freep) dits_context *context = NULL;
    CHECK_OK(dits_context_new(NULL, &context));
    struct rate rate = rate_begin(0);
    CHECK_OK(rate_keep(&rate, context, UINT64_MAX));
}

TEST(who_waits_hears_that_it_is_cancelled)
{
    CLEANUP(context_freep) dits_context *context = NULL;
    CHECK_OK(dits_context_new(NULL, &context));
    dits_context_cancel(context);
    struct rate rate = rate_begin(1);
    CHECK_FAILS(DITS_E_CANCELLED, rate_keep(&rate, context, 1000000));
}
