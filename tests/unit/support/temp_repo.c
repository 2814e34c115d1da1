#include "support/temp_repo.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "object/asset.h"
#include "object/commit.h"
#include "repo/index.h"

enum { FIRST_TIME = 1700000000 };

static void count_message(enum dits_log_level level, const char *message,
                          void *payload)
{
    struct temp_repo *temp = payload;
    (void)message;
    if (level == DITS_LOG_WARN)
        temp->warnings++;
    if (level == DITS_LOG_INFO)
        temp->infos++;
}

static int64_t read_clock(void *payload)
{
    const struct temp_repo *temp = payload;
    return temp->now;
}

dits_error *temp_repo_context(struct temp_repo *temp, dits_context **out)
{
    struct dits_context_options options = {.log = count_message,
                                           .clock = read_clock,
                                           .payload = temp,
                                           .threads = 2,
                                           .user_name = "Ada",
                                           .user_email = "ada@example.com"};
    return dits_context_new(&options, out);
}

dits_error *temp_repo_make(struct temp_repo *out)
{
    out->now = FIRST_TIME;
    strcpy(out->folder, "/tmp/dits-test-XXXXXX");
    if (mkdtemp(out->folder) == NULL)
        return error_new(DITS_E_IO, "no folder for the test");
    TRY(temp_repo_context(out, &out->context));
    return dits_repo_init(out->context, out->folder, NULL, NULL, &out->repo);
}

static int remove_entry(const char *path, const struct stat *stat, int type,
                        struct FTW *ftw)
{
    (void)stat;
    (void)type;
    (void)ftw;
    return remove(path);
}

void temp_repo_release(struct temp_repo *temp)
{
    dits_repo_free(temp->repo);
    dits_context_free(temp->context);
    if (temp->folder[0] != '\0')
        (void)nftw(temp->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

dits_error *temp_repo_reopen(struct temp_repo *temp)
{
    dits_repo_free(temp->repo);
    temp->repo = NULL;
    return dits_repo_open(temp->context, temp->folder, &temp->repo);
}

dits_error *temp_repo_set(struct operation *operation, const char *path,
                          const char *text)
{
    struct index *index = operation_index(operation);
    if (text == NULL)
        return index_remove(index, path);
    struct asset_store_options options = {.writer = operation_writer(operation),
                                          .threads = 1};
    struct asset_info info = {0};
    struct index_entry entry = {.path = path, .mode = TREE_FILE};
    TRY(asset_store_bytes(&options, text, strlen(text), &entry.asset, &info));
    entry.content = info.content;
    entry.size = info.size;
    return index_set(index, &entry);
}

dits_error *temp_repo_stage(struct temp_repo *temp, const char *path,
                            const char *text)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    TRY(operation_begin(temp->repo, "add", &operation));
    TRY(temp_repo_set(operation, path, text));
    return operation_commit(operation);
}

static dits_error *fill_commit(struct operation *operation,
                               struct temp_repo *temp, struct commit *commit)
{
    const struct refs_head *head = operation_head(operation);
    struct person ada = {.name = (char *)(uintptr_t) "Ada",
                         .email = (char *)(uintptr_t) "ada@example.com",
                         .time = temp->now};
    TRY(person_copy(&ada, &commit->author));
    TRY(person_copy(&ada, &commit->committer));
    TRY(text_copy("a commit\n", &commit->message));
    if (dits_oid_is_zero(&head->commit))
        return NULL;
    commit->parents = mem_new_array(struct dits_oid, 1);
    if (commit->parents == NULL)
        return error_nomem();
    commit->parents[0] = head->commit;
    commit->parent_count = 1;
    return NULL;
}

dits_error *temp_repo_commit(struct temp_repo *temp, const char *path,
                             const char *text, struct dits_oid *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    TRY(operation_begin(temp->repo, "commit", &operation));
    TRY(temp_repo_set(operation, path, text));
    TRY(fill_commit(operation, temp, &commit));
    TRY(index_write_tree(operation_index(operation),
                         operation_writer(operation), &commit.tree));
    TRY(commit_store(operation_writer(operation), &commit, out));

    const struct refs_head *head = operation_head(operation);
    if (head->branch != NULL)
        TRY(operation_set_ref(operation, head->branch, &head->commit, out,
                              "commit: a commit"));
    else
        TRY(operation_set_head(operation, NULL, out, "commit: a commit"));
    return operation_commit(operation);
}

dits_error *temp_repo_staged(struct temp_repo *temp, const char *path,
                             char **out)
{
    CLEANUP(index_freep) struct index *index = NULL;
    CLEANUP(asset_closep) struct asset *asset = NULL;
    CLEANUP(text_free) char *text = NULL;
    TRY(index_open(temp->repo, &index));
    const struct index_entry *entry = index_find(index, path);
    *out = NULL;
    if (entry == NULL)
        return NULL;
    TRY(asset_open(temp->repo->store, &entry->asset, &asset));
    size_t size = (size_t)asset_get_info(asset)->size;
    text = mem_new_array(char, size + 1);
    if (text == NULL)
        return error_nomem();
    TRY(asset_read_at(asset, 0, size, text));
    *out = MOVE(text);
    return NULL;
}

bool temp_repo_ref_is(struct temp_repo *temp, const char *full_name,
                      const struct dits_oid *id)
{
    struct dits_oid value = {0};
    bool found = false;
    dits_error *err = refs_read(temp->repo, full_name, &value, &found);
    bool same = err == NULL && dits_oid_equal(&value, id) &&
                found == !dits_oid_is_zero(id);
    dits_error_free(err);
    return same;
}
