#include "repo/expiry.h"

#include "repo/config.h"
#include "repo/date.h"
#include "repo/event_log.h"
#include "repo/operation_row.h"

#define DEFAULT_AGE "90 days"
#define DEFAULT_GRACE "2 weeks"

dits_error *expiry_grace(const dits_repo *repo, int64_t *out)
{
    return config_expiry(repo, "gc.prune", DEFAULT_GRACE, out);
}

dits_error *expiry_reflog(dits_repo *repo, const char *expire,
                          struct reflog_expiry *out)
{
    if (expire != NULL)
        TRY(date_parse_age(repo->context, expire, &out->before));
    else
        TRY(config_expiry(repo, "reflog.expire", DEFAULT_AGE, &out->before));
    TRY(expiry_grace(repo, &out->keep_since));
    return config_number(repo, "reflog.max", 0, &out->max_count);
}

dits_error *expiry_run(dits_repo *repo, int64_t keep_since,
                       struct expiry_result *out)
{
    struct expiry_result result = {0};
    struct reflog_expiry reflog = {0};
    int64_t operations_before = 0;
    int64_t events_before = 0;
    TRY(config_expiry(repo, "ops.expire", DEFAULT_AGE, &operations_before));
    TRY(expiry_reflog(repo, NULL, &reflog));
    reflog.keep_since = keep_since;
    TRY(operation_row_expire(repo, operations_before, &result.operations));
    TRY(reflog_expire(repo, &reflog, &result.entries));
    TRY(config_expiry(repo, "events.expire", DEFAULT_AGE, &events_before));
    TRY(event_log_expire(repo, events_before));
    *out = result;
    return NULL;
}
