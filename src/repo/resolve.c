#include <dits/merge.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/checkout.h"
#include "repo/conflict_names.h"
#include "repo/index.h"
#include "repo/stages.h"

/* One dits_resolve(). */
struct resolving {
    dits_repo *repo;
    const struct dits_resolve_options *options;
    struct operation *operation;
    struct pathspec *pathspec;
    struct unfinished work;
    struct stage_list all;
    const char **paths; /* those to resolve; borrowed from `all` */
    size_t count;
    struct change_list files;
};

static void release_resolving(struct resolving *resolving)
{
    change_list_release(&resolving->files);
    mem_free(resolving->paths);
    stage_list_release(&resolving->all);
    unfinished_release(&resolving->work);
    pathspec_free(resolving->pathspec);
    operation_free(resolving->operation);
}

static dits_error *no_conflicts(void)
{
    return error_hint(error_new(DITS_E_NOT_FOUND, "there are no conflicts"),
                      "See 'dits status'.");
}

static dits_error *only_one_side(const char *path)
{
    return error_hint(
        error_new(DITS_E_CONFLICT, "'%s' is there on one side only", path),
        "Take it with --ours or --theirs.");
}

static enum stage stage_of(enum dits_resolution how)
{
    switch (how) {
    case DITS_RESOLVE_BASE:
        return STAGE_BASE;
    case DITS_RESOLVE_THEIRS:
        return STAGE_THEIRS;
    case DITS_RESOLVE_OURS:
    case DITS_RESOLVE_BOTH:
        break;
    }
    return STAGE_OURS;
}

static dits_error *remove_beside(struct resolving *resolving, const char *path,
                                 const char *side)
{
    CLEANUP(text_free) char *name = NULL;
    struct change_side there = {0};
    TRY(stages_find_beside(resolving->repo, &resolving->work, path, side,
                           &there, &name));
    if (name == NULL ||
        index_find(operation_index(resolving->operation), name) != NULL)
        return NULL;
    return change_list_add(&resolving->files, name, there,
                           (struct change_side){0});
}

static bool is_taken(const char *path, void *payload)
{
    const struct resolving *resolving = payload;
    return index_find(operation_index(resolving->operation), path) != NULL;
}

/* Theirs stays where it lies, or is put there, and is staged. */
static dits_error *keep_theirs(struct resolving *resolving,
                               const struct stage_path *item)
{
    CLEANUP(text_free) char *name = NULL;
    struct change_side there = {0};
    TRY(stages_find_beside(resolving->repo, &resolving->work, item->path,
                           "theirs", &there, &name));
    if (name == NULL)
        TRY(conflict_name_free(resolving->repo, item->path, "theirs", is_taken,
                               resolving, &name));
    return change_list_add(&resolving->files, name, item->sides[STAGE_THEIRS],
                           item->sides[STAGE_THEIRS]);
}

static dits_error *plan_path(struct resolving *resolving,
                             const struct stage_path *item)
{
    enum dits_resolution how = resolving->options->how;
    const struct change_side *wanted = &item->sides[stage_of(how)];
    if (how == DITS_RESOLVE_BOTH) {
        if (wanted->mode == 0 || item->sides[STAGE_THEIRS].mode == 0)
            return only_one_side(item->path);
        TRY(keep_theirs(resolving, item));
    } else {
        TRY(remove_beside(resolving, item->path, "theirs"));
    }
    TRY(remove_beside(resolving, item->path, "ours"));
    return change_list_add(&resolving->files, item->path,
                           item->sides[STAGE_OURS], *wanted);
}

static dits_error *plan(struct resolving *resolving)
{
    TRY(unfinished_read(resolving->repo, &resolving->work));
    TRY(stage_list_read(resolving->repo, &resolving->work, &resolving->all));
    if (resolving->all.count == 0)
        return no_conflicts();
    resolving->paths = mem_new_array(const char *, resolving->all.count);
    if (resolving->paths == NULL)
        return error_nomem();
    for (size_t i = 0; i < resolving->all.count; i++) {
        const struct stage_path *item = &resolving->all.items[i];
        if (!pathspec_matches(resolving->pathspec, item->path, false))
            continue;
        pathspec_note(resolving->pathspec, item->path);
        resolving->paths[resolving->count++] = item->path;
        TRY(plan_path(resolving, item));
    }
    change_list_sort(&resolving->files);
    return pathspec_check_noted(resolving->pathspec, NULL);
}

static dits_error *tell(const struct resolving *resolving)
{
    if (resolving->options->on_path == NULL)
        return NULL;
    for (size_t i = 0; i < resolving->count; i++) {
        struct dits_path_event event = {.action = 'M',
                                        .path = resolving->paths[i]};
        TRY(resolving->options->on_path(&event, resolving->options->payload));
    }
    return NULL;
}

static dits_error *change_files(struct resolving *resolving)
{
    CLEANUP(checkout_freep) struct checkout *checkout = NULL;
    const struct checkout_options how = {
        .task = "resolving", .capture = true, .index_follow = true};
    struct checkout_result result = {0};
    TRY(checkout_new(resolving->repo, resolving->operation, &how, &checkout));
    TRY(checkout_add_changes(checkout, &resolving->files));
    return checkout_run(checkout, &result);
}

dits_error *dits_resolve(dits_repo *repo, const struct dits_paths *paths,
                         const struct dits_resolve_options *options)
{
    CLEANUP(release_resolving)
    struct resolving resolving = {.repo = repo, .options = options};
    TRY(pathspec_of(repo, paths, &resolving.pathspec));
    TRY(operation_begin(repo, "resolve", &resolving.operation));
    TRY(plan(&resolving));
    TRY(tell(&resolving));
    TRY(change_files(&resolving));
    TRY(stages_drop(resolving.operation, &resolving.work, resolving.paths,
                    resolving.count));
    return operation_commit(resolving.operation);
}
