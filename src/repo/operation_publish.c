#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "db/db.h"
#include "repo/event_log.h"
#include "repo/identity.h"
#include "repo/operation_internal.h"
#include "repo/operation_row.h"
#include "repo/private_ref.h"
#include "repo/ref_name.h"
#include "repo/reflog.h"
#include "repo/refs_backup.h"

static dits_error *moved(const char *name)
{
    return error_hint(error_new(DITS_E_CONFLICT,
                                "'%s' was moved by another command meanwhile",
                                ref_name_short(name)),
                      "Look at it with 'dits log', then try again.");
}

/* Compare-and-swap's first half; the second is in the statements below. */
static dits_error *check_value(struct operation *operation,
                               const struct ref_change *change)
{
    struct dits_oid now = {0};
    bool found = false;
    if (!ref_name_is_full(change->name))
        return ref_name_error(ref_name_short(change->name), "ref");
    TRY(refs_read(operation->repo, change->name, &now, &found));
    if (!found)
        now = (struct dits_oid){0};
    return dits_oid_equal(&now, &change->before) ? NULL : moved(change->name);
}

/* A branch leads to a commit; a tag to a commit or a tag object (O2). */
static dits_error *check_target(struct operation *operation,
                                const struct ref_change *change,
                                enum chunk_kind *out)
{
    struct chunk_place place = {0};
    bool found = false;
    bool is_tag = text_starts_with(change->name, REF_TAGS);
    TRY(store_find(operation->repo->store, &change->after, &found, &place));
    if (!found ||
        (place.kind != CHUNK_COMMIT && !(is_tag && place.kind == CHUNK_TAG)))
        return error_new(DITS_E_INVALID, "'%s' cannot lead to %s",
                         ref_name_short(change->name),
                         found ? "something that is no commit"
                               : "a commit that is not stored");
    *out = place.kind;
    return NULL;
}

dits_error *operation_check(struct operation *operation)
{
    for (size_t i = 0; i < operation->change_count; i++) {
        const struct ref_change *change = &operation->changes[i];
        enum chunk_kind kind = CHUNK_COMMIT;
        TRY(check_value(operation, change));
        if (!dits_oid_is_zero(&change->after))
            TRY(check_target(operation, change, &kind));
    }
    return NULL;
}

static dits_error *in_the_way(const char *name, const char *other)
{
    return error_hint(error_new(DITS_E_EXISTS, "'%s' stands in the way of '%s'",
                                ref_name_short(other), ref_name_short(name)),
                      "A name cannot be a folder of other names as well: "
                      "rename one of the two.");
}

static dits_error *find_name(struct db *db, const char *sql,
                             const struct db_value *args, const char *name)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    TRY(db_query(db, sql, args, &rows));
    TRY(db_next(rows, &found));
    const char *other = found ? db_column_text(rows, 0) : NULL;
    return found ? in_the_way(name, other != NULL ? other : "?") : NULL;
}

/* "a" and "a/b" cannot both be: they would be a file and a folder. */
static dits_error *check_folders(struct db *db, const char *name)
{
    CLEANUP(text_free) char *parent = NULL;
    CLEANUP(buf_release) struct buf below = {0};
    CLEANUP(buf_release) struct buf end = {0};
    TRY(text_copy(name, &parent));
    for (char *slash = strrchr(parent, '/'); slash != NULL;
         slash = strrchr(parent, '/')) {
        *slash = '\0';
        TRY(find_name(db, "SELECT name FROM refs WHERE name = ?",
                      DB_ARGS(db_text(parent)), name));
    }
    TRY(buf_printf(&below, "%s/", name));
    TRY(buf_printf(&end, "%s0", name)); /* '0' follows '/' */
    return find_name(
        db,
        "SELECT name FROM refs WHERE name > ? AND name < ?"
        " LIMIT 1",
        DB_ARGS(db_text(buf_text(&below)), db_text(buf_text(&end))), name);
}

static struct db_value oid_value(const struct dits_oid *id)
{
    return db_blob(id->hash, OID_SIZE);
}

static dits_error *remove_ref(struct db *db, const struct ref_change *change)
{
    uint64_t changes = 0;
    TRY(db_run(db, "DELETE FROM refs WHERE name = ? AND id = ?",
               DB_ARGS(db_text(change->name), oid_value(&change->before)),
               &changes));
    return changes == 1 ? NULL : moved(change->name);
}

static dits_error *write_ref(struct operation *operation,
                             const struct ref_change *change)
{
    struct db *db = operation->repo->db;
    enum chunk_kind kind = CHUNK_COMMIT;
    uint64_t changes = 0;
    TRY(check_target(operation, change, &kind));
    if (dits_oid_is_zero(&change->before)) {
        TRY(check_folders(db, change->name));
        TRY(db_run(db,
                   "INSERT OR IGNORE INTO refs(name, id, kind)"
                   " VALUES (?, ?, ?)",
                   DB_ARGS(db_text(change->name), oid_value(&change->after),
                           db_int(kind)),
                   &changes));
    } else {
        TRY(db_run(db,
                   "UPDATE refs SET id = ?, kind = ? WHERE name = ? AND id = ?",
                   DB_ARGS(oid_value(&change->after), db_int(kind),
                           db_text(change->name), oid_value(&change->before)),
                   &changes));
    }
    return changes == 1 ? NULL : moved(change->name);
}

/* Removals first, so that "a" may become "a/b" in one operation. */
static dits_error *write_refs(struct operation *operation)
{
    for (size_t i = 0; i < operation->change_count; i++) {
        const struct ref_change *change = &operation->changes[i];
        if (dits_oid_is_zero(&change->after))
            TRY(remove_ref(operation->repo->db, change));
    }
    for (size_t i = 0; i < operation->change_count; i++) {
        const struct ref_change *change = &operation->changes[i];
        if (!dits_oid_is_zero(&change->after))
            TRY(write_ref(operation, change));
    }
    return NULL;
}

static bool is_current(const struct operation *operation, const char *name)
{
    return operation->head.branch != NULL &&
           strcmp(operation->head.branch, name) == 0;
}

/* What others see, too: not what is known of remotes, nor our own marks. */
static bool is_public(const char *name)
{
    return text_starts_with(name, REF_BRANCHES) ||
           text_starts_with(name, REF_TAGS) ||
           text_starts_with(name, REF_NOTES);
}

static dits_error *tell_refs(struct operation *operation,
                             const struct person *who)
{
    CLEANUP(text_free) char *user = NULL;
    TRY(identity_format(who, &user));
    for (size_t i = 0; i < operation->change_count; i++) {
        const struct ref_change *change = &operation->changes[i];
        const struct dits_event event = {.time = who->time,
                                         .ref = change->name,
                                         .before = change->before,
                                         .after = change->after,
                                         .user = user,
                                         .message = change->message};
        if (is_public(change->name))
            TRY(event_log_put(operation->repo, &event));
    }
    return NULL;
}

static dits_error *log_refs(struct operation *operation,
                            const struct person *who)
{
    for (size_t i = 0; i < operation->change_count; i++) {
        const struct ref_change *change = &operation->changes[i];
        struct operation_ref row = {.name = change->name,
                                    .before = change->before,
                                    .after = change->after};
        TRY(operation_row_insert_ref(operation->repo, operation->id, &row));
        if (!text_starts_with(change->name, REF_BRANCHES) &&
            !text_starts_with(change->name, REF_REMOTES))
            continue;
        if (operation->log_from != NULL &&
            strcmp(operation->log_from, change->name) == 0)
            continue; /* its log goes on under the new name */
        struct reflog_change entry = {change->name, &change->before,
                                      &change->after, change->message};
        TRY(reflog_append(operation->repo, operation->id, who, &entry));
        entry.ref = REF_HEAD;
        if (is_current(operation, change->name) && !operation->moves_head)
            TRY(reflog_append(operation->repo, operation->id, who, &entry));
    }
    return NULL;
}

static dits_error *update_head(dits_repo *repo, const char *branch,
                               const struct dits_oid *id)
{
    struct db_value value = branch == NULL ? oid_value(id) : db_null();
    if (repo->linked == 0)
        return db_run(repo->db,
                      "UPDATE head SET branch = ?, id = ? WHERE one = 1",
                      DB_ARGS(db_text(branch), value), NULL);
    return db_run(
        repo->db, "UPDATE worktrees SET branch = ?, head = ? WHERE id = ?",
        DB_ARGS(db_text(branch), value, db_int((int64_t)repo->linked)), NULL);
}

/* HEAD moves after the refs did, so its new branch has its new value. */
static dits_error *write_head(struct operation *operation,
                              const struct person *who)
{
    dits_repo *repo = operation->repo;
    const struct refs_head *was = &operation->head;
    const char *branch = operation->head_branch;
    struct dits_oid after = operation->head_id;
    CLEANUP(buf_release) struct buf name = {0};
    bool found = false;
    if (!operation->moves_head)
        return NULL;
    TRY(update_head(repo, branch, &after));
    TRY(private_ref_name(repo, REF_HEAD, &name));
    if (branch != NULL)
        TRY(refs_read(repo, branch, &after, &found));

    struct operation_ref row = {.name = buf_text(&name),
                                .branch_before = was->branch,
                                .branch_after = branch,
                                .after = operation->head_id};
    if (was->branch == NULL)
        row.before = was->commit;
    TRY(operation_row_insert_ref(repo, operation->id, &row));
    struct reflog_change entry = {REF_HEAD, &was->commit, &after,
                                  operation->head_message};
    return reflog_append(repo, operation->id, who, &entry);
}

/* What a row says from the beginning. */
static dits_error *start_row(const struct operation *operation,
                             const struct person *who,
                             struct operation_row *row)
{
    row->id = operation->id;
    row->worktree = operation->repo->linked;
    row->owner = operation->owner;
    row->time = who->time;
    row->index_before = operation->index_before;
    TRY(identity_format(who, &row->user));
    TRY(text_copy(operation->kind, &row->kind));
    return text_copy(operation->repo->command_line, &row->command);
}

static dits_error *write_row(struct operation *operation,
                             const struct person *who)
{
    CLEANUP(operation_row_release) struct operation_row row = {0};
    TRY(start_row(operation, who, &row));
    row.undoes = operation->undoes;
    row.index_after = operation->index_after;
    row.tree_before = operation->tree_before;
    row.tree_after = operation->tree_after;
    if (operation->is_announced)
        TRY(operation_row_remove(operation->repo, operation->id));
    TRY(text_copy_optional(operation->log_from, &row.log_from));
    TRY(text_copy_optional(operation->log_to, &row.log_to));

    if (operation->is_ahead)
        return operation_row_insert(operation->repo, &row);
    if (operation->undoes == 0)
        TRY(operation_row_bury(operation->repo, operation->owner));
    else
        TRY(operation_row_set_state(operation->repo, operation->undoes,
                                    operation->again ? OPERATION_DONE
                                                     : OPERATION_UNDONE,
                                    operation->again ? 0 : operation->id));
    return operation_row_insert(operation->repo, &row);
}

/* Every HEAD on it follows, whatever work tree it is of. */
static dits_error *rename_branch(dits_repo *repo, const char *from,
                                 const char *to)
{
    TRY(db_run(repo->db, "UPDATE head SET branch = ? WHERE branch = ?",
               DB_ARGS(db_text(to), db_text(from)), NULL));
    TRY(db_run(repo->db, "UPDATE worktrees SET branch = ? WHERE branch = ?",
               DB_ARGS(db_text(to), db_text(from)), NULL));
    return reflog_move(repo, from, to);
}

static dits_error *answer_request(const struct operation *operation)
{
    if (operation->request == NULL)
        return NULL;
    return request_keep(operation->repo, operation->request, operation->answer);
}

static dits_error *write_all(struct operation *operation,
                             const struct person *who)
{
    dits_repo *repo = operation->repo;
    TRY(operation_life_begin(repo, operation->id, &operation->life));
    TRY(write_refs(operation));
    if (operation->log_from != NULL)
        TRY(rename_branch(repo, operation->log_from, operation->log_to));
    TRY(log_refs(operation, who));
    TRY(tell_refs(operation, who));
    TRY(write_head(operation, who));
    TRY(operation_life_end(repo, &operation->life));
    if (operation->sparse.before != NULL)
        TRY(operation_sparse_insert(repo, operation->id, &operation->sparse));
    TRY(answer_request(operation));
    return write_row(operation, who);
}

dits_error *operation_announce(struct operation *operation,
                               const struct dits_oid *before,
                               const struct dits_oid *after)
{
    CLEANUP(person_release) struct person who = {0};
    CLEANUP(operation_row_release) struct operation_row row = {0};
    TRY(identity_find_any(operation->repo, &who));
    TRY(start_row(operation, &who, &row));
    row.index_after = operation->index_before;
    row.tree_before = *before;
    row.tree_after = *after;
    TRY(operation_row_insert(operation->repo, &row));
    operation->is_announced = true;
    return NULL;
}

dits_error *operation_withdraw(struct operation *operation)
{
    if (!operation->is_announced)
        return NULL;
    TRY(operation_row_remove(operation->repo, operation->id));
    operation->is_announced = false;
    return NULL;
}

/* What the backup of refs shall know: never a reason to fail. */
static void back_up(struct operation *operation)
{
    dits_error *err = refs_backup_append(operation);
    if (err != NULL)
        log_warn(operation->repo->context,
                 "the backup of refs could not be written: %s",
                 dits_error_message(err));
    dits_error_free(err);
}

dits_error *operation_publish(struct operation *operation)
{
    CLEANUP(person_release) struct person who = {0};
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    TRY(identity_find_any(operation->repo, &who));
    TRY(db_begin(operation->repo->db, &step));
    TRY(write_all(operation, &who));
    TRY(db_commit(&step));
    if (operation->change_count > 0 || operation->moves_head ||
        operation->log_from != NULL)
        back_up(operation);
    return NULL;
}
