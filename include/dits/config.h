/*
 * dits/config.h - settings
 *
 * Keys are git's: section.name or section.sub.name. The user's own file is
 * given by the context, the repository's is .dits/config.
 */
#ifndef DITS_CONFIG_H
#define DITS_CONFIG_H

#include <dits/repo.h>

DITS_BEGIN_DECLS

enum dits_config_scope {
    DITS_CONFIG_ANY = 0, /* reading only: the repository's, else the user's */
    DITS_CONFIG_REPO = 1,
    DITS_CONFIG_USER = 2,
};

/*
 * `repo` may be NULL in all of these: then only the user's file counts. `*out`
 * is NULL when the key is not set (absence is an answer); dits_free() it.
 *
 * Errors: INVALID (no such form of key), CORRUPT (the file, naming the line).
 */
DITS_API DITS_MUST_USE dits_error *dits_config_get(const dits_context *context,
                                                   dits_repo *repo,
                                                   enum dits_config_scope scope,
                                                   const char *key, char **out);

/* `value` NULL removes the key; NOT_FOUND when it is not there. */
DITS_API DITS_MUST_USE dits_error *dits_config_set(const dits_context *context,
                                                   dits_repo *repo,
                                                   enum dits_config_scope scope,
                                                   const char *key,
                                                   const char *value);

/* An error ends the walk and is what the walk returns. */
typedef dits_error *dits_config_fn(const char *key, const char *value,
                                   enum dits_config_scope scope, void *payload);

DITS_API DITS_MUST_USE dits_error *dits_config_each(
    const dits_context *context, dits_repo *repo, enum dits_config_scope scope,
    dits_config_fn *fn, void *payload);

DITS_END_DECLS

#endif
