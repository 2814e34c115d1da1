#include "repo/config.h"

#include <dits/config.h>

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/date.h"

static dits_error *load_user(const dits_context *context,
                             struct config_file *out)
{
    const char *path = context_options(context)->user_config;
    return path != NULL ? config_file_load(path, out) : NULL;
}

dits_error *config_open(const dits_context *context, const char *folder,
                        struct config **out)
{
    CLEANUP(text_free) char *path = NULL;
    struct config *config = mem_new(struct config);
    if (config == NULL)
        return error_nomem();
    dits_error *err = fs_join(folder, "config", &path);
    if (err == NULL)
        err = config_file_load(path, &config->repo);
    if (err == NULL)
        err = load_user(context, &config->user);
    if (err != NULL) {
        config_free(config);
        return err;
    }
    *out = config;
    return NULL;
}

void config_free(struct config *config)
{
    if (config == NULL)
        return;
    config_file_release(&config->repo);
    config_file_release(&config->user);
    mem_free(config);
}

const char *config_text(const dits_repo *repo, const char *key)
{
    const char *value = config_file_find(&repo->config->repo, key);
    return value != NULL ? value : config_file_find(&repo->config->user, key);
}

dits_error *config_lookup(const dits_context *context, const dits_repo *repo,
                          const char *key, char **out)
{
    CLEANUP(config_file_release) struct config_file user = {0};
    if (repo != NULL)
        return text_copy_optional(config_text(repo, key), out);
    TRY(load_user(context, &user));
    return text_copy_optional(config_file_find(&user, key), out);
}

dits_error *config_expand_path(const dits_repo *repo, const char *path,
                               char **out)
{
    const char *home = context_options(repo->context)->home;
    if (home == NULL || !text_starts_with(path, "~/"))
        return text_copy(path, out);
    return fs_join(home, path + strlen("~/"), out);
}

dits_error *config_bool(const dits_repo *repo, const char *key, bool fallback,
                        bool *out)
{
    static const char *const yes[] = {"true", "yes", "on", "1"};
    static const char *const no[] = {"false", "no", "off", "0", ""};
    const char *value = config_text(repo, key);
    if (value == NULL) {
        *out = fallback;
        return NULL;
    }
    for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
        if (strcasecmp(value, yes[i]) == 0) {
            *out = true;
            return NULL;
        }
    }
    for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++) {
        if (strcasecmp(value, no[i]) == 0) {
            *out = false;
            return NULL;
        }
    }
    return error_hint(error_new(DITS_E_INVALID,
                                "'%s' is neither true nor false in '%s'", value,
                                key),
                      "See 'dits config %s'.", key);
}

dits_error *config_number(const dits_repo *repo, const char *key,
                          uint64_t fallback, uint64_t *out)
{
    const char *value = config_text(repo, key);
    if (value == NULL) {
        *out = fallback;
        return NULL;
    }
    if (!text_to_size(value, out))
        return error_hint(error_new(DITS_E_INVALID,
                                    "'%s' is not a number in '%s'", value, key),
                          "Numbers may end in k, m or g.");
    return NULL;
}

dits_error *config_expiry(const dits_repo *repo, const char *key,
                          const char *fallback, int64_t *out)
{
    const char *value = config_text(repo, key);
    if (value == NULL)
        value = fallback;
    if (strcasecmp(value, "never") == 0) {
        *out = INT64_MIN;
        return NULL;
    }
    TRY_CONTEXT(date_parse_age(repo->context, value, out),
                "cannot read the setting '%s'", key);
    return NULL;
}

/* The path of the file that `scope` stands for, to be written. */
static dits_error *path_to_write(const dits_context *context,
                                 const dits_repo *repo,
                                 enum dits_config_scope scope, char **out)
{
    if (scope == DITS_CONFIG_USER) {
        const char *path = context_options(context)->user_config;
        if (path == NULL)
            return error_new(DITS_E_NOT_FOUND,
                             "there is no place for the user's settings");
        return text_copy(path, out);
    }
    if (repo == NULL)
        return error_hint(
            error_new(DITS_E_NOT_FOUND, "not in a dits repository"),
            "Run this in a repository, or set it for the user.");
    return fs_join(repo->dits_dir, "config", out);
}

dits_error *dits_config_set(const dits_context *context, dits_repo *repo,
                            enum dits_config_scope scope, const char *key,
                            const char *value)
{
    CLEANUP(text_free) char *canonical = NULL;
    CLEANUP(text_free) char *path = NULL;
    TRY(config_key_canonical(key, &canonical));
    TRY(path_to_write(context, repo, scope, &path));
    TRY(config_file_set(path, canonical, value));
    if (repo == NULL)
        return NULL;
    return config_file_load(path, scope == DITS_CONFIG_USER
                                      ? &repo->config->user
                                      : &repo->config->repo);
}

/* The files that `scope` covers; `own` holds what no repository has read. */
static dits_error *files_of(const dits_context *context, const dits_repo *repo,
                            enum dits_config_scope scope,
                            struct config_file *own,
                            const struct config_file *out[2])
{
    if (scope != DITS_CONFIG_REPO) {
        if (repo == NULL)
            TRY(load_user(context, own));
        out[0] = repo != NULL ? &repo->config->user : own;
    }
    if (scope != DITS_CONFIG_USER && repo != NULL)
        out[1] = &repo->config->repo;
    return NULL;
}

dits_error *dits_config_get(const dits_context *context, dits_repo *repo,
                            enum dits_config_scope scope, const char *key,
                            char **out)
{
    CLEANUP(text_free) char *canonical = NULL;
    CLEANUP(config_file_release) struct config_file own = {0};
    const struct config_file *files[2] = {NULL, NULL};
    TRY(config_key_canonical(key, &canonical));
    TRY(files_of(context, repo, scope, &own, files));

    const char *value = NULL;
    for (int i = 1; i >= 0 && value == NULL; i--) {
        if (files[i] != NULL)
            value = config_file_find(files[i], canonical);
    }
    return text_copy_optional(value, out);
}

dits_error *dits_config_each(const dits_context *context, dits_repo *repo,
                             enum dits_config_scope scope, dits_config_fn *fn,
                             void *payload)
{
    CLEANUP(config_file_release) struct config_file own = {0};
    const struct config_file *files[2] = {NULL, NULL};
    TRY(files_of(context, repo, scope, &own, files));
    for (int i = 0; i < 2; i++) {
        for (size_t j = 0; files[i] != NULL && j < files[i]->count; j++)
            TRY(fn(files[i]->entries[j].key, files[i]->entries[j].value,
                   i == 0 ? DITS_CONFIG_USER : DITS_CONFIG_REPO, payload));
    }
    return NULL;
}
