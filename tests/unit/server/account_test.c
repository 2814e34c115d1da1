#include "server/account.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "server/database.h"
#include "support/doc_dump.h"
#include "support/temp_server.h"
#include "support/test.h"

TEST(accounts_are_found_by_name_and_by_id)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    struct account made = {.made = 0};
    struct account found = {.made = 0};
    bool is_there = false;
    CHECK_OK(temp_server_make(&temp));
    CHECK_OK(temp_server_account(&temp, "ada", &made));
    CHECK_OK(account_find(temp.db, "ada", &found, &is_there));
    CHECK(is_there && server_id_equal(&found.id, &made.id));
    CHECK(found.is_enabled && !found.is_admin);
    CHECK(found.made == TEMP_SERVER_NOW);
    CHECK_OK(account_get(temp.db, &made.id, &found, &is_there));
    CHECK(is_there && strcmp(found.name, "ada") == 0);
    CHECK_OK(account_find(temp.db, "bob", &found, &is_there));
    CHECK(!is_there);
    CHECK_FAILS(DITS_E_NOT_FOUND, account_need(temp.db, "bob", &found));
    CHECK_FAILS(DITS_E_EXISTS, temp_server_account(&temp, "ada", &made));
}

TEST(names_that_mean_something_else_are_refused)
{
    static const char *const bad[] = {
        "",     ".",     "..",   "a/b",      "a\\b", "a b", "-a",
        "_a",   "a\nb",  "a%2f", "\xc3\xa4", "a:b",  "a?b", "a#",
        "../x", "a..\\", "a\t",  "a*",       "~",    "a@b", "$x",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK_FAILS(DITS_E_INVALID, name_check_account(bad[i]));
        CHECK_FAILS(DITS_E_INVALID, name_check_repository(bad[i]));
    }
    CHECK_FAILS(DITS_E_INVALID, name_check_account("Ada"));
    CHECK_OK(name_check_repository("Film.2_b-c"));
    char long_name[SERVER_NAME_SIZE + 1] = {0};
    memset(long_name, 'a', SERVER_NAME_SIZE - 1);
    CHECK_OK(name_check_account(long_name));
    long_name[SERVER_NAME_SIZE - 1] = 'a';
    CHECK_FAILS(DITS_E_INVALID, name_check_account(long_name));
}

TEST(the_last_administrator_stays)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    struct account ada = {.made = 0};
    struct account bob = {.made = 0};
    bool has = true;
    CHECK_OK(temp_server_make(&temp));
    CHECK_OK(temp_server_account(&temp, "ada", &ada));
    CHECK_OK(temp_server_account(&temp, "bob", &bob));
    CHECK_OK(account_has_admin(temp.db, &has));
    CHECK(!has);
    CHECK_OK(account_set_enabled(temp.db, &bob, false));
    CHECK_OK(account_set_enabled(temp.db, &bob, true));
    CHECK_OK(account_set_admin(temp.db, &ada, true));
    CHECK_OK(account_need(temp.db, "ada", &ada));
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    CHECK_OK(db_begin(temp.db, &step));
    CHECK_FAILS(DITS_E_INVALID, account_set_admin(temp.db, &ada, false));
    CHECK_FAILS(DITS_E_INVALID, account_set_enabled(temp.db, &ada, false));
    db_transaction_end(&step);
    CHECK_OK(account_set_admin(temp.db, &bob, true));
    CHECK_OK(account_set_admin(temp.db, &ada, false));
    CHECK_OK(account_has_admin(temp.db, &has));
    CHECK(has);
}

static dits_error *count(const struct account *account, void *payload)
{
    (void)account;
    ++*(unsigned *)payload;
    return NULL;
}

TEST(the_database_is_for_its_owner_and_is_opened_again)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    CLEANUP(db_closep) struct db *again = NULL;
    struct account ada = {.made = 0};
    struct stat stat_of = {0};
    char path[100] = {0};
    unsigned accounts = 0;
    CHECK_OK(temp_server_make(&temp));
    CHECK_OK(temp_server_account(&temp, "ada", &ada));
    CHECK_OK(server_database_open(temp.folder, DB_EXISTING, &again));
    CHECK_OK(account_each(again, count, &accounts));
    CHECK(accounts == 1);
    static const char *const names[] = {"ditsd.db", "ditsd.db-wal"};
    for (size_t i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", temp.folder, names[i]);
        CHECK(stat(path, &stat_of) == 0);
        CHECK((stat_of.st_mode & 0777) == 0600);
    }
    CHECK_FAILS(DITS_E_NOT_FOUND,
                server_database_open("/tmp", DB_EXISTING, &again));
}

static unsigned big_endian(const uint8_t *bytes)
{
    return (unsigned)bytes[0] << 24 | (unsigned)bytes[1] << 16 |
           (unsigned)bytes[2] << 8 | bytes[3];
}

TEST(the_header_is_the_documented_one)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    CHECK_OK(temp_server_make(&temp));
    CHECK_OK(doc_dump_read("ditsd-db", 1, &shown));
    CHECK(shown.size == 100);
    CHECK(memcmp(shown.data, "SQLite format 3", 16) == 0);
    CHECK(memcmp(shown.data + 68, "Dits", 4) == 0);
    CHECK_OK(db_query(temp.db, "PRAGMA user_version", DB_NO_ARGS, &rows));
    CHECK_OK(db_next(rows, &found));
    CHECK(big_endian(shown.data + 60) == db_column_int(rows, 0));
}
