#include "repo/pack_copies.h"

#include <string.h>

#include "support/temp_repo.h"
#include "support/test.h"

#define PACK "8b4d59a128adbff7701892704cdfa0ae6599f5bd4a530bf21bdb292e00112233"

/* What the rows say: "cold=here " and so on. */
static dits_error *describe(const struct copy_row *row, void *payload)
{
    static const char *const states[] = {"coming", "here", "leaving"};
    return buf_printf(payload, "%s=%s ", row->tier[0] ? row->tier : "-",
                      states[row->state]);
}

static bool rows_are(struct temp_repo *temp, const char *wanted)
{
    CLEANUP(buf_release) struct buf text = {0};
    dits_error *err = pack_copies_each(temp->repo->db, describe, &text);
    bool same = err == NULL && strcmp(buf_text(&text), wanted) == 0;
    dits_error_free(err); /* then they are not */
    return same;
}

static dits_error *begin(struct temp_repo *temp, const char *tier, int64_t *out)
{
    struct copy_row row = {.pack = PACK, .tier = tier, .size = 7, .since = 1};
    return pack_copies_begin(temp->repo->db, &row, out);
}

static dits_error *publish(struct temp_repo *temp, const char *from,
                           int64_t from_incarnation, const char *to,
                           int64_t to_incarnation)
{
    const struct copy_change change = {.pack = PACK,
                                       .from = from,
                                       .from_incarnation = from_incarnation,
                                       .to = to,
                                       .to_incarnation = to_incarnation,
                                       .now = 5};
    return pack_copies_publish(temp->repo->db, &change);
}

TEST(a_pack_goes_there_and_comes_back)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    int64_t coming = 0;
    int64_t here = 0;
    bool any = true;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(pack_copies_any(temp.repo->db, &any));
    CHECK(!any);
    CHECK_OK(begin(&temp, "cold", &coming));
    CHECK(rows_are(&temp, "cold=coming "));
    CHECK_OK(publish(&temp, "", 0, "cold", coming));
    CHECK(rows_are(&temp, "-=leaving cold=here "));
    CHECK_OK(pack_copies_remove(temp.repo->db, PACK, ""));
    CHECK_OK(pack_copies_current(temp.repo->db, PACK, &here));
    CHECK(here != 0 && here != coming);
    CHECK_OK(begin(&temp, "", &coming));
    CHECK_OK(publish(&temp, "cold", here, "", coming));
    CHECK(rows_are(&temp, "cold=leaving "));
}

TEST(a_copy_is_published_only_over_the_one_that_was_seen)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    int64_t first = 0;
    int64_t second = 0;
    int64_t here = 0;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(begin(&temp, "cold", &first));
    CHECK_OK(begin(&temp, "warm", &second));
    CHECK_OK(publish(&temp, "", 0, "cold", first));
    CHECK_FAILS(DITS_E_CONFLICT, publish(&temp, "", 0, "warm", second));
    CHECK(rows_are(&temp, "-=leaving cold=here warm=coming "));
    CHECK_OK(pack_copies_current(temp.repo->db, PACK, &here));
    CHECK_FAILS(DITS_E_CONFLICT,
                publish(&temp, "cold", here, "warm", second + 1));
    CHECK_FAILS(DITS_E_CONFLICT,
                publish(&temp, "cold", here + 2, "warm", second));
    CHECK(rows_are(&temp, "-=leaving cold=here warm=coming "));
    CHECK_OK(publish(&temp, "cold", here, "warm", second));
    CHECK(rows_are(&temp, "-=leaving cold=leaving warm=here "));
}

TEST(of_a_pack_that_was_given_up_all_copies_leave)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    int64_t first = 0;
    int64_t second = 0;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(begin(&temp, "cold", &first));
    CHECK_OK(publish(&temp, "", 0, "cold", first));
    CHECK_OK(begin(&temp, "warm", &second));
    CHECK_OK(pack_copies_retire(temp.repo->db, PACK));
    CHECK(rows_are(&temp, "cold=leaving warm=leaving "));
    CHECK_OK(pack_copies_current(temp.repo->db, PACK, &first));
    CHECK(first == 0);
}

TEST(rows_that_make_no_sense_are_passed_over)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(db_run(temp.repo->db,
                    "INSERT INTO pack_copies VALUES ('x', 'cold', 1, 1, 1, 1,"
                    " 1), (zeroblob(32), 'cold', 9, 1, 1, 1, 1),"
                    " (zeroblob(32), 'warm', 1, 1, 1, -5, 1)",
                    DB_NO_ARGS, NULL));
    CHECK(rows_are(&temp, ""));
}

static dits_error *count(const char *pack, void *payload)
{
    *(unsigned *)payload += strcmp(pack, PACK) == 0;
    return NULL;
}

TEST(reads_are_noted_and_forgotten)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    int64_t time = 1;
    unsigned seen = 0;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(pack_access_get(temp.repo->db, PACK, &time));
    CHECK(time == 0);
    CHECK_OK(pack_access_note(temp.repo->db, PACK, 7));
    CHECK_OK(pack_access_note(temp.repo->db, PACK, 8));
    CHECK_OK(pack_access_get(temp.repo->db, PACK, &time));
    CHECK_OK(pack_access_each(temp.repo->db, count, &seen));
    CHECK(time == 8 && seen == 1);
    CHECK_OK(pack_access_remove(temp.repo->db, PACK));
    CHECK_OK(pack_access_each(temp.repo->db, count, &seen));
    CHECK(seen == 1);
}
