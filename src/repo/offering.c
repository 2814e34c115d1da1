#include "repo/offering.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/history.h"
#include "repo/ref_name.h"
#include "repo/refs.h"
#include "repo/revision_resolve.h"

/* --- refs --- */

struct listing {
    dits_repo *repo;
    struct transport_refs *out;
};

/* A tag of something that is no commit has no history to bring: left out. */
static dits_error *list_ref(const char *full_name, const struct dits_oid *id,
                            void *payload)
{
    struct listing *listing = payload;
    struct transport_refs *refs = listing->out;
    struct revision_object object = {.id = *id, .kind = CHUNK_COMMIT};
    struct chunk_place place = {0};
    bool found = false;
    if (!text_starts_with(full_name, REF_BRANCHES) &&
        !text_starts_with(full_name, REF_TAGS) &&
        !text_starts_with(full_name, REF_NOTES))
        return NULL;
    TRY(store_find(listing->repo->store, id, &found, &place));
    if (found)
        object.kind = place.kind;
    struct transport_ref ref = {.id = *id, .kind = object.kind};
    if (found)
        TRY_CONTEXT(revision_peel_tags(listing->repo, &object),
                    "cannot read '%s'", full_name);
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

dits_error *offering_refs(dits_repo *repo, struct transport_refs *out)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    struct listing listing = {.repo = repo, .out = out};
    TRY(refs_each(repo, REF_ALL, list_ref, &listing));
    TRY(refs_head_read(repo, &head));
    out->head = MOVE(head.branch);
    out->head_id = head.commit;
    return NULL;
}

/* --- what is in its history --- */

/* What is asked, once each, and where its answer goes. */
struct asked {
    struct dits_oid *ids; /* rising */
    size_t count;
    bool *found;
    struct dits_oid *tips;
    size_t tip_count;
};

static void asked_release(struct asked *asked)
{
    mem_free(asked->ids);
    mem_free(asked->found);
    mem_free(asked->tips);
}

static int compare_ids(const void *a, const void *b)
{
    return oid_compare(a, b);
}

/* What is not even stored needs no walk. */
static dits_error *ask_for(dits_repo *repo, const struct dits_oid *ids,
                           size_t count, struct asked *out)
{
    out->ids = mem_new_array(struct dits_oid, count + 1);
    out->found = mem_new_array(bool, count + 1);
    if (out->ids == NULL || out->found == NULL)
        return error_nomem();
    for (size_t i = 0; i < count; i++) {
        struct chunk_place place = {0};
        bool found = false;
        TRY(store_find(repo->store, &ids[i], &found, &place));
        if (found && place.kind == CHUNK_COMMIT)
            out->ids[out->count++] = ids[i];
    }
    if (out->count > 1)
        qsort(out->ids, out->count, sizeof(*out->ids), compare_ids);
    size_t kept = 0;
    for (size_t i = 0; i < out->count; i++)
        if (kept == 0 || !dits_oid_equal(&out->ids[i], &out->ids[kept - 1]))
            out->ids[kept++] = out->ids[i];
    out->count = kept;
    return NULL;
}

static dits_error *start_from(const struct transport_refs *refs,
                              struct asked *out)
{
    out->tips = mem_new_array(struct dits_oid, refs->count + 1);
    if (out->tips == NULL)
        return error_nomem();
    for (size_t i = 0; i < refs->count; i++)
        out->tips[out->tip_count++] = refs->items[i].commit;
    if (!dits_oid_is_zero(&refs->head_id))
        out->tips[out->tip_count++] = refs->head_id;
    return NULL;
}

static bool was_found(const struct asked *asked, const struct dits_oid *id)
{
    const struct dits_oid *at = asked->count == 0
                                    ? NULL
                                    : bsearch(id, asked->ids, asked->count,
                                              sizeof(*asked->ids), compare_ids);
    return at != NULL && asked->found[at - asked->ids];
}

static dits_error *find_in_history(dits_repo *repo,
                                   const struct transport_refs *refs,
                                   const struct dits_oid *ids, size_t count,
                                   bool *out)
{
    CLEANUP(asked_release) struct asked asked = {0};
    TRY(ask_for(repo, ids, count, &asked));
    TRY(start_from(refs, &asked));
    if (asked.count > 0)
        TRY(history_find_each(
            repo, (struct history_ids){asked.tips, asked.tip_count},
            (struct history_ids){asked.ids, asked.count}, asked.found));
    for (size_t i = 0; i < count; i++)
        out[i] = was_found(&asked, &ids[i]);
    return NULL;
}

dits_error *offering_has(dits_repo *repo, const struct dits_oid *ids,
                         size_t count, bool *out)
{
    CLEANUP(transport_refs_release) struct transport_refs refs = {0};
    TRY(offering_refs(repo, &refs));
    return find_in_history(repo, &refs, ids, count, out);
}

/* --- what goes --- */

/* Names are borrowed from the list that they were made of. */
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

static dits_error *plan(dits_repo *repo, const struct transport_refs *refs,
                        const struct transport_wish *asked,
                        struct bundle_list *out)
{
    CLEANUP(tags_release) struct tags tags = {0};
    uint64_t commits = 0;
    if (asked->follow_tags)
        TRY(tags_of(refs, &tags));
    const struct bundle_wish wish = {.refs = asked->refs,
                                     .ref_count = asked->ref_count,
                                     .haves = asked->haves,
                                     .have_count = asked->have_count,
                                     .depth = asked->depth,
                                     .follow = tags.items,
                                     .follow_count = tags.count};
    return bundle_pick_wish(repo, &wish, out, &commits);
}

dits_error *offering_plan(dits_repo *repo, const struct transport_wish *asked,
                          struct bundle_list *out)
{
    CLEANUP(transport_refs_release) struct transport_refs refs = {0};
    if (asked->follow_tags)
        TRY(offering_refs(repo, &refs));
    return plan(repo, &refs, asked, out);
}

static bool is_offered(const struct transport_refs *refs,
                       const struct bundle_ref *ref)
{
    if (dits_oid_equal(&refs->head_id, &ref->id))
        return ref->kind == CHUNK_COMMIT;
    for (size_t i = 0; i < refs->count; i++)
        if (dits_oid_equal(&refs->items[i].id, &ref->id))
            return refs->items[i].kind == ref->kind;
    return false;
}

/* A branch may have gone on since it was listed: that is as good. */
static dits_error *check_wish(dits_repo *repo,
                              const struct transport_refs *refs,
                              const struct bundle_ref *ref)
{
    bool found = is_offered(refs, ref);
    if (!found && ref->kind == CHUNK_COMMIT)
        TRY(find_in_history(repo, refs, &ref->id, 1, &found));
    return found ? NULL
                 : error_hint(error_new(DITS_E_CONFLICT,
                                        "'%s' was moved there meanwhile",
                                        ref->name),
                              "Try again.");
}

static void free_haves(struct dits_oid **haves)
{
    mem_free(*haves);
}

static void free_flags(bool **flags)
{
    mem_free(*flags);
}

dits_error *offering_plan_checked(dits_repo *repo,
                                  const struct transport_wish *asked,
                                  struct bundle_list *out)
{
    CLEANUP(transport_refs_release) struct transport_refs refs = {0};
    CLEANUP(free_haves)
    struct dits_oid *haves =
        mem_new_array(struct dits_oid, asked->have_count + 1);
    CLEANUP(free_flags)
    bool *found = mem_new_array(bool, asked->have_count + 1);
    struct transport_wish wish = *asked;
    if (haves == NULL || found == NULL)
        return error_nomem();
    TRY(offering_refs(repo, &refs));
    for (size_t i = 0; i < asked->ref_count; i++)
        TRY(check_wish(repo, &refs, &asked->refs[i]));
    TRY(find_in_history(repo, &refs, asked->haves, asked->have_count, found));
    wish.haves = haves;
    wish.have_count = 0;
    for (size_t i = 0; i < asked->have_count; i++)
        if (found[i])
            haves[wish.have_count++] = asked->haves[i];
    return plan(repo, &refs, &wish, out);
}
