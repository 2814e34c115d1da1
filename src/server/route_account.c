/*
 * What somebody may know of oneself: the account, and what it may read.
 */
#include "server/answer.h"
#include "server/authorize.h"
#include "server/routes.h"

static void put_id(struct json_out *json, const struct server_id *id)
{
    char hex[SERVER_ID_HEX_SIZE] = {0};
    server_id_hex(id, hex);
    json_out_text(json, "id", hex);
}

static int64_t expiry(const struct request *request)
{
    for (int i = 0; i < 2; i++)
        if (request->token.versions[i].number == request->version)
            return request->token.versions[i].expires;
    return 0;
}

static void put_token(struct json_out *json, const struct request *request,
                      const char *actions)
{
    const struct token *token = &request->token;
    json_out_object_begin(json, "token");
    put_id(json, &token->id);
    json_out_text(json, "kind", token_kind_name(token->kind));
    json_out_text(json, "label", token->label);
    json_out_text(json, "actions", actions);
    json_out_bool(json, "everywhere", token->is_everywhere);
    json_out_i64(json, "expires", expiry(request));
    json_out_object_end(json);
}

dits_error *route_account(struct request *request)
{
    CLEANUP(buf_release) struct buf actions = {0};
    const struct account *account = &request->account;
    TRY(access_actions_put(request->token.actions, &actions));
    struct json_out json = answer_begin(request, 200);
    put_id(&json, &account->id);
    json_out_text(&json, "name", account->name);
    json_out_text(&json, "kind",
                  account->kind == ACCOUNT_SERVICE ? "service" : "person");
    json_out_bool(&json, "admin", account->is_admin);
    put_token(&json, request, buf_text(&actions));
    return json_out_end(&json);
}

struct listing {
    struct request *request;
    struct json_out json;
};

static dits_error *put_repository(const struct repository *repository,
                                  void *payload)
{
    struct listing *listing = payload;
    struct access_answer answer = {.is_allowed = false};
    enum access_role role = ROLE_NONE;
    TRY(authorize_decide(listing->request, &repository->id, ACCESS_READ,
                         &answer, &role));
    if (!answer.is_allowed)
        return NULL;
    json_out_list_object_begin(&listing->json);
    put_id(&listing->json, &repository->id);
    json_out_text(&listing->json, "name", repository->name);
    json_out_text(&listing->json, "role", access_role_name(role));
    json_out_object_end(&listing->json);
    return NULL;
}

dits_error *route_repos(struct request *request)
{
    struct listing listing = {.request = request,
                              .json = answer_begin(request, 200)};
    json_out_list_begin(&listing.json, "repositories");
    dits_error *err = repository_each(request->db, put_repository, &listing);
    json_out_list_end(&listing.json);
    CLEANUP(dits_error_freep) dits_error *failed = json_out_end(&listing.json);
    return err != NULL ? err : MOVE(failed);
}
