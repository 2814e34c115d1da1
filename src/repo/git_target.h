/*
 * repo/git_target.h - the git repository that an export goes to
 */
#ifndef REPO_GIT_TARGET_H
#define REPO_GIT_TARGET_H

#include "repo/git_export.h"
#include "repo/git_program.h"

/*
 * Open the repository at `path`, or make a bare one with HEAD on the branch
 * `head` (full name, or NULL). EXISTS when something else is there.
 */
MUST_USE dits_error *git_target_open(dits_repo *repo,
                                     const struct dits_git *git,
                                     const char *path, const char *head,
                                     struct git_place *out);

void git_target_release(struct git_target *target);

/* Where our commit or tag is there. */
MUST_USE dits_error *git_target_add(struct git_target *target,
                                    const struct dits_oid *ours,
                                    const struct dits_oid *git);
bool git_target_find(const struct git_target *target,
                     const struct dits_oid *ours, struct dits_oid *out);

/* Fill `target` with what .dits/git-map knows and a ref there leads to. */
MUST_USE dits_error *git_target_load(dits_repo *repo,
                                     const struct git_place *place,
                                     struct git_target *target);

/* Tag objects: written, and put into `target`. */
MUST_USE dits_error *git_target_write_tags(const struct git_place *place,
                                           const struct git_export *list,
                                           struct git_target *target);

/* Move the refs there to what the target has of ours, in one step. */
MUST_USE dits_error *git_target_move_refs(const struct git_place *place,
                                          const struct git_export *list,
                                          const struct git_target *target,
                                          bool force,
                                          struct dits_export_result *result);

#endif
