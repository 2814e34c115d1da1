#include "repo/obliteration.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "db/db.h"
#include "object/asset.h"
#include "repo/calendar.h"

void id_list_release(struct id_list *list)
{
    id_set_release(&list->set);
    buf_release(&list->ids);
}

dits_error *id_list_add(struct id_list *list, const struct dits_oid *id)
{
    bool is_new = false;
    TRY(id_set_add(&list->set, id, &is_new));
    return is_new ? buf_put(&list->ids, id->hash, OID_SIZE) : NULL;
}

size_t id_list_count(const struct id_list *list)
{
    return list->ids.size / OID_SIZE;
}

struct dits_oid id_list_at(const struct id_list *list, size_t i)
{
    struct dits_oid id = {0};
    memcpy(id.hash, list->ids.data + i * OID_SIZE, OID_SIZE);
    return id;
}

static dits_error *insert_ids(dits_repo *repo, const char *sql, int64_t id,
                              const struct id_list *list)
{
    for (size_t i = 0; i < id_list_count(list); i++) {
        struct dits_oid at = id_list_at(list, i);
        TRY(db_run(repo->db, sql,
                   DB_ARGS(db_blob(at.hash, OID_SIZE), db_int(id)), NULL));
    }
    return NULL;
}

static dits_error *newest_id(dits_repo *repo, int64_t *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(repo->db, "SELECT max(id) FROM obliterations", DB_NO_ARGS,
                 &rows));
    TRY(db_next(rows, &found));
    *out = db_column_int(rows, 0);
    return NULL;
}

/* The row and what it is about, in one transaction. */
static dits_error *insert(dits_repo *repo, const struct obliteration *row,
                          bool is_done, const struct id_list *assets,
                          const struct id_list *chunks, int64_t *out_id)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(repo->db, &step));
    TRY(db_run(repo->db,
               "INSERT INTO obliterations(time, name, email, reason, done)"
               " VALUES (?, ?, ?, ?, ?)",
               DB_ARGS(db_int(row->who->time), db_text(row->who->name),
                       db_text(row->who->email), db_text(row->reason),
                       db_int(is_done)),
               NULL));
    TRY(newest_id(repo, out_id));
    TRY(insert_ids(repo,
                   "INSERT OR REPLACE INTO obliterated_assets(asset,"
                   " obliteration) VALUES (?, ?)",
                   *out_id, assets));
    TRY(insert_ids(repo,
                   "INSERT OR REPLACE INTO obliterated_chunks(chunk,"
                   " obliteration) VALUES (?, ?)",
                   *out_id, chunks));
    return db_commit(&step);
}

dits_error *obliteration_begin(dits_repo *repo, const struct person *who,
                               const char *reason, const struct id_list *assets,
                               const struct id_list *chunks, uint64_t *out_id)
{
    struct person now = *who;
    const struct obliteration row = {.who = &now, .reason = reason};
    int64_t id = 0;
    now.time = context_now(repo->context);
    TRY(insert(repo, &row, false, assets, chunks, &id));
    *out_id = (uint64_t)id;
    return NULL;
}

dits_error *obliteration_take_over(dits_repo *repo,
                                   const struct obliteration *done,
                                   const struct id_list *assets,
                                   const struct id_list *chunks)
{
    int64_t id = 0;
    return insert(repo, done, true, assets, chunks, &id);
}

dits_error *obliteration_finish(dits_repo *repo, uint64_t id)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(repo->db, &step));
    TRY(db_run(repo->db, "UPDATE obliterations SET done = 1 WHERE id = ?",
               DB_ARGS(db_int((int64_t)id)), NULL));
    return db_commit(&step);
}

dits_error *obliteration_pending(dits_repo *repo, uint64_t *out_id,
                                 bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db,
                 "SELECT id FROM obliterations WHERE done = 0"
                 " ORDER BY id LIMIT 1",
                 DB_NO_ARGS, &rows));
    TRY(db_next(rows, out_found));
    *out_id = *out_found ? (uint64_t)db_column_int(rows, 0) : 0;
    return NULL;
}

static dits_error *load_ids(dits_repo *repo, const char *sql,
                            const struct db_value *args, struct id_list *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db, sql, args, &rows));
    for (;;) {
        struct dits_oid id = {0};
        bool more = false;
        TRY(db_next(rows, &more));
        if (!more)
            return NULL;
        if (db_column_blob(rows, 0, id.hash, OID_SIZE))
            TRY(id_list_add(out, &id));
    }
}

dits_error *obliteration_assets(dits_repo *repo, uint64_t id,
                                struct id_list *out)
{
    return load_ids(repo,
                    "SELECT asset FROM obliterated_assets"
                    " WHERE obliteration = ?",
                    DB_ARGS(db_int((int64_t)id)), out);
}

dits_error *obliteration_chunks(dits_repo *repo, uint64_t id,
                                struct id_list *out)
{
    return load_ids(repo,
                    "SELECT chunk FROM obliterated_chunks"
                    " WHERE obliteration = ?",
                    DB_ARGS(db_int((int64_t)id)), out);
}

static dits_error *load_set(dits_repo *repo, const char *sql,
                            struct id_set *out)
{
    CLEANUP(id_list_release) struct id_list list = {0};
    TRY(load_ids(repo, sql, DB_NO_ARGS, &list));
    *out = MOVE(list.set);
    return NULL;
}

dits_error *obliteration_all_assets(dits_repo *repo, struct id_set *out)
{
    return load_set(repo, "SELECT asset FROM obliterated_assets", out);
}

dits_error *obliteration_all_chunks(dits_repo *repo, struct id_set *out)
{
    return load_set(repo, "SELECT chunk FROM obliterated_chunks", out);
}

/* A row of meta.db, whose texts are borrowed, and handed on. */
static dits_error *hand_on(struct db_rows *rows, obliteration_fn *fn,
                           void *payload)
{
    CLEANUP(person_release) struct person who = {0};
    CLEANUP(text_free) char *reason = NULL;
    char **const texts[] = {&who.name, &who.email, &reason};
    for (int i = 0; i < 3; i++) {
        const char *text = db_column_text(rows, 2 + i);
        TRY(text_copy(text != NULL ? text : "", texts[i]));
    }
    who.time = db_column_int(rows, 1);
    const struct obliteration done = {
        .id = (uint64_t)db_column_int(rows, 0), .who = &who, .reason = reason};
    return fn(&done, payload);
}

dits_error *obliteration_each(dits_repo *repo, obliteration_fn *fn,
                              void *payload)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db,
                 "SELECT id, time, name, email, reason FROM obliterations"
                 " ORDER BY id",
                 DB_NO_ARGS, &rows));
    for (;;) {
        bool more = false;
        TRY(db_next(rows, &more));
        if (!more)
            return NULL;
        TRY(hand_on(rows, fn, payload));
    }
}

/* Whether one of its chunks is missing. */
struct presence {
    dits_repo *repo;
    bool missing;
};

static dits_error *on_segment(const struct dits_oid *segment, bool *descend,
                              void *payload)
{
    const struct presence *presence = payload;
    (void)segment;
    *descend = !presence->missing;
    return NULL;
}

static dits_error *on_chunk(const struct chunk_ref *chunk, void *payload)
{
    struct presence *presence = payload;
    bool found = false;
    if (presence->missing)
        return NULL;
    TRY(store_find(presence->repo->store, &chunk->id, &found, NULL));
    presence->missing = !found;
    return NULL;
}

static dits_error *add_if_missing(dits_repo *repo, const struct dits_oid *id,
                                  struct id_set *out)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    struct presence presence = {.repo = repo};
    struct asset_mark mark = {on_segment, on_chunk, &presence};
    dits_error *err = asset_open(repo->store, id, &asset);
    if (dits_error_has(err, DITS_E_NOT_FOUND)) {
        dits_error_free(err); /* nothing refers to it any more */
        return NULL;
    }
    TRY(err);
    TRY(asset_mark(asset, &mark));
    return presence.missing ? id_set_add(out, id, NULL) : NULL;
}

dits_error *obliteration_unreadable(dits_repo *repo, struct id_set *out)
{
    CLEANUP(id_list_release) struct id_list assets = {0};
    TRY(load_ids(repo, "SELECT asset FROM obliterated_assets", DB_NO_ARGS,
                 &assets));
    for (size_t i = 0; i < id_list_count(&assets); i++) {
        struct dits_oid id = id_list_at(&assets, i);
        TRY(add_if_missing(repo, &id, out));
    }
    return NULL;
}

static dits_error *describe(struct db_rows *rows, struct buf *out)
{
    struct civil day = civil_from_seconds(db_column_int(rows, 0));
    const char *name = db_column_text(rows, 1);
    const char *reason = db_column_text(rows, 2);
    bool has_reason = reason != NULL && reason[0] != '\0';
    return buf_printf(
        out, "it was obliterated on %04" PRId64 "-%02d-%02d by %s%s%s",
        day.year, day.month, day.day, name != NULL ? name : "somebody",
        has_reason ? ": " : "", has_reason ? reason : "");
}

dits_error *obliteration_describe(dits_repo *repo, const struct dits_oid *asset,
                                  struct buf *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(repo->db,
                 "SELECT time, name, reason FROM obliterated_assets"
                 " JOIN obliterations ON id = obliteration WHERE asset = ?",
                 DB_ARGS(db_blob(asset->hash, OID_SIZE)), &rows));
    TRY(db_next(rows, &found));
    return found ? describe(rows, out)
                 : error_new(DITS_E_NOT_FOUND, "it was not obliterated");
}

static dits_error *look_up(const struct dits_oid *chunk, const char *dits_dir)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(db_closep) struct db *db = NULL;
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    CLEANUP(buf_release) struct buf text = {0};
    bool found = false;
    TRY(fs_join(dits_dir, "meta.db", &path));
    TRY(db_open(path, DB_EXISTING, &db));
    TRY(db_query(db,
                 "SELECT time, name, reason FROM obliterated_chunks"
                 " JOIN obliterations ON id = obliteration WHERE chunk = ?",
                 DB_ARGS(db_blob(chunk->hash, OID_SIZE)), &rows));
    TRY(db_next(rows, &found));
    if (!found)
        return NULL;
    TRY(describe(rows, &text));
    return error_new(DITS_E_GONE, "%s", buf_text(&text));
}

/*
 * Threads that read have no handle of the database: this opens its own. Where
 * that is damaged or gone, nothing is known.
 */
dits_error *obliteration_explain(const struct dits_oid *chunk, void *dits_dir)
{
    dits_error *err = look_up(chunk, dits_dir);
    if (err == NULL || dits_error_code(err) == DITS_E_GONE ||
        dits_error_code(err) == DITS_E_NOMEM)
        return err;
    dits_error_free(err); /* so it is missing */
    return NULL;
}
