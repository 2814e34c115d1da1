#include "repo/log_paths.h"

#include <string.h>

#include "base/mem.h"
#include "object/tree.h"

/*
 * Comparing two commits starts from the ids that the places to look at have in
 * both. They are looked up once for each commit and kept in its node.
 */
static dits_error *find_entries(dits_repo *repo,
                                const struct pathspec *pathspec,
                                struct history_node *node)
{
    size_t count = pathspec_start_count(pathspec);
    if (node->entries != NULL || count == 0)
        return NULL;
    struct dits_oid *entries = mem_new_array(struct dits_oid, count);
    if (entries == NULL)
        return error_nomem();
    node->entries = entries;
    for (size_t i = 0; i < count; i++) {
        struct tree_entry entry = {0};
        bool found = false;
        TRY(tree_find(repo->store, &node->tree, pathspec_start(pathspec, i),
                      &entry, &found));
        if (!found)
            continue;
        entries[i] = entry.id;
        /* A file that becomes executable has changed, its asset has not. */
        entries[i].hash[0] ^= (uint8_t)entry.mode;
    }
    return NULL;
}

/* What a comparison of two folders carries along. */
struct comparing {
    const struct pathspec *pathspec;
    const char *folder;
    bool differs;
};

static dits_error *see_difference(const char *path,
                                  const struct tree_entry *before,
                                  const struct tree_entry *after, void *payload)
{
    struct comparing *comparing = payload;
    CLEANUP(buf_release) struct buf whole = {0};
    (void)before;
    (void)after;
    if (comparing->differs)
        return NULL;
    TRY(buf_printf(&whole, "%s%s%s", comparing->folder,
                   comparing->folder[0] != '\0' ? "/" : "", path));
    comparing->differs =
        pathspec_matches(comparing->pathspec, buf_text(&whole), false);
    return NULL;
}

/* The tree at `folder`; zero when there is none. */
static dits_error *folder_of(dits_repo *repo, const struct history_node *node,
                             const char *folder, struct dits_oid *out)
{
    struct tree_entry entry = {0};
    bool found = false;
    *out = (struct dits_oid){0};
    if (node == NULL)
        return NULL;
    TRY(tree_find(repo->store, &node->tree, folder, &entry, &found));
    if (found && entry.mode == TREE_FOLDER)
        *out = entry.id;
    return NULL;
}

/* The ids differ at `start`: do they in something that is asked for? */
static dits_error *differ_at(dits_repo *repo, const struct pathspec *pathspec,
                             const struct history_node *node,
                             const struct history_node *other,
                             const char *start, bool *out)
{
    struct dits_oid before = {0};
    struct dits_oid after = {0};
    struct comparing comparing = {.pathspec = pathspec, .folder = start};
    *out = start[0] != '\0' && pathspec_matches(pathspec, start, true);
    if (*out)
        return NULL;
    TRY(folder_of(repo, other, start, &before));
    TRY(folder_of(repo, node, start, &after));
    TRY(tree_diff(repo->store, &before, &after, see_difference, &comparing));
    *out = comparing.differs;
    return NULL;
}

dits_error *log_paths_same(dits_repo *repo, const struct pathspec *pathspec,
                           struct history_node *node,
                           struct history_node *other, bool *out)
{
    static const struct dits_oid absent = {0};
    *out = true;
    if (other != NULL && dits_oid_equal(&node->tree, &other->tree))
        return NULL;
    TRY(find_entries(repo, pathspec, node));
    if (other != NULL)
        TRY(find_entries(repo, pathspec, other));
    for (size_t i = 0; i < pathspec_start_count(pathspec) && *out; i++) {
        const struct dits_oid *theirs = other != NULL ? &other->entries[i]
                                                      : &absent;
        bool differs = false;
        if (dits_oid_equal(&node->entries[i], theirs))
            continue;
        TRY(differ_at(repo, pathspec, node, other, pathspec_start(pathspec, i),
                      &differs));
        *out = !differs;
    }
    return NULL;
}
