#include <dits/operation.h>

#include "repo/operation_row.h"

struct operation_walk {
    dits_operation_fn *fn;
    void *payload;
};

static dits_error *report(const struct operation_row *row, void *payload)
{
    const struct operation_walk *walk = payload;
    struct dits_operation operation = {
        .id = row->id,
        .time = row->time,
        .user = row->user,
        .kind = row->kind,
        .command = row->command,
        .undoes = row->undoes,
        .is_undone = row->state != OPERATION_DONE,
        .can_undo = row->state == OPERATION_DONE && row->undoes == 0,
    };
    return walk->fn(&operation, walk->payload);
}

dits_error *dits_operation_each(dits_repo *repo, dits_operation_fn *fn,
                                void *payload)
{
    struct operation_walk walk = {.fn = fn, .payload = payload};
    return operation_row_each(repo, report, &walk);
}
