/* Files of the same content share their blocks, where the file system can. */
#include "base/array.h"
#include "base/mem.h"
#include "repo/checkout_private.h"
#include "repo/index_stat.h"

void checkout_forget_written(struct checkout *checkout)
{
    oid_map_release(&checkout->written);
    mem_free(checkout->written_items);
    checkout->written_items = NULL;
    checkout->written_capacity = 0;
}

dits_error *checkout_note_written(struct checkout *checkout,
                                  const struct worktree_turn *turn)
{
    size_t number = 0;
    bool is_new = false;
    if (checkout->cannot_share)
        return NULL;
    TRY(oid_map_add(&checkout->written,
                    &checkout->changes.items[turn->item].after.id, &number,
                    &is_new));
    size_t *items = array_grown(checkout->written_items, number,
                                &checkout->written_capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    checkout->written_items = items;
    checkout->written_items[number] = turn->item;
    return NULL;
}

/* Open what was written at `item`, if it is surely as we left it. */
static dits_error *open_written(const struct checkout *checkout,
                                struct dir_place *place, size_t item,
                                struct fs_file *out, bool *out_same)
{
    const struct checkout_step *step = &checkout->steps[item];
    const char *name = NULL;
    struct fs_stat stat = {0};
    TRY(worktree_enter(place, checkout->changes.items[item].path, &name,
                       out_same));
    if (!*out_same)
        return NULL;
    index_stat_settle(&step->stat); /* from here on each change shows */
    TRY(dir_open_file(&place->dir, name, out, &stat));
    *out_same = fs_stat_same(&step->stat, &stat);
    return NULL;
}

static dits_error *share(struct checkout *checkout, struct dir_place *place,
                         size_t item, const struct fs_file *file,
                         bool *out_done)
{
    CLEANUP(fs_close) struct fs_file from = {0};
    struct fs_stat after = {0};
    bool same = false;
    TRY(open_written(checkout, place, item, &from, &same));
    if (!same)
        return NULL;
    checkout->cannot_share = !fs_share(file, &from);
    if (checkout->cannot_share)
        return NULL;
    TRY(fs_stat_file(&from, &after));
    *out_done = fs_stat_same(&checkout->steps[item].stat, &after);
    return *out_done ? NULL : fs_truncate(file, 0);
}

dits_error *checkout_share(struct checkout *checkout,
                           const struct worktree_turn *turn,
                           const struct fs_file *file, bool *out_done)
{
    CLEANUP(dir_place_release)
    struct dir_place place = {.root = turn->place->root};
    size_t number = 0;
    *out_done = false;
    if (checkout->cannot_share ||
        !oid_map_find(&checkout->written,
                      &checkout->changes.items[turn->item].after.id, &number))
        return NULL;
    dits_error *err = share(checkout, &place, checkout->written_items[number],
                            file, out_done);
    if (!worktree_is_elsewhere(err))
        return err;
    dits_error_free(err); /* somebody has taken it away: write our own */
    return NULL;
}
