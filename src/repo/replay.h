/*
 * repo/replay.h - commits applied one after the other, within one operation
 *
 * Clean steps happen in trees alone; index and files follow once, when all is
 * done or where it stops. What is left to do is the unfinished work
 * (repo/unfinished.h), which says what kind of replay it is.
 */
#ifndef REPO_REPLAY_H
#define REPO_REPLAY_H

#include <dits/replay.h>

#include "object/commit.h"
#include "repo/changes.h"
#include "repo/operation.h"
#include "repo/unfinished.h"

struct replay {
    dits_repo *repo;
    struct operation *operation;
    struct unfinished work; /* `steps` are those to apply */
    struct dits_replay_how how;
    struct dits_oid from;      /* the tree that index and files are at */
    struct dits_oid tip;       /* the newest commit */
    struct dits_oid tree;      /* of the result so far */
    struct change_list copies; /* beside conflicts that are over: to go */
    struct dits_replay_event *events;
    size_t event_count;
    size_t event_capacity;
    struct dits_replay_result result;
};

void replay_release(struct replay *replay);

/* At HEAD, with what is staged, which HEAD's tree is unless work goes on. */
MUST_USE dits_error *replay_begin(struct replay *replay, dits_repo *repo,
                                  const char *kind);

/* Append a step. */
MUST_USE dits_error *replay_add_step(struct replay *replay,
                                     const struct dits_oid *commit);

/*
 * Apply every step, bring files, HEAD and unfinished work to where that led,
 * and publish. `*out` is the result; the caller is told of commits.
 */
MUST_USE dits_error *replay_run(struct replay *replay,
                                struct dits_replay_result *out);

/* What was made of a commit, or that it was left out. */
MUST_USE dits_error *replay_note(struct replay *replay,
                                 const struct dits_oid *from,
                                 const struct dits_oid *made);

/* The message of the commit that applying `commit` makes. mem_free() it. */
MUST_USE dits_error *replay_message(const struct unfinished *work,
                                    const struct dits_oid *id,
                                    const struct commit *commit, char **out);

#endif
