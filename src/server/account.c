#include "server/account.h"

#include <stdio.h>

#define COLUMNS "SELECT id, name, kind, enabled, admin, made FROM accounts "

static void read_row(struct db_rows *rows, struct account *out)
{
    const char *name = db_column_text(rows, 1);
    *out = (struct account){
        .kind = db_column_int(rows, 2) == ACCOUNT_SERVICE ? ACCOUNT_SERVICE
                                                          : ACCOUNT_PERSON,
        .is_enabled = db_column_int(rows, 3) == 1,
        .is_admin = db_column_int(rows, 4) == 1,
        .made = db_column_int(rows, 5),
    };
    server_id_column(rows, 0, &out->id);
    (void)snprintf(out->name, sizeof(out->name), "%s", name ? name : "");
}

static dits_error *find(struct db *db, const char *sql,
                        const struct db_value *args, struct account *out,
                        bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(db, sql, args, &rows));
    TRY(db_next(rows, out_found));
    if (*out_found)
        read_row(rows, out);
    return NULL;
}

dits_error *account_find(struct db *db, const char *name, struct account *out,
                         bool *out_found)
{
    return find(db, COLUMNS "WHERE name = ?", DB_ARGS(db_text(name)), out,
                out_found);
}

dits_error *account_get(struct db *db, const struct server_id *id,
                        struct account *out, bool *out_found)
{
    return find(db, COLUMNS "WHERE id = ?", DB_ARGS(server_id_value(id)), out,
                out_found);
}

dits_error *account_need(struct db *db, const char *name, struct account *out)
{
    bool found = false;
    TRY(account_find(db, name, out, &found));
    return found ? NULL
                 : error_hint(error_new(DITS_E_NOT_FOUND,
                                        "there is no account '%s'", name),
                              "See 'ditsd user list'.");
}

dits_error *account_create(struct db *db, const char *name,
                           enum account_kind kind, int64_t now,
                           struct account *out)
{
    bool found = false;
    TRY(name_check_account(name));
    TRY(account_find(db, name, out, &found));
    if (found)
        return error_new(DITS_E_EXISTS, "there is an account '%s' already",
                         name);
    *out = (struct account){.kind = kind, .is_enabled = true, .made = now};
    server_id_new(&out->id);
    (void)snprintf(out->name, sizeof(out->name), "%s", name);
    return db_run(db, "INSERT INTO accounts VALUES(?, ?, ?, 1, 0, ?)",
                  DB_ARGS(server_id_value(&out->id), db_text(name),
                          db_int(kind), db_int(now)),
                  NULL);
}

dits_error *account_each(struct db *db, account_fn *fn, void *payload)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(db, COLUMNS "ORDER BY name", DB_NO_ARGS, &rows));
    for (;;) {
        struct account account = {.made = 0};
        bool more = false;
        TRY(db_next(rows, &more));
        if (!more)
            return NULL;
        read_row(rows, &account);
        TRY(fn(&account, payload));
    }
}

static dits_error *count_admins(struct db *db, int64_t *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(db,
                 "SELECT count(*) FROM accounts WHERE admin = 1 AND enabled = "
                 "1",
                 DB_NO_ARGS, &rows));
    TRY(db_next(rows, &found));
    *out = db_column_int(rows, 0);
    return NULL;
}

dits_error *account_has_admin(struct db *db, bool *out)
{
    int64_t count = 0;
    TRY(count_admins(db, &count));
    *out = count > 0;
    return NULL;
}

/* After a change that may have taken the last one's power. */
static dits_error *keep_one_admin(struct db *db, const struct account *account)
{
    bool is_left = false;
    TRY(account_has_admin(db, &is_left));
    if (is_left || !account->is_admin || !account->is_enabled)
        return NULL;
    return error_hint(error_new(DITS_E_INVALID,
                                "'%s' is the last who may administer this "
                                "server",
                                account->name),
                      "Make somebody else an administrator first.");
}

dits_error *account_set_enabled(struct db *db, const struct account *account,
                                bool is_enabled)
{
    TRY(db_run(db, "UPDATE accounts SET enabled = ? WHERE id = ?",
               DB_ARGS(db_int(is_enabled), server_id_value(&account->id)),
               NULL));
    return keep_one_admin(db, account);
}

dits_error *account_set_admin(struct db *db, const struct account *account,
                              bool is_admin)
{
    TRY(db_run(db, "UPDATE accounts SET admin = ? WHERE id = ?",
               DB_ARGS(db_int(is_admin), server_id_value(&account->id)), NULL));
    return keep_one_admin(db, account);
}
