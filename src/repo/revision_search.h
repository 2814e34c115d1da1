/*
 * repo/revision_search.h - a commit found by its message
 */
#ifndef REPO_REVISION_SEARCH_H
#define REPO_REVISION_SEARCH_H

#include "repo/repo.h"

/*
 * The youngest commit among `from` (NULL: HEAD and all refs) and its ancestors
 * whose message matches: git's ":/text", an extended regular expression; "!-"
 * before it asks for one that does not match, "!!" is a '!'.
 * Errors: INVALID.
 */
MUST_USE dits_error *revision_search(dits_repo *repo,
                                     const struct dits_oid *from,
                                     const char *pattern, struct dits_oid *out,
                                     bool *out_found);

#endif
