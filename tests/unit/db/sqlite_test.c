#include "db/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fs.h"
#include "support/test.h"

struct temp_db {
    char folder[32];
    char path[64];
    struct db *db;
};

static dits_error *temp_db_make(struct temp_db *temp)
{
    strcpy(temp->folder, "/tmp/dits-test-XXXXXX");
    if (mkdtemp(temp->folder) == NULL)
        return error_new(DITS_E_IO, "no folder for the test");
    (void)snprintf(temp->path, sizeof(temp->path), "%s/x.db", temp->folder);
    TRY(db_open(temp->path, DB_CREATE, &temp->db));
    return db_run(temp->db, "CREATE TABLE t(a INTEGER PRIMARY KEY, b)",
                  DB_NO_ARGS, NULL);
}

static void remove_files(struct temp_db *temp)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    db_closep(&temp->db);
    for (size_t i = 0; i < 3; i++) {
        char path[80] = "";
        (void)snprintf(path, sizeof(path), "%s%s", temp->path, ends[i]);
        (void)unlink(path);
    }
}

static void temp_db_release(struct temp_db *temp)
{
    remove_files(temp);
    (void)rmdir(temp->folder);
}

static dits_error *count_rows(struct db *db, int64_t *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(db, "SELECT count(*) FROM t", DB_NO_ARGS, &rows));
    TRY(db_next(rows, &found));
    *out = db_column_int(rows, 0);
    return NULL;
}

static dits_error *insert(struct db *db, int64_t a, struct db_value b)
{
    return db_run(db, "INSERT INTO t VALUES (?, ?)", DB_ARGS(db_int(a), b),
                  NULL);
}

TEST(values_come_back_as_they_were_put)
{
    CLEANUP(temp_db_release) struct temp_db temp = {0};
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool more = false;
    char bytes[3] = "";
    CHECK_OK(temp_db_make(&temp));
    CHECK_OK(insert(temp.db, 1, db_text("text")));
    CHECK_OK(insert(temp.db, 2, db_blob("\0\1\2", 3)));
    CHECK_OK(insert(temp.db, 3, db_null()));
    CHECK_OK(insert(temp.db, 4, db_int(INT64_MIN)));
    CHECK_OK(
        db_query(temp.db, "SELECT b FROM t ORDER BY a", DB_NO_ARGS, &rows));
    CHECK_OK(db_next(rows, &more));
    CHECK(more && strcmp(db_column_text(rows, 0), "text") == 0);
    CHECK(db_column_int(rows, 0) == 0 && !db_column_blob(rows, 0, bytes, 3));
    CHECK_OK(db_next(rows, &more));
    CHECK(!db_column_blob(rows, 0, bytes, 2));
    CHECK(db_column_blob(rows, 0, bytes, 3) && bytes[2] == 2);
    CHECK(db_column_text(rows, 0) == NULL);
    CHECK_OK(db_next(rows, &more));
    CHECK(db_column_is_null(rows, 0));
    CHECK_OK(db_next(rows, &more));
    CHECK(db_column_int(rows, 0) == INT64_MIN);
    CHECK_OK(db_next(rows, &more));
    CHECK(!more);
}

TEST(a_transaction_that_is_not_committed_is_taken_back)
{
    CLEANUP(temp_db_release) struct temp_db temp = {0};
    int64_t count = 0;
    CHECK_OK(temp_db_make(&temp));
    {
        CLEANUP(db_transaction_end) struct db_transaction step = {0};
        CHECK_OK(db_begin(temp.db, &step));
        CHECK_OK(insert(temp.db, 1, db_null()));
    }
    CHECK_OK(count_rows(temp.db, &count));
    CHECK(count == 0);
    {
        CLEANUP(db_transaction_end) struct db_transaction step = {0};
        CHECK_OK(db_begin(temp.db, &step));
        CHECK_OK(insert(temp.db, 1, db_null()));
        CHECK_OK(db_commit(&step));
    }
    CHECK_OK(count_rows(temp.db, &count));
    CHECK(count == 1);
}

TEST(a_missing_database_is_not_found)
{
    struct db *db = NULL;
    CHECK_FAILS(DITS_E_NOT_FOUND,
                db_open("/tmp/dits-no-such.db", DB_EXISTING, &db));
    CHECK(db == NULL);
}

static dits_error *open_and_count(const char *path)
{
    CLEANUP(db_closep) struct db *db = NULL;
    int64_t count = 0;
    TRY(db_open(path, DB_EXISTING, &db));
    return count_rows(db, &count);
}

TEST(damage_is_corrupt_and_says_what_to_do)
{
    CLEANUP(temp_db_release) struct temp_db temp = {0};
    CHECK_OK(temp_db_make(&temp));
    remove_files(&temp); /* also the log, which holds every page */
    CHECK_OK(fs_replace(temp.path, "not a database, but long enough", 31));
    dits_error *err = open_and_count(temp.path);
    CHECK(err != NULL && dits_error_code(err) == DITS_E_CORRUPT);
    bool hinted = dits_error_hint(err) != NULL &&
                  strstr(dits_error_hint(err), "fsck --repair") != NULL;
    dits_error_free(err);
    CHECK(hinted);
}

TEST(steps_run_once_and_newer_databases_are_refused)
{
    CLEANUP(temp_db_release) struct temp_db temp = {0};
    static const char *const steps[] = {
        "CREATE TABLE one(x); INSERT INTO t VALUES (1, 1);",
        "CREATE TABLE two(x); INSERT INTO t VALUES (2, 2);",
    };
    int64_t count = 0;
    CHECK_OK(temp_db_make(&temp));
    CHECK_OK(db_migrate(temp.db, steps, 1));
    CHECK_OK(db_migrate(temp.db, steps, 1));
    CHECK_OK(db_migrate(temp.db, steps, 2));
    CHECK_OK(count_rows(temp.db, &count));
    CHECK(count == 2);
    CHECK_FAILS(DITS_E_UNSUPPORTED, db_migrate(temp.db, steps, 1));
}

TEST(a_step_that_fails_leaves_nothing)
{
    CLEANUP(temp_db_release) struct temp_db temp = {0};
    static const char *const bad[] = {
        "INSERT INTO t VALUES (1, 1); INSERT INTO nowhere VALUES (1);"};
    static const char *const good[] = {"INSERT INTO t VALUES (5, 5);"};
    int64_t count = 0;
    CHECK_OK(temp_db_make(&temp));
    CHECK_FAILS(DITS_E_CORRUPT, db_migrate(temp.db, bad, 1));
    CHECK_OK(db_migrate(temp.db, good, 1));
    CHECK_OK(count_rows(temp.db, &count));
    CHECK(count == 1);
}

static dits_error *write_some(const char *path, int64_t from, int64_t count)
{
    CLEANUP(db_closep) struct db *db = NULL;
    TRY(db_open(path, DB_EXISTING, &db));
    for (int64_t i = from; i < from + count; i++) {
        CLEANUP(db_transaction_end) struct db_transaction step = {0};
        TRY(db_begin(db, &step));
        TRY(insert(db, i, db_text("some text that takes some room")));
        TRY(db_commit(&step));
    }
    return NULL;
}

/* STOR-L2: nobody ever sees that the database was busy. */
TEST(many_processes_write_without_one_failing)
{
    enum { WRITERS = 16, EACH = 20 };
    CLEANUP(temp_db_release) struct temp_db temp = {0};
    pid_t writers[WRITERS] = {0};
    int64_t count = 0;
    CHECK_OK(temp_db_make(&temp));
    for (int i = 0; i < WRITERS; i++) {
        writers[i] = fork();
        if (writers[i] == 0) {
            dits_error *err = write_some(temp.path, i * EACH, EACH);
            _exit(err == NULL ? 0 : 1);
        }
    }
    bool all_well = true;
    for (int i = 0; i < WRITERS; i++) {
        int status = 0;
        (void)waitpid(writers[i], &status, 0);
        all_well = all_well && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    }
    CHECK(all_well);
    CHECK_OK(count_rows(temp.db, &count));
    CHECK(count == WRITERS * EACH);

    struct fs_stat stat = {0};
    char log[80] = "";
    (void)snprintf(log, sizeof(log), "%s-wal", temp.path);
    CHECK_OK(fs_stat_path(log, &stat));
    CHECK(stat.size < 64 * 1024 * 1024);
}

static uint64_t log_size(const struct temp_db *temp)
{
    struct fs_stat stat = {0};
    char log[80] = "";
    (void)snprintf(log, sizeof(log), "%s-wal", temp->path);
    dits_error_free(fs_stat_path(log, &stat));
    return stat.size;
}

/* One command after the other, each a process of its own. */
TEST(the_log_stays_short_though_nobody_stays_to_fold_it)
{
    CLEANUP(temp_db_release) struct temp_db temp = {0};
    uint64_t longest = 0;
    int64_t count = 0;
    CHECK_OK(temp_db_make(&temp));
    db_closep(&temp.db);
    for (int64_t i = 0; i < 300; i++) {
        CHECK_OK(write_some(temp.path, i, 1));
        longest = log_size(&temp) > longest ? log_size(&temp) : longest;
    }
    CHECK(longest > 0 && longest < (DB_CHECKPOINT_PAGES + 20) * 4200);
    CHECK_OK(db_open(temp.path, DB_EXISTING, &temp.db));
    CHECK_OK(count_rows(temp.db, &count));
    CHECK(count == 300);
}

static dits_error *count_finding(const char *finding, void *payload)
{
    (void)finding;
    ++*(int *)payload;
    return NULL;
}

TEST(a_whole_database_has_no_findings)
{
    CLEANUP(temp_db_release) struct temp_db temp = {0};
    int findings = 0;
    CHECK_OK(temp_db_make(&temp));
    CHECK_OK(insert(temp.db, 1, db_text("x")));
    CHECK_OK(db_check(temp.db, count_finding, &findings));
    CHECK(findings == 0);
}
