#include <stdio.h>
#include <string.h>

#include "server/audit.h"
#include "server/setup.h"
#include "support/temp_service.h"
#include "support/test.h"

#define MINUTE (60 * 1000000LL)

static int post(struct temp_service *temp, const char *path, const char *body,
                const char *peer, struct exchange *out)
{
    const struct temp_request what = {
        .method = "POST", .path = path, .body = body, .peer = peer};
    return temp_service_ask(temp, &what, out);
}

static int log_in(struct temp_service *temp, const char *name,
                  const char *password, const char *peer, struct exchange *out)
{
    char body[400] = {0};
    (void)snprintf(body, sizeof(body), "{\"user\":\"%s\",\"password\":\"%s\"}",
                   name, password);
    return post(temp, "/v1/login", body, peer, out);
}

static int log_in_status(struct temp_service *temp, const char *name,
                         const char *password, const char *peer)
{
    CLEANUP(exchange_release) struct exchange exchange;
    return log_in(temp, name, password, peer, &exchange);
}

/* The token in an answer. */
static void read_token(const struct exchange *exchange,
                       char out[TOKEN_TEXT_SIZE])
{
    const char *at = strstr(buf_text(&exchange->reply), "dits_");
    (void)snprintf(out, TOKEN_TEXT_SIZE, "%s", at != NULL ? at : "");
}

static int with_token(struct temp_service *temp, const char *method,
                      const char *path, const char *token)
{
    const struct temp_request what = {
        .method = method, .path = path, .token = token};
    return temp_service_status(temp, &what);
}

TEST(a_session_begins_and_ends)
{
    CLEANUP(temp_service_release) struct temp_service temp = {.calls = 0};
    CLEANUP(exchange_release) struct exchange exchange;
    struct account ada = {.made = 0};
    char token[TOKEN_TEXT_SIZE] = {0};
    exchange_init(&exchange);
    CHECK_OK(temp_service_make(&temp));
    CHECK_OK(temp_service_account(&temp, "ada", &ada));
    CHECK(log_in(&temp, "ada", TEMP_PASSWORD, NULL, &exchange) == 200);
    read_token(&exchange, token);
    CHECK(strncmp(token, "dits_ses_", 9) == 0);
    CHECK(with_token(&temp, "GET", "/v1/account", token) == 200);
    CHECK(with_token(&temp, "POST", "/v1/logout", token) == 204);
    CHECK(with_token(&temp, "GET", "/v1/account", token) == 401);
    CHECK(temp_service_audited(&temp, "session.create", true) == 1);
    CHECK(temp_service_audited(&temp, "session.end", true) == 1);
    CHECK(strstr(buf_text(&temp.log), token) == NULL);
    CHECK(strstr(buf_text(&temp.log), TEMP_PASSWORD) == NULL);
}

TEST(a_session_ends_by_itself)
{
    CLEANUP(temp_service_release) struct temp_service temp = {.calls = 0};
    CLEANUP(exchange_release) struct exchange exchange;
    struct account ada = {.made = 0};
    char token[TOKEN_TEXT_SIZE] = {0};
    exchange_init(&exchange);
    CHECK_OK(temp_service_make(&temp));
    CHECK_OK(temp_service_account(&temp, "ada", &ada));
    CHECK(log_in(&temp, "ada", TEMP_PASSWORD, NULL, &exchange) == 200);
    read_token(&exchange, token);
    temp.now += (TOKEN_SESSION_LIFETIME - 1) * 1000000LL;
    CHECK(with_token(&temp, "GET", "/v1/account", token) == 200);
    temp.now += 1000000LL;
    CHECK(with_token(&temp, "GET", "/v1/account", token) == 401);
}

/* All but the id of the request. */
static bool is_same(const struct exchange *a, const struct exchange *b)
{
    const char *one = buf_text(&a->reply);
    const char *two = buf_text(&b->reply);
    const char *id = strstr(one, "\"request\"");
    return id != NULL && a->status == b->status &&
           a->reply.size == b->reply.size &&
           strncmp(one, two, (size_t)(id - one)) == 0 &&
           a->header_count == b->header_count;
}

TEST(unknown_disabled_and_wrong_have_one_answer)
{
    CLEANUP(temp_service_release) struct temp_service temp = {.calls = 0};
    CLEANUP(exchange_release) struct exchange wrong;
    CLEANUP(exchange_release) struct exchange none;
    CLEANUP(exchange_release) struct exchange disabled;
    struct account ada = {.made = 0};
    struct account bob = {.made = 0};
    exchange_init(&wrong);
    exchange_init(&none);
    exchange_init(&disabled);
    CHECK_OK(temp_service_make(&temp));
    CHECK_OK(temp_service_account(&temp, "ada", &ada));
    CHECK_OK(temp_service_account(&temp, "bob", &bob));
    CHECK_OK(account_set_enabled(temp.server.db, &bob, false));
    CHECK(log_in(&temp, "ada", "no", NULL, &wrong) == 401);
    CHECK(log_in(&temp, "canary-name", "no", NULL, &none) == 401);
    CHECK(log_in(&temp, "bob", TEMP_PASSWORD, NULL, &disabled) == 401);
    CHECK(is_same(&wrong, &none) && is_same(&wrong, &disabled));
    CHECK(temp_service_audited(&temp, "session.create", false) == 3);
    CHECK(strstr(buf_text(&temp.log), "canary") == NULL);
}

static dits_error *find_name(const struct audit_entry *entry, void *payload)
{
    bool *found = payload;
    *found = *found || (entry->name && strstr(entry->name, "canary"));
    return NULL;
}

TEST(a_name_that_nobody_has_is_kept_nowhere)
{
    CLEANUP(temp_service_release) struct temp_service temp = {.calls = 0};
    bool found = false;
    CHECK_OK(temp_service_make(&temp));
    CHECK(log_in_status(&temp, "canary-password", "x", NULL) == 401);
    CHECK_OK(audit_each(temp.server.db, 0, 100, find_name, &found));
    CHECK(!found);
}

TEST(failures_of_a_name_delay_it_from_anywhere)
{
    CLEANUP(temp_service_release) struct temp_service temp = {.calls = 0};
    struct account ada = {.made = 0};
    char peer[32] = {0};
    CHECK_OK(temp_service_make(&temp));
    CHECK_OK(temp_service_account(&temp, "ada", &ada));
    for (int i = 0; i < THROTTLE_FREE + 1; i++) {
        (void)snprintf(peer, sizeof(peer), "192.0.2.%d", i);
        CHECK(log_in_status(&temp, "ada", "no", peer) == 401);
        (void)snprintf(peer, sizeof(peer), "198.51.100.%d", i);
        CHECK(log_in_status(&temp, "nobody", "no", peer) == 401);
    }
    CHECK(log_in_status(&temp, "ada", TEMP_PASSWORD, "203.0.113.1") == 429);
    CHECK(log_in_status(&temp, "nobody", "no", "203.0.113.2") == 429);
    CHECK(temp_service_audited(&temp, "session.create", false) ==
          2 * (THROTTLE_FREE + 1));
    temp.now += MINUTE;
    CHECK(log_in_status(&temp, "ada", TEMP_PASSWORD, "203.0.113.1") == 200);
}

TEST(failures_from_an_address_delay_all_names)
{
    CLEANUP(temp_service_release) struct temp_service temp = {.calls = 0};
    struct account ada = {.made = 0};
    CHECK_OK(temp_service_make(&temp));
    CHECK_OK(temp_service_account(&temp, "ada", &ada));
    for (int i = 0; i < THROTTLE_FREE + 1; i++) {
        char name[16] = {0};
        (void)snprintf(name, sizeof(name), "name%d", i);
        CHECK(log_in_status(&temp, name, "no", "192.0.2.1") == 401);
    }
    CHECK(log_in_status(&temp, "ada", TEMP_PASSWORD, "192.0.2.1") == 429);
    CHECK(log_in_status(&temp, "ada", TEMP_PASSWORD, "192.0.2.2") == 200);
    CHECK(log_in_status(&temp, "ada", TEMP_PASSWORD, "192.0.2.1") == 429);
}

TEST(only_so_many_passwords_are_tried_at_once)
{
    CLEANUP(temp_service_release) struct temp_service temp = {.calls = 0};
    struct account ada = {.made = 0};
    CHECK_OK(temp_service_make(&temp));
    CHECK_OK(temp_service_account(&temp, "ada", &ada));
    temp.service->signing_in = SERVICE_SIGN_INS;
    CHECK(log_in_status(&temp, "ada", TEMP_PASSWORD, NULL) == 503);
    temp.service->signing_in = SERVICE_SIGN_INS - 1;
    CHECK(log_in_status(&temp, "ada", TEMP_PASSWORD, NULL) == 200);
    CHECK(log_in_status(&temp, "ada", "no", NULL) == 401);
    CHECK(temp.service->signing_in == SERVICE_SIGN_INS - 1);
}

static int post_status(struct temp_service *temp, const char *path,
                       const char *body, const char *peer)
{
    CLEANUP(exchange_release) struct exchange exchange;
    return post(temp, path, body, peer, &exchange);
}

TEST(a_body_that_is_not_what_is_asked_for_is_refused)
{
    static const char *const bodies[] = {
        "",
        "x",
        "[]",
        "{}",
        "{\"user\":\"ada\"}",
        "{\"user\":1,\"password\":\"x\"}",
        "{\"user\":\"ada\",\"user\":\"bob\",\"password\":\"x\"}"};
    CLEANUP(temp_service_release) struct temp_service temp = {.calls = 0};
    CHECK_OK(temp_service_make(&temp));
    for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        CHECK(post_status(&temp, "/v1/login", bodies[i], NULL) == 400);
        CHECK(post_status(&temp, "/v1/setup", bodies[i], NULL) == 400);
    }
}

static dits_error *make_setup(struct temp_service *temp,
                              char out[TOKEN_TEXT_SIZE])
{
    return setup_token_make(temp->server.db, TEMP_SERVER_NOW, out);
}

static int set_up(struct temp_service *temp, const char *token,
                  const char *name, const char *password, const char *peer)
{
    char body[500] = {0};
    (void)snprintf(body, sizeof(body),
                   "{\"token\":\"%s\",\"user\":\"%s\",\"password\":\"%s\"}",
                   token, name, password);
    return post_status(temp, "/v1/setup", body, peer);
}

TEST(the_first_account_is_made_once)
{
    CLEANUP(temp_service_release) struct temp_service temp = {.calls = 0};
    char token[TOKEN_TEXT_SIZE] = {0};
    bool has_admin = false;
    CHECK_OK(temp_service_make(&temp));
    CHECK_OK(make_setup(&temp, token));
    CHECK(set_up(&temp, token, "ada", TEMP_PASSWORD, NULL) == 201);
    CHECK_OK(account_has_admin(temp.server.db, &has_admin));
    CHECK(has_admin);
    CHECK(log_in_status(&temp, "ada", TEMP_PASSWORD, NULL) == 200);
    CHECK(set_up(&temp, token, "bob", TEMP_PASSWORD, NULL) == 403);
    /* Nor with another token, once there is somebody. */
    CHECK_OK(make_setup(&temp, token));
    CHECK(set_up(&temp, token, "bob", TEMP_PASSWORD, NULL) == 403);
    CHECK(temp_service_audited(&temp, "server.setup", true) == 1);
    CHECK(temp_service_audited(&temp, "server.setup", false) == 2);
    CHECK(strstr(buf_text(&temp.log), token) == NULL);
}

TEST(a_wrong_wish_does_not_use_the_token_up)
{
    CLEANUP(temp_service_release) struct temp_service temp = {.calls = 0};
    struct account bob = {.made = 0};
    char token[TOKEN_TEXT_SIZE] = {0};
    CHECK_OK(temp_service_make(&temp));
    CHECK_OK(temp_service_account(&temp, "bob", &bob));
    CHECK_OK(make_setup(&temp, token));
    CHECK(set_up(&temp, token, "Ada", TEMP_PASSWORD, NULL) == 400);
    CHECK(set_up(&temp, token, "ada", "short", NULL) == 400);
    CHECK(set_up(&temp, token, "bob", TEMP_PASSWORD, NULL) == 409);
    CHECK(set_up(&temp, token, "ada", TEMP_PASSWORD, NULL) == 201);
}

TEST(it_is_set_up_from_this_host_in_time_with_the_token_alone)
{
    CLEANUP(temp_service_release) struct temp_service temp = {.calls = 0};
    char token[TOKEN_TEXT_SIZE] = {0};
    char before[TOKEN_TEXT_SIZE] = {0};
    CHECK_OK(temp_service_make(&temp));
    CHECK_OK(make_setup(&temp, before));
    CHECK_OK(make_setup(&temp, token));
    CHECK(set_up(&temp, token, "ada", TEMP_PASSWORD, "192.0.2.1") == 403);
    CHECK(set_up(&temp, before, "ada", TEMP_PASSWORD, NULL) == 403);
    CHECK(set_up(&temp, "", "ada", TEMP_PASSWORD, NULL) == 403);
    temp.now += SETUP_LIFETIME * 1000000LL;
    CHECK(set_up(&temp, token, "ada", TEMP_PASSWORD, NULL) == 403);
    temp.now -= 1000000LL;
    CHECK(set_up(&temp, token, "ada", TEMP_PASSWORD, "::1") == 201);
}

TEST(guesses_of_the_token_are_delayed)
{
    CLEANUP(temp_service_release) struct temp_service temp = {.calls = 0};
    char token[TOKEN_TEXT_SIZE] = {0};
    CHECK_OK(temp_service_make(&temp));
    CHECK_OK(make_setup(&temp, token));
    for (int i = 0; i < THROTTLE_FREE + 1; i++)
        CHECK(set_up(&temp, "no", "ada", TEMP_PASSWORD, NULL) == 403);
    CHECK(set_up(&temp, token, "ada", TEMP_PASSWORD, NULL) == 429);
}
