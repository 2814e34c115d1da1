#include "store/sweep.h"

#include "base/mem.h"
#include "store/repack.h"

enum {
    LOCK_PATIENCE_MS = 10000,
    WORTH_IT = 8, /* a pack is written anew when an eighth of it is dead */
};

/* Packs up to this size are written anew for any dead chunk. */
#define SMALL_PACK ((uint64_t)64 << 20)

/* Sources are removed whenever this much was copied: a kill costs no more. */
#define COMMIT_STEP ((uint64_t)256 << 20)

struct store_sweep {
    struct store *store;
    struct fs_file lock;
    const struct store_sweep_options *options;
    struct store_sweep_result *result;
    struct repack *repack;
};

/* One pack, split by what is needed. */
struct census {
    struct frame_list frames;
    uint32_t live;
    uint64_t live_bytes;
    uint64_t bytes;
};

dits_error *store_sweep_begin(struct store *store, struct store_sweep **out)
{
    CLEANUP(store_sweep_freep)
    struct store_sweep *sweep = mem_new(struct store_sweep);
    if (sweep == NULL)
        return error_nomem();
    sweep->store = store;
    dits_error *err = fs_lock(store->lock_path, FS_LOCK_EXCLUSIVE,
                              LOCK_PATIENCE_MS, &sweep->lock);
    if (dits_error_has(err, DITS_E_LOCKED))
        return error_hint(error_wrap(err, "the store is in use"),
                          "Try again when no other command is running.");
    TRY(err);
    TRY(pack_set_refresh(&store->set, true, NULL));
    *out = MOVE(sweep);
    return NULL;
}

void store_sweep_free(struct store_sweep *sweep)
{
    if (sweep == NULL)
        return;
    repack_free(sweep->repack);
    fs_close(&sweep->lock);
    mem_free(sweep);
}

void store_sweep_freep(struct store_sweep **sweep)
{
    store_sweep_free(*sweep);
}

static bool is_live(const struct store_sweep *sweep, const struct frame *frame)
{
    return sweep->options->is_live(&frame->id, sweep->options->payload);
}

static void census_release(struct census *census)
{
    frame_list_release(&census->frames);
}

static dits_error *take_census(const struct store_sweep *sweep,
                               struct pack *pack, struct census *out)
{
    struct fs_stat stat = {0};
    TRY(fs_stat_path(pack->path, &stat));
    bool keep_all = stat.mtime_ns / 1000000000 > sweep->options->before;
    TRY(pack_frames(pack, &out->frames));
    for (uint32_t i = 0; i < out->frames.count; i++) {
        const struct frame *frame = &out->frames.rows[i];
        out->bytes += frame_span(frame);
        if (keep_all || is_live(sweep, frame)) {
            out->live++;
            out->live_bytes += frame_span(frame);
        }
    }
    return NULL;
}

/* Whether this pack, which is not to go, holds a whole copy of the chunk. */
static dits_error *has_whole(const struct store_sweep *sweep, struct pack *pack,
                             const struct dits_oid *id, struct buf *scratch,
                             bool *out)
{
    struct frame frame = {0};
    void *at = NULL;
    *out = false;
    if (repack_is_retired(sweep->repack, pack))
        return NULL;
    TRY(pack_find(pack, id, out, &frame));
    if (!*out)
        return NULL;
    buf_clear(scratch);
    TRY(buf_extend(scratch, frame.plain_size, &at));
    dits_error *err = pack_read(pack, &frame, at);
    *out = err == NULL;
    dits_error_free(err); /* then it is no help */
    return NULL;
}

/* Whether a pack that stays, other than this one, holds the chunk. */
static dits_error *is_elsewhere(const struct store_sweep *sweep,
                                const struct pack *pack,
                                const struct dits_oid *id, struct buf *scratch,
                                bool *out)
{
    const struct pack_list *list = pack_set_list(&sweep->store->set);
    *out = false;
    for (size_t i = 0; i < list->count && !*out; i++)
        if (list->packs[i] != pack)
            TRY(has_whole(sweep, list->packs[i], id, scratch, out));
    return NULL;
}

/* Copy what is needed. A damaged chunk keeps the pack as it is. */
static dits_error *copy_live(struct store_sweep *sweep, struct pack *pack,
                             const struct census *census, bool *out_done)
{
    struct store *store = sweep->store;
    CLEANUP(buf_release) struct buf scratch = {0};
    *out_done = false;
    for (uint32_t i = 0; i < census->frames.count; i++) {
        const struct frame *frame = &census->frames.rows[i];
        bool elsewhere = false;
        if (!is_live(sweep, frame))
            continue;
        TRY(is_elsewhere(sweep, pack, &frame->id, &scratch, &elsewhere));
        if (elsewhere)
            continue;
        dits_error *err = repack_add(sweep->repack, pack, frame);
        if (dits_error_has(err, DITS_E_CORRUPT)) {
            quarantine_add(&store->quarantine, pack->name, frame,
                           dits_error_message(err));
            dits_error_free(err); /* told as a warning */
            return NULL;
        }
        TRY(err);
    }
    *out_done = true;
    return NULL;
}

static bool is_worth_it(const struct census *census)
{
    uint64_t dead = census->bytes - census->live_bytes;
    return dead > 0 &&
           (census->bytes <= SMALL_PACK || dead >= census->bytes / WORTH_IT);
}

static dits_error *sweep_pack(struct store_sweep *sweep, struct pack *pack)
{
    CLEANUP(census_release) struct census census = {0};
    struct store_sweep_result *result = sweep->result;
    bool dry_run = sweep->options->dry_run;
    TRY(take_census(sweep, pack, &census));
    bool removed = census.frames.count > 0 && is_worth_it(&census);
    if (removed && !dry_run) {
        if (census.live > 0)
            TRY(copy_live(sweep, pack, &census, &removed));
        if (removed)
            TRY(repack_retire(sweep->repack, pack));
    }
    result->live_chunks += census.live;
    result->live_bytes += census.live_bytes;
    if (removed) {
        result->removed_chunks += census.frames.count - census.live;
        result->removed_bytes += census.bytes - census.live_bytes;
    }
    if (removed && census.live == 0)
        result->packs_after--;
    return NULL;
}

dits_error *store_sweep_run(struct store_sweep *sweep,
                            const struct store_sweep_options *options,
                            struct store_sweep_result *out)
{
    const struct pack_list *list = pack_set_list(&sweep->store->set);
    struct store_sweep_result result = {.packs_before = list->count,
                                        .packs_after = list->count};
    sweep->options = options;
    sweep->result = &result;
    if (!options->dry_run)
        repack_clean(sweep->store);
    TRY(repack_begin(sweep->store, REPACK_REMOVE, &sweep->repack));
    for (size_t i = 0; i < list->count; i++) {
        TRY(context_check(sweep->store->context));
        TRY_CONTEXT(sweep_pack(sweep, list->packs[i]), "cannot sweep pack '%s'",
                    list->packs[i]->name);
        if (repack_pending(sweep->repack) >= COMMIT_STEP)
            TRY(repack_commit(sweep->repack));
    }
    TRY(repack_commit(sweep->repack));
    if (!options->dry_run)
        result.packs_after = pack_set_list(&sweep->store->set)->count;
    *out = result;
    return NULL;
}
