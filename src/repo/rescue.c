#include "repo/rescue.h"

#include <dits/maintenance.h>

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "db/db.h"
#include "object/commit.h"
#include "repo/database.h"
#include "repo/identity.h"
#include "repo/index.h"
#include "repo/open.h"
#include "repo/operation_row.h"
#include "repo/ref_name.h"
#include "repo/refs_backup.h"
#include "repo/tiers.h"

#define DEFAULT_BRANCH REF_BRANCHES "main"
#define RECOVERED REF_BRANCHES "recovered/"

/*
 * Everything that the new database is made from stays as it is until the end,
 * and the old one is only put aside: a rescue that is cut off is done by the
 * next one.
 */
struct rescue {
    const dits_context *context;
    dits_repo *repo;
    struct fs_file lock;
    struct refs_backup backup;
    dits_fsck_fn *fn;
    void *payload;
    uint64_t refs;
};

static void rescue_release(struct rescue *rescue)
{
    dits_repo_free(rescue->repo);
    refs_backup_release(&rescue->backup);
    fs_close(&rescue->lock);
}

static dits_error *say(const struct rescue *rescue, enum dits_fsck_level level,
                       const char *fmt, ...) PRINTF_LIKE(3, 4);

static dits_error *say(const struct rescue *rescue, enum dits_fsck_level level,
                       const char *fmt, ...)
{
    CLEANUP(buf_release) struct buf what = {0};
    va_list args;
    va_start(args, fmt);
    dits_error *err = buf_vprintf(&what, fmt, args);
    va_end(args);
    TRY(err);
    struct dits_fsck_finding finding = {.level = level,
                                        .what = buf_text(&what)};
    return rescue->fn != NULL ? rescue->fn(&finding, rescue->payload) : NULL;
}

static dits_error *stop_at_first(const char *finding, void *payload)
{
    (void)payload;
    return error_new(DITS_E_CORRUPT, "%s", finding);
}

static dits_error *count_row(const struct operation_row *row, void *payload)
{
    (void)row;
    (void)payload;
    return NULL;
}

static dits_error *accept_ref(const char *name, const struct dits_oid *id,
                              void *payload)
{
    (void)name;
    (void)id;
    (void)payload;
    return NULL;
}

static dits_error *accept_linked(const struct linked *linked, void *payload)
{
    (void)linked;
    (void)payload;
    return NULL;
}

/* Reads all that commands rely on. */
static dits_error *try_database(dits_repo *repo)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    TRY(database_open(repo->dits_dir, DB_EXISTING, &repo->db));
    TRY(db_check(repo->db, stop_at_first, NULL));
    TRY(refs_head_read(repo, &head));
    TRY(refs_each(repo, "", accept_ref, NULL));
    TRY(linked_each(repo, accept_linked, NULL));
    return operation_row_each(repo, count_row, NULL);
}

static dits_error *is_damaged(struct rescue *rescue, bool *out)
{
    dits_error *err = try_database(rescue->repo);
    *out = err != NULL && (dits_error_code(err) == DITS_E_CORRUPT ||
                           dits_error_code(err) == DITS_E_NOT_FOUND);
    if (err != NULL && !*out)
        return err;
    if (err != NULL)
        log_warn(rescue->context, "%s", dits_error_message(err));
    dits_error_free(err);
    return NULL;
}

/* The log and the shared memory belong to it and go along. */
static dits_error *put_aside(struct rescue *rescue)
{
    static const char *const ends[] = {"-wal", "-shm", ""};
    const char *folder = rescue->repo->dits_dir;
    db_closep(&rescue->repo->db);
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        CLEANUP(buf_release) struct buf from = {0};
        CLEANUP(buf_release) struct buf to = {0};
        TRY(buf_printf(&from, "%s/meta.db%s", folder, ends[i]));
        TRY(buf_printf(&to, "%s/meta.db.damaged-%" PRId64 "%s", folder,
                       context_now(rescue->context), ends[i]));
        if (fs_exists(buf_text(&from)))
            TRY(fs_rename(buf_text(&from), buf_text(&to)));
    }
    return fs_sync_dir(folder);
}

static dits_error *insert_ref(struct rescue *rescue, const char *name,
                              const struct dits_oid *id, enum chunk_kind kind)
{
    rescue->refs++;
    return db_run(
        rescue->repo->db,
        "INSERT OR REPLACE INTO refs(name, id, kind)"
        " VALUES (?, ?, ?)",
        DB_ARGS(db_text(name), db_blob(id->hash, OID_SIZE), db_int(kind)),
        NULL);
}

static dits_error *restore_ref(struct rescue *rescue,
                               const struct refs_backup_ref *ref)
{
    struct chunk_place place = {0};
    bool found = false;
    char hex[OID_HEX_SIZE] = "";
    bool is_tag = text_starts_with(ref->name, REF_TAGS);
    dits_oid_hex(&ref->id, hex);
    TRY(store_find(rescue->repo->store, &ref->id, &found, &place));
    if (!found ||
        (place.kind != CHUNK_COMMIT && !(is_tag && place.kind == CHUNK_TAG)))
        return say(rescue, DITS_FSCK_DAMAGE,
                   "'%s' led to %.12s, which is not stored",
                   ref_name_short(ref->name), hex);
    TRY(insert_ref(rescue, ref->name, &ref->id, place.kind));
    return say(rescue, DITS_FSCK_REPAIRED, "'%s' leads to %.12s",
               ref_name_short(ref->name), hex);
}

/* Without a copy of the refs, the newest line of commits becomes "main". */
static dits_error *restore_tips(struct rescue *rescue)
{
    CLEANUP(rescue_tips_release) struct rescue_tips tips = {0};
    bool needs_main = rescue->refs == 0;
    TRY(rescue_tips_find(rescue->repo, &tips));
    for (size_t i = 0; i < tips.count; i++) {
        CLEANUP(buf_release) struct buf name = {0};
        char hex[OID_HEX_SIZE] = "";
        dits_oid_hex(&tips.tips[i].id, hex);
        if (needs_main && i == 0)
            TRY(buf_put_text(&name, DEFAULT_BRANCH));
        else
            TRY(buf_printf(&name, RECOVERED "%.12s", hex));
        TRY(insert_ref(rescue, buf_text(&name), &tips.tips[i].id,
                       CHUNK_COMMIT));
        TRY(say(rescue, DITS_FSCK_REPAIRED,
                "commits up to %.12s are now branch '%s'", hex,
                ref_name_short(buf_text(&name))));
    }
    return NULL;
}

static dits_error *restore_head(struct rescue *rescue)
{
    const struct refs_backup *backup = &rescue->backup;
    bool found = false;
    if (backup->has_head && backup->head_branch == NULL)
        TRY(store_find(rescue->repo->store, &backup->head_id, &found, NULL));
    const char *branch = backup->has_head && backup->head_branch != NULL
                             ? backup->head_branch
                             : DEFAULT_BRANCH;
    return db_run(
        rescue->repo->db,
        "INSERT OR REPLACE INTO head(one, branch, id)"
        " VALUES (1, ?, ?)",
        DB_ARGS(found ? db_null() : db_text(branch),
                found ? db_blob(backup->head_id.hash, OID_SIZE) : db_null()),
        NULL);
}

/* Which HEAD it had is not always known. */
static dits_error *restore_linked(struct rescue *rescue,
                                  const struct linked *linked)
{
    bool found = false;
    if (linked->branch == NULL && !dits_oid_is_zero(&linked->head))
        TRY(store_find(rescue->repo->store, &linked->head, &found, NULL));
    const char *branch = linked->branch != NULL ? linked->branch
                                                : DEFAULT_BRANCH;
    TRY(db_run(
        rescue->repo->db,
        "INSERT INTO worktrees(id, name, path, branch, head)"
        " VALUES (?, ?, ?, ?, ?)",
        DB_ARGS(db_int((int64_t)linked->id), db_text(linked->name),
                db_text(linked->path), found ? db_null() : db_text(branch),
                found ? db_blob(linked->head.hash, OID_SIZE) : db_null()),
        NULL));
    return say(rescue, DITS_FSCK_REPAIRED, "work tree '%s' lies at '%s'",
               linked->name, linked->path);
}

/* The tree of what is staged, and the number of an operation after it. */
static dits_error *store_staged(dits_repo *repo, struct operation_row *out)
{
    CLEANUP(index_freep) struct index *index = NULL;
    CLEANUP(store_writer_freep) struct store_writer *writer = NULL;
    TRY(index_open(repo, &index));
    TRY(store_writer_begin(repo->store, &writer));
    TRY(index_write_tree(index, writer, &out->index_after));
    out->id = index_operation(index) + 1;
    return store_writer_commit(writer);
}

/*
 * The newest operation says what is staged (repo/operation.h): without one the
 * index would be taken for a leftover. It is no operation that can be undone.
 */
static dits_error *restore_staged(dits_repo *repo, void *payload)
{
    CLEANUP(person_release) struct person who = {0};
    CLEANUP(operation_row_release) struct operation_row row = {0};
    uint64_t *last = payload;
    TRY(store_staged(repo, &row));
    row.id = row.id > *last ? row.id : *last + 1;
    *last = row.id;
    row.worktree = repo->linked;
    row.owner = repo->linked;
    TRY(identity_find_any(repo, &who));
    row.time = who.time;
    row.index_before = row.index_after;
    TRY(identity_format(&who, &row.user));
    TRY(text_copy("repair", &row.kind));
    TRY(text_copy(repo->command_line, &row.command));
    TRY(operation_row_insert(repo, &row));
    return operation_row_set_state(repo, row.id, OPERATION_BURIED, 0);
}

static dits_error *fill(struct rescue *rescue)
{
    CLEANUP(db_transaction_end) struct db_transaction step = {0};
    uint64_t last = 0;
    TRY(db_begin(rescue->repo->db, &step));
    for (size_t i = 0; i < rescue->backup.count; i++)
        TRY(restore_ref(rescue, &rescue->backup.refs[i]));
    TRY(restore_tips(rescue));
    TRY(restore_head(rescue));
    for (size_t i = 0; i < rescue->backup.linked_count; i++)
        if (rescue->backup.linked[i].id != 0)
            TRY(restore_linked(rescue, &rescue->backup.linked[i]));
    TRY(linked_each_view(rescue->repo, restore_staged, &last));
    return db_commit(&step);
}

/* Before the refs: without those the database counts as damaged still. */
static dits_error *adopt_packs(struct rescue *rescue)
{
    uint64_t count = 0;
    TRY(tiers_adopt(rescue->repo, &count));
    if (count == 0)
        return NULL;
    return say(rescue, DITS_FSCK_REPAIRED,
               "%" PRIu64 " packs were found in tiers", count);
}

static dits_error *make_anew(struct rescue *rescue)
{
    dits_repo *repo = rescue->repo;
    TRY(refs_backup_load(repo->dits_dir, &rescue->backup));
    TRY(put_aside(rescue));
    TRY(database_open(repo->dits_dir, DB_CREATE, &repo->db));
    TRY(adopt_packs(rescue));
    TRY(fill(rescue));
    return say(rescue, DITS_FSCK_REPAIRED,
               "meta.db was damaged and is made anew: the old one is kept as "
               "meta.db.damaged-…");
}

/* Also where `top` is that of a linked work tree. */
static dits_error *open_main(const dits_context *context, const char *top,
                             dits_repo **out)
{
    CLEANUP(open_freep) dits_repo *repo = NULL;
    CLEANUP(text_free) char *main = NULL;
    TRY(open_without_database(context, top, "", &repo));
    if (repo->linked_name != NULL) {
        TRY(linked_main_path(repo, &main));
        open_freep(&repo);
        TRY(open_without_database(context, main, "", &repo));
    }
    *out = MOVE(repo);
    return NULL;
}

dits_error *dits_repo_rescue(const dits_context *context, const char *path,
                             dits_fsck_fn *fn, void *payload, bool *out_rescued)
{
    CLEANUP(text_free) char *absolute = NULL;
    CLEANUP(text_free) char *top = NULL;
    CLEANUP(rescue_release)
    struct rescue rescue = {.context = context, .fn = fn, .payload = payload};
    bool damaged = false;
    TRY(open_find_top(path, &absolute, &top));
    TRY(open_main(context, top, &rescue.repo));
    TRY(tiers_locate(rescue.repo));
    TRY(repo_lock_work(rescue.repo, &rescue.lock));
    TRY(is_damaged(&rescue, &damaged));
    if (damaged)
        TRY_CONTEXT(make_anew(&rescue), "cannot rescue the repository in '%s'",
                    top);
    if (out_rescued != NULL)
        *out_rescued = damaged;
    return NULL;
}
