#include <dits/maintenance.h>

#include "base/buf.h"
#include "base/text.h"
#include "object/asset.h"
#include "object/commit.h"
#include "object/tree.h"
#include "repo/reach.h"
#include "repo/shallow.h"
#include "store/tier_transfer.h"

struct stats {
    dits_repo *repo;
    struct dits_stats *out;
    struct id_set counted; /* chunks */
    struct id_set assets;
    struct id_set commits;
};

static dits_error *count_chunk(const struct dits_oid *id,
                               const struct chunk_place *place, void *payload)
{
    struct stats *stats = payload;
    bool is_new = false;
    TRY(id_set_add(&stats->counted, id, &is_new));
    if (!is_new)
        return NULL;
    stats->out->chunks[place->kind]++;
    stats->out->chunk_kind_bytes[place->kind] += place->stored_size;
    if (place->kind != CHUNK_DATA || place->size == 0)
        return NULL;
    unsigned bucket = 31u - (unsigned)__builtin_clz(place->size);
    stats->out->chunk_bytes += place->size;
    stats->out
        ->histogram[bucket < DITS_STATS_BUCKETS ? bucket
                                                : DITS_STATS_BUCKETS - 1]++;
    return NULL;
}

/* A file that a commit has otherwise than its first parent. */
static dits_error *count_version(const char *path,
                                 const struct tree_entry *before,
                                 const struct tree_entry *after, void *payload)
{
    struct stats *stats = payload;
    CLEANUP(asset_closep) struct asset *asset = NULL;
    bool is_new = false;
    (void)path;
    if (after == NULL ||
        (before != NULL && dits_oid_equal(&before->id, &after->id)))
        return NULL;
    TRY(asset_open(stats->repo->store, &after->id, &asset));
    uint64_t size = asset_get_info(asset)->size;
    stats->out->files++;
    stats->out->logical_bytes += size;
    TRY(id_set_add(&stats->assets, &after->id, &is_new));
    if (is_new) {
        stats->out->distinct_files++;
        stats->out->distinct_bytes += size;
    }
    return NULL;
}

static dits_error *load_parent_tree(struct stats *stats,
                                    const struct commit *commit,
                                    struct dits_oid *out)
{
    CLEANUP(commit_release) struct commit parent = {0};
    *out = (struct dits_oid){0};
    if (commit->parent_count == 0)
        return NULL;
    TRY(commit_load(stats->repo->store, &commit->parents[0], &parent));
    *out = parent.tree;
    return NULL;
}

/* Commits that are still to be counted. */
static dits_error *push_commit(struct stats *stats, struct buf *queue,
                               const struct dits_oid *id)
{
    bool is_new = false;
    TRY(id_set_add(&stats->commits, id, &is_new));
    return is_new ? buf_put(queue, id->hash, sizeof(id->hash)) : NULL;
}

static dits_error *count_commit(struct stats *stats, struct buf *queue)
{
    CLEANUP(commit_release) struct commit commit = {0};
    struct dits_oid id = {0};
    struct dits_oid before = {0};
    queue->size -= sizeof(id.hash);
    for (size_t i = 0; i < sizeof(id.hash); i++)
        id.hash[i] = queue->data[queue->size + i];
    TRY(context_check(stats->repo->context));
    TRY(shallow_load(stats->repo, &id, &commit));
    TRY(load_parent_tree(stats, &commit, &before));
    TRY(tree_diff(stats->repo->store, &before, &commit.tree, count_version,
                  stats));
    stats->out->commits++;
    for (size_t i = 0; i < commit.parent_count; i++)
        TRY(push_commit(stats, queue, &commit.parents[i]));
    return NULL;
}

static dits_error *count_root(enum chunk_kind kind, const struct dits_oid *id,
                              void *payload)
{
    struct stats *stats = payload;
    CLEANUP(buf_release) struct buf queue = {0};
    CLEANUP(tag_release) struct tag tag = {0};
    struct dits_oid target = *id;
    if (kind == CHUNK_TAG) {
        TRY(tag_load(stats->repo->store, id, &tag));
        kind = tag.target_kind;
        target = tag.target;
    }
    if (kind == CHUNK_COMMIT)
        TRY(push_commit(stats, &queue, &target));
    while (queue.size > 0)
        TRY(count_commit(stats, &queue));
    return NULL;
}

static dits_error *count_file(const char *name, void *payload)
{
    struct stats *stats = payload;
    CLEANUP(buf_release) struct buf path = {0};
    struct fs_stat info = {0};
    TRY(buf_printf(&path, "%s/packs/%s", stats->repo->dits_dir, name));
    dits_error *err = fs_stat_path(buf_text(&path), &info);
    if (dits_error_has(err, DITS_E_NOT_FOUND)) {
        dits_error_free(err); /* merged into another one meanwhile */
        return NULL;
    }
    TRY(err);
    stats->out->stored_bytes += info.size;
    stats->out->packs += text_ends_with(name, ".pack");
    return NULL;
}

static dits_error *count_far(const struct store_pack_info *info, void *payload)
{
    struct stats *stats = payload;
    stats->out->tier_packs += info->tier != NULL;
    stats->out->tier_bytes += info->tier != NULL ? info->size : 0;
    return NULL;
}

static dits_error *run(struct stats *stats)
{
    CLEANUP(buf_release) struct buf packs = {0};
    TRY(buf_printf(&packs, "%s/packs", stats->repo->dits_dir));
    TRY(fs_list(buf_text(&packs), count_file, stats));
    TRY(store_each_pack(stats->repo->store, count_far, stats));
    TRY(store_each(stats->repo->store, count_chunk, stats));
    return reach_each_root(stats->repo, count_root, stats);
}

dits_error *dits_stats_get(dits_repo *repo, struct dits_stats *out)
{
    struct dits_stats result = {0};
    struct stats stats = {.repo = repo, .out = &result};
    dits_error *err = run(&stats);
    id_set_release(&stats.counted);
    id_set_release(&stats.assets);
    id_set_release(&stats.commits);
    if (err == NULL)
        *out = result;
    return err;
}
