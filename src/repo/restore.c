#include <dits/refs.h>
#include <dits/worktree.h>

#include "base/path.h"
#include "repo/changes.h"
#include "repo/checkout.h"
#include "repo/head_tree.h"
#include "repo/operation.h"
#include "repo/pathspec.h"
#include "repo/stages.h"

/* One dits_restore(). */
struct restoring {
    dits_repo *repo;
    const struct dits_restore_options *options;
    struct operation *operation;
    struct pathspec *pathspec;
    bool worktree;
    bool from_index;      /* what is staged is the source */
    struct dits_oid tree; /* else this is */

    /* What each path named shall be: `before` as staged, `after` as wanted. */
    struct change_list wanted;
    size_t at; /* in the index, while walking the tree */
};

static void release_restoring(struct restoring *restoring)
{
    change_list_release(&restoring->wanted);
    pathspec_free(restoring->pathspec);
    operation_free(restoring->operation);
}

static dits_error *find_source(struct restoring *restoring)
{
    const struct dits_restore_options *options = restoring->options;
    if (options->source != NULL)
        return dits_revision_resolve(restoring->repo, options->source,
                                     DITS_REVISION_TREE, &restoring->tree);
    restoring->from_index = !options->staged;
    return options->staged ? head_tree(restoring->repo, &restoring->tree)
                           : NULL;
}

static dits_error *want(struct restoring *restoring, const char *path,
                        struct change_side staged, struct change_side wanted)
{
    if (!pathspec_matches(restoring->pathspec, path, false))
        return NULL;
    pathspec_note(restoring->pathspec, path);
    return change_list_add(&restoring->wanted, path, staged, wanted);
}

static struct change_side staged_side(const struct index_entry *entry)
{
    return (struct change_side){.mode = entry->mode, .id = entry->asset};
}

/* Tracked files before `path` (NULL: all the rest) are not in the source. */
static dits_error *pass_tracked(struct restoring *restoring, const char *path)
{
    const struct index *index = operation_index(restoring->operation);
    size_t count = index_count(index);
    for (; restoring->at < count; restoring->at++) {
        const struct index_entry *entry = index_at(index, restoring->at);
        if (path != NULL && path_compare(entry->path, path) >= 0)
            return NULL;
        struct change_side staged = staged_side(entry);
        bool stays = restoring->from_index;
        if (stays || !restoring->options->keep_others)
            TRY(want(restoring, entry->path, staged,
                     stays ? staged : (struct change_side){0}));
    }
    return NULL;
}

static dits_error *want_entry(const char *path, const struct tree_entry *entry,
                              void *payload)
{
    struct restoring *restoring = payload;
    const struct index *index = operation_index(restoring->operation);
    struct change_side staged = {0};
    TRY(pass_tracked(restoring, path));
    if (restoring->at < index_count(index)) {
        const struct index_entry *here = index_at(index, restoring->at);
        if (path_compare(here->path, path) == 0) {
            staged = staged_side(here);
            restoring->at++;
        }
    }
    return want(restoring, path, staged, change_side_of(entry));
}

static dits_error *collect(struct restoring *restoring)
{
    if (!restoring->from_index)
        TRY(tree_walk(restoring->repo->store, &restoring->tree, want_entry,
                      restoring));
    TRY(pass_tracked(restoring, NULL));
    return pathspec_check_noted(restoring->pathspec, NULL);
}

/* What is in the work tree is given up, whatever it is, but captured. */
static dits_error *restore_files(struct restoring *restoring)
{
    CLEANUP(checkout_freep) struct checkout *checkout = NULL;
    struct checkout_options how = {
        .task = "restoring",
        .capture = true,
        .makes_room = true,
        .index_follow = restoring->options->staged,
        .sparse = true,
        .on_path = restoring->options->on_path,
        .payload = restoring->options->payload,
    };
    struct checkout_result result = {0};
    TRY(checkout_new(restoring->repo, restoring->operation, &how, &checkout));
    TRY(checkout_add_changes(checkout, &restoring->wanted));
    change_list_release(&restoring->wanted); /* the checkout has its own */
    return checkout_run(checkout, &result);
}

static bool is_same(const struct change *change)
{
    return change_side_equal(&change->before, &change->after);
}

static char action_of(const struct change *change)
{
    if (change->after.mode == 0)
        return 'D';
    return change->before.mode == 0 ? 'A' : 'M';
}

/* Of restoring what is staged alone. */
static dits_error *tell(const struct restoring *restoring)
{
    if (restoring->options->on_path == NULL)
        return NULL;
    for (size_t i = 0; i < restoring->wanted.count; i++) {
        const struct change *change = &restoring->wanted.items[i];
        struct dits_path_event event = {
            .action = action_of(change),
            .path = change->path,
        };
        if (!is_same(change))
            TRY(restoring->options->on_path(&event,
                                            restoring->options->payload));
    }
    return NULL;
}

static dits_error *restore_index(struct restoring *restoring)
{
    struct index *index = operation_index(restoring->operation);
    TRY(tell(restoring));
    for (size_t i = 0; i < restoring->wanted.count; i++) {
        const struct change *change = &restoring->wanted.items[i];
        if (change->after.mode == 0)
            TRY(index_remove(index, change->path));
    }
    for (size_t i = 0; i < restoring->wanted.count; i++) {
        const struct change *change = &restoring->wanted.items[i];
        struct index_entry entry = {.path = change->path,
                                    .mode = change->after.mode,
                                    .asset = change->after.id};
        if (change->after.mode != 0 && !is_same(change))
            TRY(index_set(index, &entry));
    }
    return NULL;
}

dits_error *dits_restore(dits_repo *repo, const struct dits_paths *paths,
                         const struct dits_restore_options *options)
{
    static const struct dits_restore_options defaults = {0};
    CLEANUP(release_restoring)
    struct restoring restoring = {
        .repo = repo,
        .options = options != NULL ? options : &defaults,
    };
    options = restoring.options;
    restoring.worktree = options->worktree || !options->staged;
    if (paths == NULL || paths->count == 0)
        return error_hint(error_new(DITS_E_INVALID, "nothing named to restore"),
                          "Use 'dits restore .' for everything here.");
    TRY(pathspec_of(repo, paths, &restoring.pathspec));
    TRY(find_source(&restoring));
    TRY(operation_begin(repo, "restore", &restoring.operation));
    TRY(stages_note(repo, restoring.pathspec, NULL));
    TRY(collect(&restoring));
    if (options->staged)
        TRY(stages_settle(restoring.operation, restoring.pathspec, NULL));
    if (restoring.worktree)
        TRY(restore_files(&restoring));
    else
        TRY(restore_index(&restoring));
    return operation_commit(restoring.operation);
}
