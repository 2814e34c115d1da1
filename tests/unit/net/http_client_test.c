/*
 * The client against our own server in this process: what others make of the
 * server is in tests/e2e/https.sh.
 */
#include "net/http_client.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/pool.h"
#include "base/text.h"
#include "net/certificate.h"
#include "net/http_server.h"
#include "support/test.h"

struct site {
    char folder[32];
    char certificate[64];
    char key[64];
    char base[64];
    struct buf pin;
    struct http_server *server;
    dits_context *context;
    struct http_client *client;
    atomic_int refusals; /* left, with 503 */
    atomic_int asked;
    atomic_bool holds;
};

static dits_error *serve(struct exchange *exchange, void *payload)
{
    struct site *site = payload;
    uint64_t size = 0;
    void *bytes = NULL;
    atomic_fetch_add(&site->asked, 1);
    if (strcmp(exchange->path, "/busy") == 0 &&
        atomic_fetch_sub(&site->refusals, 1) > 0) {
        exchange->status = 503;
        return NULL;
    }
    while (strcmp(exchange->path, "/hold") == 0 && atomic_load(&site->holds))
        fs_pause_ms(5);
    exchange->status = 200;
    exchange->type = "text/plain";
    if (text_starts_with(exchange->path, "/bytes/") &&
        text_to_u64(exchange->path + 7, &size)) {
        TRY(buf_extend(&exchange->reply, (size_t)size, &bytes));
        memset(bytes, 'x', (size_t)size);
        return NULL;
    }
    const char *who = exchange_field(exchange, "authorization");
    TRY(buf_printf(&exchange->reply, "%s %s?%s %s %s ", exchange->method,
                   exchange->path, exchange->query, who == NULL ? "-" : who,
                   exchange_field(exchange, "content-type") == NULL
                       ? "-"
                       : exchange_field(exchange, "content-type")));
    return buf_put(&exchange->reply, exchange->body.data, exchange->body.size);
}

static dits_error *open_site(struct site *site)
{
    strcpy(site->folder, "/tmp/dits-site-XXXXXX");
    if (mkdtemp(site->folder) == NULL)
        return error_new(DITS_E_IO, "no folder");
    (void)snprintf(site->certificate, sizeof(site->certificate), "%s/c",
                   site->folder);
    (void)snprintf(site->key, sizeof(site->key), "%s/k", site->folder);
    TRY(certificate_make(site->certificate, site->key, NULL, 0, time(NULL)));
    TRY(certificate_pin(site->certificate, &site->pin));
    const struct http_server_options options = {
        .address = "127.0.0.1",
        .certificate = site->certificate,
        .key = site->key,
        .threads = 4,
        .serve = serve,
        .payload = site,
    };
    TRY(http_server_start(&options, &site->server));
    (void)snprintf(site->base, sizeof(site->base), "https://127.0.0.1:%u",
                   http_server_port(site->server));
    return dits_context_new(NULL, &site->context);
}

static void close_site(struct site *site)
{
    atomic_store(&site->holds, false);
    http_client_free(site->client);
    http_server_free(site->server);
    dits_context_free(site->context);
    buf_release(&site->pin);
    (void)remove(site->certificate);
    (void)remove(site->key);
    (void)rmdir(site->folder);
}

/* With the pin of the server, or another one. */
static dits_error *open_client(struct site *site, const char *pin)
{
    const char *pins[] = {
        "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", pin};
    const struct http_client_options options = {.base = site->base,
                                                .authorization = "Bearer x",
                                                .pins = pins,
                                                .pin_count = 2};
    return http_client_new(site->context, &options, &site->client);
}

TEST(a_request_is_answered)
{
    CLEANUP(close_site) struct site site = {0};
    CLEANUP(http_call_release)
    struct http_call call = {.method = "PUT",
                             .path = "/a?b=c",
                             .type = "text/x",
                             .body = slice_of_text("hello")};
    CLEANUP(http_call_release)
    struct http_call get = {.method = "GET", .path = "/g"};
    CHECK_OK(open_site(&site));
    CHECK_OK(open_client(&site, buf_text(&site.pin)));
    CHECK_OK(http_client_call(site.client, &call));
    CHECK(call.status == 200 && strcmp(call.reply_type, "text/plain") == 0);
    CHECK(strcmp(buf_text(&call.reply), "PUT /a?b=c Bearer x text/x hello") ==
          0);
    CHECK_OK(http_client_call(site.client, &get));
    CHECK(strcmp(buf_text(&get.reply), "GET /g? Bearer x - ") == 0);
}

TEST(the_largest_bodies_go_both_ways)
{
    CLEANUP(close_site) struct site site = {0};
    CLEANUP(buf_release) struct buf body = {0};
    void *bytes = NULL;
    CHECK_OK(open_site(&site));
    CHECK_OK(open_client(&site, buf_text(&site.pin)));
    CHECK_OK(buf_extend(&body, EXCHANGE_MAX_BODY - 64, &bytes));
    memset(bytes, 'y', body.size);
    CLEANUP(http_call_release)
    struct http_call call = {.method = "POST",
                             .path = "/",
                             .body = buf_slice(&body),
                             .is_bulk = true};
    CHECK_OK(http_client_call(site.client, &call));
    CHECK(call.status == 200 && call.reply.size > body.size);
    CHECK(memcmp(call.reply.data + (call.reply.size - body.size), body.data,
                 body.size) == 0);
}

TEST(many_go_at_once_over_one_connection)
{
    enum { COUNT = 50, SIZE = 100000 };
    CLEANUP(close_site) struct site site = {0};
    struct http_call calls[COUNT] = {{0}};
    struct http_server_counts counts = {0};
    bool are_right = true;
    CHECK_OK(open_site(&site));
    CHECK_OK(open_client(&site, buf_text(&site.pin)));
    for (int i = 0; i < COUNT; i++)
        calls[i] = (struct http_call){.method = "GET", .path = "/bytes/100000"};
    dits_error *err = http_client_call_all(site.client, calls, COUNT, 16);
    for (int i = 0; i < COUNT; i++) {
        are_right = are_right && calls[i].err == NULL &&
                    calls[i].status == 200 && calls[i].reply.size == SIZE;
        http_call_release(&calls[i]);
    }
    CHECK_OK(err);
    http_server_count(site.server, &counts);
    CHECK(are_right && counts.accepted == 1 && counts.exchanges == COUNT);
}

TEST(a_key_that_is_not_pinned_is_refused_before_anything_is_said)
{
    CLEANUP(close_site) struct site site = {0};
    CLEANUP(http_call_release)
    struct http_call call = {.method = "GET", .path = "/"};
    CHECK_OK(open_site(&site));
    CHECK_OK(open_client(
        &site, "sha256//BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB="));
    dits_error *err = http_client_call(site.client, &call);
    bool has_pin = err != NULL && dits_error_hint(err) != NULL &&
                   strstr(dits_error_hint(err), buf_text(&site.pin)) != NULL;
    CHECK_FAILS(DITS_E_DENIED, err);
    CHECK(has_pin && atomic_load(&site.asked) == 0);
}

TEST(without_an_authority_a_certificate_is_not_trusted)
{
    CLEANUP(close_site) struct site site = {0};
    CLEANUP(http_call_release)
    struct http_call call = {.method = "GET", .path = "/"};
    CLEANUP(http_call_release)
    struct http_call again = {.method = "GET", .path = "/"};
    CHECK_OK(open_site(&site));
    struct http_client_options options = {.base = site.base};
    CHECK_OK(http_client_new(site.context, &options, &site.client));
    dits_error *err = http_client_call(site.client, &call);
    bool has_pin = err != NULL && dits_error_hint(err) != NULL &&
                   strstr(dits_error_hint(err), buf_text(&site.pin)) != NULL;
    CHECK_FAILS(DITS_E_DENIED, err);
    CHECK(has_pin);
    http_client_free(site.client);
    site.client = NULL;
    options.ca_file = site.certificate;
    CHECK_OK(http_client_new(site.context, &options, &site.client));
    CHECK_OK(http_client_call(site.client, &again));
}

TEST(what_is_refused_for_a_moment_is_tried_again)
{
    CLEANUP(close_site) struct site site = {.refusals = 2};
    CLEANUP(http_call_release)
    struct http_call once = {.method = "POST", .path = "/busy"};
    CLEANUP(http_call_release)
    struct http_call again = {
        .method = "POST", .path = "/busy", .is_repeatable = true};
    CHECK_OK(open_site(&site));
    CHECK_OK(open_client(&site, buf_text(&site.pin)));
    CHECK_OK(http_client_call(site.client, &once));
    CHECK(once.status == 503);
    CHECK_OK(http_client_call(site.client, &again));
    CHECK(again.status == 200 && atomic_load(&site.asked) == 3);
}

TEST(a_server_that_is_not_there_is_said_at_once)
{
    CLEANUP(close_site) struct site site = {0};
    CLEANUP(http_call_release)
    struct http_call call = {
        .method = "GET", .path = "/", .is_repeatable = true};
    CHECK_OK(open_site(&site));
    http_server_free(site.server);
    site.server = NULL;
    CHECK_OK(open_client(&site, buf_text(&site.pin)));
    CHECK_FAILS(DITS_E_NETWORK, http_client_call(site.client, &call));
}

static dits_error *cancel_when_asked(unsigned worker, void *payload)
{
    struct site *site = payload;
    (void)worker;
    while (atomic_load(&site->asked) == 0)
        fs_pause_ms(1);
    dits_context_cancel(site->context);
    return NULL;
}

TEST(an_interrupt_ends_the_waiting)
{
    CLEANUP(close_site) struct site site = {.holds = true};
    CLEANUP(http_call_release)
    struct http_call call = {.method = "GET", .path = "/hold"};
    struct pool *pool = NULL;
    struct pool_set here = {0};
    CHECK_OK(open_site(&site));
    CHECK_OK(open_client(&site, buf_text(&site.pin)));
    pool_here(&here);
    CHECK_OK(pool_start(1, &here, cancel_when_asked, &site, &pool));
    dits_error *err = http_client_call(site.client, &call);
    CHECK_OK(pool_join(pool));
    CHECK_FAILS(DITS_E_CANCELLED, err);
}

TEST(what_is_no_address_is_refused)
{
    CLEANUP(close_site) struct site site = {0};
    CHECK_OK(open_site(&site));
    const char *bad[] = {"sha256//x"};
    struct http_client_options options = {.base = "http://127.0.0.1"};
    CHECK_FAILS(DITS_E_INVALID,
                http_client_new(site.context, &options, &site.client));
    options.base = site.base;
    options.pins = bad;
    options.pin_count = 1;
    CHECK_FAILS(DITS_E_INVALID,
                http_client_new(site.context, &options, &site.client));
    options.pin_count = 0;
    options.authorization = "a\r\nb: c";
    CHECK_FAILS(DITS_E_INVALID,
                http_client_new(site.context, &options, &site.client));
}
