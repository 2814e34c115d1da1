/* What refs, the reflog and operations keep from being swept. */
#include "db/db.h"
#include "repo/operation_row.h"
#include "repo/refs.h"

struct root_walk {
    refs_root_fn *fn;
    void *payload;
};

static dits_error *damaged(const char *what)
{
    return error_hint(error_new(DITS_E_CORRUPT, "%s is damaged", what),
                      "See 'dits fsck'.");
}

/* Every id in the first column; the kind is in the second, or it is `kind`. */
static dits_error *each_id(dits_repo *repo, const char *sql,
                           enum chunk_kind kind, const struct root_walk *walk)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db, sql, DB_NO_ARGS, &rows));
    for (;;) {
        struct dits_oid id = {0};
        bool more = false;
        TRY(db_next(rows, &more));
        if (!more)
            return NULL;
        if (!db_column_blob(rows, 0, id.hash, OID_SIZE))
            return damaged("an id in the database");
        enum chunk_kind found = (enum chunk_kind)db_column_int(rows, 1);
        if (!dits_oid_is_zero(&id))
            TRY(walk->fn(found != CHUNK_DATA ? found : kind, &id,
                         walk->payload));
    }
}

/*
 * A tag's ref is a commit or a tag; its kind is kept with it. Operations know
 * of refs only their ids, so what they hold is asked of the store.
 */
static dits_error *each_operation_ref(dits_repo *repo,
                                      const struct root_walk *walk)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    TRY(db_query(repo->db,
                 "SELECT before FROM operation_refs UNION"
                 " SELECT after FROM operation_refs",
                 DB_NO_ARGS, &rows));
    for (;;) {
        struct chunk_place place = {0};
        struct dits_oid id = {0};
        bool more = false;
        bool found = false;
        TRY(db_next(rows, &more));
        if (!more)
            return NULL;
        if (!db_column_blob(rows, 0, id.hash, OID_SIZE))
            return damaged("an id in the database");
        if (dits_oid_is_zero(&id))
            continue;
        TRY(store_find(repo->store, &id, &found, &place));
        TRY(walk->fn(found ? place.kind : CHUNK_COMMIT, &id, walk->payload));
    }
}

dits_error *refs_each_root(dits_repo *repo, refs_root_fn *fn, void *payload)
{
    const struct root_walk walk = {.fn = fn, .payload = payload};
    TRY(each_id(repo, "SELECT id, kind FROM refs", CHUNK_COMMIT, &walk));
    TRY(each_id(repo, "SELECT id, 0 FROM head WHERE id IS NOT NULL",
                CHUNK_COMMIT, &walk));
    TRY(each_id(repo, "SELECT head, 0 FROM worktrees WHERE head IS NOT NULL",
                CHUNK_COMMIT, &walk));
    TRY(each_id(repo,
                "SELECT before, 0 FROM reflog UNION"
                " SELECT after, 0 FROM reflog",
                CHUNK_COMMIT, &walk));
    TRY(each_operation_ref(repo, &walk));
    return each_id(repo,
                   "SELECT index_before, 0 FROM operations UNION"
                   " SELECT index_after, 0 FROM operations UNION"
                   " SELECT tree_before, 0 FROM operations UNION"
                   " SELECT tree_after, 0 FROM operations",
                   CHUNK_TREE, &walk);
}
