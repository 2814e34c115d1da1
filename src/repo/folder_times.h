/*
 * repo/folder_times.h - whether the times of a folder tell of changes in it
 */
#ifndef REPO_FOLDER_TIMES_H
#define REPO_FOLDER_TIMES_H

#include <stdbool.h>

#include "base/error.h"

/*
 * Try it out, in a folder that is made in `parent` and removed again: each name
 * that comes, changes or goes has to show within milliseconds, by this
 * system's clock. Takes some of them. EXISTS: somebody else is at it.
 */
MUST_USE dits_error *folder_times_try(const char *parent, bool *out_told);

#endif
