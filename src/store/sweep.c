#include "store/sweep.h"

#include "base/mem.h"
#include "store/exclusive.h"
#include "store/repack.h"

enum {
    WORTH_IT = 8, /* a pack is written anew when an eighth of it is dead */
    WORTH_FETCHING = 2, /* one in a tier, when half of it is */
};

/* Packs up to this size are written anew for any dead chunk. */
#define SMALL_PACK ((uint64_t)64 << 20)

/*
 * Sources are removed whenever so much was copied: a kill costs no more. There
 * are fewer steps than packs of one size that are merged (store/maintain.h).
 */
#define STEP_MIN ((uint64_t)1 << 20)
#define STEP_MAX ((uint64_t)256 << 20)
enum { STEPS = 7 };

struct store_sweep {
    struct store *store;
    struct fs_file lock;
    const struct store_sweep_options *options;
    struct store_sweep_result *result;
    struct repack *repack;
    uint64_t step;
    uint64_t copied; /* since the last break */
};

/* One pack, split by what is needed. */
struct census {
    struct frame_list frames;
    bool keep_all;   /* it is young */
    bool is_far;     /* in a tier */
    bool is_unknown; /* what is in it: its disk is away */
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
    TRY(exclusive_take(store, &sweep->lock));
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

/* None of one whose index is away, too: it stays as it is. */
static dits_error *list_frames(struct pack *pack, struct census *out)
{
    dits_error *err = pack_frames(pack, &out->frames);
    out->is_unknown = dits_error_has(err, DITS_E_OFFLINE);
    if (!out->is_unknown)
        return err;
    dits_error_free(err); /* it is counted */
    return NULL;
}

static dits_error *take_census(const struct store_sweep *sweep,
                               struct pack *pack, struct census *out)
{
    struct fs_stat stat = {0};
    TRY(pack_stat(pack, &stat));
    out->keep_all = stat.mtime_ns / 1000000000 > sweep->options->before;
    out->is_far = pack->tier != NULL;
    TRY(list_frames(pack, out));
    for (uint32_t i = 0; i < out->frames.count; i++) {
        const struct frame *frame = &out->frames.rows[i];
        out->bytes += frame_span(frame);
        if (out->keep_all || is_live(sweep, frame)) {
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

/*
 * Whether a pack that stays, other than this one, holds the chunk. What lies
 * near stays near, even if a tier has a copy.
 */
static dits_error *is_elsewhere(const struct store_sweep *sweep,
                                const struct pack *pack,
                                const struct dits_oid *id, struct buf *scratch,
                                bool *out)
{
    const struct pack_list *list = pack_set_list(&sweep->store->set);
    *out = false;
    for (size_t i = 0; i < list->count && !*out; i++)
        if (list->packs[i] != pack &&
            (list->packs[i]->tier == NULL || pack->tier != NULL))
            TRY(has_whole(sweep, list->packs[i], id, scratch, out));
    return NULL;
}

/*
 * Copy what is needed. A damaged chunk keeps the pack as it is. The copies of
 * a large pack are made durable on the way: a sweep that goes on finds them.
 */
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
        sweep->copied += frame_span(frame);
        if (repack_pending(sweep->repack) >= sweep->step)
            TRY(repack_commit(sweep->repack));
    }
    *out_done = true;
    return NULL;
}

static bool is_worth_it(const struct store_sweep *sweep,
                        const struct census *census)
{
    uint64_t dead = census->bytes - census->live_bytes;
    bool is_small = census->bytes <= SMALL_PACK && !census->is_far;
    return dead > 0 && (sweep->options->thorough || is_small ||
                        dead >= census->bytes / (census->is_far ? WORTH_FETCHING
                                                                : WORTH_IT));
}

/* Of a pack that is away nothing can be removed now: it stays as it is. */
static dits_error *leave_offline(const struct store_sweep *sweep,
                                 const struct pack *pack, bool *removed)
{
    dits_error *err = *removed && pack->tier != NULL ? tier_check(pack->tier)
                                                     : NULL;
    if (!dits_error_has(err, DITS_E_OFFLINE))
        return err;
    dits_error_free(err); /* it is counted */
    sweep->result->offline_packs++;
    *removed = false;
    return NULL;
}

/* Tell of each chunk that goes. */
static dits_error *tell_dead(const struct store_sweep *sweep,
                             const struct pack *pack,
                             const struct census *census)
{
    const struct store_sweep_options *options = sweep->options;
    if (options->on_dead == NULL)
        return NULL;
    for (uint32_t i = 0; i < census->frames.count; i++) {
        const struct frame *frame = &census->frames.rows[i];
        struct chunk_place place = {0};
        if (is_live(sweep, frame))
            continue;
        store_place(pack, frame, &place);
        TRY(options->on_dead(&frame->id, &place, options->payload));
    }
    return NULL;
}

static dits_error *sweep_pack(struct store_sweep *sweep, struct pack *pack)
{
    CLEANUP(census_release) struct census census = {0};
    struct store_sweep_result *result = sweep->result;
    bool dry_run = sweep->options->dry_run;
    TRY(take_census(sweep, pack, &census));
    bool removed = census.frames.count > 0 && is_worth_it(sweep, &census);
    TRY(leave_offline(sweep, pack, &removed));
    result->offline_packs += census.is_unknown;
    if (removed && !dry_run) {
        if (census.live > 0)
            TRY(copy_live(sweep, pack, &census, &removed));
        if (removed)
            TRY(repack_retire(sweep->repack, pack));
    }
    result->live_chunks += census.live;
    result->live_bytes += census.live_bytes;
    if (removed) {
        TRY(tell_dead(sweep, pack, &census));
        result->removed_chunks += census.frames.count - census.live;
        result->removed_bytes += census.bytes - census.live_bytes;
    }
    if (removed && census.live == 0)
        result->packs_after--;
    return NULL;
}

/* How much to copy between two commits: a part of all that is to be copied. */
static dits_error *find_step(struct store_sweep *sweep,
                             const struct pack_list *list)
{
    uint64_t total = 0;
    for (size_t i = 0; i < list->count; i++) {
        CLEANUP(census_release) struct census census = {0};
        TRY(context_check(sweep->store->context));
        TRY(take_census(sweep, list->packs[i], &census));
        total += is_worth_it(sweep, &census) ? census.live_bytes : 0;
    }
    uint64_t step = total / STEPS;
    step = step < STEP_MIN ? STEP_MIN : step;
    sweep->step = step > STEP_MAX ? STEP_MAX : step;
    return NULL;
}

/* Finish a step and let others have their turn. */
static dits_error *take_break(struct store_sweep *sweep)
{
    const struct store_sweep_options *options = sweep->options;
    TRY(repack_commit(sweep->repack));
    sweep->copied = 0;
    TRY(exclusive_yield(sweep->store, &sweep->lock));
    return options->on_resume != NULL ? options->on_resume(options->payload)
                                      : NULL;
}

/* Whether it is still there: others may have merged it during a break. */
static bool is_current(const struct store_sweep *sweep, const struct pack *pack)
{
    const struct pack_list *list = pack_set_list(&sweep->store->set);
    for (size_t i = 0; i < list->count; i++)
        if (list->packs[i] == pack)
            return true;
    return false;
}

static dits_error *sweep_packs(struct store_sweep *sweep,
                               const struct pack_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct pack *pack = list->packs[i];
        TRY(context_check(sweep->store->context));
        if (!is_current(sweep, pack))
            continue;
        TRY_CONTEXT(sweep_pack(sweep, pack), "cannot sweep pack '%s'",
                    pack->name);
        if (sweep->copied >= sweep->step)
            TRY(take_break(sweep));
    }
    return repack_commit(sweep->repack);
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
    if (!options->dry_run)
        TRY(find_step(sweep, list));
    TRY(repack_begin(sweep->store, REPACK_REMOVE, &sweep->repack));
    TRY(sweep_packs(sweep, list));
    if (!options->dry_run)
        result.packs_after = pack_set_list(&sweep->store->set)->count;
    *out = result;
    return NULL;
}
