/* Files of the work tree written and removed, each whole at any instant. */
#include <stdio.h>
#include <string.h>

#include "base/path.h"
#include "base/random.h"
#include "base/text.h"
#include "object/asset.h"
#include "repo/checkout_private.h"
#include "repo/index_stat.h"
#include "repo/stand_in.h"

enum {
    SMALL_MAX = 1024 * 1024, /* read whole, then written at once */
    TARGET_MAX = 64 * 1024,  /* of a symlink */
};

static dits_error *remove_hollow(const struct dir *above, const char *name);

static dits_error *remove_inner(const char *name, enum fs_kind kind,
                                void *payload)
{
    return kind == FS_FOLDER ? remove_hollow(payload, name) : NULL;
}

/* A folder in which there is no file. */
static dits_error *remove_hollow(const struct dir *above, const char *name)
{
    CLEANUP(dir_close) struct dir dir = {0};
    bool found = false;
    TRY(dir_open_below(above, name, &dir, &found));
    if (!found)
        return NULL;
    TRY(dir_list(&dir, remove_inner, &dir));
    return dir_remove_folder(above, name);
}

/* Nothing may have come in the way since it was looked at. */
static dits_error *check_untouched(const struct dir *dir, const char *name,
                                   const char *path,
                                   const struct checkout_step *step)
{
    struct fs_stat now = {0};
    bool found = false;
    TRY(dir_stat(dir, name, &now, &found));
    bool same = found == step->is_there;
    if (found && now.kind == FS_FOLDER)
        return remove_hollow(dir, name); /* emptied by the removals */
    if (found && same)
        same = fs_stat_same(&step->stat, &now);
    if (!same)
        return error_new(DITS_E_CONFLICT, "'%s' changed meanwhile", path);
    return NULL;
}

static dits_error *fill_small(struct asset *asset, const struct fs_file *file)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    size_t size = (size_t)asset_get_info(asset)->size;
    void *at = NULL;
    if (size == 0)
        return NULL;
    TRY(buf_extend(&bytes, size, &at));
    TRY(asset_read_at(asset, 0, size, at));
    return fs_write_at(file, 0, bytes.data, bytes.size);
}

/* Of a size to be shared, and written while no other file is. */
static bool is_large(struct asset *asset, const struct worktree_turn *turn)
{
    return turn->waits == NULL && asset_get_info(asset)->size > SMALL_MAX;
}

static dits_error *fill_file(struct checkout *checkout, struct asset *asset,
                             const struct worktree_turn *turn,
                             const struct fs_file *file)
{
    uint64_t size = asset_get_info(asset)->size;
    bool is_shared = false;
    if (is_large(asset, turn))
        TRY(checkout_share(checkout, turn, file, &is_shared));
    if (size > SMALL_MAX && !is_shared)
        return asset_export(asset, checkout->repo->context, turn->threads, file,
                            progress_bytes, &checkout->progress);
    if (!is_shared)
        TRY(fill_small(asset, file));
    progress_bytes(size, &checkout->progress);
    return NULL;
}

/* Too small a file would gain nothing, and is written as it is. */
static bool is_stand_in(const struct change *change,
                        const struct checkout_step *step, struct asset *asset)
{
    return step->is_dropped && change->after.mode != TREE_SYMLINK &&
           asset_get_info(asset)->size >= STAND_IN_FILE_MIN;
}

/* In place of the content. */
static dits_error *fill_stand_in(const struct change *change,
                                 struct asset *asset,
                                 const struct fs_file *file)
{
    CLEANUP(buf_release) struct buf text = {0};
    const struct stand_in what = {.asset = change->after.id,
                                  .size = asset_get_info(asset)->size};
    TRY(stand_in_format(change->path, &what, &text));
    return fs_write_at(file, 0, text.data, text.size);
}

/* Where a file is being put. */
struct spot {
    const struct dir *dir;
    const char *name;
    const char *path;
    const struct change *change;
};

/* Where nothing was, nothing may have come meanwhile but an emptied folder. */
static dits_error *publish(struct dir_new_file *file, const struct spot *spot,
                           struct checkout_step *step)
{
    dits_error *err =
        dir_publish(spot->dir, file, spot->name, step->is_there, &step->stat);
    if (err == NULL || step->is_there || !dits_error_has(err, DITS_E_EXISTS))
        return err;
    dits_error_free(err); /* said in other words, or tried again */
    TRY(check_untouched(spot->dir, spot->name, spot->path, step));
    return dir_publish(spot->dir, file, spot->name, false, &step->stat);
}

static dits_error *write_file(struct checkout *checkout, struct asset *asset,
                              const struct worktree_turn *turn,
                              const struct spot *spot,
                              struct checkout_step *step)
{
    struct dir_new_file file = {0};
    TRY(dir_create(spot->dir, spot->change->after.mode == TREE_EXECUTABLE,
                   &file));
    dits_error *err = is_stand_in(spot->change, step, asset)
                          ? fill_stand_in(spot->change, asset, &file.file)
                          : fill_file(checkout, asset, turn, &file.file);
    if (err == NULL && step->is_there)
        err = check_untouched(spot->dir, spot->name, spot->path, step);
    if (err == NULL)
        err = publish(&file, spot, step);
    dir_discard(spot->dir, &file);
    return err;
}

static dits_error *read_target(struct asset *asset, char **out)
{
    CLEANUP(buf_release) struct buf target = {0};
    uint64_t size = asset_get_info(asset)->size;
    void *at = NULL;
    if (size == 0 || size > TARGET_MAX)
        return error_new(DITS_E_CORRUPT, "a symlink cannot lead there");
    TRY(buf_extend(&target, (size_t)size, &at));
    TRY(asset_read_at(asset, 0, (size_t)size, at));
    if (memchr(target.data, 0, target.size) != NULL)
        return error_new(DITS_E_CORRUPT, "a symlink cannot lead there");
    return buf_take_text(&target, out);
}

/* Made beside and renamed, so that a file in its place is replaced at once. */
static dits_error *write_symlink(struct asset *asset, const struct spot *spot,
                                 struct checkout_step *step)
{
    CLEANUP(text_free) char *target = NULL;
    char temporary[24];
    bool found = false;
    TRY(read_target(asset, &target));
    TRY(check_untouched(spot->dir, spot->name, spot->path, step));
    (void)snprintf(temporary, sizeof(temporary), ".dits-%08x%08x", random_u32(),
                   random_u32());
    TRY(dir_make_symlink(spot->dir, temporary, target));
    dits_error *err = dir_rename(spot->dir, temporary, spot->dir, spot->name);
    if (err != NULL) {
        dits_error_free(dir_remove_file(spot->dir, temporary));
        return err; /* the one that matters */
    }
    return dir_stat(spot->dir, spot->name, &step->stat, &found);
}

/* Remember what was written, as the index wants it. */
static void note_result(const struct change *change, struct asset *asset,
                        struct checkout_step *step)
{
    step->result = (struct index_entry){
        .mode = change->after.mode,
        .asset = change->after.id,
        .is_dropped = is_stand_in(change, step, asset),
        .content = asset_get_info(asset)->content,
        .size = asset_get_info(asset)->size,
    };
    /* We wrote it: only what happens from now on can go unnoticed, and
     * index_save() sees to that. */
    index_stat_set(&step->result, &step->stat, 0);
}

static dits_error *write_path(struct checkout *checkout,
                              const struct worktree_turn *turn)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    const struct change *change = &checkout->changes.items[turn->item];
    struct checkout_step *step = &checkout->steps[turn->item];
    const char *name = path_base_name(change->path);
    size_t length = (size_t)(name - change->path);
    TRY(asset_open(checkout->repo->store, &change->after.id, &asset));
    uint64_t size = asset_get_info(asset)->size;
    if (worktree_waits(turn, size)) {
        progress_expect(&checkout->progress, size);
        return NULL;
    }
    TRY(dir_place_make(turn->place, change->path, length - (length > 0)));
    struct spot spot = {.dir = &turn->place->dir,
                        .name = name,
                        .path = change->path,
                        .change = change};
    if (change->after.mode == TREE_SYMLINK)
        TRY(write_symlink(asset, &spot, step));
    else
        TRY(write_file(checkout, asset, turn, &spot, step));
    note_result(change, asset, step);
    step->is_done = true;
    if (is_large(asset, turn) && change->after.mode != TREE_SYMLINK &&
        !step->result.is_dropped)
        TRY(checkout_note_written(checkout, turn));
    progress_add(&checkout->progress, 0, 1, change->path);
    return NULL;
}

static dits_error *write_one(const struct worktree_turn *turn, void *payload)
{
    struct checkout *checkout = payload;
    if (checkout->steps[turn->item].act != CHECKOUT_WRITE)
        return NULL;
    TRY_CONTEXT(write_path(checkout, turn), "cannot write '%s'",
                checkout->changes.items[turn->item].path);
    return NULL;
}

static dits_error *remove_one(const struct worktree_turn *turn, void *payload)
{
    struct checkout *checkout = payload;
    const char *path = checkout->changes.items[turn->item].path;
    struct checkout_step *step = &checkout->steps[turn->item];
    const char *name = NULL;
    bool found = false;
    if (step->act != CHECKOUT_REMOVE)
        return NULL;
    TRY(worktree_enter(turn->place, path, &name, &found));
    if (!found)
        return NULL;
    TRY(check_untouched(&turn->place->dir, name, path, step));
    TRY_CONTEXT(dir_remove_file(&turn->place->dir, name), "cannot remove '%s'",
                path);
    step->is_done = true;
    progress_add(&checkout->progress, 0, 1, path);
    return NULL;
}

/* Remove the folder and those above it, as far as they are empty. */
static dits_error *remove_emptied(const struct dir *root, char *folder)
{
    while (*folder != '\0') {
        CLEANUP(dir_close) struct dir above = {0};
        char *slash = strrchr(folder, '/');
        const char *name = slash != NULL ? slash + 1 : folder;
        bool found = false;
        if (slash != NULL)
            *slash = '\0';
        TRY(dir_open_below(root, slash != NULL ? folder : "", &above, &found));
        dits_error *err = found ? dir_remove_folder(&above, name) : NULL;
        if (err != NULL) {
            dits_error_free(err); /* not empty, or somebody's: it stays */
            return NULL;
        }
        if (slash == NULL)
            return NULL;
    }
    return NULL;
}

/* Once for each folder that lost files, the deepest of a branch first. */
static dits_error *remove_folders(struct checkout *checkout)
{
    CLEANUP(dir_close) struct dir root = {0};
    CLEANUP(text_free) char *last = NULL;
    TRY(worktree_open(checkout->repo, &root));
    for (size_t i = checkout->changes.count; i > 0; i--) {
        const char *path = checkout->changes.items[i - 1].path;
        const char *slash = strrchr(path, '/');
        if (checkout->steps[i - 1].act != CHECKOUT_REMOVE || slash == NULL)
            continue;
        size_t length = (size_t)(slash - path);
        if (last != NULL && strlen(last) == length &&
            memcmp(last, path, length) == 0)
            continue;
        CLEANUP(text_free) char *folder = NULL;
        text_free(&last);
        TRY(text_copy_part(path, length, &last));
        TRY(text_copy_part(path, length, &folder));
        TRY(remove_emptied(&root, folder));
    }
    return NULL;
}

dits_error *checkout_do_steps(struct checkout *checkout)
{
    uint64_t items = 0;
    for (size_t i = 0; i < checkout->changes.count; i++)
        items += checkout->steps[i].act != CHECKOUT_NOTHING;
    struct worktree_each each = {
        .repo = checkout->repo,
        .count = checkout->changes.count,
        .fn = remove_one,
        .payload = checkout,
    };
    progress_begin(&checkout->progress, checkout->repo->context,
                   checkout->options.task, 0, items);
    TRY(worktree_each(&each));
    TRY(remove_folders(checkout));
    each.fn = write_one;
    TRY(worktree_each(&each));
    progress_end(&checkout->progress);
    return NULL;
}

dits_error *checkout_write(struct checkout *checkout)
{
    dits_error *err = checkout_do_steps(checkout);
    if (err != NULL)
        checkout_take_back(checkout);
    return err;
}
