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
    bool has_rules;
    bool is_nested; /* holds a .dits of its own */
};

size_t scan_end_of(const struct index *index, size_t low, const char *folder)
{
    size_t high = index_count(index);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (path_is_within(index_at(index, middle)->path, folder))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

dits_error *scan_missing(struct scan_worker *worker, size_t low, size_t high)
{
    const struct scan_options *options = worker->scan->options;
    for (size_t i = low; i < high; i++) {
        const struct index_entry *entry = index_at(options->index, i);
        struct scan_entry missing = {.state = SCAN_MISSING, .tracked = entry};
        bool may_be_absent = false;
        if (!pathspec_matches(options->pathspec, entry->path, false))
            continue;
        TRY(sparse_may_be_absent(worker->scan->sparse, entry->path,
                                 &may_be_absent));
        if (!may_be_absent)
            TRY(scan_report(worker, entry->path, &missing));
    }
    return NULL;
}

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
    if (!found)
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

static dits_error *meet(struct folder *folder, const char *name,
                        enum fs_kind kind)
{
    const char *path = NULL;
    TRY(scan_look(folder->worker, name, &kind));
    TRY(path_of(folder, name, &path));
    size_t at = find_tracked(folder, path);
    const char *tracked =
        at < folder->job->high ? index_at(folder->index, at)->path : NULL;
    if (tracked == NULL || !path_is_within(tracked, path))
        return meet_untracked(folder, path, kind);
    if (strcmp(tracked, path) == 0) {
        if (kind != FS_FOLDER)
            return meet_tracked(folder, name, at);
        return meet_untracked_folder(folder, path);
    }
    if (kind != FS_FOLDER)
        return meet_untracked(folder, path, kind);

    size_t end = scan_end_of(folder->index, at, path);
    for (size_t i = at; i < end; i++)
        folder->seen[i - folder->job->low] = true;
    if (!pathspec_may_be_below(folder->worker->scan->options->pathspec, path))
        return NULL;
    return push(folder, path, at, end,
                folder->job->is_ignored || is_ignored(folder, path, true));
}

static dits_error *meet_all(struct folder *folder)
{
    const struct buf *names = &folder->worker->names;
    for (size_t at = 0; at < names->size;) {
        enum fs_kind kind = (enum fs_kind)names->data[at];
        const char *name = (const char *)names->data + at + 1;
        at += strlen(name) + 2;
        if (!scan_is_own_name(name))
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

static dits_error *report_unseen(struct folder *folder)
{
    const struct scan_job *job = folder->job;
    for (size_t i = job->low; i < job->high; i++)
        if (!folder->seen[i - job->low])
            TRY(scan_missing(folder->worker, i, i + 1));
    return NULL;
}

static void find_marks(struct folder *folder)
{
    const struct buf *names = &folder->worker->names;
    for (size_t at = 0; at < names->size;) {
        const char *name = (const char *)names->data + at + 1;
        at += strlen(name) + 2;
        folder->has_rules = folder->has_rules ||
                            strcmp(name, IGNORE_FILE_NAME) == 0;
        folder->is_nested = folder->is_nested || strcmp(name, OPEN_FOLDER) == 0;
    }
}

static void free_seen(bool **seen)
{
    mem_free(*seen);
}

static dits_error *read_folder(struct scan_worker *worker,
                               const struct scan_job *job)
{
    CLEANUP(free_seen) bool *seen = NULL;
    struct folder folder = {
        .worker = worker,
        .job = job,
        .level = job->level,
        .prefix = strlen(job->path) + (*job->path != '\0'),
        .index = worker->scan->options->index,
    };
    bool is_tracked = job->high > job->low;
    find_marks(&folder);
    if (folder.is_nested && *job->path != '\0' && !is_tracked)
        return report(&folder, job->path, SCAN_NESTED, true);
    if (is_tracked) {
        seen = mem_new_array(bool, job->high - job->low);
        if (seen == NULL)
            return error_nomem();
        folder.seen = seen;
    }
    if (folder.has_rules)
        TRY(ignore_enter(worker->scan->ignore, job->level, &worker->place.dir,
                         job->path, &folder.level));
    TRY(meet_all(&folder));
    return report_unseen(&folder);
}

dits_error *scan_folder(struct scan_worker *worker, const struct scan_job *job)
{
    bool found = false;
    dits_error *err = scan_list(worker, job->path, &worker->names, &found);
    if (dits_error_has(err, DITS_E_DENIED)) {
        struct scan_entry entry = {.state = SCAN_UNREADABLE, .is_folder = true};
        dits_error_free(err); /* reported instead */
        return scan_report(worker, job->path, &entry);
    }
    TRY(err);
    return found ? read_folder(worker, job)
                 : scan_missing(worker, job->low, job->high);
}

/* The rules that hold in the folder of `path`, and whether one above it is
 * ignored as a whole. */
static dits_error *descend(struct scan_worker *worker, const char *path,
                           struct scan_job *job, bool *out_found)
{
    CLEANUP(text_free) char *part = NULL;
    struct scan *scan = worker->scan;
    TRY(text_copy(path, &part));
    job->level = ignore_base(scan->ignore);
    *out_found = true;
    for (char *at = part; *out_found && at != NULL && *at != '\0';) {
        char *slash = strchr(at, '/');
        size_t length = at == part ? 0 : (size_t)(at - part) - 1;
        TRY(dir_place_enter(&worker->place, part, length, out_found));
        if (!*out_found)
            break;
        if (length > 0)
            part[length] = '\0';
        dits_error *err = ignore_enter(scan->ignore, job->level,
                                       &worker->place.dir,
                                       length > 0 ? part : "", &job->level);
        if (length > 0)
            part[length] = '/';
        TRY(err);
        if (slash == NULL)
            break;
        *slash = '\0';
        job->is_ignored = job->is_ignored ||
                          ignore_is_ignored(job->level, part, true);
        *slash = '/';
        at = slash + 1;
    }
    return NULL;
}

dits_error *scan_start(struct scan_worker *worker, const char *path)
{
    const struct index *index = worker->scan->options->index;
    struct scan_job job = {.low = index_lower_bound(index, path)};
    bool found = false;
    job.high = scan_end_of(index, job.low, path);
    if (*path == '\0') {
        job.level = ignore_base(worker->scan->ignore);
        TRY(text_copy("", &job.path));
        return scan_push(worker->scan, &job);
    }
    TRY(descend(worker, path, &job, &found));
    if (!found)
        return scan_missing(worker, job.low, job.high);

    /* As if its folder had been listed and held nothing else. */
    CLEANUP(text_free) char *above = NULL;
    CLEANUP(free_seen) bool *seen = NULL;
    struct fs_stat stat = {0};
    const char *name = path_base_name(path);
    TRY(dir_stat(&worker->place.dir, name, &stat, &found));
    if (!found)
        return scan_missing(worker, job.low, job.high);
    size_t length = (size_t)(name - path);
    TRY(text_copy_part(path, length - (length > 0), &above));
    job.path = above;
    if (job.high > job.low) {
        seen = mem_new_array(bool, job.high - job.low);
        if (seen == NULL)
            return error_nomem();
    }
    struct folder folder = {
        .worker = worker,
        .job = &job,
        .level = job.level,
        .prefix = length,
        .index = index,
        .seen = seen,
    };
    if (!scan_is_own_name(name))
        TRY(meet(&folder, name, stat.kind));
    return report_unseen(&folder);
}
