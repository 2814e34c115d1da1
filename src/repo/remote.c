#include "repo/remote.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/config.h"
#include "repo/ref_name.h"

#define PREFIX "remote."

void remote_release(struct remote *remote)
{
    mem_free(remote->name);
    mem_free(remote->url);
    refspecs_release(&remote->fetch);
    *remote = (struct remote){0};
}

bool remote_name_is_valid(const char *name)
{
    return ref_name_is_valid(name) && strchr(name, '"') == NULL;
}

dits_error *remote_setting(const dits_repo *repo, const char *section,
                           const char *sub, const char *name, const char **out)
{
    CLEANUP(buf_release) struct buf key = {0};
    TRY(buf_printf(&key, "%s.%s.%s", section, sub, name));
    *out = config_text(repo, buf_text(&key));
    return NULL;
}

/* "remote.NAME.url": NAME, which may have dots; length 0: another setting. */
static size_t name_in(const char *key)
{
    if (!text_starts_with(key, PREFIX))
        return 0;
    const char *name = key + strlen(PREFIX);
    const char *end = strrchr(name, '.');
    return end != NULL ? (size_t)(end - name) : 0;
}

static bool is_about(const char *key, const char *name, const char *what)
{
    size_t length = name_in(key);
    return length > 0 && strlen(name) == length &&
           strncmp(key + strlen(PREFIX), name, length) == 0 &&
           strcmp(key + strlen(PREFIX) + length + 1, what) == 0;
}

static dits_error *read_specs(const struct config_file *file, const char *name,
                              struct refspecs *out)
{
    for (size_t i = 0; i < file->count; i++)
        if (is_about(file->entries[i].key, name, "fetch"))
            TRY_CONTEXT(refspecs_add(out, file->entries[i].value),
                        "cannot read the setting '%s'", file->entries[i].key);
    return NULL;
}

dits_error *remote_find(dits_repo *repo, const char *name, struct remote *out,
                        bool *out_found)
{
    CLEANUP(remote_release) struct remote remote = {0};
    const char *url = NULL;
    TRY(remote_setting(repo, "remote", name, "url", &url));
    TRY(read_specs(&repo->config->repo, name, &remote.fetch));
    if (remote.fetch.count == 0)
        TRY(read_specs(&repo->config->user, name, &remote.fetch));
    *out_found = url != NULL || remote.fetch.count > 0;
    TRY(text_copy(name, &remote.name));
    TRY(text_copy_optional(url, &remote.url));
    *out = MOVE(remote);
    return NULL;
}

/* Whether an earlier setting of the file was about the same one. */
static bool came_before(const struct config_file *file, size_t number)
{
    const char *key = file->entries[number].key;
    size_t length = strlen(PREFIX) + name_in(key) + 1;
    for (size_t i = 0; i < number; i++)
        if (strncmp(file->entries[i].key, key, length) == 0 &&
            strchr(file->entries[i].key + length, '.') == NULL)
            return true;
    return false;
}

static dits_error *tell(dits_repo *repo, const char *name, dits_remote_fn *fn,
                        void *payload)
{
    CLEANUP(remote_release) struct remote remote = {0};
    CLEANUP(buf_release) struct buf texts = {0};
    bool found = false;
    const char **fetch = NULL;
    TRY(remote_find(repo, name, &remote, &found));
    size_t count = 0;
    const struct config_file *file = &repo->config->repo;
    for (size_t i = 0; i < file->count; i++)
        if (is_about(file->entries[i].key, name, "fetch"))
            TRY(buf_put(&texts, &file->entries[i].value, sizeof(char *)));
    count = texts.size / sizeof(char *);
    fetch = (const char **)(void *)texts.data;
    const struct dits_remote told = {.name = remote.name,
                                     .url = remote.url,
                                     .fetch = fetch,
                                     .fetch_count = count};
    return fn(&told, payload);
}

dits_error *dits_remote_each(dits_repo *repo, dits_remote_fn *fn, void *payload)
{
    const struct config_file *file = &repo->config->repo;
    for (size_t i = 0; i < file->count; i++) {
        CLEANUP(text_free) char *name = NULL;
        const char *key = file->entries[i].key;
        size_t length = name_in(key);
        if (length == 0 || came_before(file, i))
            continue;
        TRY(text_copy_part(key + strlen(PREFIX), length, &name));
        TRY(tell(repo, name, fn, payload));
    }
    return NULL;
}

struct counting {
    size_t count;
    char *name;
};

static dits_error *count_one(const struct dits_remote *remote, void *payload)
{
    struct counting *counting = payload;
    text_free(&counting->name);
    counting->count++;
    return text_copy(remote->name, &counting->name);
}

static dits_error *only_one(dits_repo *repo, char **out)
{
    struct counting counting = {0};
    dits_error *err = dits_remote_each(repo, count_one, &counting);
    if (err == NULL && counting.count == 1)
        *out = MOVE(counting.name);
    mem_free(counting.name);
    return err;
}

dits_error *remote_default(dits_repo *repo, char **out)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    const char *name = NULL;
    TRY(refs_head_read(repo, &head));
    if (head.branch != NULL)
        TRY(remote_setting(repo, "branch", ref_name_short(head.branch),
                           "remote", &name));
    if (name == NULL)
        TRY(only_one(repo, out));
    if (*out != NULL)
        return NULL;
    return text_copy(name != NULL ? name : REMOTE_DEFAULT, out);
}

struct walk {
    dits_ref_fn *fn;
    void *payload;
};

static dits_error *report(const char *full_name, const struct dits_oid *value,
                          void *payload)
{
    const struct walk *walk = payload;
    const struct dits_ref ref = {.name = ref_name_short(full_name),
                                 .commit = *value};
    return walk->fn(&ref, walk->payload);
}

dits_error *dits_remote_branch_each(dits_repo *repo, dits_ref_fn *fn,
                                    void *payload)
{
    struct walk walk = {.fn = fn, .payload = payload};
    return refs_each(repo, REF_REMOTES, report, &walk);
}
