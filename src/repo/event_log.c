#include "repo/event_log.h"

#include <string.h>

#include "base/text.h"

enum { BATCH = 500 };

static dits_error *damaged(void)
{
    return error_hint(
        error_new(DITS_E_CORRUPT, "the table of events is damaged"),
        "See 'dits fsck'.");
}

dits_error *event_log_put(dits_repo *repo, const struct dits_event *event)
{
    return db_run(
        repo->db,
        "INSERT INTO events(number, time, ref, before, after, user, message)"
        " VALUES (coalesce((SELECT max(number) FROM events), 0) + 1,"
        " ?, ?, ?, ?, ?, ?)",
        DB_ARGS(db_int(event->time), db_text(event->ref),
                db_blob(event->before.hash, OID_SIZE),
                db_blob(event->after.hash, OID_SIZE), db_text(event->user),
                db_text(event->message)),
        NULL);
}

/* The oldest event that is left follows the oldest place. */
dits_error *event_log_range(dits_repo *repo,
                            struct dits_event_place *out_oldest,
                            struct dits_event_place *out_newest)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    struct dits_event_place place = {{0}, 0};
    bool found = false;
    TRY(db_query(repo->db,
                 "SELECT id, coalesce((SELECT min(number) FROM events), 1) - 1,"
                 " coalesce((SELECT max(number) FROM events), 0) FROM event_log"
                 " WHERE one = 1",
                 DB_NO_ARGS, &rows));
    TRY(db_next(rows, &found));
    if (!found || !db_column_blob(rows, 0, place.log, sizeof(place.log)) ||
        db_column_int(rows, 1) < 0 ||
        db_column_int(rows, 2) < db_column_int(rows, 1))
        return damaged();
    place.number = (uint64_t)db_column_int(rows, 1);
    if (out_oldest != NULL)
        *out_oldest = place;
    place.number = (uint64_t)db_column_int(rows, 2);
    if (out_newest != NULL)
        *out_newest = place;
    return NULL;
}

/* Texts are owned, so that the callback may use the database. */
struct copied {
    struct dits_event event;
    char *ref;
    char *user;
    char *message;
};

static void copied_release(struct copied *copied)
{
    text_free(&copied->ref);
    text_free(&copied->user);
    text_free(&copied->message);
}

static dits_error *read_row(struct db_rows *rows, struct copied *out)
{
    const char *ref = db_column_text(rows, 2);
    const char *user = db_column_text(rows, 5);
    const char *message = db_column_text(rows, 6);
    struct dits_event *event = &out->event;
    event->number = (uint64_t)db_column_int(rows, 0);
    event->time = db_column_int(rows, 1);
    if (ref == NULL || user == NULL || message == NULL ||
        !db_column_blob(rows, 3, event->before.hash, OID_SIZE) ||
        !db_column_blob(rows, 4, event->after.hash, OID_SIZE))
        return damaged();
    TRY(text_copy(ref, &out->ref));
    TRY(text_copy(user, &out->user));
    TRY(text_copy(message, &out->message));
    event->ref = out->ref;
    event->user = out->user;
    event->message = out->message;
    return NULL;
}

static dits_error *tell_rows(struct db_rows *rows,
                             struct dits_event_place *place, dits_event_fn *fn,
                             void *payload, bool *out_gap)
{
    for (;;) {
        CLEANUP(copied_release) struct copied copied = {0};
        bool more = false;
        TRY(db_next(rows, &more));
        if (!more)
            return NULL;
        TRY(read_row(rows, &copied));
        *out_gap = copied.event.number != place->number + 1;
        if (*out_gap)
            return NULL;
        TRY(fn(&copied.event, payload));
        place->number = copied.event.number;
    }
}

dits_error *event_log_read(dits_repo *repo, struct dits_event_place *place,
                           uint64_t limit, dits_event_fn *fn, void *payload,
                           bool *out_lost)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    struct dits_event_place oldest = {{0}, 0};
    struct dits_event_place newest = {{0}, 0};
    TRY(event_log_range(repo, &oldest, &newest));
    *out_lost = memcmp(place->log, newest.log, sizeof(newest.log)) != 0 ||
                place->number < oldest.number || place->number > newest.number;
    if (*out_lost) {
        *place = newest;
        return NULL;
    }
    /* What is newest may have grown since: the next call tells of that. What is
     * oldest, too: then there is a gap. */
    TRY(db_query(repo->db,
                 "SELECT number, time, ref, before, after, user, message"
                 " FROM events WHERE number > ? AND number <= ?"
                 " ORDER BY number LIMIT ?",
                 DB_ARGS(db_int((int64_t)place->number),
                         db_int((int64_t)newest.number),
                         db_int((int64_t)limit)),
                 &rows));
    TRY(tell_rows(rows, place, fn, payload, out_lost));
    if (*out_lost)
        *place = newest;
    return NULL;
}

static dits_error *expire_batch(dits_repo *repo, int64_t before,
                                uint64_t *out_dropped)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(repo->db, &step));
    /* Only from the old end, or there would be gaps where clocks went back. */
    TRY(db_run(repo->db,
               "DELETE FROM events WHERE number IN (SELECT number FROM events"
               " WHERE number < coalesce((SELECT min(number) FROM events"
               " WHERE time >= ?1), (SELECT max(number) FROM events))"
               " ORDER BY number LIMIT ?2)",
               DB_ARGS(db_int(before), db_int(BATCH)), out_dropped));
    return db_commit(&step);
}

dits_error *event_log_expire(dits_repo *repo, int64_t before)
{
    uint64_t dropped = BATCH;
    while (dropped == BATCH) {
        TRY(context_check(repo->context));
        TRY(expire_batch(repo, before, &dropped));
    }
    return NULL;
}

static dits_error *tell_findings(dits_repo *repo, const char *sql,
                                 db_check_fn *fn, void *payload)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db, sql, DB_NO_ARGS, &rows));
    for (;;) {
        bool more = false;
        TRY(db_next(rows, &more));
        const char *text = more ? db_column_text(rows, 0) : NULL;
        if (text == NULL)
            return NULL;
        TRY(fn(text, payload));
    }
}

dits_error *event_log_check(dits_repo *repo, db_check_fn *fn, void *payload)
{
    TRY(tell_findings(repo,
                      "SELECT 'events are missing in the middle' FROM"
                      " (SELECT count(*) AS here, min(number) AS first,"
                      " max(number) AS last FROM events) e"
                      " WHERE here > 0 AND here != last - first + 1",
                      fn, payload));
    return tell_findings(
        repo,
        "SELECT 'the newest event of ' || ref || ' leads elsewhere'"
        " FROM events e LEFT JOIN refs r ON r.name = e.ref"
        " WHERE e.number IN (SELECT max(number) FROM events GROUP BY ref)"
        " AND e.after != coalesce(r.id, zeroblob(32))",
        fn, payload);
}
