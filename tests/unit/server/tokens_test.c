#include "server/tokens.h"

#include <ctype.h>
#include <string.h>

#include "support/temp_server.h"
#include "support/test.h"

enum { NOW = TEMP_SERVER_NOW };

struct purse {
    struct temp_server temp;
    struct account ada;
    struct token token;
    char text[TOKEN_TEXT_SIZE];
};

static void purse_release(struct purse *purse)
{
    temp_server_release(&purse->temp);
}

static struct token_wish usual(const struct purse *purse)
{
    return (struct token_wish){.account = purse->ada.id,
                               .kind = TOKEN_PERSONAL,
                               .label = "laptop",
                               .actions = ACCESS_USUAL,
                               .lifetime = TOKEN_USUAL_LIFETIME};
}

static dits_error *purse_make(struct purse *out)
{
    TRY(temp_server_make(&out->temp));
    TRY(temp_server_account(&out->temp, "ada", &out->ada));
    struct token_wish wish = usual(out);
    return tokens_create(out->temp.db, &wish, NOW, &out->token, out->text);
}

/* The version that is good at `now`; 0: it is not. */
static int64_t good_at(struct purse *purse, const char *text, int64_t now)
{
    struct token token = {.made = 0};
    int64_t version = 0;
    bool found = false;
    dits_error *err =
        tokens_find(purse->temp.db, text, now, &token, &version, &found);
    dits_error_free(err);
    return err == NULL && found ? version : 0;
}

TEST(a_token_is_found_by_its_text_and_nothing_like_it)
{
    CLEANUP(purse_release) struct purse purse = {.ada = {.made = 0}};
    CHECK_OK(purse_make(&purse));
    CHECK(strlen(purse.text) == TOKEN_TEXT_SIZE - 1);
    CHECK(strncmp(purse.text, "dits_pat_", 9) == 0);
    CHECK(good_at(&purse, purse.text, NOW) == 1);
    for (size_t i = 0; i < TOKEN_TEXT_SIZE - 1; i++) {
        char other[TOKEN_TEXT_SIZE];
        memcpy(other, purse.text, sizeof(other));
        other[i] = other[i] == '1' ? '2' : '1';
        CHECK(good_at(&purse, other, NOW) == 0);
        memcpy(other, purse.text, sizeof(other));
        other[i] = (char)toupper((unsigned char)other[i]);
        CHECK((good_at(&purse, other, NOW) == 1) ==
              (other[i] == purse.text[i]));
        other[i] = '\0';
        CHECK(good_at(&purse, other, NOW) == 0);
    }
}

TEST(another_secret_with_a_right_sum_is_not_enough)
{
    CLEANUP(purse_release) struct purse purse = {.ada = {.made = 0}};
    char forged[TOKEN_TEXT_SIZE] = {0};
    struct dits_oid hash = {{0}};
    CHECK_OK(purse_make(&purse));
    token_make(TOKEN_PERSONAL, &purse.token.id, forged, &hash);
    CHECK(good_at(&purse, forged, NOW) == 0);
    /* And the right one under another kind. */
    enum token_kind kind = TOKEN_SESSION;
    struct server_id id = {{0}};
    CHECK(token_parse(purse.text, &kind, &id, &hash));
    CHECK(kind == TOKEN_PERSONAL && server_id_equal(&id, &purse.token.id));
}

TEST(only_a_hash_is_kept)
{
    CLEANUP(purse_release) struct purse purse = {.ada = {.made = 0}};
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    struct dits_oid kept = {{0}};
    struct dits_oid hash = {{0}};
    enum token_kind kind = TOKEN_PERSONAL;
    struct server_id id = {{0}};
    bool found = false;
    CHECK_OK(purse_make(&purse));
    CHECK(token_parse(purse.text, &kind, &id, &hash));
    CHECK_OK(db_query(purse.temp.db, "SELECT hash FROM token_versions",
                      DB_NO_ARGS, &rows));
    CHECK_OK(db_next(rows, &found));
    CHECK(db_column_blob(rows, 0, kept.hash, sizeof(kept.hash)));
    CHECK(memcmp(kept.hash, hash.hash, sizeof(hash.hash)) == 0);
    uint8_t secret[TOKEN_SECRET_BYTES];
    CHECK(server_hex_read(purse.text + 42, sizeof(secret), secret));
    CHECK(memcmp(kept.hash, secret, sizeof(secret)) != 0);
}

TEST(a_token_ends_at_its_time_and_when_it_is_revoked)
{
    CLEANUP(purse_release) struct purse purse = {.ada = {.made = 0}};
    CHECK_OK(purse_make(&purse));
    int64_t end = NOW + TOKEN_USUAL_LIFETIME;
    CHECK(good_at(&purse, purse.text, end - 1) == 1);
    CHECK(good_at(&purse, purse.text, end) == 0);
    CHECK_OK(tokens_revoke(purse.temp.db, &purse.token.id, NOW + 5));
    CHECK(good_at(&purse, purse.text, NOW + 5) == 0);
    CHECK_FAILS(DITS_E_INVALID,
                tokens_rotate(purse.temp.db, &(struct token){.revoked = NOW}, 0,
                              NOW, purse.text));
}

TEST(a_rotated_token_has_two_live_versions_at_most)
{
    CLEANUP(purse_release) struct purse purse = {.ada = {.made = 0}};
    char second[TOKEN_TEXT_SIZE] = {0};
    char third[TOKEN_TEXT_SIZE] = {0};
    struct token token = {.made = 0};
    bool found = false;
    CHECK_OK(purse_make(&purse));
    struct db *db = purse.temp.db;
    CHECK_OK(tokens_rotate(db, &purse.token, 100, NOW, second));
    CHECK(good_at(&purse, purse.text, NOW + 99) == 1);
    CHECK(good_at(&purse, second, NOW + 99) == 2);
    CHECK(good_at(&purse, purse.text, NOW + 100) == 0);
    CHECK_OK(tokens_get(db, &purse.token.id, NOW + 10, &token, &found));
    CHECK(found && token.versions[0].number == 2);
    CHECK(token.versions[1].number == 1);
    CHECK(token.versions[1].expires == NOW + 100);
    CHECK_OK(tokens_rotate(db, &token, 100, NOW + 10, third));
    CHECK(good_at(&purse, purse.text, NOW + 10) == 0);
    CHECK(good_at(&purse, second, NOW + 10) == 2);
    CHECK(good_at(&purse, third, NOW + 10) == 3);
    CHECK_FAILS(DITS_E_INVALID,
                tokens_rotate(db, &token, TOKEN_MAX_OVERLAP + 1, NOW, third));
}

TEST(a_wish_for_too_much_is_refused)
{
    CLEANUP(purse_release) struct purse purse = {.ada = {.made = 0}};
    struct token token = {.made = 0};
    char text[TOKEN_TEXT_SIZE] = {0};
    CHECK_OK(purse_make(&purse));
    struct token_wish wishes[5];
    for (size_t i = 0; i < 5; i++)
        wishes[i] = usual(&purse);
    wishes[0].lifetime = (int64_t)TOKEN_MAX_LIFETIME + 1;
    wishes[1].lifetime = 0;
    wishes[2].actions = ACCESS_ALL + 1;
    wishes[3].actions = 0;
    wishes[4].label = "two\nlines";
    for (size_t i = 0; i < 5; i++)
        CHECK_FAILS(DITS_E_INVALID, tokens_create(purse.temp.db, &wishes[i],
                                                  NOW, &token, text));
}

TEST(a_token_covers_what_it_lists)
{
    CLEANUP(purse_release) struct purse purse = {.ada = {.made = 0}};
    struct server_id film = {{7}};
    struct server_id other = {{8}};
    struct token token = {.made = 0};
    bool covers = false;
    CHECK_OK(purse_make(&purse));
    CHECK_OK(tokens_cover(purse.temp.db, &purse.token, &other, &covers));
    CHECK(covers);
    struct token_wish wish = usual(&purse);
    wish.repositories = &film;
    wish.repository_count = 1;
    CHECK_OK(tokens_create(purse.temp.db, &wish, NOW, &token, purse.text));
    CHECK_OK(tokens_cover(purse.temp.db, &token, &film, &covers));
    CHECK(covers);
    CHECK_OK(tokens_cover(purse.temp.db, &token, &other, &covers));
    CHECK(!covers);
    wish.repository_count = 0; /* a list of none is none */
    CHECK_OK(tokens_create(purse.temp.db, &wish, NOW, &token, purse.text));
    CHECK_OK(tokens_cover(purse.temp.db, &token, &film, &covers));
    CHECK(!covers);
}

TEST(an_action_that_nobody_knows_takes_all_away)
{
    CLEANUP(purse_release) struct purse purse = {.ada = {.made = 0}};
    struct token token = {.made = 0};
    bool found = false;
    CHECK_OK(purse_make(&purse));
    CHECK(purse.token.actions == ACCESS_USUAL);
    CHECK_OK(db_run(purse.temp.db, "UPDATE tokens SET actions = 'read,fly'",
                    DB_NO_ARGS, NULL));
    CHECK_OK(tokens_get(purse.temp.db, &purse.token.id, NOW, &token, &found));
    CHECK(found && token.actions == 0);
}

TEST(uses_are_noted_once_a_minute)
{
    CLEANUP(purse_release) struct purse purse = {.ada = {.made = 0}};
    bool found = false;
    CHECK_OK(purse_make(&purse));
    struct db *db = purse.temp.db;
    struct token *token = &purse.token;
    CHECK_OK(tokens_used(db, token, 1, NOW + 1, "192.0.2.0/24", "dits 1"));
    CHECK_OK(tokens_get(db, &token->id, NOW, token, &found));
    CHECK(token->versions[0].used == NOW + 1);
    CHECK(strcmp(token->versions[0].address, "192.0.2.0/24") == 0);
    CHECK(strcmp(token->versions[0].agent, "dits 1") == 0);
    CHECK_OK(tokens_used(db, token, 1, NOW + 60, "x", "y"));
    CHECK_OK(tokens_get(db, &token->id, NOW, token, &found));
    CHECK(token->versions[0].used == NOW + 1);
    CHECK_OK(tokens_used(db, token, 1, NOW + 61, "x", "y"));
    CHECK_OK(tokens_get(db, &token->id, NOW, token, &found));
    CHECK(token->versions[0].used == NOW + 61);
}

static dits_error *count(const struct token *token, void *payload)
{
    *(unsigned *)payload += token->revoked == 0 ? 100 : 1;
    return NULL;
}

TEST(tokens_of_one_kind_are_revoked_together)
{
    CLEANUP(purse_release) struct purse purse = {.ada = {.made = 0}};
    struct token token = {.made = 0};
    unsigned seen = 0;
    CHECK_OK(purse_make(&purse));
    struct token_wish wish = usual(&purse);
    wish.kind = TOKEN_SESSION;
    CHECK_OK(tokens_create(purse.temp.db, &wish, NOW, &token, purse.text));
    CHECK_OK(
        tokens_revoke_kind(purse.temp.db, &purse.ada.id, TOKEN_SESSION, NOW));
    CHECK_OK(tokens_each(purse.temp.db, &purse.ada.id, NOW, count, &seen));
    CHECK(seen == 101);
    CHECK_OK(tokens_each(purse.temp.db, NULL, NOW, count, &seen));
    CHECK(seen == 202);
}
