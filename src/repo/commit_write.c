#include "repo/commit_write.h"

#include <string.h>

#include "base/mem.h"
#include "repo/identity.h"
#include "repo/message.h"
#include "repo/sign.h"

dits_error *commit_keep_order(dits_repo *repo, struct commit *commit)
{
    for (size_t i = 0; i < commit->parent_count; i++) {
        CLEANUP(commit_release) struct commit parent = {0};
        TRY(commit_load(repo->store, &commit->parents[i], &parent));
        if (commit->committer.time < parent.committer.time)
            commit->committer.time = parent.committer.time;
    }
    return NULL;
}

static dits_error *copy_parents(const struct commit_draft *draft,
                                struct commit *commit)
{
    if (draft->parent_count == 0)
        return NULL;
    commit->parents = mem_new_array(struct dits_oid, draft->parent_count);
    if (commit->parents == NULL)
        return error_nomem();
    memcpy(commit->parents, draft->parents,
           draft->parent_count * sizeof(*draft->parents));
    commit->parent_count = draft->parent_count;
    return NULL;
}

dits_error *commit_write(struct operation *operation,
                         const struct commit_draft *draft, struct dits_oid *out)
{
    static const struct sign_wish as_set = {.sign = DITS_SIGN_AS_SET};
    CLEANUP(commit_release) struct commit commit = {.tree = *draft->tree};
    dits_repo *repo = operation_repo(operation);
    TRY(copy_parents(draft, &commit));
    TRY(identity_find(repo, &commit.committer));
    TRY(person_copy(draft->author != NULL ? draft->author : &commit.committer,
                    &commit.author));
    TRY(commit_keep_order(repo, &commit));
    TRY(message_clean(draft->message, &commit.message));
    TRY(sign_commit(repo, &as_set, &commit));
    return commit_store(operation_writer(operation), &commit, out);
}
