/*
 * commit-on MESSAGE PARENT... - record what is staged on these parents
 *
 * HEAD's branch goes there, as `git commit-tree` and `git update-ref` do it.
 * For tests of histories with merges. Prints the id.
 */
#include <dits/context.h>
#include <dits/refs.h>
#include <dits/repo.h>

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "object/commit.h"
#include "repo/identity.h"
#include "repo/index.h"
#include "repo/operation.h"

static void context_freep(dits_context **context)
{
    dits_context_free(*context);
}

static void repo_freep(dits_repo **repo)
{
    dits_repo_free(*repo);
}

static dits_error *fill(dits_repo *repo, struct operation *operation,
                        char **arguments, struct commit *out)
{
    CLEANUP(buf_release) struct buf message = {0};
    size_t count = 0;
    while (arguments[1 + count] != NULL)
        count++;
    TRY(buf_printf(&message, "%s\n", arguments[0]));
    TRY(buf_take_text(&message, &out->message));
    TRY(identity_find(repo, &out->author));
    TRY(identity_find(repo, &out->committer));
    TRY(index_write_tree(operation_index(operation),
                         operation_writer(operation), &out->tree));
    if (count == 0)
        return NULL;
    out->parents = mem_new_array(struct dits_oid, count);
    if (out->parents == NULL)
        return error_nomem();
    for (size_t i = 0; i < count; i++)
        TRY(dits_revision_resolve(repo, arguments[1 + i], DITS_REVISION_COMMIT,
                                  &out->parents[i]));
    out->parent_count = count;
    return NULL;
}

static dits_error *record(dits_repo *repo, char **arguments)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(commit_release) struct commit commit = {0};
    struct dits_oid id = {0};
    char hex[DITS_OID_HEX_SIZE] = "";
    TRY(operation_begin(repo, "commit", &operation));
    const struct refs_head *head = operation_head(operation);
    TRY(fill(repo, operation, arguments, &commit));
    TRY(commit_store(operation_writer(operation), &commit, &id));
    TRY(operation_set_ref(operation, head->branch, &head->commit, &id,
                          "commit: made for a test"));
    TRY(operation_commit(operation));
    dits_oid_hex(&id, hex);
    printf("%s\n", hex);
    return NULL;
}

static int64_t now(void *payload)
{
    const char *text = payload;
    return text != NULL ? strtoll(text, NULL, 10) : 0;
}

static dits_error *run(char **arguments)
{
    CLEANUP(context_freep) dits_context *context = NULL;
    CLEANUP(repo_freep) dits_repo *repo = NULL;
    const struct dits_context_options options = {
        .clock = now,
        .payload = getenv("COMMIT_TIME"),
        .user_name = "Test Editor",
        .user_email = "editor@example.com",
    };
    TRY(dits_context_new(&options, &context));
    TRY(dits_repo_open(context, ".", &repo));
    return record(repo, arguments);
}

int main(int count, char **arguments)
{
    if (count < 2)
        return 2;
    dits_error *err = run(arguments + 1);
    if (err == NULL)
        return 0;
    fprintf(stderr, "commit-on: %s\n", dits_error_message(err));
    dits_error_free(err);
    return 1;
}
