#include "repo/expiry.h"

#include "repo/config.h"
#include "repo/operation_row.h"
#include "repo/reflog.h"

#define DEFAULT_AGE "90 days"

dits_error *expiry_run(dits_repo *repo, int64_t keep_since,
                       struct expiry_result *out)
{
    struct expiry_result result = {0};
    struct reflog_expiry reflog = {.keep_since = keep_since};
    int64_t operations_before = 0;
    TRY(config_expiry(repo, "ops.expire", DEFAULT_AGE, &operations_before));
    TRY(config_expiry(repo, "reflog.expire", DEFAULT_AGE, &reflog.before));
    TRY(config_number(repo, "reflog.max", 0, &reflog.max_count));
    TRY(operation_row_expire(repo, operations_before, &result.operations));
    TRY(reflog_expire(repo, &reflog, &result.entries));
    *out = result;
    return NULL;
}
