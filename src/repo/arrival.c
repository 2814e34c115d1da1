#include "repo/arrival.h"

#include <string.h>

#include "base/mem.h"
#include "object/commit.h"
#include "repo/revision_resolve.h"

dits_error *arrival_find_ours(dits_repo *repo, struct history_ids ids,
                              bool *out)
{
    CLEANUP(buf_release) struct buf tips = {0};
    TRY(revision_named_commits(repo, &tips));
    const struct history_ids ours = {(const void *)tips.data,
                                     tips.size / sizeof(struct dits_oid)};
    return history_find_each(repo, ours, ids, out);
}

static void free_ids(struct dits_oid **ids)
{
    mem_free(*ids);
}

dits_error *arrival_find_needs(dits_repo *repo, const struct bundle_list *list,
                               bool *out)
{
    size_t count = list->need_count;
    CLEANUP(free_ids)
    struct dits_oid *ids = mem_new_array(struct dits_oid, count + 1);
    if (ids == NULL)
        return error_nomem();
    for (size_t i = 0; i < count; i++)
        ids[i] = list->needs[i].id;
    return arrival_find_ours(repo, (struct history_ids){ids, count}, out);
}

/* Of what may be missing: it is met, and so noted before the refs move. */
static dits_error *meet_lack(struct bundle_lack *lack, enum chunk_kind kind,
                             const struct dits_oid *id, bool *out_lacks)
{
    *out_lacks = kind == CHUNK_DATA && id_set_has(&lack->chunks, id);
    if (kind == CHUNK_ASSET && id_set_has(&lack->assets, id))
        return id_list_add(&lack->met_assets, id);
    return *out_lacks ? id_list_add(&lack->met_chunks, id) : NULL;
}

/* Objects are read, and so there; of data it is asked. */
static dits_error *check_there(enum chunk_kind kind, const struct dits_oid *id,
                               void *payload)
{
    struct arrival *arrival = payload;
    struct chunk_place place = {0};
    char hex[OID_HEX_SIZE];
    bool found = false;
    bool lacks = false;
    TRY(context_check(arrival->repo->context));
    TRY(meet_lack(&arrival->lack, kind, id, &lacks));
    if (lacks)
        return NULL;
    TRY(store_find(arrival->repo->store, id, &found, &place));
    if (found && place.kind == kind)
        return NULL;
    dits_oid_hex(id, hex);
    return error_new(DITS_E_CORRUPT, "%s lacks %s %.12s", arrival->source,
                     chunk_kind_name(kind), hex);
}

dits_error *arrival_begin(dits_repo *repo, const struct bundle_list *list,
                          const char *source, struct arrival *out)
{
    *out = (struct arrival){
        .repo = repo,
        .list = list,
        .source = source,
        .reach = {.repo = repo, .boundary = &list->cuts},
    };
    for (size_t i = 0; i < list->need_count; i++) {
        CLEANUP(commit_release) struct commit commit = {0};
        TRY(commit_load(repo->store, &list->needs[i].id, &commit));
        TRY(id_set_add(&out->reach.seen, &list->needs[i].id, NULL));
        TRY(reach_mark_from(&out->reach, CHUNK_TREE, &commit.tree));
    }
    out->reach.on_new = check_there;
    return bundle_lack_find(repo, list, &out->lack);
}

void arrival_release(struct arrival *arrival)
{
    reach_release(&arrival->reach);
    bundle_lack_release(&arrival->lack);
}

/* Whatever is wrong with it is the fault of the source: nothing has moved. */
dits_error *arrival_check(struct arrival *arrival, const struct bundle_ref *ref)
{
    struct revision_object object = {.id = ref->id, .kind = ref->kind};
    arrival->reach.payload = arrival;
    dits_error *err = reach_mark_from(&arrival->reach, ref->kind, &ref->id);
    if (err == NULL)
        err = revision_peel_tags(arrival->repo, &object);
    if (err == NULL && object.kind != CHUNK_COMMIT)
        err = error_new(DITS_E_CORRUPT, "it is no commit");
    if (dits_error_has(err, DITS_E_NOT_FOUND))
        return error_make(DITS_E_CORRUPT, err, __FILE__, __LINE__,
                          "what '%s' leads to is not whole", ref->name);
    if (err != NULL)
        return error_wrap(err, "what '%s' leads to is not whole", ref->name);
    return NULL;
}

dits_error *arrival_note(const struct arrival *arrival)
{
    return bundle_lack_note(arrival->repo, arrival->list, &arrival->lack);
}

dits_error *arrival_plan(const struct arrival *arrival,
                         struct shallow_change *out)
{
    return shallow_change_plan(arrival->repo, &arrival->list->cuts,
                               &arrival->reach.seen, out);
}

static void free_flags(bool **flags)
{
    mem_free(*flags);
}

/* What it says that we have is looked for, and not believed. */
static dits_error *check_needs(dits_repo *repo, const struct bundle_list *list,
                               const char *source)
{
    CLEANUP(free_flags)
    bool *found = mem_new_array(bool, list->need_count + 1);
    if (found == NULL)
        return error_nomem();
    if (list->need_count > 0)
        TRY(arrival_find_needs(repo, list, found));
    for (size_t i = 0; i < list->need_count; i++) {
        char hex[OID_HEX_SIZE];
        dits_oid_hex(&list->needs[i].id, hex);
        if (!found[i])
            return error_hint(
                error_new(DITS_E_CORRUPT,
                          "%s goes on from commit %.12s, which the receiver "
                          "does not have",
                          source, hex),
                "Fetch, so that both sides know what they share, then try "
                "again.");
    }
    return NULL;
}

dits_error *arrival_check_all(dits_repo *repo, const struct bundle_list *list,
                              const char *source, struct arrival *out)
{
    TRY(check_needs(repo, list, source));
    TRY(arrival_begin(repo, list, source, out));
    for (size_t i = 0; i < list->ref_count; i++)
        TRY(arrival_check(out, &list->refs[i]));
    return NULL;
}
