#include "server/setup.h"

#include "support/temp_server.h"
#include "support/test.h"

enum { NOW = TEMP_SERVER_NOW };

static bool is_good(struct temp_server *temp, const char *text, int64_t now)
{
    bool good = false;
    dits_error *err = setup_token_is(temp->db, text, now, &good);
    dits_error_free(err);
    return err == NULL && good;
}

TEST(it_is_good_for_an_hour)
{
    CLEANUP(temp_server_release) struct temp_server temp = {.db = NULL};
    char text[TOKEN_TEXT_SIZE] = {0};
    CHECK_OK(temp_server_make(&temp));
    CHECK(!is_good(&temp, "dits_set_x", NOW));
    CHECK_OK(setup_token_make(temp.db, NOW, text));
    CHECK(is_good(&temp, text, NOW));
    CHECK(is_good(&temp, text, NOW + SETUP_LIFETIME - 1));
    CHECK(!is_good(&temp, text, NOW + SETUP_LIFETIME));
    CHECK_OK(setup_token_forget(temp.db));
    CHECK(!is_good(&temp, text, NOW));
}

TEST(a_new_one_ends_the_one_before)
{
    CLEANUP(temp_server_release) struct temp_server temp = {.db = NULL};
    char first[TOKEN_TEXT_SIZE] = {0};
    char second[TOKEN_TEXT_SIZE] = {0};
    CHECK_OK(temp_server_make(&temp));
    CHECK_OK(setup_token_make(temp.db, NOW, first));
    CHECK_OK(setup_token_make(temp.db, NOW, second));
    CHECK(!is_good(&temp, first, NOW));
    CHECK(is_good(&temp, second, NOW));
}

TEST(no_other_kind_of_token_is_one)
{
    CLEANUP(temp_server_release) struct temp_server temp = {.db = NULL};
    char text[TOKEN_TEXT_SIZE] = {0};
    struct server_id id = {{1}};
    struct dits_oid hash = {{0}};
    CHECK_OK(temp_server_make(&temp));
    token_make(TOKEN_PERSONAL, &id, text, &hash);
    CHECK_OK(db_run(temp.db, "INSERT INTO setup VALUES(?, ?)",
                    DB_ARGS(db_blob(hash.hash, sizeof(hash.hash)),
                            db_int(NOW + SETUP_LIFETIME)),
                    NULL));
    CHECK(!is_good(&temp, text, NOW));
}
