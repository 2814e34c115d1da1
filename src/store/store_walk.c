/*
 * Going over many chunks: by the start of their ids, or all.
 */
#include "base/mem.h"
#include "store/store_internal.h"

struct matches {
    struct dits_oid *ids;
    size_t max;
    size_t count;
};

static bool have(const struct matches *matches, const struct dits_oid *id)
{
    for (size_t i = 0; i < matches->count; i++)
        if (dits_oid_equal(&matches->ids[i], id))
            return true;
    return false;
}

static dits_error *match_pack(struct pack *pack, const struct dits_oid *prefix,
                              size_t digits, struct matches *matches)
{
    uint32_t i = 0;
    TRY(pack_lower_bound(pack, prefix, &i));
    for (; i < pack_count(pack) && matches->count < matches->max; i++) {
        struct frame frame = {0};
        TRY(pack_at(pack, i, &frame));
        if (!oid_has_prefix(&frame.id, prefix, digits))
            break;
        if (frame.kind != CHUNK_DATA && !have(matches, &frame.id))
            matches->ids[matches->count++] = frame.id;
    }
    return NULL;
}

dits_error *store_find_prefix(struct store *store,
                              const struct dits_oid *prefix, size_t digits,
                              struct dits_oid *out, size_t max,
                              size_t *out_count)
{
    struct matches matches = {.ids = out, .max = max};
    const struct pack_list *list = NULL;
    TRY(pack_set_refresh(&store->set, false, NULL));
    TRY(pack_set_load(&store->set, &list));
    for (size_t i = 0; i < list->count; i++)
        TRY(match_pack(list->packs[i], prefix, digits, &matches));
    *out_count = matches.count;
    return NULL;
}

dits_error *store_each(struct store *store, store_each_fn *fn, void *payload)
{
    const struct pack_list *list = NULL;
    TRY(pack_set_refresh(&store->set, false, NULL));
    TRY(pack_set_load(&store->set, &list));
    for (size_t i = 0; i < list->count; i++) {
        CLEANUP(frame_list_release) struct frame_list frames = {0};
        TRY(context_check(store->context));
        TRY(pack_frames(list->packs[i], &frames));
        for (uint32_t k = 0; k < frames.count; k++) {
            struct chunk_place place = {0};
            store_place(list->packs[i], &frames.rows[k], &place);
            TRY(fn(&frames.rows[k].id, &place, payload));
        }
    }
    return NULL;
}
