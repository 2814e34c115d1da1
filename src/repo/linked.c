#include "repo/linked.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"
#include "repo/lines.h"
#include "repo/link_file.h"
#include "repo/ref_name.h"

#define COLUMNS "id, name, path, branch, head, locked"

void linked_release(struct linked *linked)
{
    mem_free(linked->name);
    mem_free(linked->path);
    mem_free(linked->branch);
    mem_free(linked->lock_reason);
    *linked = (struct linked){0};
}

static dits_error *damaged(void)
{
    return error_hint(
        error_new(DITS_E_CORRUPT, "the table of work trees is damaged"),
        "See 'dits fsck'.");
}

static dits_error *read_row(struct db_rows *rows, struct linked *out)
{
    CLEANUP(linked_release)
    struct linked row = {.id = (uint64_t)db_column_int(rows, 0)};
    TRY(text_copy_optional(db_column_text(rows, 1), &row.name));
    TRY(text_copy_optional(db_column_text(rows, 2), &row.path));
    TRY(text_copy_optional(db_column_text(rows, 3), &row.branch));
    TRY(text_copy_optional(db_column_text(rows, 5), &row.lock_reason));
    bool has_head = db_column_blob(rows, 4, row.head.hash, OID_SIZE);
    bool has_branch = row.branch != NULL && ref_name_is_full(row.branch);
    if (row.id == 0 || row.name == NULL || row.path == NULL ||
        row.path[0] != '/' || has_head == has_branch)
        return damaged();
    *out = MOVE(row);
    return NULL;
}

static dits_error *load(dits_repo *repo, const char *sql,
                        const struct db_value *args, struct linked *out,
                        bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db, sql, args, &rows));
    TRY(db_next(rows, out_found));
    return *out_found ? read_row(rows, out) : NULL;
}

dits_error *linked_find(dits_repo *repo, const char *name, struct linked *out,
                        bool *out_found)
{
    return load(repo, "SELECT " COLUMNS " FROM worktrees WHERE name = ?",
                DB_ARGS(db_text(name)), out, out_found);
}

dits_error *linked_load(dits_repo *repo, uint64_t id, struct linked *out,
                        bool *out_found)
{
    return load(repo, "SELECT " COLUMNS " FROM worktrees WHERE id = ?",
                DB_ARGS(db_int((int64_t)id)), out, out_found);
}

struct linked_rows {
    struct linked *items;
    size_t count;
    size_t capacity;
};

static void release_rows(struct linked_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        linked_release(&rows->items[i]);
    mem_free(rows->items);
}

static dits_error *add_row(struct linked_rows *out, struct db_rows *rows)
{
    struct linked *items =
        array_grown(out->items, out->count, &out->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    out->items = items;
    out->items[out->count] = (struct linked){0};
    TRY(read_row(rows, &out->items[out->count]));
    out->count++;
    return NULL;
}

static dits_error *read_rows(dits_repo *repo, struct linked_rows *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db, "SELECT " COLUMNS " FROM worktrees ORDER BY id",
                 DB_NO_ARGS, &rows));
    for (;;) {
        bool more = false;
        TRY(db_next(rows, &more));
        if (!more)
            return NULL;
        TRY(add_row(out, rows));
    }
}

dits_error *linked_each(dits_repo *repo, linked_fn *fn, void *payload)
{
    CLEANUP(release_rows) struct linked_rows rows = {0};
    TRY(read_rows(repo, &rows));
    for (size_t i = 0; i < rows.count; i++)
        TRY(fn(&rows.items[i], payload));
    return NULL;
}

/* What it was called last; NULL: not even that is known any more. */
dits_error *linked_last_name(dits_repo *repo, uint64_t id, char **out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    *out = NULL;
    TRY(db_query(repo->db,
                 "SELECT name FROM worktrees WHERE id = ?1 UNION ALL"
                 " SELECT * FROM (SELECT w.name FROM operation_worktrees w JOIN"
                 " operations o ON o.id = w.operation WHERE o.worktree = ?1"
                 " ORDER BY o.id DESC) LIMIT 1",
                 DB_ARGS(db_int((int64_t)id)), &rows));
    TRY(db_next(rows, &found));
    return found ? text_copy_optional(db_column_text(rows, 0), out) : NULL;
}

dits_error *linked_describe(dits_repo *repo, uint64_t id, struct buf *out)
{
    CLEANUP(text_free) char *name = NULL;
    if (id == 0)
        return buf_put_text(out, "the main work tree");
    TRY(linked_last_name(repo, id, &name));
    return name != NULL ? buf_printf(out, "the work tree '%s'", name)
                        : buf_put_text(out, "a work tree that was removed");
}

dits_error *linked_set_lock(dits_repo *repo, uint64_t id, const char *reason)
{
    return db_run(repo->db, "UPDATE worktrees SET locked = ? WHERE id = ?",
                  DB_ARGS(db_text(reason), db_int((int64_t)id)), NULL);
}

dits_error *linked_set_path(dits_repo *repo, uint64_t id, const char *path)
{
    return db_run(repo->db, "UPDATE worktrees SET path = ? WHERE id = ?",
                  DB_ARGS(db_text(path), db_int((int64_t)id)), NULL);
}

dits_error *linked_next_id(dits_repo *repo, uint64_t *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(repo->db,
                 "SELECT seq + 1 FROM sqlite_sequence"
                 " WHERE name = 'worktrees'",
                 DB_NO_ARGS, &rows));
    TRY(db_next(rows, &found));
    *out = found ? (uint64_t)db_column_int(rows, 0) : 1;
    return NULL;
}

dits_error *linked_private_dir(const char *dits_dir, const char *name,
                               char **out)
{
    CLEANUP(buf_release) struct buf path = {0};
    TRY(buf_printf(&path, "%s/" LINKED_FOLDER "/%s", dits_dir, name));
    return buf_take_text(&path, out);
}

dits_error *linked_main_path(const dits_repo *repo, char **out)
{
    const char *slash = strrchr(repo->dits_dir, '/');
    size_t length = slash != NULL ? (size_t)(slash - repo->dits_dir) : 0;
    return length > 0 ? text_copy_part(repo->dits_dir, length, out)
                      : text_copy("/", out);
}

static dits_error *fill_view(const dits_repo *repo, const struct linked *linked,
                             dits_repo *view)
{
    TRY(text_copy(repo->dits_dir, &view->dits_dir));
    TRY(text_copy("", &view->prefix));
    TRY(text_copy(repo->command_line, &view->command_line));
    if (linked == NULL) {
        TRY(linked_main_path(repo, &view->work_dir));
        return text_copy(repo->dits_dir, &view->private_dir);
    }
    view->linked = linked->id;
    TRY(text_copy(linked->path, &view->work_dir));
    TRY(text_copy(linked->name, &view->linked_name));
    return linked_private_dir(repo->dits_dir, linked->name, &view->private_dir);
}

dits_error *linked_view(dits_repo *repo, const struct linked *linked,
                        dits_repo **out)
{
    CLEANUP(linked_view_freep) dits_repo *view = mem_new(dits_repo);
    if (view == NULL)
        return error_nomem();
    view->context = repo->context;
    view->config = repo->config;
    view->db = repo->db;
    view->store = repo->store;
    TRY(fill_view(repo, linked, view));
    *out = MOVE(view);
    return NULL;
}

void linked_view_freep(dits_repo **view)
{
    if (*view == NULL)
        return;
    mem_free((*view)->work_dir);
    mem_free((*view)->dits_dir);
    mem_free((*view)->private_dir);
    mem_free((*view)->prefix);
    mem_free((*view)->command_line);
    mem_free((*view)->linked_name);
    lines_differ_closep(&(*view)->lines);
    mem_free(*view);
    *view = NULL;
}

/* The repository may have been moved, and its work trees not be told yet. */
static bool leads_here(const dits_repo *view, const struct link_file *link)
{
    return strcmp(link->name, view->linked_name) == 0 &&
           (strcmp(link->dits_dir, view->dits_dir) == 0 ||
            !fs_exists(link->dits_dir));
}

dits_error *linked_look(const dits_repo *view, const char **out_why)
{
    CLEANUP(link_file_release) struct link_file link = {0};
    bool found = false;
    *out_why = NULL;
    if (view->linked == 0)
        return NULL;
    dits_error *err = link_file_read(view->work_dir, &link, &found);
    if (err != NULL && !dits_error_has(err, DITS_E_CORRUPT) &&
        !dits_error_has(err, DITS_E_UNSUPPORTED) &&
        !dits_error_has(err, DITS_E_LIMIT))
        return err;
    if (err != NULL)
        *out_why = "its file .dits is damaged";
    else if (!found)
        *out_why = "its folder is not there";
    else if (!leads_here(view, &link))
        *out_why = "its folder is that of another work tree";
    dits_error_free(err); /* that is what is answered */
    return NULL;
}

struct view_walk {
    dits_repo *repo;
    linked_view_fn *fn;
    void *payload;
};

static dits_error *show_view(const struct linked *linked, void *payload)
{
    const struct view_walk *walk = payload;
    CLEANUP(linked_view_freep) dits_repo *view = NULL;
    TRY(linked_view(walk->repo, linked, &view));
    return walk->fn(view, walk->payload);
}

dits_error *linked_each_view(dits_repo *repo, linked_view_fn *fn, void *payload)
{
    struct view_walk walk = {.repo = repo, .fn = fn, .payload = payload};
    TRY(show_view(NULL, &walk));
    return linked_each(repo, show_view, &walk);
}
