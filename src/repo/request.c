#include "repo/request.h"

#include "db/db.h"

enum { KEEP_S = 7 * 24 * 3600 };

static struct db_value key_of(const struct request *request)
{
    return db_blob(request->key, sizeof(request->key));
}

dits_error *request_find(dits_repo *repo, const struct request *request,
                         struct buf *out, bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    struct dits_oid hash = {0};
    TRY(db_query(repo->db,
                 "SELECT hash, answer FROM requests"
                 " WHERE caller = ? AND key = ?",
                 DB_ARGS(db_text(request->caller), key_of(request)), &rows));
    TRY(db_next(rows, out_found));
    if (!*out_found)
        return NULL;
    const char *answer = db_column_text(rows, 1);
    if (!db_column_blob(rows, 0, hash.hash, OID_SIZE) || answer == NULL)
        return error_new(DITS_E_CORRUPT, "a request that was kept is damaged");
    if (!dits_oid_equal(&hash, &request->hash))
        return error_new(DITS_E_INVALID,
                         "this key was used for another request");
    buf_clear(out);
    return buf_put_text(out, answer);
}

dits_error *request_keep(dits_repo *repo, const struct request *request,
                         const char *answer)
{
    int64_t now = context_now(repo->context);
    TRY(db_run(repo->db, "DELETE FROM requests WHERE time < ?",
               DB_ARGS(db_int(now - KEEP_S)), NULL));
    return db_run(repo->db,
                  "INSERT INTO requests(caller, key, hash, time, answer)"
                  " VALUES (?, ?, ?, ?, ?)",
                  DB_ARGS(db_text(request->caller), key_of(request),
                          db_blob(request->hash.hash, OID_SIZE), db_int(now),
                          db_text(answer)),
                  NULL);
}
