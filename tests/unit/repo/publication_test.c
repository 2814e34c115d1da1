#include "repo/publication.h"

#include <string.h>

#include <dits/config.h>

#include "base/mem.h"
#include "support/temp_repo.h"
#include "support/test.h"

static const struct dits_oid none = {0};

/* A repository with two commits on main, and a list that leads to the second.
 */
struct pushed {
    struct temp_repo temp;
    struct bundle_list list;
    struct dits_oid first;
    struct dits_oid second;
};

static void pushed_release(struct pushed *pushed)
{
    bundle_list_release(&pushed->list);
    temp_repo_release(&pushed->temp);
}

static dits_error *make(struct pushed *pushed)
{
    TRY(temp_repo_make(&pushed->temp));
    TRY(temp_repo_commit(&pushed->temp, "a", "one", &pushed->first));
    TRY(temp_repo_commit(&pushed->temp, "a", "two", &pushed->second));
    return bundle_list_add_ref(&pushed->list, "refs/heads/x", &pushed->second,
                               CHUNK_COMMIT);
}

static dits_error *publish(struct pushed *pushed,
                           struct transport_update *updates, size_t count,
                           bool atomic)
{
    const struct publication publication = {.repo = pushed->temp.repo,
                                            .list = &pushed->list,
                                            .updates = updates,
                                            .count = count,
                                            .atomic = atomic};
    return publication_make(&publication);
}

/* Whether it was refused with these words; NULL: it was done. */
static bool answer_is(struct transport_update *update, const char *why)
{
    bool same = why == NULL ? update->refused == NULL
                            : update->refused != NULL &&
                                  strcmp(update->refused, why) == 0;
    mem_free(update->refused);
    update->refused = NULL;
    return same;
}

static struct transport_update update_of(const char *name,
                                         const struct dits_oid *before,
                                         const struct dits_oid *after)
{
    return (struct transport_update){
        .name = name, .before = *before, .after = *after, .kind = CHUNK_COMMIT};
}

TEST(refs_move_from_what_they_were_seen_at_and_only_so)
{
    CLEANUP(pushed_release) struct pushed pushed = {0};
    CHECK_OK(make(&pushed));
    struct transport_update made =
        update_of("refs/heads/x", &none, &pushed.second);
    struct transport_update stale =
        update_of("refs/heads/x", &pushed.first, &pushed.second);
    struct transport_update gone =
        update_of("refs/heads/x", &pushed.second, &none);
    CHECK_OK(publish(&pushed, &made, 1, false));
    CHECK(answer_is(&made, NULL));
    CHECK(temp_repo_ref_is(&pushed.temp, "refs/heads/x", &pushed.second));
    CHECK_OK(publish(&pushed, &made, 1, false));
    CHECK(answer_is(&made, "moved meanwhile: fetch first"));
    CHECK_OK(publish(&pushed, &stale, 1, false));
    CHECK(answer_is(&stale, "moved meanwhile: fetch first"));
    CHECK_OK(publish(&pushed, &gone, 1, false));
    CHECK(answer_is(&gone, NULL));
    CHECK(temp_repo_ref_is(&pushed.temp, "refs/heads/x", &none));
}

TEST(names_that_no_ref_may_have_are_refused)
{
    static const char *const names[] = {"HEAD",
                                        "refs/heads/../x",
                                        "refs/heads/a b",
                                        "refs/heads/x.lock",
                                        "refs/bisect/bad",
                                        "refs/unfinished/work",
                                        "refs/worktrees/1/bisect/bad",
                                        "refs/remotes/origin/main",
                                        "main",
                                        ""};
    CLEANUP(pushed_release) struct pushed pushed = {0};
    CHECK_OK(make(&pushed));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct transport_update update =
            update_of(names[i], &none, &pushed.second);
        CHECK_OK(publish(&pushed, &update, 1, false));
        CHECK(answer_is(&update, "funny refname"));
    }
}

TEST(a_ref_leads_only_to_what_was_gone_over)
{
    CLEANUP(pushed_release) struct pushed pushed = {0};
    struct dits_oid nothing = {{7}};
    CHECK_OK(make(&pushed));
    struct transport_update other =
        update_of("refs/heads/x", &none, &pushed.first);
    struct transport_update missing =
        update_of("refs/heads/x", &none, &nothing);
    CHECK_OK(publish(&pushed, &other, 1, false));
    CHECK(answer_is(&other, "missing necessary objects"));
    CHECK_OK(publish(&pushed, &missing, 1, false));
    CHECK(answer_is(&missing, "missing necessary objects"));
    CHECK_OK(bundle_list_add_ref(&pushed.list, "refs/heads/y", &nothing,
                                 CHUNK_COMMIT));
    CHECK_FAILS(DITS_E_CORRUPT, publish(&pushed, &missing, 1, false));
    CHECK(temp_repo_ref_is(&pushed.temp, "refs/heads/x", &none));
}

TEST(what_it_goes_on_from_is_looked_for)
{
    CLEANUP(pushed_release) struct pushed pushed = {0};
    struct dits_oid nothing = {{7}};
    CHECK_OK(make(&pushed));
    CHECK_OK(bundle_list_add_need(&pushed.list, &nothing, slice_of_text("x")));
    struct transport_update update =
        update_of("refs/heads/x", &none, &pushed.second);
    CHECK_FAILS(DITS_E_CORRUPT, publish(&pushed, &update, 1, false));
    CHECK(temp_repo_ref_is(&pushed.temp, "refs/heads/x", &none));
}

TEST(all_move_or_none)
{
    CLEANUP(pushed_release) struct pushed pushed = {0};
    CHECK_OK(make(&pushed));
    struct transport_update updates[] = {
        update_of("refs/heads/x", &none, &pushed.second),
        update_of("refs/heads/y", &pushed.first, &pushed.second)};
    CHECK_OK(publish(&pushed, updates, 2, true));
    CHECK(answer_is(&updates[0], "atomic push failed"));
    CHECK(answer_is(&updates[1], "moved meanwhile: fetch first"));
    CHECK(temp_repo_ref_is(&pushed.temp, "refs/heads/x", &none));
    CHECK_OK(publish(&pushed, updates, 2, false));
    CHECK(answer_is(&updates[0], NULL));
    CHECK(answer_is(&updates[1], "moved meanwhile: fetch first"));
    CHECK(temp_repo_ref_is(&pushed.temp, "refs/heads/x", &pushed.second));
}

TEST(the_branch_of_a_work_tree_stays)
{
    CLEANUP(pushed_release) struct pushed pushed = {0};
    struct dits_oid third = {0};
    CHECK_OK(make(&pushed));
    CHECK_OK(temp_repo_commit(&pushed.temp, "a", "three", &third));
    struct transport_update update =
        update_of("refs/heads/main", &third, &pushed.second);
    CHECK_OK(publish(&pushed, &update, 1, false));
    CHECK(answer_is(&update, "branch is currently checked out"));
    CHECK_OK(dits_config_set(pushed.temp.context, pushed.temp.repo,
                             DITS_CONFIG_REPO, "receive.denyNonFastForwards",
                             "yes"));
    CHECK_OK(dits_config_set(pushed.temp.context, pushed.temp.repo,
                             DITS_CONFIG_REPO, "receive.denyCurrentBranch",
                             "ignore"));
    CHECK_OK(publish(&pushed, &update, 1, false));
    CHECK(answer_is(&update, "non-fast-forward"));
    CHECK_OK(dits_config_set(pushed.temp.context, pushed.temp.repo,
                             DITS_CONFIG_REPO, "receive.denyNonFastForwards",
                             "no"));
    CHECK_OK(publish(&pushed, &update, 1, false));
    CHECK(answer_is(&update, NULL));
    CHECK(temp_repo_ref_is(&pushed.temp, "refs/heads/main", &pushed.second));
}
