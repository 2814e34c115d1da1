/* What lies where the checkout will write: before anything is changed. */
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "base/pool.h"
#include "base/text.h"
#include "object/asset.h"
#include "repo/capture.h"
#include "repo/checkout_private.h"

enum { NAMES_MAX = 20 }; /* in the message of a conflict */

static dits_error *note_conflict(struct checkout *checkout, const char *path)
{
    POOL_LOCKED(&checkout->mutex);
    if (checkout->conflict_count++ >= NAMES_MAX)
        return NULL;
    return buf_printf(&checkout->conflicts, "%s'%s'",
                      checkout->conflicts.size > 0 ? ", " : "", path);
}

/* A file beside those that are changed is in the way of one. */
static dits_error *note_obstacle(struct checkout *checkout, const char *path,
                                 enum fs_kind kind)
{
    bool is_file = kind == FS_REGULAR || kind == FS_SYMLINK;
    if (!checkout->options.makes_room || checkout->knows_obstacles ||
        !is_file || !worktree_is_safe_path(path))
        return note_conflict(checkout, path);
    POOL_LOCKED(&checkout->mutex);
    return change_list_add(&checkout->obstacles, path, (struct change_side){0},
                           (struct change_side){0});
}

/* What the index knows of the file, if it is about this very content. */
static struct index_entry expect(const struct checkout *checkout,
                                 const char *path,
                                 const struct change_side *side)
{
    const struct index_entry *known =
        index_find(operation_index(checkout->operation), path);
    if (known != NULL && known->mode == side->mode &&
        dits_oid_equal(&known->asset, &side->id))
        return *known;
    return (struct index_entry){
        .path = path, .mode = side->mode, .asset = side->id};
}

/* Whether what `step` found is what `side` says; then an entry for it. */
static dits_error *is_side(const struct checkout *checkout,
                           const struct worktree_turn *turn,
                           const struct change_side *side,
                           const struct checkout_step *step,
                           struct index_entry *out, bool *out_same)
{
    const char *path = checkout->changes.items[turn->item].path;
    *out_same = false;
    if (side->mode == 0)
        return NULL;
    struct index_entry entry = expect(checkout, path, side);
    TRY(worktree_is_same(checkout->repo, turn, path, &step->stat, &entry,
                         out_same));
    if (*out_same)
        *out = entry;
    return NULL;
}

/* The store has the content no more. */
static bool is_gone(const struct checkout *checkout,
                    const struct change_side *side)
{
    return side->mode != 0 && id_set_has(&checkout->gone, &side->id);
}

/* Whether the checkout removes exactly this path. */
static bool goes_away(const struct checkout *checkout, const char *path)
{
    const struct change *change = change_list_find(&checkout->changes, path);
    return change != NULL && change->after.mode == 0;
}

/* Something else shall be where this file is, which goes if it may. */
static dits_error *give_way(struct checkout *checkout, const char *path)
{
    const struct change *change = change_list_find(&checkout->changes, path);
    return is_gone(checkout, &change->before) ? note_conflict(checkout, path)
                                              : NULL;
}

/* A folder stands where a file shall be: all in it must go. */
struct folder_check {
    struct checkout *checkout;
    const struct dir *dir;
    const char *path;
};

static dits_error *check_folder(struct checkout *checkout,
                                const struct dir *above, const char *name,
                                const char *path);

static dits_error *check_name(const char *name, enum fs_kind kind,
                              void *payload)
{
    const struct folder_check *check = payload;
    CLEANUP(buf_release) struct buf path = {0};
    TRY(buf_printf(&path, "%s/%s", check->path, name));
    if (kind == FS_FOLDER)
        return check_folder(check->checkout, check->dir, name, buf_text(&path));
    if (goes_away(check->checkout, buf_text(&path)))
        return give_way(check->checkout, buf_text(&path));
    return note_obstacle(check->checkout, buf_text(&path), kind);
}

static dits_error *check_folder(struct checkout *checkout,
                                const struct dir *above, const char *name,
                                const char *path)
{
    CLEANUP(dir_close) struct dir dir = {0};
    bool found = false;
    TRY(dir_open_below(above, name, &dir, &found));
    struct folder_check check = {
        .checkout = checkout, .dir = &dir, .path = path};
    return found ? dir_list(&dir, check_name, &check) : NULL;
}

/* The folder of `path` cannot be entered: perhaps a file is in the way. */
static dits_error *check_parents(struct checkout *checkout,
                                 struct dir_place *place, const char *path)
{
    CLEANUP(text_free) char *part = NULL;
    TRY(text_copy(path, &part));
    for (char *at = strchr(part, '/'); at != NULL; at = strchr(at + 1, '/')) {
        struct fs_stat stat = {0};
        bool found = false;
        *at = '\0';
        TRY(worktree_stat(place, part, &stat, &found));
        if (found && stat.kind != FS_FOLDER)
            return goes_away(checkout, part)
                       ? give_way(checkout, part)
                       : note_obstacle(checkout, part, stat.kind);
        *at = '/';
        if (!found)
            return NULL;
    }
    return NULL;
}

/* It would go, but is not what it was any more. */
static bool is_spared(const struct checkout *checkout,
                      const struct worktree_turn *turn)
{
    const struct change_list *spared = checkout->options.spared;
    const struct change *change = &checkout->changes.items[turn->item];
    return change->after.mode == 0 && spared != NULL &&
           change_list_find(spared, change->path) != NULL;
}

/* Something is there that neither state knows. */
static dits_error *meet_other(struct checkout *checkout,
                              const struct worktree_turn *turn,
                              const char *path, struct checkout_step *step)
{
    bool is_file = step->stat.kind == FS_REGULAR ||
                   step->stat.kind == FS_SYMLINK;
    if (is_spared(checkout, turn)) {
        step->act = CHECKOUT_NOTHING;
        return NULL;
    }
    if (!checkout->options.capture || !is_file)
        return note_conflict(checkout, path);
    step->is_captured = true;
    return capture_path(checkout->repo, checkout->operation, turn, path,
                        &step->stat, &step->found);
}

/*
 * What is there was obliterated: no undo could bring it back. Nor is it
 * captured, as then the store would have again what was to go.
 */
static dits_error *meet_only_copy(struct checkout *checkout, const char *path,
                                  struct checkout_step *step)
{
    if (step->act == CHECKOUT_WRITE)
        return note_conflict(checkout, path);
    step->act = CHECKOUT_NOTHING;
    log_warn(checkout->repo->context,
             "'%s' is left where it is: its content was obliterated, and no "
             "history has it",
             path);
    return NULL;
}

static bool is_needed(const struct checkout *checkout, const char *path)
{
    const struct checkout_options *options = &checkout->options;
    return options->is_needed != NULL &&
           options->is_needed(path, options->payload);
}

static dits_error *judge_file(struct checkout *checkout,
                              const struct worktree_turn *turn,
                              const struct change *change,
                              struct checkout_step *step)
{
    struct index_entry before = {0};
    struct index_entry after = {0};
    bool is_before = false;
    bool is_after = false;
    step->is_there = true;
    TRY(is_side(checkout, turn, &change->after, step, &after, &is_after));
    if (!is_after || after.is_dropped)
        TRY(is_side(checkout, turn, &change->before, step, &before,
                    &is_before));

    /* What stands in for the new state may be the content of the old one. */
    if (is_after && !(is_before && after.is_dropped && !before.is_dropped)) {
        step->result = after;
        step->found = change->after;
        return NULL;
    }
    step->act = change->after.mode != 0 && !is_gone(checkout, &change->after)
                    ? CHECKOUT_WRITE
                    : CHECKOUT_REMOVE;
    step->found = change->before;
    step->is_dropped = is_before && before.is_dropped &&
                       !is_needed(checkout, change->path);
    if (is_before && !before.is_dropped && is_gone(checkout, &change->before))
        return meet_only_copy(checkout, change->path, step);
    return is_before ? NULL : meet_other(checkout, turn, change->path, step);
}

/* Whether the change before is about a file of the same folder, to be made:
 * then its check of the folders above holds for this one, too. */
static bool is_checked_before(const struct checkout *checkout, size_t item)
{
    if (item == 0 || checkout->sparse != NULL)
        return false; /* with a sparse set the file before may be left out */
    const struct change *before = &checkout->changes.items[item - 1];
    const char *path = checkout->changes.items[item].path;
    size_t length = (size_t)(path_base_name(path) - path);
    return before->after.mode != 0 &&
           strncmp(before->path, path, length) == 0 &&
           path_base_name(before->path) == before->path + length;
}

/* Nothing is written; the index knows what would be there. */
static dits_error *pass_over(const struct checkout *checkout,
                             const struct change *change,
                             struct checkout_step *step)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    TRY(asset_open(checkout->repo->store, &change->after.id, &asset));
    step->result = (struct index_entry){
        .mode = change->after.mode,
        .asset = change->after.id,
        .content = asset_get_info(asset)->content,
    };
    log_warn(checkout->repo->context,
             "'%s' is not written: its content was obliterated", change->path);
    return NULL;
}

/* Whether a stand-in was there when the index was last told of this state. */
static bool was_dropped(const struct checkout *checkout,
                        const struct change *change)
{
    return change->before.mode != 0 &&
           expect(checkout, change->path, &change->before).is_dropped;
}

/* Nothing is there. A file that shall be may belong to what is not wanted on
 * the disk: then the index alone gets it. */
static dits_error *judge_absence(const struct checkout *checkout,
                                 const struct change *change, bool wanted,
                                 struct checkout_step *step)
{
    bool may_be_absent = false;
    if (!wanted)
        return NULL;
    TRY(sparse_may_be_absent(checkout->sparse, change->path, &may_be_absent));
    bool needed = is_needed(checkout, change->path);
    step->is_dropped = !needed && was_dropped(checkout, change);
    if (!may_be_absent || needed)
        step->act = CHECKOUT_WRITE;
    else if (checkout->options.index_follow)
        step->result = (struct index_entry){.mode = change->after.mode,
                                            .asset = change->after.id};
    return NULL;
}

static dits_error *check_place(struct checkout *checkout,
                               const struct worktree_turn *turn, bool wanted)
{
    const struct change *change = &checkout->changes.items[turn->item];
    struct checkout_step *step = &checkout->steps[turn->item];
    const char *name = NULL;
    bool found = false;
    TRY(worktree_enter(turn->place, change->path, &name, &found));
    if (!found) {
        TRY(judge_absence(checkout, change, wanted, step));
        if (step->act == CHECKOUT_NOTHING ||
            is_checked_before(checkout, turn->item))
            return NULL;
        return check_parents(checkout, turn->place, change->path);
    }
    TRY_CONTEXT(dir_stat(&turn->place->dir, name, &step->stat, &found),
                "cannot look at '%s'", change->path);
    if (found && step->stat.kind != FS_FOLDER) {
        if (worktree_waits(turn, step->stat.size))
            return NULL;
        return judge_file(checkout, turn, change, step);
    }
    TRY(judge_absence(checkout, change, wanted, step));
    if (!found || step->act == CHECKOUT_NOTHING)
        return NULL;
    return check_folder(checkout, &turn->place->dir, name, change->path);
}

static dits_error *check_one(const struct worktree_turn *turn, void *payload)
{
    struct checkout *checkout = payload;
    const struct change *change = &checkout->changes.items[turn->item];
    struct checkout_step *step = &checkout->steps[turn->item];
    bool gone = is_gone(checkout, &change->after);
    TRY(check_place(checkout, turn, change->after.mode != 0 && !gone));
    return gone && step->result.mode == 0 ? pass_over(checkout, change, step)
                                          : NULL;
}

static dits_error *check_all(struct checkout *checkout)
{
    struct worktree_each each = {
        .repo = checkout->repo,
        .count = checkout->changes.count,
        .fn = check_one,
        .payload = checkout,
    };
    return worktree_each(&each);
}

/* Several workers may have met the same file. */
static dits_error *add_obstacles(struct checkout *checkout)
{
    struct change_list *obstacles = &checkout->obstacles;
    const char *last = NULL;
    change_list_sort(obstacles);
    for (size_t i = 0; i < obstacles->count; i++) {
        const struct change *change = &obstacles->items[i];
        if (last == NULL || strcmp(last, change->path) != 0)
            TRY(change_list_add(&checkout->changes, change->path,
                                change->before, change->after));
        last = change->path;
    }
    change_list_sort(&checkout->changes);
    checkout->knows_obstacles = true;
    return NULL;
}

/*
 * What is in the way is captured and goes like any other file: it becomes one
 * of the changes, and all of them are looked at again.
 */
static dits_error *look_again(struct checkout *checkout)
{
    TRY(add_obstacles(checkout));
    mem_free(checkout->steps);
    checkout->steps =
        mem_new_array(struct checkout_step, checkout->changes.count);
    if (checkout->steps == NULL)
        return error_nomem();
    return check_all(checkout);
}

dits_error *checkout_check(struct checkout *checkout)
{
    TRY(check_all(checkout));
    if (checkout->obstacles.count > 0 && checkout->conflict_count == 0)
        TRY(look_again(checkout));
    if (checkout->conflict_count == 0)
        return NULL;
    if (checkout->conflict_count > NAMES_MAX)
        TRY(buf_printf(&checkout->conflicts, " and %zu more",
                       checkout->conflict_count - NAMES_MAX));
    dits_error *err = error_new(DITS_E_CONFLICT, "changes would be lost in %s",
                                buf_text(&checkout->conflicts));
    if (checkout->options.capture) /* what cannot be captured */
        return error_hint(err, "Move the files away.");
    return error_hint(err, "Commit them, move the files away, or use -f: 'dits "
                           "undo' then brings them back.");
}
