#include "repo/repo_pool.h"

#include <stdio.h>

#include "base/fs.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"

TEST(a_handle_is_used_again)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(repo_pool_freep) struct repo_pool *pool = NULL;
    dits_repo *first = NULL;
    dits_repo *second = NULL;
    dits_repo *again = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(repo_pool_new(temp.context, 1, &pool));
    CHECK_OK(repo_pool_take(pool, temp.folder, &first));
    CHECK_OK(repo_pool_take(pool, temp.folder, &second));
    CHECK(first != second);
    repo_pool_give(pool, first, false);
    CHECK_OK(repo_pool_take(pool, temp.folder, &again));
    CHECK(again == first);
    repo_pool_give(pool, again, false);
    repo_pool_give(pool, second, false); /* the older one is closed */
    CHECK_OK(repo_pool_take(pool, temp.folder, &again));
    CHECK(again == second);
    repo_pool_give(pool, again, true);
    CHECK_FAILS(DITS_E_NOT_FOUND, repo_pool_take(pool, "/nowhere", &again));
}

TEST(changed_settings_are_read)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(repo_pool_freep) struct repo_pool *pool = NULL;
    dits_repo *repo = NULL;
    char path[128];
    static const char bare[] = "[core]\n\tformat = 1\n\tbare = true\n";
    CHECK_OK(temp_repo_make(&temp));
    CHECK_OK(repo_pool_new(temp.context, 4, &pool));
    CHECK_OK(repo_pool_take(pool, temp.folder, &repo));
    CHECK(!repo->is_bare);
    repo_pool_give(pool, repo, false);
    (void)snprintf(path, sizeof(path), "%s/.dits/config", temp.folder);
    CHECK_OK(fs_replace(path, bare, sizeof(bare) - 1));
    CHECK_OK(repo_pool_take(pool, temp.folder, &repo));
    CHECK(repo->is_bare);
    repo_pool_give(pool, repo, false);
}

TEST(allocations_may_fail)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    bool reached = true;
    CHECK_OK(temp_repo_make(&temp));
    for (unsigned nth = 1; reached; nth++) {
        CLEANUP(repo_pool_freep) struct repo_pool *pool = NULL;
        dits_repo *repo = NULL;
        mem_fault_arm(nth);
        dits_error *err = repo_pool_new(temp.context, 1, &pool);
        if (err == NULL)
            err = repo_pool_take(pool, temp.folder, &repo);
        reached = mem_fault_disarm();
        CHECK(err == NULL || dits_error_has(err, DITS_E_NOMEM));
        CHECK(reached || err == NULL);
        dits_error_free(err);
        if (repo != NULL)
            repo_pool_give(pool, repo, false);
    }
}
