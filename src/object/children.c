#include "object/children.h"

#include "object/commit.h"
#include "object/object.h"
#include "object/recipe.h"
#include "object/tree_node.h"

struct visit {
    object_child_fn *fn;
    void *payload;
};

static dits_error *tell(const struct visit *visit, enum chunk_kind kind,
                        const struct dits_oid *id)
{
    return visit->fn(kind, id, visit->payload);
}

static dits_error *tell_tree(const struct visit *visit,
                             const struct dits_oid *id)
{
    struct dits_oid empty = {0};
    tree_empty_id(&empty);
    return dits_oid_equal(id, &empty) ? NULL : tell(visit, CHUNK_TREE, id);
}

static dits_error *of_commit(struct slice bytes, const struct visit *visit)
{
    CLEANUP(commit_release) struct commit commit = {0};
    TRY(commit_decode(bytes, &commit));
    for (size_t i = 0; i < commit.parent_count; i++)
        TRY(tell(visit, CHUNK_COMMIT, &commit.parents[i]));
    return tell_tree(visit, &commit.tree);
}

static dits_error *of_tag(struct slice bytes, const struct visit *visit)
{
    CLEANUP(tag_release) struct tag tag = {0};
    TRY(tag_decode(bytes, &tag));
    return tag.target_kind == CHUNK_TREE
               ? tell_tree(visit, &tag.target)
               : tell(visit, tag.target_kind, &tag.target);
}

static dits_error *of_tree(struct slice bytes, const struct visit *visit)
{
    CLEANUP(tree_node_release) struct tree_node node = {0};
    CLEANUP(buf_release) struct buf copy = {0};
    TRY(buf_put(&copy, bytes.data, bytes.size));
    TRY(tree_node_parse(&copy, &node));
    for (;;) {
        struct tree_item item = {0};
        bool found = false;
        TRY(tree_node_next(&node, &item, &found));
        if (!found)
            return NULL;
        if (node.level == 0 && item.mode != TREE_FOLDER)
            TRY(tell(visit, CHUNK_ASSET, item.id));
        else
            TRY(tell_tree(visit, item.id));
    }
}

static dits_error *of_node(const struct list_node *node,
                           const struct visit *visit)
{
    enum chunk_kind kind = node->level == 0 ? CHUNK_DATA : CHUNK_LIST;
    for (size_t i = 0; i < node->count; i++)
        TRY(tell(visit, kind, &node->entries[i].id));
    return NULL;
}

static dits_error *of_asset(struct slice bytes, const struct visit *visit)
{
    CLEANUP(recipe_release) struct recipe recipe = {0};
    TRY(recipe_parse(bytes, &recipe));
    for (size_t i = 0; i < recipe.stream_count; i++)
        TRY(of_node(&recipe.streams[i], visit));
    for (size_t i = 0; i < recipe.weave.count; i++)
        TRY(tell(visit, CHUNK_LIST, &recipe.weave.parts[i].id));
    return NULL;
}

/* A part of a weave has runs and no ids. */
static dits_error *of_list(struct slice bytes, const struct visit *visit)
{
    CLEANUP(list_node_release) struct list_node node = {0};
    CLEANUP(weave_segment_release) struct weave_segment segment = {0};
    struct cursor in = {0};
    uint8_t form = 0;
    TRY(object_open(CHUNK_LIST, bytes, &in));
    TRY(cursor_u8(&in, &form));
    if (form == LIST_FORM_WEAVE)
        return weave_segment_parse(bytes, &segment);
    TRY(list_segment_parse(bytes, &node));
    return of_node(&node, visit);
}

dits_error *object_each_child(enum chunk_kind kind, struct slice bytes,
                              object_child_fn *fn, void *payload)
{
    const struct visit visit = {fn, payload};
    switch (kind) {
    case CHUNK_COMMIT:
        return of_commit(bytes, &visit);
    case CHUNK_TAG:
        return of_tag(bytes, &visit);
    case CHUNK_TREE:
        return of_tree(bytes, &visit);
    case CHUNK_ASSET:
        return of_asset(bytes, &visit);
    case CHUNK_LIST:
        return of_list(bytes, &visit);
    case CHUNK_DATA:
        break;
    }
    return NULL;
}
