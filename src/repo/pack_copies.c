#include "repo/pack_copies.h"

#include <inttypes.h>

#include "base/random.h"

/* Never 0, which stands for no row. */
static int64_t new_incarnation(void)
{
    uint64_t number = 0;
    random_bytes(&number, sizeof(number));
    return (int64_t)(number >> 1) | 1;
}

/* The id that a pack's name is, as bytes. */
static struct dits_oid id_of(const char *pack)
{
    struct dits_oid id = {0};
    (void)oid_parse(pack, &id);
    return id;
}

bool copy_row_is_retired(const struct copy_row *row)
{
    return row->state == COPY_LEAVING && row->since == 0;
}

static bool read_row(struct db_rows *rows, struct copy_row *out)
{
    struct dits_oid id = {0};
    int64_t state = db_column_int(rows, 2);
    int64_t size = db_column_int(rows, 5);
    out->tier = db_column_text(rows, 1);
    if (!db_column_blob(rows, 0, id.hash, OID_SIZE) || out->tier == NULL ||
        state < COPY_COMING || state > COPY_LEAVING || size < 0)
        return false;
    dits_oid_hex(&id, out->pack);
    out->state = (enum copy_state)state;
    out->incarnation = db_column_int(rows, 3);
    out->since = db_column_int(rows, 4);
    out->size = (uint64_t)size;
    out->mtime_ns = db_column_int(rows, 6);
    return true;
}

dits_error *pack_copies_each(struct db *db, copy_row_fn *fn, void *payload)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(db,
                 "SELECT pack, tier, state, incarnation, since, size, changed"
                 " FROM pack_copies ORDER BY pack, tier",
                 DB_NO_ARGS, &rows));
    for (;;) {
        struct copy_row row = {0};
        bool more = false;
        TRY(db_next(rows, &more));
        if (!more)
            return NULL;
        if (read_row(rows, &row))
            TRY(fn(&row, payload));
    }
}

dits_error *pack_copies_any(struct db *db, bool *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(db, "SELECT 1 FROM pack_copies LIMIT 1", DB_NO_ARGS, &rows));
    return db_next(rows, out);
}

dits_error *pack_copies_current(struct db *db, const char *pack,
                                int64_t *out_incarnation)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    struct dits_oid id = id_of(pack);
    bool found = false;
    TRY(db_query(db,
                 "SELECT incarnation FROM pack_copies"
                 " WHERE pack = ? AND state = ?",
                 DB_ARGS(db_blob(id.hash, OID_SIZE), db_int(COPY_HERE)),
                 &rows));
    TRY(db_next(rows, &found));
    *out_incarnation = found ? db_column_int(rows, 0) : 0;
    return NULL;
}

static dits_error *put(struct db *db, const struct copy_row *row,
                       int64_t incarnation)
{
    struct dits_oid id = id_of(row->pack);
    return db_run(db,
                  "INSERT OR REPLACE INTO pack_copies(pack, tier, state,"
                  " incarnation, since, size, changed)"
                  " VALUES (?, ?, ?, ?, ?, ?, ?)",
                  DB_ARGS(db_blob(id.hash, OID_SIZE), db_text(row->tier),
                          db_int(row->state), db_int(incarnation),
                          db_int(row->since), db_int((int64_t)row->size),
                          db_int(row->mtime_ns)),
                  NULL);
}

static dits_error *put_alone(struct db *db, const struct copy_row *row,
                             int64_t incarnation)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(db, &step));
    TRY(put(db, row, incarnation));
    return db_commit(&step);
}

dits_error *pack_copies_begin(struct db *db, const struct copy_row *row,
                              int64_t *out_incarnation)
{
    struct copy_row coming = *row;
    coming.state = COPY_COMING;
    *out_incarnation = new_incarnation();
    return put_alone(db, &coming, *out_incarnation);
}

dits_error *pack_copies_adopt(struct db *db, const struct copy_row *row)
{
    return put_alone(db, row, new_incarnation());
}

static dits_error *remove_row(struct db *db, const char *pack, const char *tier)
{
    struct dits_oid id = id_of(pack);
    return db_run(db, "DELETE FROM pack_copies WHERE pack = ? AND tier = ?",
                  DB_ARGS(db_blob(id.hash, OID_SIZE), db_text(tier)), NULL);
}

dits_error *pack_copies_remove(struct db *db, const char *pack,
                               const char *tier)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(db, &step));
    TRY(remove_row(db, pack, tier));
    return db_commit(&step);
}

static dits_error *expect_one(uint64_t changes, const char *pack)
{
    if (changes == 1)
        return NULL;
    return error_new(DITS_E_CONFLICT,
                     "pack '%s' was moved by somebody else meanwhile", pack);
}

/* A row of .dits/packs is only needed while a copy there is not the one. */
static dits_error *arrive(struct db *db, const struct copy_change *change)
{
    struct dits_oid id = id_of(change->pack);
    uint64_t changes = 0;
    TRY(db_run(db,
               "UPDATE pack_copies SET state = ?, incarnation = ?, since = ?"
               " WHERE pack = ? AND tier = ? AND state = ? AND incarnation = ?",
               DB_ARGS(db_int(COPY_HERE), db_int(new_incarnation()),
                       db_int(change->now), db_blob(id.hash, OID_SIZE),
                       db_text(change->to), db_int(COPY_COMING),
                       db_int(change->to_incarnation)),
               &changes));
    TRY(expect_one(changes, change->pack));
    return change->to[0] == '\0' ? remove_row(db, change->pack, change->to)
                                 : NULL;
}

static dits_error *leave(struct db *db, const struct copy_change *change)
{
    struct dits_oid id = id_of(change->pack);
    uint64_t changes = 0;
    if (change->from_incarnation == 0) {
        struct copy_row row = {.tier = change->from,
                               .state = COPY_LEAVING,
                               .since = change->now,
                               .size = change->size};
        dits_oid_hex(&id, row.pack);
        return put(db, &row, new_incarnation());
    }
    TRY(db_run(db,
               "UPDATE pack_copies SET state = ?, incarnation = ?, since = ?"
               " WHERE pack = ? AND tier = ? AND state = ? AND incarnation = ?",
               DB_ARGS(db_int(COPY_LEAVING), db_int(new_incarnation()),
                       db_int(change->now), db_blob(id.hash, OID_SIZE),
                       db_text(change->from), db_int(COPY_HERE),
                       db_int(change->from_incarnation)),
               &changes));
    return expect_one(changes, change->pack);
}

dits_error *pack_copies_publish(struct db *db, const struct copy_change *change)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    int64_t current = 0;
    TRY(db_begin(db, &step));
    TRY(pack_copies_current(db, change->pack, &current));
    if (current != change->from_incarnation)
        return expect_one(0, change->pack);
    TRY(leave(db, change));
    TRY(arrive(db, change));
    return db_commit(&step);
}

dits_error *pack_copies_retire(struct db *db, const char *pack)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    struct dits_oid id = id_of(pack);
    TRY(db_begin(db, &step));
    TRY(remove_row(db, pack, PACK_COPIES_HERE));
    TRY(db_run(db,
               "UPDATE pack_copies SET state = ?, incarnation = ?, since = 0"
               " WHERE pack = ?",
               DB_ARGS(db_int(COPY_LEAVING), db_int(new_incarnation()),
                       db_blob(id.hash, OID_SIZE)),
               NULL));
    return db_commit(&step);
}

dits_error *pack_access_note(struct db *db, const char *pack, int64_t now)
{
    struct dits_oid id = id_of(pack);
    return db_run(db,
                  "INSERT OR REPLACE INTO pack_access(pack, time)"
                  " VALUES (?, ?)",
                  DB_ARGS(db_blob(id.hash, OID_SIZE), db_int(now)), NULL);
}

dits_error *pack_access_get(struct db *db, const char *pack, int64_t *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    struct dits_oid id = id_of(pack);
    bool found = false;
    TRY(db_query(db, "SELECT time FROM pack_access WHERE pack = ?",
                 DB_ARGS(db_blob(id.hash, OID_SIZE)), &rows));
    TRY(db_next(rows, &found));
    *out = found ? db_column_int(rows, 0) : 0;
    return NULL;
}

dits_error *pack_access_each(struct db *db, pack_access_fn *fn, void *payload)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(db, "SELECT pack FROM pack_access", DB_NO_ARGS, &rows));
    for (;;) {
        struct dits_oid id = {0};
        char name[OID_HEX_SIZE] = {0};
        bool more = false;
        TRY(db_next(rows, &more));
        if (!more)
            return NULL;
        if (!db_column_blob(rows, 0, id.hash, OID_SIZE))
            continue;
        dits_oid_hex(&id, name);
        TRY(fn(name, payload));
    }
}

dits_error *pack_access_remove(struct db *db, const char *pack)
{
    struct dits_oid id = id_of(pack);
    return db_run(db, "DELETE FROM pack_access WHERE pack = ?",
                  DB_ARGS(db_blob(id.hash, OID_SIZE)), NULL);
}
