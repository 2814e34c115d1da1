#include "server/routes.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "server/answer.h"
#include "server/authorize.h"

/* clang-format off */
const struct route routes[] = {
    {"GET",  "/healthz",    ROUTE_ANYBODY,    1,   NULL,               false, route_health},
    {"GET",  "/metrics",    ROUTE_OBSERVER,   10,  NULL,               false, route_metrics},
    {"GET",  "/readyz",     ROUTE_ANYBODY,    2,   NULL,               false, route_ready},
    {"GET",  "/v1/account", ROUTE_SIGNED_IN,  1,   NULL,               false, route_account},
    {"GET",  "/v1/hello",   ROUTE_ANYBODY,    1,   NULL,               false, route_hello},
    {"POST", "/v1/login",   ROUTE_ANYBODY,    100, "session.create",   true,  route_login},
    {"POST", "/v1/logout",  ROUTE_SIGNED_IN,  10,  "session.end",      false, route_logout},
    {"GET",  "/v1/repos",   ROUTE_SIGNED_IN,  10,  NULL,               false, route_repos},
    {"*",    "/v1/repos/",  ROUTE_REPOSITORY, 1,   "repository.write", false, route_repository},
    {"POST", "/v1/setup",   ROUTE_LOCAL,      100, "server.setup",     true,  route_setup},
};
/* clang-format on */
const size_t route_count = sizeof(routes) / sizeof(routes[0]);

static bool is_at(const struct route *route, const struct exchange *exchange)
{
    bool is_get = strcmp(exchange->method, "HEAD") == 0 &&
                  strcmp(route->method, "GET") == 0;
    if (!is_get && strcmp(route->method, "*") != 0 &&
        strcmp(route->method, exchange->method) != 0)
        return false;
    return text_ends_with(route->path, "/")
               ? text_starts_with(exchange->path, route->path)
               : strcmp(exchange->path, route->path) == 0;
}

static dits_error *find_route(struct request *request)
{
    for (size_t i = 0; i < route_count && request->route == NULL; i++)
        if (is_at(&routes[i], request->exchange))
            request->route = &routes[i];
    return NULL;
}

static dits_error *check_address_rate(struct request *request)
{
    return authorize_rate(request, request->route ? request->route->cost
                                                  : AUTHORIZE_REFUSED_COST);
}

static dits_error *check_route(struct request *request)
{
    return request->route != NULL
               ? NULL
               : answer_refuse(request, 404, "there is no such thing");
}

/* A page of somebody else's must not act with this server's users' browsers. */
static bool is_cross_site(const struct exchange *exchange)
{
    char own[300] = {0};
    const char *site = exchange_field(exchange, "sec-fetch-site");
    const char *origin = exchange_field(exchange, "origin");
    const char *host = exchange_field(exchange, "host");
    if (site != NULL && strcmp(site, "same-origin") != 0 &&
        strcmp(site, "none") != 0)
        return true;
    (void)snprintf(own, sizeof(own), "https://%.280s", host ? host : "");
    return origin != NULL && strcasecmp(origin, own) != 0;
}

static dits_error *check_origin(struct request *request)
{
    return request_may_change(request) && is_cross_site(request->exchange)
               ? answer_refuse(request, 403, "not from another site")
               : NULL;
}

/* A form of another site cannot send this type. */
static dits_error *check_type(struct request *request)
{
    const char *type = exchange_field(request->exchange, "content-type");
    if (!request->route->takes_json ||
        (type != NULL && strncasecmp(type, "application/json", 16) == 0))
        return NULL;
    return answer_refuse(request, 415, "the body has to be application/json");
}

static dits_error *check_token(struct request *request)
{
    switch (request->route->who) {
    case ROUTE_ANYBODY:
        return NULL;
    case ROUTE_LOCAL:
        return request_is_local(request)
                   ? NULL
                   : answer_refuse(request, 403, "only on the server itself");
    case ROUTE_OBSERVER:
        return request_is_local(request) ? NULL : authorize_token(request);
    case ROUTE_SIGNED_IN:
    case ROUTE_REPOSITORY:
        return authorize_token(request);
    }
    return answer_refuse(request, 404, "there is no such thing");
}

static dits_error *check_own_rate(struct request *request)
{
    return request->is_signed_in ? authorize_rate(request, request->route->cost)
                                 : NULL;
}

/* "film/refs" below the route's path; false: no name could be that. */
static bool cut_path(const struct request *request, char name[SERVER_NAME_SIZE],
                     const char **out_call)
{
    const char *rest = request->exchange->path + strlen(request->route->path);
    size_t length = strcspn(rest, "/");
    if (length == 0 || length >= SERVER_NAME_SIZE || rest[length] != '/')
        return false;
    (void)snprintf(name, SERVER_NAME_SIZE, "%.*s", (int)length, rest);
    *out_call = rest + length + 1;
    dits_error *err = name_check_repository(name);
    dits_error_free(err);
    return err == NULL;
}

static dits_error *check_repository(struct request *request)
{
    const struct service_sync *sync = &request->service->sync;
    char name[SERVER_NAME_SIZE] = {0};
    if (sync->answer == NULL || !cut_path(request, name, &request->call))
        return answer_refuse(request, 404, "there is no such thing");
    bool writes = sync->writes(request->call);
    if (writes && !request_may_change(request))
        return answer_refuse(request, 405, "that is no way to change it");
    return authorize_repository(request, name, writes);
}

static dits_error *check_action(struct request *request)
{
    if (request->route->who == ROUTE_REPOSITORY)
        return check_repository(request);
    return request->route->who == ROUTE_OBSERVER && request->is_signed_in
               ? authorize_admin(request)
               : NULL;
}

/* Each may answer; then nothing that follows is done. */
static dits_error *(*const steps[])(struct request *request) = {
    find_route, check_address_rate, check_route,    check_origin,
    check_type, check_token,        check_own_rate, check_action,
};

static dits_error *answer(struct request *request)
{
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        TRY(steps[i](request));
        if (request->exchange->status != 0)
            return NULL;
    }
    return request->route->answer(request);
}

/* What went wrong here is for the log, not for who asks. */
static dits_error *answer_failed(struct request *request, const dits_error *err)
{
    if (dits_error_code(err) == DITS_E_LOCKED)
        return answer_later(request, 503, 1);
    return answer_refuse(request, 500, "the server failed; its log says why");
}

static void finish(struct request *request, const dits_error *failed)
{
    struct service *service = request->service;
    const struct exchange *exchange = request->exchange;
    const struct route *route = request->route;
    int64_t took = service->clock.now(service->clock.payload) - request->began;
    const struct counted counted = {
        .route = route ? (size_t)(route - routes) : route_count,
        .status = exchange->status,
        .microseconds = took > 0 ? took : 0,
        .bytes_in = exchange->body.size,
        .bytes_out = exchange->reply.size,
    };
    const struct request_log_entry entry = {
        .time = request->began,
        .microseconds = counted.microseconds,
        .request = request->id,
        .method = route ? exchange->method : NULL,
        .route = route ? route->path : NULL,
        .repository = request->repository.name[0] != '\0'
                          ? request->repository.name
                          : NULL,
        .status = exchange->status,
        .bytes_in = counted.bytes_in,
        .bytes_out = counted.bytes_out,
        .account = request->is_signed_in ? request->account.id
                                         : (struct server_id){{0}},
        .error = failed ? dits_error_message(failed) : NULL,
    };
    counters_add(&service->counters, &counted);
    request_log_add(service->log, &entry);
    db_pool_give(service->databases, request->db);
}

dits_error *service_serve(struct exchange *exchange, void *payload)
{
    struct request request = {.service = payload, .exchange = exchange};
    request_begin(&request);
    CLEANUP(dits_error_freep) dits_error *failed = answer(&request);
    dits_error *err = failed ? answer_failed(&request, failed) : NULL;
    finish(&request, failed);
    return err;
}
