#include <dits/worktrees.h>

#include "base/text.h"
#include "repo/linked.h"
#include "repo/ref_name.h"
#include "repo/refs.h"

struct listing {
    dits_repo *repo;
    dits_worktree_fn *fn;
    void *payload;
};

static dits_error *show(const struct listing *listing, dits_repo *view,
                        const char *lock_reason)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    struct dits_worktree shown = {
        .name = view->linked_name,
        .path = view->work_dir,
        .lock_reason = lock_reason,
        .is_current = view->linked == listing->repo->linked,
    };
    TRY(refs_head_read(view, &head));
    TRY(linked_look(view, &shown.missing));
    shown.commit = head.commit;
    if (head.branch != NULL)
        shown.branch = ref_name_short(head.branch);
    return listing->fn(&shown, listing->payload);
}

static dits_error *show_linked(const struct linked *linked, void *payload)
{
    const struct listing *listing = payload;
    CLEANUP(linked_view_freep) dits_repo *view = NULL;
    TRY(linked_view(listing->repo, linked, &view));
    return show(listing, view, linked->lock_reason);
}

dits_error *dits_worktree_each(dits_repo *repo, dits_worktree_fn *fn,
                               void *payload)
{
    CLEANUP(linked_view_freep) dits_repo *main = NULL;
    struct listing listing = {.repo = repo, .fn = fn, .payload = payload};
    TRY(linked_view(repo, NULL, &main));
    TRY(show(&listing, main, NULL));
    return linked_each(repo, show_linked, &listing);
}
