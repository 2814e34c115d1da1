#include "repo/operation_life.h"

#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"

void operation_life_release(struct operation_life *life)
{
    mem_free(life->name);
    mem_free(life->path);
    *life = (struct operation_life){0};
}

static dits_error *read_row(struct db_rows *rows, struct operation_life *out)
{
    CLEANUP(operation_life_release) struct operation_life life = {0};
    const char *name = db_column_text(rows, 0);
    const char *path = db_column_text(rows, 1);
    if (name == NULL || path == NULL)
        return error_hint(
            error_new(DITS_E_CORRUPT, "the table of operations is damaged"),
            "See 'dits fsck'.");
    TRY(text_copy(name, &life.name));
    TRY(text_copy(path, &life.path));
    life.is_made = db_column_int(rows, 2) != 0;
    *out = MOVE(life);
    return NULL;
}

dits_error *operation_life_load(dits_repo *repo, uint64_t id,
                                struct operation_life *out, bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db,
                 "SELECT name, path, made FROM operation_worktrees"
                 " WHERE operation = ?",
                 DB_ARGS(db_int((int64_t)id)), &rows));
    TRY(db_next(rows, out_found));
    return *out_found ? read_row(rows, out) : NULL;
}

dits_error *operation_life_begin(dits_repo *repo, uint64_t id,
                                 const struct operation_life *life)
{
    if (life->name == NULL)
        return NULL;
    TRY(db_run(repo->db,
               "INSERT INTO operation_worktrees(operation, name, path, made)"
               " VALUES (?, ?, ?, ?)",
               DB_ARGS(db_int((int64_t)id), db_text(life->name),
                       db_text(life->path), db_int(life->is_made)),
               NULL));
    if (!life->is_made)
        return NULL;
    return db_run(repo->db,
                  "INSERT INTO worktrees(id, name, path) VALUES (?, ?, ?)",
                  DB_ARGS(db_int((int64_t)repo->linked), db_text(life->name),
                          db_text(life->path)),
                  NULL);
}

dits_error *operation_life_end(dits_repo *repo,
                               const struct operation_life *life)
{
    if (life->name == NULL || life->is_made)
        return NULL;
    return db_run(repo->db, "DELETE FROM worktrees WHERE id = ?",
                  DB_ARGS(db_int((int64_t)repo->linked)), NULL);
}
