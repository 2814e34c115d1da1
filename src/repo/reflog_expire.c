#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "db/db.h"
#include "object/commit.h"
#include "repo/expiry.h"
#include "repo/reflog.h"

enum { BATCH = 500 };

/* One entry that is old enough, or beyond the count. */
struct candidate {
    char *ref;
    int64_t number;
    struct dits_oid before;
    struct dits_oid after;
};

static void candidate_release(struct candidate *candidate)
{
    text_free(&candidate->ref);
}

/* Whether `id` is a commit so young that it must not lose a root. */
static dits_error *is_young(dits_repo *repo, const struct dits_oid *id,
                            int64_t since, bool *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    *out = false;
    if (dits_oid_is_zero(id))
        return NULL;
    dits_error *err = commit_load(repo->store, id, &commit);
    if (err == NULL) {
        *out = commit.committer.time >= since;
        return NULL;
    }
    if (dits_error_code(err) != DITS_E_NOT_FOUND &&
        dits_error_code(err) != DITS_E_CORRUPT)
        return err;
    dits_error_free(err); /* nothing is left to be kept */
    return NULL;
}

/*
 * The next candidate after (`ref`, `number`), oldest first. The newest entry
 * of a ref is none.
 */
static dits_error *find_next(dits_repo *repo,
                             const struct reflog_expiry *expiry,
                             const struct candidate *last,
                             struct candidate *out, bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    uint64_t max = expiry->max_count != 0 && expiry->max_count < INT64_MAX
                       ? expiry->max_count
                       : INT64_MAX;
    TRY(db_query(
        repo->db,
        "SELECT ref, number, before, after FROM reflog AS r"
        " WHERE (ref, number) > (?1, ?2) AND (?5 IS NULL OR ref = ?5)"
        " AND number < (SELECT max(number) FROM reflog WHERE ref = r.ref)"
        " AND (time < ?3 OR number <="
        "  (SELECT max(number) FROM reflog WHERE ref = r.ref) - ?4)"
        " ORDER BY ref, number LIMIT 1",
        DB_ARGS(db_text(last->ref != NULL ? last->ref : ""),
                db_int(last->number), db_int(expiry->before),
                db_int((int64_t)max), db_text(expiry->ref)),
        &rows));
    TRY(db_next(rows, out_found));
    if (!*out_found)
        return NULL;
    const char *ref = db_column_text(rows, 0);
    TRY(text_copy(ref != NULL ? ref : "", &out->ref));
    out->number = db_column_int(rows, 1);
    if (!db_column_blob(rows, 2, out->before.hash, OID_SIZE) ||
        !db_column_blob(rows, 3, out->after.hash, OID_SIZE))
        return error_hint(error_new(DITS_E_CORRUPT, "the reflog is damaged"),
                          "See 'dits fsck'.");
    return NULL;
}

static dits_error *drop_unless_young(dits_repo *repo,
                                     const struct reflog_expiry *expiry,
                                     const struct candidate *candidate,
                                     uint64_t *dropped)
{
    bool young = false;
    TRY(is_young(repo, &candidate->after, expiry->keep_since, &young));
    if (!young)
        TRY(is_young(repo, &candidate->before, expiry->keep_since, &young));
    if (young)
        return NULL;
    ++*dropped;
    if (expiry->dry_run)
        return NULL;
    return db_run(repo->db, "DELETE FROM reflog WHERE ref = ? AND number = ?",
                  DB_ARGS(db_text(candidate->ref), db_int(candidate->number)),
                  NULL);
}

/* One transaction; `*out_done` when there is no further candidate. */
static dits_error *expire_batch(dits_repo *repo,
                                const struct reflog_expiry *expiry,
                                struct candidate *last, uint64_t *dropped,
                                bool *out_done)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(repo->db, &step));
    for (int i = 0; i < BATCH && !*out_done; i++) {
        CLEANUP(candidate_release) struct candidate next = {0};
        bool found = false;
        TRY(find_next(repo, expiry, last, &next, &found));
        *out_done = !found;
        if (!found)
            break;
        TRY(drop_unless_young(repo, expiry, &next, dropped));
        candidate_release(last);
        *last = MOVE(next);
    }
    return db_commit(&step);
}

dits_error *reflog_expire(dits_repo *repo, const struct reflog_expiry *expiry,
                          uint64_t *out_dropped)
{
    CLEANUP(candidate_release) struct candidate last = {0};
    uint64_t dropped = 0;
    bool done = false;
    while (!done) {
        TRY(context_check(repo->context));
        TRY(expire_batch(repo, expiry, &last, &dropped, &done));
    }
    *out_dropped = dropped;
    return NULL;
}

static dits_error *expire_one(dits_repo *repo, const char *name,
                              struct reflog_expiry *expiry, uint64_t *total)
{
    CLEANUP(buf_release) struct buf full_name = {0};
    uint64_t dropped = 0;
    TRY(reflog_full_name(repo, name, &full_name));
    expiry->ref = buf_text(&full_name);
    TRY(reflog_expire(repo, expiry, &dropped));
    *total += dropped;
    return NULL;
}

dits_error *dits_reflog_expire(dits_repo *repo, const char *const *names,
                               size_t count,
                               const struct dits_reflog_expire_options *options,
                               uint64_t *out_dropped)
{
    struct reflog_expiry expiry = {0};
    TRY(expiry_reflog(repo, options->expire, &expiry));
    expiry.dry_run = options->dry_run;
    *out_dropped = 0;
    if (options->all)
        return reflog_expire(repo, &expiry, out_dropped);
    for (size_t i = 0; i < count; i++)
        TRY(expire_one(repo, names[i], &expiry, out_dropped));
    return NULL;
}

/* The number, in the table, of the entry that is `back` before the newest. */
static dits_error *find_number(dits_repo *repo, const char *ref, uint64_t back,
                               int64_t *out, bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    *out_found = false;
    if (back > INT64_MAX)
        return NULL;
    TRY(db_query(repo->db,
                 "SELECT number FROM reflog WHERE ref = ?"
                 " ORDER BY number DESC LIMIT 1 OFFSET ?",
                 DB_ARGS(db_text(ref), db_int((int64_t)back)), &rows));
    TRY(db_next(rows, out_found));
    *out = *out_found ? db_column_int(rows, 0) : 0;
    return NULL;
}

dits_error *dits_reflog_delete(dits_repo *repo, const char *name,
                               uint64_t number, bool dry_run)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    CLEANUP(buf_release) struct buf full_name = {0};
    int64_t row = 0;
    bool found = false;
    TRY(reflog_full_name(repo, name, &full_name));
    const char *ref = buf_text(&full_name);
    TRY(db_begin(repo->db, &step));
    TRY(find_number(repo, ref, number, &row, &found));
    if (!found)
        return error_new(DITS_E_NOT_FOUND, "there is no entry %s@{%" PRIu64 "}",
                         name, number);
    if (dry_run)
        return NULL;
    TRY(db_run(repo->db, "DELETE FROM reflog WHERE ref = ? AND number = ?",
               DB_ARGS(db_text(ref), db_int(row)), NULL));
    return db_commit(&step);
}
