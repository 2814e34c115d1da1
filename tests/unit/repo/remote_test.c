#include <dits/remote.h>

#include <dits/config.h>
#include <dits/operation.h>

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/remote.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

static const struct dits_oid none = {0};

static dits_error *add_remote(const struct dits_remote *remote, void *payload)
{
    TRY(buf_printf(payload, "%s=%s", remote->name,
                   remote->url != NULL ? remote->url : "-"));
    for (size_t i = 0; i < remote->fetch_count; i++)
        TRY(buf_printf(payload, ",%s", remote->fetch[i]));
    return buf_put_text(payload, ";");
}

static bool remotes_are(struct temp_repo *temp, const char *wanted)
{
    CLEANUP(buf_release) struct buf found = {0};
    dits_error *err = dits_remote_each(temp->repo, add_remote, &found);
    bool same = err == NULL && strcmp(buf_text(&found), wanted) == 0;
    if (!same)
        printf("# %s\n", buf_text(&found));
    dits_error_free(err);
    return same;
}

static dits_error *set_ref(struct temp_repo *temp, const char *name,
                           const struct dits_oid *id)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    TRY(operation_begin(temp->repo, "fetch", &operation));
    TRY(operation_set_ref(operation, name, &none, id, "fetch"));
    return operation_commit(operation);
}

TEST(remotes_are_added_listed_and_removed)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(remotes_are(&temp, ""));
    CHECK_OK(dits_remote_add(temp.repo, "origin", "/nas/film"));
    CHECK_OK(dits_remote_add(temp.repo, "b.c", "../x"));
    CHECK(remotes_are(&temp,
                      "origin=/nas/film,+refs/heads/*:refs/remotes/origin/*;"
                      "b.c=../x,+refs/heads/*:refs/remotes/b.c/*;"));
    CHECK_FAILS(DITS_E_EXISTS, dits_remote_add(temp.repo, "origin", "/y"));
    CHECK_FAILS(DITS_E_INVALID, dits_remote_add(temp.repo, "a b", "/y"));
    CHECK_FAILS(DITS_E_INVALID, dits_remote_add(temp.repo, "a", ""));
    CHECK_OK(dits_remote_set_url(temp.repo, "b.c", "/z"));
    CHECK_OK(dits_remote_remove(temp.repo, "origin"));
    CHECK(remotes_are(&temp, "b.c=/z,+refs/heads/*:refs/remotes/b.c/*;"));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_remote_remove(temp.repo, "origin"));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_remote_set_url(temp.repo, "origin", "/x"));
}

TEST(a_renamed_remote_takes_its_branches_and_what_follows_it_along)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(tracking_release) struct tracking tracking = {0};
    struct dits_oid first = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    CHECK_OK(dits_remote_add(temp.repo, "origin", "/x"));
    CHECK_OK(set_ref(&temp, "refs/remotes/origin/main", &first));
    CHECK_OK(dits_upstream_set(temp.repo, NULL, "origin/main"));
    CHECK_OK(dits_remote_rename(temp.repo, "origin", "nas"));
    CHECK(remotes_are(&temp, "nas=/x,+refs/heads/*:refs/remotes/nas/*;"));
    CHECK(temp_repo_ref_is(&temp, "refs/remotes/nas/main", &first));
    CHECK(temp_repo_ref_is(&temp, "refs/remotes/origin/main", &none));
    CHECK_OK(tracking_find(temp.repo, "main", &tracking));
    CHECK(strcmp(tracking.remote, "nas") == 0);
    CHECK(strcmp(tracking.ref, "refs/remotes/nas/main") == 0);
    CHECK_OK(dits_remote_add(temp.repo, "two", "/y"));
    CHECK_FAILS(DITS_E_EXISTS, dits_remote_rename(temp.repo, "two", "nas"));
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_remote_rename(temp.repo, "x", "y"));
}

TEST(a_removed_remote_leaves_nothing_and_undo_brings_its_branches_back)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(tracking_release) struct tracking tracking = {0};
    struct dits_oid first = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(temp_repo_commit(&temp, "a", "one", &first));
    CHECK_OK(dits_remote_add(temp.repo, "origin", "/x"));
    CHECK_OK(set_ref(&temp, "refs/remotes/origin/main", &first));
    CHECK_OK(dits_upstream_set(temp.repo, NULL, "origin/main"));
    CHECK_OK(dits_remote_remove(temp.repo, "origin"));
    CHECK(temp_repo_ref_is(&temp, "refs/remotes/origin/main", &none));
    CHECK_OK(tracking_find(temp.repo, "main", &tracking));
    CHECK(tracking.remote == NULL);
}

TEST(the_default_remote_is_that_of_the_branch_or_the_only_one)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *name = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(remote_default(temp.repo, &name));
    CHECK(strcmp(name, "origin") == 0);
    text_free(&name);
    CHECK_OK(dits_remote_add(temp.repo, "nas", "/x"));
    CHECK_OK(remote_default(temp.repo, &name));
    CHECK(strcmp(name, "nas") == 0);
    text_free(&name);
    CHECK_OK(dits_remote_add(temp.repo, "usb", "/y"));
    CHECK_OK(remote_default(temp.repo, &name));
    CHECK(strcmp(name, "origin") == 0);
    text_free(&name);
    CHECK_OK(tracking_set(temp.repo, "main", "usb", "refs/heads/main"));
    CHECK_OK(remote_default(temp.repo, &name));
    CHECK(strcmp(name, "usb") == 0);
}

TEST(a_refspec_that_is_none_is_told_of_with_its_setting)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(remote_release) struct remote remote = {0};
    bool found = false;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(dits_config_set(temp.context, temp.repo, DITS_CONFIG_REPO,
                             "remote.x.fetch", "a b"));
    CHECK_FAILS(DITS_E_INVALID, remote_find(temp.repo, "x", &remote, &found));
}

TEST(adding_survives_every_failed_allocation)
{
    for (unsigned nth = 1;; nth++) {
        CLEANUP(temp_repo_release) struct temp_repo temp = {0};
        CHECK_OK(temp_repo_make(&temp));
        CHECK_OK(dits_remote_add(temp.repo, "nas", "/x"));
        mem_fault_arm(nth);
        dits_error *err = dits_remote_rename(temp.repo, "nas", "usb");
        bool reached = mem_fault_disarm();
        if (!reached) {
            CHECK_OK(err);
            return;
        }
        dits_error_free(err); /* some are made good where they happen */
        CHECK_OK(temp_repo_reopen(&temp));
        nth += nth / 8;
    }
}
