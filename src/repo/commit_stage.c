#include "repo/commit_stage.h"

#include <dits/operation.h>

#include <string.h>

#include "repo/commit_work.h"
#include "repo/stage.h"

static dits_error *stage_wanted(struct operation *operation,
                                const struct dits_commit_options *options)
{
    static const struct dits_paths everything = {0};
    bool has_paths = options->paths.count > 0;
    if (options->all && has_paths)
        return error_new(DITS_E_INVALID,
                         "paths make no sense together with all");
    if (options->is_staged || (!options->all && !has_paths))
        return NULL;
    return stage_tracked(operation_repo(operation), operation,
                         has_paths ? &options->paths : &everything);
}

dits_error *commit_stage(struct operation *operation,
                         const struct dits_commit_options *options,
                         struct unfinished *work)
{
    TRY(stage_wanted(operation, options));
    if (options->all)
        memset(work->stages, 0, sizeof(work->stages));
    return options->paths.count > 0
               ? NULL
               : commit_work_check(operation_repo(operation), work);
}

dits_error *dits_commit_stage(dits_repo *repo,
                              const struct dits_commit_options *options,
                              uint64_t *out_ahead)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(unfinished_release) struct unfinished work = {0};
    TRY(operation_begin(repo, "commit", &operation));
    TRY(commit_work_read(repo, options, &work));
    TRY(stage_wanted(operation, options));
    operation_set_ahead(operation);
    TRY(operation_commit(operation));
    *out_ahead = operation_is_published(operation) ? operation_number(operation)
                                                   : 0;
    return NULL;
}

dits_error *dits_commit_unstage(dits_repo *repo, uint64_t ahead)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    bool is_taken = false;
    if (ahead == 0)
        return NULL;
    TRY(operation_begin(repo, "commit", &operation));
    TRY(operation_take_over(operation, ahead, &is_taken));
    if (is_taken) {
        TRY(operation_give_up(operation));
        return operation_commit(operation);
    }
    operation_freep(&operation); /* it holds the lock */
    return dits_undo(repo, ahead, NULL);
}
