#include "server/repository.h"

#include <stdio.h>

#include "base/fs.h"
#include "base/text.h"

static void read_row(struct db_rows *rows, struct repository *out)
{
    const char *name = db_column_text(rows, 1);
    *out = (struct repository){.made = db_column_int(rows, 2)};
    server_id_column(rows, 0, &out->id);
    (void)snprintf(out->name, sizeof(out->name), "%s", name ? name : "");
}

dits_error *repository_find(struct db *db, const char *name,
                            struct repository *out, bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(db, "SELECT id, name, made FROM repositories WHERE name = ?",
                 DB_ARGS(db_text(name)), &rows));
    TRY(db_next(rows, out_found));
    if (*out_found)
        read_row(rows, out);
    return NULL;
}

dits_error *repository_need(struct db *db, const char *name,
                            struct repository *out)
{
    bool found = false;
    TRY(repository_find(db, name, out, &found));
    return found ? NULL
                 : error_hint(error_new(DITS_E_NOT_FOUND,
                                        "there is no repository '%s'", name),
                              "See 'ditsd repo list'.");
}

dits_error *repository_create(struct db *db, const char *name, int64_t now,
                              struct repository *out)
{
    CLEANUP(buf_release) struct buf folder = {0};
    bool found = false;
    TRY(name_check_repository(name));
    TRY(repository_find(db, name, out, &found));
    if (found)
        return error_new(DITS_E_EXISTS, "there is a repository '%s' already",
                         out->name);
    *out = (struct repository){.made = now};
    server_id_new(&out->id);
    (void)snprintf(out->name, sizeof(out->name), "%s", name);
    TRY(buf_printf(&folder, "repos/%s", name));
    return db_run(db, "INSERT INTO repositories VALUES(?, ?, ?, ?)",
                  DB_ARGS(server_id_value(&out->id), db_text(name),
                          db_text(buf_text(&folder)), db_int(now)),
                  NULL);
}

dits_error *repository_remove(struct db *db, const struct server_id *id)
{
    static const char *const statements[] = {
        "DELETE FROM roles WHERE repository = ?",
        "DELETE FROM rules WHERE repository = ?",
        "DELETE FROM token_repositories WHERE repository = ?",
        "DELETE FROM repositories WHERE id = ?",
    };
    for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
        TRY(db_run(db, statements[i], DB_ARGS(server_id_value(id)), NULL));
    return NULL;
}

dits_error *repository_each(struct db *db, repository_fn *fn, void *payload)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool more = false;
    TRY(db_query(db, "SELECT id, name, made FROM repositories ORDER BY name",
                 DB_NO_ARGS, &rows));
    TRY(db_next(rows, &more));
    while (more) {
        struct repository repository = {.made = 0};
        read_row(rows, &repository);
        TRY(fn(&repository, payload));
        TRY(db_next(rows, &more));
    }
    return NULL;
}

/* Nothing, or a real folder. */
static dits_error *refuse_link(const char *path)
{
    struct fs_stat stat = {0};
    dits_error *err = fs_stat_path(path, &stat);
    if (err != NULL && dits_error_code(err) == DITS_E_NOT_FOUND) {
        dits_error_free(err);
        return NULL;
    }
    TRY(err);
    return stat.kind == FS_FOLDER
               ? NULL
               : error_new(DITS_E_INVALID, "'%s' is not a folder", path);
}

dits_error *repository_folder(const char *root, const char *name, char **out)
{
    CLEANUP(text_free) char *all = NULL;
    CLEANUP(text_free) char *folder = NULL;
    TRY(name_check_repository(name));
    TRY(fs_join(root, "repos", &all));
    TRY(refuse_link(all));
    TRY(fs_join(all, name, &folder));
    TRY(refuse_link(folder));
    *out = MOVE(folder);
    return NULL;
}

dits_error *role_set(struct db *db, const struct server_id *repository,
                     const struct server_id *account, enum access_role role)
{
    if (role == ROLE_NONE)
        return db_run(
            db, "DELETE FROM roles WHERE repository = ? AND account = ?",
            DB_ARGS(server_id_value(repository), server_id_value(account)),
            NULL);
    return db_run(db, "INSERT OR REPLACE INTO roles VALUES(?, ?, ?)",
                  DB_ARGS(server_id_value(repository), server_id_value(account),
                          db_text(access_role_name(role))),
                  NULL);
}

/* A role of a later version is none. */
static enum access_role role_of(const char *name)
{
    enum access_role role = ROLE_NONE;
    return name != NULL && access_role_parse(name, &role) ? role : ROLE_NONE;
}

dits_error *role_get(struct db *db, const struct server_id *repository,
                     const struct server_id *account, enum access_role *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(
        db, "SELECT role FROM roles WHERE repository = ? AND account = ?",
        DB_ARGS(server_id_value(repository), server_id_value(account)), &rows));
    TRY(db_next(rows, &found));
    *out = found ? role_of(db_column_text(rows, 0)) : ROLE_NONE;
    return NULL;
}

dits_error *role_each(struct db *db, const struct server_id *account,
                      role_fn *fn, void *payload)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool more = false;
    TRY(db_query(db,
                 "SELECT name, role FROM roles JOIN repositories ON repository "
                 "= id WHERE account = ? ORDER BY name",
                 DB_ARGS(server_id_value(account)), &rows));
    TRY(db_next(rows, &more));
    while (more) {
        const char *name = db_column_text(rows, 0);
        TRY(fn(name ? name : "", role_of(db_column_text(rows, 1)), payload));
        TRY(db_next(rows, &more));
    }
    return NULL;
}
