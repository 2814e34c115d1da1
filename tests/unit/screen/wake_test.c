#include "screen/wake.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "support/test.h"

/* What the signal `number` to this process wakes it with. */
static enum wake_kind woken_by(struct wake *wake, int number)
{
    struct pollfd fd = {.fd = wake_fd(wake), .events = POLLIN};
    if (kill(getpid(), number) != 0 || poll(&fd, 1, 10000) != 1)
        return WAKE_NOTHING;
    return wake_take(wake);
}

TEST(signals_become_bytes)
{
    CLEANUP(wake_stopp) struct wake *wake = NULL;
    CHECK_OK(wake_start(&wake));
    CHECK(wake_take(wake) == WAKE_NOTHING);
    CHECK(woken_by(wake, SIGWINCH) == WAKE_RESIZED);
    CHECK(woken_by(wake, SIGTSTP) == WAKE_SUSPENDED);
    CHECK(woken_by(wake, SIGINT) == WAKE_ENDED);
    CHECK(woken_by(wake, SIGTERM) == WAKE_ENDED);
    CHECK(woken_by(wake, SIGHUP) == WAKE_ENDED);
    CHECK(wake_take(wake) == WAKE_NOTHING);
}

TEST(it_may_be_started_again)
{
    for (int i = 0; i < 3; i++) {
        CLEANUP(wake_stopp) struct wake *wake = NULL;
        CHECK_OK(wake_start(&wake));
        CHECK(woken_by(wake, SIGWINCH) == WAKE_RESIZED);
    }
}
