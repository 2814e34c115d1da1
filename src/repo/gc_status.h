/*
 * repo/gc_status.h - whether a gc is at work, and what the last one did
 */
#ifndef REPO_GC_STATUS_H
#define REPO_GC_STATUS_H

#include "repo/repo.h"

/* The kind of its rows in the log of runs. */
#define GC_RUN "gc"

/* Held by a gc, by pruning and repacking: one at a time. Errors: LOCKED. */
MUST_USE dits_error *gc_lock(const dits_repo *repo, struct fs_file *out);

#endif
