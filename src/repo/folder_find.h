/*
 * repo/folder_find.h - every file below a folder
 */
#ifndef REPO_FOLDER_FIND_H
#define REPO_FOLDER_FIND_H

#include "repo/folder_plan.h"

/*
 * Add each file and symlink, with its stat data, in no particular order. Names
 * are such as a tree may hold, else INVALID. Folders .dits and .git are left
 * out; so is what is neither file nor folder, with a warning.
 */
MUST_USE dits_error *folder_find(const dits_context *context,
                                 const struct dir *folder,
                                 struct folder_plan *plan);

#endif
