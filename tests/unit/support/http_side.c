#include "support/http_side.h"

#include <assert.h>
#include <string.h>

#include "support/mem_fault.h"

static enum http_turn admit(struct http_request *request, void *payload)
{
    struct http_side *side = payload;
    if (side->admits == HTTP_LATER)
        side->waiting = request;
    return side->admits;
}

static dits_error *echo(struct exchange *exchange)
{
    exchange->status = 200;
    exchange->type = "text/plain";
    TRY(buf_printf(&exchange->reply, "%s %s?%s ", exchange->method,
                   exchange->path, exchange->query));
    return buf_put(&exchange->reply, exchange->body.data, exchange->body.size);
}

static enum http_turn serve(struct http_request *request, void *payload)
{
    struct http_side *side = payload;
    if (side->serves == HTTP_LATER)
        side->serving = request;
    return side->serves;
}

static void done(struct http_request *request, void *payload)
{
    struct http_side *side = payload;
    if (request->stage == HTTP_WAITING || request->stage == HTTP_SERVING)
        side->abandoned++;
    if (request == side->waiting)
        side->waiting = NULL;
    if (request == side->serving)
        side->serving = NULL;
    http_request_free(request);
}

dits_error *http_side_open(struct http_side *side,
                           http_session_new_fn *new_session)
{
    side->host = (struct http_host){
        .admit = admit, .serve = serve, .done = done, .payload = side};
    side->serves = HTTP_LATER;
    side->limits = http_limits_whole(side->limits);
    TRY(new_session(&side->host, &side->limits, 1, &side->session));
    side->session->peer = "192.0.2.1";
    return NULL;
}

void http_side_release(struct http_side *side)
{
    if (side->session != NULL)
        side->session->type->free(side->session);
    side->session = NULL;
    buf_release(&side->sent);
}

static void take_output(struct http_side *side)
{
    struct http_session *session = side->session;
    struct slice out = session->type->output(session);
    while (out.size > 0) {
        dits_error *err = buf_put(&side->sent, out.data, out.size);
        session->is_over = session->is_over || err != NULL;
        dits_error_free(err);
        out = session->type->output(session);
    }
}

void http_side_receive(struct http_side *side, struct slice bytes)
{
    struct http_session *session = side->session;
    side->used = session->type->receive(session, bytes);
    assert(side->used <= bytes.size);
    take_output(side);
}

void http_side_receive_text(struct http_side *side, const char *text)
{
    http_side_receive(side, slice_of_text(text));
}

void http_side_admit(struct http_side *side)
{
    struct http_request *request = side->waiting;
    side->waiting = NULL;
    side->session->type->admitted(side->session, request);
    take_output(side);
}

void http_side_answer(struct http_side *side)
{
    struct http_request *request = side->serving;
    side->serving = NULL;
    side->served++;
    dits_error *err = echo(&request->exchange);
    if (err != NULL)
        http_request_refuse(request, 500);
    dits_error_free(err);
    http_request_body_drop(request);
    side->session->type->answered(side->session, request);
    take_output(side);
}

void http_side_wait(struct http_side *side, unsigned ms)
{
    side->session->now += ms;
    side->session->type->expire(side->session);
    take_output(side);
}

bool http_side_sent(const struct http_side *side, const char *text)
{
    return side->sent.size > 0 &&
           memmem(side->sent.data, side->sent.size, text, strlen(text)) != NULL;
}

bool http_side_leaves_nothing(void (*converse)(void))
{
    size_t before = mem_fault_live();
    for (unsigned nth = 1;; nth++) {
        mem_fault_arm(nth);
        converse();
        bool was_reached = mem_fault_disarm();
        if (mem_fault_live() != before)
            return false;
        if (!was_reached)
            return true;
    }
}
