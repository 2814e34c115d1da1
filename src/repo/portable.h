/*
 * repo/portable.h - names that other systems cannot hold
 *
 * Linux keeps "A.mov" beside "a.mov", and "con" or "x:y"; Windows and macOS do
 * not. Such names are stored all the same, with a warning.
 */
#ifndef REPO_PORTABLE_H
#define REPO_PORTABLE_H

#include "repo/index.h"

struct staging;

/* Whether Windows refuses the name of a file or folder in `path`. */
bool portable_is_reserved(const char *path);

/* Equal for paths that differ in case alone. NOMEM. */
MUST_USE dits_error *portable_fold_hash(const char *path, uint64_t *out);

/* Warn of what is about to be added, of each kind a few at most. */
MUST_USE dits_error *portable_warn(const struct staging *staging);

#endif
