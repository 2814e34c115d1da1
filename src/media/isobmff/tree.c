#include <string.h>

#include "media/isobmff/top.h"
#include "media/isobmff/tree_kinds.h"
#include "media/isobmff/walk.h"
#include "media/limits.h"

/* Boxes that are open, from the outermost on. */
struct tree {
    struct window window;
    unsigned depth;
    size_t nodes;
    struct box_walk open[LIMIT_DEPTH];
    uint32_t types[LIMIT_DEPTH];
    media_node_fn *fn;
    void *payload;
};

static void release(struct tree *tree)
{
    window_release(&tree->window);
}

static dits_error *give(struct tree *tree, const struct box *box)
{
    char name[13] = "";
    tree_name(box->type, name);
    struct media_node node = {
        .name = name,
        .offset = box->offset,
        .size = box->size,
        .header_size = box->header_size,
        .depth = tree->depth,
        .is_damaged = box->is_clamped,
    };
    tree->nodes++;
    return tree->fn(&node, tree->payload);
}

/* Open `box` if it is one that holds others. */
static dits_error *enter(struct tree *tree, const struct box *box)
{
    uint32_t parent = tree->depth > 0 ? tree->types[tree->depth - 1] : 0;
    uint32_t skip = 0;
    bool holds = false;
    if (tree->depth == LIMIT_DEPTH)
        return NULL;
    TRY(tree_skip(&tree->window, parent, box, &skip, &holds));
    if (!holds)
        return NULL;
    tree->types[tree->depth] = box->type;
    tree->open[tree->depth++] = box_children(&tree->window, box, skip);
    return NULL;
}

/* All that is open, until nothing is. */
static dits_error *walk_open(struct tree *tree)
{
    struct box box = {0};
    bool found = false;
    while (tree->depth > 0 && tree->nodes < LIMIT_NODES) {
        TRY(box_next(&tree->open[tree->depth - 1], &box, &found));
        if (!found) {
            tree->depth--;
            continue;
        }
        TRY(give(tree, &box));
        TRY(enter(tree, &box));
    }
    return NULL;
}

dits_error *box_tree_walk(struct media_file *file, media_node_fn *fn,
                          void *payload)
{
    CLEANUP(release)
    struct tree tree = {
        .window = {.source = file->source},
        .fn = fn,
        .payload = payload,
    };
    CLEANUP(top_walk_release)
    struct top_walk walk = {.file = file, .is_quiet = true};
    struct box box = {0};
    bool found = true;
    while (found && tree.nodes < LIMIT_NODES) {
        TRY(top_next(&walk, &box, &found));
        if (!found)
            break;
        tree.depth = 0;
        TRY(give(&tree, &box));
        TRY(enter(&tree, &box));
        TRY(walk_open(&tree));
    }
    return NULL;
}
