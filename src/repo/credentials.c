#include "repo/credentials.h"

#include <string.h>

#include "base/crypt.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "net/pin.h"
#include "repo/config_file.h"

enum { LOCK_WAIT_MS = 10000 };

static void wipe(char **text)
{
    if (*text != NULL)
        crypt_wipe(*text, strlen(*text));
    mem_free(*text);
    *text = NULL;
}

void credential_release(struct credential *credential)
{
    wipe(&credential->token);
    mem_free(credential->pin);
    credential->pin = NULL;
}

static void wipe_file(struct config_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        if (file->entries[i].value != NULL)
            crypt_wipe(file->entries[i].value, strlen(file->entries[i].value));
    config_file_release(file);
}

/* Beside the user's own configuration. NULL: there is none. */
static dits_error *path_of(const dits_context *context, char **out)
{
    CLEANUP(buf_release) struct buf path = {0};
    const char *config = context_options(context)->user_config;
    if (config == NULL)
        return NULL;
    const char *slash = strrchr(config, '/');
    size_t folder = slash != NULL ? (size_t)(slash - config) + 1 : 0;
    TRY(buf_put(&path, config, folder));
    TRY(buf_put_text(&path, "credentials"));
    return buf_take_text(&path, out);
}

static dits_error *check_private(const struct fs_file *file, const char *path)
{
    bool is_private = false;
    TRY(fs_is_private(file, &is_private));
    if (is_private)
        return NULL;
    return error_hint(
        error_new(DITS_E_DENIED, "others may read '%s'", path),
        "It has tokens inside. Say 'chmod 600 %s', and make new tokens where "
        "somebody may have read them.",
        path);
}

/* Empty where there is no file. */
static dits_error *load(const char *path, struct buf *out)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    struct fs_stat stat = {0};
    void *at = NULL;
    if (!fs_exists(path))
        return NULL;
    TRY(fs_open(path, FS_READ, &file));
    TRY(check_private(&file, path));
    TRY(fs_stat_file(&file, &stat));
    if (stat.size > CONFIG_MAX_BYTES)
        return error_new(DITS_E_LIMIT, "'%s' is too large", path);
    TRY(buf_extend(out, (size_t)stat.size, &at));
    return fs_read_at(&file, 0, (size_t)stat.size, at);
}

static dits_error *key_of(const char *server, const char *field, char **out)
{
    CLEANUP(buf_release) struct buf key = {0};
    TRY(buf_printf(&key, "server.%s.%s", server, field));
    return buf_take_text(&key, out);
}

static dits_error *take(const struct config_file *file, const char *server,
                        const char *field, char **out)
{
    CLEANUP(text_free) char *key = NULL;
    TRY(key_of(server, field, &key));
    return text_copy_optional(config_file_find(file, key), out);
}

/* They become a field of HTTP and an argument: nothing else may be inside. */
static dits_error *check(const struct credential *credential, const char *path)
{
    const char *token = credential->token;
    bool is_good = credential->pin == NULL || pin_is_valid(credential->pin);
    for (size_t i = 0; is_good && token != NULL && token[i] != '\0'; i++)
        is_good = token[i] > ' ' && token[i] < 0x7f;
    return is_good ? NULL
                   : error_new(DITS_E_CORRUPT,
                               "a token or a pin that is none in '%s'", path);
}

dits_error *credentials_find(const dits_context *context, const char *server,
                             struct credential *out)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(crypt_buf_wipe) struct buf text = {0};
    CLEANUP(wipe_file) struct config_file file = {0};
    CLEANUP(credential_release) struct credential found = {0};
    TRY(path_of(context, &path));
    if (path == NULL)
        return NULL;
    TRY(load(path, &text));
    TRY(config_file_parse(path, text.data, text.size, &file));
    TRY(take(&file, server, "token", &found.token));
    TRY(take(&file, server, "pin", &found.pin));
    TRY(check(&found, path));
    *out = MOVE(found);
    return NULL;
}

/* --- changing --- */

/* `text` becomes what it is with one value set, or without it. */
static dits_error *put(struct buf *text, const char *server, const char *field,
                       const char *value)
{
    CLEANUP(text_free) char *key = NULL;
    CLEANUP(crypt_buf_wipe) struct buf changed = buf_limited(CONFIG_MAX_BYTES);
    TRY(key_of(server, field, &key));
    TRY(config_file_edit("credentials", buf_slice(text), key, value, &changed));
    crypt_buf_wipe(text);
    *text = MOVE(changed);
    return NULL;
}

/* The section goes whole, so that nothing of an older record stays. */
static dits_error *drop(struct buf *text, const char *server)
{
    CLEANUP(buf_release) struct buf section = {0};
    CLEANUP(crypt_buf_wipe) struct buf changed = buf_limited(CONFIG_MAX_BYTES);
    TRY(buf_printf(&section, "server.%s", server));
    dits_error *err = config_file_edit_section(
        "credentials", buf_slice(text), buf_text(&section), NULL, &changed);
    if (err != NULL && dits_error_code(err) == DITS_E_NOT_FOUND) {
        dits_error_free(err); /* there was none */
        return NULL;
    }
    TRY(err);
    crypt_buf_wipe(text);
    *text = MOVE(changed);
    return NULL;
}

static dits_error *change(const char *path, const char *server,
                          const struct credential *credential)
{
    CLEANUP(crypt_buf_wipe) struct buf text = {0};
    TRY(load(path, &text));
    TRY(drop(&text, server));
    if (credential != NULL && credential->token != NULL)
        TRY(put(&text, server, "token", credential->token));
    if (credential != NULL && credential->pin != NULL)
        TRY(put(&text, server, "pin", credential->pin));
    return fs_replace_private(path, text.data, text.size);
}

dits_error *credentials_set(const dits_context *context, const char *server,
                            const struct credential *credential)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf lock_path = {0};
    CLEANUP(fs_close) struct fs_file lock = {0};
    TRY(path_of(context, &path));
    if (path == NULL)
        return error_new(DITS_E_INVALID,
                         "there is no folder for the user's configuration");
    if (credential != NULL)
        TRY(check(credential, path));
    TRY(fs_make_parents(path));
    TRY(buf_printf(&lock_path, "%s.lock", path));
    TRY(fs_lock(buf_text(&lock_path), FS_LOCK_EXCLUSIVE, LOCK_WAIT_MS, &lock));
    return change(path, server, credential);
}
