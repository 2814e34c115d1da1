/*
 * repo/obliterate_find.h - which assets are meant
 */
#ifndef REPO_OBLITERATE_FIND_H
#define REPO_OBLITERATE_FIND_H

#include <dits/maintenance.h>

#include "repo/obliteration.h"

/*
 * Every version of the named paths in commits, in operations and staged; the
 * named asset; all assets with the named content. Errors: NOT_FOUND.
 */
MUST_USE dits_error *obliterate_find(
    dits_repo *repo, const struct dits_obliterate_options *options,
    struct id_list *out);

#endif
