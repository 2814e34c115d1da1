#include "repo/grep_order.h"

#include "base/pool.h"
#include "support/test.h"

enum { FILES = 2000, WORKERS = 4 };

struct told {
    struct grep_order order;
    size_t next;
    size_t lines;
    bool in_order;
    size_t fails_at; /* 0: never */
};

static dits_error *tell(size_t item, const struct grep_records *records,
                        void *payload)
{
    struct told *told = payload;
    if (told->fails_at > 0 && item == told->fails_at)
        return error_new(DITS_E_IO, "the reader hung up");
    told->in_order &= item == told->next || item + 1 == told->next;
    told->next = item + 1;
    told->lines += records->count;
    return NULL;
}

static dits_error *record(struct told *told, size_t item)
{
    CLEANUP(grep_records_release) struct grep_records records = {0};
    const struct grep_line line = {
        .kind = DITS_GREP_HIT, .number = 1, .text = slice_of_text("text")};
    TRY(grep_records_add(&records, &line));
    if (item % 3 == 0)
        TRY(grep_order_flush(&told->order, item, &records));
    TRY(grep_records_add(&records, &line));
    return grep_order_finish(&told->order, item, &records);
}

static dits_error *work(unsigned worker, void *payload)
{
    struct told *told = payload;
    size_t item = 0;
    (void)worker;
    while (grep_order_take(&told->order, &item)) {
        dits_error *err = record(told, item);
        if (err != NULL) {
            grep_order_stop(&told->order);
            return err;
        }
    }
    return NULL;
}

static void told_release(struct told *told)
{
    grep_order_release(&told->order);
}

TEST(many_threads_tell_in_the_order_of_the_files)
{
    CLEANUP(told_release) struct told told = {.in_order = true};
    grep_order_init(&told.order, tell, &told);
    told.order.count = FILES;
    CHECK_OK(pool_run(WORKERS, work, &told));
    CHECK(told.in_order && told.next == FILES && told.lines == 2 * FILES);
}

TEST(a_failure_stops_everybody)
{
    CLEANUP(told_release)
    struct told told = {.in_order = true, .fails_at = 700};
    grep_order_init(&told.order, tell, &told);
    told.order.count = FILES;
    CHECK_FAILS(DITS_E_IO, pool_run(WORKERS, work, &told));
    CHECK(told.next == 700);
}
