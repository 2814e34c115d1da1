#include <dits/refs.h>
#include <dits/replay.h>

#include "base/text.h"
#include "repo/index.h"
#include "repo/merge_files.h"
#include "repo/replay.h"
#include "repo/revision_range.h"
#include "repo/stages.h"

static dits_error *add_commit(const dits_commit *commit, void *payload)
{
    return replay_add_step(payload, dits_commit_id(commit));
}

/* What they name together, in the order in which it is to be applied. */
static dits_error *walk(struct replay *replay, const char *const *revisions,
                        size_t count)
{
    const struct dits_log_options options = {
        .revisions = revisions,
        .revision_count = count,
        .topological = true,
        .reverse = replay->work.kind == UNFINISHED_PICK,
    };
    return dits_log(replay->repo, &options, add_commit, replay);
}

/* A range in the order in which it is to be applied, or one commit. */
static dits_error *add_revision(struct replay *replay, const char *revision)
{
    CLEANUP(revision_range_release) struct revision_range range = {0};
    struct dits_oid id = {0};
    TRY(revision_range_parse(revision, &range));
    if (range.kind != REVISION_RANGE_ONE)
        return walk(replay, &revision, 1);
    TRY(dits_revision_resolve(replay->repo, revision, DITS_REVISION_COMMIT,
                              &id));
    return replay_add_step(replay, &id);
}

/* One after the other; "^A B" is one walk, as nothing of it stands alone. */
static dits_error *add_revisions(struct replay *replay,
                                 const struct dits_pick_options *options)
{
    for (size_t i = 0; i < options->count; i++)
        if (options->revisions[i][0] == '^')
            return walk(replay, options->revisions, options->count);
    for (size_t i = 0; i < options->count; i++)
        TRY(add_revision(replay, options->revisions[i]));
    return NULL;
}

/*
 * A commit that it stopped at because it had nothing new, the last of its row,
 * leaves nothing to be lost: others may be applied in its place, as in git.
 */
static dits_error *check_work(struct replay *replay, const char *name)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    TRY(unfinished_read(replay->repo, &work));
    bool is_pick = work.kind == UNFINISHED_PICK ||
                   work.kind == UNFINISHED_REVERT;
    if (!is_pick || work.step_count > 0 || unfinished_has_conflicts(&work))
        return unfinished_refuse(replay->repo, name);
    replay->work.ref = work.ref;
    TRY(stages_copies(replay->operation, &work, &replay->copies));
    return merge_check_staged(replay->operation, &replay->tree, name);
}

/* Without a commit they are applied onto what is staged. */
static dits_error *begin_at_staged(struct replay *replay)
{
    struct operation *operation = replay->operation;
    TRY(index_write_tree(operation_index(operation),
                         operation_writer(operation), &replay->from));
    TRY(store_writer_commit(operation_writer(operation)));
    replay->tree = replay->from;
    return NULL;
}

dits_error *dits_pick(dits_repo *repo, const struct dits_pick_options *options,
                      struct dits_replay_result *out)
{
    enum unfinished_kind kind = options->revert ? UNFINISHED_REVERT
                                                : UNFINISHED_PICK;
    const char *name = unfinished_name(kind);
    CLEANUP(replay_release) struct replay replay = {.how = options->how};
    if (options->count == 0)
        return error_new(DITS_E_INVALID, "no commit named to %s", name);
    if (options->mainline > UINT8_MAX)
        return error_new(DITS_E_INVALID, "there is no parent %u",
                         options->mainline);
    TRY(replay_begin(&replay, repo, name));
    TRY(check_work(&replay, name));
    if (options->no_commit)
        TRY(begin_at_staged(&replay));
    replay.work.kind = kind;
    replay.work.start = replay.tip;
    replay.work.mainline = options->mainline;
    replay.work.add_origin = options->add_origin;
    replay.work.no_commit = options->no_commit;
    TRY(add_revisions(&replay, options));
    if (replay.work.step_count == 0)
        return error_new(DITS_E_INVALID, "'%s' names no commits",
                         options->revisions[0]);
    return replay_run(&replay, out);
}
