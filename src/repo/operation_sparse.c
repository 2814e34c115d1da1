#include "repo/operation_sparse.h"

#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"

void operation_sparse_release(struct operation_sparse *row)
{
    mem_free(row->before);
    mem_free(row->after);
    *row = (struct operation_sparse){0};
}

static dits_error *read_text(struct db_rows *rows, int column, char **out)
{
    const char *text = db_column_text(rows, column);
    if (text == NULL)
        return error_hint(error_new(DITS_E_CORRUPT,
                                    "a sparse set in the database is damaged"),
                          "See 'dits fsck'.");
    return text_copy(text, out);
}

dits_error *operation_sparse_load(dits_repo *repo, uint64_t id,
                                  struct operation_sparse *out, bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    CLEANUP(operation_sparse_release) struct operation_sparse row = {0};
    TRY(db_query(repo->db,
                 "SELECT before, after FROM operation_sparse"
                 " WHERE operation = ?",
                 DB_ARGS(db_int((int64_t)id)), &rows));
    TRY(db_next(rows, out_found));
    if (!*out_found)
        return NULL;
    TRY(read_text(rows, 0, &row.before));
    TRY(read_text(rows, 1, &row.after));
    *out = MOVE(row);
    return NULL;
}

dits_error *operation_sparse_newest(dits_repo *repo, char **out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    *out = NULL;
    TRY(db_query(repo->db,
                 "SELECT after FROM operation_sparse WHERE worktree = ?"
                 " ORDER BY operation DESC LIMIT 1",
                 DB_ARGS(db_int((int64_t)repo->linked)), &rows));
    TRY(db_next(rows, &found));
    return found ? read_text(rows, 0, out) : NULL;
}

dits_error *operation_sparse_insert(dits_repo *repo, uint64_t id,
                                    const struct operation_sparse *row)
{
    return db_run(
        repo->db,
        "INSERT INTO operation_sparse(operation, before, after, worktree)"
        " VALUES (?, ?, ?, ?)",
        DB_ARGS(db_int((int64_t)id), db_text(row->before), db_text(row->after),
                db_int((int64_t)repo->linked)),
        NULL);
}
