#include "repo/refs_backup.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/link_file.h"
#include "repo/operation_internal.h"
#include "repo/ref_name.h"

#define FILE_NAME "refs.backup"
#define MAX_BYTES ((size_t)256 * 1024 * 1024)

enum {
    SUM_DIGITS = 16,
    LINE_BYTES = 160, /* of a usual line, when judging the file's length */
    SPARE_LINES = 2000,
};

/* "<checksum> <text>\n" */
static dits_error *put_line(struct buf *out, const char *text)
{
    return buf_printf(out, "%016" PRIx64 " %s\n",
                      hash_checksum(text, strlen(text)), text);
}

static dits_error *put_ref(struct buf *out, const char *name,
                           const struct dits_oid *id)
{
    CLEANUP(buf_release) struct buf text = {0};
    char hex[OID_HEX_SIZE] = "-";
    if (!dits_oid_is_zero(id))
        dits_oid_hex(id, hex);
    TRY(buf_printf(&text, "ref %s %s", name, hex));
    return put_line(out, buf_text(&text));
}

static dits_error *put_head(struct buf *out, const char *branch,
                            const struct dits_oid *id)
{
    CLEANUP(buf_release) struct buf text = {0};
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(id, hex);
    TRY(branch != NULL ? buf_printf(&text, "head branch %s", branch)
                       : buf_printf(&text, "head commit %s", hex));
    return put_line(out, buf_text(&text));
}

static dits_error *put_linked_head(struct buf *out, uint64_t id,
                                   const char *branch,
                                   const struct dits_oid *commit)
{
    CLEANUP(buf_release) struct buf text = {0};
    char hex[OID_HEX_SIZE] = "";
    dits_oid_hex(commit, hex);
    TRY(buf_printf(&text, "head-of %" PRIu64 " %s %s", id,
                   branch != NULL ? "branch" : "commit",
                   branch != NULL ? branch : hex));
    return put_line(out, buf_text(&text));
}

/* The path is the rest of the line: blanks may be in it. */
static dits_error *put_linked(struct buf *out, uint64_t id, const char *name,
                              const char *path)
{
    CLEANUP(buf_release) struct buf text = {0};
    TRY(buf_printf(&text, "worktree %" PRIu64 " %s%s%s", id, name,
                   path != NULL ? " " : "", path != NULL ? path : ""));
    return put_line(out, buf_text(&text));
}

static dits_error *add_ref(const char *name, const struct dits_oid *id,
                           void *payload)
{
    return put_ref(payload, name, id);
}

static dits_error *count_ref(const char *name, const struct dits_oid *id,
                             void *payload)
{
    (void)name;
    (void)id;
    ++*(uint64_t *)payload;
    return NULL;
}

static dits_error *add_work_tree(dits_repo *view, void *payload)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    TRY(refs_head_read(view, &head));
    if (view->linked == 0)
        return put_head(payload, head.branch, &head.commit);
    TRY(put_linked(payload, view->linked, view->linked_name, view->work_dir));
    return put_linked_head(payload, view->linked, head.branch, &head.commit);
}

/* Everything anew. Synced, unlike what is appended: it is rare. */
static dits_error *write_snapshot(dits_repo *repo, const char *path)
{
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(buf_release) struct buf first = {0};
    uint64_t count = 0;
    TRY(refs_each(repo, "", count_ref, &count));
    TRY(buf_printf(&first, "snapshot %" PRIu64, count));
    TRY(put_line(&text, buf_text(&first)));
    TRY(refs_each(repo, "", add_ref, &text));
    TRY(linked_each_view(repo, add_work_tree, &text));
    return fs_replace(path, text.data, text.size);
}

/* How long the file may grow, from the count in its first line. */
static uint64_t length_limit(const char *start)
{
    static const char word[] = " snapshot ";
    char digits[24] = "";
    uint64_t count = 0;
    if (strlen(start) < SUM_DIGITS ||
        !text_starts_with(start + SUM_DIGITS, word))
        return 0;
    const char *at = start + SUM_DIGITS + sizeof(word) - 1;
    size_t length = strcspn(at, "\n");
    if (length >= sizeof(digits))
        return 0;
    memcpy(digits, at, length);
    if (!text_to_u64(digits, &count) || count >= MAX_BYTES)
        return 0;
    return (SPARE_LINES + 2 * count) * LINE_BYTES;
}

/* Whether the file is there, in order and not too long; `*out_size` its end. */
static dits_error *look_at(const struct fs_file *file, uint64_t *out_size,
                           bool *out_usable, bool *out_torn)
{
    struct fs_stat stat = {0};
    char start[64] = {0};
    char last = '\n';
    size_t got = 0;
    TRY(fs_stat_file(file, &stat));
    TRY(fs_read_some(file, 0, sizeof(start) - 1, start, &got));
    if (stat.size > 0)
        TRY(fs_read_some(file, stat.size - 1, 1, &last, &got));
    *out_size = stat.size;
    *out_usable = stat.size > 0 && stat.size < length_limit(start);
    *out_torn = last != '\n';
    return NULL;
}

/* HEAD, and whether there is a work tree for it. */
static dits_error *put_place(struct buf *out, const struct operation *operation)
{
    const dits_repo *repo = operation->repo;
    const struct operation_life *life = &operation->life;
    if (repo->linked == 0 && operation->moves_head)
        return put_head(out, operation->head_branch, &operation->head_id);
    if (repo->linked != 0 && life->name != NULL && !life->is_made)
        return put_linked(out, repo->linked, "-", NULL);
    if (life->name != NULL)
        TRY(put_linked(out, repo->linked, life->name, life->path));
    return operation->moves_head
               ? put_linked_head(out, repo->linked, operation->head_branch,
                                 &operation->head_id)
               : NULL;
}

static dits_error *put_changes(struct buf *out,
                               const struct operation *operation)
{
    for (size_t i = 0; i < operation->change_count; i++)
        TRY(put_ref(out, operation->changes[i].name,
                    &operation->changes[i].after));
    return put_place(out, operation);
}

dits_error *refs_backup_append(const struct operation *operation)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(fs_close) struct fs_file file = {0};
    CLEANUP(buf_release) struct buf text = {0};
    uint64_t size = 0;
    bool usable = false;
    bool torn = false;
    TRY(fs_join(operation->repo->dits_dir, FILE_NAME, &path));
    TRY(fs_open(path, FS_WRITE, &file));
    TRY(look_at(&file, &size, &usable, &torn));
    /* Of a branch that is renamed there may be many HEADs. */
    if (!usable || operation->log_from != NULL)
        return write_snapshot(operation->repo, path);
    if (torn) /* by a crash: what follows starts a line of its own */
        TRY(buf_put_u8(&text, '\n'));
    TRY(put_changes(&text, operation));
    return fs_write_at(&file, size, text.data, text.size);
}

void refs_backup_release(struct refs_backup *backup)
{
    for (size_t i = 0; i < backup->count; i++)
        mem_free(backup->refs[i].name);
    for (size_t i = 0; i < backup->linked_count; i++)
        linked_release(&backup->linked[i]);
    mem_free(backup->linked);
    mem_free(backup->refs);
    mem_free(backup->head_branch);
    *backup = (struct refs_backup){0};
}

/* Index of the first ref whose name does not sort before `name`. */
static size_t lower_bound(const struct refs_backup *backup, const char *name)
{
    size_t low = 0;
    size_t high = backup->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(backup->refs[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static dits_error *insert(struct refs_backup *backup, size_t at,
                          const char *name, const struct dits_oid *id)
{
    struct refs_backup_ref *refs = array_grown(
        backup->refs, backup->count, &backup->capacity, sizeof(*refs));
    if (refs == NULL)
        return error_nomem();
    backup->refs = refs;
    char *copy = NULL;
    TRY(text_copy(name, &copy));
    memmove(&backup->refs[at + 1], &backup->refs[at],
            (backup->count - at) * sizeof(backup->refs[0]));
    backup->refs[at] = (struct refs_backup_ref){.name = copy, .id = *id};
    backup->count++;
    return NULL;
}

static void remove_at(struct refs_backup *backup, size_t at)
{
    mem_free(backup->refs[at].name);
    backup->count--;
    memmove(&backup->refs[at], &backup->refs[at + 1],
            (backup->count - at) * sizeof(backup->refs[0]));
}

/* The last line about a ref wins. `hex` "-": it was removed. */
static dits_error *take_ref(struct refs_backup *backup, const char *name,
                            const char *hex)
{
    struct dits_oid id = {0};
    bool removed = strcmp(hex, "-") == 0;
    if (!ref_name_is_full(name) || (!removed && !oid_parse(hex, &id))) {
        backup->is_cut = true;
        return NULL;
    }
    size_t at = lower_bound(backup, name);
    bool known = at < backup->count && strcmp(backup->refs[at].name, name) == 0;
    if (known && removed)
        remove_at(backup, at);
    else if (known)
        backup->refs[at].id = id;
    else if (!removed)
        return insert(backup, at, name, &id);
    return NULL;
}

static dits_error *take_head(struct refs_backup *backup, const char *kind,
                             const char *value)
{
    struct dits_oid id = {0};
    char *branch = NULL;
    bool is_branch = strcmp(kind, "branch") == 0;
    if (is_branch ? !ref_name_is_full(value) : !oid_parse(value, &id)) {
        backup->is_cut = true;
        return NULL;
    }
    if (is_branch)
        TRY(text_copy(value, &branch));
    mem_free(backup->head_branch);
    backup->head_branch = branch;
    backup->head_id = id;
    backup->has_head = true;
    return NULL;
}

/* NULL: there is none. */
static struct linked *find_linked(const struct refs_backup *backup, uint64_t id)
{
    for (size_t at = 0; at < backup->linked_count; at++)
        if (backup->linked[at].id == id)
            return &backup->linked[at];
    return NULL;
}

/* The power may have taken a line with it: that one of this name had ended. */
static void forget_linked(struct refs_backup *backup, uint64_t id,
                          const char *name)
{
    for (size_t at = 0; at < backup->linked_count; at++) {
        struct linked *known = &backup->linked[at];
        if (known->id == id ||
            (known->id != 0 && strcmp(known->name, name) == 0))
            linked_release(known); /* its place stays empty */
    }
}

static dits_error *add_linked(struct refs_backup *backup, uint64_t id,
                              const char *name, const char *path)
{
    CLEANUP(linked_release) struct linked linked = {.id = id};
    TRY(text_copy(name, &linked.name));
    TRY(text_copy(path, &linked.path));
    struct linked *items = array_grown(backup->linked, backup->linked_count,
                                       &backup->linked_capacity,
                                       sizeof(*items));
    if (items == NULL)
        return error_nomem();
    backup->linked = items;
    backup->linked[backup->linked_count++] = MOVE(linked);
    return NULL;
}

/* "worktree ID NAME PATH", or with the name "-" that there is none any more. */
static dits_error *take_linked(struct refs_backup *backup, const char *number,
                               const char *name, const char *path)
{
    uint64_t id = 0;
    bool removed = strcmp(name, "-") == 0;
    if (!text_to_u64(number, &id) || id == 0 || id > INT64_MAX ||
        (!removed && (!link_file_name_is_valid(name) || path[0] != '/'))) {
        backup->is_cut = true;
        return NULL;
    }
    forget_linked(backup, id, name);
    return removed ? NULL : add_linked(backup, id, name, path);
}

/* "head-of ID KIND VALUE" */
static dits_error *take_linked_head(struct refs_backup *backup,
                                    const char *number, const char *kind,
                                    const char *value)
{
    uint64_t id = 0;
    struct dits_oid commit = {0};
    char *branch = NULL;
    bool is_branch = strcmp(kind, "branch") == 0;
    struct linked *known = text_to_u64(number, &id) ? find_linked(backup, id)
                                                    : NULL;
    if (known == NULL ||
        (is_branch ? !ref_name_is_full(value) : !oid_parse(value, &commit))) {
        backup->is_cut = true;
        return NULL;
    }
    if (is_branch)
        TRY(text_copy(value, &branch));
    mem_free(known->branch);
    known->branch = branch;
    known->head = commit;
    return NULL;
}

/* `line` ends in a NUL and is taken apart in place. */
static dits_error *take_line(struct refs_backup *backup, char *line)
{
    char sum[SUM_DIGITS + 1] = "";
    char *text = line + SUM_DIGITS + 1;
    if (line[0] == '\0')
        return NULL;
    if (strlen(line) > SUM_DIGITS)
        (void)snprintf(sum, sizeof(sum), "%016" PRIx64,
                       hash_checksum(text, strlen(text)));
    if (sum[0] == '\0' || strncmp(line, sum, SUM_DIGITS) != 0) {
        backup->is_cut = true;
        return NULL;
    }
    char *rest = NULL;
    const char *word = strtok_r(text, " ", &rest);
    const char *first = strtok_r(NULL, " ", &rest);
    const char *second = strtok_r(NULL, " ", &rest);
    if (word == NULL || first == NULL || second == NULL)
        return NULL; /* "snapshot N" */
    if (strcmp(word, "worktree") == 0)
        return take_linked(backup, first, second, rest != NULL ? rest : "");
    if (strcmp(word, "head-of") == 0)
        return take_linked_head(backup, first, second,
                                rest != NULL ? rest : "");
    return strcmp(word, "head") == 0 ? take_head(backup, first, second)
                                     : take_ref(backup, first, second);
}

dits_error *refs_backup_load(const char *folder, struct refs_backup *out)
{
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(refs_backup_release) struct refs_backup backup = {0};
    TRY(fs_join(folder, FILE_NAME, &path));
    dits_error *err = fs_read_all(path, MAX_BYTES, &text);
    if (err != NULL && dits_error_code(err) == DITS_E_NOT_FOUND) {
        dits_error_free(err); /* no copy is an empty one */
        return NULL;
    }
    TRY(err);
    char *line = (char *)text.data;
    char *end = line + text.size;
    while (line < end) {
        char *newline = memchr(line, '\n', (size_t)(end - line));
        if (newline == NULL)
            newline = end;
        *newline = '\0';
        TRY(take_line(&backup, line));
        line = newline + 1;
    }
    *out = MOVE(backup);
    return NULL;
}
