/*
 * Signing in and out, and the first account.
 */
#include <string.h>

#include "base/pool.h"
#include "server/answer.h"
#include "server/routes.h"
#include "server/setup.h"

/* Seconds. An account's is short, so that nobody can lock its owner out. */
enum { ADDRESS_LONGEST = 15 * 60, ACCOUNT_LONGEST = 60 };

static struct throttle_key address_key(const struct request *request)
{
    return (struct throttle_key){.kind = 'A', .text = request->peer};
}

static struct throttle_key name_key(const char *name)
{
    return (struct throttle_key){.kind = 'N', .text = name};
}

static void note_failure(struct request *request, const char *name)
{
    struct throttle *throttle = request->service->throttle;
    int64_t now = request_clock(request);
    throttle_failed(throttle, address_key(request), ADDRESS_LONGEST, now);
    if (name != NULL)
        throttle_failed(throttle, name_key(name), ACCOUNT_LONGEST, now);
    counters_add_sign_in_refused(&request->service->counters);
}

/* After failures from here, or (NULL: none) with this name: 429. */
static dits_error *check_delay(struct request *request, const char *name)
{
    struct throttle *throttle = request->service->throttle;
    int64_t now = request_clock(request);
    unsigned wait = throttle_wait(throttle, address_key(request), now);
    unsigned other = name != NULL ? throttle_wait(throttle, name_key(name), now)
                                  : 0;
    wait = other > wait ? other : wait;
    return wait > 0 ? answer_later(request, 429, wait) : NULL;
}

/* Each password that is tried takes much memory: few at once. */
static bool enter(struct service *service, struct service **out)
{
    POOL_LOCKED(&service->mutex);
    if (service->signing_in == SERVICE_SIGN_INS)
        return false;
    service->signing_in++;
    *out = service;
    return true;
}

static void leave(struct service **service)
{
    if (*service == NULL)
        return;
    POOL_LOCKED(&(*service)->mutex);
    (*service)->signing_in--;
}

static dits_error *refuse_sign_in(struct request *request, const char *name,
                                  const struct account *account)
{
    /* A name that nobody has may be a password in the wrong place. */
    const struct audit_entry entry = {
        .account = account->id,
        .name = account->name[0] != '\0' ? account->name : NULL,
        .action = request->route->audit,
        .reason = "wrong name or password",
    };
    note_failure(request, name);
    TRY(request_audit_alone(request, &entry));
    return answer_refuse(request, 401, "wrong name or password");
}

static dits_error *begin_session(struct request *request,
                                 const struct account *account)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    char text[TOKEN_TEXT_SIZE] = {0};
    const struct token_wish wish = {.account = account->id,
                                    .kind = TOKEN_SESSION,
                                    .label = "sign-in",
                                    .actions = ACCESS_ALL,
                                    .lifetime = TOKEN_SESSION_LIFETIME};
    struct token token = {.made = 0};
    TRY(db_begin(request->db, &step));
    TRY(tokens_create(request->db, &wish, request->now, &token, text));
    const struct audit_entry entry = {.account = account->id,
                                      .name = account->name,
                                      .token = token.id,
                                      .action = request->route->audit,
                                      .allowed = true};
    TRY(request_audit(request, &entry));
    TRY(db_commit(&step));
    TRY(audit_seal(request->db, request->service->folder));
    struct json_out json = answer_begin(request, 200);
    json_out_text(&json, "token", text);
    json_out_i64(&json, "expires", token.versions[0].expires);
    crypt_wipe(text, sizeof(text));
    return json_out_end(&json);
}

static dits_error *sign_in(struct request *request, const char *name,
                           const char *password)
{
    CLEANUP(leave) struct service *entered = NULL;
    struct account account = {.made = 0};
    bool passed = false;
    TRY(check_delay(request, name));
    if (request->exchange->status != 0)
        return NULL;
    if (!enter(request->service, &entered))
        return answer_later(request, 503, 1);
    TRY(request_open(request));
    TRY(password_sign_in(request->db, &request->service->passwords, name,
                         slice_of_text(password), &account, &passed));
    if (!passed)
        return refuse_sign_in(request, name, &account);
    /* The address stays: who owns one account may try others from there. */
    throttle_passed(request->service->throttle, name_key(name));
    return begin_session(request, &account);
}

dits_error *route_login(struct request *request)
{
    CLEANUP(json_freep) struct json_value *body = NULL;
    TRY(request_json(request, &body));
    const char *name = json_text(json_member(body, "user"));
    const char *password = json_text(json_member(body, "password"));
    if (request->exchange->status != 0)
        return NULL;
    return name != NULL && password != NULL
               ? sign_in(request, name, password)
               : answer_refuse(request, 400,
                               "'user' and 'password' are needed");
}

dits_error *route_logout(struct request *request)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    const struct audit_entry entry = {.action = request->route->audit,
                                      .allowed = true};
    if (request->token.kind != TOKEN_SESSION)
        return answer_refuse(request, 400, "the token is not of a sign-in");
    TRY(db_begin(request->db, &step));
    TRY(tokens_revoke(request->db, &request->token.id, request->now));
    TRY(request_audit(request, &entry));
    TRY(db_commit(&step));
    TRY(audit_seal(request->db, request->service->folder));
    request->exchange->status = 204;
    return NULL;
}

struct first {
    const char *token;
    const char *name;
    struct slice password;
    char hash[CRYPT_PASSWORD_SIZE];
};

static dits_error *may_set_up(struct request *request,
                              const struct first *first, bool *out)
{
    bool has_admin = false;
    TRY(account_has_admin(request->db, &has_admin));
    TRY(setup_token_is(request->db, first->token, request->now, out));
    *out = *out && !has_admin;
    return NULL;
}

static dits_error *refuse_setup(struct request *request)
{
    const struct audit_entry entry = {.action = request->route->audit,
                                      .reason = "no good token"};
    note_failure(request, NULL);
    TRY(request_audit_alone(request, &entry));
    return answer_refuse(request, 403, "this token does not set up the server");
}

static dits_error *make_first(struct request *request,
                              const struct first *first,
                              struct account *account)
{
    TRY(account_create(request->db, first->name, ACCOUNT_PERSON, request->now,
                       account));
    TRY(account_set_admin(request->db, account, true));
    TRY(password_set(request->db, &account->id, first->hash, request->now));
    TRY(setup_token_forget(request->db));
    const struct audit_entry entry = {.account = account->id,
                                      .name = account->name,
                                      .action = request->route->audit,
                                      .resource = account->name,
                                      .allowed = true};
    return request_audit(request, &entry);
}

/* Looked at again where nobody else can come between. */
static dits_error *set_up_once(struct request *request,
                               const struct first *first,
                               struct account *account, bool *out_done)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(request->db, &step));
    TRY(may_set_up(request, first, out_done));
    if (!*out_done)
        return NULL;
    TRY(make_first(request, first, account));
    TRY(db_commit(&step));
    return audit_seal(request->db, request->service->folder);
}

static dits_error *set_up(struct request *request, struct first *first)
{
    struct account account = {.made = 0};
    char id[SERVER_ID_HEX_SIZE] = {0};
    bool may = false;
    TRY(check_delay(request, NULL));
    if (request->exchange->status != 0)
        return NULL;
    TRY(request_open(request));
    TRY(may_set_up(request, first, &may));
    if (!may)
        return refuse_setup(request);
    TRY(name_check_account(first->name));
    TRY(password_check(first->password));
    TRY(crypt_password_hash(first->password, &request->service->passwords.cost,
                            first->hash));
    TRY(set_up_once(request, first, &account, &may));
    if (!may)
        return refuse_setup(request);
    server_id_hex(&account.id, id);
    struct json_out json = answer_begin(request, 201);
    json_out_text(&json, "id", id);
    json_out_text(&json, "name", account.name);
    return json_out_end(&json);
}

/* A name or a password that cannot be is said to who knows the token. */
static dits_error *answer_wish(struct request *request, dits_error *err)
{
    CLEANUP(dits_error_freep) dits_error *failed = err;
    if (failed == NULL)
        return NULL;
    if (dits_error_code(failed) == DITS_E_INVALID)
        return answer_refuse(request, 400, dits_error_message(failed));
    return dits_error_code(failed) == DITS_E_EXISTS
               ? answer_refuse(request, 409, dits_error_message(failed))
               : MOVE(failed);
}

dits_error *route_setup(struct request *request)
{
    CLEANUP(json_freep) struct json_value *body = NULL;
    TRY(request_json(request, &body));
    const char *password = json_text(json_member(body, "password"));
    struct first first = {
        .token = json_text(json_member(body, "token")),
        .name = json_text(json_member(body, "user")),
        .password = slice_of_text(password != NULL ? password : ""),
    };
    if (request->exchange->status != 0)
        return NULL;
    return first.token != NULL && first.name != NULL && password != NULL
               ? answer_wish(request, set_up(request, &first))
               : answer_refuse(request, 400,
                               "'token', 'user' and 'password' are needed");
}
