/*
 * repo/revision_ids.h - abbreviated ids
 */
#ifndef REPO_REVISION_IDS_H
#define REPO_REVISION_IDS_H

#include "repo/refs.h"

#define REVISION_MIN_DIGITS 4
#define REVISION_SHORT_DIGITS 7

/*
 * The object whose id starts with the digits `text`: `*out_found` is false when
 * there is none, or when `text` is no such thing. Where several fit, what can
 * be `wanted` comes first. CONFLICT when there are still several: the hint
 * lists them.
 */
MUST_USE dits_error *revision_find_abbreviated(dits_repo *repo,
                                               const char *text,
                                               enum dits_revision_kind wanted,
                                               struct dits_oid *out,
                                               bool *out_found);

#endif
