#include "repo/revision.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "repo/refs.h"
#include "repo/revision_resolve.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

TEST(a_revision_is_a_name_and_steps)
{
    CLEANUP(revision_release) struct revision revision = {0};
    CHECK_OK(revision_parse("feature/x@{2}~3^2^{tree}:a:b~1", &revision));
    CHECK(strcmp(revision.base, "feature/x") == 0 && revision.count == 5);
    CHECK(revision.steps[0].kind == REVISION_LOG_NTH);
    CHECK(revision.steps[0].number == 2);
    CHECK(revision.steps[1].kind == REVISION_ANCESTOR);
    CHECK(revision.steps[1].number == 3);
    CHECK(revision.steps[2].kind == REVISION_PARENT);
    CHECK(revision.steps[3].kind == REVISION_PEEL);
    CHECK(strcmp(revision.steps[3].text, "tree") == 0);
    CHECK(revision.steps[4].kind == REVISION_PATH);
    CHECK(strcmp(revision.steps[4].text, "a:b~1") == 0);
}

TEST(a_search_by_message_is_a_step_or_all_there_is)
{
    CLEANUP(revision_release) struct revision one = {0};
    CLEANUP(revision_release) struct revision all = {0};
    CLEANUP(revision_release) struct revision top = {0};
    CHECK_OK(revision_parse("main^{/a{2}}~1", &one));
    CHECK(one.count == 2 && one.steps[0].kind == REVISION_SEARCH);
    CHECK(strcmp(one.steps[0].text, "a{2}") == 0);
    CHECK_OK(revision_parse(":/fix ^{that}~1", &all));
    CHECK(all.count == 1 && all.steps[0].kind == REVISION_SEARCH);
    CHECK(strcmp(all.steps[0].text, "fix ^{that}~1") == 0);
    CHECK_OK(revision_parse("main:/a", &top)); /* after a name: a path */
    CHECK(top.count == 1 && top.steps[0].kind == REVISION_PATH);
}

TEST(what_is_not_written_as_a_revision_is_refused)
{
    static const char *const texts[] = {
        "",       "~1",         "^",       "HEAD^{",
        "HEAD@{", "HEAD@{}",    "@{-0}",   "@{-1x}",
        "a@{-1}", "HEAD~1@{1}", "HEAD^^@", "HEAD~99999999999",
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        CLEANUP(revision_release) struct revision revision = {0};
        dits_error *err = revision_parse(texts[i], &revision);
        if (err == NULL)
            printf("# '%s' was taken\n", texts[i]);
        CHECK_FAILS(DITS_E_INVALID, err);
    }
}

TEST(parsing_survives_every_failed_allocation)
{
    for (unsigned nth = 1;; nth++) {
        CLEANUP(revision_release) struct revision revision = {0};
        mem_fault_arm(nth);
        dits_error *err =
            revision_parse("main@{yesterday}^{commit}~2:path", &revision);
        bool reached = mem_fault_disarm();
        if (!reached) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}

static bool leads_to(struct temp_repo *temp, const char *text,
                     enum dits_revision_kind kind, const struct dits_oid *id)
{
    struct dits_oid found = {0};
    dits_error *err = dits_revision_resolve(temp->repo, text, kind, &found);
    if (err != NULL)
        printf("# '%s': %s\n", text, dits_error_message(err));
    bool same = err == NULL && dits_oid_equal(&found, id);
    dits_error_free(err);
    return same;
}

static dits_error *resolve(struct temp_repo *temp, const char *text)
{
    struct dits_oid found = {0};
    return dits_revision_resolve(temp->repo, text, DITS_REVISION_COMMIT,
                                 &found);
}

/* Three commits, a day apart; a tag object on the second. */
static dits_error *make_history(struct temp_repo *temp, struct dits_oid ids[3])
{
    static const char *const texts[] = {"one", "two", "three"};
    TRY(temp_repo_make(temp));
    for (int i = 0; i < 3; i++) {
        TRY(temp_repo_commit(temp, "dir/a", texts[i], &ids[i]));
        temp->now += 86400;
    }
    struct dits_tag_options tag = {
        .name = "v1", .target = "HEAD~1", .message = "first version"};
    TRY(dits_tag_create(temp->repo, &tag));
    tag = (struct dits_tag_options){.name = "light", .target = "HEAD~2"};
    return dits_tag_create(temp->repo, &tag);
}

TEST(revisions_lead_where_git_says)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid ids[3] = {{{0}}};
    char hex[OID_HEX_SIZE] = "";
    CHECK_OK(make_history(&temp, ids));
    dits_oid_hex(&ids[1], hex);
    const struct {
        const char *text;
        int commit;
    } rows[] = {
        {"HEAD", 2},
        {"@", 2},
        {"main", 2},
        {"refs/heads/main", 2},
        {"heads/main", 2},
        {"HEAD~0", 2},
        {"HEAD~", 1},
        {"HEAD^", 1},
        {"HEAD~2", 0},
        {"HEAD^^", 0},
        {"HEAD^1~1", 0},
        {"HEAD^0", 2},
        {"v1", 1},
        {"v1^{}", 1},
        {"v1^{commit}", 1},
        {"v1~1", 0},
        {"light", 0},
        {"@{0}", 2},
        {"@{1}", 1},
        {"main@{2}", 0},
        {"HEAD@{1}", 1},
        {"main@{1 day ago}", 2},
        {hex, 1},
        {"@{2.days.ago}", 1},
        {"@{yesterday}~", 1},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        CHECK(leads_to(&temp, rows[i].text, DITS_REVISION_COMMIT,
                       &ids[rows[i].commit]));
    for (size_t digits = 12; digits < 64; digits += 13) {
        hex[digits] = '\0';
        CHECK(leads_to(&temp, hex, DITS_REVISION_COMMIT, &ids[1]));
        dits_oid_hex(&ids[1], hex);
    }
}

TEST(trees_and_paths_are_found_in_commits_and_in_what_is_staged)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid ids[3] = {{{0}}};
    struct dits_oid tree = {0};
    struct dits_oid file = {0};
    struct dits_oid found = {0};
    CHECK_OK(make_history(&temp, ids));
    CHECK_OK(dits_revision_resolve(temp.repo, "HEAD^{tree}", DITS_REVISION_ANY,
                                   &tree));
    CHECK(leads_to(&temp, "HEAD", DITS_REVISION_TREE, &tree));
    CHECK(leads_to(&temp, "HEAD:", DITS_REVISION_TREE, &tree));
    CHECK_OK(dits_revision_resolve(temp.repo, "HEAD:dir/a", DITS_REVISION_ANY,
                                   &file));
    CHECK(leads_to(&temp, ":dir/a", DITS_REVISION_ANY, &file));
    CHECK_OK(dits_revision_resolve(temp.repo, "v1:dir/", DITS_REVISION_TREE,
                                   &found));
    CHECK_OK(dits_revision_resolve(temp.repo, "v1:dir/a", DITS_REVISION_ANY,
                                   &found));
    CHECK(!dits_oid_equal(&found, &file));
}

TEST(a_path_with_a_dot_starts_where_the_user_is)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *folder = NULL;
    struct dits_oid ids[3] = {{{0}}};
    struct dits_oid file = {0};
    CHECK_OK(make_history(&temp, ids));
    CHECK_OK(dits_revision_resolve(temp.repo, "HEAD:dir/a", DITS_REVISION_ANY,
                                   &file));
    CHECK_OK(fs_join(temp.folder, "dir", &folder));
    CHECK_OK(fs_make_dir(folder));
    dits_repo_free(MOVE(temp.repo));
    CHECK_OK(dits_repo_open(temp.context, folder, &temp.repo));
    CHECK(leads_to(&temp, "HEAD:./a", DITS_REVISION_ANY, &file));
    CHECK(leads_to(&temp, "HEAD:../dir/a", DITS_REVISION_ANY, &file));
    CHECK(leads_to(&temp, ":./a", DITS_REVISION_ANY, &file));
    CHECK(leads_to(&temp, "HEAD:dir/a", DITS_REVISION_ANY, &file));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, "HEAD:a"));
}

TEST(revisions_that_lead_nowhere_say_so)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_oid ids[3] = {{{0}}};
    CHECK_OK(make_history(&temp, ids));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, "nothing"));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, "HEAD~3"));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, "HEAD^2"));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, "main@{3}"));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, "@{-1}"));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, "HEAD:nothing"));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, "HEAD:dir/a/"));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, ":nothing"));
    CHECK_FAILS(DITS_E_INVALID, resolve(&temp, "HEAD:dir/a"));
    CHECK_FAILS(DITS_E_INVALID, resolve(&temp, "HEAD^{blob}"));
    CHECK_FAILS(DITS_E_INVALID, resolve(&temp, "main@{some day}"));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, "0123456789abcdef"));
}

TEST(a_branch_without_a_commit_leads_nowhere)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, "HEAD"));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, "main"));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, "HEAD~1"));
    CHECK_FAILS(DITS_E_NOT_FOUND, resolve(&temp, "@{1}"));
}

/* With enough objects, four digits fit several of them. */
TEST(an_ambiguous_start_of_an_id_is_a_conflict)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    struct dits_oid ids[2000] = {{{0}}};
    char hex[OID_HEX_SIZE] = "";
    bool met = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(operation_begin(temp.repo, "test", &operation));
    for (uint32_t i = 0; i < 2000; i++)
        CHECK_OK(store_writer_put(operation_writer(operation), CHUNK_TREE, &i,
                                  sizeof(i), &ids[i]));
    CHECK_OK(store_writer_commit(operation_writer(operation)));
    for (int i = 0; i < 2000 && !met; i++) {
        struct dits_oid found = {0};
        dits_oid_hex(&ids[i], hex);
        hex[4] = '\0';
        dits_error *err =
            dits_revision_resolve(temp.repo, hex, DITS_REVISION_ANY, &found);
        met = err != NULL && dits_error_code(err) == DITS_E_CONFLICT &&
              strstr(dits_error_hint(err), "(tree)") != NULL;
        dits_error_free(err);
        char shortest[OID_HEX_SIZE] = "";
        CHECK_OK(dits_oid_abbreviate(temp.repo, &ids[i], shortest));
        CHECK(strlen(shortest) == 7);
        CHECK(leads_to(&temp, shortest, DITS_REVISION_ANY, &ids[i]));
    }
    CHECK(met);
}
