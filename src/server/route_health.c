/*
 * Of the server itself: what it is, whether it is well, what it has done.
 */
#include "server/answer.h"
#include "server/routes.h"

dits_error *route_hello(struct request *request)
{
    struct json_out json = answer_begin(request, 200);
    json_out_text(&json, "server", "ditsd");
    json_out_text(&json, "version", DITS_VERSION);
    json_out_list_begin(&json, "protocols");
    json_out_list_text(&json, "v1");
    json_out_list_end(&json);
    json_out_list_begin(&json, "capabilities");
    json_out_list_text(&json, "accounts");
    if (request->service->sync.answer != NULL)
        json_out_list_text(&json, "sync");
    json_out_list_end(&json);
    return json_out_end(&json);
}

static dits_error *say(struct request *request, int status, const char *text)
{
    request->exchange->status = status;
    request->exchange->type = "text/plain; charset=utf-8";
    return buf_put_text(&request->exchange->reply, text);
}

dits_error *route_health(struct request *request)
{
    return say(request, 200, "alive\n");
}

/* The database can be read: what all other routes need. */
static dits_error *try_database(struct request *request)
{
    bool has_admin = false;
    TRY(request_open(request));
    return account_has_admin(request->db, &has_admin);
}

dits_error *route_ready(struct request *request)
{
    CLEANUP(dits_error_freep) dits_error *err = try_database(request);
    return err == NULL ? say(request, 200, "ready\n")
                       : say(request, 503, "the database cannot be read\n");
}

dits_error *route_metrics(struct request *request)
{
    const char *names[COUNTER_ROUTES] = {0};
    for (size_t i = 0; i < route_count; i++)
        names[i] = routes[i].path;
    names[route_count] = "none";
    request->exchange->status = 200;
    request->exchange->type = "text/plain; version=0.0.4; charset=utf-8";
    return counters_print(&request->service->counters, names, route_count + 1,
                          &request->exchange->reply);
}
