#include <dits/refs.h>
#include <dits/replay.h>

#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "repo/autostash.h"
#include "repo/changes.h"
#include "repo/head_tree.h"
#include "repo/history.h"
#include "repo/id_set.h"
#include "repo/replay.h"

/* One dits_rebase(). */
struct rebasing {
    const struct dits_rebase_options *options;
    struct replay replay;
    struct dits_oid upstream;
    struct dits_oid onto;
    struct id_set known; /* what the upstream's commits do */
    bool has_merges;
};

static void release_rebasing(struct rebasing *rebasing)
{
    replay_release(&rebasing->replay);
    id_set_release(&rebasing->known);
}

/*
 * What a commit does to its parent's tree, as an id: commits that were picked
 * from one branch to another have it in common.
 */
static dits_error *what_it_does(dits_repo *repo, const dits_commit *commit,
                                struct dits_oid *out)
{
    CLEANUP(change_list_release) struct change_list list = {0};
    struct dits_oid before = {0};
    struct hash hash;
    TRY(head_tree_of(repo, dits_commit_parent(commit, 0), &before));
    TRY(change_list_of_trees(repo, &before, dits_commit_tree(commit), NULL,
                             &list));
    hash_begin(&hash);
    for (size_t i = 0; i < list.count; i++) {
        const struct change *change = &list.items[i];
        const uint8_t modes[2] = {(uint8_t)change->before.mode,
                                  (uint8_t)change->after.mode};
        hash_update(&hash, change->path, strlen(change->path) + 1);
        hash_update(&hash, modes, sizeof(modes));
        hash_update(&hash, change->before.id.hash, OID_SIZE);
        hash_update(&hash, change->after.id.hash, OID_SIZE);
    }
    hash_finish(&hash, out);
    /* Nothing is no sign of being the same. */
    if (list.count == 0)
        *out = *dits_commit_id(commit);
    return NULL;
}

static bool is_plain(const dits_commit *commit)
{
    return dits_commit_parent_count(commit) == 1;
}

static dits_error *note_upstream(const dits_commit *commit, void *payload)
{
    struct rebasing *rebasing = payload;
    struct dits_oid key = {0};
    if (!is_plain(commit))
        return NULL;
    TRY(what_it_does(rebasing->replay.repo, commit, &key));
    return id_set_add(&rebasing->known, &key, NULL);
}

static dits_error *take_commit(const dits_commit *commit, void *payload)
{
    static const struct dits_oid none = {0};
    struct rebasing *rebasing = payload;
    struct dits_oid key = {0};
    if (dits_commit_parent_count(commit) > 1) {
        rebasing->has_merges = true;
        return NULL;
    }
    if (is_plain(commit) && rebasing->known.count > 0) {
        TRY(what_it_does(rebasing->replay.repo, commit, &key));
        if (id_set_has(&rebasing->known, &key))
            return replay_note(&rebasing->replay, dits_commit_id(commit),
                               &none);
    }
    return replay_add_step(&rebasing->replay, dits_commit_id(commit));
}

/* What `of` has and `without` (zero: nothing) has not, oldest first. */
static dits_error *walk(struct rebasing *rebasing, const struct dits_oid *of,
                        const struct dits_oid *without, dits_commit_fn *fn)
{
    char with[DITS_OID_HEX_SIZE] = "";
    char not [DITS_OID_HEX_SIZE + 1] = "^";
    const char *const revisions[] = {with, not };
    const struct dits_log_options options = {
        .revisions = revisions,
        .revision_count = dits_oid_is_zero(without) ? 1 : 2,
        .topological = true,
        .reverse = true,
    };
    dits_oid_hex(of, with);
    dits_oid_hex(without, not +1);
    return dits_log(rebasing->replay.repo, &options, fn, rebasing);
}

static dits_error *collect(struct rebasing *rebasing)
{
    struct replay *replay = &rebasing->replay;
    if (!dits_oid_is_zero(&rebasing->upstream))
        TRY(walk(rebasing, &rebasing->upstream, &replay->tip, note_upstream));
    TRY(walk(rebasing, &replay->tip, &rebasing->upstream, take_commit));
    return NULL;
}

static dits_error *find_goal(struct rebasing *rebasing)
{
    const struct dits_rebase_options *options = rebasing->options;
    dits_repo *repo = rebasing->replay.repo;
    const char *upstream = options->root ? options->onto : options->upstream;
    if (upstream == NULL)
        return NULL; /* all of it, onto nothing */
    TRY(dits_revision_resolve(repo, upstream, DITS_REVISION_COMMIT,
                              &rebasing->upstream));
    rebasing->onto = rebasing->upstream;
    if (options->onto == NULL)
        return NULL;
    return dits_revision_resolve(repo, options->onto, DITS_REVISION_COMMIT,
                                 &rebasing->onto);
}

static dits_error *take_over_head(struct rebasing *rebasing)
{
    struct replay *replay = &rebasing->replay;
    const struct refs_head *head = operation_head(replay->operation);
    replay->work.kind = UNFINISHED_REBASE;
    replay->work.start = replay->tip;
    replay->work.onto = rebasing->onto;
    TRY(text_copy_optional(head->branch, &replay->work.branch));
    TRY(collect(rebasing));
    replay->tip = rebasing->onto;
    return head_tree_of(replay->repo, &rebasing->onto, &replay->tree);
}

/* Whether the history is what it would become. */
static dits_error *is_there_already(struct rebasing *rebasing, bool *out)
{
    const struct dits_oid *head = &rebasing->replay.work.start;
    *out = false;
    if (rebasing->has_merges || rebasing->options->force ||
        !dits_oid_equal(&rebasing->onto, &rebasing->upstream))
        return NULL;
    if (dits_oid_is_zero(&rebasing->onto)) {
        *out = true; /* no merge is in it, so each follows the one before */
        return NULL;
    }
    return history_contains(rebasing->replay.repo, head, &rebasing->onto, out);
}

static dits_error *go_to_branch(dits_repo *repo, const char *branch)
{
    const struct dits_switch_options options = {.target = branch};
    struct dits_switch_result result = {0};
    return branch != NULL ? dits_switch(repo, &options, &result) : NULL;
}

/* What was put aside stays with the work if it stops, or else is listed. */
static dits_error *run(struct rebasing *rebasing,
                       const struct dits_oid *autostash)
{
    struct replay *replay = &rebasing->replay;
    const struct dits_rebase_options *options = rebasing->options;
    dits_repo *repo = replay->repo;
    bool is_there = false;
    TRY(find_goal(rebasing));
    TRY(go_to_branch(repo, options->branch));
    TRY(replay_begin(replay, repo, "rebase"));
    TRY(unfinished_refuse(repo, "rebase"));
    TRY(take_over_head(rebasing));
    TRY(is_there_already(rebasing, &is_there));
    if (is_there) {
        replay->result.outcome = DITS_REPLAY_UP_TO_DATE;
        replay->result.after = replay->result.before;
        return NULL;
    }
    if (replay->work.step_count == 0 && !rebasing->has_merges)
        replay->result.outcome = DITS_REPLAY_FAST_FORWARD;
    TRY(autostash_unlist(replay->operation, autostash, &replay->work));
    return replay_run(replay, &replay->result);
}

/* Whatever came of it, the changes come back, unless it goes on later. */
static dits_error *run_with_autostash(struct rebasing *rebasing)
{
    struct dits_oid autostash = {0};
    dits_repo *repo = rebasing->replay.repo;
    TRY(autostash_push(repo, &autostash));
    dits_error *err = run(rebasing, &autostash);
    bool is_over = err != NULL ||
                   rebasing->replay.result.outcome == DITS_REPLAY_UP_TO_DATE;
    if (!is_over)
        return NULL;
    dits_error *other =
        autostash_pop(repo, &rebasing->replay.operation, &autostash);
    if (err == NULL)
        return other;
    dits_error_free(other); /* the first one says why; it is still listed */
    return err;
}

dits_error *dits_rebase(dits_repo *repo,
                        const struct dits_rebase_options *options,
                        struct dits_replay_result *out)
{
    CLEANUP(release_rebasing)
    struct rebasing rebasing = {.options = options,
                                .replay = {.repo = repo, .how = options->how}};
    static const struct dits_oid none = {0};
    if (options->upstream == NULL && !options->root)
        return error_new(DITS_E_INVALID, "nothing named to rebase onto");
    TRY(unfinished_refuse(repo, "rebase"));
    TRY(options->autostash ? run_with_autostash(&rebasing)
                           : run(&rebasing, &none));
    *out = rebasing.replay.result;
    return NULL;
}
