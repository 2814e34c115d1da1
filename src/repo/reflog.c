#include "repo/reflog.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"
#include "repo/private_ref.h"
#include "repo/ref_name.h"

static dits_error *damaged(void)
{
    return error_hint(error_new(DITS_E_CORRUPT, "the reflog is damaged"),
                      "See 'dits fsck'.");
}

dits_error *reflog_append(dits_repo *repo, uint64_t operation,
                          const struct person *who,
                          const struct reflog_change *change)
{
    CLEANUP(buf_release) struct buf ref = {0};
    TRY(private_ref_name(repo, change->ref, &ref));
    return db_run(
        repo->db,
        "INSERT INTO reflog(ref, number, operation, before, after, name,"
        " email, time, zone, message) VALUES (?1, coalesce((SELECT max(number)"
        " FROM reflog WHERE ref = ?1), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        DB_ARGS(db_text(buf_text(&ref)), db_int((int64_t)operation),
                db_blob(change->before->hash, OID_SIZE),
                db_blob(change->after->hash, OID_SIZE), db_text(who->name),
                db_text(who->email), db_int(who->time),
                db_int(who->offset_minutes), db_text(change->message)),
        NULL);
}

dits_error *reflog_move(dits_repo *repo, const char *from, const char *to)
{
    TRY(db_run(repo->db, "DELETE FROM reflog WHERE ref = ?",
               DB_ARGS(db_text(to)), NULL));
    return db_run(repo->db, "UPDATE reflog SET ref = ? WHERE ref = ?",
                  DB_ARGS(db_text(to), db_text(from)), NULL);
}

/* The only column of the only row, if there is one that is not zero. */
static dits_error *find_id(dits_repo *repo, const char *sql,
                           const struct db_value *args, struct dits_oid *out,
                           bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    struct dits_oid id = {0};
    bool found = false;
    TRY(db_query(repo->db, sql, args, &rows));
    TRY(db_next(rows, &found));
    if (found && !db_column_blob(rows, 0, id.hash, OID_SIZE))
        return damaged();
    *out_found = found && !dits_oid_is_zero(&id);
    if (*out_found)
        *out = id;
    return NULL;
}

dits_error *reflog_nth(dits_repo *repo, const char *full_name, uint64_t back,
                       struct dits_oid *out, bool *out_found)
{
    CLEANUP(buf_release) struct buf ref = {0};
    TRY(private_ref_name(repo, full_name, &ref));
    if (back > INT64_MAX / 2) {
        *out_found = false;
        return NULL;
    }
    TRY(find_id(repo,
                "SELECT after FROM reflog WHERE ref = ?"
                " ORDER BY number DESC LIMIT 1 OFFSET ?",
                DB_ARGS(db_text(buf_text(&ref)), db_int((int64_t)back)), out,
                out_found));
    if (*out_found || back == 0)
        return NULL;
    /* One before the oldest entry: where that entry came from. */
    return find_id(repo,
                   "SELECT before FROM reflog WHERE ref = ?1"
                   " AND (SELECT count(*) FROM reflog WHERE ref = ?1) = ?2"
                   " ORDER BY number LIMIT 1",
                   DB_ARGS(db_text(buf_text(&ref)), db_int((int64_t)back)), out,
                   out_found);
}

dits_error *reflog_at(dits_repo *repo, const char *full_name, int64_t time,
                      struct dits_oid *out, bool *out_found)
{
    CLEANUP(buf_release) struct buf ref = {0};
    TRY(private_ref_name(repo, full_name, &ref));
    TRY(find_id(repo,
                "SELECT after FROM reflog WHERE ref = ? AND time <= ?"
                " ORDER BY number DESC LIMIT 1",
                DB_ARGS(db_text(buf_text(&ref)), db_int(time)), out,
                out_found));
    if (*out_found)
        return NULL;
    /* Older than the log: the oldest value that is known. */
    TRY(find_id(repo,
                "SELECT before FROM reflog WHERE ref = ?"
                " ORDER BY number LIMIT 1",
                DB_ARGS(db_text(buf_text(&ref))), out, out_found));
    if (*out_found)
        return NULL;
    return find_id(repo,
                   "SELECT after FROM reflog WHERE ref = ?"
                   " ORDER BY number LIMIT 1",
                   DB_ARGS(db_text(buf_text(&ref))), out, out_found);
}

dits_error *reflog_previous_branch(dits_repo *repo, uint64_t back, char **out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    CLEANUP(buf_release) struct buf head = {0};
    bool found = false;
    *out = NULL;
    if (back == 0 || back > INT64_MAX / 2)
        return NULL;
    TRY(private_ref_name(repo, REF_HEAD, &head));
    TRY(db_query(repo->db,
                 "SELECT branch_before FROM operation_refs"
                 " WHERE ref = ? AND branch_before IS NOT NULL"
                 " AND branch_before IS NOT branch_after"
                 " ORDER BY operation DESC LIMIT 1 OFFSET ?",
                 DB_ARGS(db_text(buf_text(&head)), db_int((int64_t)back - 1)),
                 &rows));
    TRY(db_next(rows, &found));
    return found ? text_copy_optional(db_column_text(rows, 0), out) : NULL;
}

/* Texts of a row that must outlive the next query. */
struct entry_texts {
    char *name;
    char *email;
    char *message;
};

static void entry_texts_release(struct entry_texts *texts)
{
    mem_free(texts->name);
    mem_free(texts->email);
    mem_free(texts->message);
}

static dits_error *copy_column(struct db_rows *rows, int column, char **out)
{
    const char *text = db_column_text(rows, column);
    return text_copy(text != NULL ? text : "", out);
}

static dits_error *report(struct db_rows *rows, uint64_t number,
                          dits_reflog_fn *fn, void *payload)
{
    CLEANUP(entry_texts_release) struct entry_texts texts = {0};
    struct dits_reflog_entry entry = {.number = number};
    if (!db_column_blob(rows, 0, entry.before.hash, OID_SIZE) ||
        !db_column_blob(rows, 1, entry.after.hash, OID_SIZE))
        return damaged();
    TRY(copy_column(rows, 2, &texts.name));
    TRY(copy_column(rows, 3, &texts.email));
    TRY(copy_column(rows, 6, &texts.message));
    entry.who = (struct dits_person){
        .name = texts.name,
        .email = texts.email,
        .time = db_column_int(rows, 4),
        .offset_minutes = (int32_t)db_column_int(rows, 5),
    };
    entry.message = texts.message;
    return fn(&entry, payload);
}

dits_error *reflog_full_name(const dits_repo *repo, const char *name,
                             struct buf *out)
{
    if (name == NULL || strcmp(name, REF_HEAD) == 0)
        return private_ref_name(repo, REF_HEAD, out);
    if (text_starts_with(name, "refs/"))
        return buf_put_text(out, name);
    return buf_printf(out, REF_BRANCHES "%s", name);
}

dits_error *dits_reflog_each(dits_repo *repo, const char *name,
                             dits_reflog_fn *fn, void *payload)
{
    CLEANUP(buf_release) struct buf full_name = {0};
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(reflog_full_name(repo, name, &full_name));
    TRY(db_query(repo->db,
                 "SELECT before, after, name, email, time, zone, message"
                 " FROM reflog WHERE ref = ? ORDER BY number DESC",
                 DB_ARGS(db_text(buf_text(&full_name))), &rows));
    for (uint64_t number = 0;; number++) {
        bool more = false;
        TRY(db_next(rows, &more));
        if (!more && number == 0 && name != NULL)
            return error_new(DITS_E_NOT_FOUND, "'%s' has no reflog", name);
        if (!more)
            return NULL;
        TRY(report(rows, number, fn, payload));
    }
}
