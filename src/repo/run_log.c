#include "repo/run_log.h"

#include "base/text.h"
#include "db/db.h"

enum { KEPT = 100 };

void run_record_release(struct run_record *record)
{
    text_free(&record->error);
    *record = (struct run_record){0};
}

/* The only number of the only row; 0 when there is none. */
static dits_error *read_number(dits_repo *repo, const char *sql,
                               const struct db_value *args, int64_t *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(repo->db, sql, args, &rows));
    TRY(db_next(rows, &found));
    *out = found ? db_column_int(rows, 0) : 0;
    return NULL;
}

dits_error *run_log_begin(dits_repo *repo, const char *kind, uint64_t *out_id)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    int64_t id = 0;
    TRY(db_begin(repo->db, &step));
    TRY(db_run(repo->db,
               "INSERT INTO runs(kind, started, ended, operation, items, bytes)"
               " VALUES (?, ?, 0, coalesce((SELECT max(id) FROM operations),"
               " 0), 0, 0)",
               DB_ARGS(db_text(kind), db_int(context_now(repo->context))),
               NULL));
    TRY(read_number(repo, "SELECT max(id) FROM runs", DB_NO_ARGS, &id));
    TRY(db_run(repo->db,
               "DELETE FROM runs WHERE kind = ?1 AND id NOT IN (SELECT id FROM"
               " runs WHERE kind = ?1 ORDER BY id DESC LIMIT ?2)",
               DB_ARGS(db_text(kind), db_int(KEPT)), NULL));
    TRY(db_commit(&step));
    *out_id = (uint64_t)id;
    return NULL;
}

static dits_error *note_end(dits_repo *repo, uint64_t id, uint64_t items,
                            uint64_t bytes, const dits_error *failure)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    const char *text = failure != NULL ? dits_error_message(failure) : NULL;
    TRY(db_begin(repo->db, &step));
    TRY(db_run(repo->db,
               "UPDATE runs SET ended = ?, items = ?, bytes = ?, error = ?"
               " WHERE id = ?",
               DB_ARGS(db_int(context_now(repo->context)),
                       db_int((int64_t)items), db_int((int64_t)bytes),
                       db_text(text), db_int((int64_t)id)),
               NULL));
    return db_commit(&step);
}

dits_error *run_log_end(dits_repo *repo, uint64_t id, uint64_t items,
                        uint64_t bytes, dits_error *failure)
{
    dits_error *err = note_end(repo, id, items, bytes, failure);
    if (failure == NULL)
        return err;
    dits_error_free(err); /* the first failure counts */
    return failure;
}

dits_error *run_log_last(dits_repo *repo, const char *kind,
                         struct run_record *out, bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db,
                 "SELECT id, started, ended, operation, items, bytes, error"
                 " FROM runs WHERE kind = ? ORDER BY id DESC LIMIT 1",
                 DB_ARGS(db_text(kind)), &rows));
    TRY(db_next(rows, out_found));
    if (!*out_found)
        return NULL;
    TRY(text_copy_optional(db_column_text(rows, 6), &out->error));
    out->id = (uint64_t)db_column_int(rows, 0);
    out->started = db_column_int(rows, 1);
    out->ended = db_column_int(rows, 2);
    out->operation = db_column_int(rows, 3);
    out->items = (uint64_t)db_column_int(rows, 4);
    out->bytes = (uint64_t)db_column_int(rows, 5);
    return NULL;
}

dits_error *run_log_operations_since(dits_repo *repo, const char *kind,
                                     uint64_t *out)
{
    int64_t count = 0;
    TRY(read_number(repo,
                    "SELECT count(*) FROM operations WHERE id > coalesce("
                    "(SELECT operation FROM runs WHERE kind = ? AND ended > 0"
                    " AND error IS NULL ORDER BY id DESC LIMIT 1), 0)",
                    DB_ARGS(db_text(kind)), &count));
    *out = (uint64_t)count;
    return NULL;
}
