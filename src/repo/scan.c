#include "repo/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/pool.h"
#include "base/text.h"
#include "repo/scan_private.h"
#include "repo/worktree.h"

enum { WORKERS_MAX = 64 };

void scan_result_release(struct scan_result *result)
{
    for (size_t i = 0; i < result->count; i++)
        mem_free(result->entries[i].path);
    mem_free(result->entries);
    *result = (struct scan_result){0};
}

dits_error *scan_push(struct scan *scan, const struct scan_job *job)
{
    POOL_LOCKED(&scan->mutex);
    struct scan_job *jobs = array_grown(scan->jobs, scan->job_count,
                                        &scan->job_capacity, sizeof(*jobs));
    if (jobs == NULL) {
        mem_free(job->path);
        return error_nomem();
    }
    scan->jobs = jobs;
    scan->jobs[scan->job_count++] = *job;
    (void)pthread_cond_signal(&scan->changed);
    return NULL;
}

/* False: no job is left and none can come. */
static bool take(struct scan *scan, struct scan_job *out)
{
    POOL_LOCKED(&scan->mutex);
    while (scan->job_count == 0 && scan->working > 0 && !scan->stopped)
        (void)pthread_cond_wait(&scan->changed, &scan->mutex);
    if (scan->job_count == 0 || scan->stopped) {
        (void)pthread_cond_broadcast(&scan->changed);
        return false;
    }
    *out = scan->jobs[--scan->job_count];
    scan->working++;
    return true;
}

static void give_back(struct scan *scan, bool failed)
{
    POOL_LOCKED(&scan->mutex);
    scan->working--;
    scan->stopped = scan->stopped || failed;
    if (scan->working == 0 || scan->stopped)
        (void)pthread_cond_broadcast(&scan->changed);
}

dits_error *scan_report(struct scan_worker *worker, const char *path,
                        const struct scan_entry *entry)
{
    struct scan_entry *entries = array_grown(
        worker->entries, worker->count, &worker->capacity, sizeof(*entries));
    if (entries == NULL)
        return error_nomem();
    worker->entries = entries;
    struct scan_entry *slot = &worker->entries[worker->count];
    *slot = *entry;
    slot->path = NULL;
    TRY(text_copy(path, &slot->path));
    worker->count++;
    return NULL;
}

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

dits_error *scan_descend(struct scan_worker *worker, const char *path,
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

static int compare_entries(const void *a, const void *b)
{
    const struct scan_entry *left = a;
    const struct scan_entry *right = b;
    return path_compare(left->path, right->path);
}

static dits_error *work(unsigned number, void *payload)
{
    struct scan_worker *worker = &((struct scan_worker *)payload)[number];
    struct scan_job job = {0};
    while (take(worker->scan, &job)) {
        dits_error *err = context_check(worker->scan->repo->context);
        if (err == NULL)
            err = scan_folder(worker, &job);
        mem_free(job.path);
        give_back(worker->scan, err != NULL);
        TRY(err);
    }
    if (worker->count > 0)
        qsort(worker->entries, worker->count, sizeof(*worker->entries),
              compare_entries);
    return NULL;
}

/* Move what the workers have, each sorted, into one sorted list. */
static dits_error *merge(struct scan_worker *workers, unsigned count,
                         struct scan_result *out)
{
    size_t heads[WORKERS_MAX] = {0};
    size_t total = 0;
    for (unsigned w = 0; w < count; w++)
        total += workers[w].count;
    if (total == 0)
        return NULL;
    struct scan_entry *entries = mem_new_array(struct scan_entry, total);
    if (entries == NULL)
        return error_nomem();

    for (size_t i = 0; i < total; i++) {
        struct scan_entry *least = NULL;
        unsigned from = 0;
        for (unsigned w = 0; w < count; w++) {
            if (heads[w] == workers[w].count)
                continue;
            struct scan_entry *head = &workers[w].entries[heads[w]];
            if (least == NULL || path_compare(head->path, least->path) < 0) {
                least = head;
                from = w;
            }
        }
        entries[i] = *least;
        least->path = NULL; /* it is ours now */
        heads[from]++;
    }
    *out = (struct scan_result){.entries = entries, .count = total};
    return NULL;
}

static void release_workers(struct scan_worker *workers, unsigned count)
{
    for (unsigned w = 0; w < count; w++) {
        for (size_t i = 0; i < workers[w].count; i++)
            mem_free(workers[w].entries[i].path);
        mem_free(workers[w].entries);
        buf_release(&workers[w].names);
        buf_release(&workers[w].loose);
        scan_notes_release(&workers[w].notes);
        buf_release(&workers[w].path);
        dir_place_release(&workers[w].place);
    }
}

static void release_scan(struct scan *scan)
{
    for (size_t i = 0; i < scan->job_count; i++)
        mem_free(scan->jobs[i].path);
    mem_free(scan->jobs);
    ignore_free(scan->ignore);
    sparse_free(scan->sparse);
    scan_known_release(&scan->known);
    dir_close(&scan->root);
}

static dits_error *scan_all(struct scan *scan, struct scan_worker *workers,
                            unsigned count, struct scan_result *out)
{
    const struct scan_options *options = scan->options;
    bool is_chosen = options->starts != NULL;
    size_t starts = is_chosen ? options->start_count
                              : pathspec_start_count(options->pathspec);
    for (unsigned w = 0; w < count; w++)
        workers[w] =
            (struct scan_worker){.scan = scan, .place = {.root = &scan->root}};
    for (size_t i = 0; i < starts; i++)
        TRY(scan_start(&workers[0],
                       is_chosen ? options->starts[i]
                                 : pathspec_start(options->pathspec, i)));

    /* One folder without folders in it is not worth a thread. */
    TRY(pool_run(count, work, workers));
    TRY(merge(workers, count, out));
    for (unsigned w = 0; w < count; w++)
        out->listed += workers[w].listed;
    scan_known_keep(scan, workers, count);
    return NULL;
}

dits_error *scan_run(dits_repo *repo, const struct scan_options *options,
                     struct scan_result *out)
{
    struct scan_worker workers[WORKERS_MAX] = {0};
    CLEANUP(release_scan)
    struct scan scan = {
        .repo = repo,
        .options = options,
        .mutex = PTHREAD_MUTEX_INITIALIZER,
        .changed = PTHREAD_COND_INITIALIZER,
    };
    (void)index_count(options->index); /* settled before threads look at it */
    TRY(ignore_new(repo, &scan.ignore));
    TRY(sparse_open_limits(repo, &scan.sparse));
    TRY(worktree_open(repo, &scan.root));
    unsigned count = context_threads(repo->context);
    count = count > WORKERS_MAX ? WORKERS_MAX : count;
    TRY(scan_known_open(&scan, count));
    dits_error *err = scan_all(&scan, workers, count, out);
    release_workers(workers, count);
    return err;
}
