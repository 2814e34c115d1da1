#include <dits/operation.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/linked.h"
#include "repo/operation_row.h"

struct operation_walk {
    dits_repo *repo;
    uint64_t named; /* the work tree that `name` is of */
    char *name;
    dits_operation_fn *fn;
    void *payload;
};

static void release_walk(struct operation_walk *walk)
{
    mem_free(walk->name);
}

/* Operations of one work tree often follow each other. */
static dits_error *find_name(struct operation_walk *walk, uint64_t owner)
{
    if (walk->named == owner)
        return NULL;
    text_free(&walk->name);
    if (owner != 0)
        TRY(linked_last_name(walk->repo, owner, &walk->name));
    if (owner != 0 && walk->name == NULL)
        TRY(text_copy("?", &walk->name));
    walk->named = owner;
    return NULL;
}

static dits_error *report(const struct operation_row *row, void *payload)
{
    struct operation_walk *walk = payload;
    TRY(find_name(walk, row->owner));
    struct dits_operation operation = {
        .id = row->id,
        .time = row->time,
        .user = row->user,
        .kind = row->kind,
        .command = row->command,
        .undoes = row->undoes,
        .is_undone = row->state != OPERATION_DONE,
        .can_undo = row->state == OPERATION_DONE && row->undoes == 0 &&
                    row->owner == walk->repo->linked,
        .worktree = walk->name,
    };
    return walk->fn(&operation, walk->payload);
}

dits_error *dits_operation_each(dits_repo *repo, dits_operation_fn *fn,
                                void *payload)
{
    CLEANUP(release_walk)
    struct operation_walk walk = {.repo = repo, .fn = fn, .payload = payload};
    return operation_row_each(repo, report, &walk);
}
