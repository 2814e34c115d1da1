#include "repo/database.h"

#include "base/fs.h"
#include "base/text.h"

/* Never changed once released: a new version is a new step at the end. */
static const char *const steps[] = {
    "CREATE TABLE refs("
    " name TEXT NOT NULL PRIMARY KEY,"
    " id BLOB NOT NULL,"
    " kind INTEGER NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE head("
    " one INTEGER PRIMARY KEY CHECK (one = 1),"
    " branch TEXT,"
    " id BLOB"
    ");"
    "CREATE TABLE reflog("
    " ref TEXT NOT NULL,"
    " number INTEGER NOT NULL,"
    " operation INTEGER NOT NULL,"
    " before BLOB NOT NULL,"
    " after BLOB NOT NULL,"
    " name TEXT NOT NULL,"
    " email TEXT NOT NULL,"
    " time INTEGER NOT NULL,"
    " zone INTEGER NOT NULL,"
    " message TEXT NOT NULL,"
    " PRIMARY KEY (ref, number)"
    ") WITHOUT ROWID;"
    "CREATE TABLE operations("
    " id INTEGER PRIMARY KEY,"
    " time INTEGER NOT NULL,"
    " user TEXT NOT NULL,"
    " kind TEXT NOT NULL,"
    " command TEXT NOT NULL,"
    " undoes INTEGER NOT NULL,"
    " state INTEGER NOT NULL,"
    " undone_by INTEGER NOT NULL,"
    " index_before BLOB NOT NULL,"
    " index_after BLOB NOT NULL,"
    " tree_before BLOB NOT NULL,"
    " tree_after BLOB NOT NULL,"
    " log_from TEXT,"
    " log_to TEXT"
    ");"
    "CREATE INDEX operations_state ON operations(state, undone_by)"
    " WHERE state = 1;"
    "CREATE TABLE operation_refs("
    " operation INTEGER NOT NULL,"
    " ref TEXT NOT NULL,"
    " branch_before TEXT,"
    " before BLOB NOT NULL,"
    " branch_after TEXT,"
    " after BLOB NOT NULL,"
    " PRIMARY KEY (operation, ref)"
    ") WITHOUT ROWID;",
    "CREATE TABLE runs("
    " id INTEGER PRIMARY KEY,"
    " kind TEXT NOT NULL,"
    " started INTEGER NOT NULL,"
    " ended INTEGER NOT NULL,"
    " operation INTEGER NOT NULL,"
    " items INTEGER NOT NULL,"
    " bytes INTEGER NOT NULL,"
    " error TEXT"
    ");",
    "CREATE TABLE scrub("
    " one INTEGER PRIMARY KEY CHECK (one = 1),"
    " cycle INTEGER NOT NULL,"
    " started INTEGER NOT NULL,"
    " ended INTEGER NOT NULL,"
    " pack TEXT NOT NULL,"
    " place INTEGER NOT NULL,"
    " chunks INTEGER NOT NULL,"
    " bytes INTEGER NOT NULL,"
    " damages INTEGER NOT NULL,"
    " last_damages INTEGER NOT NULL"
    ");",
    "CREATE TABLE samples("
    " time INTEGER PRIMARY KEY,"
    " stored INTEGER NOT NULL,"
    " free INTEGER NOT NULL,"
    " total INTEGER NOT NULL"
    ");",
};

dits_error *database_open(const char *folder, enum db_open how, struct db **out)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(db_closep) struct db *db = NULL;
    TRY(fs_join(folder, "meta.db", &path));
    TRY(db_open(path, how, &db));
    TRY(db_migrate(db, steps, sizeof(steps) / sizeof(steps[0])));
    *out = MOVE(db);
    return NULL;
}
