#include "server/password.h"

#include <stdio.h>
#include <string.h>

#include "base/crypt.h"
#include "support/temp_server.h"
#include "support/test.h"

/* As little work as there may be. */
static const struct crypt_cost cheap = {.passes = 1, .memory = 8192};
static const struct crypt_cost dearer = {.passes = 2, .memory = 16384};

struct door {
    struct temp_server temp;
    struct password_rules rules;
    struct account ada;
};

static void door_release(struct door *door)
{
    temp_server_release(&door->temp);
}

static dits_error *door_make(struct door *out)
{
    char hash[CRYPT_PASSWORD_SIZE] = {0};
    TRY(temp_server_make(&out->temp));
    TRY(password_rules_make(&cheap, &out->rules));
    TRY(temp_server_account(&out->temp, "ada", &out->ada));
    TRY(crypt_password_hash(slice_of_text("correct horse"), &cheap, hash));
    return password_set(out->temp.db, &out->ada.id, hash, TEMP_SERVER_NOW);
}

static bool passes(struct door *door, const char *name, const char *password)
{
    struct account account = {.made = 0};
    bool passed = false;
    dits_error *err = password_sign_in(door->temp.db, &door->rules, name,
                                       slice_of_text(password), &account,
                                       &passed);
    dits_error_free(err);
    return err == NULL && passed;
}

static dits_error *stored(struct door *door, char out[CRYPT_PASSWORD_SIZE])
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(door->temp.db, "SELECT hash FROM passwords", DB_NO_ARGS,
                 &rows));
    TRY(db_next(rows, &found));
    (void)snprintf(out, CRYPT_PASSWORD_SIZE, "%s", db_column_text(rows, 0));
    return NULL;
}

TEST(the_right_password_and_no_other_passes)
{
    CLEANUP(door_release) struct door door = {.ada = {.made = 0}};
    CHECK_OK(door_make(&door));
    CHECK(passes(&door, "ada", "correct horse"));
    CHECK(!passes(&door, "ada", "correct horsf"));
    CHECK(!passes(&door, "ada", ""));
    CHECK(!passes(&door, "bob", "correct horse"));
}

TEST(who_is_disabled_or_has_no_password_does_not_pass)
{
    CLEANUP(door_release) struct door door = {.ada = {.made = 0}};
    struct account bob = {.made = 0};
    CHECK_OK(door_make(&door));
    CHECK_OK(temp_server_account(&door.temp, "bob", &bob));
    CHECK(!passes(&door, "bob", ""));
    CHECK_OK(account_set_enabled(door.temp.db, &door.ada, false));
    CHECK(!passes(&door, "ada", "correct horse"));
    /* Not even by what stands in where there is no password. */
    CHECK_OK(crypt_password_hash(slice_of_text("known to all"), &cheap,
                                 door.rules.dummy));
    CHECK(!passes(&door, "bob", "known to all"));
    CHECK(!passes(&door, "eve", "known to all"));
}

TEST(a_hash_of_another_cost_is_made_anew_when_its_owner_comes)
{
    CLEANUP(door_release) struct door door = {.ada = {.made = 0}};
    char before[CRYPT_PASSWORD_SIZE] = {0};
    char after[CRYPT_PASSWORD_SIZE] = {0};
    CHECK_OK(door_make(&door));
    CHECK_OK(stored(&door, before));
    CHECK(strstr(before, "$argon2id$v=19$m=8,t=1,p=1$") == before);
    door.rules.cost = dearer;
    CHECK(!passes(&door, "ada", "wrong wrong"));
    CHECK_OK(stored(&door, after));
    CHECK(strcmp(before, after) == 0);
    CHECK(passes(&door, "ada", "correct horse"));
    CHECK_OK(stored(&door, after));
    CHECK(strstr(after, "$argon2id$v=19$m=16,t=2,p=1$") == after);
    CHECK(passes(&door, "ada", "correct horse"));
}

TEST(passwords_have_a_length_and_are_text)
{
    char longest[PASSWORD_MAX + 2];
    memset(longest, 'a', sizeof(longest));
    CHECK_FAILS(DITS_E_INVALID, password_check(slice_of_text("ninechars")));
    CHECK_OK(password_check(slice_of_text("ten chars.")));
    CHECK_OK(password_check(slice_of(longest, PASSWORD_MAX)));
    CHECK_FAILS(DITS_E_INVALID,
                password_check(slice_of(longest, PASSWORD_MAX + 1)));
    CHECK_FAILS(DITS_E_INVALID, password_check(slice_of("ten\0chars.", 10)));
}

TEST(what_is_served_costs_what_it_should)
{
    CHECK(password_cost.passes == 3 && password_cost.memory == 64u << 20);
}
