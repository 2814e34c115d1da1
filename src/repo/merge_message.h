/*
 * repo/merge_message.h - what the commit of a merge says
 */
#ifndef REPO_MERGE_MESSAGE_H
#define REPO_MERGE_MESSAGE_H

#include <dits/merge.h>

#include "repo/refs.h"

/*
 * The message given, else git's words: "Merge branch 'cut' into pilot", or of a
 * squashed merge the messages of all commits it brings. Free with mem_free().
 */
MUST_USE dits_error *merge_message(dits_repo *repo,
                                   const struct dits_merge_options *options,
                                   const struct refs_head *head,
                                   const struct dits_oid *other, char **out);

#endif
