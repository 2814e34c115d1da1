/* Adding, removing and renaming remotes. */
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/config.h"
#include "repo/operation.h"
#include "repo/ref_name.h"
#include "repo/remote.h"

static const struct dits_oid none = {0};

static dits_error *no_remote(const char *name)
{
    return error_hint(error_new(DITS_E_NOT_FOUND, "no such remote '%s'", name),
                      "See 'dits remote'.");
}

static dits_error *check_new(dits_repo *repo, const char *name)
{
    CLEANUP(remote_release) struct remote remote = {0};
    bool found = false;
    if (!remote_name_is_valid(name))
        return error_new(DITS_E_INVALID, "'%s' is not a valid remote name",
                         name);
    TRY(remote_find(repo, name, &remote, &found));
    return found ? error_new(DITS_E_EXISTS, "remote %s already exists", name)
                 : NULL;
}

static dits_error *check_there(dits_repo *repo, const char *name)
{
    CLEANUP(remote_release) struct remote remote = {0};
    bool found = false;
    TRY(remote_find(repo, name, &remote, &found));
    return found ? NULL : no_remote(name);
}

/* --- settings --- */

/* What is done to the file, in one step. */
struct edit {
    dits_repo *repo;
    const char *from; /* NULL: a new one */
    const char *to;   /* NULL: it goes */
    const char *url;
    const char *fetch; /* of a new one; NULL: the usual refspec, "": none */
};

static dits_error *replace(struct buf *text, struct buf *next)
{
    buf_clear(text);
    TRY(buf_put(text, next->data, next->size));
    buf_clear(next);
    return NULL;
}

/* One setting of "SECTION.SUB"; `value` NULL: it is removed. */
struct setting {
    const char *section;
    const char *sub;
    const char *name;
    const char *value;
};

static dits_error *put(const char *file, const struct setting *setting,
                       struct buf *text)
{
    CLEANUP(buf_release) struct buf key = {0};
    CLEANUP(buf_release) struct buf next = {0};
    TRY(buf_printf(&key, "%s.%s.%s", setting->section, setting->sub,
                   setting->name));
    TRY(config_file_edit(file, buf_slice(text), buf_text(&key), setting->value,
                         &next));
    return replace(text, &next);
}

static dits_error *put_new(const char *file, const struct edit *edit,
                           struct buf *text)
{
    CLEANUP(buf_release) struct buf fetch = {0};
    TRY(buf_printf(&fetch, "+" REF_BRANCHES "*:" REF_REMOTES "%s/*", edit->to));
    const struct setting settings[] = {
        {"remote", edit->to, "url", edit->url},
        {"remote", edit->to, "fetch",
         edit->fetch != NULL ? edit->fetch : buf_text(&fetch)},
    };
    TRY(put(file, &settings[0], text));
    return settings[1].value[0] != '\0' ? put(file, &settings[1], text) : NULL;
}

/* "branch.NAME.remote": its branch follows the remote. */
static bool follows(const struct config_entry *entry, const char *remote)
{
    return text_starts_with(entry->key, "branch.") &&
           text_ends_with(entry->key, ".remote") &&
           strcmp(entry->value, remote) == 0;
}

/* Branches that followed it follow it still, or nothing. */
static dits_error *put_followers(const char *file, const struct edit *edit,
                                 struct buf *text)
{
    CLEANUP(config_file_release) struct config_file was = {0};
    TRY(config_file_parse(file, text->data, text->size, &was));
    for (size_t i = 0; i < was.count; i++) {
        CLEANUP(text_free) char *section = NULL;
        CLEANUP(buf_release) struct buf next = {0};
        const char *key = was.entries[i].key;
        if (!follows(&was.entries[i], edit->from))
            continue;
        TRY(text_copy_part(key, strlen(key) - strlen(".remote"), &section));
        TRY(edit->to != NULL
                ? config_file_edit(file, buf_slice(text), key, edit->to, &next)
                : config_file_edit_section(file, buf_slice(text), section, NULL,
                                           &next));
        TRY(replace(text, &next));
    }
    return NULL;
}

/* The refspec as it is under the new name. */
static dits_error *put_spec(const char *file, const struct edit *edit,
                            const char *spec, struct buf *text)
{
    CLEANUP(buf_release) struct buf key = {0};
    CLEANUP(buf_release) struct buf old = {0};
    CLEANUP(buf_release) struct buf value = {0};
    CLEANUP(buf_release) struct buf next = {0};
    TRY(buf_printf(&key, "remote.%s.fetch", edit->to));
    TRY(buf_printf(&old, ":" REF_REMOTES "%s/", edit->from));
    const char *at = strstr(spec, buf_text(&old));
    if (at == NULL)
        TRY(buf_put_text(&value, spec));
    else
        TRY(buf_printf(&value, "%.*s:" REF_REMOTES "%s/%s", (int)(at - spec),
                       spec, edit->to, at + old.size));
    TRY(config_file_edit_add(file, buf_slice(text), buf_text(&key),
                             buf_text(&value), &next));
    return replace(text, &next);
}

/* Refspecs that kept what came below the old name. */
static dits_error *put_specs(const char *file, const struct edit *edit,
                             struct buf *text)
{
    CLEANUP(config_file_release) struct config_file was = {0};
    CLEANUP(buf_release) struct buf key = {0};
    CLEANUP(buf_release) struct buf next = {0};
    TRY(buf_printf(&key, "remote.%s.fetch", edit->to));
    TRY(config_file_parse(file, text->data, text->size, &was));
    if (config_file_find(&was, buf_text(&key)) == NULL)
        return NULL;
    TRY(config_file_edit(file, buf_slice(text), buf_text(&key), NULL, &next));
    TRY(replace(text, &next));
    for (size_t i = 0; i < was.count; i++)
        if (strcmp(was.entries[i].key, buf_text(&key)) == 0)
            TRY(put_spec(file, edit, was.entries[i].value, text));
    return NULL;
}

static dits_error *put_section(const char *file, const struct edit *edit,
                               struct buf *text)
{
    CLEANUP(buf_release) struct buf from = {0};
    CLEANUP(buf_release) struct buf to = {0};
    CLEANUP(buf_release) struct buf next = {0};
    TRY(buf_printf(&from, "remote.%s", edit->from));
    if (edit->to != NULL)
        TRY(buf_printf(&to, "remote.%s", edit->to));
    TRY(config_file_edit_section(file, buf_slice(text), buf_text(&from),
                                 edit->to != NULL ? buf_text(&to) : NULL,
                                 &next));
    TRY(replace(text, &next));
    if (edit->to != NULL)
        TRY(put_specs(file, edit, text));
    return put_followers(file, edit, text);
}

static dits_error *make_edit(const char *file, struct slice text,
                             struct buf *out, void *payload)
{
    const struct edit *edit = payload;
    const struct setting url = {"remote", edit->to, "url", edit->url};
    TRY(buf_put(out, text.data, text.size));
    if (edit->from == NULL)
        return put_new(file, edit, out);
    if (edit->url != NULL)
        return put(file, &url, out);
    return put_section(file, edit, out);
}

static dits_error *change(dits_repo *repo, struct edit *edit)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(repo->dits_dir, "config", &path));
    TRY(config_file_rewrite(path, make_edit, edit));
    return config_file_load(path, &repo->config->repo);
}

/* --- what is kept of it --- */

struct moving {
    struct operation *operation;
    const char *prefix; /* "refs/remotes/old/" */
    const char *to;     /* NULL: they go */
};

static dits_error *move_ref(const char *full_name, const struct dits_oid *value,
                            void *payload)
{
    const struct moving *moving = payload;
    CLEANUP(buf_release) struct buf name = {0};
    TRY(operation_set_ref(moving->operation, full_name, value, &none,
                          moving->to != NULL ? "remote: renamed"
                                             : "remote: removed"));
    if (moving->to == NULL)
        return NULL;
    TRY(buf_printf(&name, REF_REMOTES "%s/%s", moving->to,
                   full_name + strlen(moving->prefix)));
    return operation_set_ref(moving->operation, buf_text(&name), &none, value,
                             "remote: renamed");
}

static dits_error *move_refs(dits_repo *repo, const char *from, const char *to)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(buf_release) struct buf prefix = {0};
    TRY(buf_printf(&prefix, REF_REMOTES "%s/", from));
    TRY(operation_begin(repo, "remote", &operation));
    struct moving moving = {
        .operation = operation, .prefix = buf_text(&prefix), .to = to};
    TRY(refs_each(repo, buf_text(&prefix), move_ref, &moving));
    return operation_commit(operation);
}

/* --- public --- */

dits_error *dits_remote_add(dits_repo *repo, const char *name, const char *url)
{
    return remote_make(repo, name, url, NULL);
}

dits_error *remote_make(dits_repo *repo, const char *name, const char *url,
                        const char *fetch)
{
    struct edit edit = {.repo = repo, .to = name, .url = url, .fetch = fetch};
    TRY(check_new(repo, name));
    if (url[0] == '\0')
        return error_new(DITS_E_INVALID, "the url is empty");
    return change(repo, &edit);
}

dits_error *dits_remote_set_url(dits_repo *repo, const char *name,
                                const char *url)
{
    struct edit edit = {.repo = repo, .from = name, .to = name, .url = url};
    TRY(check_there(repo, name));
    if (url[0] == '\0')
        return error_new(DITS_E_INVALID, "the url is empty");
    return change(repo, &edit);
}

/* The settings go last: until then a second try finds the remote. */
dits_error *dits_remote_remove(dits_repo *repo, const char *name)
{
    struct edit edit = {.repo = repo, .from = name};
    TRY(check_there(repo, name));
    TRY(move_refs(repo, name, NULL));
    return change(repo, &edit);
}

dits_error *dits_remote_rename(dits_repo *repo, const char *from,
                               const char *to)
{
    struct edit edit = {.repo = repo, .from = from, .to = to};
    TRY(check_there(repo, from));
    if (strcmp(from, to) == 0)
        return NULL;
    TRY(check_new(repo, to));
    TRY(move_refs(repo, from, to));
    return change(repo, &edit);
}
