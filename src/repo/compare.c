#include "repo/compare.h"

#include "base/mem.h"
#include "base/progress.h"
#include "repo/index_stat.h"
#include "repo/worktree.h"

void compared_release(struct compared *compared)
{
    mem_free(compared->fresh);
    *compared = (struct compared){0};
}

struct comparison {
    dits_repo *repo;
    const struct scan_result *scan;
    struct compared *out;
    struct progress *progress;
};

static dits_error *compare_one(const struct worktree_turn *turn, void *payload)
{
    const struct comparison *comparison = payload;
    const struct scan_entry *seen = &comparison->scan->entries[turn->item];
    if (seen->state != SCAN_DOUBTFUL || worktree_waits(turn, seen->stat.size))
        return NULL;
    struct index_entry entry = *seen->tracked;
    bool same = false;
    TRY(worktree_is_same(comparison->repo, turn, seen->path, &seen->stat,
                         &entry, &same));
    if (same)
        comparison->out->fresh[turn->item] = entry;
    progress_add(comparison->progress, seen->stat.size, 1, seen->path);
    return NULL;
}

dits_error *compare_doubtful(dits_repo *repo, const struct scan_result *scan,
                             struct compared *out)
{
    CLEANUP(compared_release) struct compared compared = {0};
    CLEANUP(progress_end) struct progress progress = {0};
    uint64_t bytes = 0;
    uint64_t items = 0;
    for (size_t i = 0; i < scan->count; i++) {
        bool counts = scan->entries[i].state == SCAN_DOUBTFUL;
        bytes += counts ? scan->entries[i].stat.size : 0;
        items += counts;
    }
    if (items == 0)
        return NULL;
    compared.fresh = mem_new_array(struct index_entry, scan->count);
    if (compared.fresh == NULL)
        return error_nomem();
    compared.count = scan->count;

    progress_begin(&progress, repo->context, "comparing", bytes, items);
    struct comparison comparison = {
        .repo = repo, .scan = scan, .out = &compared, .progress = &progress};
    struct worktree_each each = {
        .repo = repo,
        .count = scan->count,
        .fn = compare_one,
        .payload = &comparison,
    };
    TRY(worktree_each(&each));
    *out = MOVE(compared);
    return NULL;
}

/* Someone may have staged something else since: then that holds. */
static dits_error *refresh(struct index *index, const struct compared *compared)
{
    for (size_t i = 0; i < compared->count; i++) {
        const struct index_entry *fresh = &compared->fresh[i];
        if (fresh->mode == 0)
            continue;
        const struct index_entry *now = index_find(index, fresh->path);
        if (now != NULL && now->mode == fresh->mode &&
            dits_oid_equal(&now->asset, &fresh->asset))
            TRY(index_set(index, fresh));
    }
    return index_save(index, 0);
}

static dits_error *keep(dits_repo *repo, const struct compared *compared)
{
    CLEANUP(fs_close) struct fs_file lock = {0};
    CLEANUP(index_freep) struct index *index = NULL;
    bool locked = false;
    TRY(repo_try_lock_work(repo, &lock, &locked));
    if (!locked)
        return NULL;
    TRY(index_open(repo, &index));
    return refresh(index, compared);
}

void compared_keep(dits_repo *repo, const struct scan_result *scan,
                   const struct compared *compared)
{
    bool any = false;
    for (size_t i = 0; i < compared->count && !any; i++)
        any = compared->fresh[i].mode != 0 &&
              !index_stat_matches(scan->entries[i].tracked,
                                  &scan->entries[i].stat);
    if (any)
        dits_error_free(keep(repo, compared)); /* a loss of speed at most */
}
