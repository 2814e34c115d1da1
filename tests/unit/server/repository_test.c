#include "server/repository.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/text.h"
#include "server/rule.h"
#include "support/temp_server.h"
#include "support/test.h"

enum { NOW = TEMP_SERVER_NOW };

TEST(a_name_is_taken_whatever_its_capitals)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    struct repository film = {.made = 0};
    bool found = false;
    CHECK_OK(temp_server_make(&temp));
    CHECK_OK(repository_create(temp.db, "Film", NOW, &film));
    CHECK_FAILS(DITS_E_EXISTS, repository_create(temp.db, "film", NOW, &film));
    CHECK_OK(repository_find(temp.db, "FILM", &film, &found));
    CHECK(found && strcmp(film.name, "Film") == 0 && film.made == NOW);
    CHECK_FAILS(DITS_E_NOT_FOUND, repository_need(temp.db, "x", &film));
}

TEST(folders_lie_inside_and_symlinks_lead_nowhere)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    CLEANUP(text_free) char *folder = NULL;
    char path[100] = {0};
    CHECK_OK(temp_server_make(&temp));
    CHECK_FAILS(DITS_E_INVALID,
                repository_folder(temp.folder, "../x", &folder));
    CHECK_OK(repository_folder(temp.folder, "film", &folder));
    (void)snprintf(path, sizeof(path), "%s/repos/film", temp.folder);
    CHECK(strcmp(folder, path) == 0);
    CHECK_OK(fs_make_parents(path));
    CHECK(symlink("/etc", path) == 0);
    text_free(&folder);
    CHECK_FAILS(DITS_E_INVALID,
                repository_folder(temp.folder, "film", &folder));
}

static dits_error *note_role(const char *name, enum access_role role,
                             void *payload)
{
    struct buf *out = payload;
    return buf_printf(out, "%s=%s ", name, access_role_name(role));
}

TEST(roles_are_set_and_taken_away)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    CLEANUP(buf_release) struct buf seen = {0};
    struct repository film = {.made = 0};
    struct account ada = {.made = 0};
    enum access_role role = ROLE_WRITER;
    CHECK_OK(temp_server_make(&temp));
    CHECK_OK(temp_server_account(&temp, "ada", &ada));
    CHECK_OK(repository_create(temp.db, "film", NOW, &film));
    CHECK_OK(role_get(temp.db, &film.id, &ada.id, &role));
    CHECK(role == ROLE_NONE);
    CHECK_OK(role_set(temp.db, &film.id, &ada.id, ROLE_READER));
    CHECK_OK(role_set(temp.db, &film.id, &ada.id, ROLE_WRITER));
    CHECK_OK(role_each(temp.db, &ada.id, note_role, &seen));
    CHECK(strcmp(buf_text(&seen), "film=writer ") == 0);
    CHECK_OK(
        db_run(temp.db, "UPDATE roles SET role = 'king'", DB_NO_ARGS, NULL));
    CHECK_OK(role_get(temp.db, &film.id, &ada.id, &role));
    CHECK(role == ROLE_NONE);
    CHECK_OK(role_set(temp.db, &film.id, &ada.id, ROLE_NONE));
    buf_clear(&seen);
    CHECK_OK(role_each(temp.db, &ada.id, note_role, &seen));
    CHECK(seen.size == 0);
}

static struct access_rule rule_of(char *pattern)
{
    return (struct access_rule){.denies = true, .pattern = pattern};
}

TEST(rules_are_numbered_and_loaded_in_order)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    CLEANUP(rule_list_release) struct rule_list list = {0};
    struct repository film = {.made = 0};
    char sound[] = "sound/**";
    char all[] = "**";
    CHECK_OK(temp_server_make(&temp));
    CHECK_OK(repository_create(temp.db, "film", NOW, &film));
    struct access_rule first = rule_of(sound);
    struct access_rule second = {.account = {{3}}, .pattern = all};
    CHECK_OK(rule_add(temp.db, &film.id, &first));
    CHECK_OK(rule_add(temp.db, &film.id, &second));
    CHECK(first.number == 1 && second.number == 2);
    CHECK_OK(rule_load(temp.db, &film.id, &list));
    CHECK(list.count == 2 && list.rules[0].denies && !list.rules[1].denies);
    CHECK(server_id_is_none(&list.rules[0].account));
    CHECK(list.rules[1].account.bytes[0] == 3);
    CHECK(strcmp(list.rules[0].pattern, "sound/**") == 0);
    CHECK_OK(rule_remove(temp.db, &film.id, 1));
    CHECK_FAILS(DITS_E_NOT_FOUND, rule_remove(temp.db, &film.id, 1));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                rule_remove(temp.db, &(struct server_id){{1}}, 2));
}

TEST(patterns_that_would_match_nothing_are_refused)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    char bad[][8] = {"", "/a", "a/", "[a", "a]", "\\a", "\xff"};
    CHECK_OK(temp_server_make(&temp));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct access_rule rule = rule_of(bad[i]);
        CHECK_FAILS(DITS_E_INVALID,
                    rule_add(temp.db, &(struct server_id){{1}}, &rule));
    }
}

TEST(whoever_makes_a_repository_anew_gets_none_of_its_rights)
{
    CLEANUP(temp_server_release) struct temp_server temp = {0};
    CLEANUP(rule_list_release) struct rule_list list = {0};
    struct repository film = {.made = 0};
    struct repository again = {.made = 0};
    struct account ada = {.made = 0};
    enum access_role role = ROLE_WRITER;
    char all[] = "**";
    CHECK_OK(temp_server_make(&temp));
    CHECK_OK(temp_server_account(&temp, "ada", &ada));
    CHECK_OK(repository_create(temp.db, "film", NOW, &film));
    CHECK_OK(role_set(temp.db, &film.id, &ada.id, ROLE_READER));
    struct access_rule rule = rule_of(all);
    CHECK_OK(rule_add(temp.db, &film.id, &rule));
    CHECK_OK(repository_remove(temp.db, &film.id));
    CHECK_OK(rule_load(temp.db, &film.id, &list));
    CHECK(list.count == 0);
    CHECK_OK(role_get(temp.db, &film.id, &ada.id, &role));
    CHECK(role == ROLE_NONE);
    CHECK_OK(repository_create(temp.db, "film", NOW, &again));
    CHECK(!server_id_equal(&again.id, &film.id));
}
