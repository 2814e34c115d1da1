#include "store/exclusive.h"
#include "store/repack.h"
#include "store/verify.h"
#include "store/verify_pack.h"

struct repair {
    struct store *store;
    struct repack *repack;
    struct pack *pack; /* the one at hand */
    bool damaged;
    struct frame_list whole; /* its chunks */
    struct frame_list broken;
    dits_error *err; /* where none can be returned */
    struct store_repair_result result;
};

static void repair_release(struct repair *repair)
{
    repack_free(repair->repack);
    frame_list_release(&repair->whole);
    frame_list_release(&repair->broken);
    dits_error_free(repair->err);
}

static void on_damage(const struct store_damage *damage, void *payload)
{
    struct repair *repair = payload;
    repair->damaged = true;
    if (damage->what != STORE_DAMAGE_CHUNK || repair->err != NULL)
        return;
    struct frame frame = {.id = damage->id,
                          .kind = (uint8_t)damage->kind,
                          .offset = (uint32_t)damage->offset};
    repair->err = frame_list_add(&repair->broken, &frame);
}

static dits_error *on_whole(const struct frame *frame, void *payload)
{
    struct repair *repair = payload;
    return frame_list_add(&repair->whole, frame);
}

/* What became of the damaged chunks: is there another copy? */
static dits_error *count_broken(struct repair *repair)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    for (uint32_t i = 0; i < repair->broken.count; i++) {
        const struct frame *frame = &repair->broken.rows[i];
        dits_error *err = store_read(
            repair->store, (enum chunk_kind)frame->kind, &frame->id, &bytes);
        if (err == NULL)
            repair->result.healed_chunks++;
        else if (dits_error_has(err, DITS_E_NOT_FOUND) ||
                 dits_error_has(err, DITS_E_CORRUPT))
            repair->result.lost_chunks++;
        else
            return err;
        dits_error_free(err); /* it is counted */
    }
    return NULL;
}

/* A pack of what is whole takes the place of the damaged one. */
static dits_error *save_pack(struct repair *repair)
{
    for (uint32_t i = 0; i < repair->whole.count; i++)
        TRY(repack_add(repair->repack, repair->pack, &repair->whole.rows[i]));
    TRY(repack_retire(repair->repack, repair->pack));
    TRY(repack_commit(repair->repack));
    repair->result.packs++;
    repair->result.saved_chunks += repair->whole.count;
    return count_broken(repair);
}

static dits_error *repair_pack(struct repair *repair, struct pack *pack)
{
    uint64_t chunks = 0;
    uint64_t bytes = 0;
    struct pack_check check = {
        .store = repair->store,
        .pack = pack,
        .read_all = true,
        .on_damage = on_damage,
        .on_whole = on_whole,
        .payload = repair,
    };
    repair->pack = pack;
    repair->damaged = false;
    frame_list_release(&repair->whole);
    frame_list_release(&repair->broken);
    dits_error *err = pack_check(&check, &chunks, &bytes);
    if (dits_error_has(err, DITS_E_OFFLINE)) {
        dits_error_free(err); /* nothing is known of it, so nothing is done */
        return NULL;
    }
    if (dits_error_has(err, DITS_E_NOT_FOUND)) {
        bool is_lost = false;
        dits_error_free(err); /* a tier has lost it, or nobody has */
        err = pack_check_lost(&check, &is_lost);
    }
    TRY(err);
    if (repair->err != NULL)
        return MOVE(repair->err);
    return repair->damaged ? save_pack(repair) : NULL;
}

dits_error *store_repair(struct store *store, struct store_repair_result *out)
{
    CLEANUP(repair_release) struct repair repair = {.store = store};
    CLEANUP(fs_close) struct fs_file lock = {0};
    TRY(exclusive_take(store, &lock));
    repack_clean(store);
    TRY(repack_begin(store, REPACK_SET_ASIDE, &repair.repack));
    const struct pack_list *list = pack_set_list(&store->set);
    for (size_t i = 0; i < list->count; i++)
        TRY_CONTEXT(repair_pack(&repair, list->packs[i]),
                    "cannot repair pack '%s'", list->packs[i]->name);
    *out = repair.result;
    return NULL;
}
