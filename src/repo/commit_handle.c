#include "repo/commit_handle.h"

#include "base/mem.h"
#include "repo/shallow.h"

struct dits_commit {
    struct dits_oid id;
    struct commit commit;
    struct dits_person author; /* borrow from `commit` */
    struct dits_person committer;
};

struct dits_person commit_handle_person(const struct person *person)
{
    return (struct dits_person){.name = person->name,
                                .email = person->email,
                                .time = person->time,
                                .offset_minutes = person->offset_minutes};
}

dits_error *commit_handle_new(const struct dits_oid *id, struct commit *commit,
                              dits_commit **out)
{
    dits_commit *handle = mem_new(dits_commit);
    if (handle == NULL) {
        commit_release(commit);
        return error_nomem();
    }
    handle->id = *id;
    handle->commit = MOVE(*commit);
    handle->author = commit_handle_person(&handle->commit.author);
    handle->committer = commit_handle_person(&handle->commit.committer);
    *out = handle;
    return NULL;
}

dits_error *dits_commit_load(dits_repo *repo, const struct dits_oid *id,
                             dits_commit **out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    TRY(shallow_load(repo, id, &commit));
    return commit_handle_new(id, &commit, out);
}

void dits_commit_free(dits_commit *commit)
{
    if (commit == NULL)
        return;
    commit_release(&commit->commit);
    mem_free(commit);
}

void commit_handle_freep(dits_commit **commit)
{
    dits_commit_free(*commit);
    *commit = NULL;
}

const struct dits_oid *dits_commit_id(const dits_commit *commit)
{
    return &commit->id;
}

const struct dits_oid *dits_commit_tree(const dits_commit *commit)
{
    return &commit->commit.tree;
}

size_t dits_commit_parent_count(const dits_commit *commit)
{
    return commit->commit.parent_count;
}

const struct dits_oid *dits_commit_parent(const dits_commit *commit,
                                          size_t index)
{
    return &commit->commit.parents[index];
}

bool dits_commit_is_cut(const dits_commit *commit)
{
    return commit->commit.cut_parents > 0;
}

const struct dits_person *dits_commit_author(const dits_commit *commit)
{
    return &commit->author;
}

const struct dits_person *dits_commit_committer(const dits_commit *commit)
{
    return &commit->committer;
}

const char *dits_commit_message(const dits_commit *commit)
{
    return commit->commit.message;
}
