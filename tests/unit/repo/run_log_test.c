#include "repo/run_log.h"

#include <string.h>

#include "support/temp_repo.h"
#include "support/test.h"

TEST(the_newest_run_of_a_kind_is_found)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(run_record_release) struct run_record record = {0};
    uint64_t first = 0;
    uint64_t second = 0;
    bool found = true;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(run_log_last(temp.repo, "gc", &record, &found));
    CHECK(!found);
    CHECK_OK(run_log_begin(temp.repo, "gc", &first));
    temp.now += 5;
    CHECK_OK(run_log_end(temp.repo, first, 7, 800, NULL));
    CHECK_OK(run_log_begin(temp.repo, "other", &second));
    CHECK_OK(run_log_last(temp.repo, "gc", &record, &found));
    CHECK(found && record.id == first && second > first);
    CHECK(record.items == 7 && record.bytes == 800 && record.error == NULL);
    CHECK(record.started == temp.now - 5 && record.ended == temp.now);
}

TEST(a_failure_is_kept_as_text)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(run_record_release) struct run_record record = {0};
    uint64_t id = 0;
    bool found = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(run_log_begin(temp.repo, "gc", &id));
    CHECK_FAILS(DITS_E_IO,
                run_log_end(temp.repo, id, 0, 0,
                            error_new(DITS_E_IO, "the disk is gone")));
    CHECK_OK(run_log_last(temp.repo, "gc", &record, &found));
    CHECK(found && record.error != NULL);
    CHECK(strcmp(record.error, "the disk is gone") == 0);
}

TEST(operations_are_counted_from_the_last_run_that_ended_well)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    uint64_t count = 0;
    uint64_t id = 0;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_stage(&temp, "a", "one"));
    CHECK_OK(run_log_operations_since(temp.repo, "gc", &count));
    CHECK(count == 1);
    CHECK_OK(run_log_begin(temp.repo, "gc", &id));
    CHECK_OK(run_log_operations_since(temp.repo, "gc", &count));
    CHECK(count == 1); /* it has not ended */
    CHECK_OK(run_log_end(temp.repo, id, 0, 0, NULL));
    CHECK_OK(run_log_operations_since(temp.repo, "gc", &count));
    CHECK(count == 0);
    CHECK_OK(temp_repo_stage(&temp, "a", "two"));
    CHECK_OK(run_log_begin(temp.repo, "gc", &id));
    CHECK_FAILS(DITS_E_IO,
                run_log_end(temp.repo, id, 0, 0,
                            error_new(DITS_E_IO, "the disk is gone")));
    CHECK_OK(run_log_operations_since(temp.repo, "gc", &count));
    CHECK(count == 1);
}

TEST(old_rows_go)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(run_record_release) struct run_record record = {0};
    uint64_t other = 0;
    uint64_t id = 0;
    bool found = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(run_log_begin(temp.repo, "other", &other));
    for (int i = 0; i < 250; i++)
        CHECK_OK(run_log_begin(temp.repo, "gc", &id));
    CHECK_OK(run_log_last(temp.repo, "gc", &record, &found));
    CHECK(found && record.id == id && id == 251);
    run_record_release(&record);
    CHECK_OK(run_log_last(temp.repo, "other", &record, &found));
    CHECK(found && record.id == other);
}
