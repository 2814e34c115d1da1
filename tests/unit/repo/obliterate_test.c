#include <dits/maintenance.h>

#include <string.h>

#include "base/text.h"
#include "object/tree.h"
#include "repo/obliteration.h"
#include "support/temp_repo.h"
#include "support/test.h"

static dits_error *obliterate(struct temp_repo *temp, const char *path,
                              bool dry_run, struct dits_obliterate_result *out)
{
    const struct dits_obliterate_options options = {
        .paths = {.items = &path, .count = 1},
        .reason = "the licence ended",
        .dry_run = dry_run,
    };
    return dits_obliterate(temp->repo, &options, out);
}

/* Whether that chunk of data can be read; else why not. */
static enum dits_code read_chunk(struct temp_repo *temp, const char *text)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(dits_error_freep) dits_error *err = NULL;
    struct dits_oid id = {0};
    chunk_id(CHUNK_DATA, text, strlen(text), &id);
    err = store_read(temp->repo->store, CHUNK_DATA, &id, &bytes);
    return err == NULL ? (enum dits_code)0 : dits_error_code(err);
}

static dits_error *make(struct temp_repo *temp)
{
    struct dits_oid id = {0};
    TRY(temp_repo_make(temp));
    TRY(temp_repo_commit(temp, "secret", "first version", &id));
    TRY(temp_repo_commit(temp, "secret", "second version", &id));
    TRY(temp_repo_commit(temp, "shared", "what two files have", &id));
    TRY(temp_repo_commit(temp, "copy", "what two files have", &id));
    return temp_repo_stage(temp, "secret", "staged version");
}

TEST(every_version_of_a_path_goes_and_others_stay)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_obliterate_result result = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(obliterate(&temp, "secret", true, &result));
    CHECK(result.assets == 3 && result.chunks == 3);
    CHECK(read_chunk(&temp, "first version") == 0);
    CHECK_OK(obliterate(&temp, "secret", false, &result));
    CHECK(result.assets == 3 && result.chunks == 3 && result.kept_chunks == 0);
    CHECK(read_chunk(&temp, "first version") == DITS_E_GONE);
    CHECK(read_chunk(&temp, "second version") == DITS_E_GONE);
    CHECK(read_chunk(&temp, "staged version") == DITS_E_GONE);
    CHECK(read_chunk(&temp, "what two files have") == 0);
    CHECK(read_chunk(&temp, "never stored") == DITS_E_NOT_FOUND);
    CHECK_FAILS(DITS_E_NOT_FOUND, obliterate(&temp, "none", false, &result));
}

TEST(fsck_finds_nothing_damaged_and_gc_goes_on)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const struct dits_fsck_options full = {.full = true, .repair = true};
    const struct dits_gc_options now = {.prune = "now"};
    struct dits_obliterate_result result = {0};
    struct dits_fsck_result checked = {0};
    struct dits_gc_result collected = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(obliterate(&temp, "secret", false, &result));
    CHECK_OK(dits_fsck(temp.repo, &full, &checked));
    CHECK(checked.damaged == 0);
    CHECK_OK(dits_gc(temp.repo, &now, &collected));
    CHECK_OK(dits_fsck(temp.repo, &full, &checked));
    CHECK(checked.damaged == 0);
}

TEST(one_that_was_cut_off_goes_on)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(id_list_release) struct id_list assets = {0};
    CLEANUP(id_list_release) struct id_list chunks = {0};
    char name[] = "A";
    char email[] = "a@b";
    const struct person who = {.name = name, .email = email};
    static const char *const texts[] = {"first version", "what two files have"};
    struct dits_obliterate_result result = {0};
    uint64_t id = 0;
    bool pending = false;
    CHECK_OK(make(&temp));
    /* As it is written down before the first chunk goes. By now another file
     * needs the second chunk. */
    CHECK_OK(id_list_add(&assets, &(struct dits_oid){{7}}));
    for (size_t i = 0; i < 2; i++) {
        struct dits_oid chunk = {0};
        chunk_id(CHUNK_DATA, texts[i], strlen(texts[i]), &chunk);
        CHECK_OK(id_list_add(&chunks, &chunk));
    }
    CHECK_OK(temp_repo_stage(&temp, "secret", "other"));
    CHECK_OK(obliteration_begin(temp.repo, &who, "", &assets, &chunks, &id));
    CHECK(read_chunk(&temp, "first version") == 0);
    CHECK_FAILS(DITS_E_CONFLICT, obliterate(&temp, "copy", false, &result));
    CHECK_OK(dits_obliterate_continue(temp.repo, &result));
    CHECK(read_chunk(&temp, "what two files have") == 0);
    CHECK_OK(obliteration_pending(temp.repo, &id, &pending));
    CHECK(!pending);
    CHECK_OK(obliterate(&temp, "copy", false, &result));
    CHECK(result.chunks == 1); /* "shared" is the same asset */
}

TEST(what_is_stored_again_can_be_read_again)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(id_set_release) struct id_set unreadable = {0};
    CLEANUP(id_set_release) struct id_set after = {0};
    struct dits_obliterate_result result = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(obliterate(&temp, "secret", false, &result));
    CHECK_OK(obliteration_unreadable(temp.repo, &unreadable));
    CHECK(unreadable.count == 3);
    CHECK_OK(temp_repo_stage(&temp, "again", "first version"));
    CHECK(read_chunk(&temp, "first version") == 0);
    CHECK_OK(obliteration_unreadable(temp.repo, &after));
    CHECK(after.count == 2);
}

TEST(the_error_tells_when_by_whom_and_why)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(dits_error_freep) dits_error *err = NULL;
    struct dits_obliterate_result result = {0};
    struct dits_oid id = {0};
    CHECK_OK(make(&temp));
    temp.now = 1700000000;
    CHECK_OK(obliterate(&temp, "secret", false, &result));
    chunk_id(CHUNK_DATA, "first version", strlen("first version"), &id);
    err = obliteration_explain(&id, temp.repo->dits_dir);
    CHECK(err != NULL);
    CHECK(text_starts_with(dits_error_message(err),
                           "it was obliterated on 2023-11-14 by "));
    CHECK(text_ends_with(dits_error_message(err), ": the licence ended"));
}
