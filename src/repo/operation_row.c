#include "repo/operation_row.h"

#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"
#include "repo/ref_name.h"

enum { BATCH = 500 };

#define COLUMNS                                                           \
    "id, time, user, kind, command, undoes, state, index_before, "        \
    "index_after, tree_before, tree_after, log_from, log_to, undone_by, " \
    "worktree, owner"

void operation_row_release(struct operation_row *row)
{
    mem_free(row->user);
    mem_free(row->kind);
    mem_free(row->command);
    mem_free(row->log_from);
    mem_free(row->log_to);
    *row = (struct operation_row){0};
}

static dits_error *damaged(void)
{
    return error_hint(
        error_new(DITS_E_CORRUPT, "the table of operations is damaged"),
        "See 'dits fsck'.");
}

static dits_error *copy_column(struct db_rows *rows, int column, char **out)
{
    const char *text = db_column_text(rows, column);
    return text_copy(text != NULL ? text : "", out);
}

static dits_error *read_row(struct db_rows *rows, struct operation_row *out)
{
    CLEANUP(operation_row_release)
    struct operation_row row = {
        .id = (uint64_t)db_column_int(rows, 0),
        .time = db_column_int(rows, 1),
        .undoes = (uint64_t)db_column_int(rows, 5),
        .state = (enum operation_state)db_column_int(rows, 6),
        .undone_by = (uint64_t)db_column_int(rows, 13),
        .worktree = (uint64_t)db_column_int(rows, 14),
        .owner = (uint64_t)db_column_int(rows, 15),
    };
    TRY(copy_column(rows, 2, &row.user));
    TRY(copy_column(rows, 3, &row.kind));
    TRY(copy_column(rows, 4, &row.command));
    struct dits_oid *const ids[] = {&row.index_before, &row.index_after,
                                    &row.tree_before, &row.tree_after};
    for (int i = 0; i < 4; i++) {
        if (!db_column_blob(rows, 7 + i, ids[i]->hash, OID_SIZE))
            return damaged();
    }
    TRY(text_copy_optional(db_column_text(rows, 11), &row.log_from));
    TRY(text_copy_optional(db_column_text(rows, 12), &row.log_to));
    *out = MOVE(row);
    return NULL;
}

static dits_error *load(dits_repo *repo, const char *sql,
                        const struct db_value *args, struct operation_row *out,
                        bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db, sql, args, &rows));
    TRY(db_next(rows, out_found));
    return *out_found ? read_row(rows, out) : NULL;
}

dits_error *operation_row_load(dits_repo *repo, uint64_t id,
                               struct operation_row *out, bool *out_found)
{
    return load(repo, "SELECT " COLUMNS " FROM operations WHERE id = ?",
                DB_ARGS(db_int((int64_t)id)), out, out_found);
}

dits_error *operation_row_newest(dits_repo *repo, struct operation_row *out,
                                 bool *out_found)
{
    return load(repo,
                "SELECT " COLUMNS " FROM operations WHERE worktree = ?"
                " ORDER BY id DESC LIMIT 1",
                DB_ARGS(db_int((int64_t)repo->linked)), out, out_found);
}

dits_error *operation_row_next_id(dits_repo *repo, uint64_t *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(repo->db, "SELECT coalesce(max(id), 0) + 1 FROM operations",
                 DB_NO_ARGS, &rows));
    TRY(db_next(rows, &found));
    *out = (uint64_t)db_column_int(rows, 0);
    return NULL;
}

dits_error *operation_row_to_undo(dits_repo *repo, struct operation_row *out,
                                  bool *out_found)
{
    return load(repo,
                "SELECT " COLUMNS " FROM operations"
                " WHERE state = 0 AND undoes = 0 AND owner = ?"
                " ORDER BY id DESC LIMIT 1",
                DB_ARGS(db_int((int64_t)repo->linked)), out, out_found);
}

dits_error *operation_row_to_redo(dits_repo *repo, struct operation_row *out,
                                  bool *out_found)
{
    return load(repo,
                "SELECT " COLUMNS " FROM operations"
                " WHERE state = 1 AND owner = ?"
                " ORDER BY undone_by DESC LIMIT 1",
                DB_ARGS(db_int((int64_t)repo->linked)), out, out_found);
}

dits_error *operation_row_each(dits_repo *repo, operation_row_fn *fn,
                               void *payload)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db,
                 "SELECT " COLUMNS " FROM operations ORDER BY id DESC",
                 DB_NO_ARGS, &rows));
    for (;;) {
        CLEANUP(operation_row_release) struct operation_row row = {0};
        bool more = false;
        TRY(db_next(rows, &more));
        if (!more)
            return NULL;
        TRY(read_row(rows, &row));
        TRY(fn(&row, payload));
    }
}

static dits_error *read_ref(struct db_rows *rows, operation_ref_fn *fn,
                            void *payload)
{
    CLEANUP(text_free) char *name = NULL;
    CLEANUP(text_free) char *branch_before = NULL;
    CLEANUP(text_free) char *branch_after = NULL;
    struct operation_ref ref = {0};
    TRY(copy_column(rows, 0, &name));
    TRY(text_copy_optional(db_column_text(rows, 1), &branch_before));
    TRY(text_copy_optional(db_column_text(rows, 3), &branch_after));
    if (!db_column_blob(rows, 2, ref.before.hash, OID_SIZE) ||
        !db_column_blob(rows, 4, ref.after.hash, OID_SIZE))
        return damaged();
    ref.name = name;
    ref.branch_before = branch_before;
    ref.branch_after = branch_after;
    return fn(&ref, payload);
}

dits_error *operation_row_each_ref(dits_repo *repo, uint64_t id,
                                   operation_ref_fn *fn, void *payload)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db,
                 "SELECT ref, branch_before, before, branch_after, after"
                 " FROM operation_refs WHERE operation = ? ORDER BY ref",
                 DB_ARGS(db_int((int64_t)id)), &rows));
    for (;;) {
        bool more = false;
        TRY(db_next(rows, &more));
        if (!more)
            return NULL;
        TRY(read_ref(rows, fn, payload));
    }
}

static struct db_value oid_value(const struct dits_oid *id)
{
    return db_blob(id->hash, OID_SIZE);
}

dits_error *operation_row_insert(dits_repo *repo,
                                 const struct operation_row *row)
{
    return db_run(
        repo->db,
        "INSERT INTO operations(id, time, user, kind, command, undoes, state,"
        " undone_by, index_before, index_after, tree_before, tree_after,"
        " log_from, log_to, worktree, owner)"
        " VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?)",
        DB_ARGS(db_int((int64_t)row->id), db_int(row->time), db_text(row->user),
                db_text(row->kind), db_text(row->command),
                db_int((int64_t)row->undoes), oid_value(&row->index_before),
                oid_value(&row->index_after), oid_value(&row->tree_before),
                oid_value(&row->tree_after), db_text(row->log_from),
                db_text(row->log_to), db_int((int64_t)row->worktree),
                db_int((int64_t)row->owner)),
        NULL);
}

dits_error *operation_row_last_mover(dits_repo *repo, const char *ref,
                                     uint64_t *out, bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db,
                 "SELECT o.worktree FROM operation_refs r JOIN operations o"
                 " ON o.id = r.operation WHERE r.ref = ?"
                 " ORDER BY o.id DESC LIMIT 1",
                 DB_ARGS(db_text(ref)), &rows));
    TRY(db_next(rows, out_found));
    if (*out_found)
        *out = (uint64_t)db_column_int(rows, 0);
    return NULL;
}

dits_error *operation_row_remove(dits_repo *repo, uint64_t id)
{
    return db_run(repo->db, "DELETE FROM operations WHERE id = ?",
                  DB_ARGS(db_int((int64_t)id)), NULL);
}

dits_error *operation_row_insert_ref(dits_repo *repo, uint64_t id,
                                     const struct operation_ref *ref)
{
    return db_run(repo->db,
                  "INSERT INTO operation_refs(operation, ref, branch_before,"
                  " before, branch_after, after) VALUES (?, ?, ?, ?, ?, ?)",
                  DB_ARGS(db_int((int64_t)id), db_text(ref->name),
                          db_text(ref->branch_before), oid_value(&ref->before),
                          db_text(ref->branch_after), oid_value(&ref->after)),
                  NULL);
}

dits_error *operation_row_set_state(dits_repo *repo, uint64_t id,
                                    enum operation_state state,
                                    uint64_t undone_by)
{
    return db_run(
        repo->db, "UPDATE operations SET state = ?, undone_by = ? WHERE id = ?",
        DB_ARGS(db_int(state), db_int((int64_t)undone_by), db_int((int64_t)id)),
        NULL);
}

dits_error *operation_row_bury(dits_repo *repo, uint64_t owner)
{
    return db_run(repo->db,
                  "UPDATE operations SET state = 2 WHERE state = 1"
                  " AND owner = ?",
                  DB_ARGS(db_int((int64_t)owner)), NULL);
}

/*
 * The newest row of each work tree stays whatever its age: it says what is
 * staged there (O1). So does the newest of all: numbers never repeat.
 */
#define EXPIRED                                                           \
    "(SELECT id FROM operations WHERE time < ?1 AND id < (SELECT max(id)" \
    " FROM operations) AND id NOT IN (SELECT max(id) FROM operations"     \
    " WHERE worktree = 0 OR worktree IN (SELECT id FROM worktrees)"       \
    " GROUP BY worktree) ORDER BY id LIMIT ?2)"

static dits_error *expire_batch(dits_repo *repo, int64_t before,
                                uint64_t *out_dropped)
{
    /* The newest sparse row of each says which set holds if its file is lost.
     */
    static const char *const parts[] = {
        "DELETE FROM operation_refs WHERE operation IN " EXPIRED,
        "DELETE FROM operation_worktrees WHERE operation IN " EXPIRED,
        "DELETE FROM operation_sparse WHERE operation IN " EXPIRED
        " AND operation NOT IN (SELECT max(operation) FROM operation_sparse"
        " GROUP BY worktree)",
        "DELETE FROM operations WHERE id IN " EXPIRED,
    };
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(repo->db, &step));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        TRY(db_run(repo->db, parts[i], DB_ARGS(db_int(before), db_int(BATCH)),
                   out_dropped));
    return db_commit(&step);
}

/* Nobody can bring a work tree back of which no operation is left. */
static dits_error *forget_removed(dits_repo *repo)
{
    return db_run(repo->db,
                  "DELETE FROM reflog WHERE ref GLOB '" REF_LINKED "*'"
                  " AND ref NOT IN (SELECT '" REF_LINKED "' || id || '/HEAD'"
                  " FROM worktrees UNION SELECT '" REF_LINKED "' || worktree ||"
                  " '/HEAD' FROM operations)",
                  DB_NO_ARGS, NULL);
}

dits_error *operation_row_expire(dits_repo *repo, int64_t before,
                                 uint64_t *out_dropped)
{
    uint64_t total = 0;
    uint64_t dropped = BATCH;
    while (dropped == BATCH) {
        TRY(context_check(repo->context));
        TRY(expire_batch(repo, before, &dropped));
        total += dropped;
    }
    *out_dropped = total;
    return forget_removed(repo);
}
