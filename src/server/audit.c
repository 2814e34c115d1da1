#include "server/audit.h"

#include <inttypes.h>
#include <string.h>

#include "base/fs.h"
#include "base/hash.h"
#include "base/text.h"

enum { HEAD_MAX = 128 };

#define COLUMNS                                                              \
    "SELECT number, time, account, name, token, action, resource, allowed, " \
    "reason, request, address, hash FROM audit "

/* NULL is 0, and each text its length + 1, so that no two rows are one. */
static dits_error *put_text(struct buf *out, const char *text)
{
    if (text == NULL)
        return buf_put_varint(out, 0);
    size_t length = strlen(text);
    TRY(buf_put_varint(out, length + 1));
    return buf_put(out, text, length);
}

static dits_error *put_row(struct buf *out, const struct audit_entry *entry)
{
    const char *const texts[] = {entry->action, entry->resource};
    const char *const more[] = {entry->reason, entry->request, entry->address};
    TRY(buf_put_le64(out, (uint64_t)entry->number));
    TRY(buf_put_le64(out, (uint64_t)entry->time));
    TRY(buf_put(out, entry->account.bytes, sizeof(entry->account.bytes)));
    TRY(put_text(out, entry->name));
    TRY(buf_put(out, entry->token.bytes, sizeof(entry->token.bytes)));
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        TRY(put_text(out, texts[i]));
    TRY(buf_put_u8(out, entry->allowed));
    for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++)
        TRY(put_text(out, more[i]));
    return NULL;
}

static dits_error *hash_row(const struct dits_oid *before,
                            const struct audit_entry *entry,
                            struct dits_oid *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct hash hash;
    TRY(buf_put(&bytes, before->hash, sizeof(before->hash)));
    TRY(put_row(&bytes, entry));
    hash_begin_derived(&hash, "dits 2026-12-01 row of the audit log");
    hash_update(&hash, bytes.data, bytes.size);
    hash_finish(&hash, out);
    return NULL;
}

static void read_row(struct db_rows *rows, struct audit_entry *out,
                     struct dits_oid *out_hash)
{
    *out = (struct audit_entry){
        .number = db_column_int(rows, 0),
        .time = db_column_int(rows, 1),
        .name = db_column_text(rows, 3),
        .action = db_column_text(rows, 5),
        .resource = db_column_text(rows, 6),
        .allowed = db_column_int(rows, 7) == 1,
        .reason = db_column_text(rows, 8),
        .request = db_column_text(rows, 9),
        .address = db_column_text(rows, 10),
    };
    server_id_column(rows, 2, &out->account);
    server_id_column(rows, 4, &out->token);
    if (!db_column_blob(rows, 11, out_hash->hash, sizeof(out_hash->hash)))
        *out_hash = (struct dits_oid){{0}};
}

/* Row `number`, or with 0 the last; the zero value: there is none. */
static dits_error *read_head(struct db *db, int64_t number,
                             struct audit_head *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool found = false;
    *out = (struct audit_head){0};
    TRY(number == 0 ? db_query(db, COLUMNS "ORDER BY number DESC LIMIT 1",
                               DB_NO_ARGS, &rows)
                    : db_query(db, COLUMNS "WHERE number = ?",
                               DB_ARGS(db_int(number)), &rows));
    TRY(db_next(rows, &found));
    if (!found)
        return NULL;
    struct audit_entry entry = {0};
    read_row(rows, &entry, &out->hash);
    out->number = entry.number;
    return NULL;
}

dits_error *audit_append(struct db *db, const struct audit_entry *entry)
{
    struct audit_head last = {0};
    struct audit_entry row = *entry;
    struct dits_oid hash = {{0}};
    TRY(read_head(db, 0, &last));
    row.number = last.number + 1;
    TRY(hash_row(&last.hash, &row, &hash));
    return db_run(
        db, "INSERT INTO audit VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        DB_ARGS(db_int(row.number), db_int(row.time),
                server_id_value(&row.account), db_text(row.name),
                server_id_value(&row.token), db_text(row.action),
                db_text(row.resource), db_int(row.allowed), db_text(row.reason),
                db_text(row.request), db_text(row.address),
                db_blob(hash.hash, sizeof(hash.hash))),
        NULL);
}

bool audit_head_parse(const char *text, struct audit_head *out)
{
    char number[21] = {0};
    uint64_t value = 0;
    size_t digits = strcspn(text, ":");
    if (digits >= sizeof(number) || text[digits] != ':')
        return false;
    memcpy(number, text, digits);
    if (!text_to_u64(number, &value) || value > INT64_MAX ||
        !oid_parse(text + digits + 1, &out->hash))
        return false;
    out->number = (int64_t)value;
    return true;
}

/* The file; the zero value where there is none. */
static dits_error *load_head(const char *path, struct audit_head *out)
{
    CLEANUP(buf_release) struct buf text = {0};
    *out = (struct audit_head){0};
    dits_error *err = fs_read_all(path, HEAD_MAX, &text);
    if (err != NULL && dits_error_code(err) == DITS_E_NOT_FOUND) {
        dits_error_free(err);
        return NULL;
    }
    TRY(err);
    if (text.size == 0 || text.data[text.size - 1] != '\n')
        return error_new(DITS_E_CORRUPT, "'%s' is damaged", path);
    text.data[text.size - 1] = '\0';
    return audit_head_parse(buf_text(&text), out)
               ? NULL
               : error_new(DITS_E_CORRUPT, "'%s' is damaged", path);
}

static dits_error *save_head(const char *path, const struct audit_head *head)
{
    CLEANUP(buf_release) struct buf text = {0};
    char hex[OID_HEX_SIZE] = {0};
    dits_oid_hex(&head->hash, hex);
    TRY(buf_printf(&text, "%" PRId64 ":%s\n", head->number, hex));
    return fs_replace(path, text.data, text.size);
}

/* Whether the log has the row that `head` says. */
static dits_error *holds(struct db *db, const struct audit_head *head,
                         bool *out)
{
    struct audit_head row = {0};
    *out = true;
    if (head->number == 0)
        return NULL;
    TRY(read_head(db, head->number, &row));
    *out = row.number == head->number &&
           oid_compare(&row.hash, &head->hash) == 0;
    return NULL;
}

dits_error *audit_seal(struct db *db, const char *folder)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(text_free) char *lock_path = NULL;
    CLEANUP(fs_close) struct fs_file lock = {0};
    struct audit_head sealed = {0};
    struct audit_head last = {0};
    bool is_held = false;
    TRY(fs_join(folder, "audit.head", &path));
    TRY(fs_join(folder, "audit.lock", &lock_path));
    TRY(fs_lock(lock_path, FS_LOCK_EXCLUSIVE, DB_WAIT_MS, &lock));
    TRY(load_head(path, &sealed));
    TRY(holds(db, &sealed, &is_held));
    if (!is_held)
        return error_hint(error_new(DITS_E_CORRUPT,
                                    "the audit log is not the one that "
                                    "'audit.head' tells of"),
                          "See 'ditsd audit verify'.");
    TRY(read_head(db, 0, &last));
    return last.number > sealed.number ? save_head(path, &last) : NULL;
}

dits_error *audit_each(struct db *db, int64_t after, int64_t max, audit_fn *fn,
                       void *payload)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool more = false;
    TRY(db_query(db, COLUMNS "WHERE number > ? ORDER BY number LIMIT ?",
                 DB_ARGS(db_int(after), db_int(max)), &rows));
    TRY(db_next(rows, &more));
    while (more) {
        struct audit_entry entry = {0};
        struct dits_oid hash = {{0}};
        read_row(rows, &entry, &hash);
        TRY(fn(&entry, payload));
        TRY(db_next(rows, &more));
    }
    return NULL;
}

static void note_bad(struct audit_report *report, int64_t number,
                     const char *what)
{
    if (report->bad != 0 && report->bad <= number)
        return;
    report->bad = number;
    report->what = what;
}

/* Up to the first row that is not what it was, or the end. */
static dits_error *walk(struct db *db, struct audit_report *out)
{
    CLEANUP(db_rows_freep) struct db_rows *rows = NULL;
    bool more = false;
    TRY(db_query(db, COLUMNS "ORDER BY number", DB_NO_ARGS, &rows));
    TRY(db_next(rows, &more));
    while (more) {
        struct audit_entry entry = {0};
        struct dits_oid hash = {{0}};
        struct dits_oid wanted = {{0}};
        read_row(rows, &entry, &hash);
        if (entry.number != out->head.number + 1) {
            note_bad(out, out->head.number + 1, "is missing");
            return NULL;
        }
        TRY(hash_row(&out->head.hash, &entry, &wanted));
        if (oid_compare(&hash, &wanted) != 0) {
            note_bad(out, entry.number, "was changed");
            return NULL;
        }
        out->head = (struct audit_head){entry.number, hash};
        TRY(db_next(rows, &more));
    }
    return NULL;
}

static dits_error *compare(struct db *db, const struct audit_head *head,
                           struct audit_report *out)
{
    bool is_held = false;
    TRY(holds(db, head, &is_held));
    if (is_held)
        return NULL;
    bool is_cut = head->number > out->head.number;
    note_bad(out, is_cut ? out->head.number + 1 : head->number,
             is_cut ? "is missing" : "was changed");
    return NULL;
}

dits_error *audit_verify(struct db *db, const char *folder,
                         const struct audit_head *expected,
                         struct audit_report *out)
{
    CLEANUP(text_free) char *path = NULL;
    struct audit_head sealed = {0};
    *out = (struct audit_report){.bad = 0};
    TRY(fs_join(folder, "audit.head", &path));
    /* Before the rows: they only become more. */
    TRY(load_head(path, &sealed));
    TRY(walk(db, out));
    TRY(compare(db, &sealed, out));
    if (sealed.number == 0 && out->head.number > 0)
        note_bad(out, out->head.number + 1, "may be missing: no 'audit.head'");
    return expected != NULL ? compare(db, expected, out) : NULL;
}
