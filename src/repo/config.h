/*
 * repo/config.h - settings as the library reads them
 *
 * The repository's file wins over the user's. Public access: dits/config.h.
 */
#ifndef REPO_CONFIG_H
#define REPO_CONFIG_H

#include <stdint.h>

#include "base/context.h"
#include "repo/config_file.h"
#include "repo/repo.h"

/* Both files, read when the repository was opened. */
struct config {
    struct config_file repo;
    struct config_file user;
};

/* `folder` is the .dits folder. */
MUST_USE dits_error *config_open(const dits_context *context,
                                 const char *folder, struct config **out);
void config_free(struct config *config);

/* The value, borrowed, or NULL when it is not set. `key` is canonical. */
const char *config_text(const dits_repo *repo, const char *key);

/* The same, also where there is no repository yet: `repo` NULL. Owned. */
MUST_USE dits_error *config_lookup(const dits_context *context,
                                   const dits_repo *repo, const char *key,
                                   char **out);

/*
 * A path as settings give it: "~/" at its start is the caller's home folder.
 * Free with mem_free().
 */
MUST_USE dits_error *config_expand_path(const dits_repo *repo, const char *path,
                                        char **out);

/* These answer `fallback` when it is not set, INVALID when it is no such
 * thing. Numbers may end in k, m or g. Ages are "90 days" or "never". */
MUST_USE dits_error *config_bool(const dits_repo *repo, const char *key,
                                 bool fallback, bool *out);
MUST_USE dits_error *config_number(const dits_repo *repo, const char *key,
                                   uint64_t fallback, uint64_t *out);

/*
 * The time before which things expire: an age ("90 days") or a date is read
 * against the context's clock. INT64_MIN stands for never.
 */
MUST_USE dits_error *config_expiry(const dits_repo *repo, const char *key,
                                   const char *fallback, int64_t *out);

#endif
