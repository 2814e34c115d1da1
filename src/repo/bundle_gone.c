/*
 * What was obliterated: a bundle carries the record of it instead, so that it
 * is not taken for damage where it comes to.
 */
#include "object/asset.h"
#include "repo/bundle.h"

typedef dits_error *absent_fn(const struct dits_oid *chunk, void *payload);

/* The chunks of an asset that are not here. */
struct looking {
    dits_repo *repo;
    absent_fn *fn;
    void *payload;
};

static dits_error *on_chunk(const struct chunk_ref *chunk, void *payload)
{
    const struct looking *looking = payload;
    bool found = false;
    TRY(store_find(looking->repo->store, &chunk->id, &found, NULL));
    return found ? NULL : looking->fn(&chunk->id, looking->payload);
}

static dits_error *each_absent(dits_repo *repo, const struct dits_oid *asset,
                               absent_fn *fn, void *payload)
{
    CLEANUP(asset_closep) struct asset *opened = NULL;
    struct looking looking = {repo, fn, payload};
    const struct asset_mark mark = {.on_chunk = on_chunk, .payload = &looking};
    TRY(context_check(repo->context));
    TRY(asset_open(repo->store, asset, &opened));
    return asset_mark(opened, &mark);
}

/* --- export --- */

struct listing {
    dits_repo *repo;
    const struct bundle_carried *carried;
    struct bundle_list *list;
    struct id_set obliterated; /* chunks */
    struct id_set *chunks;
};

static void listing_release(struct listing *listing)
{
    id_set_release(&listing->obliterated);
}

/* What is missing for another reason is damage, and will be met as that. */
static dits_error *add_chunk(const struct dits_oid *chunk, void *payload)
{
    const struct listing *listing = payload;
    return id_set_has(&listing->obliterated, chunk)
               ? id_set_add(listing->chunks, chunk, NULL)
               : NULL;
}

static dits_error *list_one(const struct obliteration *done, void *payload)
{
    struct listing *listing = payload;
    CLEANUP(id_list_release) struct id_list assets = {0};
    CLEANUP(oid_map_release) struct oid_map gone = {0};
    TRY(obliteration_assets(listing->repo, done->id, &assets));
    for (size_t i = 0; i < id_list_count(&assets); i++) {
        struct dits_oid id = id_list_at(&assets, i);
        if (!id_set_has(listing->carried->all, &id) ||
            !id_set_has(listing->carried->unreadable, &id))
            continue;
        TRY(oid_map_add(&gone, &id, NULL, NULL));
        TRY(each_absent(listing->repo, &id, add_chunk, listing));
    }
    return gone.count > 0 ? bundle_list_add_gone(listing->list, done, &gone)
                          : NULL;
}

dits_error *bundle_gone_list(dits_repo *repo,
                             const struct bundle_carried *carried,
                             struct bundle_list *list,
                             struct id_set *out_chunks)
{
    CLEANUP(listing_release)
    struct listing listing = {
        .repo = repo, .carried = carried, .list = list, .chunks = out_chunks};
    TRY(obliteration_all_chunks(repo, &listing.obliterated));
    return obliteration_each(repo, list_one, &listing);
}

/* --- import --- */

void bundle_lack_release(struct bundle_lack *lack)
{
    id_set_release(&lack->chunks);
    id_set_release(&lack->assets);
    id_list_release(&lack->met_chunks);
    id_list_release(&lack->met_assets);
}

static dits_error *may_lack(const struct dits_oid *chunk, void *payload)
{
    return id_set_add(payload, chunk, NULL);
}

/* One that did not come whole is told of when it is met. */
static dits_error *find_one(dits_repo *repo, const struct dits_oid *asset,
                            struct bundle_lack *lack)
{
    dits_error *err = each_absent(repo, asset, may_lack, &lack->chunks);
    if (dits_error_has(err, DITS_E_NOT_FOUND)) {
        dits_error_free(err);
        return NULL;
    }
    TRY(err);
    return id_set_add(&lack->assets, asset, NULL);
}

dits_error *bundle_lack_find(dits_repo *repo, const struct bundle_list *list,
                             struct bundle_lack *out)
{
    for (size_t i = 0; i < list->gone_count; i++)
        for (size_t j = 0; j < list->gone[i].assets.count; j++)
            TRY(find_one(repo, &list->gone[i].assets.ids[j], out));
    return NULL;
}

/* What is known here has its own record. */
struct noting {
    const struct bundle_lack *lack;
    struct id_set known_assets;
    struct id_set known_chunks;
    struct id_list assets; /* of one record */
    struct id_list chunks;
};

static void noting_release(struct noting *noting)
{
    id_set_release(&noting->known_assets);
    id_set_release(&noting->known_chunks);
    id_list_release(&noting->assets);
    id_list_release(&noting->chunks);
}

static dits_error *note_chunk(const struct dits_oid *chunk, void *payload)
{
    struct noting *noting = payload;
    return id_set_has(&noting->lack->met_chunks.set, chunk) &&
                   !id_set_has(&noting->known_chunks, chunk)
               ? id_list_add(&noting->chunks, chunk)
               : NULL;
}

static dits_error *note_one(dits_repo *repo, const struct bundle_gone *gone,
                            struct noting *noting)
{
    const struct obliteration done = {.who = &gone->who,
                                      .reason = gone->reason};
    id_list_release(&noting->assets);
    id_list_release(&noting->chunks);
    for (size_t i = 0; i < gone->assets.count; i++) {
        const struct dits_oid *asset = &gone->assets.ids[i];
        if (!id_set_has(&noting->lack->met_assets.set, asset))
            continue;
        if (!id_set_has(&noting->known_assets, asset))
            TRY(id_list_add(&noting->assets, asset));
        TRY(each_absent(repo, asset, note_chunk, noting));
    }
    if (id_list_count(&noting->assets) + id_list_count(&noting->chunks) == 0)
        return NULL;
    return obliteration_take_over(repo, &done, &noting->assets,
                                  &noting->chunks);
}

dits_error *bundle_lack_note(dits_repo *repo, const struct bundle_list *list,
                             const struct bundle_lack *lack)
{
    CLEANUP(noting_release) struct noting noting = {.lack = lack};
    if (id_list_count(&lack->met_chunks) == 0)
        return NULL;
    TRY(obliteration_all_assets(repo, &noting.known_assets));
    TRY(obliteration_all_chunks(repo, &noting.known_chunks));
    for (size_t i = 0; i < list->gone_count; i++)
        TRY(note_one(repo, &list->gone[i], &noting));
    return NULL;
}
