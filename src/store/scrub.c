#include "store/scrub.h"

#include <string.h>

#include "store/rate.h"
#include "store/verify_pack.h"

struct scrub {
    struct store *store;
    const struct store_scrub_options *options;
    struct store_scrub_place *place;
    struct store_scrub_totals *totals;
    struct buf plain;
    dits_error *err; /* where none can be returned: the first one */
    struct rate rate;
    bool stop;
};

static void scrub_release(struct scrub *scrub)
{
    buf_release(&scrub->plain);
    dits_error_free(scrub->err);
}

static dits_error *tell(struct scrub *scrub, const struct store_damage *damage)
{
    const struct store_scrub_options *options = scrub->options;
    scrub->totals->damages++;
    return options->on_damage != NULL
               ? options->on_damage(damage, options->payload)
               : NULL;
}

static void on_damage(const struct store_damage *damage, void *payload)
{
    struct scrub *scrub = payload;
    if (scrub->err == NULL)
        scrub->err = tell(scrub, damage);
}

/* Headers, index and trailer; the bytes of chunks come one by one. */
static dits_error *check_frame_of_pack(struct scrub *scrub, struct pack *pack)
{
    uint64_t chunks = 0;
    uint64_t bytes = 0;
    struct pack_check check = {
        .store = scrub->store,
        .pack = pack,
        .on_damage = on_damage,
        .payload = scrub,
    };
    TRY(pack_check(&check, &chunks, &bytes));
    dits_error *err = scrub->err;
    scrub->err = NULL;
    return err;
}

static dits_error *check_chunk(struct scrub *scrub, struct pack *pack,
                               const struct frame *frame)
{
    struct quarantine *quarantine = &scrub->store->quarantine;
    void *at = NULL;
    if (quarantine_has(quarantine, pack->name, frame->offset))
        return NULL; /* known */
    buf_clear(&scrub->plain);
    TRY(buf_extend(&scrub->plain, frame->plain_size, &at));
    CLEANUP(dits_error_freep) dits_error *err = pack_read(pack, frame, at);
    if (err == NULL || !dits_error_has(err, DITS_E_CORRUPT))
        return MOVE(err);
    quarantine_add(quarantine, pack->name, frame, dits_error_message(err));
    const struct store_damage damage = {
        .what = STORE_DAMAGE_CHUNK,
        .pack = pack->name,
        .offset = frame->offset,
        .size = frame_span(frame),
        .kind = (enum chunk_kind)frame->kind,
        .id = frame->id,
        .reason = dits_error_message(err),
    };
    return tell(scrub, &damage);
}

static dits_error *pause_after(struct scrub *scrub, uint64_t offset,
                               uint64_t span)
{
    const struct store_scrub_options *options = scrub->options;
    scrub->place->offset = offset;
    scrub->totals->bytes += span;
    TRY(rate_keep(&scrub->rate, scrub->store->context, span));
    if (options->on_pause == NULL)
        return NULL;
    return options->on_pause(scrub->place, scrub->totals, &scrub->stop,
                             options->payload);
}

static dits_error *scrub_frames(struct scrub *scrub, struct pack *pack)
{
    CLEANUP(frame_list_release) struct frame_list frames = {0};
    TRY(pack_frames(pack, &frames));
    for (uint32_t i = 0; i < frames.count && !scrub->stop; i++) {
        const struct frame *frame = &frames.rows[i];
        if (frame->offset < scrub->place->offset)
            continue;
        TRY(check_chunk(scrub, pack, frame));
        scrub->totals->chunks++;
        TRY(pause_after(scrub, frame->offset + frame_span(frame),
                        frame_span(frame)));
    }
    if (scrub->stop)
        return NULL;
    scrub->place->offset = UINT64_MAX;
    scrub->totals->packs++;
    return NULL;
}

/* Merged into another meanwhile, or moved; else a tier has lost it. */
static dits_error *tell_if_lost(struct scrub *scrub, struct pack *pack)
{
    struct pack_check check = {
        .store = scrub->store,
        .pack = pack,
        .on_damage = on_damage,
        .payload = scrub,
    };
    bool is_lost = false;
    TRY(pack_check_lost(&check, &is_lost));
    dits_error *err = scrub->err;
    scrub->err = NULL;
    return err;
}

static dits_error *scrub_pack(struct scrub *scrub, struct pack *pack)
{
    struct store_scrub_place *place = scrub->place;
    int order = strcmp(pack->name, place->pack);
    if (order < 0 || (order == 0 && place->offset == UINT64_MAX))
        return NULL;
    dits_error *err = NULL;
    if (order > 0) {
        memcpy(place->pack, pack->name, sizeof(place->pack));
        place->offset = 0;
        err = check_frame_of_pack(scrub, pack);
    }
    if (err == NULL)
        err = scrub_frames(scrub, pack);
    bool is_offline = dits_error_has(err, DITS_E_OFFLINE);
    if (!is_offline && !dits_error_has(err, DITS_E_NOT_FOUND))
        return err;
    dits_error_free(err);
    place->offset = UINT64_MAX;
    scrub->totals->offline += is_offline;
    return is_offline ? NULL : tell_if_lost(scrub, pack);
}

dits_error *store_scrub(struct store *store,
                        const struct store_scrub_options *options,
                        struct store_scrub_place *place,
                        struct store_scrub_totals *totals, bool *out_ended)
{
    CLEANUP(scrub_release)
    struct scrub scrub = {
        .store = store,
        .options = options,
        .place = place,
        .totals = totals,
        .rate = rate_begin(options->bytes_per_second),
    };
    TRY(pack_set_refresh(&store->set, true, NULL));
    const struct pack_list *list = pack_set_list(&store->set);
    for (size_t i = 0; i < list->count && !scrub.stop; i++)
        TRY_CONTEXT(scrub_pack(&scrub, list->packs[i]),
                    "cannot check pack '%s'", list->packs[i]->name);
    *out_ended = !scrub.stop;
    return NULL;
}

dits_error *store_scrub_measure(struct store *store,
                                const struct store_scrub_place *place,
                                uint64_t *out_done, uint64_t *out_total)
{
    *out_done = 0;
    *out_total = 0;
    TRY(pack_set_refresh(&store->set, true, NULL));
    const struct pack_list *list = pack_set_list(&store->set);
    for (size_t i = 0; i < list->count; i++) {
        struct fs_stat stat = {0};
        dits_error *err = pack_stat(list->packs[i], &stat);
        if (dits_error_has(err, DITS_E_NOT_FOUND)) {
            dits_error_free(err); /* merged into another meanwhile */
            continue;
        }
        TRY(err);
        int order = strcmp(list->packs[i]->name, place->pack);
        bool is_begun = order == 0 && place->offset < stat.size;
        *out_total += stat.size;
        if (order <= 0)
            *out_done += is_begun ? place->offset : stat.size;
    }
    return NULL;
}
