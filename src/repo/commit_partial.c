#include "repo/commit_partial.h"

#include "base/path.h"
#include "object/path_tree.h"
#include "repo/index.h"
#include "repo/pathspec.h"

/* Two sorted lists become one: the tree's and the index's. */
struct merge {
    const struct pathspec *pathspec;
    const struct index *index;
    size_t at; /* in the index */
    struct path_tree_builder *builder;
};

/* Entries of the index that are named and sort before `path` (NULL: all). */
static dits_error *put_staged_before(struct merge *merge, const char *path)
{
    for (; merge->at < index_count(merge->index); merge->at++) {
        const struct index_entry *entry = index_at(merge->index, merge->at);
        if (path != NULL && path_compare(entry->path, path) >= 0)
            return NULL;
        if (pathspec_matches(merge->pathspec, entry->path, false))
            TRY(path_tree_builder_add(merge->builder, entry->path, entry->mode,
                                      &entry->asset));
    }
    return NULL;
}

static dits_error *take_committed(const char *path,
                                  const struct tree_entry *entry, void *payload)
{
    struct merge *merge = payload;
    TRY(put_staged_before(merge, path));
    if (pathspec_matches(merge->pathspec, path, false))
        return NULL; /* the index decides, also that it is gone */
    return path_tree_builder_add(merge->builder, path, entry->mode, &entry->id);
}

dits_error *commit_partial_tree(dits_repo *repo, struct operation *operation,
                                const struct dits_paths *paths,
                                const struct dits_oid *base,
                                struct dits_oid *out)
{
    CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
    CLEANUP(path_tree_builder_freep) struct path_tree_builder *builder = NULL;
    TRY(pathspec_of(repo, paths, &pathspec));
    TRY(path_tree_builder_new(operation_writer(operation), &builder));
    struct merge merge = {.pathspec = pathspec,
                          .index = operation_index(operation),
                          .builder = builder};
    if (!dits_oid_is_zero(base))
        TRY(tree_walk(repo->store, base, take_committed, &merge));
    TRY(put_staged_before(&merge, NULL));
    return path_tree_builder_finish(builder, out);
}
