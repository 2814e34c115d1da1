/*
 * Calls on a repository, of those who may make them.
 */
#include "base/text.h"
#include "server/routes.h"

static dits_error *audit_write(struct request *request)
{
    bool went_well = request->exchange->status / 100 == 2;
    const struct audit_entry entry = {
        .action = request->route->audit,
        .resource = request->repository.name,
        .allowed = true,
        .reason = went_well ? request->call : "it failed",
    };
    return request_audit_alone(request, &entry);
}

dits_error *route_repository(struct request *request)
{
    CLEANUP(text_free) char *folder = NULL;
    const struct service_sync *sync = &request->service->sync;
    TRY(repository_folder(request->service->folder, request->repository.name,
                          &folder));
    const struct service_call call = {
        .folder = folder,
        .call = request->call,
        .account = &request->account,
        .may_write = request->may_write,
    };
    TRY(sync->answer(&call, request->exchange, sync->payload));
    return sync->publishes(request->call) ? audit_write(request) : NULL;
}
