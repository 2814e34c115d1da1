#include "repo/grep_files.h"

#include <dits/refs.h>

#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"
#include "object/tree.h"
#include "repo/index.h"
#include "repo/scan.h"

void grep_files_release(struct grep_files *files)
{
    for (size_t i = 0; i < files->count; i++)
        mem_free(files->items[i].path);
    mem_free(files->items);
    *files = (struct grep_files){0};
}

struct finding {
    const struct pathspec *pathspec;
    struct grep_files files;
};

static void finding_release(struct finding *finding)
{
    grep_files_release(&finding->files);
}

/* Symlinks are left out, as git leaves them out: they have no lines. */
static dits_error *add(struct finding *finding, const char *path,
                       enum tree_mode mode, const struct dits_oid *asset)
{
    struct grep_files *files = &finding->files;
    if ((mode != TREE_FILE && mode != TREE_EXECUTABLE) ||
        !pathspec_matches(finding->pathspec, path, false))
        return NULL;
    struct grep_file *items = array_grown(files->items, files->count,
                                          &files->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    files->items = items;
    TRY(text_copy(path, &items[files->count].path));
    items[files->count++].asset = *asset;
    return NULL;
}

static dits_error *add_entry(const char *path, const struct tree_entry *entry,
                             void *payload)
{
    return add(payload, path, entry->mode, &entry->id);
}

static dits_error *find_stored(dits_repo *repo, const char *revision,
                               struct finding *finding)
{
    struct dits_oid tree = {0};
    TRY(dits_revision_resolve(repo, revision, DITS_REVISION_TREE, &tree));
    return tree_walk(repo->store, &tree, add_entry, finding);
}

static dits_error *find_tracked(const struct index *index, bool staged,
                                struct finding *finding)
{
    static const struct dits_oid on_disk = {0};
    for (size_t i = 0; i < index_count(index); i++) {
        const struct index_entry *entry = index_at(index, i);
        TRY(add(finding, entry->path, entry->mode,
                staged ? &entry->asset : &on_disk));
    }
    return NULL;
}

static int compare(const void *a, const void *b)
{
    const struct grep_file *left = a;
    const struct grep_file *right = b;
    return path_compare(left->path, right->path);
}

static dits_error *find_untracked(dits_repo *repo, const struct index *index,
                                  struct finding *finding)
{
    static const struct dits_oid on_disk = {0};
    CLEANUP(scan_result_release) struct scan_result scan = {0};
    const struct scan_options options = {.index = index,
                                         .pathspec = finding->pathspec,
                                         .expand = true,
                                         .by_cache = true};
    TRY(scan_run(repo, &options, &scan));
    for (size_t i = 0; i < scan.count; i++) {
        const struct scan_entry *seen = &scan.entries[i];
        if (seen->state == SCAN_UNTRACKED && !seen->is_folder)
            TRY(add(finding, seen->path, TREE_FILE, &on_disk));
    }
    if (finding->files.count > 0)
        qsort(finding->files.items, finding->files.count,
              sizeof(*finding->files.items), compare);
    return NULL;
}

dits_error *grep_files_find(dits_repo *repo,
                            const struct dits_grep_options *options,
                            const struct pathspec *pathspec,
                            const char *revision, struct grep_files *out)
{
    CLEANUP(finding_release) struct finding finding = {.pathspec = pathspec};
    CLEANUP(index_freep) struct index *index = NULL;
    if (revision != NULL) {
        TRY(find_stored(repo, revision, &finding));
    } else {
        TRY(index_open(repo, &index));
        TRY(find_tracked(index, options->staged, &finding));
        if (options->untracked && !options->staged)
            TRY(find_untracked(repo, index, &finding));
    }
    *out = MOVE(finding.files);
    return NULL;
}
