#include "repo/samples.h"

#include "base/text.h"
#include "db/db.h"

enum { HOUR = 3600, DAY = 24 * HOUR, HOURLY_DAYS = 8, DAILY_DAYS = 1100 };

struct sizing {
    const char *folder;
    uint64_t bytes;
};

static dits_error *add_size(const char *name, void *payload)
{
    struct sizing *sizing = payload;
    CLEANUP(text_free) char *path = NULL;
    struct fs_stat stat = {0};
    TRY(fs_join(sizing->folder, name, &path));
    dits_error *err = fs_stat_path(path, &stat);
    if (dits_error_has(err, DITS_E_NOT_FOUND)) {
        dits_error_free(err); /* merged into another one meanwhile */
        return NULL;
    }
    TRY(err);
    sizing->bytes += stat.size;
    return NULL;
}

dits_error *samples_measure(const dits_repo *repo, struct dits_sample *out)
{
    CLEANUP(text_free) char *packs = NULL;
    struct sizing sizing = {0};
    TRY(fs_join(repo->dits_dir, "packs", &packs));
    sizing.folder = packs;
    TRY(fs_list(packs, add_size, &sizing));
    TRY(fs_room(packs, &out->free_bytes, &out->total_bytes));
    out->stored_bytes = sizing.bytes;
    out->time = context_now(repo->context);
    return NULL;
}

static dits_error *is_fresh(dits_repo *repo, int64_t now, bool *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db,
                 "SELECT 1 FROM samples WHERE time > ?1 AND time <= ?2 LIMIT 1",
                 DB_ARGS(db_int(now - HOUR), db_int(now)), &rows));
    return db_next(rows, out);
}

static dits_error *insert(dits_repo *repo, const struct dits_sample *sample)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(repo->db, &step));
    TRY(db_run(repo->db,
               "INSERT OR REPLACE INTO samples(time, stored, free, total)"
               " VALUES (?, ?, ?, ?)",
               DB_ARGS(db_int(sample->time),
                       db_int((int64_t)sample->stored_bytes),
                       db_int((int64_t)sample->free_bytes),
                       db_int((int64_t)sample->total_bytes)),
               NULL));
    TRY(db_run(repo->db,
               "DELETE FROM samples WHERE time < ?1 OR (time < ?2 AND time NOT"
               " IN (SELECT max(time) FROM samples GROUP BY time / ?3))",
               DB_ARGS(db_int(sample->time - (int64_t)DAILY_DAYS * DAY),
                       db_int(sample->time - (int64_t)HOURLY_DAYS * DAY),
                       db_int(DAY)),
               NULL));
    return db_commit(&step);
}

dits_error *samples_take(dits_repo *repo)
{
    struct dits_sample sample = {0};
    bool fresh = false;
    TRY(is_fresh(repo, context_now(repo->context), &fresh));
    if (fresh)
        return NULL;
    TRY(samples_measure(repo, &sample));
    return insert(repo, &sample);
}

dits_error *dits_sample_each(dits_repo *repo, dits_sample_fn *fn, void *payload)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db,
                 "SELECT time, stored, free, total FROM samples ORDER BY time",
                 DB_NO_ARGS, &rows));
    for (;;) {
        bool more = false;
        TRY(db_next(rows, &more));
        if (!more)
            return NULL;
        const struct dits_sample sample = {
            .time = db_column_int(rows, 0),
            .stored_bytes = (uint64_t)db_column_int(rows, 1),
            .free_bytes = (uint64_t)db_column_int(rows, 2),
            .total_bytes = (uint64_t)db_column_int(rows, 3),
        };
        TRY(fn(&sample, payload));
    }
}
