/*
 * repo/head_tree.h - the files of the commit that HEAD leads to
 */
#ifndef REPO_HEAD_TREE_H
#define REPO_HEAD_TREE_H

#include "repo/repo.h"

/* The empty tree where there is no commit yet. */
MUST_USE dits_error *head_tree(dits_repo *repo, struct dits_oid *out);

/* The tree of a commit; the empty one for the zero id. */
MUST_USE dits_error *head_tree_of(dits_repo *repo,
                                  const struct dits_oid *commit,
                                  struct dits_oid *out);

#endif
