#include "db/db.h"

#include <errno.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"
#include "base/random.h"
#include "base/text.h"

/* "Dits": tells our databases from others (PRAGMA application_id). */
#define APPLICATION_ID 0x44697473
#define MAX_VALUE_BYTES (16 * 1024 * 1024)

/* A compiled statement, kept for the next time. */
struct db_rows {
    struct db *db;
    const char *sql; /* a constant of the program */
    sqlite3_stmt *statement;
    bool in_use;
    struct db_rows *next;
};

struct db {
    sqlite3 *handle;
    char *path;
    struct db_rows *statements;
    int64_t waiting_since_ms; /* for the busy handler */
    int log_pages;            /* after the last commit */
};

static enum dits_code code_of(int result)
{
    switch (result & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
        return DITS_E_LOCKED;
    case SQLITE_FULL:
    case SQLITE_TOOBIG:
        return DITS_E_LIMIT;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        return DITS_E_DENIED;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return DITS_E_IO;
    case SQLITE_CONSTRAINT:
        return DITS_E_CONFLICT;
    case SQLITE_MISUSE:
    case SQLITE_RANGE:
        return DITS_E_INTERNAL;
    /* Also SQLITE_ERROR: our statements are right, so the schema is not. */
    default:
        return DITS_E_CORRUPT;
    }
}

static dits_error *failure(struct db *db, int result)
{
    if ((result & 0xff) == SQLITE_NOMEM)
        return error_nomem();
    enum dits_code code = code_of(result);
    dits_error *err = error_new(code, "%s",
                                db->handle != NULL ? sqlite3_errmsg(db->handle)
                                                   : "cannot open");
    err = error_wrap(err, "database '%s' failed", db->path);
    if (code == DITS_E_CORRUPT)
        return error_hint(err, "Nothing that was committed is lost: 'dits fsck "
                               "--repair' makes the database anew.");
    if (code == DITS_E_LOCKED)
        return error_hint(err, "Another dits command is writing. Try again "
                               "when it has finished.");
    return err;
}

static int64_t monotonic_ms(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/*
 * Called while another process writes; nonzero tries again. SQLite's own
 * handler backs off up to 100 ms, which starves somebody when many write.
 * Writes are short here: whoever has waited longer asks more often, and so
 * gets the next turn sooner than one who has just had his.
 */
static int wait_for_turn(void *payload, int tries)
{
    struct db *db = payload;
    int64_t now = monotonic_ms();
    if (tries == 0)
        db->waiting_since_ms = now;
    int64_t waited = now - db->waiting_since_ms;
    if (waited >= DB_WAIT_MS)
        return 0;
    uint32_t longest_us = (uint32_t)(2000 / (1 + waited / 4)) + 50;
    long pause_us = 50 + (long)(random_u32() % longest_us);
    struct timespec pause = {.tv_nsec = pause_us * 1000};
    (void)nanosleep(&pause, NULL);
    return 1;
}

/* Called after each commit. */
static int note_log(void *payload, sqlite3 *handle, const char *name, int pages)
{
    struct db *db = payload;
    (void)handle;
    (void)name;
    db->log_pages = pages;
    return SQLITE_OK;
}

static void exec_quietly(struct db *db, const char *sql, int *result)
{
    if (*result == SQLITE_OK)
        *result = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
}

/* What holds for each connection; nothing here touches the disk. */
static int configure(struct db *db)
{
    sqlite3 *handle = db->handle;
    int persist = 1;
    int result = sqlite3_extended_result_codes(handle, 1);
    if (result == SQLITE_OK)
        result = sqlite3_busy_handler(handle, wait_for_turn, db);
    if (result == SQLITE_OK)
        result = sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1,
                                   NULL);
    if (result == SQLITE_OK)
        result = sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    if (result == SQLITE_OK)
        result =
            sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (result == SQLITE_OK)
        result = sqlite3_file_control(handle, "main", SQLITE_FCNTL_PERSIST_WAL,
                                      &persist);
    (void)sqlite3_wal_hook(handle, note_log, db);
    (void)sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES);
    exec_quietly(db, "PRAGMA synchronous=FULL", &result);
    exec_quietly(db, "PRAGMA cell_size_check=ON", &result);
    return result;
}

/* A new file gets its mark and the log; the mode is kept in the file. */
static dits_error *set_up(struct db *db)
{
    int result = SQLITE_OK;
    exec_quietly(db, "PRAGMA journal_mode=WAL", &result);
    return result == SQLITE_OK ? NULL : failure(db, result);
}

dits_error *db_open(const char *path, enum db_open how, struct db **out)
{
    CLEANUP(db_closep) struct db *db = mem_new(struct db);
    if (db == NULL)
        return error_nomem();
    TRY(text_copy(path, &db->path));

    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                SQLITE_OPEN_PRIVATECACHE |
                (how == DB_CREATE ? SQLITE_OPEN_CREATE : 0);
    int result = sqlite3_open_v2(path, &db->handle, flags, NULL);
    if ((result & 0xff) == SQLITE_CANTOPEN && how == DB_EXISTING &&
        sqlite3_system_errno(db->handle) == ENOENT)
        return error_new(DITS_E_NOT_FOUND, "there is no database '%s'", path);
    if (result == SQLITE_OK)
        result = configure(db);
    if (result != SQLITE_OK)
        return failure(db, result);
    if (how == DB_CREATE)
        TRY(set_up(db));
    *out = MOVE(db);
    return NULL;
}

void db_close(struct db *db)
{
    if (db == NULL)
        return;
    while (db->statements != NULL) {
        struct db_rows *rows = db->statements;
        db->statements = rows->next;
        (void)sqlite3_finalize(rows->statement);
        mem_free(rows);
    }
    (void)sqlite3_close(db->handle);
    mem_free(db->path);
    mem_free(db);
}

void db_closep(struct db **db)
{
    db_close(*db);
    *db = NULL;
}

struct db_value db_null(void)
{
    return (struct db_value){.type = DB_NULL};
}

struct db_value db_int(int64_t number)
{
    return (struct db_value){.type = DB_INT, .number = number};
}

struct db_value db_text(const char *text)
{
    if (text == NULL)
        return db_null();
    return (struct db_value){
        .type = DB_TEXT, .data = text, .size = strlen(text)};
}

struct db_value db_blob(const void *data, size_t size)
{
    return (struct db_value){.type = DB_BLOB, .data = data, .size = size};
}

/* A statement that is not running, compiled now or before. */
static dits_error *find_statement(struct db *db, const char *sql,
                                  struct db_rows **out)
{
    for (struct db_rows *rows = db->statements; rows; rows = rows->next) {
        if (!rows->in_use && strcmp(rows->sql, sql) == 0) {
            *out = rows;
            return NULL;
        }
    }
    struct db_rows *rows = mem_new(struct db_rows);
    if (rows == NULL)
        return error_nomem();
    int result = sqlite3_prepare_v3(
        db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &rows->statement, NULL);
    if (result != SQLITE_OK) {
        mem_free(rows);
        return failure(db, result);
    }
    rows->db = db;
    rows->sql = sql;
    rows->next = db->statements;
    db->statements = rows;
    *out = rows;
    return NULL;
}

static int bind(sqlite3_stmt *statement, int index, const struct db_value *arg)
{
    switch (arg->type) {
    case DB_INT:
        return sqlite3_bind_int64(statement, index, arg->number);
    case DB_TEXT:
        return sqlite3_bind_text64(statement, index, arg->data, arg->size,
                                   SQLITE_TRANSIENT, SQLITE_UTF8);
    case DB_BLOB:
        return sqlite3_bind_blob64(statement, index, arg->data, arg->size,
                                   SQLITE_TRANSIENT);
    case DB_END:
    case DB_NULL:
    default:
        return sqlite3_bind_null(statement, index);
    }
}

dits_error *db_query(struct db *db, const char *sql,
                     const struct db_value *args, struct db_rows **out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(find_statement(db, sql, &rows));
    rows->in_use = true;
    for (int i = 0; args[i].type != DB_END; i++) {
        int result = bind(rows->statement, i + 1, &args[i]);
        if (result != SQLITE_OK)
            return failure(db, result);
    }
    *out = MOVE(rows);
    return NULL;
}

dits_error *db_next(struct db_rows *rows, bool *out)
{
    int result = sqlite3_step(rows->statement);
    if (result != SQLITE_ROW && result != SQLITE_DONE)
        return failure(rows->db, result);
    *out = result == SQLITE_ROW;
    return NULL;
}

void db_rows_free(struct db_rows *rows)
{
    if (rows == NULL)
        return;
    /* Repeats the error of the last step, which was reported then. */
    (void)sqlite3_reset(rows->statement);
    (void)sqlite3_clear_bindings(rows->statement);
    rows->in_use = false;
}

void db_rows_freep(struct db_rows **rows)
{
    db_rows_free(*rows);
    *rows = NULL;
}

dits_error *db_run(struct db *db, const char *sql, const struct db_value *args,
                   uint64_t *out_changes)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(db, sql, args, &rows));
    bool more = true;
    while (more)
        TRY(db_next(rows, &more));
    if (out_changes != NULL)
        *out_changes = (uint64_t)sqlite3_changes64(db->handle);
    return NULL;
}

int64_t db_column_int(struct db_rows *rows, int column)
{
    if (sqlite3_column_type(rows->statement, column) != SQLITE_INTEGER)
        return 0;
    return sqlite3_column_int64(rows->statement, column);
}

const char *db_column_text(struct db_rows *rows, int column)
{
    if (sqlite3_column_type(rows->statement, column) != SQLITE_TEXT)
        return NULL;
    const char *text =
        (const char *)sqlite3_column_text(rows->statement, column);
    size_t size = (size_t)sqlite3_column_bytes(rows->statement, column);
    /* No caller expects more than one line of NUL-terminated UTF-8. */
    return text != NULL && text_is_utf8(text, size) ? text : NULL;
}

bool db_column_blob(struct db_rows *rows, int column, void *out, size_t size)
{
    if (sqlite3_column_type(rows->statement, column) != SQLITE_BLOB ||
        (size_t)sqlite3_column_bytes(rows->statement, column) != size)
        return false;
    memcpy(out, sqlite3_column_blob(rows->statement, column), size);
    return true;
}

bool db_column_is_null(struct db_rows *rows, int column)
{
    return sqlite3_column_type(rows->statement, column) == SQLITE_NULL;
}

/*
 * BUSY_SNAPSHOT and BUSY_RECOVERY come back at once, without the busy handler:
 * a new try reads the newer snapshot.
 */
static int begin_immediate(struct db *db)
{
    int64_t since = monotonic_ms();
    for (;;) {
        int result =
            sqlite3_exec(db->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
        bool again = result == SQLITE_BUSY_SNAPSHOT ||
                     result == SQLITE_BUSY_RECOVERY;
        if (!again || monotonic_ms() - since >= DB_WAIT_MS)
            return result;
        struct timespec pause = {.tv_nsec = 1000000};
        (void)nanosleep(&pause, NULL);
    }
}

dits_error *db_begin(struct db *db, struct db_transaction *out)
{
    int result = begin_immediate(db);
    if (result != SQLITE_OK)
        return failure(db, result);
    out->db = db;
    return NULL;
}

/*
 * Fold the log into the database and cut it to nothing. SQLite's own automatic
 * checkpoint leaves the log for the next writer to begin anew, which needs
 * memory that the processes share: with one command after the other nobody
 * ever did, the log grew for ever, and each commit folded all of it again.
 *
 * Somebody who reads just now is in the way: then the next commit does it.
 */
static void fold_log(struct db *db)
{
    (void)sqlite3_busy_handler(db->handle, NULL, NULL);
    (void)sqlite3_wal_checkpoint_v2(db->handle, "main",
                                    SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    (void)sqlite3_busy_handler(db->handle, wait_for_turn, db);
}

dits_error *db_commit(struct db_transaction *transaction)
{
    struct db *db = transaction->db;
    int result = sqlite3_exec(db->handle, "COMMIT", NULL, NULL, NULL);
    if (result != SQLITE_OK)
        return failure(db, result);
    transaction->db = NULL;
    if (db->log_pages >= DB_CHECKPOINT_PAGES)
        fold_log(db);
    return NULL;
}

void db_transaction_end(struct db_transaction *transaction)
{
    if (transaction->db == NULL)
        return;
    /* SQLite has rolled back by itself after some errors. */
    sqlite3 *handle = transaction->db->handle;
    if (sqlite3_get_autocommit(handle) == 0)
        (void)sqlite3_exec(handle, "ROLLBACK", NULL, NULL, NULL);
    transaction->db = NULL;
}

static dits_error *read_number(struct db *db, const char *sql, int64_t *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(db, sql, DB_NO_ARGS, &rows));
    TRY(db_next(rows, &found));
    *out = found ? db_column_int(rows, 0) : 0;
    return NULL;
}

static dits_error *check_version(struct db *db, size_t known, int64_t *out)
{
    TRY(read_number(db, "PRAGMA user_version", out));
    if (*out < 0)
        return failure(db, SQLITE_NOTADB);
    if ((uint64_t)*out > known)
        return error_hint(error_new(DITS_E_UNSUPPORTED,
                                    "database '%s' has version %" PRId64
                                    ", this dits knows up to %zu",
                                    db->path, *out, known),
                          "A newer dits has written it: use that one.");
    return NULL;
}

static dits_error *run_steps(struct db *db, const char *const *steps,
                             size_t from, size_t count)
{
    int result = SQLITE_OK;
    for (size_t i = from; i < count; i++)
        exec_quietly(db, steps[i], &result);
    char *version =
        sqlite3_mprintf("PRAGMA user_version=%d; PRAGMA application_id=%d",
                        (int)count, APPLICATION_ID);
    if (version == NULL)
        return error_nomem();
    exec_quietly(db, version, &result);
    sqlite3_free(version);
    return result == SQLITE_OK ? NULL : failure(db, result);
}

dits_error *db_migrate(struct db *db, const char *const *steps, size_t count)
{
    int64_t version = 0;
    TRY(check_version(db, count, &version));
    if ((size_t)version == count)
        return NULL;

    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(db_begin(db, &step));
    TRY(check_version(db, count, &version)); /* now that nobody else can */
    TRY(run_steps(db, steps, (size_t)version, count));
    return db_commit(&step);
}

dits_error *db_check(struct db *db, db_check_fn *fn, void *payload)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(db, "PRAGMA integrity_check(100)", DB_NO_ARGS, &rows));
    for (;;) {
        bool more = false;
        TRY(db_next(rows, &more));
        if (!more)
            return NULL;
        const char *finding = db_column_text(rows, 0);
        if (finding != NULL && strcmp(finding, "ok") != 0)
            TRY(fn(finding, payload));
    }
}
