#include <dits/grep.h>

#include "base/mem.h"
#include "base/pool.h"
#include "base/progress.h"
#include "object/asset_reader.h"
#include "repo/grep_files.h"
#include "repo/grep_order.h"
#include "repo/worktree.h"

/* Bytes of records after which a file's turn is waited for. */
enum { RECORDS_MAX = 1 << 20 };

/* The search of one revision, or of the work tree. */
struct grep {
    dits_repo *repo;
    const struct dits_grep_options *options;
    const char *revision; /* as given, or NULL */
    struct dir root;
    struct grep_files files;
    struct grep_order order;
    struct progress progress;
    dits_grep_fn *fn;
    void *payload;
    bool is_over; /* the first hit was all that was asked for */
};

static void grep_release(struct grep *grep)
{
    progress_end(&grep->progress);
    grep_order_release(&grep->order);
    grep_files_release(&grep->files);
    dir_close(&grep->root);
}

/* One thread's own. */
struct worker {
    struct grep *grep;
    struct grep_pattern *pattern;
    struct dir_place place;
    size_t item;
    struct grep_records records;
};

static void worker_release(struct worker *worker)
{
    grep_pattern_free(worker->pattern);
    dir_place_release(&worker->place);
    grep_records_release(&worker->records);
}

struct disk_source {
    struct grep_source source;
    struct fs_file file;
    uint64_t offset;
};

static void disk_source_close(struct disk_source *source)
{
    fs_close(&source->file);
}

static dits_error *read_disk(struct grep_source *self, size_t size, void *out,
                             size_t *out_size)
{
    struct disk_source *source = (struct disk_source *)self;
    TRY(fs_read_some(&source->file, source->offset, size, out, out_size));
    source->offset += *out_size;
    return NULL;
}

struct stored_source {
    struct grep_source source;
    struct asset *asset;
    struct asset_reader reader;
    uint64_t offset;
};

static void stored_source_close(struct stored_source *source)
{
    asset_reader_release(&source->reader);
    asset_close(source->asset);
}

static dits_error *read_stored(struct grep_source *self, size_t size, void *out,
                               size_t *out_size)
{
    struct stored_source *source = (struct stored_source *)self;
    uint64_t left = asset_get_info(source->asset)->size - source->offset;
    *out_size = size < left ? size : (size_t)left;
    if (*out_size == 0)
        return NULL;
    TRY(asset_reader_read(&source->reader, source->offset, *out_size, out));
    source->offset += *out_size;
    return NULL;
}

static dits_error *on_line(const struct grep_line *line, void *payload)
{
    struct worker *worker = payload;
    TRY(grep_records_add(&worker->records, line));
    if (worker->records.text.size < RECORDS_MAX)
        return NULL;
    return grep_order_flush(&worker->grep->order, worker->item,
                            &worker->records);
}

static dits_error *search_source(struct worker *worker,
                                 struct grep_source *source,
                                 struct grep_result *out)
{
    const struct grep_search search = {
        .options = worker->grep->options,
        .pattern = worker->pattern,
        .context = worker->grep->repo->context,
        .fn = on_line,
        .payload = worker,
    };
    return grep_lines(&search, source, out);
}

/* A file that is not there, or is none, has no lines. */
static dits_error *open_disk(struct worker *worker, const char *path,
                             struct disk_source *source, bool *out_found)
{
    const char *name = NULL;
    TRY(worktree_enter(&worker->place, path, &name, out_found));
    if (!*out_found)
        return NULL;
    dits_error *err =
        dir_open_file(&worker->place.dir, name, &source->file, NULL);
    if (!worktree_is_elsewhere(err))
        return err;
    if (dits_error_has(err, DITS_E_DENIED))
        log_warn(worker->grep->repo->context, "cannot read '%s'", path);
    dits_error_free(err); /* the others are searched all the same */
    *out_found = false;
    return NULL;
}

static dits_error *search_disk(struct worker *worker,
                               const struct grep_file *file,
                               struct grep_result *out, bool *out_found)
{
    CLEANUP(disk_source_close)
    struct disk_source source = {.source = {.read = read_disk}};
    TRY(open_disk(worker, file->path, &source, out_found));
    return *out_found ? search_source(worker, &source.source, out) : NULL;
}

static dits_error *search_stored(struct worker *worker,
                                 const struct grep_file *file,
                                 struct grep_result *out)
{
    CLEANUP(stored_source_close)
    struct stored_source source = {.source = {.read = read_stored}};
    TRY(asset_open(worker->grep->repo->store, &file->asset, &source.asset));
    TRY(asset_reader_init(&source.reader, source.asset));
    return search_source(worker, &source.source, out);
}

static dits_error *search_file(struct worker *worker)
{
    struct grep *grep = worker->grep;
    const struct grep_file *file = &grep->files.items[worker->item];
    struct grep_result result = {0};
    bool found = true;
    dits_error *err = dits_oid_is_zero(&file->asset)
                          ? search_disk(worker, file, &result, &found)
                          : search_stored(worker, file, &result);
    if (dits_error_has(err, DITS_E_GONE)) {
        log_warn(grep->repo->context,
                 "'%s' is not searched: its content was obliterated",
                 file->path);
        dits_error_free(err);
        err = NULL;
        found = false;
    }
    TRY_CONTEXT(err, "cannot search '%s'", file->path);
    if (found)
        TRY(grep_records_add_file(&worker->records, &result));
    progress_add(&grep->progress, 0, 1, file->path);
    return grep_order_finish(&grep->order, worker->item, &worker->records);
}

static dits_error *work_through(struct worker *worker)
{
    TRY(grep_pattern_new(worker->grep->options, &worker->pattern));
    while (grep_order_take(&worker->grep->order, &worker->item)) {
        TRY(context_check(worker->grep->repo->context));
        TRY(search_file(worker));
    }
    return NULL;
}

static dits_error *work(unsigned number, void *payload)
{
    struct grep *grep = payload;
    CLEANUP(worker_release)
    struct worker worker = {.grep = grep, .place = {.root = &grep->root}};
    (void)number;
    dits_error *err = work_through(&worker);
    if (err != NULL)
        grep_order_stop(&grep->order);
    return err;
}

static dits_error *tell_record(const struct grep *grep, size_t item,
                               const struct grep_records *records,
                               const struct grep_record *record)
{
    const struct dits_grep_event event = {
        .kind = record->kind,
        .revision = grep->revision,
        .path = grep->files.items[item].path,
        .number = record->number,
        .line = (const char *)records->text.data + record->offset,
        .size = record->size,
        .spans = record->span_count > 0 ? &records->spans[record->first_span]
                                        : NULL,
        .span_count = record->span_count,
        .is_binary = record->is_binary,
    };
    return grep->fn(&event, grep->payload);
}

static dits_error *tell(size_t item, const struct grep_records *records,
                        void *payload)
{
    struct grep *grep = payload;
    for (size_t i = 0; i < records->count && !grep->is_over; i++) {
        const struct grep_record *record = &records->items[i];
        TRY(tell_record(grep, item, records, record));
        grep->is_over = grep->options->first_only &&
                        record->kind == DITS_GREP_FILE && record->number > 0;
    }
    if (grep->is_over)
        grep_order_stop(&grep->order);
    return NULL;
}

static dits_error *search_all(dits_repo *repo, const struct grep *wanted,
                              const struct pathspec *pathspec, bool *out_over)
{
    CLEANUP(grep_release) struct grep grep = *wanted;
    grep_order_init(&grep.order, tell, &grep);
    TRY(grep_files_find(repo, grep.options, pathspec, grep.revision,
                        &grep.files));
    grep.order.count = grep.files.count;
    if (grep.files.count == 0)
        return NULL;
    TRY(worktree_open(repo, &grep.root));
    progress_begin(&grep.progress, repo->context, "searching", 0,
                   grep.files.count);
    unsigned threads = context_threads(repo->context);
    if (threads > grep.files.count)
        threads = (unsigned)grep.files.count;
    TRY(pool_run(threads, work, &grep));
    *out_over = grep.is_over;
    return NULL;
}

/* Where the user is, unless paths are named. */
static dits_error *find_paths(const dits_repo *repo,
                              const struct dits_paths *paths,
                              struct pathspec **out)
{
    static const char *const here[] = {"."};
    const struct dits_paths below = {.items = here, .count = 1};
    bool is_top = paths->count > 0 || repo->prefix[0] == '\0';
    return pathspec_of(repo, is_top ? paths : &below, out);
}

dits_error *dits_grep(dits_repo *repo, const struct dits_grep_options *options,
                      dits_grep_fn *fn, void *payload)
{
    CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
    CLEANUP(grep_pattern_freep) struct grep_pattern *pattern = NULL;
    struct grep grep = {
        .repo = repo, .options = options, .fn = fn, .payload = payload};
    bool is_over = false;
    TRY(grep_pattern_new(options, &pattern)); /* its errors come first */
    TRY(find_paths(repo, &options->paths, &pathspec));
    if (options->revision_count == 0)
        return search_all(repo, &grep, pathspec, &is_over);
    for (size_t i = 0; i < options->revision_count && !is_over; i++) {
        grep.revision = options->revisions[i];
        TRY(search_all(repo, &grep, pathspec, &is_over));
    }
    return NULL;
}
