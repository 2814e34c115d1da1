/*
 * repo/similar.h - files that were renamed and changed at once
 *
 * Two files are taken for one when they share enough of their pieces: lines for
 * small texts, chunks for everything else. So a clip that was trimmed and moved
 * is still that clip. Costs what the pieces cost, not files times files.
 */
#ifndef REPO_SIMILAR_H
#define REPO_SIMILAR_H

#include "repo/changes.h"

/* So many files on both sides together are compared in a merge, and where it is
 * only for the eyes. */
#define SIMILAR_MAX_MERGED 20000u
#define SIMILAR_MAX_SHOWN 1000u

/*
 * Turn deletions and additions that are left after change_list_find_renames()
 * into renames where their contents are alike: a half of the larger text; of
 * files in chunks, a half of the smaller one. Sides without an id (not stored)
 * are passed over. With more than `files_max` of them nothing is done.
 */
MUST_USE dits_error *similar_find_renames(dits_repo *repo,
                                          struct change_list *list,
                                          size_t files_max);

#endif
