#include "server/authorize.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "server/answer.h"
#include "server/rule.h"

/* A film is thousands of parts of 8 MiB, and a studio may be one address. */
static const struct throttle_rate address_rate = {.per_minute = 30000,
                                                  .burst = 5000};
static const struct throttle_rate account_rate = {.per_minute = 20000,
                                                  .burst = 4000};
static const struct throttle_rate token_rate = {.per_minute = 20000,
                                                .burst = 4000};

static unsigned take(struct request *request, char kind, const char *text,
                     const struct throttle_rate *rate, unsigned cost)
{
    struct throttle_key key = {.kind = kind, .text = text};
    return throttle_take(request->service->throttle, key, rate, cost,
                         request_clock(request));
}

static unsigned take_signed_in(struct request *request, unsigned cost)
{
    char account[SERVER_ID_HEX_SIZE] = {0};
    char token[SERVER_ID_HEX_SIZE] = {0};
    server_id_hex(&request->account.id, account);
    server_id_hex(&request->token.id, token);
    unsigned wait = take(request, 't', token, &token_rate, cost);
    return wait > 0 ? wait : take(request, 'u', account, &account_rate, cost);
}

dits_error *authorize_rate(struct request *request, unsigned cost)
{
    unsigned wait = request->is_signed_in ? take_signed_in(request, cost)
                                          : take(request, 'a', request->peer,
                                                 &address_rate, cost);
    return wait > 0 ? answer_later(request, 429, wait) : NULL;
}

/* What was refused is dearer; the answer stays as it is. */
static void charge(struct request *request)
{
    (void)take(request, 'a', request->peer, &address_rate,
               AUTHORIZE_REFUSED_COST);
    if (request->is_signed_in)
        (void)take_signed_in(request, AUTHORIZE_REFUSED_COST);
}

/* "dits/1" of "dits/1.2.3 (linux)": enough to know a program again. */
static void read_agent(const char *field, char out[TOKEN_AGENT_SIZE])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    size_t length = field != NULL ? strspn(field, letters) : 0;
    if (length > 0 && field[length] == '/')
        length += 1 + strspn(field + length + 1, "0123456789");
    (void)snprintf(out, TOKEN_AGENT_SIZE, "%.*s", (int)length,
                   field != NULL ? field : "");
}

static const char *bearer(const struct request *request)
{
    static const char scheme[] = "Bearer ";
    const char *field = exchange_field(request->exchange, "authorization");
    if (field == NULL || strncasecmp(field, scheme, sizeof(scheme) - 1) != 0)
        return NULL;
    field += sizeof(scheme) - 1;
    return field + strspn(field, " ");
}

/* Of a token that was given out once: its owner has to see that it is tried. */
static dits_error *audit_ended(struct request *request)
{
    const struct audit_entry entry = {
        .account = request->account.id,
        .name = request->account.name,
        .token = request->token.id,
        .action = "token.use",
        .reason = request->account.is_enabled ? "the token has ended"
                                              : "the account is disabled",
    };
    return request_audit_alone(request, &entry);
}

static dits_error *find_token(struct request *request, bool *out_known)
{
    const char *text = bearer(request);
    *out_known = false;
    if (text == NULL)
        return NULL;
    TRY(request_open(request));
    TRY(tokens_find(request->db, text, request->now, &request->token,
                    &request->version, out_known));
    if (!*out_known)
        return NULL;
    TRY(account_get(request->db, &request->token.account, &request->account,
                    out_known));
    request->is_signed_in = *out_known && request->version != 0 &&
                            request->account.is_enabled;
    return NULL;
}

dits_error *authorize_token(struct request *request)
{
    char agent[TOKEN_AGENT_SIZE] = {0};
    bool is_known = false;
    TRY(find_token(request, &is_known));
    if (!request->is_signed_in) {
        charge(request);
        if (is_known)
            TRY(audit_ended(request));
        return answer_refuse(request, 401, "a token that is good is needed");
    }
    read_agent(exchange_field(request->exchange, "user-agent"), agent);
    return tokens_used(request->db, &request->token, request->version,
                       request->now, request->network, agent);
}

static dits_error *load_rules(struct request *request,
                              const struct server_id *repository,
                              enum access_action action, struct rule_list *out)
{
    /* Nothing is read by a rule. */
    return action == ACCESS_READ || action == ACCESS_ADMIN
               ? NULL
               : rule_load(request->db, repository, out);
}

dits_error *authorize_decide(struct request *request,
                             const struct server_id *repository,
                             enum access_action action,
                             struct access_answer *out,
                             enum access_role *out_role)
{
    CLEANUP(rule_list_release) struct rule_list rules = {0};
    struct access_token token = {.is_live = request->version != 0,
                                 .actions = request->token.actions};
    TRY(tokens_cover(request->db, &request->token, repository,
                     &token.has_repository));
    TRY(role_get(request->db, repository, &request->account.id, out_role));
    TRY(load_rules(request, repository, action, &rules));
    const struct access_question question = {
        .account = request->account.id,
        .is_enabled = request->account.is_enabled,
        .is_admin = request->account.is_admin,
        .role = *out_role,
        .token = &token,
        .rules = rules.rules,
        .rule_count = rules.count,
        .action = action,
    };
    *out = access_decide(&question);
    out->rule = NULL;
    return NULL;
}

static dits_error *refuse(struct request *request, int status,
                          const char *action, const char *resource)
{
    const struct audit_entry entry = {
        .action = action, .resource = resource, .reason = "not allowed"};
    charge(request);
    TRY(request_audit_alone(request, &entry));
    return answer_refuse(request, status,
                         status == 404 ? "there is no such thing"
                                       : "that is not allowed");
}

dits_error *authorize_admin(struct request *request)
{
    static const struct server_id none = {{0}};
    struct access_answer answer = {.is_allowed = false};
    enum access_role role = ROLE_NONE;
    TRY(authorize_decide(request, &none, ACCESS_ADMIN, &answer, &role));
    return answer.is_allowed ? NULL
                             : refuse(request, 403, "server.admin", NULL);
}

/* A rule that denies some path to who asks. A call says nothing of paths. */
static dits_error *has_narrowing(struct request *request,
                                 const struct server_id *repository, bool *out)
{
    CLEANUP(rule_list_release) struct rule_list rules = {0};
    *out = false;
    TRY(rule_load(request->db, repository, &rules));
    for (size_t i = 0; i < rules.count && !*out; i++)
        *out = rules.rules[i].denies &&
               (server_id_is_none(&rules.rules[i].account) ||
                server_id_equal(&rules.rules[i].account, &request->account.id));
    return NULL;
}

/*
 * Whether all paths may be written: whose right is of some paths alone writes
 * nothing here, for what is published is not looked at path by path.
 */
static dits_error *may_write_all(struct request *request,
                                 const struct server_id *repository, bool *out)
{
    struct access_answer answer = {.is_allowed = false};
    enum access_role role = ROLE_NONE;
    bool is_narrowed = false;
    TRY(authorize_decide(request, repository, ACCESS_WRITE, &answer, &role));
    TRY(has_narrowing(request, repository, &is_narrowed));
    *out = answer.is_allowed && answer.why != ACCESS_BY_RULE && !is_narrowed;
    return NULL;
}

/* What is not there costs the same as what may not be seen. */
static dits_error *find_repository(struct request *request, const char *name,
                                   bool *out_read, bool *out_write)
{
    struct access_answer answer = {.is_allowed = false};
    enum access_role role = ROLE_NONE;
    bool found = false;
    TRY(repository_find(request->db, name, &request->repository, &found));
    TRY(authorize_decide(request, &request->repository.id, ACCESS_READ, &answer,
                         &role));
    *out_read = found && answer.is_allowed;
    TRY(may_write_all(request, &request->repository.id, out_write));
    *out_write = *out_write && *out_read;
    return NULL;
}

dits_error *authorize_repository(struct request *request, const char *name,
                                 bool writes)
{
    bool may_read = false;
    TRY(find_repository(request, name, &may_read, &request->may_write));
    if (may_read && (request->may_write || !writes))
        return NULL;
    request->repository = (struct repository){.made = 0};
    return may_read ? refuse(request, 403, "repository.write", name)
                    : refuse(request, 404, "repository.read", name);
}
