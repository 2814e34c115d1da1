#include "store/repack.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "store/pack_scan.h"

struct repack {
    struct store *store;
    enum repack_sources sources;
    struct pool_set processors;
    struct pack_writer *writer; /* NULL: nothing is being written */
    struct buf made;            /* names of packs made since the commit */
    uint64_t pending;
    int64_t newest_ns; /* of the packs that were copied from */
    struct pack **retired;
    size_t retired_count;
    size_t retired_capacity;
    struct buf plain;
    struct buf stored;
};

dits_error *repack_begin(struct store *store, enum repack_sources sources,
                         struct repack **out)
{
    struct repack *repack = mem_new(struct repack);
    if (repack == NULL)
        return error_nomem();
    repack->store = store;
    repack->sources = sources;
    pool_here(&repack->processors);
    *out = repack;
    return NULL;
}

/* Finish the pack that is being written; its sources stay. */
static dits_error *finish_pack(struct repack *repack)
{
    if (repack->writer == NULL)
        return NULL;
    TRY(pack_writer_commit(repack->writer));
    TRY(buf_put(&repack->made, pack_writer_name(repack->writer),
                sizeof(struct dits_oid)));
    pack_writer_free(MOVE(repack->writer));
    repack->pending = 0;
    return NULL;
}

/* The bytes as they are stored, after checking what they unpack to. */
static dits_error *read_stored(struct repack *repack, struct pack *pack,
                               const struct frame *frame)
{
    CLEANUP(pack_use_end) struct pack_use use = {0};
    void *at = NULL;
    TRY(pack_use(pack, &use));
    buf_clear(&repack->plain);
    TRY(buf_extend(&repack->plain, frame->plain_size, &at));
    TRY(frame_read(&use.file, frame, at));
    if (frame->codec == FRAME_PLAIN)
        return NULL;
    buf_clear(&repack->stored);
    TRY(buf_extend(&repack->stored, frame->stored_size, &at));
    return fs_read_at(&use.file, (uint64_t)frame->offset + FRAME_HEADER_SIZE,
                      frame->stored_size, at);
}

dits_error *repack_add(struct repack *repack, struct pack *pack,
                       const struct frame *frame)
{
    struct store *store = repack->store;
    if (repack->writer != NULL &&
        pack_writer_find(repack->writer, &frame->id) != NULL)
        return NULL;
    TRY(read_stored(repack, pack, frame));
    if (repack->writer != NULL &&
        !pack_writer_has_room(repack->writer, frame_span(frame)))
        TRY(finish_pack(repack));
    if (repack->writer == NULL)
        TRY(pack_writer_begin(store->temporary, store->packs,
                              &repack->processors, &repack->writer));

    struct frame copy = *frame;
    TRY(pack_writer_place(repack->writer, &copy));
    repack->pending += frame_span(frame);
    if (pack->mtime_ns > repack->newest_ns)
        repack->newest_ns = pack->mtime_ns;
    return pack_writer_fill(repack->writer, &copy,
                            frame->codec == FRAME_PLAIN ? repack->plain.data
                                                        : repack->stored.data);
}

uint64_t repack_pending(const struct repack *repack)
{
    return repack->pending;
}

dits_error *repack_retire(struct repack *repack, struct pack *pack)
{
    struct pack **retired = array_grown(repack->retired, repack->retired_count,
                                        &repack->retired_capacity,
                                        sizeof(struct pack *));
    if (retired == NULL)
        return error_nomem();
    repack->retired = retired;
    repack->retired[repack->retired_count++] = pack;
    return NULL;
}

bool repack_is_retired(const struct repack *repack, const struct pack *pack)
{
    for (size_t i = 0; i < repack->retired_count; i++)
        if (repack->retired[i] == pack)
            return true;
    return false;
}

/* Whether a pack of this name was made since the last commit. */
static bool was_made(const struct repack *repack, const struct pack *pack)
{
    struct dits_oid name = {0};
    (void)oid_parse(pack->name, &name);
    const struct dits_oid *made = (const void *)repack->made.data;
    for (size_t i = 0; i < repack->made.size / sizeof(*made); i++)
        if (dits_oid_equal(&made[i], &name))
            return true;
    return false;
}

static dits_error *newest_retired(const struct repack *repack, int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < repack->retired_count; i++) {
        struct fs_stat stat = {0};
        TRY(pack_stat(repack->retired[i], &stat));
        if (stat.mtime_ns > *out)
            *out = stat.mtime_ns;
    }
    return NULL;
}

/*
 * Packs that were made take the age of what they replace: for the grace period
 * of the sweep, chunks are as old as they are.
 */
static dits_error *age_made(struct repack *repack, int64_t mtime_ns)
{
    const struct pack_list *list = pack_set_list(&repack->store->set);
    for (size_t i = 0; i < list->count; i++)
        if (list->packs[i]->tier == NULL && was_made(repack, list->packs[i]))
            TRY(fs_set_mtime(list->packs[i]->path, mtime_ns));
    return NULL;
}

static dits_error *set_aside(const struct store *store, const struct pack *pack)
{
    CLEANUP(buf_release) struct buf path = {0};
    const char *folder = store->quarantine.folder;
    TRY(buf_printf(&path, "%s/%s.pack", folder, pack->name));
    TRY(fs_make_dirs(folder));
    return fs_rename(pack->path, buf_text(&path));
}

static dits_error *remove_if_there(const char *folder, const char *pack)
{
    CLEANUP(buf_release) struct buf path = {0};
    TRY(buf_printf(&path, "%s/%s.pack", folder, pack));
    return fs_exists(buf_text(&path)) ? fs_remove(buf_text(&path)) : NULL;
}

/*
 * Other copies of it: on the way in or out, and in tiers. The file of a damaged
 * one is kept. Files here go before the rows that speak of them.
 */
static dits_error *forget(const struct repack *repack, const struct pack *pack,
                          bool is_replaced)
{
    const struct store *store = repack->store;
    const struct pack_set *set = &store->set;
    if (!set->has_copies)
        return NULL;
    if (pack->tier != NULL && repack->sources == REPACK_SET_ASIDE)
        TRY(tier_set_aside(pack->tier, pack->name));
    TRY(remove_if_there(store->incoming, pack->name));
    if (!is_replaced)
        TRY(remove_if_there(store->packs, pack->name));
    return set->locator.forget(pack->name, set->locator.payload);
}

/* What was made may have the very name of a source: then it is in its place. */
static dits_error *let_go(struct repack *repack, struct pack *pack)
{
    struct store *store = repack->store;
    CLEANUP(pack_use_end) struct pack_use use = {0};
    quarantine_forget(&store->quarantine, pack->name);
    if (was_made(repack, pack)) {
        atomic_store(&pack->replaced, true);
        return forget(repack, pack, true);
    }
    if (pack->tier == NULL) /* who reads on in it needs it open */
        TRY(pack_use(pack, &use));
    if (pack->tier == NULL && repack->sources == REPACK_SET_ASIDE)
        TRY(set_aside(store, pack));
    else if (pack->tier == NULL)
        TRY(fs_remove(pack->path));
    TRY(forget(repack, pack, false));
    dits_error_free(fs_remove(pack->index_path)); /* most have none */
    return NULL;
}

dits_error *repack_commit(struct repack *repack)
{
    struct store *store = repack->store;
    int64_t mtime_ns = 0;
    TRY(newest_retired(repack, &mtime_ns));
    if (mtime_ns == 0)
        mtime_ns = repack->newest_ns; /* no source goes yet */
    TRY(finish_pack(repack));
    TRY(pack_set_refresh(&store->set, true, NULL));
    if (mtime_ns != 0)
        TRY(age_made(repack, mtime_ns));

    for (size_t i = 0; i < repack->retired_count; i++)
        TRY(let_go(repack, repack->retired[i]));
    repack->retired_count = 0;
    repack->newest_ns = 0;
    buf_clear(&repack->made);
    return pack_set_refresh(&store->set, true, NULL);
}

void repack_free(struct repack *repack)
{
    if (repack == NULL)
        return;
    pack_writer_free(repack->writer);
    mem_free(repack->retired);
    buf_release(&repack->made);
    buf_release(&repack->plain);
    buf_release(&repack->stored);
    mem_free(repack);
}

void repack_freep(struct repack **repack)
{
    repack_free(*repack);
}

static dits_error *clean_temporary(const char *name, void *payload)
{
    const struct store *store = payload;
    CLEANUP(text_free) char *path = NULL;
    if (!text_starts_with(name, "pack-"))
        return NULL;
    TRY(fs_join(store->temporary, name, &path));
    return fs_remove(path);
}

/* An index whose pack is gone. */
static dits_error *clean_index(const char *name, void *payload)
{
    const struct store *store = payload;
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf pack = {0};
    if (!text_ends_with(name, ".idx"))
        return NULL;
    size_t stem = strlen(name) - strlen(".idx");
    TRY(buf_printf(&pack, "%.*s", (int)stem, name));
    if (pack_set_find(&store->set, buf_text(&pack)) != NULL)
        return NULL; /* its pack is in a tier, perhaps */
    buf_clear(&pack);
    TRY(buf_printf(&pack, "%s/%.*s.pack", store->packs, (int)stem, name));
    if (fs_exists(buf_text(&pack)))
        return NULL;
    TRY(fs_join(store->packs, name, &path));
    return fs_remove(path);
}

void repack_clean(struct store *store)
{
    dits_error *err = fs_list(store->temporary, clean_temporary, store);
    if (err == NULL)
        err = fs_list(store->packs, clean_index, store);
    if (err != NULL)
        log_debug(store->context, "cannot clean up: %s",
                  dits_error_message(err));
    dits_error_free(err);
}
