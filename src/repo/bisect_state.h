/*
 * repo/bisect_state.h - what is kept of a bisection under way
 *
 * Refs below "refs/bisect/": "bad", "good-ID" and "skip-ID" lead to commits,
 * and "state" to a commit whose tree has the texts START (a branch's full name
 * or an id), TERMS (two lines), NAMES (paths, one a line) and LOG.
 */
#ifndef REPO_BISECT_STATE_H
#define REPO_BISECT_STATE_H

#include "repo/bisect_find.h"
#include "repo/operation.h"

struct bisect_state {
    bool is_active;
    struct dits_oid commit; /* of "state"; zero: none */
    bool has_bad;
    struct bisect_question question;
    char *start;
    char *bad_term;
    char *good_term;
    struct buf names;        /* NUL after each */
    const char **name_items; /* of question.paths */
    struct buf log;
};

void bisect_state_release(struct bisect_state *state);
MUST_USE dits_error *bisect_state_read(dits_repo *repo,
                                       struct bisect_state *out);

/* Add a path from the top. */
MUST_USE dits_error *bisect_state_add_path(struct bisect_state *state,
                                           const char *path);

/* Let the question's paths be those that were added. */
MUST_USE dits_error *bisect_state_set_paths(struct bisect_state *state);

/* Move the refs from `before` to `after`; an inactive one has none. */
MUST_USE dits_error *bisect_state_write(dits_repo *repo,
                                        struct operation *operation,
                                        const struct bisect_state *before,
                                        const struct bisect_state *after);

#endif
