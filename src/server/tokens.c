#include "server/tokens.h"

#include <stdio.h>
#include <string.h>

#include "base/crypt.h"
#include "base/text.h"

#define COLUMNS                                                             \
    "SELECT id, account, kind, label, actions, everywhere, made, lifetime," \
    " revoked FROM tokens "

enum { USE_NOTED_EVERY = 60 };

static void copy_text(char *out, size_t size, const char *text)
{
    (void)snprintf(out, size, "%s", text != NULL ? text : "");
}

static void read_row(struct db_rows *rows, struct token *out)
{
    const char *kind = db_column_text(rows, 2);
    const char *actions = db_column_text(rows, 4);
    *out = (struct token){
        .is_everywhere = db_column_int(rows, 5) == 1,
        .made = db_column_int(rows, 6),
        .lifetime = db_column_int(rows, 7),
        .revoked = db_column_int(rows, 8),
    };
    server_id_column(rows, 0, &out->id);
    server_id_column(rows, 1, &out->account);
    copy_text(out->label, sizeof(out->label), db_column_text(rows, 3));
    /* A kind or an action of a later version: nothing is allowed. */
    dits_error *err =
        access_actions_parse(actions ? actions : "", &out->actions);
    if (err != NULL || kind == NULL || !token_kind_parse(kind, &out->kind))
        out->actions = 0;
    dits_error_free(err);
}

static dits_error *read_versions(struct db *db, int64_t now, struct token *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool more = false;
    TRY(db_query(db,
                 "SELECT number, made, expires, used, address, agent FROM "
                 "token_versions WHERE token = ? AND expires > ? "
                 "ORDER BY number DESC LIMIT 2",
                 DB_ARGS(server_id_value(&out->id), db_int(now)), &rows));
    TRY(db_next(rows, &more));
    for (int i = 0; i < 2 && more; i++) {
        struct token_version *version = &out->versions[i];
        version->number = db_column_int(rows, 0);
        version->made = db_column_int(rows, 1);
        version->expires = db_column_int(rows, 2);
        version->used = db_column_int(rows, 3);
        copy_text(version->address, sizeof(version->address),
                  db_column_text(rows, 4));
        copy_text(version->agent, sizeof(version->agent),
                  db_column_text(rows, 5));
        TRY(db_next(rows, &more));
    }
    return NULL;
}

dits_error *tokens_get(struct db *db, const struct server_id *id, int64_t now,
                       struct token *out, bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(db, COLUMNS "WHERE id = ?", DB_ARGS(server_id_value(id)),
                 &rows));
    TRY(db_next(rows, out_found));
    if (!*out_found)
        return NULL;
    read_row(rows, out);
    return read_versions(db, now, out);
}

static dits_error *find_version(struct db *db, const struct server_id *id,
                                const struct dits_oid *hash, int64_t *out,
                                int64_t *out_expires)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool more = false;
    TRY(db_query(db,
                 "SELECT number, hash, expires FROM token_versions WHERE token "
                 "= ?",
                 DB_ARGS(server_id_value(id)), &rows));
    TRY(db_next(rows, &more));
    while (more) {
        struct dits_oid kept = {{0}};
        if (db_column_blob(rows, 1, kept.hash, sizeof(kept.hash)) &&
            crypt_equal(kept.hash, hash->hash, sizeof(kept.hash))) {
            *out = db_column_int(rows, 0);
            *out_expires = db_column_int(rows, 2);
        }
        TRY(db_next(rows, &more));
    }
    return NULL;
}

dits_error *tokens_find(struct db *db, const char *text, int64_t now,
                        struct token *out, int64_t *out_version,
                        bool *out_found)
{
    enum token_kind kind = TOKEN_PERSONAL;
    struct server_id id = {{0}};
    struct dits_oid hash = {{0}};
    int64_t expires = 0;
    *out_found = false;
    *out_version = 0;
    if (!token_parse(text, &kind, &id, &hash))
        return NULL;
    TRY(tokens_get(db, &id, now, out, out_found));
    if (!*out_found)
        return NULL;
    TRY(find_version(db, &id, &hash, out_version, &expires));
    *out_found = *out_version != 0 && out->kind == kind;
    if (expires <= now || out->revoked != 0)
        *out_version = 0;
    return NULL;
}

static dits_error *check_label(const char *label)
{
    if (strnlen(label, TOKEN_LABEL_SIZE) == TOKEN_LABEL_SIZE)
        return error_new(DITS_E_INVALID, "a label has at most %d bytes",
                         TOKEN_LABEL_SIZE - 1);
    for (const char *at = label; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return error_new(DITS_E_INVALID, "a label is one line of text");
    return text_is_utf8(label, strlen(label))
               ? NULL
               : error_new(DITS_E_INVALID, "a label is text in UTF-8");
}

static dits_error *check_wish(const struct token_wish *wish)
{
    TRY(check_label(wish->label));
    if (wish->lifetime <= 0 || wish->lifetime > TOKEN_MAX_LIFETIME)
        return error_new(DITS_E_INVALID, "a token lives a year at most");
    if (wish->actions == 0 || wish->actions & ~ACCESS_ALL)
        return error_new(DITS_E_INVALID, "a token is for some action");
    if (wish->repositories != NULL &&
        wish->repository_count > TOKEN_MAX_REPOSITORIES)
        return error_new(DITS_E_INVALID,
                         "a token is for %d repositories at most",
                         TOKEN_MAX_REPOSITORIES);
    return NULL;
}

static dits_error *add_version(struct db *db, const struct token *token,
                               int64_t number, int64_t now,
                               char out_text[TOKEN_TEXT_SIZE])
{
    struct dits_oid hash = {{0}};
    token_make(token->kind, &token->id, out_text, &hash);
    return db_run(db,
                  "INSERT INTO token_versions VALUES(?, ?, ?, ?, ?, 0, NULL, "
                  "NULL)",
                  DB_ARGS(server_id_value(&token->id), db_int(number),
                          db_blob(hash.hash, sizeof(hash.hash)), db_int(now),
                          db_int(now + token->lifetime)),
                  NULL);
}

static dits_error *add_repositories(struct db *db, const struct token *token,
                                    const struct token_wish *wish)
{
    for (size_t i = 0; i < wish->repository_count; i++)
        TRY(db_run(db, "INSERT OR IGNORE INTO token_repositories VALUES(?, ?)",
                   DB_ARGS(server_id_value(&token->id),
                           server_id_value(&wish->repositories[i])),
                   NULL));
    return NULL;
}

dits_error *tokens_create(struct db *db, const struct token_wish *wish,
                          int64_t now, struct token *out,
                          char out_text[TOKEN_TEXT_SIZE])
{
    CLEANUP(buf_release) struct buf actions = {0};
    bool found = false;
    TRY(check_wish(wish));
    TRY(access_actions_put(wish->actions, &actions));
    struct token token = {.account = wish->account,
                          .kind = wish->kind,
                          .is_everywhere = wish->repositories == NULL,
                          .lifetime = wish->lifetime};
    server_id_new(&token.id);
    TRY(db_run(
        db, "INSERT INTO tokens VALUES(?, ?, ?, ?, ?, ?, ?, ?, 0)",
        DB_ARGS(server_id_value(&token.id), server_id_value(&token.account),
                db_text(token_kind_name(token.kind)), db_text(wish->label),
                db_text(buf_text(&actions)), db_int(token.is_everywhere),
                db_int(now), db_int(token.lifetime)),
        NULL));
    if (!token.is_everywhere)
        TRY(add_repositories(db, &token, wish));
    TRY(add_version(db, &token, 1, now, out_text));
    return tokens_get(db, &token.id, now, out, &found);
}

dits_error *tokens_rotate(struct db *db, const struct token *token,
                          int64_t overlap, int64_t now,
                          char out_text[TOKEN_TEXT_SIZE])
{
    int64_t newest = token->versions[0].number;
    if (token->revoked != 0 || newest == 0)
        return error_hint(error_new(DITS_E_INVALID, "the token has ended"),
                          "Make a new one with 'ditsd token create'.");
    if (overlap < 0 || overlap > TOKEN_MAX_OVERLAP)
        return error_new(DITS_E_INVALID,
                         "a token that was rotated goes on for %d days at most",
                         TOKEN_MAX_OVERLAP / TOKEN_DAY);
    TRY(db_run(db,
               "UPDATE token_versions SET expires = min(expires, "
               "CASE number WHEN ? THEN ? ELSE ? END) WHERE token = ?",
               DB_ARGS(db_int(newest), db_int(now + overlap), db_int(now),
                       server_id_value(&token->id)),
               NULL));
    return add_version(db, token, newest + 1, now, out_text);
}

dits_error *tokens_revoke(struct db *db, const struct server_id *id,
                          int64_t now)
{
    return db_run(db,
                  "UPDATE tokens SET revoked = ? WHERE id = ? AND revoked = 0",
                  DB_ARGS(db_int(now), server_id_value(id)), NULL);
}

dits_error *tokens_revoke_kind(struct db *db, const struct server_id *account,
                               enum token_kind kind, int64_t now)
{
    return db_run(db,
                  "UPDATE tokens SET revoked = ? WHERE account = ? AND kind = "
                  "? AND revoked = 0",
                  DB_ARGS(db_int(now), server_id_value(account),
                          db_text(token_kind_name(kind))),
                  NULL);
}

dits_error *tokens_cover(struct db *db, const struct token *token,
                         const struct server_id *repository, bool *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    *out = token->is_everywhere;
    if (*out)
        return NULL;
    TRY(db_query(
        db,
        "SELECT 1 FROM token_repositories WHERE token = ? AND "
        "repository = ?",
        DB_ARGS(server_id_value(&token->id), server_id_value(repository)),
        &rows));
    return db_next(rows, out);
}

dits_error *tokens_each(struct db *db, const struct server_id *account,
                        int64_t now, tokens_fn *fn, void *payload)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool more = false;
    TRY(account == NULL
            ? db_query(db, COLUMNS "ORDER BY made, id", DB_NO_ARGS, &rows)
            : db_query(db, COLUMNS "WHERE account = ? ORDER BY made, id",
                       DB_ARGS(server_id_value(account)), &rows));
    TRY(db_next(rows, &more));
    while (more) {
        struct token token = {.made = 0};
        read_row(rows, &token);
        TRY(read_versions(db, now, &token));
        TRY(fn(&token, payload));
        TRY(db_next(rows, &more));
    }
    return NULL;
}

dits_error *tokens_used(struct db *db, const struct token *token,
                        int64_t version, int64_t now, const char *address,
                        const char *agent)
{
    for (int i = 0; i < 2; i++) {
        const struct token_version *seen = &token->versions[i];
        if (seen->number == version && now >= seen->used &&
            now - seen->used < USE_NOTED_EVERY)
            return NULL;
    }
    return db_run(db,
                  "UPDATE token_versions SET used = ?, address = ?, agent = ? "
                  "WHERE token = ? AND number = ?",
                  DB_ARGS(db_int(now), db_text(address), db_text(agent),
                          server_id_value(&token->id), db_int(version)),
                  NULL);
}
