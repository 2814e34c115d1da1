#include "server/audit.h"

#include <stdio.h>
#include <string.h>

#include "base/fs.h"
#include "base/oid.h"
#include "base/text.h"
#include "support/doc_dump.h"
#include "support/mem_fault.h"
#include "support/temp_server.h"
#include "support/test.h"

enum { ROWS = 8 };

static dits_error *append(struct temp_server *temp, int64_t number)
{
    char resource[16] = {0};
    (void)snprintf(resource, sizeof(resource), "row%d", (int)number);
    const struct audit_entry entry = {.time = TEMP_SERVER_NOW + number,
                                      .account = {{(uint8_t)number}},
                                      .name = "ada",
                                      .token = {{9}},
                                      .action = "token.create",
                                      .resource = resource,
                                      .allowed = number % 2 == 0,
                                      .address = "192.0.2.0/24"};
    return audit_append(temp->db, &entry);
}

static dits_error *make_log(struct temp_server *temp)
{
    TRY(temp_server_make(temp));
    for (int64_t i = 1; i <= ROWS; i++)
        TRY(append(temp, i));
    return audit_seal(temp->db, temp->folder);
}

/* What somebody with the whole database in his hands does. */
static dits_error *unguard(struct temp_server *temp)
{
    TRY(db_run(temp->db, "DROP TRIGGER audit_update", DB_NO_ARGS, NULL));
    return db_run(temp->db, "DROP TRIGGER audit_delete", DB_NO_ARGS, NULL);
}

/* Row `row` is tampered with by `sql`; what the verifier names is `*out`. */
static dits_error *tamper(const char *sql, int64_t row,
                          struct audit_report *out)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    TRY(make_log(&temp));
    TRY(unguard(&temp));
    TRY(db_run(temp.db, sql, DB_ARGS(db_int(row)), NULL));
    return audit_verify(temp.db, temp.folder, NULL, out);
}

TEST(a_log_that_nobody_touched_is_whole)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    struct audit_report report = {.bad = 0};
    CHECK_OK(temp_server_make(&temp));
    CHECK_OK(audit_verify(temp.db, temp.folder, NULL, &report));
    CHECK(report.bad == 0 && report.head.number == 0);
    CHECK_OK(append(&temp, 1));
    CHECK_OK(audit_seal(temp.db, temp.folder));
    CHECK_OK(append(&temp, 2)); /* killed before it was sealed */
    CHECK_OK(audit_verify(temp.db, temp.folder, NULL, &report));
    CHECK(report.bad == 0 && report.head.number == 2);
}

TEST(every_change_of_every_row_is_named)
{
    static const char *const edits[] = {
        "UPDATE audit SET time = time + 1 WHERE number = ?",
        "UPDATE audit SET account = zeroblob(16) WHERE number = ?",
        "UPDATE audit SET name = 'eve' WHERE number = ?",
        "UPDATE audit SET token = NULL WHERE number = ?",
        "UPDATE audit SET action = 'token.list' WHERE number = ?",
        "UPDATE audit SET resource = NULL WHERE number = ?",
        "UPDATE audit SET resource = '' WHERE number = ?",
        "UPDATE audit SET allowed = 1 - allowed WHERE number = ?",
        "UPDATE audit SET reason = '' WHERE number = ?",
        "UPDATE audit SET request = 'x' WHERE number = ?",
        "UPDATE audit SET address = NULL WHERE number = ?",
        "UPDATE audit SET hash = zeroblob(32) WHERE number = ?",
    };
    for (size_t i = 0; i < sizeof(edits) / sizeof(edits[0]); i++) {
        for (int64_t row = 1; row <= ROWS; row++) {
            struct audit_report report = {.bad = 0};
            CHECK_OK(tamper(edits[i], row, &report));
            CHECK(report.bad == row);
            CHECK(strcmp(report.what, "was changed") == 0);
        }
    }
}

TEST(every_row_that_is_taken_out_is_named)
{
    for (int64_t row = 1; row <= ROWS; row++) {
        struct audit_report report = {.bad = 0};
        CHECK_OK(tamper("DELETE FROM audit WHERE number = ?", row, &report));
        CHECK(report.bad == row);
        CHECK(strcmp(report.what, "is missing") == 0);
    }
}

TEST(rows_that_change_places_are_named)
{
    for (int64_t row = 1; row < ROWS; row++) {
        CLEANUP(temp_server_release) struct temp_server temp = {0};
        struct audit_report report = {.bad = 0};
        CHECK_OK(make_log(&temp));
        CHECK_OK(unguard(&temp));
        CHECK_OK(db_run(temp.db,
                        "UPDATE audit SET number = -number WHERE number IN "
                        "(?, ?)",
                        DB_ARGS(db_int(row), db_int(row + 1)), NULL));
        CHECK_OK(db_run(temp.db,
                        "UPDATE audit SET number = ? + number WHERE number < 0",
                        DB_ARGS(db_int(2 * row + 1)), NULL));
        CHECK_OK(audit_verify(temp.db, temp.folder, NULL, &report));
        CHECK(report.bad == row);
    }
}

TEST(rows_that_are_cut_off_are_named)
{
    for (int64_t row = 1; row <= ROWS; row++) {
        struct audit_report report = {.bad = 0};
        CHECK_OK(tamper("DELETE FROM audit WHERE number >= ?", row, &report));
        CHECK(report.bad == row);
        CHECK(report.head.number == row - 1);
        CHECK(strcmp(report.what, "is missing") == 0);
    }
}

TEST(a_log_that_was_made_up_anew_is_not_that_of_the_head)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    struct audit_report report = {.bad = 0};
    CHECK_OK(make_log(&temp));
    CHECK_OK(unguard(&temp));
    CHECK_OK(db_run(temp.db, "DELETE FROM audit WHERE number > 3", DB_NO_ARGS,
                    NULL));
    for (int64_t i = 0; i < 9; i++) /* a valid chain, and longer */
        CHECK_OK(append(&temp, 3));
    CHECK_FAILS(DITS_E_CORRUPT, audit_seal(temp.db, temp.folder));
    CHECK_OK(audit_verify(temp.db, temp.folder, NULL, &report));
    CHECK(report.bad == ROWS);
    CHECK(strcmp(report.what, "was changed") == 0);
}

TEST(a_head_that_was_noted_elsewhere_shows_what_both_files_hide)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    CLEANUP(text_free) char *path = NULL;
    struct audit_report report = {.bad = 0};
    CHECK_OK(make_log(&temp));
    CHECK_OK(audit_verify(temp.db, temp.folder, NULL, &report));
    struct audit_head noted = report.head;
    CHECK_OK(fs_join(temp.folder, "audit.head", &path));
    CHECK_OK(fs_remove(path));
    CHECK_OK(audit_verify(temp.db, temp.folder, NULL, &report));
    CHECK(report.bad == ROWS + 1);
    CHECK_OK(unguard(&temp));
    CHECK_OK(db_run(temp.db, "DELETE FROM audit WHERE number > 3", DB_NO_ARGS,
                    NULL));
    CHECK_OK(audit_seal(temp.db, temp.folder));
    CHECK_OK(audit_verify(temp.db, temp.folder, NULL, &report));
    CHECK(report.bad == 0);
    CHECK_OK(audit_verify(temp.db, temp.folder, &noted, &report));
    CHECK(report.bad == 4);
}

TEST(the_log_is_only_added_to)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    CHECK_OK(make_log(&temp));
    CHECK_FAILS(DITS_E_CONFLICT,
                db_run(temp.db, "UPDATE audit SET time = 0", DB_NO_ARGS, NULL));
    CHECK_FAILS(DITS_E_CONFLICT,
                db_run(temp.db, "DELETE FROM audit", DB_NO_ARGS, NULL));
}

TEST(the_documented_head_is_read_and_others_are_refused)
{
    CLEANUP(buf_release) struct buf shown = {0};
    struct audit_head head = {0};
    CHECK_OK(doc_dump_read("ditsd-db", 2, &shown));
    CHECK(shown.size > 1 && shown.data[shown.size - 1] == '\n');
    shown.data[shown.size - 1] = '\0';
    CHECK(audit_head_parse(buf_text(&shown), &head));
    CHECK(head.number == 2);
    static const char *const bad[] = {
        "", ":", "2", "2:", "x:00", "2:00", "99999999999999999999999999:00"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        CHECK(!audit_head_parse(bad[i], &head));
}

static dits_error *note(const struct audit_entry *entry, void *payload)
{
    struct audit_entry *last = payload;
    *last = *entry;
    last->name = last->action = last->resource = last->address = NULL;
    return strcmp(entry->action, "token.create") == 0 &&
                   strcmp(entry->name, "ada") == 0 && entry->reason == NULL
               ? NULL
               : error_new(DITS_E_INTERNAL, "another row");
}

TEST(rows_are_listed_from_where_one_was)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    struct audit_entry last = {0};
    CHECK_OK(make_log(&temp));
    CHECK_OK(audit_each(temp.db, 2, 3, note, &last));
    CHECK(last.number == 5 && last.time == TEMP_SERVER_NOW + 5);
    CHECK(last.account.bytes[0] == 5 && last.token.bytes[0] == 9);
    CHECK(!last.allowed);
}

TEST(without_memory_there_is_no_row)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    struct audit_report report = {.bad = 0};
    CHECK_OK(make_log(&temp));
    for (unsigned nth = 1;; nth++) {
        mem_fault_arm(nth);
        dits_error *err = append(&temp, 9);
        bool hit = mem_fault_disarm();
        if (!hit) {
            CHECK_OK(err);
            break;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
    CHECK_OK(audit_verify(temp.db, temp.folder, NULL, &report));
    CHECK(report.bad == 0 && report.head.number == ROWS + 1);
}
