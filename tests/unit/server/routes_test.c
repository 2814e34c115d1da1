#include "server/routes.h"

#include <string.h>

#include "base/pool.h"
#include "server/rule.h"
#include "support/temp_service.h"
#include "support/test.h"

enum who {
    NOBODY,
    READER,
    WRITER,
    OWNER,
    STRANGER,
    ENDED,
    REVOKED,
    OTHER_REPO
};
enum { WHO_COUNT = OTHER_REPO + 1 };

/* One studio: a film, and all kinds of people. */
struct studio {
    struct temp_service temp;
    struct account accounts[WHO_COUNT];
    struct token tokens[WHO_COUNT];
    char texts[WHO_COUNT][TOKEN_TEXT_SIZE];
    struct repository film;
    struct repository other;
};

static void studio_release(struct studio *studio)
{
    temp_service_release(&studio->temp);
}

static dits_error *make_people(struct studio *studio)
{
    static const char *const names[WHO_COUNT] = {
        NULL, "reader", "writer", "owner", "stranger", NULL, NULL, NULL};
    for (int who = READER; who < WHO_COUNT; who++) {
        if (names[who] != NULL)
            TRY(temp_service_account(&studio->temp, names[who],
                                     &studio->accounts[who]));
        else
            studio->accounts[who] = studio->accounts[WRITER];
        TRY(temp_service_token(&studio->temp, &studio->accounts[who],
                               who == OWNER ? ACCESS_ALL : ACCESS_USUAL,
                               &studio->tokens[who], studio->texts[who]));
    }
    return account_set_admin(studio->temp.server.db, &studio->accounts[OWNER],
                             true);
}

static dits_error *make_roles(struct studio *studio)
{
    struct db *db = studio->temp.server.db;
    TRY(repository_create(db, "film", TEMP_SERVER_NOW, &studio->film));
    TRY(repository_create(db, "other", TEMP_SERVER_NOW, &studio->other));
    TRY(role_set(db, &studio->film.id, &studio->accounts[READER].id,
                 ROLE_READER));
    return role_set(db, &studio->film.id, &studio->accounts[WRITER].id,
                    ROLE_WRITER);
}

static dits_error *spoil_tokens(struct studio *studio)
{
    struct db *db = studio->temp.server.db;
    const struct token_wish wish = {.account = studio->accounts[WRITER].id,
                                    .kind = TOKEN_PERSONAL,
                                    .label = "other",
                                    .actions = ACCESS_USUAL,
                                    .repositories = &studio->other.id,
                                    .repository_count = 1,
                                    .lifetime = TOKEN_DAY};
    TRY(tokens_create(db, &wish, TEMP_SERVER_NOW, &studio->tokens[OTHER_REPO],
                      studio->texts[OTHER_REPO]));
    TRY(tokens_revoke(db, &studio->tokens[REVOKED].id, TEMP_SERVER_NOW));
    return db_run(db, "UPDATE token_versions SET expires = ? WHERE token = ?",
                  DB_ARGS(db_int(TEMP_SERVER_NOW),
                          server_id_value(&studio->tokens[ENDED].id)),
                  NULL);
}

static dits_error *studio_make(struct studio *out)
{
    TRY(temp_service_make(&out->temp));
    TRY(make_people(out));
    TRY(make_roles(out));
    return spoil_tokens(out);
}

static int ask(struct studio *studio, const char *method, const char *path,
               enum who who)
{
    const struct temp_request what = {
        .method = method,
        .path = path,
        .token = who == NOBODY ? NULL : studio->texts[who],
        .peer = "192.0.2.7"};
    return temp_service_status(&studio->temp, &what);
}

struct expected {
    const char *method;
    const char *path;
    int status[WHO_COUNT];
};

/* In the order of `enum who`. */
static const struct expected expected[] = {
    {"GET", "/healthz", {200, 200, 200, 200, 200, 200, 200, 200}},
    {"GET", "/readyz", {200, 200, 200, 200, 200, 200, 200, 200}},
    {"GET", "/v1/hello", {200, 200, 200, 200, 200, 200, 200, 200}},
    {"HEAD", "/v1/hello", {200, 200, 200, 200, 200, 200, 200, 200}},
    {"GET", "/metrics", {401, 403, 403, 200, 403, 401, 401, 403}},
    {"GET", "/v1/account", {401, 200, 200, 200, 200, 401, 401, 200}},
    {"GET", "/v1/repos", {401, 200, 200, 200, 200, 401, 401, 200}},
    {"POST", "/v1/logout", {401, 400, 400, 400, 400, 401, 401, 400}},
    {"POST", "/v1/login", {415, 415, 415, 415, 415, 415, 415, 415}},
    {"POST", "/v1/setup", {415, 415, 415, 415, 415, 415, 415, 415}},
    {"GET", "/v1/repos/film/refs", {401, 200, 200, 200, 404, 401, 401, 404}},
    {"GET", "/v1/repos/FILM/refs", {401, 200, 200, 200, 404, 401, 401, 404}},
    {"POST", "/v1/repos/film/read", {401, 200, 200, 200, 404, 401, 401, 404}},
    {"POST", "/v1/repos/film/write", {401, 403, 200, 200, 404, 401, 401, 404}},
    {"GET", "/v1/repos/film/write", {401, 405, 405, 405, 405, 401, 401, 405}},
    {"GET", "/v1/repos/none/refs", {401, 404, 404, 404, 404, 401, 401, 404}},
    {"POST", "/v1/repos/other/write", {401, 404, 404, 200, 404, 401, 401, 404}},
    {"GET", "/v1/repos/../film/x", {401, 404, 404, 404, 404, 401, 401, 404}},
    {"GET", "/v1/repos/film", {401, 404, 404, 404, 404, 401, 401, 404}},
    {"GET", "/", {404, 404, 404, 404, 404, 404, 404, 404}},
    {"DELETE", "/v1/account", {404, 404, 404, 404, 404, 404, 404, 404}},
    {"GET", "/v1/login", {404, 404, 404, 404, 404, 404, 404, 404}},
    {"GET", "/v1/hello/", {404, 404, 404, 404, 404, 404, 404, 404}},
};

TEST(each_route_answers_each_kind_of_person)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    CHECK_OK(studio_make(&studio));
    for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
        for (int who = 0; who < WHO_COUNT; who++) {
            studio.temp.now += 60 * 1000000LL;
            CHECK(ask(&studio, expected[i].method, expected[i].path,
                      (enum who)who) == expected[i].status[who]);
        }
}

TEST(each_route_is_among_those_that_are_tried)
{
    for (size_t i = 0; i < route_count; i++) {
        bool found = false;
        for (size_t j = 0; j < sizeof(expected) / sizeof(expected[0]); j++)
            found = found || strncmp(expected[j].path, routes[i].path,
                                     strlen(routes[i].path)) == 0;
        CHECK(found);
        CHECK(strcmp(routes[i].method, "GET") == 0 || routes[i].audit != NULL);
        CHECK(routes[i].cost > 0);
    }
    CHECK(route_count < COUNTER_ROUTES);
}

TEST(what_is_not_there_looks_like_what_may_not_be_seen)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    CLEANUP(exchange_release) struct exchange hidden;
    CLEANUP(exchange_release) struct exchange none;
    exchange_init(&hidden);
    exchange_init(&none);
    CHECK_OK(studio_make(&studio));
    struct temp_request what = {.method = "GET",
                                .path = "/v1/repos/film/refs",
                                .token = studio.texts[STRANGER]};
    CHECK(temp_service_ask(&studio.temp, &what, &hidden) == 404);
    what.path = "/v1/repos/none/refs";
    CHECK(temp_service_ask(&studio.temp, &what, &none) == 404);
    CHECK(hidden.reply.size == none.reply.size);
    CHECK(hidden.header_count == none.header_count);
    CHECK(studio.temp.calls == 0);
    CHECK(temp_service_audited(&studio.temp, "repository.read", false) == 2);
    CHECK(strstr(buf_text(&studio.temp.log), "film") == NULL);
}

TEST(a_call_knows_whether_it_may_write)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    CHECK_OK(studio_make(&studio));
    CHECK(ask(&studio, "GET", "/v1/repos/film/refs", READER) == 200);
    CHECK(studio.temp.calls == 1 && !studio.temp.may_write);
    CHECK(ask(&studio, "POST", "/v1/repos/film/publish", WRITER) == 200);
    CHECK(studio.temp.calls == 2 && studio.temp.may_write);
    CHECK(ask(&studio, "POST", "/v1/repos/film/publish", READER) == 403);
    CHECK(studio.temp.calls == 2);
    CHECK(temp_service_audited(&studio.temp, "repository.write", true) == 1);
    CHECK(temp_service_audited(&studio.temp, "repository.write", false) == 1);
}

static int write_under(struct studio *studio, struct access_rule *rule)
{
    dits_error *err = rule_add(studio->temp.server.db, &studio->film.id, rule);
    int status =
        err == NULL ? ask(studio, "POST", "/v1/repos/film/write", WRITER) : -1;
    if (err == NULL)
        err =
            rule_remove(studio->temp.server.db, &studio->film.id, rule->number);
    dits_error_free(err);
    return status;
}

TEST(whose_right_is_of_some_paths_alone_writes_nothing)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    char pattern[] = "sound/**";
    struct access_rule rule = {.denies = true, .pattern = pattern};
    CHECK_OK(studio_make(&studio));
    CHECK(write_under(&studio, &rule) == 403);
    rule.account = studio.accounts[WRITER].id;
    CHECK(write_under(&studio, &rule) == 403);
    rule.account = studio.accounts[STRANGER].id;
    CHECK(write_under(&studio, &rule) == 200);
    rule = (struct access_rule){.account = studio.accounts[READER].id,
                                .pattern = pattern};
    CHECK_OK(rule_add(studio.temp.server.db, &studio.film.id, &rule));
    CHECK(ask(&studio, "POST", "/v1/repos/film/write", READER) == 403);
    CHECK(ask(&studio, "GET", "/v1/repos/film/refs", READER) == 200);
    CHECK(ask(&studio, "POST", "/v1/repos/film/write", WRITER) == 200);
}

TEST(what_fails_is_told_to_the_log_alone)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    CLEANUP(exchange_release) struct exchange exchange;
    exchange_init(&exchange);
    CHECK_OK(studio_make(&studio));
    studio.temp.call_fails = true;
    const struct temp_request what = {.method = "GET",
                                      .path = "/v1/repos/film/refs",
                                      .token = studio.texts[READER]};
    CHECK(temp_service_ask(&studio.temp, &what, &exchange) == 500);
    CHECK(strstr(buf_text(&exchange.reply), "secret") == NULL);
    CHECK(strstr(buf_text(&studio.temp.log), "/secret/place") != NULL);
}

TEST(only_what_may_be_read_is_listed)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    CLEANUP(exchange_release) struct exchange reader;
    CLEANUP(exchange_release) struct exchange owner;
    CLEANUP(exchange_release) struct exchange stranger;
    exchange_init(&reader);
    exchange_init(&owner);
    exchange_init(&stranger);
    CHECK_OK(studio_make(&studio));
    struct temp_request what = {
        .method = "GET", .path = "/v1/repos", .token = studio.texts[READER]};
    CHECK(temp_service_ask(&studio.temp, &what, &reader) == 200);
    CHECK(strstr(buf_text(&reader.reply), "\"film\"") != NULL);
    CHECK(strstr(buf_text(&reader.reply), "other") == NULL);
    what.token = studio.texts[OWNER];
    CHECK(temp_service_ask(&studio.temp, &what, &owner) == 200);
    CHECK(strstr(buf_text(&owner.reply), "\"other\"") != NULL);
    what.token = studio.texts[STRANGER];
    CHECK(temp_service_ask(&studio.temp, &what, &stranger) == 200);
    CHECK(strcmp(buf_text(&stranger.reply), "{\"repositories\":[]}\n") == 0);
}

TEST(a_revoked_token_ends_at_once_and_its_use_is_noted)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    CHECK_OK(studio_make(&studio));
    CHECK(ask(&studio, "GET", "/v1/account", READER) == 200);
    CHECK_OK(tokens_revoke(studio.temp.server.db, &studio.tokens[READER].id,
                           TEMP_SERVER_NOW));
    CHECK(ask(&studio, "GET", "/v1/account", READER) == 401);
    CHECK(temp_service_audited(&studio.temp, "token.use", false) == 1);
    CHECK_OK(account_set_enabled(studio.temp.server.db,
                                 &studio.accounts[WRITER], false));
    CHECK(ask(&studio, "GET", "/v1/account", WRITER) == 401);
}

TEST(who_has_no_token_is_told_how_to_ask)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    CLEANUP(exchange_release) struct exchange exchange;
    exchange_init(&exchange);
    CHECK_OK(studio_make(&studio));
    const struct temp_request what = {.method = "GET", .path = "/v1/account"};
    CHECK(temp_service_ask(&studio.temp, &what, &exchange) == 401);
    CHECK(exchange.header_count == 1);
    CHECK(strcmp(exchange.headers[0].name, "www-authenticate") == 0);
    CHECK(strcmp(exchange.headers[0].value, "Bearer") == 0);
}

static int from(struct studio *studio, const char *name, const char *value)
{
    const struct temp_request what = {.method = "POST",
                                      .path = "/v1/repos/film/write",
                                      .token = studio->texts[WRITER],
                                      .name = name,
                                      .value = value};
    return temp_service_status(&studio->temp, &what);
}

TEST(another_site_changes_nothing)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    CHECK_OK(studio_make(&studio));
    CHECK(from(&studio, "origin", "https://evil.example") == 403);
    CHECK(from(&studio, "origin", "null") == 403);
    CHECK(from(&studio, "origin", "http://film.example:8443") == 403);
    CHECK(from(&studio, "origin", "https://film.example:8443.evil") == 403);
    CHECK(from(&studio, "sec-fetch-site", "cross-site") == 403);
    CHECK(from(&studio, "sec-fetch-site", "same-site") == 403);
    CHECK(studio.temp.calls == 0);
    CHECK(from(&studio, "origin", "https://film.example:8443") == 200);
    CHECK(from(&studio, "sec-fetch-site", "same-origin") == 200);
}

TEST(metrics_are_for_this_host_or_an_administrator)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    CLEANUP(exchange_release) struct exchange exchange;
    exchange_init(&exchange);
    CHECK_OK(studio_make(&studio));
    struct temp_request what = {.method = "GET", .path = "/metrics"};
    CHECK(ask(&studio, "GET", "/v1/hello", NOBODY) == 200);
    CHECK(temp_service_ask(&studio.temp, &what, &exchange) == 200);
    CHECK(
        strstr(buf_text(&exchange.reply),
               "ditsd_answers_total{route=\"/v1/hello\",status=\"2xx\"} 1\n"));
    what.name = "x-forwarded-for";
    what.value = "192.0.2.7";
    CHECK(temp_service_status(&studio.temp, &what) == 401);
}

/* How many requests are answered until there are too many. */
static int until_refused(struct studio *studio, enum who who, const char *peer)
{
    struct temp_request what = {
        .method = "GET",
        .path = who == NOBODY ? "/v1/hello" : "/v1/account",
        .token = who == NOBODY ? NULL : studio->texts[who],
        .peer = peer};
    for (int i = 0; i < 20000; i++) {
        CLEANUP(exchange_release) struct exchange exchange;
        int status = temp_service_ask(&studio->temp, &what, &exchange);
        if (status != 429)
            continue;
        return exchange.header_count == 1 &&
                       strcmp(exchange.headers[0].name, "retry-after") == 0
                   ? i
                   : -1;
    }
    return -2;
}

TEST(who_asks_too_often_has_to_wait)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    CHECK_OK(studio_make(&studio));
    CHECK(until_refused(&studio, NOBODY, "192.0.2.7") == 5000);
    CHECK(ask(&studio, "GET", "/v1/hello", NOBODY) == 429);
    CHECK(until_refused(&studio, READER, "192.0.2.8") == 4000);
    CHECK(until_refused(&studio, READER, "192.0.2.9") == 0);
    studio.temp.now += 60 * 1000000LL;
    CHECK(ask(&studio, "GET", "/v1/hello", NOBODY) == 200);
}

TEST(an_account_has_one_limit_with_all_its_tokens)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    CHECK_OK(studio_make(&studio));
    CHECK(until_refused(&studio, WRITER, "192.0.2.8") == 4000);
    CHECK(until_refused(&studio, OTHER_REPO, "192.0.2.9") == 0);
    CHECK(ask(&studio, "GET", "/v1/account", READER) == 200);
}

TEST(a_line_of_the_log_names_the_route_and_no_secret)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    CHECK_OK(studio_make(&studio));
    CHECK(ask(&studio, "GET", "/v1/account", READER) == 200);
    CHECK(strstr(buf_text(&studio.temp.log), studio.texts[READER]) == NULL);
    CHECK(strstr(buf_text(&studio.temp.log), "\"route\":\"/v1/account\""));
}

static dits_error *ask_for_long(unsigned worker, void *payload)
{
    struct studio *studio = payload;
    static const char *const paths[] = {"/v1/account", "/v1/repos", "/metrics",
                                        "/v1/repos/film/none/x"};
    bool was_right = true;
    for (int i = 0; i < 50; i++)
        was_right = was_right &&
                    ask(studio, "GET", paths[(i + (int)worker) % 4], OWNER) ==
                        200;
    return was_right ? NULL : error_new(DITS_E_INVALID, "another answer");
}

TEST(threads_ask_at_once)
{
    CLEANUP(studio_release) struct studio studio = {.film = {.made = 0}};
    CHECK_OK(studio_make(&studio));
    CHECK_OK(pool_run(4, ask_for_long, &studio));
}
