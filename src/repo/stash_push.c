#include <dits/refs.h>
#include <dits/stash.h>

#include <string.h>

#include "base/mem.h"
#include "object/path_edit.h"
#include "repo/capture.h"
#include "repo/checkout.h"
#include "repo/commit_work.h"
#include "repo/commit_write.h"
#include "repo/head_tree.h"
#include "repo/index.h"
#include "repo/index_stat.h"
#include "repo/message.h"
#include "repo/ref_name.h"
#include "repo/scan.h"
#include "repo/stage.h"
#include "repo/stash.h"
#include "repo/worktree.h"

/* One dits_stash_push(). */
struct stashing {
    dits_repo *repo;
    const struct dits_stash_options *options;
    const struct dits_paths *paths;
    const char *title; /* the whole message; NULL: made from the options' */
    struct operation *operation;
    struct pathspec *pathspec;
    struct scan_result scan;      /* untracked files */
    struct change_list untracked; /* as stored: `before` */
    size_t *rows;                 /* of these, in the scan */
    struct dits_oid head;         /* trees */
    struct dits_oid staged;
    struct dits_oid files;
    struct change_list going; /* from the files to what shall be there */
    struct dits_stash_result result;
};

static void release_stashing(struct stashing *stashing)
{
    change_list_release(&stashing->going);
    change_list_release(&stashing->untracked);
    mem_free(stashing->rows);
    scan_result_release(&stashing->scan);
    pathspec_free(stashing->pathspec);
    operation_free(stashing->operation);
}

static bool is_named(const struct stashing *stashing)
{
    return stashing->paths != NULL && stashing->paths->count > 0;
}

static dits_error *begin(struct stashing *stashing)
{
    CLEANUP(unfinished_release) struct unfinished work = {0};
    dits_repo *repo = stashing->repo;
    TRY(pathspec_of(repo, stashing->paths, &stashing->pathspec));
    TRY(operation_begin(repo, "stash", &stashing->operation));
    const struct refs_head *head = operation_head(stashing->operation);
    if (dits_oid_is_zero(&head->commit))
        return error_hint(
            error_new(DITS_E_INVALID, "there is no commit here yet"),
            "Make the first one with 'dits commit'.");
    TRY(unfinished_read(repo, &work));
    TRY(commit_work_check(repo, &work));
    return head_tree_of(repo, &head->commit, &stashing->head);
}

static dits_error *capture_one(const struct worktree_turn *turn, void *payload)
{
    struct stashing *stashing = payload;
    struct change *change = &stashing->untracked.items[turn->item];
    const struct fs_stat *stat =
        &stashing->scan.entries[stashing->rows[turn->item]].stat;
    if (worktree_waits(turn, stat->size))
        return NULL;
    index_stat_settle(stat);
    return capture_path(stashing->repo, stashing->operation, turn, change->path,
                        stat, &change->before);
}

static bool is_wanted(const struct stashing *stashing,
                      const struct scan_entry *seen)
{
    bool is_file = seen->stat.kind == FS_REGULAR ||
                   seen->stat.kind == FS_SYMLINK;
    return !seen->is_folder && is_file &&
           (seen->state == SCAN_UNTRACKED ||
            (seen->state == SCAN_IGNORED && stashing->options->all));
}

static dits_error *list_untracked(struct stashing *stashing)
{
    stashing->rows = mem_new_array(size_t, stashing->scan.count + 1);
    if (stashing->rows == NULL)
        return error_nomem();
    for (size_t i = 0; i < stashing->scan.count; i++) {
        const struct scan_entry *seen = &stashing->scan.entries[i];
        struct change_side nothing = {0};
        if (!is_wanted(stashing, seen))
            continue;
        pathspec_note(stashing->pathspec, seen->path);
        stashing->rows[stashing->untracked.count] = i;
        TRY(change_list_add(&stashing->untracked, seen->path, nothing,
                            nothing));
    }
    return NULL;
}

/* Untracked files become part of the stash, stored first. */
static dits_error *collect_untracked(struct stashing *stashing)
{
    const struct scan_options wanted = {
        .index = operation_index(stashing->operation),
        .pathspec = stashing->pathspec,
        .want_stat = true,
        .expand = true,
        .include_ignored = stashing->options->all,
    };
    if (!stashing->options->untracked && !stashing->options->all)
        return NULL;
    TRY(scan_run(stashing->repo, &wanted, &stashing->scan));
    TRY(list_untracked(stashing));
    const struct worktree_each each = {
        .repo = stashing->repo,
        .count = stashing->untracked.count,
        .fn = capture_one,
        .payload = stashing,
    };
    return worktree_each(&each);
}

/* The changes of tracked files; the paths named may all be untracked. */
static dits_error *stage_files(struct stashing *stashing)
{
    static const struct dits_paths everything = {0};
    dits_error *err =
        stage_tracked(stashing->repo, stashing->operation,
                      is_named(stashing) ? stashing->paths : &everything);
    if (!dits_error_has(err, DITS_E_NOT_FOUND) ||
        stashing->untracked.count == 0)
        return err;
    dits_error_free(err);
    return NULL;
}

/* HEAD's tree with what `tree` has at the paths that are named. */
static dits_error *keep_named(struct stashing *stashing, struct dits_oid *tree)
{
    CLEANUP(change_list_release) struct change_list list = {0};
    if (!is_named(stashing))
        return NULL;
    TRY(change_list_of_trees(stashing->repo, &stashing->head, tree,
                             stashing->pathspec, &list));
    struct path_change *changes =
        mem_new_array(struct path_change, list.count + 1);
    if (changes == NULL)
        return error_nomem();
    for (size_t i = 0; i < list.count; i++)
        changes[i] = (struct path_change){.path = list.items[i].path,
                                          .mode = list.items[i].after.mode,
                                          .id = list.items[i].after.id};
    dits_error *err = path_edit(stashing->repo->store,
                                operation_writer(stashing->operation),
                                &stashing->head, changes, list.count, tree);
    mem_free(changes);
    return err;
}

/* What is staged, and then the files as they are, both as trees. */
static dits_error *collect_tracked(struct stashing *stashing)
{
    struct index *index = operation_index(stashing->operation);
    struct store_writer *writer = operation_writer(stashing->operation);
    TRY(index_write_tree(index, writer, &stashing->staged));
    TRY(collect_untracked(stashing));
    TRY(stage_files(stashing));
    TRY(index_write_tree(index, writer, &stashing->files));
    TRY(store_writer_commit(writer)); /* they are read at once */
    TRY(keep_named(stashing, &stashing->staged));
    TRY(keep_named(stashing, &stashing->files));
    return store_writer_commit(writer);
}

static dits_error *describe(const struct stashing *stashing, struct buf *out)
{
    CLEANUP(commit_release) struct commit commit = {0};
    char hex[OID_HEX_SIZE] = "";
    const struct refs_head *head = operation_head(stashing->operation);
    const char *branch = head->branch != NULL ? ref_name_short(head->branch)
                                              : "(no branch)";
    const char *message = stashing->options->message;
    if (stashing->title != NULL)
        return buf_put_text(out, stashing->title);
    if (message != NULL)
        return buf_printf(out, "On %s: %s", branch, message);
    TRY(commit_load(stashing->repo->store, &head->commit, &commit));
    dits_oid_hex(&head->commit, hex);
    TRY(buf_printf(out, "WIP on %s: %.7s ", branch, hex));
    return message_subject(commit.message, out);
}

static dits_error *store_part(struct stashing *stashing,
                              const struct dits_oid *tree, bool is_root,
                              const char *message, struct dits_oid *out)
{
    const struct commit_draft draft = {
        .tree = tree,
        .parents = &operation_head(stashing->operation)->commit,
        .parent_count = is_root ? 0 : 1,
        .message = message,
    };
    return commit_write(stashing->operation, &draft, out);
}

static dits_error *store_stash(struct stashing *stashing)
{
    CLEANUP(buf_release) struct buf message = {0};
    struct dits_oid parents[3] = {operation_head(stashing->operation)->commit};
    size_t count = 2;
    TRY(describe(stashing, &message));
    TRY(store_part(stashing, &stashing->staged, false, "what was staged",
                   &parents[1]));
    if (stashing->untracked.count > 0) {
        struct dits_oid tree = {0};
        TRY(capture_tree(stashing->operation, &stashing->untracked,
                         CAPTURE_BEFORE, &tree));
        TRY(store_part(stashing, &tree, true, "untracked files", &parents[2]));
        count = 3;
    }
    TRY(store_writer_commit(operation_writer(stashing->operation)));
    const struct commit_draft draft = {
        .tree = &stashing->files,
        .parents = parents,
        .parent_count = count,
        .message = buf_text(&message),
    };
    TRY(commit_write(stashing->operation, &draft, &stashing->result.id));
    return stash_add(stashing->operation, &stashing->result.id);
}

/* The files, from what was just stored to what stays. */
static dits_error *list_going(struct stashing *stashing)
{
    bool keeps = stashing->options->keep_index;
    TRY(change_list_of_trees(stashing->repo, &stashing->files,
                             keeps ? &stashing->staged : &stashing->head,
                             stashing->pathspec, &stashing->going));
    for (size_t i = 0; i < stashing->untracked.count; i++) {
        const struct change *change = &stashing->untracked.items[i];
        TRY(change_list_add(&stashing->going, change->path, change->before,
                            (struct change_side){0}));
    }
    change_list_sort(&stashing->going);
    return NULL;
}

static dits_error *clear_files(struct stashing *stashing)
{
    CLEANUP(checkout_freep) struct checkout *checkout = NULL;
    const struct checkout_options how = {
        .task = "stashing",
        .index_follow = true,
        .announces = true,
        .sparse = true,
    };
    struct checkout_result result = {0};
    TRY(checkout_new(stashing->repo, stashing->operation, &how, &checkout));
    TRY(checkout_add_changes(checkout, &stashing->going));
    TRY(checkout_run(checkout, &result));
    stashing->result.files = result.files_written + result.files_removed;
    return NULL;
}

static bool has_nothing(const struct stashing *stashing)
{
    return dits_oid_equal(&stashing->head, &stashing->files) &&
           dits_oid_equal(&stashing->head, &stashing->staged) &&
           stashing->untracked.count == 0;
}

static dits_error *push(struct stashing *stashing)
{
    TRY(begin(stashing));
    TRY(collect_tracked(stashing));
    stashing->result.is_empty = has_nothing(stashing);
    if (stashing->result.is_empty)
        return NULL;
    TRY(store_stash(stashing));
    TRY(list_going(stashing));
    TRY(clear_files(stashing));
    return operation_commit(stashing->operation);
}

dits_error *stash_push_as(dits_repo *repo, const char *title,
                          struct dits_oid *out_id)
{
    static const struct dits_stash_options defaults = {0};
    CLEANUP(release_stashing)
    struct stashing stashing = {
        .repo = repo, .options = &defaults, .title = title};
    TRY(push(&stashing));
    *out_id = stashing.result.id;
    return NULL;
}

dits_error *dits_stash_push(dits_repo *repo, const struct dits_paths *paths,
                            const struct dits_stash_options *options,
                            struct dits_stash_result *out)
{
    static const struct dits_stash_options defaults = {0};
    CLEANUP(release_stashing)
    struct stashing stashing = {
        .repo = repo,
        .paths = paths,
        .options = options != NULL ? options : &defaults,
    };
    TRY(push(&stashing));
    *out = stashing.result;
    return NULL;
}
