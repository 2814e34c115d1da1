#include "repo/transport_http.h"

#include <string.h>

#include "base/mem.h"
#include "repo/http_login.h"
#include "repo/transport_wire.h"

enum { AT_ONCE = 8 };

/* How to get there. */
struct http_way {
    const dits_context *context;
    struct http_address address;
};

/* A call whose answer was not taken yet. */
struct http_asked {
    struct http_asked *next;
    uint64_t number;
    char *path;
    struct http_call call;
    bool is_done;
};

struct http_channel {
    struct wire_channel channel;
    const struct http_way *way;
    struct http_client *client;
    struct http_asked *first; /* oldest first */
    struct http_asked *last;
};

static struct http_channel *http_of(struct wire_channel *channel)
{
    return (struct http_channel *)channel;
}

static void asked_free(struct http_asked *asked)
{
    http_call_release(&asked->call);
    mem_free(asked->path);
    mem_free(asked);
}

static void asked_freep(struct http_asked **asked)
{
    if (*asked != NULL)
        asked_free(*asked);
}

static struct http_asked *take_first(struct http_channel *http)
{
    struct http_asked *asked = http->first;
    http->first = asked->next;
    if (http->first == NULL)
        http->last = NULL;
    return asked;
}

static void http_close(struct wire_channel *channel)
{
    struct http_channel *http = http_of(channel);
    while (http->first != NULL)
        asked_free(take_first(http));
    http_client_free(http->client);
    mem_free(http);
}

static void http_closep(struct http_channel **http)
{
    if (*http != NULL)
        http_close(&(*http)->channel);
}

/* --- exchanges --- */

/* It goes when an answer is waited for, with all others at once. */
static dits_error *http_start(struct wire_channel *channel, uint64_t number,
                              const char *call, struct slice body)
{
    struct http_channel *http = http_of(channel);
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(asked_freep) struct http_asked *asked = mem_new(struct http_asked);
    if (asked == NULL)
        return error_nomem();
    TRY(buf_printf(&path, "/v1/repos/%s/%s", http->way->address.name, call));
    TRY(buf_take_text(&path, &asked->path));
    asked->number = number;
    asked->call = (struct http_call){.method = "POST",
                                     .path = asked->path,
                                     .type = WIRE_TYPE,
                                     .body = body,
                                     .is_bulk = true,
                                     .is_repeatable = true};
    if (http->last != NULL)
        http->last->next = asked;
    else
        http->first = asked;
    http->last = asked;
    asked = NULL; /* the list's */
    return NULL;
}

/* All that was not sent yet. The calls lie side by side for the client. */
static dits_error *perform(struct http_channel *http)
{
    struct http_call calls[AT_ONCE] = {0};
    struct http_asked *of[AT_ONCE] = {0};
    size_t count = 0;
    for (struct http_asked *at = http->first; at != NULL && count < AT_ONCE;
         at = at->next)
        if (!at->is_done) {
            of[count] = at;
            calls[count++] = at->call;
        }
    dits_error *err = http_client_call_all(http->client, calls, count, AT_ONCE);
    for (size_t i = 0; i < count; i++) {
        of[i]->call = calls[i];
        of[i]->is_done = err == NULL;
    }
    return err;
}

/* The server's own words are of its routes; those of the repository are ours.
 */
static bool is_ours(const struct http_call *call)
{
    return call->reply_type != NULL && strcmp(call->reply_type, WIRE_TYPE) == 0;
}

static dits_error *http_finish(struct wire_channel *channel, uint64_t number,
                               struct wire_reply *out)
{
    struct http_channel *http = http_of(channel);
    if (!http->first->is_done)
        TRY(perform(http));
    CLEANUP(asked_freep) struct http_asked *asked = take_first(http);
    if (asked->number != number)
        return error_new(DITS_E_INTERNAL, "an answer out of turn");
    TRY(http_login_distrusted(&http->way->address, MOVE(asked->call.err)));
    if (asked->call.status != 200 && !is_ours(&asked->call))
        return http_login_refused(&http->way->address, asked->call.status);
    out->status = asked->call.status;
    out->body = MOVE(asked->call.reply);
    return NULL;
}

static const struct wire_channel_ops ops = {
    .start = http_start,
    .finish = http_finish,
    .close = http_close,
};

/* --- connecting --- */

static dits_error *http_connect(struct wire_channel **out, void *payload)
{
    const struct http_way *way = payload;
    CLEANUP(http_closep)
    struct http_channel *http = mem_new(struct http_channel);
    CLEANUP(credential_release) struct credential credential = {0};
    if (http == NULL)
        return error_nomem();
    http->channel.ops = &ops;
    http->way = way;
    TRY(credentials_find(way->context, way->address.server, &credential));
    TRY(http_login_client(way->context, &way->address, &credential,
                          &http->client));
    struct http_channel *made = MOVE(http);
    *out = &made->channel;
    return NULL;
}

static void way_free(void *payload)
{
    struct http_way *way = payload;
    http_address_release(&way->address);
    mem_free(way);
}

static void way_freep(struct http_way **way)
{
    if (*way != NULL)
        way_free(*way);
}

dits_error *transport_open_http(const dits_context *context,
                                struct http_address *address, const char *url,
                                const char *task, struct transport **out)
{
    CLEANUP(way_freep) struct http_way *way = mem_new(struct http_way);
    if (way == NULL)
        return error_nomem();
    if (address->name == NULL)
        return error_hint(
            error_new(DITS_E_INVALID, "'%s' names no repository", url),
            "An address is https://host[:port]/NAME.");
    way->context = context;
    way->address = MOVE(*address);
    const struct wire_way wire = {.where = url,
                                  .task = task,
                                  .tries_itself = true,
                                  .connect = http_connect,
                                  .release = way_free,
                                  .payload = way};
    way = NULL; /* the transport's, whatever comes */
    return transport_open_wire(context, &wire, out);
}
