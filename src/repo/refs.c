#include "repo/refs.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"
#include "repo/private_ref.h"
#include "repo/ref_name.h"

void refs_head_release(struct refs_head *head)
{
    mem_free(head->branch);
    *head = (struct refs_head){0};
}

static dits_error *damaged(const char *what)
{
    return error_hint(error_new(DITS_E_CORRUPT, "%s is damaged", what),
                      "See 'dits fsck'.");
}

static dits_error *read_plain(dits_repo *repo, const char *full_name,
                              struct dits_oid *out, bool *out_found)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(repo->db, "SELECT id FROM refs WHERE name = ?",
                 DB_ARGS(db_text(full_name)), &rows));
    TRY(db_next(rows, &found));
    if (found && !db_column_blob(rows, 0, out->hash, OID_SIZE))
        return damaged(full_name);
    *out_found = found;
    return NULL;
}

/* One query, so that a switch between two cannot be seen half. */
static dits_error *query_head(dits_repo *repo, struct db_rows **out)
{
    if (repo->linked != 0)
        return db_query(repo->db,
                        "SELECT w.branch, coalesce(w.head, r.id) FROM worktrees"
                        " w LEFT JOIN refs r ON r.name = w.branch"
                        " WHERE w.id = ?",
                        DB_ARGS(db_int((int64_t)repo->linked)), out);
    return db_query(repo->db,
                    "SELECT h.branch, coalesce(h.id, r.id)"
                    " FROM head h LEFT JOIN refs r ON r.name = h.branch",
                    DB_NO_ARGS, out);
}

static dits_error *no_head(const dits_repo *repo)
{
    if (repo->linked == 0)
        return damaged(REF_HEAD);
    if (repo->linked_is_new)
        return NULL; /* the operation that makes it will say */
    return error_hint(error_new(DITS_E_NOT_FOUND,
                                "the work tree '%s' was removed meanwhile",
                                repo->linked_name),
                      "See 'dits worktree list' and 'dits op log' in another "
                      "work tree.");
}

dits_error *refs_head_read(dits_repo *repo, struct refs_head *out)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(query_head(repo, &rows));
    TRY(db_next(rows, &found));
    if (!found)
        return no_head(repo);
    TRY(text_copy_optional(db_column_text(rows, 0), &head.branch));
    if (head.branch != NULL && !ref_name_is_full(head.branch))
        return damaged(REF_HEAD);
    bool has_commit = !db_column_is_null(rows, 1);
    if (has_commit && !db_column_blob(rows, 1, head.commit.hash, OID_SIZE))
        return damaged(REF_HEAD);
    if (!has_commit && head.branch == NULL)
        return damaged(REF_HEAD);
    *out = MOVE(head);
    return NULL;
}

dits_error *refs_head_commit(dits_repo *repo, struct dits_oid *out)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    TRY(refs_head_read(repo, &head));
    *out = head.commit;
    return NULL;
}

dits_error *refs_read(dits_repo *repo, const char *full_name,
                      struct dits_oid *out, bool *out_found)
{
    CLEANUP(buf_release) struct buf name = {0};
    if (strcmp(full_name, REF_HEAD) != 0) {
        TRY(private_ref_name(repo, full_name, &name));
        return read_plain(repo, buf_text(&name), out, out_found);
    }
    TRY(refs_head_commit(repo, out));
    *out_found = !dits_oid_is_zero(out);
    return NULL;
}

/* The first text that sorts after everything that starts with `prefix`. */
static dits_error *end_of_prefix(const char *prefix, struct buf *out)
{
    TRY(buf_put_text(out, prefix));
    return buf_put_text(out, "\xf4\x8f\xbf\xbf"); /* the last code point */
}

static dits_error *next_ref(struct db_rows *rows, char **name,
                            struct dits_oid *value, bool *out)
{
    TRY(db_next(rows, out));
    if (!*out)
        return NULL;
    const char *text = db_column_text(rows, 0);
    if (text == NULL || !ref_name_is_full(text) ||
        !db_column_blob(rows, 1, value->hash, OID_SIZE))
        return damaged("the table of refs");
    return text_copy(text, name);
}

dits_error *refs_each(dits_repo *repo, const char *prefix, refs_each_fn *fn,
                      void *payload)
{
    CLEANUP(buf_release) struct buf start = {0};
    CLEANUP(buf_release) struct buf end = {0};
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(private_ref_name(repo, prefix, &start));
    TRY(end_of_prefix(buf_text(&start), &end));
    TRY(db_query(repo->db,
                 "SELECT name, id FROM refs WHERE name >= ? AND name < ?"
                 " ORDER BY name",
                 DB_ARGS(db_text(buf_text(&start)), db_text(buf_text(&end))),
                 &rows));
    for (;;) {
        CLEANUP(text_free) char *name = NULL;
        CLEANUP(buf_release) struct buf shown = {0};
        struct dits_oid value = {0};
        bool more = false;
        TRY(next_ref(rows, &name, &value, &more));
        if (!more)
            return NULL;
        TRY(buf_printf(&shown, "%s%s", prefix, name + start.size));
        TRY(fn(buf_text(&shown), &value, payload));
    }
}

dits_error *dits_head_get(dits_repo *repo, struct dits_head *out)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    char *branch = NULL;
    TRY(refs_head_read(repo, &head));
    if (head.branch != NULL)
        TRY(text_copy(ref_name_short(head.branch), &branch));
    *out = (struct dits_head){.branch = branch, .commit = head.commit};
    return NULL;
}

void dits_head_release(struct dits_head *head)
{
    mem_free(head->branch);
    *head = (struct dits_head){0};
}
