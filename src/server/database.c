#include "server/database.h"

#include "base/fs.h"
#include "base/text.h"

/* Never changed once released: a new version is a new step at the end. */
static const char *const steps[] = {
    "CREATE TABLE accounts("
    " id BLOB NOT NULL PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " kind INTEGER NOT NULL,"
    " enabled INTEGER NOT NULL,"
    " admin INTEGER NOT NULL,"
    " made INTEGER NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE passwords("
    " account BLOB NOT NULL PRIMARY KEY,"
    " hash TEXT NOT NULL,"
    " changed INTEGER NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE repositories("
    " id BLOB NOT NULL PRIMARY KEY,"
    " name TEXT NOT NULL COLLATE NOCASE UNIQUE,"
    " folder TEXT NOT NULL,"
    " made INTEGER NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE roles("
    " repository BLOB NOT NULL,"
    " account BLOB NOT NULL,"
    " role TEXT NOT NULL,"
    " PRIMARY KEY (repository, account)"
    ") WITHOUT ROWID;"
    "CREATE TABLE rules("
    " number INTEGER PRIMARY KEY AUTOINCREMENT,"
    " repository BLOB NOT NULL,"
    " account BLOB,"
    " denies INTEGER NOT NULL,"
    " pattern TEXT NOT NULL"
    ");"
    "CREATE INDEX rules_repository ON rules(repository, number);"
    "CREATE TABLE tokens("
    " id BLOB NOT NULL PRIMARY KEY,"
    " account BLOB NOT NULL,"
    " kind TEXT NOT NULL,"
    " label TEXT NOT NULL,"
    " actions TEXT NOT NULL,"
    " everywhere INTEGER NOT NULL,"
    " made INTEGER NOT NULL,"
    " lifetime INTEGER NOT NULL,"
    " revoked INTEGER NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE INDEX tokens_account ON tokens(account);"
    "CREATE TABLE token_versions("
    " token BLOB NOT NULL,"
    " number INTEGER NOT NULL,"
    " hash BLOB NOT NULL,"
    " made INTEGER NOT NULL,"
    " expires INTEGER NOT NULL,"
    " used INTEGER NOT NULL,"
    " address TEXT,"
    " agent TEXT,"
    " PRIMARY KEY (token, number)"
    ") WITHOUT ROWID;"
    "CREATE TABLE token_repositories("
    " token BLOB NOT NULL,"
    " repository BLOB NOT NULL,"
    " PRIMARY KEY (token, repository)"
    ") WITHOUT ROWID;"
    "CREATE TABLE audit("
    " number INTEGER PRIMARY KEY,"
    " time INTEGER NOT NULL,"
    " account BLOB,"
    " name TEXT,"
    " token BLOB,"
    " action TEXT NOT NULL,"
    " resource TEXT,"
    " allowed INTEGER NOT NULL,"
    " reason TEXT,"
    " request TEXT,"
    " address TEXT,"
    " hash BLOB NOT NULL"
    ");"
    "CREATE TRIGGER audit_update BEFORE UPDATE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;"
    "CREATE TRIGGER audit_delete BEFORE DELETE ON audit"
    " BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END;",
    "CREATE TABLE setup("
    " hash BLOB NOT NULL,"
    " expires INTEGER NOT NULL"
    ");",
};

/* Made before SQLite makes it: only its owner may read it, or its log. */
static dits_error *make_private(const char *path)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    return fs_exists(path) ? NULL : fs_open(path, FS_PRIVATE, &file);
}

dits_error *server_database_open(const char *folder, enum db_open how,
                                 struct db **out)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(db_closep) struct db *db = NULL;
    TRY(fs_join(folder, "ditsd.db", &path));
    if (how == DB_CREATE)
        TRY(make_private(path));
    TRY(db_open(path, how, &db));
    TRY(db_migrate(db, steps, sizeof(steps) / sizeof(steps[0])));
    *out = MOVE(db);
    return NULL;
}
