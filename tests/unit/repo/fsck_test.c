#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <dits/maintenance.h>

#include "base/hash.h"
#include "base/text.h"
#include "object/asset.h"
#include "object/commit.h"
#include "object/tree.h"
#include "repo/index.h"
#include "support/temp_repo.h"
#include "support/test.h"

/* What a check found, one line each: level, path, commit given or not. */
struct found {
    struct buf text;
    size_t counts[3];
    struct dits_oid commit; /* of the last damage */
};

static void found_release(struct found *found)
{
    buf_release(&found->text);
}

static dits_error *note(const struct dits_fsck_finding *finding, void *payload)
{
    struct found *found = payload;
    found->counts[finding->level]++;
    if (finding->commit != NULL && !oid_parse(finding->commit, &found->commit))
        return error_new(DITS_E_INTERNAL, "no id: %s", finding->commit);
    return buf_printf(&found->text, "%u %s %s\n", finding->level,
                      finding->path != NULL ? finding->path : "-",
                      finding->what);
}

static dits_error *check(struct temp_repo *temp, bool full, bool repair,
                         struct found *found, struct dits_fsck_result *out)
{
    struct dits_fsck_options options = {
        .full = full, .repair = repair, .on_finding = note, .payload = found};
    found_release(found);
    *found = (struct found){0};
    return dits_fsck(temp->repo, &options, out);
}

/* Flip a bit in the stored bytes of a chunk. */
static dits_error *damage(struct temp_repo *temp, const struct dits_oid *id)
{
    enum { FRAME_HEADER = 56 };
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(fs_close) struct fs_file file = {0};
    struct chunk_place place = {0};
    uint8_t byte = 0;
    bool found = false;
    TRY(store_find(temp->repo->store, id, &found, &place));
    if (!found)
        return error_new(DITS_E_NOT_FOUND, "no chunk to damage");
    TRY(buf_printf(&path, "%s/packs/%s.pack", temp->repo->dits_dir,
                   place.pack));
    TRY(fs_open(buf_text(&path), FS_WRITE, &file));
    TRY(fs_read_at(&file, place.offset + FRAME_HEADER, 1, &byte));
    byte ^= 1;
    TRY(fs_write_at(&file, place.offset + FRAME_HEADER, &byte, 1));
    return temp_repo_reopen(temp);
}

static dits_error *write_file(struct temp_repo *temp, const char *name,
                              const char *text)
{
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(fs_close) struct fs_file file = {0};
    TRY(buf_printf(&path, "%s/%s", temp->folder, name));
    TRY(fs_open(buf_text(&path), FS_WRITE, &file));
    return fs_write_at(&file, 0, text, strlen(text));
}

static void id_of_text(const char *text, struct dits_oid *out)
{
    hash_bytes(text, strlen(text), out);
}

TEST(a_whole_repository_gives_no_finding)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(found_release) struct found found = {0};
    struct dits_fsck_result result = {0};
    struct dits_oid commit = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(check(&temp, true, false, &found, &result));
    CHECK(strcmp(buf_text(&found.text), "") == 0);
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &commit));
    CHECK_OK(temp_repo_commit(&temp, "b/c", "two", &commit));
    CHECK_OK(check(&temp, true, false, &found, &result));
    CHECK(found.counts[DITS_FSCK_DAMAGE] == 0 && result.damaged == 0);
    CHECK(result.commits == 2 && result.files == 2 && result.bytes > 0);
    CHECK(result.garbage_chunks == 0);
}

TEST(a_damaged_chunk_is_named_with_its_files_and_commits)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(found_release) struct found found = {0};
    struct dits_fsck_result result = {0};
    struct dits_oid first = {0};
    struct dits_oid second = {0};
    struct dits_oid chunk = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "media/a", "precious", &first));
    CHECK_OK(temp_repo_commit(&temp, "b", "other", &second));
    id_of_text("precious", &chunk);
    CHECK_OK(damage(&temp, &chunk));

    /* Without reading the bytes, all looks well. */
    CHECK_OK(check(&temp, false, false, &found, &result));
    CHECK(result.damaged == 0);
    CHECK_OK(check(&temp, true, false, &found, &result));
    CHECK(result.damaged == 1 && found.counts[DITS_FSCK_DAMAGE] >= 2);
    CHECK(strstr(buf_text(&found.text), "1 media/a data") != NULL);
    CHECK(strstr(buf_text(&found.text), "1 b ") == NULL);
    CHECK(!dits_oid_is_zero(&found.commit));

    /* Now the copy is in quarantine: the chunk is missing. */
    CHECK_OK(temp_repo_reopen(&temp));
    CHECK_OK(check(&temp, false, false, &found, &result));
    CHECK(result.damaged == 1);
}

TEST(a_file_that_is_still_in_the_work_tree_heals_the_store)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(found_release) struct found found = {0};
    struct dits_fsck_result result = {0};
    struct dits_oid commit = {0};
    struct dits_oid chunk = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "precious", &commit));
    id_of_text("precious", &chunk);
    CHECK_OK(damage(&temp, &chunk));

    /* Another file of that name is no help. */
    CHECK_OK(write_file(&temp, "a", "precioux"));
    CHECK_OK(check(&temp, true, true, &found, &result));
    CHECK(result.damaged == 1 && result.repaired == 0);
    CHECK_OK(write_file(&temp, "a", "precious"));
    CHECK_OK(check(&temp, true, true, &found, &result));
    CHECK(result.damaged == 1 && result.repaired == 1);
    CHECK(found.counts[DITS_FSCK_REPAIRED] == 1);
    CHECK_OK(temp_repo_reopen(&temp));
    CHECK_OK(check(&temp, true, false, &found, &result));
    CHECK(result.damaged == 0);
}

TEST(damaged_assets_trees_and_commits_are_told_of)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(found_release) struct found found = {0};
    CLEANUP(commit_release) struct commit commit = {0};
    struct dits_fsck_result result = {0};
    struct tree_entry entry = {0};
    struct dits_oid first = {0};
    struct dits_oid second = {0};
    bool is_there = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    CHECK_OK(temp_repo_commit(&temp, "b", "two", &second));
    CHECK_OK(write_file(&temp, "a", "one"));
    CHECK_OK(commit_load(temp.repo->store, &second, &commit));
    CHECK_OK(tree_find(temp.repo->store, &commit.tree, "a", &entry, &is_there));
    CHECK(is_there);
    CHECK_OK(damage(&temp, &entry.id));
    CHECK_OK(damage(&temp, &commit.tree));
    CHECK_OK(damage(&temp, &first));
    CHECK_OK(check(&temp, true, false, &found, &result));
    CHECK(strstr(buf_text(&found.text), "1 a asset ") != NULL);
    CHECK(strstr(buf_text(&found.text), "1 - tree ") != NULL);
    CHECK(strstr(buf_text(&found.text), "1 - commit ") != NULL);
    CHECK(result.damaged == 3);

    /* The asset comes back from the file, the tree from what is staged. */
    CHECK_OK(check(&temp, true, true, &found, &result));
    CHECK(result.repaired == 2);
    CHECK_OK(temp_repo_reopen(&temp));
    CHECK_OK(check(&temp, true, false, &found, &result));
    CHECK(result.damaged == 1);
}

TEST(garbage_is_a_note)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(found_release) struct found found = {0};
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    struct dits_fsck_result result = {0};
    struct dits_oid id = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(store_writer_begin(temp.repo->store, &writer));
    CHECK_OK(store_writer_put(writer, CHUNK_DATA, "left over", 9, &id));
    CHECK_OK(store_writer_commit(writer));
    CHECK_OK(check(&temp, true, false, &found, &result));
    CHECK(result.damaged == 0 && result.garbage_chunks == 1);
    CHECK(found.counts[DITS_FSCK_NOTE] == 1);
    CHECK_OK(damage(&temp, &id));
    CHECK_OK(check(&temp, true, false, &found, &result));
    CHECK(result.damaged == 0 && found.counts[DITS_FSCK_NOTE] >= 1);
}

/* Stage a file of 3,000 chunks, and perhaps one more; one is not stored. */
static dits_error *stage_long(struct operation *operation, const char *path,
                              bool longer)
{
    CLEANUP(asset_builder_freep) struct asset_builder *builder = NULL;
    struct store_writer *writer = operation_writer(operation);
    struct chunk_ref chunks[3] = {{.size = 1}, {.size = 1}, {.size = 1}};
    struct ingest_result result = {.size = longer ? 3001 : 3000};
    struct index_entry entry = {.path = path, .mode = TREE_FILE};
    TRY(store_writer_put(writer, CHUNK_DATA, "x", 1, &chunks[0].id));
    TRY(store_writer_put(writer, CHUNK_DATA, "y", 1, &chunks[1].id));
    chunks[2].id.hash[0] = 99;
    TRY(asset_builder_new(writer, chunker_by_name("small"), &builder));
    for (size_t i = 0; i < result.size; i++)
        TRY(asset_builder_add(builder, &chunks[i == 100 ? 2 : i % 2]));
    TRY(asset_builder_finish(builder, &result, (struct slice){0},
                             &entry.asset));
    return index_set(operation_index(operation), &entry);
}

TEST(every_file_that_shares_a_damaged_list_is_named)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(found_release) struct found found = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    struct dits_fsck_result result = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(operation_begin(temp.repo, "add", &operation));
    CHECK_OK(stage_long(operation, "first", false));
    CHECK_OK(stage_long(operation, "second", true));
    CHECK_OK(operation_commit(operation));
    CHECK_OK(check(&temp, false, false, &found, &result));
    CHECK(result.damaged == 1 && result.files == 2);
    CHECK(strstr(buf_text(&found.text), "1 first data") != NULL);
    CHECK(strstr(buf_text(&found.text), "1 second data") != NULL);
}

/* Flip a bit near the end of the pack that holds a chunk: its index. */
static dits_error *damage_index(struct temp_repo *temp,
                                const struct dits_oid *id)
{
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(fs_close) struct fs_file file = {0};
    struct chunk_place place = {0};
    struct fs_stat stat = {0};
    uint8_t byte = 0;
    bool found = false;
    TRY(store_find(temp->repo->store, id, &found, &place));
    TRY(buf_printf(&path, "%s/packs/%s.pack", temp->repo->dits_dir,
                   place.pack));
    TRY(fs_open(buf_text(&path), FS_WRITE, &file));
    TRY(fs_stat_file(&file, &stat));
    TRY(fs_read_at(&file, stat.size - 100, 1, &byte));
    byte ^= 1;
    TRY(fs_write_at(&file, stat.size - 100, &byte, 1));
    return temp_repo_reopen(temp);
}

TEST(a_pack_with_a_damaged_index_is_written_anew)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(found_release) struct found found = {0};
    struct dits_fsck_result result = {0};
    struct dits_oid commit = {0};
    struct dits_oid chunk = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "precious", &commit));
    id_of_text("precious", &chunk);
    CHECK_OK(damage_index(&temp, &chunk));
    CHECK_OK(check(&temp, true, false, &found, &result));
    CHECK(result.damaged >= 1 && result.repaired == 0);
    CHECK(strstr(buf_text(&found.text), "1 - pack ") != NULL);
    CHECK_OK(check(&temp, true, true, &found, &result));
    CHECK(result.repaired == result.damaged);
    CHECK_OK(temp_repo_reopen(&temp));
    CHECK_OK(check(&temp, true, false, &found, &result));
    CHECK(result.damaged == 0);
}
