#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "object/commit.h"
#include "repo/git_import.h"
#include "repo/id_set.h"
#include "repo/ref_name.h"
#include "repo/revision_resolve.h"
#include "repo/shallow.h"

/* A walk through all commits that refs lead to. */
struct walk {
    dits_repo *repo;
    struct id_set seen;
    struct dits_oid *queue;
    size_t count;
    size_t capacity;
};

static void walk_release(struct walk *walk)
{
    id_set_release(&walk->seen);
    mem_free(walk->queue);
}

static dits_error *walk_add(struct walk *walk, const struct dits_oid *id)
{
    bool is_new = false;
    TRY(id_set_add(&walk->seen, id, &is_new));
    if (!is_new)
        return NULL;
    struct dits_oid *queue =
        array_grown(walk->queue, walk->count, &walk->capacity, sizeof(*queue));
    if (queue == NULL)
        return error_nomem();
    walk->queue = queue;
    walk->queue[walk->count++] = *id;
    return NULL;
}

static dits_error *add_ref(const char *full_name, const struct dits_oid *value,
                           void *payload)
{
    struct walk *walk = payload;
    struct revision_object object = {0};
    bool found = false;
    (void)full_name;
    TRY(revision_behind_ref(walk->repo, value, &object, &found));
    return found && object.kind == CHUNK_COMMIT ? walk_add(walk, &object.id)
                                                : NULL;
}

static dits_error *walk_all(struct walk *walk)
{
    TRY(refs_each(walk->repo, REF_ALL, add_ref, walk));
    TRY(shallow_refresh(walk->repo));
    while (walk->count > 0) {
        CLEANUP(commit_release) struct commit commit = {0};
        struct dits_oid id = walk->queue[--walk->count];
        TRY(context_check(walk->repo->context));
        TRY(shallow_load(walk->repo, &id, &commit));
        for (size_t i = 0; i < commit.parent_count; i++)
            TRY(walk_add(walk, &commit.parents[i]));
    }
    return NULL;
}

/*
 * What is not reached from a ref may have been removed in part by gc: only what
 * is reached is taken for known.
 */
dits_error *git_import_load_map(struct git_import *import)
{
    CLEANUP(walk_release) struct walk walk = {.repo = import->repo};
    struct git_map *map = &import->map;
    size_t kept = 0;
    TRY(git_map_load(import->repo, map));
    if (map->count == 0)
        return NULL;
    TRY(walk_all(&walk));
    for (size_t i = 0; i < map->count; i++) {
        const struct git_pair pair = map->pairs[i];
        if (!id_set_has(&walk.seen, &pair.ours))
            continue;
        TRY(git_known_set(&import->commits, &pair.git, GIT_STORED, &pair.ours));
        map->pairs[kept++] = pair;
    }
    map->count = kept;
    import->known_count = import->commits.numbers.count;
    return NULL;
}

/*
 * Where a file of Git LFS was missing, nothing is kept in mind: once it is
 * there, the history comes out otherwise.
 */
dits_error *git_import_save_map(struct git_import *import)
{
    if (import->order_count == 0 || import->result.lfs_missing > 0)
        return NULL;
    for (size_t i = 0; i < import->order_count; i++) {
        const struct git_outcome *outcome =
            git_known_find(&import->commits, &import->order[i]);
        struct git_pair pair = {.git = import->order[i], .ours = outcome->id};
        TRY(git_map_add(&import->map, &pair));
    }
    git_map_save(import->repo, &import->map);
    return NULL;
}
