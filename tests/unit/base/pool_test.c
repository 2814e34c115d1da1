#include "base/pool.h"

#include <stdbool.h>

#include "support/test.h"

struct shared {
    pthread_mutex_t mutex;
    /* guarded by mutex: */
    unsigned calls;
    bool seen[8];
};

static dits_error *note(unsigned worker, void *payload)
{
    struct shared *shared = payload;
    POOL_LOCKED(&shared->mutex);
    shared->calls++;
    shared->seen[worker] = true;
    return NULL;
}

TEST(every_worker_runs_once)
{
    struct shared shared = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    CHECK_OK(pool_run(4, note, &shared));
    CHECK(shared.calls == 4 && shared.seen[0] && shared.seen[3]);
    CHECK_OK(pool_run(1, note, &shared));
    CHECK(shared.calls == 5);
    CHECK(pool_processors() >= 1);
}

static dits_error *fail(unsigned worker, void *payload)
{
    (void)payload;
    return worker == 0 ? NULL : error_new(DITS_E_LIMIT, "worker %u", worker);
}

TEST(one_failure_is_the_answer_of_all)
{
    CHECK_FAILS(DITS_E_LIMIT, pool_run(3, fail, NULL));
}
