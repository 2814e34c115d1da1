#include "store/consolidate.h"

#include "base/mem.h"
#include "store/exclusive.h"
#include "store/repack.h"

/* What fits a pack, with its index. */
#define LARGEST ((uint64_t)4000 << 20)

struct consolidation {
    struct store *store;
    uint64_t max; /* bytes of a new pack */
    const struct store_consolidate_options *options;
    struct store_consolidate_result *result;
    struct fs_file lock;
    struct repack *repack;
    struct pack **sources; /* oldest first */
    size_t count;
    struct buf scratch;
};

static void consolidation_release(struct consolidation *c)
{
    repack_free(c->repack);
    fs_close(&c->lock);
    mem_free(c->sources);
    buf_release(&c->scratch);
}

static dits_error *size_of(const struct pack *pack, uint64_t *out)
{
    struct fs_stat stat = {0};
    TRY(pack_stat(pack, &stat));
    *out = stat.size;
    return NULL;
}

static dits_error *count_packs(const struct pack_list *list,
                               uint64_t *out_packs, uint64_t *out_bytes)
{
    *out_packs = list->count;
    *out_bytes = 0;
    for (size_t i = 0; i < list->count; i++) {
        uint64_t size = 0;
        TRY(size_of(list->packs[i], &size));
        *out_bytes += size;
    }
    return NULL;
}

/* One pack by itself is not written anew, unless it is too large. */
static bool is_pointless(const struct consolidation *c, uint64_t bytes)
{
    return c->count == 0 || (c->count == 1 && bytes <= c->max);
}

static dits_error *choose_sources(struct consolidation *c,
                                  const struct pack_list *list)
{
    uint64_t bytes = 0;
    if (list->count == 0)
        return NULL;
    c->sources = mem_new_array(struct pack *, list->count);
    if (c->sources == NULL)
        return error_nomem();
    for (size_t i = list->count; i-- > 0;) {
        uint64_t size = 0;
        TRY(size_of(list->recent[i], &size));
        if (list->recent[i]->tier != NULL ||
            (!c->options->all && size >= CONSOLIDATE_SMALL))
            continue;
        c->sources[c->count++] = list->recent[i];
        bytes += size;
    }
    if (is_pointless(c, bytes))
        c->count = 0;
    c->result->merged = c->count;
    c->result->merged_bytes = c->count > 0 ? bytes : 0;
    return NULL;
}

static bool is_source(const struct consolidation *c, const struct pack *pack)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->sources[i] == pack)
            return true;
    return false;
}

/* Whether a pack here that is no source holds a whole copy already. */
static dits_error *is_elsewhere(struct consolidation *c,
                                const struct dits_oid *id, bool *out)
{
    const struct pack_list *list = pack_set_list(&c->store->set);
    *out = false;
    for (size_t i = 0; i < list->count && !*out; i++) {
        struct frame frame = {0};
        bool found = false;
        void *at = NULL;
        if (list->packs[i]->tier != NULL || is_source(c, list->packs[i]))
            continue;
        TRY(pack_find(list->packs[i], id, &found, &frame));
        if (!found)
            continue;
        buf_clear(&c->scratch);
        TRY(buf_extend(&c->scratch, frame.plain_size, &at));
        dits_error *err = pack_read(list->packs[i], &frame, at);
        *out = err == NULL;
        dits_error_free(err); /* then it is no help */
    }
    return NULL;
}

/* A pack is full: its sources go, and others have their turn. */
static dits_error *finish_pack(struct consolidation *c)
{
    TRY(repack_commit(c->repack));
    return exclusive_yield(c->store, &c->lock);
}

static dits_error *copy_frame(struct consolidation *c, struct pack *pack,
                              const struct frame *frame)
{
    bool elsewhere = false;
    TRY(context_check(c->store->context));
    TRY(is_elsewhere(c, &frame->id, &elsewhere));
    if (!elsewhere) {
        if (repack_pending(c->repack) > 0 &&
            repack_pending(c->repack) + frame_span(frame) > c->max)
            TRY(repack_commit(c->repack));
        TRY(repack_add(c->repack, pack, frame));
    }
    if (c->options->on_progress != NULL)
        c->options->on_progress(frame_span(frame), c->options->payload);
    return NULL;
}

/* `*out_whole`: all of it is copied, so it may go. */
static dits_error *copy_pack(struct consolidation *c, struct pack *pack,
                             bool *out_whole)
{
    CLEANUP(frame_list_release) struct frame_list frames = {0};
    TRY(pack_frames(pack, &frames));
    *out_whole = frames.count > 0;
    for (uint32_t i = 0; i < frames.count && *out_whole; i++) {
        dits_error *err = copy_frame(c, pack, &frames.rows[i]);
        if (!dits_error_has(err, DITS_E_CORRUPT)) {
            TRY(err);
            continue;
        }
        quarantine_add(&c->store->quarantine, pack->name, &frames.rows[i],
                       dits_error_message(err));
        dits_error_free(err); /* told as a warning */
        *out_whole = false;
        c->result->damaged++;
    }
    return NULL;
}

/* Others may have merged it while we waited for our turn. */
static bool is_current(const struct consolidation *c, const struct pack *pack)
{
    const struct pack_list *list = pack_set_list(&c->store->set);
    for (size_t i = 0; i < list->count; i++)
        if (list->packs[i] == pack)
            return true;
    return false;
}

static dits_error *copy_all(struct consolidation *c)
{
    repack_clean(c->store);
    TRY(repack_begin(c->store, REPACK_REMOVE, &c->repack));
    for (size_t i = 0; i < c->count; i++) {
        bool whole = false;
        if (!is_current(c, c->sources[i]))
            continue;
        TRY_CONTEXT(copy_pack(c, c->sources[i], &whole),
                    "cannot copy pack '%s'", c->sources[i]->name);
        if (whole)
            TRY(repack_retire(c->repack, c->sources[i]));
        if (repack_pending(c->repack) >= c->max)
            TRY(finish_pack(c));
    }
    return repack_commit(c->repack);
}

dits_error *store_consolidate(struct store *store,
                              const struct store_consolidate_options *options,
                              struct store_consolidate_result *out)
{
    struct store_consolidate_result result = {0};
    CLEANUP(consolidation_release)
    struct consolidation c = {
        .store = store,
        .max = options->max_size != 0 && options->max_size < LARGEST
                   ? options->max_size
                   : LARGEST,
        .options = options,
        .result = &result,
    };
    TRY(exclusive_take(store, &c.lock));
    const struct pack_list *list = pack_set_list(&store->set);
    TRY(count_packs(list, &result.packs_before, &result.bytes_before));
    TRY(choose_sources(&c, list));
    if (c.count > 0 && !options->dry_run)
        TRY(copy_all(&c));
    TRY(count_packs(pack_set_list(&store->set), &result.packs_after,
                    &result.bytes_after));
    *out = result;
    return NULL;
}
