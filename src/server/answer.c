#include "server/answer.h"

#include <stdio.h>

struct json_out answer_begin(struct request *request, int status)
{
    struct exchange *exchange = request->exchange;
    exchange->status = status;
    exchange->type = "application/json";
    buf_clear(&exchange->reply);
    return json_out_begin(&exchange->reply);
}

dits_error *answer_refuse(struct request *request, int status, const char *why)
{
    struct json_out json = answer_begin(request, status);
    json_out_text(&json, "error", why);
    json_out_text(&json, "request", request->id);
    TRY(json_out_end(&json));
    return status == 401
               ? exchange_set(request->exchange, "www-authenticate", "Bearer")
               : NULL;
}

dits_error *answer_later(struct request *request, int status, unsigned seconds)
{
    char text[16] = {0};
    (void)snprintf(text, sizeof(text), "%u", seconds > 0 ? seconds : 1);
    TRY(exchange_set(request->exchange, "retry-after", text));
    return answer_refuse(request, status, "too much at once: try again later");
}
