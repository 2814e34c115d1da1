#include "repo/refs.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"
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
dits_error *refs_head_read(dits_repo *repo, struct refs_head *out)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(repo->db,
                 "SELECT h.branch, coalesce(h.id, r.id)"
                 " FROM head h LEFT JOIN refs r ON r.name = h.branch",
                 DB_NO_ARGS, &rows));
    TRY(db_next(rows, &found));
    if (!found)
        return damaged(REF_HEAD);
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
    if (strcmp(full_name, REF_HEAD) != 0)
        return read_plain(repo, full_name, out, out_found);
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
    CLEANUP(buf_release) struct buf end = {0};
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(end_of_prefix(prefix, &end));
    TRY(db_query(repo->db,
                 "SELECT name, id FROM refs WHERE name >= ? AND name < ?"
                 " ORDER BY name",
                 DB_ARGS(db_text(prefix), db_text(buf_text(&end))), &rows));
    for (;;) {
        CLEANUP(text_free) char *name = NULL;
        struct dits_oid value = {0};
        bool more = false;
        TRY(next_ref(rows, &name, &value, &more));
        if (!more)
            return NULL;
        TRY(fn(name, &value, payload));
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
