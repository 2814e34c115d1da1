#include <dits/config.h>
#include <dits/maintenance.h>

#include <string.h>

#include "repo/scrub_row.h"
#include "support/temp_repo.h"
#include "support/test.h"

enum { DAY = 86400 };

static dits_error *scrub(struct temp_repo *temp, bool if_due,
                         struct dits_scrub_result *out)
{
    const struct dits_scrub_options options = {.if_due = if_due};
    return dits_scrub(temp->repo, &options, out);
}

static dits_error *make(struct temp_repo *temp)
{
    struct dits_oid id = {0};
    TRY(temp_repo_make(temp));
    return temp_repo_commit(temp, "a", "one", &id);
}

TEST(a_round_is_due_after_the_interval)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_scrub_status status = {0};
    struct dits_scrub_result result = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(dits_scrub_status_get(temp.repo, &status));
    CHECK(status.is_due && status.rounds == 0);
    CHECK_OK(scrub(&temp, true, &result));
    CHECK(result.was_due && result.ended && result.damages == 0);
    CHECK(result.chunks > 2);
    CHECK_OK(scrub(&temp, true, &result));
    CHECK(!result.was_due && result.chunks == 0);
    CHECK_OK(scrub(&temp, false, &result));
    CHECK(result.was_due && result.chunks > 2);
    temp.now += 31 * DAY;
    CHECK_OK(dits_scrub_status_get(temp.repo, &status));
    CHECK(status.is_due && status.rounds == 2 && status.ended != 0);
    CHECK_OK(dits_config_set(temp.context, temp.repo, DITS_CONFIG_REPO,
                             "maintenance.verifyInterval", "never"));
    CHECK_OK(scrub(&temp, true, &result));
    CHECK(!result.was_due);
}

TEST(a_round_that_was_cut_off_goes_on)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_scrub_status status = {0};
    struct dits_scrub_result result = {0};
    struct scrub_row row = {.started = 1, .ended = 2, .cycle = 3};
    CHECK_OK(make(&temp));
    memset(row.place.pack, 'f', OID_HEX_SIZE - 1); /* after all packs */
    row.totals.damages = 1;
    CHECK_OK(scrub_row_save(temp.repo, &row));
    CHECK_OK(dits_scrub_status_get(temp.repo, &status));
    CHECK(status.is_due && status.started == 1 && status.damages == 1);
    CHECK(status.done_bytes == status.total_bytes);
    CHECK_OK(scrub(&temp, true, &result));
    CHECK(result.ended && result.chunks == 0);
    CHECK_OK(scrub_row_load(temp.repo, &row));
    CHECK(row.cycle == 4 && row.started == 0 && row.last_damages == 1);
}

TEST(one_at_a_time)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(buf_release) struct buf path = {0};
    struct dits_scrub_status status = {0};
    struct dits_scrub_result result = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(buf_printf(&path, "%s/verify.lock", temp.repo->dits_dir));
    CHECK_OK(fs_lock(buf_text(&path), FS_LOCK_EXCLUSIVE, 0, &lock));
    CHECK_FAILS(DITS_E_LOCKED, scrub(&temp, false, &result));
    CHECK_OK(dits_scrub_status_get(temp.repo, &status));
    CHECK(status.at_work);
}
