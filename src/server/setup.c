#include "server/setup.h"

#include "base/crypt.h"

dits_error *setup_token_forget(struct db *db)
{
    return db_run(db, "DELETE FROM setup", DB_NO_ARGS, NULL);
}

dits_error *setup_token_make(struct db *db, int64_t now,
                             char out_text[TOKEN_TEXT_SIZE])
{
    struct server_id id = {{0}};
    struct dits_oid hash = {{0}};
    server_id_new(&id);
    token_make(TOKEN_SETUP, &id, out_text, &hash);
    TRY(setup_token_forget(db));
    return db_run(db, "INSERT INTO setup VALUES(?, ?)",
                  DB_ARGS(db_blob(hash.hash, sizeof(hash.hash)),
                          db_int(now + SETUP_LIFETIME)),
                  NULL);
}

dits_error *setup_token_is(struct db *db, const char *text, int64_t now,
                           bool *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    enum token_kind kind = TOKEN_PERSONAL;
    struct server_id id = {{0}};
    struct dits_oid hash = {{0}};
    struct dits_oid kept = {{0}};
    bool found = false;
    *out = false;
    if (!token_parse(text, &kind, &id, &hash) || kind != TOKEN_SETUP)
        return NULL;
    TRY(db_query(db, "SELECT hash, expires FROM setup", DB_NO_ARGS, &rows));
    TRY(db_next(rows, &found));
    *out = found && db_column_blob(rows, 0, kept.hash, sizeof(kept.hash)) &&
           crypt_equal(kept.hash, hash.hash, sizeof(kept.hash)) &&
           db_column_int(rows, 1) > now;
    return NULL;
}
