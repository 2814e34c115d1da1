#include "repo/watcher_log.h"

#include <stdio.h>
#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

/* The paths after `since`, joined by blanks; "-" when that is not known. */
static const char *since(const struct watcher_log *log, uint64_t number,
                         char out[256])
{
    size_t at = 0;
    out[0] = '\0';
    if (!watcher_log_find(log, number, &at))
        return "-";
    for (; at < log->count; at++) {
        if (log->changes[at].path == NULL)
            continue;
        if (out[0] != '\0')
            (void)strcat(out, " ");
        (void)strcat(out, log->changes[at].path);
    }
    return out;
}

TEST(what_changed_since_is_told_in_order)
{
    CLEANUP(watcher_log_release) struct watcher_log log = {0};
    char text[256];
    CHECK_OK(watcher_log_add(&log, "b"));
    CHECK_OK(watcher_log_add(&log, "a"));
    CHECK_OK(watcher_log_add(&log, "c"));
    CHECK(strcmp(since(&log, 0, text), "b a c") == 0);
    CHECK(strcmp(since(&log, 2, text), "c") == 0);
    CHECK(strcmp(since(&log, 3, text), "") == 0);
    CHECK(strcmp(since(&log, 4, text), "-") == 0);
}

TEST(a_path_counts_by_its_latest_change)
{
    CLEANUP(watcher_log_release) struct watcher_log log = {0};
    char text[256];
    for (unsigned i = 0; i < 1000; i++) {
        CHECK_OK(watcher_log_add(&log, "a"));
        CHECK_OK(watcher_log_add(&log, "b"));
    }
    CHECK_OK(watcher_log_add(&log, "a"));
    CHECK(log.live == 2 && log.number == 2001);
    CHECK(log.count < 1000); /* what is dead is left out now and then */
    CHECK(strcmp(since(&log, 0, text), "b a") == 0);
    CHECK(strcmp(since(&log, 2000, text), "a") == 0);
}

TEST(too_many_paths_empty_it_and_before_is_unknown)
{
    CLEANUP(watcher_log_release) struct watcher_log log = {.max = 3};
    char text[256];
    CHECK_OK(watcher_log_add(&log, "a"));
    CHECK_OK(watcher_log_add(&log, "b"));
    CHECK_OK(watcher_log_add(&log, "c"));
    CHECK_OK(watcher_log_add(&log, "a"));
    CHECK(strcmp(since(&log, 0, text), "b c a") == 0);
    CHECK_OK(watcher_log_add(&log, "d"));
    CHECK(strcmp(since(&log, 4, text), "-") == 0);
    CHECK(strcmp(since(&log, 5, text), "") == 0);
    CHECK_OK(watcher_log_add(&log, "e"));
    CHECK(strcmp(since(&log, 5, text), "e") == 0);
}

TEST(thousands_of_paths_are_each_found_once)
{
    CLEANUP(watcher_log_release) struct watcher_log log = {0};
    char path[32];
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < 5000; i++) {
            (void)snprintf(path, sizeof(path), "folder/%u", i);
            CHECK_OK(watcher_log_add(&log, path));
        }
    }
    CHECK(log.live == 5000 && log.number == 15000);
}

TEST(a_failed_allocation_loses_nothing)
{
    for (unsigned nth = 1;; nth++) {
        CLEANUP(watcher_log_release) struct watcher_log log = {0};
        char text[256];
        CHECK_OK(watcher_log_add(&log, "a"));
        mem_fault_arm(nth);
        dits_error *err = watcher_log_add(&log, "b");
        if (!mem_fault_disarm()) {
            dits_error_free(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK_OK(watcher_log_add(&log, "c"));
        CHECK(strcmp(since(&log, 0, text), "a c") == 0);
    }
}
