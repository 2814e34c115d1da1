/*
 * repo/operation.h - one command's change, published in one step
 *
 * O1. A command that changes the repository begins one operation (which takes
 *     the work lock and reads HEAD and the index), tells it what changes,
 *     and commits it. One database transaction then moves refs, HEAD, reflog
 *     and the operation's row together (W2); the index is written before it
 *     under the operation's number, so that a crash in between is told apart
 *     and finished or rolled back by the next command.
 * O2. Ids that an operation mentions are durable before it commits (W1).
 * O3. Before a file of the work tree is overwritten or removed whose content
 *     is in no commit and not staged, it is captured (worktree_capture.h)
 *     and the capture is part of the operation: undo brings it back.
 */
#ifndef REPO_OPERATION_H
#define REPO_OPERATION_H

#include "repo/refs.h"
#include "repo/repo.h"

struct operation;
struct index;
struct store_writer;

/* `kind` is a constant: "add", "commit", "switch" … */
MUST_USE dits_error *operation_begin(dits_repo *repo, const char *kind,
                                     struct operation **out);

/* The same by whoever has the work lock, which the operation takes over. */
MUST_USE dits_error *operation_begin_locked(dits_repo *repo, const char *kind,
                                            struct fs_file *lock,
                                            struct operation **out);

dits_repo *operation_repo(const struct operation *operation);

/* The index as it is; change it in place, operation_commit() saves it. */
struct index *operation_index(struct operation *operation);

/* Writer for what the operation refers to; committed by operation_commit(). */
struct store_writer *operation_writer(struct operation *operation);

/*
 * Move a ref if it still has the value `before` (zero: must not exist) to
 * `after` (zero: remove). `message` goes to the reflog. Nothing moves until
 * the commit, which answers CONFLICT if some ref has another value by then. So
 * does this at once for a branch that only another work tree is on.
 */
MUST_USE dits_error *operation_set_ref(struct operation *operation,
                                       const char *full_name,
                                       const struct dits_oid *before,
                                       const struct dits_oid *after,
                                       const char *message);

/* Whether it was told so, of a ref as it is stored. */
bool operation_moves_ref(const struct operation *operation,
                         const char *stored_name);

/*
 * Put HEAD on a branch (full name) or, with NULL, on the commit `id`. CONFLICT
 * when another work tree is on that branch. The reflog of HEAD gets `message`.
 * A branch that moves under HEAD is noted in HEAD's reflog by
 * operation_set_ref() itself.
 */
MUST_USE dits_error *operation_set_head(struct operation *operation,
                                        const char *branch,
                                        const struct dits_oid *id,
                                        const char *message);

/*
 * Move the branch that HEAD is on, or HEAD itself without one, to `commit`.
 * `message` goes to the reflog.
 */
MUST_USE dits_error *operation_advance(struct operation *operation,
                                       const struct dits_oid *commit,
                                       const char *message);

/*
 * What the operation changes in the work tree: partial trees of the touched
 * paths, before and after (zero: it does not touch it).
 */
void operation_set_worktree(struct operation *operation,
                            const struct dits_oid *before,
                            const struct dits_oid *after);

/* The sparse set becomes another one (texts: repo/sparse_set.h). */
MUST_USE dits_error *operation_set_sparse(struct operation *operation,
                                          const char *before,
                                          const char *after);

/* Branches that other work trees are on may be gone to, and move. */
void operation_share_branches(struct operation *operation);

/* The work tree of this operation is made by it, or ends with it. */
MUST_USE dits_error *operation_set_life(struct operation *operation,
                                        bool is_made);

/* It was asked for in this work tree, where undo takes it back. */
void operation_set_owner(struct operation *operation, const dits_repo *owner);

/* What asked for it, and the answer that is kept with it (request.h). Both are
 * borrowed up to the commit. */
struct request;
void operation_set_request(struct operation *operation,
                           const struct request *request, const char *answer);

/* What it will be published as, if nobody is killed before. */
uint64_t operation_number(const struct operation *operation);

/* HEAD as the operation found it. Borrowed. */
const struct refs_head *operation_head(const struct operation *operation);

/* The reflog of `from` becomes that of `to`: a branch is renamed, and HEADs on
 * it follow. Told before the refs are set. */
MUST_USE dits_error *operation_move_log(struct operation *operation,
                                        const char *from, const char *to);

/* This takes back the operation `id`, or does it again. */
void operation_set_undoes(struct operation *operation, uint64_t id, bool again);

/*
 * Before files are replaced whose content nothing else refers to: what
 * operation_set_worktree() will say is recorded at once, as an operation of its
 * own that operation_commit() takes the place of. After a crash in between undo
 * brings the files back. What `before` holds is durable.
 */
MUST_USE dits_error *operation_announce(struct operation *operation,
                                        const struct dits_oid *before,
                                        const struct dits_oid *after);

/* The files are as they were: nothing was announced. */
MUST_USE dits_error *operation_withdraw(struct operation *operation);

/*
 * One command in two steps, with no lock held between them. The first operation
 * is set `ahead`: what was undone before it can still be redone. The second one
 * takes over the number that the first was published under, and what it began
 * from, so that in the log there is one operation; `*out_taken` is false where
 * something else was done meanwhile.
 */
void operation_set_ahead(struct operation *operation);
MUST_USE dits_error *operation_take_over(struct operation *operation,
                                         uint64_t ahead, bool *out_taken);

/* After that: what was staged ahead is staged no more, and was never done. */
MUST_USE dits_error *operation_give_up(struct operation *operation);

/*
 * Publish. With nothing changed at all, nothing is written. Frees nothing:
 * operation_free() does, and drops what was not committed.
 */
MUST_USE dits_error *operation_commit(struct operation *operation);
bool operation_is_published(const struct operation *operation);
void operation_free(struct operation *operation);
void operation_freep(struct operation **operation);

#endif
