#include "repo/staging.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/stages.h"
#include "repo/worktree.h"

void staging_release(struct staging *staging)
{
    scan_result_release(&staging->scan);
    mem_free(staging->items);
    *staging = (struct staging){0};
}

static dits_error *refuse_ignored(const char *path)
{
    return error_hint(error_new(DITS_E_INVALID, "'%s' is ignored", path),
                      "Use -f to add it all the same. 'dits status --ignored' "
                      "lists what is ignored.");
}

/* Names go into trees, which every other system must be able to read. */
static dits_error *check_name(const char *path)
{
    if (!text_is_utf8(path, strlen(path)))
        return error_hint(
            error_new(DITS_E_INVALID, "the name '%s' is not UTF-8", path),
            "Rename the file, or name it in .ditsignore. 'convmv' turns names "
            "of older systems into UTF-8.");
    if (!worktree_is_safe_path(path))
        return error_new(DITS_E_INVALID, "the name '%s' cannot be stored",
                         path);
    return NULL;
}

/* Nobody can say what became of tracked files in there. */
static dits_error *refuse_unreadable(const struct staging *staging,
                                     const char *path)
{
    if (index_has_below(staging->index, path))
        return error_new(DITS_E_DENIED,
                         "the folder '%s' holds tracked files and cannot be "
                         "read",
                         path);
    log_warn(staging->repo->context, "'%s' cannot be read: left out", path);
    return NULL;
}

/* Whether the scan's entry becomes an item. */
static dits_error *consider(const struct staging *staging,
                            const struct pathspec *pathspec,
                            const struct scan_entry *seen, bool *out)
{
    const dits_context *context = staging->repo->context;
    *out = false;
    switch (seen->state) {
    case SCAN_DOUBTFUL:
    case SCAN_MISSING:
        *out = true;
        return NULL;
    case SCAN_UNTRACKED:
        *out = true;
        return check_name(seen->path);
    case SCAN_IGNORED:
        return pathspec_names(pathspec, seen->path) ? refuse_ignored(seen->path)
                                                    : NULL;
    case SCAN_NESTED:
        log_warn(context, "'%s' is a repository of its own: left out",
                 seen->path);
        return NULL;
    case SCAN_SPECIAL:
        log_warn(context, "'%s' is not a file: left out", seen->path);
        return NULL;
    case SCAN_UNREADABLE:
        return refuse_unreadable(staging, seen->path);
    }
    return NULL;
}

/* Tell the pathspec what exists, so that a mistyped item is noticed. */
static dits_error *note_matches(const struct staging *staging,
                                const struct index *index,
                                struct pathspec *pathspec)
{
    if (pathspec_is_all(pathspec))
        return NULL;
    for (size_t i = 0; i < staging->scan.count; i++)
        pathspec_note(pathspec, staging->scan.entries[i].path);
    if (pathspec_is_noted(pathspec))
        return NULL;
    for (size_t i = 0; i < index_count(index); i++)
        pathspec_note(pathspec, index_at(index, i)->path);
    return pathspec_check_noted(pathspec, staging->repo);
}

/* What our side deleted and the other kept is tracked, and not staged. */
static bool has_unstaged(const struct stage_list *conflicts,
                         const struct index *index)
{
    for (size_t i = 0; i < conflicts->count; i++)
        if (index_find(index, conflicts->items[i].path) == NULL)
            return true;
    return false;
}

/* Everything is looked at where such a file has to be found. */
static dits_error *look(struct staging *staging, struct pathspec *pathspec,
                        struct stage_list *conflicts)
{
    const struct staging_options *options = &staging->options;
    struct scan_options scan = {
        .index = staging->index,
        .pathspec = pathspec,
        .want_stat = true,
        .tracked_only = options->tracked_only,
        .expand = true,
        .ignored = true,
        .include_ignored = options->include_ignored,
        .by_cache = true,
    };
    if (options->tracked_only)
        TRY(stage_list_of_repo(staging->repo, conflicts));
    if (has_unstaged(conflicts, staging->index)) {
        scan.tracked_only = false;
        scan.include_ignored = true;
    }
    return scan_run(staging->repo, &scan, &staging->scan);
}

static bool is_left_out(const struct staging *staging,
                        const struct scan_entry *seen,
                        const struct stage_list *conflicts)
{
    bool is_loose = seen->state == SCAN_UNTRACKED ||
                    seen->state == SCAN_IGNORED;
    return staging->options.tracked_only && is_loose &&
           stage_list_find(conflicts, seen->path) == NULL;
}

dits_error *staging_collect(dits_repo *repo, const struct index *index,
                            struct pathspec *pathspec,
                            const struct staging_options *options,
                            struct staging *out)
{
    CLEANUP(staging_release)
    struct staging staging = {
        .repo = repo, .index = index, .options = *options};
    CLEANUP(stage_list_release) struct stage_list conflicts = {0};
    TRY(look(&staging, pathspec, &conflicts));
    TRY(note_matches(&staging, index, pathspec));
    if (staging.scan.count > 0) {
        staging.items = mem_new_array(struct staging_item, staging.scan.count);
        if (staging.items == NULL)
            return error_nomem();
    }
    for (size_t i = 0; i < staging.scan.count; i++) {
        const struct scan_entry *seen = &staging.scan.entries[i];
        bool is_item = false;
        if (is_left_out(&staging, seen, &conflicts))
            continue;
        TRY(consider(&staging, pathspec, seen, &is_item));
        if (is_item)
            staging.items[staging.count++].seen = seen;
    }
    *out = MOVE(staging);
    return NULL;
}

dits_error *staging_apply(const struct staging *staging, struct index *index)
{
    for (size_t i = 0; i < staging->count; i++) {
        const struct staging_item *item = &staging->items[i];
        if (item->action == 'D')
            TRY(index_remove(index, item->seen->path));
        else if (item->action != 0)
            TRY(index_set(index, &item->entry));
    }
    /* Newer stat data counts only where nobody staged something else. */
    for (size_t i = 0; i < staging->count; i++) {
        const struct staging_item *item = &staging->items[i];
        const struct index_entry *now =
            item->action == 0 && item->is_fresh
                ? index_find(index, item->seen->path)
                : NULL;
        if (now != NULL && now->mode == item->entry.mode &&
            dits_oid_equal(&now->asset, &item->entry.asset))
            TRY(index_set(index, &item->entry));
    }
    return NULL;
}
