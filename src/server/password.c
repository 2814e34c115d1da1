#include "server/password.h"

#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "base/text.h"

const struct crypt_cost password_cost = {.passes = 3, .memory = 64u << 20};

dits_error *password_rules_make(const struct crypt_cost *cost,
                                struct password_rules *out)
{
    uint8_t nobody_knows[32];
    random_bytes(nobody_knows, sizeof(nobody_knows));
    out->cost = *cost;
    return crypt_password_hash(slice_of(nobody_knows, sizeof(nobody_knows)),
                               cost, out->dummy);
}

dits_error *password_check(struct slice password)
{
    if (password.size < PASSWORD_MIN)
        return error_new(DITS_E_INVALID, "a password has at least %d bytes",
                         PASSWORD_MIN);
    if (password.size > PASSWORD_MAX)
        return error_new(DITS_E_INVALID, "a password has at most %d bytes",
                         PASSWORD_MAX);
    if (!text_is_utf8(password.data, password.size))
        return error_new(DITS_E_INVALID, "a password is text in UTF-8");
    return NULL;
}

dits_error *password_set(struct db *db, const struct server_id *id,
                         const char *hash, int64_t now)
{
    return db_run(db, "INSERT OR REPLACE INTO passwords VALUES(?, ?, ?)",
                  DB_ARGS(server_id_value(id), db_text(hash), db_int(now)),
                  NULL);
}

/* The text of the account's password; that of nobody when it has none. */
static dits_error *load(struct db *db, const struct server_id *id,
                        const struct password_rules *rules,
                        char out[CRYPT_PASSWORD_SIZE], bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(db, "SELECT hash FROM passwords WHERE account = ?",
                 DB_ARGS(server_id_value(id)), &rows));
    TRY(db_next(rows, out_found));
    const char *hash = *out_found ? db_column_text(rows, 0) : NULL;
    *out_found = hash != NULL && strlen(hash) < CRYPT_PASSWORD_SIZE;
    (void)snprintf(out, CRYPT_PASSWORD_SIZE, "%s",
                   *out_found ? hash : rules->dummy);
    return NULL;
}

/* Not if somebody has set another one meanwhile. */
static dits_error *renew(struct db *db, const struct password_rules *rules,
                         const struct server_id *id, const char *old,
                         struct slice password)
{
    char hash[CRYPT_PASSWORD_SIZE] = {0};
    TRY(crypt_password_hash(password, &rules->cost, hash));
    return db_run(db,
                  "UPDATE passwords SET hash = ? WHERE account = ? AND hash = "
                  "?",
                  DB_ARGS(db_text(hash), server_id_value(id), db_text(old)),
                  NULL);
}

dits_error *password_sign_in(struct db *db, const struct password_rules *rules,
                             const char *name, struct slice password,
                             struct account *out, bool *out_passed)
{
    char hash[CRYPT_PASSWORD_SIZE] = {0};
    bool is_known = false;
    bool has_password = false;
    *out_passed = false;
    *out = (struct account){.made = 0};
    TRY(account_find(db, name, out, &is_known));
    TRY(load(db, &out->id, rules, hash, &has_password));
    bool is_right = crypt_password_is(hash, password);
    *out_passed = is_right && is_known && has_password && out->is_enabled;
    if (*out_passed && !crypt_password_costs(hash, &rules->cost))
        return renew(db, rules, &out->id, hash, password);
    return NULL;
}
