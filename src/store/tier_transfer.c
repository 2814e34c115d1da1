#include "store/tier_transfer.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "store/rate.h"
#include "store/repack.h"
#include "store/verify_pack.h"

enum { BLOCK_BYTES = 4 << 20, HOLD_PATIENCE_MS = 30000 };

static dits_error *fill_info(const struct pack *pack,
                             struct store_pack_info *out)
{
    struct fs_stat stat = {0};
    TRY(pack_stat(pack, &stat));
    *out = (struct store_pack_info){
        .name = pack->name,
        .tier = pack->tier,
        .size = stat.size,
        .mtime_ns = stat.mtime_ns,
        .used = atomic_load_explicit(&pack->used, memory_order_relaxed),
    };
    return NULL;
}

dits_error *store_each_pack(struct store *store, store_pack_fn *fn,
                            void *payload)
{
    const struct pack_list *list = pack_set_list(&store->set);
    for (size_t i = 0; i < list->count; i++) {
        struct store_pack_info info = {0};
        dits_error *err = fill_info(list->packs[i], &info);
        if (dits_error_has(err, DITS_E_NOT_FOUND)) {
            dits_error_free(err); /* merged into another meanwhile */
            continue;
        }
        TRY(err);
        TRY(fn(&info, payload));
    }
    return NULL;
}

dits_error *store_pack_get(struct store *store, const char *name,
                           struct store_pack_info *out, bool *out_found)
{
    struct pack *pack = pack_set_find(&store->set, name);
    dits_error *err = pack != NULL ? fill_info(pack, out) : NULL;
    *out_found = pack != NULL && err == NULL;
    if (!dits_error_has(err, DITS_E_NOT_FOUND))
        return err;
    dits_error_free(err); /* that is the answer */
    return NULL;
}

dits_error *store_pack_has_data(struct store *store, const char *name,
                                bool *out)
{
    struct pack *pack = pack_set_find(&store->set, name);
    *out = false;
    if (pack == NULL)
        return NULL;
    TRY(pack_load(pack));
    for (uint32_t i = 0; i < pack_count(pack) && !*out; i++) {
        struct frame frame = {0};
        TRY(pack_at(pack, i, &frame));
        *out = frame.kind == CHUNK_DATA;
    }
    return NULL;
}

bool store_pack_is_damaged(struct store *store, const char *name)
{
    return quarantine_has_pack(&store->quarantine, name);
}

dits_error *store_hold(struct store *store, struct fs_file *out)
{
    dits_error *err =
        fs_lock(store->lock_path, FS_LOCK_SHARED, HOLD_PATIENCE_MS, out);
    if (dits_error_has(err, DITS_E_LOCKED))
        return error_wrap(err, "the store is being cleaned up");
    TRY(err);
    return pack_set_relocate(&store->set, NULL);
}

static dits_error *path_in(const char *folder, const char *pack, char **out)
{
    CLEANUP(buf_release) struct buf path = {0};
    TRY(buf_printf(&path, "%s/%s.pack", folder, pack));
    return buf_take_text(&path, out);
}

static dits_error *remove_in(const char *folder, const char *pack)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(path_in(folder, pack, &path));
    dits_error *err = fs_remove(path);
    if (!dits_error_has(err, DITS_E_NOT_FOUND))
        return err;
    dits_error_free(err); /* that is what was wanted */
    return NULL;
}

dits_error *store_remove_here(struct store *store, const char *pack)
{
    TRY(remove_in(store->incoming, pack));
    if (quarantine_has_pack(&store->quarantine, pack))
        return NULL;
    TRY(remove_in(store->packs, pack));
    return fs_sync_dir(store->packs);
}

dits_error *store_check_room(const struct store *store, const struct tier *to,
                             uint64_t size)
{
    uint64_t room = 0;
    uint64_t total = 0;
    const char *folder = to != NULL ? to->path : store->packs;
    TRY(fs_room(folder, &room, &total));
    if (room >= size)
        return NULL;
    return error_hint(error_new(DITS_E_LIMIT,
                                "no room in '%s': %" PRIu64
                                " bytes are free, %" PRIu64 " are needed",
                                folder, room, size),
                      "Nothing was moved there. Make room and try again.");
}

/* Whether another pack here has it. */
static dits_error *is_near(struct store *store, const struct pack *pack,
                           const struct dits_oid *id, bool *out)
{
    const struct pack_list *list = pack_set_list(&store->set);
    *out = false;
    for (size_t i = 0; i < list->count && !*out; i++) {
        struct pack *other = list->packs[i];
        struct frame frame = {0};
        if (other == pack || other->tier != NULL)
            continue;
        TRY(pack_find(other, id, out, &frame));
        *out = *out &&
               !quarantine_has(&store->quarantine, other->name, frame.offset);
    }
    return NULL;
}

/* Nobody removes packs here meanwhile, so what is near stays near. */
static dits_error *keep_objects(struct store *store, struct pack *pack)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(repack_freep) struct repack *repack = NULL;
    CLEANUP(frame_list_release) struct frame_list frames = {0};
    TRY(store_hold(store, &lock));
    TRY(pack_frames(pack, &frames));
    TRY(repack_begin(store, REPACK_REMOVE, &repack));
    for (uint32_t i = 0; i < frames.count; i++) {
        bool is_known = false;
        if (frames.rows[i].kind == CHUNK_DATA)
            continue;
        TRY(is_near(store, pack, &frames.rows[i].id, &is_known));
        if (!is_known)
            TRY(repack_add(repack, pack, &frames.rows[i]));
    }
    if (repack_pending(repack) > 0)
        atomic_store(&store->grew, true); /* such packs are to be merged, too */
    return repack_commit(repack);
}

static dits_error *copy_bytes(const struct store *store, struct pack *pack,
                              const struct store_transfer *transfer,
                              const struct fs_file *to)
{
    CLEANUP(pack_use_end) struct pack_use use = {0};
    CLEANUP(buf_release) struct buf block = {0};
    struct rate rate = rate_begin(transfer->bytes_per_second);
    struct fs_stat stat = {0};
    void *at = NULL;
    TRY(pack_use(pack, &use));
    TRY(fs_stat_file(&use.file, &stat));
    TRY(buf_extend(&block, BLOCK_BYTES, &at));
    for (uint64_t offset = 0; offset < stat.size;) {
        size_t size = stat.size - offset < BLOCK_BYTES
                          ? (size_t)(stat.size - offset)
                          : BLOCK_BYTES;
        TRY(fs_read_at(&use.file, offset, size, at));
        TRY(fs_write_at(to, offset, at, size));
        offset += size;
        if (transfer->on_progress != NULL)
            transfer->on_progress(size, transfer->payload);
        TRY(rate_keep(&rate, store->context, size));
    }
    return fs_sync(to);
}

/* The first damage of a copy. */
struct finding {
    struct store_damage damage;
    bool found;
};

static void on_damage(const struct store_damage *damage, void *payload)
{
    struct finding *finding = payload;
    if (!finding->found)
        finding->damage = *damage;
    finding->found = true;
}

/* Is it the pack that is damaged, or has the disk spoilt the copy? */
static dits_error *blame(struct store *store, struct pack *pack,
                         const struct finding *finding)
{
    struct finding source = {0};
    struct pack_check check = {.store = store,
                               .pack = pack,
                               .read_all = true,
                               .on_damage = on_damage,
                               .payload = &source};
    uint64_t chunks = 0;
    uint64_t bytes = 0;
    TRY(pack_check(&check, &chunks, &bytes));
    if (source.found)
        return error_hint(error_new(DITS_E_CORRUPT,
                                    "pack '%s' is damaged at %" PRIu64
                                    ", so it stays where it is",
                                    pack->name, source.damage.offset),
                          "Run 'dits fsck --full --repair'.");
    return error_hint(error_new(DITS_E_IO,
                                "what was written of pack '%s' came back "
                                "damaged at %" PRIu64,
                                pack->name, finding->damage.offset),
                      "Nothing is lost; but check that disk.");
}

/* Read the copy back: every chunk against its id, every index. */
static dits_error *check_copy(struct store *store, struct pack *pack,
                              const char *folder)
{
    CLEANUP(pack_closep) struct pack *copy = NULL;
    struct finding finding = {0};
    struct fs_stat stat = {0};
    atomic_uint kept = 0;
    uint64_t chunks = 0;
    uint64_t bytes = 0;
    TRY(pack_open(store->context, folder, pack->name, &kept, &copy));
    struct pack_check check = {.store = store,
                               .pack = copy,
                               .read_all = true,
                               .on_damage = on_damage,
                               .payload = &finding};
    TRY(pack_check(&check, &chunks, &bytes));
    TRY(pack_load(pack));
    TRY(pack_stat(pack, &stat));
    if (finding.found || bytes != stat.size || chunks != pack_count(pack))
        return blame(store, pack, &finding);
    return NULL;
}

/* Where a pack goes. */
struct target {
    const char *folder;
    const char *temporary;
};

static dits_error *write_copy(struct store *store, struct pack *pack,
                              const struct store_transfer *transfer,
                              const struct target *target, const char *path)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    struct fs_stat stat = {0};
    TRY(fs_open(path, FS_CREATE_NEW, &file));
    TRY(copy_bytes(store, pack, transfer, &file));
    fs_close(&file);
    TRY(check_copy(store, pack, target->temporary));
    TRY(pack_stat(pack, &stat));
    return fs_set_mtime(path, stat.mtime_ns);
}

static dits_error *place_copy(struct store *store, struct pack *pack,
                              const struct store_transfer *transfer,
                              const struct target *target)
{
    CLEANUP(text_free) char *unfinished = NULL;
    CLEANUP(text_free) char *path = NULL;
    TRY(path_in(target->temporary, pack->name, &unfinished));
    TRY(path_in(target->folder, pack->name, &path));
    TRY(remove_in(target->temporary, pack->name));
    dits_error *err = write_copy(store, pack, transfer, target, unfinished);
    if (err == NULL)
        err = fs_rename(unfinished, path);
    if (err != NULL) {
        dits_error_free(fs_remove(unfinished)); /* or the next run does it */
        return err;
    }
    return fs_sync_dir(target->folder);
}

dits_error *store_transfer(struct store *store,
                           const struct store_transfer *transfer)
{
    CLEANUP(text_free) char *temporary = NULL;
    struct pack *pack = pack_set_find(&store->set, transfer->pack);
    const struct tier *to = transfer->to;
    struct target target = {.folder = store->packs,
                            .temporary = store->incoming};
    if (pack == NULL)
        return error_new(DITS_E_NOT_FOUND, "no pack '%s'", transfer->pack);
    if (to != NULL) {
        TRY(tier_check(to));
        TRY(tier_temporary(to, &temporary));
        target = (struct target){.folder = to->path, .temporary = temporary};
        TRY(keep_objects(store, pack));
        TRY(pack_keep_index(pack));
    } else {
        TRY(fs_make_dirs(store->incoming));
    }
    return place_copy(store, pack, transfer, &target);
}
