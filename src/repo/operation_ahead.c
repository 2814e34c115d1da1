/* Two operations that are one to everybody else. */
#include <string.h>

#include "repo/operation_internal.h"
#include "repo/operation_row.h"

void operation_set_ahead(struct operation *operation)
{
    operation->is_ahead = true;
}

dits_error *operation_take_over(struct operation *operation, uint64_t ahead,
                                bool *out_taken)
{
    CLEANUP(operation_row_release) struct operation_row newest = {0};
    bool found = false;
    TRY(operation_row_newest(operation->repo, &newest, &found));
    *out_taken = found && newest.id == ahead && newest.undoes == 0 &&
                 newest.state == OPERATION_DONE &&
                 strcmp(newest.kind, operation->kind) == 0;
    if (!*out_taken)
        return NULL;
    operation->id = ahead;
    operation->index_before = newest.index_before;
    operation->is_announced = true;
    operation->takes_over = true;
    return NULL;
}

/* Cut off in between, the next operation puts the index back. */
dits_error *operation_give_up(struct operation *operation)
{
    TRY(index_read_tree(operation->index, &operation->index_before));
    return operation_withdraw(operation);
}
