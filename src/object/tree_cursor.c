#include "object/tree_cursor.h"

#include <assert.h>
#include <string.h>

#include "base/mem.h"

struct tree_place {
    struct tree_node node;
    struct tree_item item;
};

void tree_cursor_release(struct tree_cursor *cursor)
{
    for (size_t i = 0; i < cursor->depth; i++)
        tree_node_release(&cursor->places[i].node);
    mem_free(cursor->places);
    *cursor = (struct tree_cursor){0};
}

static struct tree_place *top_of(const struct tree_cursor *cursor)
{
    return &cursor->places[cursor->depth - 1];
}

const struct tree_item *tree_cursor_item(const struct tree_cursor *cursor)
{
    return cursor->depth == 0 ? NULL : &top_of(cursor)->item;
}

unsigned tree_cursor_level(const struct tree_cursor *cursor)
{
    return top_of(cursor)->node.level;
}

/* To the next item; nodes that have no more are closed. */
static dits_error *advance(struct tree_cursor *cursor)
{
    while (cursor->depth > 0) {
        struct tree_place *place = top_of(cursor);
        bool found = false;
        TRY(tree_node_next(&place->node, &place->item, &found));
        if (found && strcmp(cursor->last, place->item.name) >= 0)
            return error_new(DITS_E_CORRUPT, "'%s' is out of order in a tree",
                             place->item.name);
        if (found)
            return NULL;
        if (place->node.level == 0 && place->node.previous != NULL)
            memcpy(cursor->last, place->item.name, place->item.length + 1);
        tree_node_release(&place->node);
        cursor->depth--;
    }
    return NULL;
}

dits_error *tree_cursor_open(struct store *store, const struct dits_oid *tree,
                             struct tree_cursor *out)
{
    CLEANUP(tree_cursor_release) struct tree_cursor cursor = {.store = store};
    cursor.places = mem_new_array(struct tree_place, TREE_MAX_LEVELS);
    if (cursor.places == NULL)
        return error_nomem();
    TRY(tree_node_load(store, tree, &cursor.places[0].node));
    cursor.depth = 1;
    TRY(advance(&cursor));
    *out = MOVE(cursor);
    return NULL;
}

dits_error *tree_cursor_following(const struct tree_cursor *cursor,
                                  const char **out)
{
    *out = NULL;
    for (size_t i = cursor->depth; i > 0 && *out == NULL; i--) {
        /* A look ahead: the node itself is not moved. */
        struct tree_node node = cursor->places[i - 1].node;
        struct tree_item item = {0};
        bool found = false;
        TRY(tree_node_next(&node, &item, &found));
        if (found)
            *out = item.name;
    }
    return NULL;
}

dits_error *tree_cursor_descend(struct tree_cursor *cursor)
{
    const struct tree_place *above = top_of(cursor);
    CLEANUP(tree_node_release) struct tree_node node = {0};
    struct tree_item item = {0};
    bool found = false;
    assert(above->node.level > 0);
    TRY(tree_node_load(cursor->store, above->item.id, &node));
    if (node.level != above->node.level - 1)
        return error_new(DITS_E_CORRUPT, "a tree node is at the wrong level");
    TRY(tree_node_next(&node, &item, &found));
    if (!found || strcmp(item.name, above->item.name) != 0)
        return error_new(DITS_E_CORRUPT, "a tree node does not begin with '%s'",
                         above->item.name);

    /* Levels fall by one, so there is always a place left. */
    struct tree_place *place = &cursor->places[cursor->depth++];
    place->node = MOVE(node);
    place->item = item;
    return NULL;
}

dits_error *tree_cursor_next(struct tree_cursor *cursor)
{
    return advance(cursor);
}
