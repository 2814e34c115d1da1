#include "repo/reflog.h"

#include <string.h>

#include "base/buf.h"
#include "repo/expiry.h"
#include "repo/operation_row.h"
#include "support/temp_repo.h"
#include "support/test.h"

enum { DAY = 86400 };

static dits_error *count_entry(const struct dits_reflog_entry *entry,
                               void *payload)
{
    size_t *count = payload;
    if (entry->number != *count)
        return error_new(DITS_E_INTERNAL, "numbers have a gap");
    ++*count;
    return NULL;
}

static dits_error *add_message(const struct dits_reflog_entry *entry,
                               void *payload)
{
    return buf_printf(payload, "%s;", entry->message);
}

TEST(each_change_of_a_branch_is_logged_for_it_and_for_head)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf messages = {0};
    struct dits_oid id = {0};
    size_t entries = 0;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(dits_reflog_each(temp.repo, NULL, count_entry, &entries));
    CHECK(entries == 0);
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &id));
    CHECK_OK(temp_repo_commit(&temp, "a", "two", &id));
    CHECK_OK(dits_branch_create(temp.repo, "b", NULL, false));
    CHECK_OK(dits_reflog_each(temp.repo, NULL, count_entry, &entries));
    CHECK(entries == 2);
    CHECK_OK(dits_reflog_each(temp.repo, "b", add_message, &messages));
    CHECK(strcmp(buf_text(&messages), "branch: created from HEAD;") == 0);
}

TEST(the_value_at_a_time_is_found_also_when_the_clock_went_back)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid ids[3] = {{{0}}};
    struct dits_oid found_id = {0};
    bool found = false;
    CHECK_OK(temp_repo_make(&temp));
    int64_t start = temp.now;
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &ids[0]));
    temp.now = start + 10 * DAY;
    CHECK_OK(temp_repo_commit(&temp, "a", "two", &ids[1]));
    temp.now = start + 5 * DAY;
    CHECK_OK(temp_repo_commit(&temp, "a", "three", &ids[2]));
    CHECK_OK(reflog_at(temp.repo, "HEAD", start + DAY, &found_id, &found));
    CHECK(found && dits_oid_equal(&found_id, &ids[0]));
    CHECK_OK(reflog_at(temp.repo, "HEAD", start + 7 * DAY, &found_id, &found));
    CHECK(found && dits_oid_equal(&found_id, &ids[2]));
    CHECK_OK(reflog_nth(temp.repo, "HEAD", 1, &found_id, &found));
    CHECK(found && dits_oid_equal(&found_id, &ids[1]));
}

static dits_error *expire(struct temp_repo *temp, int64_t keep_since,
                          size_t *out_left, struct expiry_result *out)
{
    *out_left = 0;
    TRY(expiry_run(temp->repo, keep_since, out));
    return dits_reflog_each(temp->repo, NULL, count_entry, out_left);
}

static dits_error *commit_days(struct temp_repo *temp, int days)
{
    for (int i = 0; i < days; i++) {
        char text[2] = {(char)('a' + i % 26), '\0'};
        struct dits_oid id = {0};
        TRY(temp_repo_commit(temp, "a", text, &id));
        temp->now += DAY;
    }
    return NULL;
}

TEST(old_entries_expire_and_the_newest_stay)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(operation_row_release) struct operation_row row = {0};
    struct expiry_result result = {0};
    size_t left = 0;
    bool found = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(commit_days(&temp, 20));
    temp.now += 80 * DAY; /* the first ten are over ninety days old */
    CHECK_OK(expire(&temp, temp.now, &left, &result));
    CHECK(left == 10 && result.entries == 20 && result.operations == 10);
    temp.now += 1000 * DAY;
    CHECK_OK(expire(&temp, temp.now, &left, &result));
    CHECK(left == 1);
    CHECK_OK(operation_row_newest(temp.repo, &row, &found));
    CHECK(found && row.id == 20);
}

/* STOR-M4: a young commit keeps its root whatever the count says. */
TEST(an_entry_of_a_young_commit_stays)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct expiry_result result = {0};
    size_t left = 0;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(commit_days(&temp, 20));
    temp.now += 1000 * DAY;
    CHECK_OK(expire(&temp, temp.now - 1005 * DAY, &left, &result));
    CHECK(left == 5);
}

/* Its child looks old, because the clock went back in between. */
TEST(a_young_commit_under_an_old_one_keeps_its_entry)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct expiry_result result = {0};
    struct dits_oid young = {0};
    struct dits_oid old = {0};
    struct dits_oid found_id = {0};
    bool found = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(commit_days(&temp, 1));
    temp.now += 1000 * DAY;
    CHECK_OK(temp_repo_commit(&temp, "a", "young", &young));
    temp.now -= 900 * DAY;
    CHECK_OK(temp_repo_commit(&temp, "a", "old", &old));
    CHECK_OK(temp_repo_commit(&temp, "a", "older", &old));
    temp.now += 900 * DAY;
    CHECK_OK(expiry_run(temp.repo, temp.now - DAY, &result));
    /* Left: made and moved from (they hold it), and the newest. */
    CHECK_OK(reflog_nth(temp.repo, "HEAD", 2, &found_id, &found));
    CHECK(found && dits_oid_equal(&found_id, &young));
}

TEST(one_ref_expires_and_others_stay)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const struct dits_reflog_expire_options dry = {.expire = "now",
                                                   .dry_run = true};
    const struct dits_reflog_expire_options wet = {.expire = "now"};
    const struct dits_reflog_expire_options all = {.expire = "now",
                                                   .all = true};
    const char *names[] = {"main"};
    uint64_t dropped = 0;
    size_t left = 0;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(commit_days(&temp, 20)); /* fourteen are younger than the grace */
    CHECK_OK(dits_reflog_expire(temp.repo, names, 1, &dry, &dropped));
    CHECK(dropped == 6);
    CHECK_OK(dits_reflog_expire(temp.repo, names, 1, &wet, &dropped));
    CHECK(dropped == 6);
    CHECK_OK(dits_reflog_each(temp.repo, "main", count_entry, &left));
    CHECK(left == 14);
    left = 0;
    CHECK_OK(dits_reflog_each(temp.repo, NULL, count_entry, &left));
    CHECK(left == 20);
    CHECK_OK(dits_reflog_expire(temp.repo, NULL, 0, &all, &dropped));
    CHECK(dropped == 6);
}

TEST(a_single_entry_is_dropped)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid id = {0};
    size_t left = 0;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &id));
    CHECK_OK(temp_repo_commit(&temp, "a", "two", &id));
    CHECK_OK(temp_repo_commit(&temp, "a", "three", &id));
    CHECK_OK(dits_reflog_delete(temp.repo, "HEAD", 1, true));
    CHECK_OK(dits_reflog_delete(temp.repo, "HEAD", 1, false));
    CHECK_OK(dits_reflog_each(temp.repo, NULL, count_entry, &left));
    CHECK(left == 2);
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_reflog_delete(temp.repo, "HEAD", 2, false));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_reflog_delete(temp.repo, "HEAD", UINT64_MAX, false));
}

static dits_error *count_root(enum chunk_kind kind, const struct dits_oid *id,
                              void *payload)
{
    size_t *counts = payload;
    (void)id;
    counts[kind]++;
    return NULL;
}

TEST(roots_are_all_that_refs_logs_and_operations_hold)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_tag_options tag = {.name = "v", .message = "m"};
    struct dits_oid id = {0};
    size_t counts[CHUNK_KIND_COUNT] = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &id));
    CHECK_OK(temp_repo_commit(&temp, "a", "two", &id));
    CHECK_OK(dits_tag_create(temp.repo, &tag));
    CHECK_OK(refs_each_root(temp.repo, count_root, counts));
    CHECK(counts[CHUNK_TAG] == 2);    /* the ref, and the operation */
    CHECK(counts[CHUNK_COMMIT] == 5); /* ref, two logged, two in operations */
    CHECK(counts[CHUNK_TREE] == 3);   /* empty, one, two */
}
