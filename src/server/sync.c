#include "server/sync.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "repo/repo_pool.h"
#include "repo/wire_serve.h"

/* Handles that wait for the next request: as many as there are threads. */
enum { IDLE_MAX = 32 };

struct server_sync {
    struct repo_pool *repos;
};

dits_error *server_sync_new(const dits_context *context,
                            struct server_sync **out)
{
    CLEANUP(server_sync_freep)
    struct server_sync *sync = mem_new(struct server_sync);
    if (sync == NULL)
        return error_nomem();
    TRY(repo_pool_new(context, IDLE_MAX, &sync->repos));
    *out = MOVE(sync);
    return NULL;
}

void server_sync_free(struct server_sync *sync)
{
    if (sync == NULL)
        return;
    repo_pool_free(sync->repos);
    mem_free(sync);
}

void server_sync_freep(struct server_sync **sync)
{
    server_sync_free(*sync);
}

/* The one call that others see the work of. */
static bool publishes(const char *call)
{
    return strcmp(call, "publish") == 0;
}

static dits_error *answer(const struct service_call *call,
                          struct exchange *exchange, void *payload)
{
    struct server_sync *sync = payload;
    dits_repo *repo = NULL;
    char caller[SERVER_ID_HEX_SIZE] = {0};
    server_id_hex(&call->account->id, caller);
    TRY(repo_pool_take(sync->repos, call->folder, &repo));
    const struct wire_service service = {
        .repo = repo,
        .caller = caller,
        .name = call->account->name,
        .email = call->account->name,
        .may_write = call->may_write,
    };
    dits_error *err = wire_answer(&service, call->call, exchange);
    repo_pool_give(sync->repos, repo, publishes(call->call));
    return err;
}

struct service_sync server_sync_calls(struct server_sync *sync)
{
    return (struct service_sync){.writes = wire_call_writes,
                                 .publishes = publishes,
                                 .answer = answer,
                                 .payload = sync};
}
