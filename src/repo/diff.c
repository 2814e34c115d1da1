#include <dits/diff.h>
#include <dits/refs.h>

#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "object/asset.h"
#include "repo/compare.h"
#include "repo/diff_private.h"
#include "repo/file_info.h"
#include "repo/index_stat.h"
#include "repo/scan.h"
#include "repo/similar.h"
#include "repo/worktree.h"

/* What dits_diff_new() works with. */
struct finding {
    dits_repo *repo;
    struct pathspec *pathspec;
    struct index *index; /* opened when a side needs it */
    struct change_list list;
};

static void release_finding(struct finding *finding)
{
    change_list_release(&finding->list);
    index_free(finding->index);
    pathspec_free(finding->pathspec);
}

void dits_diff_free(dits_diff *diff)
{
    if (diff == NULL)
        return;
    dir_close(&diff->root);
    attributes_free(diff->attributes);
    change_list_release(&diff->changes);
    mem_free(diff->items);
    mem_free(diff);
}

static void diff_freep(dits_diff **diff)
{
    dits_diff_free(*diff);
}

/* The tree of a side that has one. */
static dits_error *resolve(dits_repo *repo, const struct dits_diff_side *side,
                           struct dits_oid *out)
{
    if (side->kind == DITS_DIFF_EMPTY) {
        tree_empty_id(out);
        return NULL;
    }
    return dits_revision_resolve(
        repo, side->revision != NULL ? side->revision : "HEAD",
        DITS_REVISION_TREE, out);
}

static struct change_side staged_side(const struct index_entry *entry)
{
    return (struct change_side){.mode = entry->mode, .id = entry->asset};
}

/* What is staged against the work tree: tracked files alone. */
static dits_error *find_worktree(struct finding *finding,
                                 struct change_list *out)
{
    CLEANUP(scan_result_release) struct scan_result scan = {0};
    CLEANUP(compared_release) struct compared compared = {0};
    struct scan_options options = {
        .index = finding->index,
        .pathspec = finding->pathspec,
        .tracked_only = true,
        .by_cache = true,
    };
    TRY(scan_run(finding->repo, &options, &scan));
    TRY(compare_doubtful(finding->repo, &scan, &compared));
    compared_keep(finding->repo, &scan, &compared);
    for (size_t i = 0; i < scan.count; i++) {
        const struct scan_entry *seen = &scan.entries[i];
        struct change_side there = {0};
        bool same = seen->state == SCAN_DOUBTFUL && compared.fresh[i].mode != 0;
        if (seen->tracked == NULL || same)
            continue;
        if (seen->state == SCAN_DOUBTFUL &&
            (seen->stat.kind == FS_REGULAR || seen->stat.kind == FS_SYMLINK))
            there.mode = index_stat_mode(&seen->stat);
        TRY(change_list_add(out, seen->path, staged_side(seen->tracked),
                            there));
    }
    return NULL;
}

static bool is_same(struct change_side a, struct change_side b)
{
    return a.mode == b.mode && !dits_oid_is_zero(&a.id) &&
           dits_oid_equal(&a.id, &b.id);
}

/* The change at `*at` if it is that of `path`; then `*at` moves on. */
static const struct change *take(const struct change_list *list, size_t *at,
                                 const char *path)
{
    if (*at == list->count || strcmp(list->items[*at].path, path) != 0)
        return NULL;
    return &list->items[(*at)++];
}

/* The path that comes next in either list; NULL: none is left. */
static const char *next_path(const struct change_list *first, size_t f,
                             const struct change_list *second, size_t s)
{
    const char *one = f < first->count ? first->items[f].path : NULL;
    const char *two = s < second->count ? second->items[s].path : NULL;
    if (one == NULL || two == NULL)
        return one != NULL ? one : two;
    return path_compare(one, two) <= 0 ? one : two;
}

/* First from a tree to the index, then from there to the work tree. */
static dits_error *join(const struct change_list *first,
                        const struct change_list *second,
                        struct change_list *out)
{
    size_t f = 0;
    size_t s = 0;
    for (;;) {
        const char *path = next_path(first, f, second, s);
        struct change_side before = {0};
        struct change_side after = {0};
        if (path == NULL)
            return NULL;
        const struct change *one = take(first, &f, path);
        const struct change *two = take(second, &s, path);
        if (two != NULL) {
            before = two->before;
            after = two->after;
        }
        if (one != NULL) {
            before = one->before;
            after = two != NULL ? after : one->after;
        }
        if (!is_same(before, after) && (before.mode != 0 || after.mode != 0))
            TRY(change_list_add(out, path, before, after));
    }
}

static bool is_tree(const struct dits_diff_side *side)
{
    return side->kind == DITS_DIFF_REVISION || side->kind == DITS_DIFF_EMPTY;
}

/* From a tree to something later: another tree, the index, the work tree. */
static dits_error *find_from_tree(struct finding *finding,
                                  const struct dits_diff_side *from,
                                  const struct dits_diff_side *to)
{
    CLEANUP(change_list_release) struct change_list staged = {0};
    CLEANUP(change_list_release) struct change_list changed = {0};
    struct dits_oid before = {0};
    struct dits_oid after = {0};
    TRY(resolve(finding->repo, from, &before));
    if (is_tree(to)) {
        TRY(resolve(finding->repo, to, &after));
        return change_list_of_trees(finding->repo, &before, &after,
                                    finding->pathspec, &finding->list);
    }
    if (to->kind == DITS_DIFF_STAGED)
        return change_list_of_index(finding->repo, &before, finding->index,
                                    finding->pathspec, &finding->list);
    TRY(change_list_of_index(finding->repo, &before, finding->index,
                             finding->pathspec, &staged));
    TRY(find_worktree(finding, &changed));
    return join(&staged, &changed, &finding->list);
}

static void turn_round(struct change_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct change_side before = list->items[i].before;
        list->items[i].before = list->items[i].after;
        list->items[i].after = before;
    }
}

/* How late a side is: work is done in that order. */
static int rank(const struct dits_diff_side *side)
{
    return is_tree(side) ? 0 : side->kind == DITS_DIFF_STAGED ? 1 : 2;
}

static dits_error *find_changes(struct finding *finding,
                                const struct dits_diff_options *options)
{
    bool backwards = rank(&options->from) > rank(&options->to);
    const struct dits_diff_side *from = backwards ? &options->to
                                                  : &options->from;
    const struct dits_diff_side *to = backwards ? &options->from : &options->to;
    if (!is_tree(to))
        TRY(index_open(finding->repo, &finding->index));
    if (is_tree(from))
        TRY(find_from_tree(finding, from, to));
    else if (rank(from) != rank(to))
        TRY(find_worktree(finding, &finding->list));
    if (backwards)
        turn_round(&finding->list);
    if (options->no_renames)
        return NULL;
    TRY(change_list_find_renames(&finding->list, true));
    return similar_find_renames(finding->repo, &finding->list,
                                SIMILAR_MAX_SHOWN);
}

/* Of a file; none for what is no file, or not there. */
static char mode_letter(enum tree_mode mode)
{
    if (mode == 0 || mode == TREE_FOLDER)
        return '\0';
    return file_mode_letter(mode);
}

/* Where the bytes are, and how many. */
static dits_error *find_place(const dits_diff *diff, const char *path,
                              const struct change_side *side, bool on_disk,
                              struct diff_place *out)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    CLEANUP(dir_place_release) struct dir_place place = {.root = &diff->root};
    struct fs_stat stat = {0};
    bool found = false;
    *out = (struct diff_place){.path = path, .side = *side};
    if (side->mode == 0)
        return NULL;
    out->is_there = true;
    out->is_on_disk = on_disk && dits_oid_is_zero(&side->id);
    if (out->is_on_disk) {
        TRY(worktree_stat(&place, path, &stat, &found));
        out->is_there = found;
        out->size = stat.size;
        return NULL;
    }
    TRY_CONTEXT(asset_open(diff->repo->store, &side->id, &asset),
                "cannot open '%s'", path);
    out->size = asset_get_info(asset)->size;
    return NULL;
}

static char status_letter(const struct change *change)
{
    static const char letters[] = {
        [DITS_ADDED] = 'A',   [DITS_MODIFIED] = 'M',     [DITS_DELETED] = 'D',
        [DITS_RENAMED] = 'R', [DITS_TYPE_CHANGED] = 'T',
    };
    return letters[change_kind(change)];
}

static dits_error *describe(const dits_diff *diff, const struct change *change,
                            struct diff_item *item)
{
    const char *old_path = change->old_path != NULL ? change->old_path
                                                    : change->path;
    TRY(find_place(diff, old_path, &change->before, diff->before_on_disk,
                   &item->before));
    TRY(find_place(diff, change->path, &change->after, diff->after_on_disk,
                   &item->after));
    item->file = (struct dits_diff_file){
        .status = status_letter(change),
        .old_path = change->before.mode != 0 ? old_path : NULL,
        .new_path = change->after.mode != 0 ? change->path : NULL,
        .old_mode = mode_letter(change->before.mode),
        .new_mode = mode_letter(change->after.mode),
        .old_id = change->before.id,
        .new_id = change->after.id,
        .similarity = change->similarity,
        .old_size = item->before.size,
        .new_size = item->after.size,
    };
    return NULL;
}

static dits_error *describe_all(dits_diff *diff)
{
    if (diff->changes.count == 0)
        return NULL;
    diff->items = mem_new_array(struct diff_item, diff->changes.count);
    if (diff->items == NULL)
        return error_nomem();
    for (size_t i = 0; i < diff->changes.count; i++) {
        TRY(context_check(diff->repo->context));
        TRY(describe(diff, &diff->changes.items[i], &diff->items[i]));
    }
    return NULL;
}

dits_error *dits_diff_new(dits_repo *repo,
                          const struct dits_diff_options *options,
                          dits_diff **out)
{
    CLEANUP(release_finding) struct finding finding = {.repo = repo};
    CLEANUP(diff_freep) dits_diff *diff = mem_new(dits_diff);
    if (diff == NULL)
        return error_nomem();
    diff->repo = repo;
    diff->before_on_disk = options->from.kind == DITS_DIFF_WORKTREE;
    diff->after_on_disk = options->to.kind == DITS_DIFF_WORKTREE;
    TRY(worktree_open(repo, &diff->root));
    TRY(attributes_of_worktree(repo, &diff->attributes));
    TRY(pathspec_of(repo, &options->paths, &finding.pathspec));
    TRY(find_changes(&finding, options));
    diff->changes = MOVE(finding.list);
    TRY(describe_all(diff));
    *out = MOVE(diff);
    return NULL;
}

size_t dits_diff_count(const dits_diff *diff)
{
    return diff->changes.count;
}

const struct dits_diff_file *dits_diff_file_at(const dits_diff *diff,
                                               size_t index)
{
    return &diff->items[index].file;
}
