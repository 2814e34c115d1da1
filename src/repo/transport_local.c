/*
 * A repository in a folder: on this machine, a mounted share, another disk.
 * What a server would do for us is done here, with that repository's own locks.
 */
#include <dits/commit.h>

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/id_set.h"
#include "repo/open.h"
#include "repo/publication.h"
#include "repo/receiving.h"
#include "repo/ref_name.h"
#include "repo/revision_resolve.h"

struct local {
    struct transport transport;
    char *path;
    dits_repo *far;
    struct receiving receiving; /* also while we only read: holds off sweeps */
    struct id_set history;      /* of its refs, once it was asked for */
    bool has_history;
};

static struct local *local_of(struct transport *transport)
{
    return (struct local *)transport;
}

static void local_close(struct transport *transport)
{
    struct local *local = local_of(transport);
    receiving_release(&local->receiving);
    id_set_release(&local->history);
    dits_repo_free(local->far);
    mem_free(local->path);
    mem_free(local);
}

/* --- what is there --- */

struct listing {
    struct local *local;
    struct transport_refs *out;
};

/* A tag of something that is no commit has no history to bring: left out. */
static dits_error *list_ref(const char *full_name, const struct dits_oid *id,
                            void *payload)
{
    struct listing *listing = payload;
    struct transport_refs *refs = listing->out;
    dits_repo *far = listing->local->far;
    struct revision_object object = {.id = *id, .kind = CHUNK_COMMIT};
    struct chunk_place place = {0};
    bool found = false;
    if (!text_starts_with(full_name, REF_BRANCHES) &&
        !text_starts_with(full_name, REF_TAGS) &&
        !text_starts_with(full_name, REF_NOTES))
        return NULL;
    TRY(store_find(far->store, id, &found, &place));
    if (found)
        object.kind = place.kind;
    struct transport_ref ref = {.id = *id, .kind = object.kind};
    if (found)
        TRY_CONTEXT(revision_peel_tags(far, &object), "cannot read '%s'",
                    full_name);
    if (object.kind != CHUNK_COMMIT)
        return NULL;
    ref.commit = object.id;
    struct transport_ref *items =
        array_grown(refs->items, refs->count, &refs->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    refs->items = items;
    TRY(text_copy(full_name, &ref.owned_name));
    ref.name = ref.owned_name;
    refs->items[refs->count++] = ref;
    return NULL;
}

static dits_error *local_list(struct transport *transport,
                              struct transport_refs *out)
{
    struct local *local = local_of(transport);
    CLEANUP(refs_head_release) struct refs_head head = {0};
    struct listing listing = {.local = local, .out = out};
    TRY(refs_each(local->far, REF_ALL, list_ref, &listing));
    TRY(refs_head_read(local->far, &head));
    out->head = MOVE(head.branch);
    out->head_id = head.commit;
    return NULL;
}

static dits_error *note_commit(const dits_commit *commit, void *payload)
{
    return id_set_add(payload, dits_commit_id(commit), NULL);
}

static dits_error *local_has(struct transport *transport,
                             const struct dits_oid *ids, size_t count,
                             bool *out)
{
    struct local *local = local_of(transport);
    const struct dits_log_options all = {.all = true};
    if (!local->has_history)
        TRY(dits_log(local->far, &all, note_commit, &local->history));
    local->has_history = true;
    for (size_t i = 0; i < count; i++)
        out[i] = id_set_has(&local->history, &ids[i]);
    return NULL;
}

/* --- from there --- */

/* Owned by the list that it was made of. */
struct tags {
    struct bundle_ref *items;
    size_t count;
};

static void tags_release(struct tags *tags)
{
    mem_free(tags->items);
}

static dits_error *tags_of(const struct transport_refs *refs, struct tags *out)
{
    out->items = mem_new_array(struct bundle_ref, refs->count + 1);
    if (out->items == NULL)
        return error_nomem();
    for (size_t i = 0; i < refs->count; i++) {
        const struct transport_ref *ref = &refs->items[i];
        if (text_starts_with(ref->name, REF_TAGS))
            out->items[out->count++] = (struct bundle_ref){
                .name = ref->owned_name, .id = ref->id, .kind = ref->kind};
    }
    return NULL;
}

static dits_error *local_fetch(struct transport *transport,
                               const struct transport_wish *asked,
                               struct bundle_list *out,
                               const struct transport_sink *sink)
{
    struct local *local = local_of(transport);
    CLEANUP(transport_refs_release) struct transport_refs refs = {0};
    CLEANUP(tags_release) struct tags tags = {0};
    uint64_t commits = 0;
    if (asked->follow_tags) {
        TRY(local_list(transport, &refs));
        TRY(tags_of(&refs, &tags));
    }
    const struct bundle_wish wish = {.refs = asked->refs,
                                     .ref_count = asked->ref_count,
                                     .haves = asked->haves,
                                     .have_count = asked->have_count,
                                     .depth = asked->depth,
                                     .follow = tags.items,
                                     .follow_count = tags.count};
    TRY(bundle_pick_wish(local->far, &wish, out, &commits));
    return transport_send(local->far, out, sink, NULL);
}

/* --- to there --- */

static dits_error *local_sink(struct transport *transport,
                              struct transport_sink *out)
{
    *out = receiving_sink(&local_of(transport)->receiving);
    return NULL;
}

static dits_error *local_publish(struct transport *transport,
                                 const struct bundle_list *list,
                                 struct transport_update *updates, size_t count,
                                 bool atomic)
{
    struct local *local = local_of(transport);
    const struct publication publication = {.repo = local->far,
                                            .list = list,
                                            .updates = updates,
                                            .count = count,
                                            .atomic = atomic};
    TRY(receiving_commit(&local->receiving));
    return publication_make(&publication);
}

static const struct transport_ops ops = {
    .list = local_list,
    .has = local_has,
    .fetch = local_fetch,
    .sink = local_sink,
    .publish = local_publish,
    .close = local_close,
};

/* --- opening --- */

static dits_error *no_repo(const char *path)
{
    return error_hint(
        error_new(DITS_E_NOT_FOUND,
                  "'%s' does not appear to be a dits "
                  "repository",
                  path),
        "Is the disk or the share mounted? The folder of a repository holds "
        ".dits.");
}

dits_error *transport_local_repo(const dits_context *context, const char *path,
                                 dits_repo **out)
{
    CLEANUP(text_free) char *real = NULL;
    CLEANUP(text_free) char *folder = NULL;
    if (!fs_exists(path))
        return no_repo(path);
    TRY(fs_real_path(path, &real));
    TRY(fs_join(strcmp(real, "/") == 0 ? "" : real, OPEN_FOLDER, &folder));
    if (!fs_exists(folder))
        return no_repo(path);
    return open_top(context, real, "", out);
}

dits_error *transport_open_local(const dits_context *context, const char *path,
                                 const char *task, struct transport **out)
{
    CLEANUP(transport_closep) struct transport *transport = NULL;
    struct local *local = mem_new(struct local);
    if (local == NULL)
        return error_nomem();
    local->transport = (struct transport){.ops = &ops, .context = context};
    transport = &local->transport;
    TRY(text_copy(path, &local->path));
    local->transport.where = local->path;
    TRY(transport_local_repo(context, path, &local->far));
    TRY(receiving_begin(local->far, task, &local->receiving));
    *out = MOVE(transport);
    return NULL;
}
