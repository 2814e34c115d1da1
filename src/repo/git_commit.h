/*
 * repo/git_commit.h - commits and tags of git as ours, and back
 *
 * What our commits have no field for is kept in extra headers, where git's own
 * bytes could not be made again without them (docs/formats/commit.md).
 */
#ifndef REPO_GIT_COMMIT_H
#define REPO_GIT_COMMIT_H

#include "object/commit.h"
#include "repo/git_text.h"

#define GIT_HEADER_AUTHOR "git-author"       /* the line, as it was */
#define GIT_HEADER_COMMITTER "git-committer" /* the same */
#define GIT_HEADER_ENCODING "git-encoding"   /* what git says it is */
#define GIT_HEADER_MESSAGE "git-message"     /* the bytes, as they were */
#define GIT_HEADER_OTHERS "git-headers"      /* further lines: signatures … */

/* All but tree and parents. */
MUST_USE dits_error *git_commit_decode(const struct git_commit *from,
                                       struct commit *out);

/* All but the target. */
MUST_USE dits_error *git_tag_decode(const struct git_tag *from,
                                    struct tag *out);

/* "NAME <MAIL> TIME ZONE" */
MUST_USE dits_error *git_person_put(const struct person *person,
                                    struct buf *out);

/* The line "tagger …", where the tag has one: the oldest of git have none. */
MUST_USE dits_error *git_tagger_put(const struct tag *tag, struct buf *out);

/* The value of an extra header; false without one. Borrowed. */
bool git_header_find(const struct commit *commit, const char *name,
                     struct slice *out);

#endif
