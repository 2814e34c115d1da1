#include <dits/worktree.h>

#include <string.h>

#include "base/path.h"
#include "repo/changes.h"
#include "repo/compare.h"
#include "repo/head_tree.h"
#include "repo/scan.h"

/* Everything that the report is made of. */
struct report {
    dits_repo *repo;
    struct index *index;
    struct pathspec *pathspec;
    struct change_list staged;
    struct scan_result scan;
    struct compared compared;
};

static void release_report(struct report *report)
{
    compared_release(&report->compared);
    scan_result_release(&report->scan);
    change_list_release(&report->staged);
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

static dits_error *collect(struct report *report,
                           const struct dits_status_options *options)
{
    struct dits_oid head = {0};
    TRY(index_open(report->repo, &report->index));
    TRY(pathspec_of(report->repo, &options->paths, &report->pathspec));
    TRY(head_tree(report->repo, &head));
    TRY(change_list_of_index(report->repo, &head, report->index,
                             report->pathspec, &report->staged));
    TRY(change_list_find_renames(&report->staged));

    struct scan_options scan = {
        .index = report->index,
        .pathspec = report->pathspec,
        .tracked_only = options->hide_untracked,
        .expand = options->all_untracked_files,
        .ignored = options->ignored,
    };
    TRY(scan_run(report->repo, &scan, &report->scan));
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
            return DITS_UNCHANGED;
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

/*
 * Both lists are sorted. A path in both is told once, but for a file that is
 * staged as deleted and lies there untracked: git tells of those twice.
 */
static dits_error *tell_all(const struct report *report, dits_status_fn *fn,
                            void *payload)
{
    size_t s = 0;
    size_t w = 0;
    while (s < report->staged.count || w < report->scan.count) {
        const struct change *staged =
            s < report->staged.count ? &report->staged.items[s] : NULL;
        const struct scan_entry *seen =
            w < report->scan.count ? &report->scan.entries[w] : NULL;
        int order = staged == NULL ? 1
                    : seen == NULL ? -1
                                   : path_compare(staged->path, seen->path);
        if (order == 0 && seen->tracked == NULL)
            order = -1;
        enum dits_change change = order >= 0 ? worktree_change(report, w)
                                             : DITS_UNCHANGED;
        TRY(tell(order <= 0 ? staged : NULL, seen, change, fn, payload));
        s += order <= 0;
        w += order >= 0;
    }
    return NULL;
}

dits_error *dits_status(dits_repo *repo,
                        const struct dits_status_options *options,
                        dits_status_fn *fn, void *payload)
{
    static const struct dits_status_options defaults = {0};
    CLEANUP(release_report) struct report report = {.repo = repo};
    TRY(collect(&report, options != NULL ? options : &defaults));
    compared_keep(repo, &report.compared);
    return tell_all(&report, fn, payload);
}
