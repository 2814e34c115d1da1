#include "repo/tier_move.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/config.h"
#include "repo/gc_status.h"
#include "repo/pack_copies.h"
#include "store/tier_transfer.h"

#define NS_PER_S 1000000000
#define DEFAULT_LEASE 900 /* seconds: longer than anybody reads one chunk */

static const char *name_of(const struct tier *tier)
{
    return tier != NULL ? tier->name : PACK_COPIES_HERE;
}

const char *tier_shown(const char *name)
{
    return name[0] != '\0' ? name : DITS_TIER_HOT;
}

struct progressing {
    const struct tier_mover *mover;
};

static void on_progress(uint64_t bytes, void *payload)
{
    const struct progressing *progressing = payload;
    const struct tier_mover *mover = progressing->mover;
    if (mover->progress != NULL)
        progress_add(mover->progress, bytes, 0, NULL);
}

/* Whether nobody merged, moved or removed it while it was copied. */
static dits_error *check_current(dits_repo *repo, const char *name,
                                 const char *from)
{
    struct store_pack_info info = {0};
    bool found = false;
    TRY(store_pack_get(repo->store, name, &info, &found));
    if (found && strcmp(name_of(info.tier), from) == 0)
        return NULL;
    return error_new(DITS_E_CONFLICT, "pack '%s' was merged or moved meanwhile",
                     name);
}

static dits_error *publish(dits_repo *repo, const struct copy_change *change)
{
    CLEANUP(fs_close) struct fs_file hold = {0};
    TRY(store_hold(repo->store, &hold));
    TRY(check_current(repo, change->pack, change->from));
    TRY(pack_copies_publish(repo->db, change));
    return store_relocate(repo->store);
}

/* Its copy did not come to be: nothing is left of it. */
static dits_error *take_back(dits_repo *repo, const char *name,
                             const struct tier *to)
{
    if (to != NULL)
        TRY(tier_remove_pack(to, name));
    else
        TRY(store_remove_here(repo->store, name));
    return pack_copies_remove(repo->db, name, name_of(to));
}

static dits_error *transfer(const struct tier_mover *mover,
                            const struct store_pack_info *info,
                            const struct tier *to)
{
    dits_repo *repo = mover->repo;
    struct copy_row row = {.tier = name_of(to),
                           .since = context_now(repo->context),
                           .size = info->size,
                           .mtime_ns = info->mtime_ns};
    struct copy_change change = {.pack = row.pack,
                                 .from = name_of(info->tier),
                                 .to = row.tier,
                                 .size = info->size};
    struct progressing progressing = {mover};
    const struct store_transfer wanted = {
        .pack = row.pack,
        .to = to,
        .bytes_per_second = mover->options->bytes_per_second,
        .on_progress = on_progress,
        .payload = &progressing,
    };
    memcpy(row.pack, info->name, sizeof(row.pack));
    TRY(pack_copies_current(repo->db, row.pack, &change.from_incarnation));
    TRY(pack_copies_begin(repo->db, &row, &change.to_incarnation));
    dits_error *err = store_transfer(repo->store, &wanted);
    change.now = context_now(repo->context);
    if (err == NULL)
        err = publish(repo, &change);
    if (err == NULL)
        return NULL;
    dits_error_free(take_back(repo, row.pack, to)); /* else tier_clean() does */
    return err;
}

static dits_error *check_places(const struct tier_mover *mover,
                                const struct store_pack_info *info,
                                const struct tier *to)
{
    if (info->tier != NULL)
        TRY(tier_check(info->tier));
    if (to != NULL)
        TRY(tier_check(to));
    if (store_pack_is_damaged(mover->repo->store, info->name))
        return error_hint(
            error_new(DITS_E_CORRUPT, "pack '%s' is damaged", info->name),
            "Run 'dits fsck --full --repair'.");
    return store_check_room(mover->repo->store, to, info->size);
}

static dits_error *tell(const struct tier_mover *mover,
                        const struct store_pack_info *info,
                        const struct tier *to)
{
    const struct dits_tier_pack told = {
        .name = info->name,
        .tier = tier_shown(name_of(info->tier)),
        .to = tier_shown(name_of(to)),
        .bytes = info->size,
        .made = info->mtime_ns / NS_PER_S,
    };
    return mover->options->on_move != NULL
               ? mover->options->on_move(&told, mover->options->payload)
               : NULL;
}

static dits_error *move_locked(const struct tier_mover *mover, const char *name,
                               const struct tier *to)
{
    struct store_pack_info info = {0};
    bool found = false;
    TRY(store_relocate(mover->repo->store));
    TRY(store_pack_get(mover->repo->store, name, &info, &found));
    if (!found || strcmp(name_of(info.tier), name_of(to)) == 0)
        return NULL;
    TRY(check_places(mover, &info, to));
    TRY(tell(mover, &info, to));
    if (!mover->options->dry_run)
        TRY(transfer(mover, &info, to));
    mover->result->packs++;
    mover->result->bytes += info.size;
    return NULL;
}

dits_error *tier_move(const struct tier_mover *mover, const char *name,
                      const struct tier *to)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    TRY(gc_lock(mover->repo, &lock));
    dits_error *err = move_locked(mover, name, to);
    bool is_damaged = dits_error_has(err, DITS_E_CORRUPT);
    bool is_offline = dits_error_has(err, DITS_E_OFFLINE);
    if (is_damaged || is_offline)
        log_warn(mover->repo->context, "%s", dits_error_message(err));
    mover->result->damaged += is_damaged;
    mover->result->offline += is_offline;
    if (dits_error_has(err, DITS_E_CONFLICT) || is_damaged || is_offline) {
        dits_error_free(err); /* it stays where it is */
        return NULL;
    }
    TRY_CONTEXT(err, "cannot move pack '%s'", name);
    return NULL;
}

/* The row borrows the name that stands beside it. */
struct kept_row {
    struct copy_row row;
    char *tier;
};

/* One tier_clean(). Rows are collected first: no query is open on a change. */
struct cleaning {
    const struct tier_mover *mover;
    const char *only;
    int64_t lease;
    struct kept_row *rows;
    size_t count;
    size_t capacity;
};

static void cleaning_release(struct cleaning *cleaning)
{
    for (size_t i = 0; i < cleaning->count; i++)
        text_free(&cleaning->rows[i].tier);
    mem_free(cleaning->rows);
}

static dits_error *collect(const struct copy_row *row, void *payload)
{
    struct cleaning *cleaning = payload;
    CLEANUP(text_free) char *tier = NULL;
    if (row->state == COPY_HERE)
        return NULL;
    struct kept_row *rows = array_grown(cleaning->rows, cleaning->count,
                                        &cleaning->capacity, sizeof(*rows));
    if (rows == NULL)
        return error_nomem();
    cleaning->rows = rows;
    TRY(text_copy(row->tier, &tier));
    struct kept_row *kept = &rows[cleaning->count++];
    kept->row = *row;
    kept->tier = MOVE(tier);
    kept->row.tier = kept->tier;
    return NULL;
}

/* A clock that was set back makes nothing old, and nothing older than it is. */
static bool is_over(const struct cleaning *cleaning, const struct copy_row *row)
{
    int64_t now = context_now(cleaning->mover->repo->context);
    return row->state == COPY_COMING || copy_row_is_retired(row) ||
           (cleaning->only != NULL && strcmp(cleaning->only, row->tier) == 0) ||
           now - row->since >= cleaning->lease;
}

/*
 * Whether the copy that is read in its place is there to be seen, whole as far
 * as is known. Of a pack that was given up there is none to be had.
 */
static dits_error *is_replaced(const struct cleaning *cleaning,
                               const struct copy_row *row, bool *out)
{
    struct store *store = cleaning->mover->repo->store;
    struct store_pack_info info = {0};
    CLEANUP(text_free) char *path = NULL;
    struct fs_stat stat = {0};
    bool found = false;
    *out = copy_row_is_retired(row);
    if (*out)
        return NULL;
    TRY(store_pack_get(store, row->pack, &info, &found));
    if (!found || strcmp(name_of(info.tier), row->tier) == 0 ||
        (row->state == COPY_LEAVING && store_pack_is_damaged(store, row->pack)))
        return NULL;
    *out = info.tier == NULL;
    if (*out)
        return NULL; /* its file was just seen */
    TRY(tier_check(info.tier));
    TRY(tier_pack_path(info.tier, row->pack, &path));
    dits_error *err = fs_stat_path(path, &stat);
    *out = err == NULL && stat.size == info.size;
    dits_error_free(err); /* then this copy stays */
    return NULL;
}

static dits_error *remove_copy(const struct cleaning *cleaning,
                               const struct copy_row *row)
{
    const struct tier_mover *mover = cleaning->mover;
    dits_repo *repo = mover->repo;
    bool replaced = false;
    TRY(is_replaced(cleaning, row, &replaced));
    if (!replaced)
        return NULL;
    if (row->tier[0] == '\0') {
        TRY(store_remove_here(repo->store, row->pack));
    } else {
        const struct tier_setting *setting =
            tier_settings_find(mover->settings, row->tier);
        if (setting == NULL)
            return NULL; /* nobody knows where that is */
        TRY(tier_remove_pack(&setting->tier, row->pack));
    }
    TRY(pack_copies_remove(repo->db, row->pack, row->tier));
    if (row->state == COPY_LEAVING) {
        mover->result->deleted_packs++;
        mover->result->deleted_bytes += row->size;
    }
    return NULL;
}

/* Reads of packs that are gone need not be remembered. */
static dits_error *find_stale(const char *pack, void *payload)
{
    struct cleaning *cleaning = payload;
    struct store_pack_info info = {0};
    const struct copy_row row = {.tier = "", .state = COPY_LEAVING};
    bool found = false;
    TRY(store_pack_get(cleaning->mover->repo->store, pack, &info, &found));
    if (found)
        return NULL;
    TRY(collect(&row, payload));
    memcpy(cleaning->rows[cleaning->count - 1].row.pack, pack, OID_HEX_SIZE);
    return NULL;
}

static dits_error *forget_reads(const struct tier_mover *mover)
{
    CLEANUP(cleaning_release) struct cleaning stale = {.mover = mover};
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    struct db *db = mover->repo->db;
    TRY(pack_access_each(db, find_stale, &stale));
    if (stale.count == 0)
        return NULL;
    TRY(db_begin(db, &step));
    for (size_t i = 0; i < stale.count; i++)
        TRY(pack_access_remove(db, stale.rows[i].row.pack));
    return db_commit(&step);
}

dits_error *tier_clean(const struct tier_mover *mover, const char *only)
{
    CLEANUP(cleaning_release)
    struct cleaning cleaning = {.mover = mover, .only = only};
    CLEANUP(fs_close) struct fs_file lock = {0};
    dits_repo *repo = mover->repo;
    uint64_t lease = 0;
    TRY(config_number(repo, "tier.lease", DEFAULT_LEASE, &lease));
    cleaning.lease = lease > INT32_MAX ? INT32_MAX : (int64_t)lease;
    TRY(gc_lock(repo, &lock));
    TRY(store_relocate(repo->store));
    TRY(pack_copies_each(repo->db, collect, &cleaning));
    for (size_t i = 0; i < cleaning.count; i++) {
        TRY(context_check(repo->context));
        if (!is_over(&cleaning, &cleaning.rows[i].row))
            continue;
        dits_error *err = remove_copy(&cleaning, &cleaning.rows[i].row);
        if (!dits_error_has(err, DITS_E_OFFLINE))
            TRY(err);
        dits_error_free(err); /* it waits for that disk */
    }
    return forget_reads(mover);
}
