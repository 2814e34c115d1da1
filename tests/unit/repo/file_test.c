#include <dits/file.h>

#include <string.h>

#include <dits/maintenance.h>

#include "support/temp_repo.h"
#include "support/test.h"

static void file_freep(dits_file **file)
{
    dits_file_free(*file);
}

static dits_error *note(const struct dits_file_info *info, void *payload)
{
    return buf_printf(payload, "%c %s %u\n", info->mode, info->path,
                      (unsigned)info->size);
}

/* What `options` lists, as text. */
static bool lists(struct temp_repo *temp,
                  const struct dits_list_options *options, const char *wanted)
{
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(dits_error_freep)
    dits_error *err = dits_list(temp->repo, options, note, &text);
    return err == NULL && strcmp(buf_text(&text), wanted) == 0;
}

/* Two commits; a third file is only staged. */
static dits_error *make(struct temp_repo *temp)
{
    struct dits_oid commit = {0};
    TRY(temp_repo_make(temp));
    TRY(temp_repo_commit(temp, "a", "one", &commit));
    TRY(temp_repo_commit(temp, "shots/b.mov", "second", &commit));
    TRY(temp_repo_commit(temp, "shots/x/c.mov", "third!!", &commit));
    return temp_repo_stage(temp, "shots/new", "new");
}

TEST(files_of_a_commit_are_listed)
{
    static const char *const shots[] = {"shots"};
    static const char *const pattern[] = {"*.mov"};
    static const char *const absent[] = {"nothing"};
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make(&temp));
    struct dits_list_options options = {.sizes = true};
    CHECK(lists(&temp, &options, "f a 3\nd shots 0\n"));
    options.recursive = true;
    CHECK(
        lists(&temp, &options, "f a 3\nf shots/b.mov 6\nf shots/x/c.mov 7\n"));
    options.folders_only = true;
    CHECK(lists(&temp, &options, "d shots 0\nd shots/x 0\n"));
    options = (struct dits_list_options){.paths = {shots, 1}, .sizes = true};
    CHECK(lists(&temp, &options, "f shots/b.mov 6\nd shots/x 0\n"));
    options.paths.items = pattern;
    CHECK(lists(&temp, &options, "f shots/b.mov 6\nf shots/x/c.mov 7\n"));
    options.revision = "HEAD~1";
    CHECK(lists(&temp, &options, "f shots/b.mov 6\n"));
    options.paths.items = absent;
    CLEANUP(buf_release) struct buf text = {0};
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_list(temp.repo, &options, note, &text));
}

TEST(what_is_staged_is_listed)
{
    static const char *const shots[] = {"shots"};
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make(&temp));
    struct dits_list_options options = {.revision = ":"};
    CHECK(lists(&temp, &options, "f a 0\nd shots 0\n"));
    options.paths = (struct dits_paths){shots, 1};
    CHECK(lists(&temp, &options,
                "f shots/b.mov 0\nf shots/new 0\nd shots/x 0\n"));
}

static dits_error *count_chunk(const struct dits_chunk_info *chunk,
                               void *payload)
{
    size_t *count = payload;
    *count += chunk->present && chunk->size == 6 && chunk->pack != NULL;
    return NULL;
}

TEST(a_stored_file_is_read)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(file_freep) dits_file *file = NULL;
    char bytes[8] = {0};
    size_t chunks = 0;
    CHECK_OK(make(&temp));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_file_open(temp.repo, NULL, "shots/new", &file));
    CHECK_FAILS(DITS_E_INVALID,
                dits_file_open(temp.repo, NULL, "shots", &file));
    CHECK_OK(dits_file_open(temp.repo, NULL, "shots/b.mov", &file));
    CHECK(dits_file_get_info(file)->size == 6);
    CHECK_OK(dits_file_read_at(file, 2, 4, bytes));
    CHECK(strcmp(bytes, "cond") == 0);
    CHECK_FAILS(DITS_E_INVALID, dits_file_read_at(file, 3, 4, bytes));
    CHECK_OK(dits_file_each_chunk(file, count_chunk, &chunks));
    CHECK(chunks == 1 && strcmp(dits_file_chunker(file), "small") == 0);
    dits_file_free(file);
    file = NULL;
    CHECK_OK(dits_file_open(temp.repo, ":", "shots/new", &file));
    CHECK(dits_file_get_info(file)->size == 3);
}

TEST(a_repository_is_measured)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_stats stats = {0};
    struct dits_oid commit = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &commit));
    CHECK_OK(temp_repo_commit(&temp, "b", "one", &commit));
    CHECK_OK(temp_repo_commit(&temp, "a", "fives", &commit));
    CHECK_OK(dits_stats_get(temp.repo, &stats));
    CHECK(stats.commits == 3 && stats.files == 3 && stats.distinct_files == 2);
    CHECK(stats.logical_bytes == 11 && stats.distinct_bytes == 8);
    CHECK(stats.chunk_bytes == 8 && stats.chunks[0] == 2);
    CHECK(stats.chunks[4] == 3 && stats.packs >= 1);
    CHECK(stats.histogram[1] == 1 && stats.histogram[2] == 1);
    CHECK(stats.stored_bytes > 0);
}
