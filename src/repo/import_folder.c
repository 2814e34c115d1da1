#include <dits/import_folder.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/progress.h"
#include "base/text.h"
#include "object/asset.h"
#include "object/commit.h"
#include "object/path_tree.h"
#include "repo/folder_plan.h"
#include "repo/identity.h"
#include "repo/index_stat.h"
#include "repo/location.h"
#include "repo/message.h"
#include "repo/operation.h"
#include "repo/ref_name.h"

#define NS_PER_SECOND INT64_C(1000000000)

/* A path of the history, and what it is in the commit at hand. */
struct place {
    const char *path; /* borrowed from the plan */
    bool is_there;
    enum tree_mode mode;
    struct dits_oid asset;
};

struct importing {
    dits_repo *repo;
    const struct dits_import_folder_options *options;
    struct dir folder;
    char *name; /* of the folder */
    struct folder_plan plan;
    struct place *places; /* by path */
    size_t place_count;
    struct operation *operation;
    struct person person;
    enum location_policy location;
    struct dits_oid tip;
    struct progress progress;
    struct dits_import_folder_result result;
};

static void importing_release(struct importing *importing)
{
    progress_end(&importing->progress);
    dir_close(&importing->folder);
    text_free(&importing->name);
    folder_plan_release(&importing->plan);
    mem_free(importing->places);
    operation_free(importing->operation);
    person_release(&importing->person);
}

static int64_t seconds_of(const struct folder_file *file)
{
    int64_t ns = file->stat.mtime_ns;
    return ns / NS_PER_SECOND - (ns % NS_PER_SECOND < 0 ? 1 : 0);
}

/* --- what becomes of the files --- */

static int compare_places(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    return path_compare(x->path, y->path);
}

/* The first versions have all paths, each once. */
static dits_error *make_places(struct importing *importing)
{
    const struct folder_plan *plan = &importing->plan;
    size_t count = 0;
    struct place *places = mem_new_array(struct place, plan->count);
    if (places == NULL)
        return error_nomem();
    importing->places = places;
    for (size_t i = 0; i < plan->count; i++)
        if (plan->files[i].version == 1)
            places[count++] = (struct place){.path = plan->files[i].path};
    qsort(places, count, sizeof(*places), compare_places);
    for (size_t i = 1; i < count; i++)
        if (strcmp(places[i - 1].path, places[i].path) == 0)
            return error_hint(
                error_new(DITS_E_INVALID,
                          "two different files would both be '%s'",
                          places[i].path),
                "Rename one, or say what a version is with '--pattern'.");
    importing->place_count = count;
    return NULL;
}

static dits_error *tell_plan(struct importing *importing)
{
    const struct dits_import_folder_options *options = importing->options;
    struct dits_import_folder_result *result = &importing->result;
    result->files = importing->plan.count;
    result->commits = importing->plan.commits;
    for (size_t i = 0; i < importing->plan.count; i++) {
        const struct folder_file *file = &importing->plan.files[i];
        const struct dits_import_file told = {
            .commit = file->commit,
            .source = file->source,
            .path = file->path,
            .time = seconds_of(file),
            .size = file->stat.size,
            .version = file->version,
            .versions = file->versions,
        };
        result->bytes += file->stat.size;
        if (options->on_file != NULL)
            TRY(options->on_file(&told, options->payload));
    }
    return NULL;
}

/* --- content --- */

static dits_error *store_symlink(const struct asset_store_options *options,
                                 const struct dir *dir, const char *name,
                                 struct place *place)
{
    CLEANUP(buf_release) struct buf target = {0};
    struct asset_info info = {0};
    TRY(dir_read_symlink(dir, name, &target));
    if (!text_is_utf8(target.data, target.size))
        return error_new(DITS_E_INVALID, "where it leads is not UTF-8");
    return asset_store_bytes(options, target.data, target.size, &place->asset,
                             &info);
}

static dits_error *store_regular(struct importing *importing,
                                 const struct asset_store_options *options,
                                 const struct dir *dir,
                                 const struct folder_file *file,
                                 struct place *place)
{
    CLEANUP(fs_close) struct fs_file opened = {0};
    struct fs_stat stat = {0};
    struct asset_info info = {0};
    bool may_store = true;
    TRY(dir_open_file(dir, file->base, &opened, &stat));
    TRY(location_check(importing->repo, importing->location, &opened, stat.size,
                       file->source, &may_store));
    if (!may_store)
        return error_new(DITS_E_DENIED, "it says where it was filmed");
    TRY(asset_store_file(options, &opened, stat.size, &place->asset, &info));
    TRY(fs_stat_file(&opened, &stat));
    if (!fs_stat_same(&stat, &file->stat))
        return error_hint(
            error_new(DITS_E_CONFLICT, "it changed while it was read"),
            "Try again when the file is complete.");
    return NULL;
}

static dits_error *store_file(struct importing *importing,
                              const struct folder_file *file,
                              struct place *place)
{
    CLEANUP(text_free) char *folder = NULL;
    CLEANUP(dir_close) struct dir dir = {0};
    struct asset_store_options options = {
        .context = importing->repo->context,
        .writer = operation_writer(importing->operation),
        .threads = context_threads(importing->repo->context),
        .on_progress = progress_bytes,
        .payload = &importing->progress,
    };
    size_t length = (size_t)(file->base - file->source);
    bool found = false;
    TRY(text_copy_part(file->source, length > 0 ? length - 1 : 0, &folder));
    TRY(dir_open_below(&importing->folder, folder, &dir, &found));
    if (!found)
        return error_new(DITS_E_CONFLICT, "its folder vanished");
    place->mode = index_stat_mode(&file->stat);
    place->is_there = true;
    if (file->stat.kind == FS_SYMLINK)
        return store_symlink(&options, &dir, file->base, place);
    return store_regular(importing, &options, &dir, file, place);
}

static dits_error *import_file(struct importing *importing,
                               const struct folder_file *file)
{
    const struct place key = {.path = file->path};
    struct place *place = bsearch(&key, importing->places,
                                  importing->place_count, sizeof(key),
                                  compare_places);
    TRY_CONTEXT(store_file(importing, file, place), "cannot import '%s'",
                file->source);
    progress_add(&importing->progress, 0, 1, file->source);
    return NULL;
}

/* --- commits --- */

static dits_error *build_tree(struct importing *importing, struct dits_oid *out)
{
    CLEANUP(path_tree_builder_freep) struct path_tree_builder *builder = NULL;
    TRY(path_tree_builder_new(operation_writer(importing->operation),
                              &builder));
    for (size_t i = 0; i < importing->place_count; i++) {
        const struct place *place = &importing->places[i];
        if (place->is_there)
            TRY(path_tree_builder_add(builder, place->path, place->mode,
                                      &place->asset));
    }
    return path_tree_builder_finish(builder, out);
}

/* The first names how many there are, each other one where it comes from. */
static dits_error *write_message(const struct importing *importing,
                                 const struct folder_file *files, size_t count,
                                 struct buf *out)
{
    if (files->versions == 1)
        return buf_printf(out, "%zu file%s from '%s'", count,
                          count == 1 ? "" : "s", importing->name);
    return buf_printf(out,
                      "%s: %s\n\nVersion %" PRIu64 " of %" PRIu64
                      ", imported from '%s' in '%s'.",
                      files->path, files->base, files->version, files->versions,
                      files->source, importing->name);
}

static dits_error *make_commit(struct importing *importing,
                               const struct folder_file *files, size_t count)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(buf_release) struct buf message = {0};
    TRY(build_tree(importing, &commit.tree));
    TRY(person_copy(&importing->person, &commit.author));
    TRY(person_copy(&importing->person, &commit.committer));
    commit.author.time = seconds_of(&files[count - 1]);
    TRY(write_message(importing, files, count, &message));
    TRY(message_clean(buf_text(&message), &commit.message));
    if (!dits_oid_is_zero(&importing->tip)) {
        commit.parents = mem_new_array(struct dits_oid, 1);
        if (commit.parents == NULL)
            return error_nomem();
        commit.parents[0] = importing->tip;
        commit.parent_count = 1;
    }
    return commit_store(operation_writer(importing->operation), &commit,
                        &importing->tip);
}

static dits_error *make_commits(struct importing *importing)
{
    const struct folder_plan *plan = &importing->plan;
    progress_begin(&importing->progress, importing->repo->context, "importing",
                   importing->result.bytes, plan->count);
    for (size_t first = 0, end = 0; first < plan->count; first = end) {
        while (end < plan->count &&
               plan->files[end].commit == plan->files[first].commit)
            TRY(import_file(importing, &plan->files[end++]));
        TRY(context_check(importing->repo->context));
        TRY(make_commit(importing, &plan->files[first], end - first));
    }
    return NULL;
}

/* --- the branch --- */

/* The folder's name, with what a branch's may not have made a '-'. */
static dits_error *default_branch(const struct importing *importing,
                                  struct buf *out)
{
    CLEANUP(buf_release) struct buf name = {0};
    TRY(buf_put_text(&name, importing->name));
    for (size_t i = 0; i < name.size; i++)
        if (name.data[i] <= ' ' || name.data[i] == 0x7f ||
            strchr("~^:?*[\\", name.data[i]) != NULL)
            name.data[i] = '-';
    bool is_valid = ref_name_is_valid(buf_text(&name));
    return buf_printf(out, REF_BRANCHES "imported/%s",
                      is_valid ? buf_text(&name) : "folder");
}

static dits_error *find_branch(const struct importing *importing,
                               struct buf *out, struct dits_oid *out_before)
{
    const char *branch = importing->options->branch;
    const struct refs_head *head = operation_head(importing->operation);
    bool found = false;
    if (branch != NULL && !ref_name_is_valid(branch))
        return ref_name_error(branch, "branch");
    TRY(branch != NULL ? buf_printf(out, REF_BRANCHES "%s", branch)
                       : default_branch(importing, out));
    TRY(refs_read(importing->repo, buf_text(out), out_before, &found));
    const char *name = ref_name_short(buf_text(out));
    if (found && !importing->options->force)
        return error_hint(
            error_new(DITS_E_EXISTS, "there is a branch '%s' already", name),
            "Name another with '-b NAME', or move it with "
            "'--force'.");
    if (head->branch != NULL && strcmp(head->branch, buf_text(out)) == 0)
        return error_hint(
            error_new(DITS_E_CONFLICT, "'%s' is the current branch", name),
            "The files of the work tree are left alone: name another branch, "
            "and go there afterwards with 'dits switch'.");
    return NULL;
}

static dits_error *run(struct importing *importing)
{
    CLEANUP(buf_release) struct buf branch = {0};
    CLEANUP(buf_release) struct buf message = {0};
    struct dits_oid before = {0};
    TRY(operation_begin(importing->repo, "import", &importing->operation));
    TRY(find_branch(importing, &branch, &before));
    TRY(identity_find(importing->repo, &importing->person));
    TRY(location_policy_get(importing->repo, &importing->location));
    TRY(make_commits(importing));
    TRY(buf_printf(&message, "import: from folder %s", importing->name));
    TRY(operation_set_ref(importing->operation, buf_text(&branch), &before,
                          &importing->tip, buf_text(&message)));
    return operation_commit(importing->operation);
}

static dits_error *open_folder(struct importing *importing, const char *path)
{
    CLEANUP(text_free) char *real = NULL;
    TRY(dir_open(path, &importing->folder));
    TRY(fs_real_path(path, &real));
    TRY(text_copy(path_base_name(real), &importing->name));
    return folder_plan_make(importing->repo->context, &importing->folder,
                            importing->options, &importing->plan);
}

dits_error *dits_import_folder(dits_repo *repo, const char *folder,
                               const struct dits_import_folder_options *options,
                               struct dits_import_folder_result *out)
{
    static const struct dits_import_folder_options defaults = {0};
    CLEANUP(importing_release)
    struct importing importing = {
        .repo = repo, .options = options != NULL ? options : &defaults};
    TRY_CONTEXT(open_folder(&importing, folder), "cannot import '%s'", folder);
    TRY(make_places(&importing));
    TRY(tell_plan(&importing));
    if (!importing.options->dry_run)
        TRY(run(&importing));
    importing.result.tip = importing.tip;
    if (out != NULL)
        *out = importing.result;
    return NULL;
}
