#include "repo/database.h"

#include <string.h>

#include "base/text.h"
#include "repo/config_file.h"
#include "repo/refs_backup.h"
#include "support/doc_dump.h"
#include "support/temp_repo.h"
#include "support/test.h"

static uint32_t big_endian(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
           (uint32_t)at[2] << 8 | at[3];
}

static dits_error *read_pragma(struct db *db, const char *sql, int64_t *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(db, sql, DB_NO_ARGS, &rows));
    TRY(db_next(rows, &found));
    *out = db_column_int(rows, 0);
    return NULL;
}

TEST(the_header_is_the_documented_one)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    int64_t version = 0;
    int64_t application = 0;
    int64_t page = 0;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(doc_dump_read("meta-db", 1, &shown));
    CHECK(shown.size == 100);
    CHECK(memcmp(shown.data, "SQLite format 3", 16) == 0);
    CHECK(shown.data[18] == 2 && shown.data[19] == 2);
    struct db *db = temp.repo->db;
    CHECK_OK(read_pragma(db, "PRAGMA user_version", &version));
    CHECK_OK(read_pragma(db, "PRAGMA application_id", &application));
    CHECK_OK(read_pragma(db, "PRAGMA page_size", &page));
    CHECK(big_endian(shown.data + 60) == version);
    CHECK(big_endian(shown.data + 68) == application);
    CHECK(shown.data[16] * 256 + shown.data[17] == page);
}

TEST(the_documented_copy_of_refs_is_read)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(refs_backup_release) struct refs_backup backup = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(text_free) char *path = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(doc_dump_read("meta-db", 2, &shown));
    CHECK_OK(fs_join(temp.repo->dits_dir, "refs.backup", &path));
    CHECK_OK(fs_replace(path, shown.data, shown.size));
    CHECK_OK(refs_backup_load(temp.repo->dits_dir, &backup));
    CHECK(!backup.is_cut && backup.count == 1 && backup.has_head);
    CHECK(strcmp(backup.refs[0].name, "refs/heads/main") == 0);
    CHECK(strcmp(backup.head_branch, "refs/heads/main") == 0);
}

TEST(a_new_repository_has_the_documented_settings)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(config_file_release) struct config_file file = {0};
    CLEANUP(buf_release) struct buf shown = {0};
    CLEANUP(buf_release) struct buf made = {0};
    CLEANUP(text_free) char *path = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(doc_dump_read("config", 1, &shown));
    CHECK_OK(fs_join(temp.repo->dits_dir, "config", &path));
    CHECK_OK(fs_read_all(path, 1000, &made));
    CHECK(slice_equal(buf_slice(&shown), buf_slice(&made)));
    CHECK_OK(config_file_parse("config", shown.data, shown.size, &file));
    CHECK(strcmp(config_file_find(&file, "core.format"), "1") == 0);
}
