/*
 * repo/stages.h - the paths with conflicts, and how they come to an end
 */
#ifndef REPO_STAGES_H
#define REPO_STAGES_H

#include "repo/changes.h"
#include "repo/pathspec.h"
#include "repo/unfinished.h"

struct stage_path {
    char *path;
    struct change_side sides[STAGE_COUNT]; /* mode 0: not there */
};

/* Sorted by path. Empty is the zero value. */
struct stage_list {
    struct stage_path *items;
    size_t count;
    size_t capacity;
};

void stage_list_release(struct stage_list *list);

MUST_USE dits_error *stage_list_read(dits_repo *repo,
                                     const struct unfinished *work,
                                     struct stage_list *out);

/* The same of the repository's unfinished work. */
MUST_USE dits_error *stage_list_of_repo(dits_repo *repo,
                                        struct stage_list *out);

/* NULL: there is no conflict at this path. */
const struct stage_path *stage_list_find(const struct stage_list *list,
                                         const char *path);

/* Whether there is one at `path` or below it. */
bool stage_list_has_within(const struct stage_list *list, const char *path);

/*
 * The conflicts that `pathspec` names (NULL: all) are settled by what is staged
 * now: part of the operation. `out_settled` (NULL allowed): how many. With the
 * last one of what no commit ends, a stash, the copies go that
 * stages_last_copies() tells of.
 */
MUST_USE dits_error *stages_settle(struct operation *operation,
                                   struct pathspec *pathspec,
                                   size_t *out_settled);

/*
 * The copies that will go with that, for a checkout of the caller's own that
 * comes before: an operation remembers one. Those that were edited are spared.
 */
MUST_USE dits_error *stages_last_copies(struct operation *operation,
                                        const struct pathspec *pathspec,
                                        struct change_list *out);

/*
 * pathspec_note() every conflict that it names: they are known, staged or not.
 * `out_any` may be NULL.
 */
MUST_USE dits_error *stages_note(dits_repo *repo, struct pathspec *pathspec,
                                 bool *out_any);

/* The same for listed paths of `work`, which changes; they rise. */
MUST_USE dits_error *stages_drop(struct operation *operation,
                                 struct unfinished *work,
                                 const char *const *paths, size_t count);

/*
 * The file that was put beside the conflict at `path` for a side ("ours"):
 * its name, to be freed with mem_free(); NULL when there is none.
 */
MUST_USE dits_error *stages_find_beside(dits_repo *repo,
                                        const struct unfinished *work,
                                        const char *path, const char *side,
                                        struct change_side *out_side,
                                        char **out);

/*
 * What was put beside conflicts and is not staged, each on its way out. Not
 * sorted after what `out` has already.
 */
MUST_USE dits_error *stages_copies(struct operation *operation,
                                   const struct unfinished *work,
                                   struct change_list *out);

/*
 * Remove these copies from the work tree, as part of the operation; those that
 * were edited stay.
 */
MUST_USE dits_error *stages_tidy(struct operation *operation,
                                 const struct unfinished *work);

/*
 * The paths with conflicts that are staged as the tree `after` has them: what
 * lies there, markers and all, is given up with them. `out` is not sorted.
 */
MUST_USE dits_error *stages_marked(struct operation *operation,
                                   const struct unfinished *work,
                                   const struct dits_oid *after,
                                   struct change_list *out);

/*
 * Files in the work tree that are there because of conflicts and are not
 * staged: what was put beside them, and what our side had deleted. For a
 * discarding switch_files() to the tree `after`.
 */
MUST_USE dits_error *stages_leftovers(struct operation *operation,
                                      const struct unfinished *work,
                                      const struct dits_oid *after,
                                      struct change_list *out);

#endif
