#include <dits/refs.h>
#include <dits/worktree.h>

#include "base/path.h"
#include "repo/changes.h"
#include "repo/checkout.h"
#include "repo/head_tree.h"
#include "repo/operation.h"
#include "repo/pathspec.h"
#include "repo/sparse.h"
#include "repo/stages.h"
#include "repo/worktree.h"

/* One dits_restore(). */
struct restoring {
    dits_repo *repo;
    const struct dits_restore_options *options;
    struct operation *operation;
    struct pathspec *pathspec;
    struct sparse *sparse; /* NULL: nothing may be absent */
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
    sparse_free(restoring->sparse);
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
    bool may_be_absent = false;
    if (!pathspec_matches(restoring->pathspec, path, false))
        return NULL;
    TRY(sparse_may_be_absent(restoring->sparse, path, &may_be_absent));
    if (!may_be_absent)
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

/* What lies outside of the sparse set counts where it is there. */
static dits_error *note_what_is_there(struct restoring *restoring)
{
    CLEANUP(dir_close) struct dir root = {0};
    CLEANUP(dir_place_release) struct dir_place place = {.root = &root};
    TRY(worktree_open(restoring->repo, &root));
    for (size_t i = 0; i < restoring->wanted.count; i++) {
        const char *path = restoring->wanted.items[i].path;
        struct fs_stat stat = {0};
        bool found = false;
        TRY(worktree_stat(&place, path, &stat, &found));
        if (found)
            pathspec_note(restoring->pathspec, path);
    }
    return NULL;
}

static void note_all(struct restoring *restoring)
{
    for (size_t i = 0; i < restoring->wanted.count; i++)
        pathspec_note(restoring->pathspec, restoring->wanted.items[i].path);
}

/*
 * Each item has to name something that is restored: what is outside of the
 * sparse set and absent stays so, and is refused as in git.
 */
static dits_error *check_named(struct restoring *restoring)
{
    struct pathspec *pathspec = restoring->pathspec;
    if (restoring->sparse == NULL || pathspec_is_noted(pathspec))
        return pathspec_check_noted(pathspec, NULL);
    TRY(note_what_is_there(restoring));
    dits_error *err = pathspec_check_noted(pathspec, NULL);
    if (err == NULL)
        return NULL;
    note_all(restoring);
    dits_error *other = pathspec_check_noted(pathspec, NULL);
    if (other == NULL) /* all is known, and only not there */
        return error_hint(err, "It is outside of the sparse set: 'dits sparse "
                               "add' brings it, and so does "
                               "'--ignore-skip-worktree-bits'.");
    dits_error_free(err);
    return other;
}

static dits_error *collect(struct restoring *restoring)
{
    if (!restoring->from_index)
        TRY(tree_walk(restoring->repo->store, &restoring->tree, want_entry,
                      restoring));
    TRY(pass_tracked(restoring, NULL));
    return check_named(restoring);
}

/* What is in the work tree is given up, whatever it is, but captured. */
static dits_error *restore_files(struct restoring *restoring)
{
    CLEANUP(change_list_release) struct change_list copies = {0};
    CLEANUP(checkout_freep) struct checkout *checkout = NULL;
    struct checkout_options how = {
        .task = "restoring",
        .capture = true,
        .makes_room = true,
        .index_follow = restoring->options->staged,
        .sparse = !restoring->options->outside,
        .spared = &copies,
        .on_path = restoring->options->on_path,
        .payload = restoring->options->payload,
    };
    struct checkout_result result = {0};
    if (restoring->options->staged)
        TRY(stages_last_copies(restoring->operation, restoring->pathspec,
                               &copies));
    TRY(change_list_add_gone(&restoring->wanted, &copies));
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

/* All that can be refused is refused before anything changes. */
static dits_error *prepare(struct restoring *restoring)
{
    dits_repo *repo = restoring->repo;
    TRY(operation_begin(repo, "restore", &restoring->operation));
    TRY(find_source(restoring)); /* HEAD may have moved before */
    if (restoring->worktree && !restoring->options->outside)
        TRY(sparse_open_limits(repo, &restoring->sparse));
    TRY(stages_note(repo, restoring->pathspec, NULL));
    return collect(restoring);
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
    TRY(prepare(&restoring));
    if (restoring.worktree)
        TRY(restore_files(&restoring));
    else
        TRY(restore_index(&restoring));
    if (options->staged)
        TRY(stages_settle(restoring.operation, restoring.pathspec, NULL));
    return operation_commit(restoring.operation);
}
