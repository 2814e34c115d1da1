#include "repo/scrub_row.h"

#include <string.h>

#include "db/db.h"

dits_error *scrub_row_load(dits_repo *repo, struct scrub_row *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    struct dits_oid id = {0};
    bool found = false;
    *out = (struct scrub_row){0};
    TRY(db_query(repo->db,
                 "SELECT cycle, started, ended, pack, place, chunks, bytes,"
                 " damages, last_damages FROM scrub",
                 DB_NO_ARGS, &rows));
    TRY(db_next(rows, &found));
    if (!found)
        return NULL;
    const char *pack = db_column_text(rows, 3);
    out->cycle = (uint64_t)db_column_int(rows, 0);
    out->started = db_column_int(rows, 1);
    out->ended = db_column_int(rows, 2);
    if (pack != NULL && oid_parse(pack, &id)) {
        memcpy(out->place.pack, pack, OID_HEX_SIZE);
        out->place.offset = (uint64_t)db_column_int(rows, 4);
    }
    out->totals.chunks = (uint64_t)db_column_int(rows, 5);
    out->totals.bytes = (uint64_t)db_column_int(rows, 6);
    out->totals.damages = (uint64_t)db_column_int(rows, 7);
    out->last_damages = (uint64_t)db_column_int(rows, 8);
    return NULL;
}

dits_error *scrub_row_save(dits_repo *repo, const struct scrub_row *row)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(repo->db, &step));
    TRY(db_run(repo->db,
               "INSERT OR REPLACE INTO scrub(one, cycle, started, ended, pack,"
               " place, chunks, bytes, damages, last_damages)"
               " VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               DB_ARGS(db_int((int64_t)row->cycle), db_int(row->started),
                       db_int(row->ended), db_text(row->place.pack),
                       db_int((int64_t)row->place.offset),
                       db_int((int64_t)row->totals.chunks),
                       db_int((int64_t)row->totals.bytes),
                       db_int((int64_t)row->totals.damages),
                       db_int((int64_t)row->last_damages)),
               NULL));
    return db_commit(&step);
}
