#include "repo/event_log.h"

#include <dits/operation.h>

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "repo/expiry.h"
#include "repo/ref_name.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

enum { DAY = 86400 };

/* "3 refs/heads/main;": what was told. */
static dits_error *note(const struct dits_event *event, void *payload)
{
    return buf_printf(payload, "%d %s%s;", (int)event->number, event->ref,
                      dits_oid_is_zero(&event->after) ? " gone" : "");
}

static dits_error *read_after(struct temp_repo *temp, uint64_t number,
                              struct dits_event_place *out, struct buf *told,
                              bool *out_lost)
{
    buf_clear(told);
    TRY(event_log_range(temp->repo, out, NULL));
    out->number = number;
    return event_log_read(temp->repo, out, 100, note, told, out_lost);
}

static dits_error *ignore(const char *finding, void *payload)
{
    return buf_printf(payload, "%s;", finding);
}

TEST(each_move_of_a_ref_is_told_once_and_in_order)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf told = {0};
    struct dits_event_place place = {{0}, 0};
    struct dits_oid id = {0};
    bool lost = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(read_after(&temp, 0, &place, &told, &lost));
    CHECK(told.size == 0 && !lost);
    CHECK_OK(temp_repo_stage(&temp, "a", "one"));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &id));
    CHECK_OK(dits_branch_create(temp.repo, "b", NULL, false));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK_OK(read_after(&temp, 0, &place, &told, &lost));
    CHECK(strcmp(buf_text(&told), "1 refs/heads/main;2 refs/heads/b;"
                                  "3 refs/heads/b gone;") == 0);
    CHECK(!lost && place.number == 3);
    CHECK_OK(event_log_read(temp.repo, &place, 100, note, &told, &lost));
    CHECK(!lost && place.number == 3);
    CHECK_OK(read_after(&temp, 1, &place, &told, &lost));
    CHECK(strcmp(buf_text(&told), "2 refs/heads/b;3 refs/heads/b gone;") == 0);
}

TEST(what_was_forgotten_or_is_of_another_log_is_lost)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf told = {0};
    struct dits_event_place place = {{0}, 0};
    struct dits_event_place oldest = {{0}, 0};
    struct expiry_result expired = {0};
    struct dits_oid id = {0};
    bool lost = false;
    CHECK_OK(temp_repo_make(&temp));
    for (int i = 0; i < 4; i++) {
        CHECK_OK(temp_repo_commit(&temp, "a", i % 2 == 0 ? "x" : "y", &id));
        temp.now += 60 * DAY;
    }
    CHECK_OK(expiry_run(temp.repo, temp.now, &expired));
    CHECK_OK(event_log_range(temp.repo, &oldest, &place));
    CHECK(oldest.number == 3 && place.number == 4);
    CHECK_OK(read_after(&temp, 2, &place, &told, &lost));
    CHECK(lost && told.size == 0 && place.number == 4);
    CHECK_OK(read_after(&temp, 3, &place, &told, &lost));
    CHECK(!lost && strcmp(buf_text(&told), "4 refs/heads/main;") == 0);
    CHECK_OK(read_after(&temp, 5, &place, &told, &lost));
    CHECK(lost && place.number == 4);
    place.log[0] ^= 1;
    CHECK_OK(event_log_read(temp.repo, &place, 100, note, &told, &lost));
    CHECK(lost);
    temp.now += 365 * DAY;
    CHECK_OK(expiry_run(temp.repo, temp.now, &expired));
    CHECK_OK(event_log_range(temp.repo, &oldest, &place));
    CHECK(oldest.number == 3 && place.number == 4); /* never the newest */
}

TEST(a_clock_that_went_back_makes_no_gap)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf findings = {0};
    struct dits_oid id = {0};
    CHECK_OK(temp_repo_make(&temp));
    for (int i = 0; i < 3; i++) {
        CHECK_OK(temp_repo_commit(&temp, "a", i % 2 == 0 ? "x" : "y", &id));
        temp.now += i == 0 ? -100 * DAY : 100 * DAY;
    }
    CHECK_OK(event_log_expire(temp.repo, temp.now - 50 * DAY));
    CHECK_OK(event_log_check(temp.repo, ignore, &findings));
    CHECK(findings.size == 0);
}

TEST(gaps_and_wrong_ends_are_found)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf findings = {0};
    struct dits_oid id = {0};
    CHECK_OK(temp_repo_make(&temp));
    for (int i = 0; i < 3; i++)
        CHECK_OK(temp_repo_commit(&temp, "a", i % 2 == 0 ? "x" : "y", &id));
    CHECK_OK(event_log_check(temp.repo, ignore, &findings));
    CHECK(findings.size == 0);
    CHECK_OK(db_run(temp.repo->db, "DELETE FROM events WHERE number = 2",
                    DB_NO_ARGS, NULL));
    CHECK_OK(db_run(temp.repo->db, "DELETE FROM refs", DB_NO_ARGS, NULL));
    CHECK_OK(event_log_check(temp.repo, ignore, &findings));
    CHECK(strcmp(buf_text(&findings),
                 "events are missing in the middle;the newest event of "
                 "refs/heads/main leads elsewhere;") == 0);
}

TEST(without_memory_nothing_is_told_twice_or_left_out)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid id = {0};
    unsigned nth = 1;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &id));
    CHECK_OK(temp_repo_commit(&temp, "a", "two", &id));
    for (bool reached = true; reached; nth++) {
        CLEANUP(buf_release) struct buf told = {0};
        struct dits_event_place place = {{0}, 0};
        bool lost = false;
        CHECK_OK(event_log_range(temp.repo, &place, NULL));
        place.number = 0;
        mem_fault_arm(nth);
        dits_error *err =
            event_log_read(temp.repo, &place, 100, note, &told, &lost);
        reached = mem_fault_disarm();
        CHECK(reached == (err != NULL));
        dits_error_free(err);
        CHECK_OK(event_log_read(temp.repo, &place, 100, note, &told, &lost));
        CHECK(strcmp(buf_text(&told), "1 refs/heads/main;2 refs/heads/main;") ==
              0);
    }
    CHECK(nth > 3);
}

TEST(places_are_written_and_read)
{
    struct dits_event_place place = {{0x8f, 0x14, 0, 1, 2, 3, 4, 5}, 17};
    struct dits_event_place back = {{0}, 0};
    char text[DITS_EVENT_PLACE_SIZE] = {0};
    static const char *const wrong[] = {"",
                                        "17",
                                        "8f14000102030405",
                                        "8f14000102030405:",
                                        "8f1400010203040:1",
                                        "8F14000102030405:1",
                                        "8f14000102030405:-1",
                                        "8f14000102030405:1x",
                                        "8f14000102030405:9999999999999999999"};
    dits_event_place_text(&place, text);
    CHECK(strcmp(text, "8f14000102030405:17") == 0);
    CHECK_OK(dits_event_place_parse(text, &back));
    CHECK(memcmp(&place, &back, sizeof(place)) == 0);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        CHECK_FAILS(DITS_E_INVALID, dits_event_place_parse(wrong[i], &back));
}
