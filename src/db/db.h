/*
 * db/db.h - the one interface to SQL
 *
 * Behind it stands SQLite (db/sqlite.c). A database is one file with a
 * write-ahead log beside it: readers never wait, one process writes at a time,
 * and what a transaction committed survives the loss of power.
 *
 * D1. A transaction is immediate: once begun it cannot fail because somebody
 *     else writes. Waiting for the turn is bounded, then LOCKED.
 * D2. A commit is one sync of the log. The log is folded into the database
 *     after DB_CHECKPOINT_PAGES pages, never because a process ends.
 * D3. Damage is CORRUPT with a hint, whatever statement meets it.
 *
 * SQL texts are constants: statements are kept compiled under them. A handle
 * is used by one thread at a time.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define DB_CHECKPOINT_PAGES 128
#define DB_WAIT_MS 5000

struct db;

enum db_open {
    DB_EXISTING, /* NOT_FOUND when there is none */
    DB_CREATE,   /* made when missing */
};

/* `path` is copied. Errors: NOT_FOUND, CORRUPT, DENIED, LOCKED, IO. */
MUST_USE dits_error *db_open(const char *path, enum db_open how,
                             struct db **out);
void db_close(struct db *db);
void db_closep(struct db **db);

/*
 * A value given to a statement or put into a row. Bytes are borrowed: of an
 * argument for the call, of a column until the next db_next().
 */
enum db_type { DB_END, DB_NULL, DB_INT, DB_TEXT, DB_BLOB };

struct db_value {
    enum db_type type;
    int64_t number;
    const void *data; /* of a text: ends in a NUL that is not counted */
    size_t size;
};

struct db_value db_null(void);
struct db_value db_int(int64_t number);
struct db_value db_text(const char *text); /* NULL is a null */
struct db_value db_blob(const void *data, size_t size);

/* The arguments of a statement, for its question marks in order. */
#define DB_ARGS(...) ((const struct db_value[]){__VA_ARGS__, {.type = DB_END}})
#define DB_NO_ARGS ((const struct db_value[]){{.type = DB_END}})

/* Run a statement that gives no rows. `out_changes` (NULL allowed): of rows. */
MUST_USE dits_error *db_run(struct db *db, const char *sql,
                            const struct db_value *args, uint64_t *out_changes);

/* The rows of a query. Free them before the database is closed. */
struct db_rows;

MUST_USE dits_error *db_query(struct db *db, const char *sql,
                              const struct db_value *args,
                              struct db_rows **out);

/* `*out` is false after the last. */
MUST_USE dits_error *db_next(struct db_rows *rows, bool *out);
void db_rows_free(struct db_rows *rows);
void db_rows_freep(struct db_rows **rows);

/*
 * Columns of the current row, counted from 0. What the database holds is not
 * trusted: a column of another type or size reads as 0, NULL or `false`.
 */
int64_t db_column_int(struct db_rows *rows, int column);
const char *db_column_text(struct db_rows *rows, int column);
bool db_column_blob(struct db_rows *rows, int column, void *out, size_t size);
bool db_column_is_null(struct db_rows *rows, int column);

/*
 * One transaction at a time.
 *
 *     CLEANUP(db_transaction_end) struct db_transaction step = {0};
 *     TRY(db_begin(db, &step));
 *     …
 *     TRY(db_commit(&step));
 */
struct db_transaction {
    struct db *db; /* NULL: none is open */
};

MUST_USE dits_error *db_begin(struct db *db, struct db_transaction *out);
MUST_USE dits_error *db_commit(struct db_transaction *transaction);

/* Takes everything back unless it was committed. */
void db_transaction_end(struct db_transaction *transaction);

/*
 * Bring the schema up to date: run the steps that it has not seen, all in one
 * transaction. Step i leads from version i to i + 1. UNSUPPORTED when the
 * database is newer than the steps.
 */
MUST_USE dits_error *db_migrate(struct db *db, const char *const *steps,
                                size_t count);

/* One line per finding. An error ends the walk. */
typedef dits_error *db_check_fn(const char *finding, void *payload);

/* Read the whole database and compare tables with their indexes. */
MUST_USE dits_error *db_check(struct db *db, db_check_fn *fn, void *payload);

#endif
