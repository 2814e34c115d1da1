#include <dits/refs.h>
#include <dits/replay.h>

#include <string.h>

#include "base/text.h"
#include "repo/replay.h"

static dits_error *add_commit(const dits_commit *commit, void *payload)
{
    return replay_add_step(payload, dits_commit_id(commit));
}

/* A range in the order in which it is to be applied, or one commit. */
static dits_error *add_revision(struct replay *replay, const char *revision)
{
    struct dits_oid id = {0};
    if (strstr(revision, "..") == NULL) {
        TRY(dits_revision_resolve(replay->repo, revision, DITS_REVISION_COMMIT,
                                  &id));
        return replay_add_step(replay, &id);
    }
    const struct dits_log_options range = {
        .revisions = &revision,
        .revision_count = 1,
        .topological = true,
        .reverse = replay->work.kind == UNFINISHED_PICK,
    };
    return dits_log(replay->repo, &range, add_commit, replay);
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
    TRY(unfinished_refuse(repo, name));
    replay.work.kind = kind;
    replay.work.start = replay.tip;
    replay.work.mainline = options->mainline;
    replay.work.add_origin = options->add_origin;
    replay.work.no_commit = options->no_commit;
    for (size_t i = 0; i < options->count; i++)
        TRY(add_revision(&replay, options->revisions[i]));
    if (replay.work.step_count == 0)
        return error_new(DITS_E_INVALID, "'%s' names no commits",
                         options->revisions[0]);
    return replay_run(&replay, out);
}
