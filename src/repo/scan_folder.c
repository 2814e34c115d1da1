/* One folder of the work tree against its part of the index. */
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "repo/index_stat.h"
#include "repo/open.h"
#include "repo/scan_private.h"

/* The folder at hand. */
struct folder {
    struct scan_worker *worker;
    const struct scan_job *job;
    const struct ignore_level *level;
    size_t prefix; /* length of the folder's path with its '/' */
    const struct index *index;
    bool *seen; /* for each index entry of the job: met on disk */
    const struct scan_listing *listing;
    bool has_rules;
    bool is_nested; /* holds a .dits of its own */
};

/* The full path of a name of the folder, in the worker's buffer. */
static dits_error *path_of(struct folder *folder, const char *name,
                           const char **out)
{
    struct buf *path = &folder->worker->path;
    buf_clear(path);
    TRY(buf_put_text(path, folder->job->path));
    if (path->size > 0)
        TRY(buf_put_u8(path, '/'));
    TRY(buf_put_text(path, name));
    *out = buf_text(path);
    return NULL;
}

static dits_error *push(struct folder *folder, const char *path, size_t low,
                        size_t high, bool is_ignored)
{
    struct scan_job job = {
        .low = low,
        .high = high,
        .level = folder->level,
        .is_ignored = is_ignored,
    };
    TRY(text_copy(path, &job.path));
    return scan_push(folder->worker->scan, &job);
}

static dits_error *report(struct folder *folder, const char *path,
                          enum scan_state state, bool is_folder)
{
    struct scan_entry entry = {.state = state, .is_folder = is_folder};
    bool found = true;
    if (folder->worker->scan->options->want_stat && !is_folder)
        TRY_CONTEXT(dir_stat(&folder->worker->place.dir, path + folder->prefix,
                             &entry.stat, &found),
                    "cannot look at '%s'", path);
    return found ? scan_report(folder->worker, path, &entry) : NULL;
}

static bool is_ignored(const struct folder *folder, const char *path,
                       bool is_folder)
{
    return folder->job->is_ignored ||
           ignore_is_ignored(folder->level, path, is_folder);
}

/* An untracked folder: one line, or a job of its own. */
static dits_error *meet_untracked_folder(struct folder *folder,
                                         const char *path)
{
    const struct scan_options *options = folder->worker->scan->options;
    bool ignored = is_ignored(folder, path, true);
    bool whole = pathspec_matches(options->pathspec, path, true);
    if (ignored && !options->include_ignored) {
        bool told = whole && options->ignored && !folder->job->is_ignored;
        return told ? report(folder, path, SCAN_IGNORED, true) : NULL;
    }
    if (options->tracked_only ||
        (!whole && !pathspec_may_be_below(options->pathspec, path)))
        return NULL;
    if (options->expand || !whole)
        return push(folder, path, 0, 0, false);

    CLEANUP(text_free) char *own = NULL; /* the buffer is used meanwhile */
    struct scan_content content = {0};
    TRY(text_copy(path, &own));
    TRY(scan_probe(folder->worker, own, folder->level, &content));
    if (content.untracked)
        return report(folder, own, SCAN_UNTRACKED, true);
    if (content.ignored && options->ignored)
        return report(folder, own, SCAN_IGNORED, true);
    return NULL;
}

static dits_error *meet_untracked(struct folder *folder, const char *path,
                                  enum fs_kind kind)
{
    const struct scan_options *options = folder->worker->scan->options;
    if (kind == FS_FOLDER)
        return meet_untracked_folder(folder, path);
    if (options->tracked_only ||
        !pathspec_matches(options->pathspec, path, false))
        return NULL;
    if (is_ignored(folder, path, false) && !options->include_ignored)
        return options->ignored && !folder->job->is_ignored
                   ? report(folder, path, SCAN_IGNORED, false)
                   : NULL;
    return report(folder, path,
                  kind == FS_OTHER ? SCAN_SPECIAL : SCAN_UNTRACKED, false);
}

/* A tracked file that may be there. */
static dits_error *meet_tracked(struct folder *folder, const char *name,
                                size_t i)
{
    const struct scan_options *options = folder->worker->scan->options;
    const struct index_entry *tracked = index_at(folder->index, i);
    struct scan_entry entry = {.state = SCAN_DOUBTFUL, .tracked = tracked};
    bool found = false;
    folder->seen[i - folder->job->low] = true;
    if (!pathspec_matches(options->pathspec, tracked->path, false))
        return NULL;
    TRY_CONTEXT(dir_stat(&folder->worker->place.dir, name, &entry.stat, &found),
                "cannot look at '%s'", tracked->path);
    if (!found || entry.stat.kind == FS_FOLDER)
        entry.state = SCAN_MISSING;
    else if (index_stat_matches(tracked, &entry.stat) &&
             !(tracked->is_dropped && options->dropped) &&
             !(entry.stat.links > 1 && options->linked))
        return NULL;
    return scan_report(folder->worker, tracked->path, &entry);
}

/* The first index entry of the job that is or lies below `path`. */
static size_t find_tracked(const struct folder *folder, const char *path)
{
    size_t low = folder->job->low;
    size_t high = folder->job->high;
    const char *wanted = path + folder->prefix;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *there = index_at(folder->index, middle)->path;
        if (path_compare(there + folder->prefix, wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A folder whose files at `low` to `high` are tracked. */
static dits_error *meet_tracked_folder(struct folder *folder, const char *path,
                                       size_t low, size_t high)
{
    for (size_t i = low; i < high; i++)
        folder->seen[i - folder->job->low] = true;
    if (!pathspec_may_be_below(folder->worker->scan->options->pathspec, path))
        return NULL;
    return push(folder, path, low, high,
                folder->job->is_ignored || is_ignored(folder, path, true));
}

/* Names that are not tracked are noted. */
static dits_error *note_name(struct folder *folder, const char *name,
                             enum fs_kind kind)
{
    struct buf *loose = &folder->worker->loose;
    if (!folder->listing->is_noted)
        return NULL;
    TRY(buf_put_u8(loose, (uint8_t)kind));
    return buf_put(loose, name, strlen(name) + 1);
}

static dits_error *meet(struct folder *folder, const char *name,
                        enum fs_kind kind)
{
    const char *path = NULL;
    TRY(path_of(folder, name, &path));
    size_t at = find_tracked(folder, path);
    const char *tracked =
        at < folder->job->high ? index_at(folder->index, at)->path : NULL;
    if (tracked == NULL || !path_is_within(tracked, path)) {
        TRY(note_name(folder, name, kind));
        return meet_untracked(folder, path, kind);
    }
    if (strcmp(tracked, path) == 0) {
        if (kind != FS_FOLDER)
            return meet_tracked(folder, name, at);
        return meet_untracked_folder(folder, path);
    }
    if (kind != FS_FOLDER)
        return meet_untracked(folder, path, kind);

    return meet_tracked_folder(folder, path, at,
                               scan_end_of(folder->index, at, path));
}

/* All that is tracked in a folder where it is known to be. */
static dits_error *meet_known(struct folder *folder)
{
    const struct scan_job *job = folder->job;
    struct buf *below = &folder->worker->path;
    for (size_t i = job->low; i < job->high;) {
        const char *path = index_at(folder->index, i)->path;
        const char *name = path + folder->prefix;
        const char *slash = strchr(name, '/');
        if (slash == NULL) {
            TRY(meet_tracked(folder, name, i++));
            continue;
        }
        buf_clear(below);
        TRY(buf_put(below, path, (size_t)(slash - path)));
        size_t end = scan_end_of(folder->index, i, buf_text(below));
        TRY(meet_tracked_folder(folder, buf_text(below), i, end));
        i = end;
    }
    return NULL;
}

static dits_error *meet_all(struct folder *folder)
{
    const struct slice names = folder->listing->names;
    for (size_t at = 0; at < names.size;) {
        enum fs_kind kind = (enum fs_kind)names.data[at];
        const char *name = (const char *)names.data + at + 1;
        at += strlen(name) + 2;
        if (scan_is_own_name(name))
            TRY(note_name(folder, name, kind));
        else
            TRY(meet(folder, name, kind));
        /* Probing may have left the folder: come back to it. */
        bool found = false;
        TRY(dir_place_enter(&folder->worker->place, folder->job->path,
                            strlen(folder->job->path), &found));
        if (!found)
            return NULL;
    }
    return NULL;
}

/* `*out_all`: there was none. */
static dits_error *report_unseen(struct folder *folder, bool *out_all)
{
    const struct scan_job *job = folder->job;
    *out_all = true;
    for (size_t i = job->low; i < job->high; i++) {
        if (folder->seen[i - job->low])
            continue;
        *out_all = false;
        TRY(scan_missing(folder->worker, i, i + 1));
    }
    return NULL;
}

static dits_error *find_marks(struct folder *folder)
{
    const struct slice names = folder->listing->names;
    for (size_t at = 0; at < names.size;) {
        const char *name = (const char *)names.data + at + 1;
        at += strlen(name) + 2;
        folder->has_rules = folder->has_rules ||
                            strcmp(name, IGNORE_FILE_NAME) == 0;
        folder->is_nested = folder->is_nested || strcmp(name, OPEN_FOLDER) == 0;
    }
    if (!folder->listing->is_known || folder->has_rules)
        return NULL;
    const char *path = NULL;
    TRY(path_of(folder, IGNORE_FILE_NAME, &path));
    size_t at = find_tracked(folder, path);
    folder->has_rules = at < folder->job->high &&
                        strcmp(index_at(folder->index, at)->path, path) == 0;
    return NULL;
}

static void free_seen(bool **seen)
{
    mem_free(*seen);
}

/* NULL when nothing is tracked there. */
static dits_error *new_seen(const struct scan_job *job, bool **out)
{
    if (job->high == job->low)
        return NULL;
    *out = mem_new_array(bool, job->high - job->low);
    return *out == NULL ? error_nomem() : NULL;
}

/* Remember the folder: `names` are those that are not tracked. */
static dits_error *note(struct folder *folder, struct slice names)
{
    const struct scan_job *job = folder->job;
    const struct scan_folder_at at = {job->path, job->low, job->high};
    return scan_known_note(folder->worker, &at, folder->listing, names);
}

static dits_error *meet_contents(struct folder *folder)
{
    bool all = false;
    struct buf *loose = &folder->worker->loose;
    buf_clear(loose);
    if (folder->listing->is_known)
        TRY(meet_known(folder));
    TRY(meet_all(folder));
    TRY(report_unseen(folder, &all));
    return all && folder->listing->is_noted ? note(folder, buf_slice(loose))
                                            : NULL;
}

static dits_error *read_folder(struct scan_worker *worker,
                               const struct scan_job *job,
                               const struct scan_listing *listing)
{
    CLEANUP(free_seen) bool *seen = NULL;
    TRY(new_seen(job, &seen));
    struct folder folder = {
        .worker = worker,
        .job = job,
        .level = job->level,
        .prefix = strlen(job->path) + (*job->path != '\0'),
        .index = worker->scan->options->index,
        .listing = listing,
        .seen = seen,
    };
    bool is_tracked = job->high > job->low;
    TRY(find_marks(&folder));
    if (folder.is_nested && *job->path != '\0' && !is_tracked) {
        TRY(report(&folder, job->path, SCAN_NESTED, true));
        return listing->is_noted ? note(&folder, listing->names) : NULL;
    }
    if (folder.has_rules)
        TRY(ignore_enter(worker->scan->ignore, job->level, &worker->place.dir,
                         job->path, &folder.level));
    return meet_contents(&folder);
}

dits_error *scan_folder(struct scan_worker *worker, const struct scan_job *job)
{
    const struct scan_folder_at at = {job->path, job->low, job->high};
    struct scan_listing listing = {0};
    bool found = false;
    dits_error *err =
        scan_known_list(worker, &at, &worker->names, &listing, &found);
    if (dits_error_has(err, DITS_E_DENIED)) {
        struct scan_entry entry = {.state = SCAN_UNREADABLE, .is_folder = true};
        dits_error_free(err); /* reported instead */
        return scan_report(worker, job->path, &entry);
    }
    TRY(err);
    return found ? read_folder(worker, job, &listing)
                 : scan_missing(worker, job->low, job->high);
}

/* As if the folder of `path` had been listed and held nothing else. */
static dits_error *meet_alone(struct scan_worker *worker, const char *path,
                              struct scan_job *job, enum fs_kind kind)
{
    const struct scan_listing listing = {0};
    CLEANUP(text_free) char *above = NULL;
    CLEANUP(free_seen) bool *seen = NULL;
    bool all = false;
    const char *name = path_base_name(path);
    size_t length = (size_t)(name - path);
    TRY(text_copy_part(path, length - (length > 0), &above));
    TRY(new_seen(job, &seen));
    job->path = above;
    struct folder folder = {
        .worker = worker,
        .job = job,
        .level = job->level,
        .prefix = length,
        .index = worker->scan->options->index,
        .listing = &listing,
        .seen = seen,
    };
    if (!scan_is_own_name(name))
        TRY(meet(&folder, name, kind));
    return report_unseen(&folder, &all);
}

dits_error *scan_start(struct scan_worker *worker, const char *path)
{
    const struct index *index = worker->scan->options->index;
    struct scan_job job = {.low = index_lower_bound(index, path)};
    struct fs_stat stat = {0};
    bool found = false;
    job.high = scan_end_of(index, job.low, path);
    if (*path == '\0') {
        job.level = ignore_base(worker->scan->ignore);
        TRY(text_copy("", &job.path));
        return scan_push(worker->scan, &job);
    }
    TRY(scan_descend(worker, path, &job, &found));
    if (found)
        TRY(dir_stat(&worker->place.dir, path_base_name(path), &stat, &found));
    return found ? meet_alone(worker, path, &job, stat.kind)
                 : scan_missing(worker, job.low, job.high);
}
