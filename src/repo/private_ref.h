/*
 * repo/private_ref.h - names that each work tree has for itself
 *
 * HEAD's log, a bisection and unfinished work belong to one work tree. Those of
 * the main one are stored as they are called; those of linked work tree 3 below
 * "refs/worktrees/3/". refs.c, reflog.c and operation.c change the names: all
 * others say "HEAD" and "refs/bisect/bad" and mean the work tree at hand.
 */
#ifndef REPO_PRIVATE_REF_H
#define REPO_PRIVATE_REF_H

#include "base/buf.h"
#include "repo/repo.h"

/* Append what `full_name` (or the start of one) is stored under. */
MUST_USE dits_error *private_ref_name(const dits_repo *repo,
                                      const char *full_name, struct buf *out);

#endif
