#include "repo/clone_place.h"

#include <string.h>

#include "base/array.h"
#include "base/dir.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/open.h"

#define RECORD "clone"
#define LOCK "clone.lock"

enum { MAX_BYTES = 1 << 20 };

void clone_place_release(struct clone_place *place)
{
    fs_close(&place->lock);
    mem_free(place->folder);
    mem_free(place->record);
    *place = (struct clone_place){0};
}

/* --- what is there --- */

struct finding {
    size_t others;  /* names that are not ours */
    bool has_dits;  /* of the folder */
    bool has_packs; /* of .dits/packs */
};

static dits_error *find_in_folder(const char *name, void *payload)
{
    struct finding *finding = payload;
    bool is_dits = strcmp(name, OPEN_FOLDER) == 0;
    finding->has_dits = finding->has_dits || is_dits;
    finding->others += is_dits ? 0 : 1;
    return NULL;
}

/* What a clone leaves that was killed before its record was there. */
static dits_error *find_in_dits(const char *name, void *payload)
{
    struct finding *finding = payload;
    finding->others += text_starts_with(name, RECORD ".") ? 0 : 1;
    return NULL;
}

static dits_error *find_pack(const char *name, void *payload)
{
    struct finding *finding = payload;
    finding->has_packs = finding->has_packs || text_ends_with(name, ".pack");
    return NULL;
}

static dits_error *in_use(const struct clone_place *place)
{
    return error_new(DITS_E_EXISTS,
                     "destination path '%s' already exists and is not an empty "
                     "directory",
                     place->path);
}

static bool is_as_good_as_empty(const struct clone_place *place)
{
    struct finding finding = {0};
    dits_error *err = fs_list(place->path, find_in_folder, &finding);
    if (err == NULL && finding.has_dits)
        err = fs_list(place->folder, find_in_dits, &finding);
    bool failed = err != NULL;
    dits_error_free(err); /* it is a file, or not ours to look at */
    return !failed && finding.others == 0;
}

static dits_error *of_another(const struct clone_place *place,
                              const struct clone_record *there,
                              const struct clone_record *wanted)
{
    bool is_other = strcmp(there->url, wanted->url) != 0;
    return error_hint(
        error_new(DITS_E_EXISTS,
                  is_other ? "'%s' holds a clone of '%s' that was cut off"
                           : "'%s' holds a clone of '%s' that was cut off, "
                             "and was begun with other options",
                  place->path, there->url),
        "Go on with it: give its address and options again. Or remove the "
        "folder.");
}

static dits_error *compare(struct clone_place *place,
                           struct clone_record *wanted)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(clone_record_release) struct clone_record there = {0};
    TRY(fs_read_all(place->record, MAX_BYTES, &bytes));
    dits_error *err = clone_record_decode(buf_slice(&bytes), &there);
    if (err != NULL)
        return error_hint(
            error_wrap(err, "cannot go on with the clone in '%s'", place->path),
            "Remove the folder, and clone again.");
    if (!clone_record_equal(&there, wanted))
        return of_another(place, &there, wanted);
    place->is_resumed = true;
    wanted->made_folder = there.made_folder;
    return NULL;
}

dits_error *clone_place_look(struct clone_place *place,
                             struct clone_record *wanted)
{
    if (place->folder == NULL) {
        TRY(fs_join(place->path, OPEN_FOLDER, &place->folder));
        TRY(fs_join(place->folder, RECORD, &place->record));
    }
    wanted->made_folder = !fs_exists(place->path);
    if (fs_exists(place->record))
        return compare(place, wanted);
    return wanted->made_folder || is_as_good_as_empty(place) ? NULL
                                                             : in_use(place);
}

/* --- taking it --- */

static dits_error *make_folder(const struct clone_place *place)
{
    TRY(fs_make_dirs(place->folder));
    return fs_sync_dir(place->path);
}

static dits_error *write_record(const struct clone_place *place,
                                const struct clone_record *record)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(clone_record_encode(record, &bytes));
    return fs_replace(place->record, bytes.data, bytes.size);
}

/* What another clone did until now is looked at under the lock. */
dits_error *clone_place_take(struct clone_place *place,
                             struct clone_record *wanted)
{
    CLEANUP(text_free) char *lock = NULL;
    bool made_folder = wanted->made_folder;
    TRY(make_folder(place));
    TRY(fs_join(place->folder, LOCK, &lock));
    dits_error *err = fs_lock(lock, FS_LOCK_EXCLUSIVE, 0, &place->lock);
    if (dits_error_has(err, DITS_E_LOCKED))
        return error_wrap(err, "another clone is made in '%s'", place->path);
    TRY(err);
    place->is_resumed = false;
    TRY(clone_place_look(place, wanted));
    if (place->is_resumed)
        return NULL;
    wanted->made_folder = made_folder;
    err = write_record(place, wanted);
    if (err != NULL)
        clone_place_leave(place, wanted);
    return err;
}

dits_error *clone_place_finish(struct clone_place *place)
{
    CLEANUP(text_free) char *lock = NULL;
    TRY(fs_join(place->folder, LOCK, &lock));
    TRY(fs_remove(place->record));
    TRY(fs_remove(lock));
    return fs_sync_dir(place->folder);
}

/* --- giving it up --- */

struct names {
    char **items;
    size_t count;
    size_t capacity;
};

static void names_release(struct names *names)
{
    for (size_t i = 0; i < names->count; i++)
        mem_free(names->items[i]);
    mem_free(names->items);
}

static dits_error *add_name(const char *name, enum fs_kind kind, void *payload)
{
    struct names *names = payload;
    (void)kind;
    char **items = array_grown(names->items, names->count, &names->capacity,
                               sizeof(*items));
    if (items == NULL)
        return error_nomem();
    names->items = items;
    TRY(text_copy(name, &names->items[names->count]));
    names->count++;
    return NULL;
}

/* All in the folder but `kept`; symlinks are removed and not followed. */
static dits_error *empty_folder(const struct dir *dir, const char *kept)
{
    CLEANUP(names_release) struct names names = {0};
    TRY(dir_list(dir, add_name, &names));
    for (size_t i = 0; i < names.count; i++) {
        CLEANUP(dir_close) struct dir below = {0};
        bool is_folder = false;
        if (strcmp(names.items[i], kept) == 0)
            continue;
        TRY(dir_open_below(dir, names.items[i], &below, &is_folder));
        if (!is_folder) {
            TRY(dir_remove_file(dir, names.items[i]));
            continue;
        }
        TRY(empty_folder(&below, ""));
        TRY(dir_remove_folder(dir, names.items[i]));
    }
    return NULL;
}

static dits_error *remove_folder(const char *path)
{
    CLEANUP(text_free) char *real = NULL;
    CLEANUP(dir_close) struct dir parent = {0};
    TRY(fs_real_path(path, &real));
    char *slash = strrchr(real, '/');
    if (slash == NULL || slash[1] == '\0')
        return NULL;
    *slash = '\0';
    TRY(dir_open(slash == real ? "/" : real, &parent));
    return dir_remove_folder(&parent, slash + 1);
}

/* The record goes last: what is left by a kill is still a clone. */
static dits_error *remove_all(const struct clone_place *place, bool with_folder)
{
    CLEANUP(dir_close) struct dir dir = {0};
    TRY(dir_open(place->folder, &dir));
    TRY(empty_folder(&dir, RECORD));
    TRY(empty_folder(&dir, ""));
    TRY(remove_folder(place->folder));
    return with_folder ? remove_folder(place->path) : NULL;
}

static bool has_come(const struct clone_place *place)
{
    CLEANUP(text_free) char *packs = NULL;
    struct finding finding = {0};
    dits_error *err = fs_join(place->folder, "packs", &packs);
    if (err == NULL)
        err = fs_list(packs, find_pack, &finding);
    dits_error_free(err); /* there is none, then */
    return finding.has_packs;
}

void clone_place_leave(struct clone_place *place,
                       const struct clone_record *record)
{
    if (has_come(place)) {
        log_warn(place->context,
                 "what has come is kept in '%s': the same command goes on "
                 "from there; to give up, remove the folder",
                 place->path);
        return;
    }
    dits_error *err = remove_all(place, record->made_folder);
    if (err != NULL && dits_error_code(err) != DITS_E_NOT_FOUND)
        log_warn(place->context, "'%s' could not be removed: %s", place->path,
                 dits_error_message(err));
    dits_error_free(err);
}
