#include <dits/worktree.h>

#include <string.h>

#include "base/path.h"
#include "base/text.h"
#include "repo/changes.h"
#include "repo/compare.h"
#include "repo/head_tree.h"
#include "repo/scan.h"
#include "repo/similar.h"
#include "repo/sparse.h"
#include "repo/stages.h"
#include "repo/status_watch.h"

/* Everything that the report is made of. */
struct report {
    dits_repo *repo;
    struct index *index;
    struct pathspec *pathspec;
    struct status_watch watch;
    struct change_list staged;
    struct scan_result scan;
    struct compared compared;
    struct stage_list conflicts;
    bool tells_dropped;
};

static void release_report(struct report *report)
{
    stage_list_release(&report->conflicts);
    compared_release(&report->compared);
    scan_result_release(&report->scan);
    change_list_release(&report->staged);
    status_watch_release(&report->watch);
    pathspec_free(report->pathspec);
    index_free(report->index);
}

/* What cannot be looked at is neither changed nor unchanged. */
static void warn_unreadable(const struct report *report)
{
    for (size_t i = 0; i < report->scan.count; i++)
        if (report->scan.entries[i].state == SCAN_UNREADABLE)
            log_warn(report->repo->context, "'%s' cannot be read",
                     report->scan.entries[i].path);
}

/* The report is right all the same (S1). */
static dits_error *warn_cut_off(dits_repo *repo)
{
    CLEANUP(sparse_freep) struct sparse *sparse = NULL;
    TRY(sparse_open(repo, &sparse));
    if (sparse_target(sparse) != NULL)
        log_warn(repo->context, "a change of the sparse set was cut off: "
                                "'dits sparse reapply' finishes it");
    return NULL;
}

/* Paths with conflicts are told as such: they are no half of a rename. */
static void leave_out_conflicts(struct report *report)
{
    struct change_list *staged = &report->staged;
    for (size_t i = 0; i < staged->count; i++) {
        char **path = &staged->items[i].path;
        if (stage_list_find(&report->conflicts, *path) != NULL)
            text_free(path);
    }
    change_list_drop_taken(staged);
}

/* What the work tree holds, by all that is known of it. */
static dits_error *look(struct report *report,
                        const struct dits_status_options *options)
{
    bool is_kept = report->watch.is_kept;
    struct scan_options scan = {
        .index = report->index,
        .pathspec = report->pathspec,
        .tracked_only = options->hide_untracked && !is_kept,
        .expand = options->all_untracked_files,
        .dropped = options->dropped || is_kept,
        .ignored = options->ignored,
        .linked = is_kept,
        .by_cache = true,
        .keep = true,
    };
    TRY(status_watch_narrow(&report->watch, report->index, &scan));
    TRY(scan_run(report->repo, &scan, &report->scan));
    status_watch_keep(report->repo, &report->watch, report->index,
                      &report->scan);
    if (options->hide_untracked)
        status_watch_hide_untracked(report->index, &report->scan);
    return NULL;
}

/* The index, unless it is known to be as it was, conflicts, and what is staged.
 */
static dits_error *collect_staged(struct report *report)
{
    struct dits_oid head = {0};
    TRY(head_tree(report->repo, &head));
    TRY(stage_list_of_repo(report->repo, &report->conflicts));
    const struct dits_oid *tree = &report->watch.index.tree;
    if (report->watch.is_same && !dits_oid_is_zero(tree)) {
        TRY(change_list_of_trees(report->repo, &head, tree, report->pathspec,
                                 &report->staged));
    } else {
        TRY(index_open(report->repo, &report->index));
        TRY(change_list_of_index(report->repo, &head, report->index,
                                 report->pathspec, &report->staged));
    }
    leave_out_conflicts(report);
    TRY(change_list_find_renames(&report->staged, true));
    return similar_find_renames(report->repo, &report->staged,
                                SIMILAR_MAX_SHOWN);
}

static dits_error *collect(struct report *report,
                           const struct dits_status_options *options)
{
    TRY(pathspec_of(report->repo, &options->paths, &report->pathspec));
    TRY(status_watch_ask(report->repo, options,
                         pathspec_is_all(report->pathspec), &report->watch));
    TRY(collect_staged(report));
    report->tells_dropped = options->dropped;
    TRY(warn_cut_off(report->repo));
    if (report->index != NULL)
        TRY(look(report, options));
    else if (!options->hide_untracked)
        TRY(status_watch_recall(&report->watch, &report->scan));
    warn_unreadable(report);
    return compare_doubtful(report->repo, &report->scan, &report->compared);
}

/* What the scan's entry means; DITS_UNCHANGED: nothing to report. */
static enum dits_change worktree_change(const struct report *report, size_t i)
{
    const struct scan_entry *seen = &report->scan.entries[i];
    bool is_file = seen->stat.kind == FS_REGULAR ||
                   seen->stat.kind == FS_SYMLINK;
    switch (seen->state) {
    case SCAN_MISSING:
        return DITS_DELETED;
    case SCAN_DOUBTFUL:
        if (report->compared.fresh[i].mode != 0)
            return report->tells_dropped && report->compared.fresh[i].is_dropped
                       ? DITS_DROPPED
                       : DITS_UNCHANGED;
        if (!is_file || (seen->stat.kind == FS_SYMLINK) !=
                            (seen->tracked->mode == TREE_SYMLINK))
            return DITS_TYPE_CHANGED;
        return DITS_MODIFIED;
    case SCAN_UNTRACKED:
    case SCAN_NESTED:
        return DITS_UNTRACKED;
    case SCAN_IGNORED:
        return DITS_IGNORED;
    case SCAN_SPECIAL:
    case SCAN_UNREADABLE:
        break;
    }
    return DITS_UNCHANGED;
}

static dits_error *tell_folder(const char *path, enum dits_change change,
                               dits_status_fn *fn, void *payload)
{
    CLEANUP(buf_release) struct buf name = {0};
    TRY(buf_printf(&name, "%s/", path));
    struct dits_status_entry entry = {.path = buf_text(&name),
                                      .worktree = change};
    return fn(&entry, payload);
}

/* Report one path, of which either side may be NULL. */
static dits_error *tell(const struct change *staged,
                        const struct scan_entry *seen, enum dits_change change,
                        dits_status_fn *fn, void *payload)
{
    struct dits_status_entry entry = {.worktree = change};
    if (staged != NULL) {
        entry.path = staged->path;
        entry.old_path = staged->old_path;
        entry.staged = change_kind(staged);
    } else if (seen == NULL || change == DITS_UNCHANGED) {
        return NULL;
    } else if (seen->is_folder) {
        return tell_folder(seen->path, change, fn, payload);
    } else {
        entry.path = seen->path;
    }
    return fn(&entry, payload);
}

/* By who has it: base 1, ours 2, theirs 4. */
static enum dits_conflict_state conflict_state(const struct stage_path *item)
{
    static const enum dits_conflict_state states[] = {
        DITS_NO_CONFLICT,     DITS_BOTH_DELETED,  DITS_ADDED_BY_US,
        DITS_DELETED_BY_THEM, DITS_ADDED_BY_THEM, DITS_DELETED_BY_US,
        DITS_BOTH_ADDED,      DITS_BOTH_MODIFIED,
    };
    unsigned who = 0;
    for (unsigned i = 0; i < STAGE_COUNT; i++)
        who |= item->sides[i].mode != 0 ? 1u << i : 0u;
    return states[who];
}

/* Where the walk through the three sorted lists is. */
struct position {
    size_t staged;
    size_t seen;
    size_t conflict;
};

/* What the work tree says of the path is part of the conflict. */
static dits_error *tell_conflict(const struct report *report,
                                 struct position *at, dits_status_fn *fn,
                                 void *payload)
{
    const struct stage_path *item = &report->conflicts.items[at->conflict++];
    struct dits_status_entry entry = {.path = item->path,
                                      .conflict = conflict_state(item)};
    while (at->seen < report->scan.count &&
           strcmp(report->scan.entries[at->seen].path, item->path) == 0)
        at->seen++;
    return pathspec_matches(report->pathspec, item->path, false)
               ? fn(&entry, payload)
               : NULL;
}

static bool is_conflict_next(const struct report *report,
                             const struct position *at,
                             const struct change *staged,
                             const struct scan_entry *seen)
{
    if (at->conflict == report->conflicts.count)
        return false;
    const char *path = report->conflicts.items[at->conflict].path;
    return (staged == NULL || path_compare(path, staged->path) <= 0) &&
           (seen == NULL || path_compare(path, seen->path) <= 0);
}

/*
 * The lists are sorted. A path in both is told once, but for a file that is
 * staged as deleted and lies there untracked: git tells of those twice.
 */
static dits_error *tell_next(const struct report *report, struct position *at,
                             dits_status_fn *fn, void *payload)
{
    const struct change *staged = at->staged < report->staged.count
                                      ? &report->staged.items[at->staged]
                                      : NULL;
    const struct scan_entry *seen =
        at->seen < report->scan.count ? &report->scan.entries[at->seen] : NULL;
    if (is_conflict_next(report, at, staged, seen))
        return tell_conflict(report, at, fn, payload);
    int order = staged == NULL ? 1
                : seen == NULL ? -1
                               : path_compare(staged->path, seen->path);
    if (order == 0 && seen->tracked == NULL)
        order = -1;
    enum dits_change change = order >= 0 ? worktree_change(report, at->seen)
                                         : DITS_UNCHANGED;
    at->staged += order <= 0;
    at->seen += order >= 0;
    return tell(order <= 0 ? staged : NULL, seen, change, fn, payload);
}

static dits_error *tell_all(const struct report *report, dits_status_fn *fn,
                            void *payload)
{
    struct position at = {0};
    while (at.staged < report->staged.count || at.seen < report->scan.count ||
           at.conflict < report->conflicts.count)
        TRY(tell_next(report, &at, fn, payload));
    return NULL;
}

dits_error *dits_status(dits_repo *repo,
                        const struct dits_status_options *options,
                        dits_status_fn *fn, void *payload)
{
    static const struct dits_status_options defaults = {0};
    CLEANUP(release_report) struct report report = {.repo = repo};
    TRY(collect(&report, options != NULL ? options : &defaults));
    compared_keep(repo, &report.scan, &report.compared);
    return tell_all(&report, fn, payload);
}
