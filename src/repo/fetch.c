#include "repo/fetch.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/known.h"
#include "repo/ref_name.h"

static void item_release(struct fetch_item *item)
{
    mem_free(item->source);
    mem_free(item->target);
}

static void fetching_release(struct fetching *fetching)
{
    for (size_t i = 0; i < fetching->count; i++)
        item_release(&fetching->items[i]);
    mem_free(fetching->items);
    name_map_release(&fetching->pairs);
    receiving_release(&fetching->receiving);
    bundle_list_release(&fetching->list);
    transport_refs_release(&fetching->refs);
    refspecs_release(&fetching->specs);
    remote_release(&fetching->remote);
    transport_closep(&fetching->transport);
}

/* --- what is wanted --- */

/* There is no colon in a name: no two pairs are written alike. */
static dits_error *note_pair(struct fetching *fetching, const char *source,
                             const char *target, bool *out_new)
{
    CLEANUP(buf_release) struct buf pair = {0};
    TRY(buf_printf(&pair, "%s%s%s", source, target != NULL ? ":" : "",
                   target != NULL ? target : ""));
    return name_map_add(&fetching->pairs, buf_text(&pair), NULL, out_new);
}

dits_error *fetch_add(struct fetching *fetching,
                      const struct transport_ref *ref, const char *target,
                      bool force)
{
    CLEANUP(item_release)
    struct fetch_item item = {.id = ref->id,
                              .kind = ref->kind,
                              .commit = ref->commit,
                              .force = force || fetching->options->force};
    bool is_new = false;
    if (target != NULL && !ref_name_is_full(target))
        return error_new(DITS_E_INVALID, "'%s' is not a valid ref name",
                         target);
    TRY(note_pair(fetching, ref->name, target, &is_new));
    if (!is_new)
        return NULL;
    TRY(text_copy(ref->name, &item.source));
    TRY(text_copy_optional(target, &item.target));
    struct fetch_item *items = array_grown(fetching->items, fetching->count,
                                           &fetching->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    fetching->items = items;
    fetching->items[fetching->count++] = MOVE(item);
    return NULL;
}

/* A name as people give it: short, or full, or HEAD. */
static dits_error *find_there(const struct fetching *fetching, const char *name,
                              struct transport_ref *out)
{
    static const char *const prefixes[] = {"", "refs/", REF_TAGS, REF_BRANCHES};
    const struct transport_refs *refs = &fetching->refs;
    if (strcmp(name, REF_HEAD) == 0 || name[0] == '\0') {
        *out = (struct transport_ref){.name = REF_HEAD,
                                      .id = refs->head_id,
                                      .commit = refs->head_id,
                                      .kind = CHUNK_COMMIT};
        if (!dits_oid_is_zero(&refs->head_id))
            return NULL;
    }
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        CLEANUP(buf_release) struct buf full = {0};
        TRY(buf_printf(&full, "%s%s", prefixes[i], name));
        const struct transport_ref *ref =
            transport_refs_find(refs, buf_text(&full));
        if (ref == NULL)
            continue;
        *out = *ref;
        return NULL;
    }
    return error_hint(
        error_new(DITS_E_NOT_FOUND, "couldn't find remote ref '%s'", name),
        "See 'dits ls-remote'.");
}

/* The target of a plain refspec: "copy" is a branch, or a tag as its source. */
static dits_error *full_target(const char *target, const char *source,
                               struct buf *out)
{
    if (text_starts_with(target, REF_ALL))
        return buf_put_text(out, target);
    return buf_printf(
        out, "%s%s",
        text_starts_with(source, REF_TAGS) ? REF_TAGS : REF_BRANCHES, target);
}

static dits_error *add_pattern(struct fetching *fetching,
                               const struct refspec *spec)
{
    for (size_t i = 0; i < fetching->refs.count; i++) {
        CLEANUP(buf_release) struct buf target = {0};
        const struct transport_ref *ref = &fetching->refs.items[i];
        bool matches = false;
        TRY(refspec_map(spec, ref->name, &target, &matches));
        if (matches)
            TRY(fetch_add(fetching, ref,
                          target.size > 0 ? buf_text(&target) : NULL,
                          spec->force));
    }
    return NULL;
}

/* Where the settings keep it, although only its name was given. */
static dits_error *add_kept(struct fetching *fetching,
                            const struct transport_ref *ref)
{
    for (size_t i = 0; i < fetching->remote.fetch.count; i++) {
        CLEANUP(buf_release) struct buf target = {0};
        const struct refspec *spec = &fetching->remote.fetch.items[i];
        bool matches = false;
        TRY(refspec_map(spec, ref->name, &target, &matches));
        if (matches && target.size > 0)
            TRY(fetch_add(fetching, ref, buf_text(&target), spec->force));
    }
    return NULL;
}

static dits_error *add_plain(struct fetching *fetching,
                             const struct refspec *spec)
{
    CLEANUP(buf_release) struct buf target = {0};
    struct transport_ref ref = {0};
    TRY(find_there(fetching, spec->source, &ref));
    if (dits_oid_is_zero(&fetching->head))
        fetching->head = ref.commit;
    if (spec->target != NULL && spec->target[0] != '\0')
        TRY(full_target(spec->target, ref.name, &target));
    TRY(fetch_add(fetching, &ref, target.size > 0 ? buf_text(&target) : NULL,
                  spec->force));
    return fetching->options->refspec_count > 0 ? add_kept(fetching, &ref)
                                                : NULL;
}

/* What the current branch follows, where it is of this remote. */
static dits_error *find_head(struct fetching *fetching)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    CLEANUP(tracking_release) struct tracking tracking = {0};
    const struct transport_ref *ref = NULL;
    if (fetching->remote.name == NULL || !dits_oid_is_zero(&fetching->head))
        return NULL;
    TRY(refs_head_read(fetching->repo, &head));
    if (head.branch != NULL)
        TRY(tracking_find(fetching->repo, ref_name_short(head.branch),
                          &tracking));
    if (tracking.remote != NULL &&
        strcmp(tracking.remote, fetching->remote.name) == 0)
        ref = transport_refs_find(&fetching->refs, tracking.merge);
    if (ref != NULL)
        fetching->head = ref->commit;
    return NULL;
}

/* Tags that are new here: all, or those of what we have. */
static dits_error *add_tags(struct fetching *fetching,
                            const struct known *known)
{
    const struct dits_fetch_options *options = fetching->options;
    if (options->no_tags)
        return NULL;
    for (size_t i = 0; i < fetching->refs.count; i++) {
        const struct transport_ref *ref = &fetching->refs.items[i];
        struct dits_oid id = {0};
        bool found = false;
        if (!text_starts_with(ref->name, REF_TAGS))
            continue;
        TRY(refs_read(fetching->repo, ref->name, &id, &found));
        if (options->all_tags || (!found && known_has(known, &ref->commit)))
            TRY(fetch_add(fetching, ref, ref->name, false));
    }
    return NULL;
}

static bool follows_tags(const struct fetching *fetching)
{
    const struct dits_fetch_options *options = fetching->options;
    return !options->no_tags && fetching->remote.name != NULL;
}

static dits_error *choose(struct fetching *fetching, const struct known *known)
{
    for (size_t i = 0; i < fetching->specs.count; i++) {
        const struct refspec *spec = &fetching->specs.items[i];
        TRY(spec->is_pattern ? add_pattern(fetching, spec)
                             : add_plain(fetching, spec));
    }
    TRY(find_head(fetching));
    if (follows_tags(fetching) || fetching->options->all_tags)
        TRY(add_tags(fetching, known));
    return NULL;
}

/* --- and that it comes --- */

struct wishes {
    struct bundle_ref *refs; /* names are borrowed */
    size_t count;
    struct name_map names;
    struct buf haves;
};

static void wishes_release(struct wishes *wishes)
{
    mem_free(wishes->refs);
    name_map_release(&wishes->names);
    buf_release(&wishes->haves);
}

/* What we have whole needs no transfer; of a tag, the object is needed, too. */
static dits_error *is_wanted(const struct fetching *fetching,
                             const struct known *known,
                             const struct fetch_item *item, bool *out)
{
    struct dits_oid id = {0};
    bool found = false;
    *out = !known_has(known, &item->commit) || fetching->options->depth > 0;
    if (*out || item->kind != CHUNK_TAG)
        return NULL;
    if (item->target != NULL)
        TRY(refs_read(fetching->repo, item->target, &id, &found));
    *out = !found || !dits_oid_equal(&id, &item->id);
    return NULL;
}

static dits_error *make_wishes(const struct fetching *fetching,
                               const struct known *known, struct wishes *out)
{
    out->refs = mem_new_array(struct bundle_ref, fetching->count + 1);
    if (out->refs == NULL)
        return error_nomem();
    for (size_t i = 0; i < fetching->count; i++) {
        const struct fetch_item *item = &fetching->items[i];
        bool wanted = false;
        TRY(is_wanted(fetching, known, item, &wanted));
        if (wanted)
            TRY(name_map_add(&out->names, item->source, NULL, &wanted));
        if (wanted)
            out->refs[out->count++] = (struct bundle_ref){
                .name = item->source, .id = item->id, .kind = item->kind};
    }
    return NULL;
}

static dits_error *transfer(struct fetching *fetching, struct wishes *wishes)
{
    struct transport *transport = fetching->transport;
    const struct transport_sink sink = receiving_sink(&fetching->receiving);
    if (wishes->count == 0)
        return NULL;
    if (fetching->options->depth == 0)
        TRY(transport_negotiate(transport, fetching->repo, &wishes->haves));
    const struct transport_wish wish = {
        .refs = wishes->refs,
        .ref_count = wishes->count,
        .haves = (const void *)wishes->haves.data,
        .have_count = wishes->haves.size / sizeof(struct dits_oid),
        .depth = fetching->options->depth,
        .follow_tags = follows_tags(fetching),
    };
    TRY(transport->ops->fetch(transport, &wish, &fetching->list, &sink));
    return receiving_commit(&fetching->receiving);
}

/* The tags that came along with what they lead to. */
static dits_error *add_followed(struct fetching *fetching)
{
    for (size_t i = 0; i < fetching->list.ref_count; i++) {
        const struct bundle_ref *ref = &fetching->list.refs[i];
        const struct transport_ref *there = NULL;
        struct dits_oid id = {0};
        bool found = false;
        if (!follows_tags(fetching) || !text_starts_with(ref->name, REF_TAGS))
            continue;
        there = transport_refs_find(&fetching->refs, ref->name);
        TRY(refs_read(fetching->repo, ref->name, &id, &found));
        if (there != NULL && !found && dits_oid_equal(&there->id, &ref->id))
            TRY(fetch_add(fetching, there, there->name, false));
    }
    return NULL;
}

static dits_error *bring(struct fetching *fetching)
{
    CLEANUP(known_release) struct known known = {0};
    CLEANUP(wishes_release) struct wishes wishes = {0};
    struct transport *transport = fetching->transport;
    TRY(transport->ops->list(transport, &fetching->refs));
    TRY(known_find(fetching->repo, &fetching->refs, &known));
    TRY(choose(fetching, &known));
    TRY(make_wishes(fetching, &known, &wishes));
    TRY(transfer(fetching, &wishes));
    return add_followed(fetching);
}

/* --- which remote --- */

static dits_error *copy_specs(const struct refspecs *from, struct refspecs *to)
{
    for (size_t i = 0; i < from->count; i++) {
        CLEANUP(buf_release) struct buf text = {0};
        const struct refspec *spec = &from->items[i];
        TRY(buf_printf(&text, "%s%s%s%s", spec->force ? "+" : "", spec->source,
                       spec->target != NULL ? ":" : "",
                       spec->target != NULL ? spec->target : ""));
        TRY(refspecs_add(to, buf_text(&text)));
    }
    return NULL;
}

static dits_error *read_specs(struct fetching *fetching)
{
    const struct dits_fetch_options *options = fetching->options;
    for (size_t i = 0; i < options->refspec_count; i++)
        TRY(refspecs_add(&fetching->specs, options->refspecs[i]));
    if (options->refspec_count > 0)
        return NULL;
    if (fetching->remote.fetch.count == 0)
        return refspecs_add(&fetching->specs, REF_HEAD);
    return copy_specs(&fetching->remote.fetch, &fetching->specs);
}

static dits_error *run(struct fetching *fetching)
{
    TRY(read_specs(fetching));
    TRY(remote_connect(fetching->repo->context, fetching->repo,
                       &fetching->remote, NULL, &fetching->transport));
    TRY(receiving_begin(fetching->repo, "receiving", &fetching->receiving));
    TRY_CONTEXT(bring(fetching), "cannot fetch from '%s'",
                fetching->transport->where);
    return fetch_publish(fetching);
}

dits_error *dits_fetch(dits_repo *repo,
                       const struct dits_fetch_options *options,
                       struct dits_transfer_result *out)
{
    CLEANUP(fetching_release)
    struct fetching fetching = {.repo = repo, .options = options};
    TRY(remote_meant(repo, options->remote, &fetching.remote));
    TRY(run(&fetching));
    if (out != NULL)
        *out = fetching.result;
    return NULL;
}
