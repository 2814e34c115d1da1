#include <dits/worktree.h>

#include <string.h>

#include "base/path.h"
#include "repo/changes.h"
#include "repo/checkout.h"
#include "repo/head_tree.h"
#include "repo/operation.h"
#include "repo/pathspec.h"
#include "repo/stages.h"
#include "repo/worktree.h"

/* One dits_remove(). */
struct removing {
    dits_repo *repo;
    const struct dits_remove_options *options;
    struct operation *operation;
    struct pathspec *pathspec;
    struct change_list staged; /* HEAD against what is staged */
    struct change_list going;  /* what is staged, and shall be nothing */
    struct change_list copies; /* of conflicts, that go with the last of them */
    bool has_conflicts; /* markers and other versions are captured and go */
};

static void release_removing(struct removing *removing)
{
    change_list_release(&removing->staged);
    change_list_release(&removing->going);
    change_list_release(&removing->copies);
    pathspec_free(removing->pathspec);
    operation_free(removing->operation);
}

/* Whether a folder above `path` was named outright. */
static bool is_in_named_folder(const struct pathspec *pathspec,
                               const char *path, struct buf *folder)
{
    for (const char *at = strchr(path, '/'); at != NULL;
         at = strchr(at + 1, '/')) {
        buf_clear(folder);
        dits_error *err = buf_put(folder, path, (size_t)(at - path));
        bool named = err == NULL && pathspec_names(pathspec, buf_text(folder));
        dits_error_free(err); /* without memory the next call fails, too */
        if (named)
            return true;
    }
    buf_clear(folder);
    return pathspec_names(pathspec, "");
}

/* What our side deleted lies there all the same, until that is settled. */
static dits_error *collect_conflicts(struct removing *removing)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    CLEANUP(stage_list_release) struct stage_list list = {0};
    const struct index *index = operation_index(removing->operation);
    TRY(unfinished_read(removing->repo, &work));
    TRY(stage_list_read(removing->repo, &work, &list));
    for (size_t i = 0; i < list.count; i++) {
        const char *path = list.items[i].path;
        if (!pathspec_matches(removing->pathspec, path, false))
            continue;
        pathspec_note(removing->pathspec, path);
        removing->has_conflicts = true;
        if (index_find(index, path) == NULL)
            TRY(change_list_add(&removing->going, path,
                                list.items[i].sides[STAGE_THEIRS],
                                (struct change_side){0}));
    }
    change_list_sort(&removing->going);
    return NULL;
}

static dits_error *collect(struct removing *removing)
{
    CLEANUP(buf_release) struct buf folder = {0};
    const struct index *index = operation_index(removing->operation);
    for (size_t i = 0; i < index_count(index); i++) {
        const struct index_entry *entry = index_at(index, i);
        struct change_side staged = {.mode = entry->mode, .id = entry->asset};
        if (!pathspec_matches(removing->pathspec, entry->path, false))
            continue;
        pathspec_note(removing->pathspec, entry->path);
        if (!removing->options->recursive &&
            is_in_named_folder(removing->pathspec, entry->path, &folder))
            return error_hint(
                error_new(DITS_E_INVALID, "'%s' is a folder",
                          folder.size > 0 ? buf_text(&folder) : "."),
                "Use -r to remove all that lies in it.");
        TRY(change_list_add(&removing->going, entry->path, staged,
                            (struct change_side){0}));
    }
    TRY(collect_conflicts(removing));
    return pathspec_check_noted(removing->pathspec, NULL);
}

/* What is staged but in no commit would be lost. */
static dits_error *check_staged(const struct removing *removing)
{
    for (size_t i = 0; i < removing->staged.count; i++) {
        const struct change *change = &removing->staged.items[i];
        if (change->after.mode != 0)
            return error_hint(error_new(DITS_E_CONFLICT,
                                        "'%s' has staged changes",
                                        change->path),
                              "Use --cached to keep the file, or -f to remove "
                              "it all the same: 'dits undo' brings it back.");
    }
    return NULL;
}

/* Whether the file is there with other content than is staged. */
static dits_error *differs(const struct removing *removing,
                           struct dir_place *place, const char *path, bool *out)
{
    const struct worktree_turn turn = {.threads = 1, .place = place};
    const struct index_entry *known =
        index_find(operation_index(removing->operation), path);
    struct index_entry entry = *known;
    struct fs_stat stat = {0};
    bool found = false;
    bool same = false;
    TRY(worktree_stat(place, path, &stat, &found));
    found = found && stat.kind != FS_FOLDER;
    if (found)
        TRY(worktree_is_same(removing->repo, &turn, path, &stat, &entry,
                             &same));
    *out = found && !same;
    return NULL;
}

/* With --cached the file stays: only what is in neither it nor HEAD goes. */
static dits_error *check_cached(const struct removing *removing)
{
    CLEANUP(dir_close) struct dir root = {0};
    CLEANUP(dir_place_release) struct dir_place place = {.root = &root};
    TRY(worktree_open(removing->repo, &root));
    for (size_t i = 0; i < removing->staged.count; i++) {
        const struct change *change = &removing->staged.items[i];
        bool differ = false;
        if (change->after.mode != 0)
            TRY(differs(removing, &place, change->path, &differ));
        if (differ)
            return error_hint(
                error_new(DITS_E_CONFLICT,
                          "what is staged of '%s' is neither in the file nor "
                          "in HEAD",
                          change->path),
                "Use -f to remove it all the same: 'dits undo' brings it "
                "back.");
    }
    return NULL;
}

static dits_error *tell(const struct removing *removing)
{
    if (removing->options->on_path == NULL)
        return NULL;
    for (size_t i = 0; i < removing->going.count; i++) {
        struct dits_path_event event = {.action = 'D',
                                        .path = removing->going.items[i].path};
        if (change_list_find(&removing->copies, event.path) == NULL)
            TRY(removing->options->on_path(&event, removing->options->payload));
    }
    return NULL;
}

static dits_error *remove_files(struct removing *removing)
{
    CLEANUP(checkout_freep) struct checkout *checkout = NULL;
    struct checkout_options how = {
        .task = "removing",
        .capture = removing->options->force || removing->has_conflicts,
        .index_follow = true,
        .spared = &removing->copies,
    };
    struct checkout_result result = {0};
    TRY(stages_last_copies(removing->operation, removing->pathspec,
                           &removing->copies));
    TRY(change_list_add_gone(&removing->going, &removing->copies));
    TRY(checkout_new(removing->repo, removing->operation, &how, &checkout));
    TRY(checkout_add_changes(checkout, &removing->going));
    TRY(checkout_look(checkout));
    TRY(tell(removing));
    return removing->options->dry_run ? NULL : checkout_run(checkout, &result);
}

static dits_error *remove_entries(struct removing *removing)
{
    struct index *index = operation_index(removing->operation);
    TRY(tell(removing));
    if (removing->options->dry_run)
        return NULL;
    for (size_t i = 0; i < removing->going.count; i++)
        TRY(index_remove(index, removing->going.items[i].path));
    return NULL;
}

/* All that can be refused is refused before the caller hears of any path. */
static dits_error *check(struct removing *removing)
{
    struct dits_oid head = {0};
    TRY(collect(removing));
    if (removing->options->force)
        return NULL;
    TRY(head_tree(removing->repo, &head));
    TRY(change_list_of_index(removing->repo, &head,
                             operation_index(removing->operation),
                             removing->pathspec, &removing->staged));
    return removing->options->cached ? check_cached(removing)
                                     : check_staged(removing);
}

dits_error *dits_remove(dits_repo *repo, const struct dits_paths *paths,
                        const struct dits_remove_options *options)
{
    static const struct dits_remove_options defaults = {0};
    CLEANUP(release_removing)
    struct removing removing = {
        .repo = repo,
        .options = options != NULL ? options : &defaults,
    };
    options = removing.options;
    if (paths == NULL || paths->count == 0)
        return error_new(DITS_E_INVALID, "nothing named to remove");
    TRY(pathspec_of(repo, paths, &removing.pathspec));
    TRY(operation_begin(repo, "rm", &removing.operation));
    TRY(check(&removing));
    if (options->cached)
        TRY(remove_entries(&removing));
    else
        TRY(remove_files(&removing));
    if (options->dry_run)
        return NULL;
    TRY(stages_settle(removing.operation, removing.pathspec, NULL));
    return operation_commit(removing.operation);
}
