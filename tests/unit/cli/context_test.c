#include "cli/context.h"

#include <string.h>

#include "base/context.h"
#include "cli/environment.h"
#include "support/mem_fault.h"
#include "support/test.h"

static int64_t clock_at_seven(void *payload)
{
    (void)payload;
    return 7;
}

static void context_freep(dits_context **context)
{
    dits_context_free(*context);
}

static const struct dits_context_options callbacks = {.clock = clock_at_seven};

TEST(the_surroundings_go_into_the_context)
{
    char name[] = "Ada";
    const struct environment environment = {.user_name = name,
                                            .utc_offset_minutes = 60};
    CLEANUP(context_freep) dits_context *context = NULL;
    int64_t now = 0;
    CHECK_OK(cli_context_new(&environment, &callbacks, &now, &context));
    CHECK(strcmp(context_options(context)->user_name, "Ada") == 0);
    CHECK(context_options(context)->utc_offset_minutes == 60);
    CHECK(now > 1700000000 && context_now(context) >= now); /* the system's */
}

TEST(a_given_date_stops_the_clock)
{
    const struct environment environment = {.date = "@1700000000"};
    CLEANUP(context_freep) dits_context *context = NULL;
    int64_t now = 0;
    CHECK_OK(cli_context_new(&environment, &callbacks, &now, &context));
    CHECK(now == 1700000000);
    CHECK(context_now(context) == 7);
}

TEST(a_date_that_is_none_is_refused)
{
    const struct environment environment = {.date = "some day"};
    CLEANUP(context_freep) dits_context *context = NULL;
    int64_t now = 0;
    CHECK_FAILS(DITS_E_INVALID,
                cli_context_new(&environment, &callbacks, &now, &context));
}

TEST(memory_for_a_context_may_run_out)
{
    const struct environment environment = {.date = "@1700000000"};
    for (unsigned n = 1;; n++) {
        CLEANUP(context_freep) dits_context *context = NULL;
        int64_t now = 0;
        mem_fault_arm(n);
        dits_error *err =
            cli_context_new(&environment, &callbacks, &now, &context);
        if (!mem_fault_disarm()) {
            CHECK_OK(err);
            break;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
