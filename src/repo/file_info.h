/*
 * repo/file_info.h - what file.c and list.c share
 */
#ifndef REPO_FILE_INFO_H
#define REPO_FILE_INFO_H

#include <dits/file.h>

#include "object/tree.h"

/* As in struct dits_file_info. */
char file_mode_letter(enum tree_mode mode);

/* Whether `revision` stands for what is staged. */
bool file_is_staged(const char *revision);

#endif
