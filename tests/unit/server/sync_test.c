#include "server/sync.h"

#include <string.h>

#include "repo/wire.h"
#include "support/temp_repo.h"
#include "support/test.h"

static const struct account ada = {.id = {{7}}, .name = "ada"};

static dits_error *ask(const struct service_sync *sync, const char *folder,
                       const char *call, struct exchange *out)
{
    static const uint8_t zero[1] = {0};
    const struct service_call what = {
        .folder = folder, .call = call, .account = &ada};
    exchange_init(out);
    out->method = "POST";
    out->path = "";
    out->query = "";
    out->peer = "127.0.0.1";
    out->body = slice_of(zero, sizeof(zero));
    return sync->answer(&what, out, sync->payload);
}

TEST(only_a_publication_is_for_all_to_see)
{
    CLEANUP(server_sync_freep) struct server_sync *sync = NULL;
    CHECK_OK(server_sync_new(NULL, &sync));
    const struct service_sync calls = server_sync_calls(sync);
    CHECK(calls.writes("publish") && calls.publishes("publish"));
    CHECK(calls.writes("uploads/put") && !calls.publishes("uploads/put"));
    CHECK(!calls.writes("refs") && !calls.publishes("refs"));
    CHECK(!calls.writes("none") && !calls.publishes("none"));
}

TEST(a_repository_is_opened_and_asked)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {.now = 0};
    CLEANUP(server_sync_freep) struct server_sync *sync = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(server_sync_new(temp.context, &sync));
    const struct service_sync calls = server_sync_calls(sync);
    for (int i = 0; i < 3; i++) {
        CLEANUP(exchange_release) struct exchange exchange;
        CHECK_OK(ask(&calls, temp.folder, "refs", &exchange));
        CHECK(exchange.status == 200);
        CHECK(strcmp(exchange.type, WIRE_TYPE) == 0);
        CHECK(exchange.reply.size > 0);
    }
}

static int status_of(const struct service_sync *calls, const char *folder,
                     const char *call)
{
    CLEANUP(exchange_release) struct exchange exchange;
    dits_error *err = ask(calls, folder, call, &exchange);
    int status = err == NULL ? exchange.status : -1;
    dits_error_free(err);
    return status;
}

TEST(who_may_not_write_does_not)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {.now = 0};
    CLEANUP(server_sync_freep) struct server_sync *sync = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(server_sync_new(temp.context, &sync));
    const struct service_sync calls = server_sync_calls(sync);
    CHECK(status_of(&calls, temp.folder, "publish") == 403);
    CHECK(status_of(&calls, temp.folder, "none") == 404);
    CHECK(status_of(&calls, "/tmp/no-such-repository", "refs") == -1);
}
