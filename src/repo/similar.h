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

/*
 * Turn deletions and additions that are left after change_list_find_renames()
 * into renames where their contents are alike: a half of the larger text; of
 * files in chunks, a half of the smaller one. Sides without an id (not stored)
 * are passed over.
 */
MUST_USE dits_error *similar_find_renames(dits_repo *repo,
                                          struct change_list *list);

#endif
