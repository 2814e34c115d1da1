#include "repo/reach.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "object/asset.h"
#include "object/commit.h"
#include "object/tree.h"
#include "repo/index.h"
#include "repo/linked.h"
#include "repo/refs.h"
#include "repo/shallow.h"

void reach_release(struct reach *reach)
{
    id_set_release(&reach->seen);
    mem_free(reach->queue);
    reach->queue = NULL;
    reach->count = 0;
    reach->capacity = 0;
    mem_free(reach->cuts);
    reach->cuts = NULL;
    reach->cut_count = 0;
    reach->cut_capacity = 0;
}

static dits_error *meet(struct reach *reach, enum chunk_kind kind,
                        const struct dits_oid *id, bool *out_new)
{
    TRY(id_set_add(&reach->seen, id, out_new));
    if (!*out_new || reach->on_new == NULL)
        return NULL;
    return reach->on_new(kind, id, reach->payload);
}

static dits_error *push(struct reach *reach, struct reach_item item)
{
    struct reach_item *queue = array_grown(reach->queue, reach->count,
                                           &reach->capacity, sizeof(*queue));
    if (queue == NULL)
        return error_nomem();
    reach->queue = queue;
    reach->queue[reach->count++] = item;
    return NULL;
}

/* Keep an object for later, unless it was met before. */
static dits_error *queue_item(struct reach *reach, enum chunk_kind kind,
                              const struct dits_oid *id)
{
    bool is_new = false;
    TRY(meet(reach, kind, id, &is_new));
    return is_new ? push(reach, (struct reach_item){kind, *id}) : NULL;
}

static dits_error *queue_node(const struct dits_oid *id, void *payload)
{
    return queue_item(payload, CHUNK_TREE, id);
}

static dits_error *queue_asset(const struct dits_oid *id, void *payload)
{
    return queue_item(payload, CHUNK_ASSET, id);
}

static dits_error *queue_tree(struct reach *reach, const struct dits_oid *id)
{
    struct dits_oid empty = {0};
    tree_empty_id(&empty);
    return dits_oid_equal(id, &empty) ? NULL
                                      : queue_item(reach, CHUNK_TREE, id);
}

static dits_error *on_segment(const struct dits_oid *segment, bool *descend,
                              void *payload)
{
    struct reach *reach = payload;
    return meet(reach, CHUNK_LIST, segment, descend);
}

static dits_error *on_chunk(const struct chunk_ref *chunk, void *payload)
{
    struct reach *reach = payload;
    bool is_new = false;
    return meet(reach, CHUNK_DATA, &chunk->id, &is_new);
}

static dits_error *mark_asset(struct reach *reach, const struct dits_oid *id)
{
    CLEANUP(asset_closep) struct asset *asset = NULL;
    struct asset_mark mark = {on_segment, on_chunk, reach};
    if (reach->without != NULL && id_set_has(reach->without, id))
        return NULL;
    TRY(asset_open(reach->repo->store, id, &asset));
    return asset_mark(asset, &mark);
}

/* What was queued last comes first: read what a node names as it lies there. */
static void reverse(struct reach_item *items, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct reach_item item = items[i];
        items[i] = items[count - 1 - i];
        items[count - 1 - i] = item;
    }
}

static dits_error *mark_node(struct reach *reach, const struct dits_oid *id)
{
    struct tree_mark mark = {queue_node, queue_asset, reach};
    size_t before = reach->count;
    TRY(tree_mark_node(reach->repo->store, id, &mark));
    if (reach->count > before)
        reverse(reach->queue + before, reach->count - before);
    return NULL;
}

/* Whoever marks again has to look again, whether it is cut still. */
static dits_error *keep_cut(struct reach *reach, const struct dits_oid *id)
{
    struct reach_item *cuts = array_grown(reach->cuts, reach->cut_count,
                                          &reach->cut_capacity, sizeof(*cuts));
    if (cuts == NULL)
        return error_nomem();
    reach->cuts = cuts;
    reach->cuts[reach->cut_count++] = (struct reach_item){CHUNK_COMMIT, *id};
    return NULL;
}

static dits_error *load_commit(struct reach *reach, const struct dits_oid *id,
                               struct commit *out)
{
    if (reach->boundary == NULL)
        return shallow_load(reach->repo, id, out);
    TRY(commit_load(reach->repo->store, id, out));
    if (oid_map_find(reach->boundary, id, NULL))
        out->parent_count = 0;
    return NULL;
}

/* Its tree before its parents, so that the queue stays short. */
static dits_error *mark_commit(struct reach *reach, const struct dits_oid *id)
{
    CLEANUP(commit_release) struct commit commit = {0};
    TRY(load_commit(reach, id, &commit));
    if (commit.cut_parents > 0)
        TRY(keep_cut(reach, id));
    for (size_t i = 0; i < commit.parent_count; i++)
        TRY(queue_item(reach, CHUNK_COMMIT, &commit.parents[i]));
    return queue_tree(reach, &commit.tree);
}

static dits_error *mark_item(struct reach *reach, struct reach_item item)
{
    if (item.kind == CHUNK_COMMIT)
        return mark_commit(reach, &item.id);
    if (item.kind == CHUNK_TREE)
        return mark_node(reach, &item.id);
    return mark_asset(reach, &item.id);
}

static dits_error *mark_queue(struct reach *reach)
{
    while (reach->count > 0) {
        TRY(context_check(reach->repo->context));
        TRY(mark_item(reach, reach->queue[--reach->count]));
        if (reach->on_pause != NULL)
            TRY(reach->on_pause(reach, reach->payload));
    }
    return NULL;
}

/* A tag may lead to a tag; each is met once, so there is no end of it. */
static dits_error *mark_tag(struct reach *reach, struct dits_oid id,
                            enum chunk_kind *out_kind, struct dits_oid *out)
{
    for (;;) {
        CLEANUP(tag_release) struct tag tag = {0};
        bool is_new = false;
        TRY(meet(reach, CHUNK_TAG, &id, &is_new));
        TRY(tag_load(reach->repo->store, &id, &tag));
        id = tag.target;
        *out_kind = tag.target_kind;
        *out = id;
        if (!is_new || tag.target_kind != CHUNK_TAG)
            return NULL;
    }
}

static dits_error *mark_root(enum chunk_kind kind, const struct dits_oid *id,
                             void *payload)
{
    struct reach *reach = payload;
    struct dits_oid target = *id;
    if (kind == CHUNK_TAG)
        TRY(mark_tag(reach, *id, &kind, &target));
    if (kind == CHUNK_COMMIT || kind == CHUNK_ASSET)
        TRY(queue_item(reach, kind, &target));
    else if (kind == CHUNK_TREE)
        TRY(queue_tree(reach, &target));
    return mark_queue(reach);
}

dits_error *reach_mark_from(struct reach *reach, enum chunk_kind kind,
                            const struct dits_oid *id)
{
    return mark_root(kind, id, reach);
}

struct root {
    enum chunk_kind kind;
    struct dits_oid id;
};

static dits_error *collect_root(enum chunk_kind kind, const struct dits_oid *id,
                                void *payload)
{
    struct root root = {.kind = kind, .id = *id};
    return buf_put(payload, &root, sizeof(root));
}

/* Collected first: a walk may take long, and the database is not held up. */
dits_error *reach_each_name(dits_repo *repo, reach_root_fn *fn, void *payload)
{
    CLEANUP(buf_release) struct buf roots = {0};
    TRY(refs_each_root(repo, collect_root, &roots));
    TRY(shallow_refresh(repo));
    for (size_t at = 0; at < roots.size; at += sizeof(struct root)) {
        struct root root = {0};
        memcpy(&root, roots.data + at, sizeof(root));
        TRY(fn(root.kind, &root.id, payload));
    }
    return NULL;
}

struct index_walk {
    reach_root_fn *fn;
    void *payload;
};

static dits_error *each_staged(dits_repo *view, void *payload)
{
    const struct index_walk *walk = payload;
    CLEANUP(index_freep) struct index *index = NULL;
    TRY(index_open(view, &index));
    for (size_t i = 0; i < index_count(index); i++)
        TRY(walk->fn(CHUNK_ASSET, &index_at(index, i)->asset, walk->payload));
    return NULL;
}

dits_error *reach_each_root(dits_repo *repo, reach_root_fn *fn, void *payload)
{
    struct index_walk walk = {.fn = fn, .payload = payload};
    TRY(reach_each_name(repo, fn, payload));
    return linked_each_view(repo, each_staged, &walk);
}

static dits_error *queue_cuts(struct reach *reach)
{
    for (size_t i = 0; i < reach->cut_count; i++)
        TRY(push(reach, reach->cuts[i]));
    reach->cut_count = 0;
    return NULL;
}

dits_error *reach_mark(struct reach *reach)
{
    TRY(shallow_refresh(reach->repo));
    TRY(queue_cuts(reach));
    TRY(mark_queue(reach));
    return reach_each_root(reach->repo, mark_root, reach);
}
