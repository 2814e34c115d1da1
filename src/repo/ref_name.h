/*
 * repo/ref_name.h - the names of branches, tags and other refs
 *
 * ref_name_is_valid() is declared in repo/refs.h.
 */
#ifndef REPO_REF_NAME_H
#define REPO_REF_NAME_H

#include "repo/refs.h"

#define REF_ALL "refs/"
#define REF_BRANCHES "refs/heads/"
#define REF_TAGS "refs/tags/"
#define REF_REMOTES "refs/remotes/" /* repo/remote.h */
#define REF_NOTES "refs/notes/"
#define REF_BISECT "refs/bisect/"             /* repo/bisect_state.h */
#define REF_STASH "refs/stash/"               /* repo/stash.h */
#define REF_FETCH_HEAD "refs/fetch/head"      /* repo/fetch.h */
#define REF_UNFINISHED "refs/unfinished/work" /* repo/unfinished.h */
#define REF_LINKED "refs/worktrees/"          /* repo/private_ref.h */
#define REF_HEAD "HEAD"

/* INVALID with the rules as the hint. `what`: "branch" or "tag". */
dits_error *ref_name_error(const char *name, const char *what) NEVER_NULL;

/* The full names of a branch and a tag, by the rules. Errors: INVALID. */
MUST_USE dits_error *ref_name_of_branch(const char *name, struct buf *out);
MUST_USE dits_error *ref_name_of_tag(const char *name, struct buf *out);

/* Whether `full_name` is HEAD, or "refs/FOLDER/NAME" by the rules. */
bool ref_name_is_full(const char *full_name);

/* The short name for people: without "refs/heads/", "refs/tags/" or
 * "refs/remotes/". */
const char *ref_name_short(const char *full_name);

#endif
