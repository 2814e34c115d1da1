/*
 * repo/unfinished.h - work that a command began and the user has to end
 *
 * A merge with conflicts, a commit that is being picked, a rebase that stopped.
 * All of it is one commit object that the ref REF_UNFINISHED leads to
 * (docs/formats/unfinished.md): so it is kept by gc, moves with the operation
 * in one transaction, and undo takes it back like any branch.
 *
 * The three stages of conflicts are partial trees: a path that is in any of
 * them is not resolved. In the index it stands as it is on our side.
 */
#ifndef REPO_UNFINISHED_H
#define REPO_UNFINISHED_H

#include "object/tree.h"
#include "repo/operation.h"

/* Values are on disk. */
enum unfinished_kind {
    UNFINISHED_NONE = 0,
    UNFINISHED_MERGE = 1,
    UNFINISHED_SQUASH = 2,
    UNFINISHED_PICK = 3,
    UNFINISHED_REVERT = 4,
    UNFINISHED_REBASE = 5,
    UNFINISHED_STASH = 6, /* changes of a stash with conflicts */
};
#define UNFINISHED_KIND_COUNT 7

/* "merge", "cherry-pick" …: the command that goes on with it. */
const char *unfinished_name(enum unfinished_kind kind);

enum stage { STAGE_BASE = 0, STAGE_OURS = 1, STAGE_THEIRS = 2 };
#define STAGE_COUNT 3

/* Owns what it points to. Ids are zero where they have no meaning. */
struct unfinished {
    enum unfinished_kind kind;
    struct dits_oid ref; /* the commit that all this was read from */
    struct dits_oid stages[STAGE_COUNT]; /* trees; zero: empty */
    struct dits_oid beside;    /* tree of the files put beside conflicts */
    struct dits_oid start;     /* HEAD when it began */
    struct dits_oid other;     /* merged, or being applied */
    struct dits_oid onto;      /* of a rebase */
    struct dits_oid autostash; /* of a rebase: the changes put aside */
    char *branch;              /* full name; of a rebase: to be moved */
    char *message;             /* of the commit to be made */
    struct dits_oid *steps;    /* commits to apply after `other` */
    size_t step_count;
    uint32_t mainline; /* the parent that picked merges are compared with */
    bool add_origin;   /* pick -x */
    bool no_commit;
};

void unfinished_release(struct unfinished *work);

/* `out->kind` is NONE when there is no such work. */
MUST_USE dits_error *unfinished_read(dits_repo *repo, struct unfinished *out);

/* Whether there is any, cheaply. */
MUST_USE dits_error *unfinished_is_there(dits_repo *repo, bool *out);

/* CONFLICT, saying what to do, when there is any. `what`: "merge". */
MUST_USE dits_error *unfinished_refuse(dits_repo *repo, const char *what);

/* The conflicts and what was put beside them are no more. */
void unfinished_clear_conflicts(struct unfinished *work);

/* Whether a path is not resolved. */
bool unfinished_has_conflicts(const struct unfinished *work);

/*
 * Part of the operation: `work` takes the place of what it was read from, or of
 * nothing. With kind NONE that is removed.
 */
MUST_USE dits_error *operation_set_unfinished(struct operation *operation,
                                              const struct unfinished *work);

/*
 * The headers of its commit, without stages and message. What is decoded is
 * added to `work`, which is empty: release it also after an error.
 */
MUST_USE dits_error *unfinished_encode(const struct unfinished *work,
                                       struct buf *out);
MUST_USE dits_error *unfinished_decode(struct slice headers,
                                       struct unfinished *work);

#endif
