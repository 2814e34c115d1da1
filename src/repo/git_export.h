/*
 * repo/git_export.h - what goes to git: branches, tags, and their commits
 *
 * Public entries: dits_fast_export() and dits_export_git() in dits/exchange.h.
 */
#ifndef REPO_GIT_EXPORT_H
#define REPO_GIT_EXPORT_H

#include "repo/git_stream.h"

struct git_export_ref {
    char *name;         /* full */
    struct dits_oid id; /* a commit or a tag object */
    bool is_tag_object;
    struct dits_oid commit; /* what it leads to in the end; zero: no commit */
    bool is_written;
};

struct git_export {
    dits_repo *repo; /* borrowed */
    struct git_export_ref *refs;
    size_t ref_count;
    size_t ref_capacity;
    struct dits_oid *commits; /* that the target does not have, in order */
    size_t commit_count;
    size_t commit_capacity;
    size_t cut_count; /* of these, without their parents (shallow.h) */
};

void git_export_release(struct git_export *list);

/* Every branch and tag. */
MUST_USE dits_error *git_export_list_all(struct git_export *list);

/* The branch or tag of that name; "HEAD" is the branch that it is on. */
MUST_USE dits_error *git_export_list_name(struct git_export *list,
                                          const char *name);

/* The commits that the refs lead to, ancestors first. */
MUST_USE dits_error *git_export_list_commits(struct git_export *list,
                                             const struct git_target *target);

/* Write them, with progress. */
MUST_USE dits_error *git_export_write(const struct git_export *list,
                                      struct git_stream *stream);

#endif
