#include "object/tree_cursor.h"
#include "object/tree_stack.h"

/* One step in the folder at the top of the stack; folders are gone into. */
static dits_error *visit(struct tree_stack *stack, struct store *store,
                         tree_walk_fn *fn, void *payload)
{
    struct tree_cursor *cursor = &tree_stack_top(stack)->cursors[0];
    const struct tree_item *item = tree_cursor_item(cursor);
    if (item == NULL) {
        tree_stack_pop(stack);
        return NULL;
    }
    if (tree_cursor_level(cursor) > 0)
        return tree_cursor_descend(cursor);

    TRY(tree_stack_name(stack, item));
    if (item->mode != TREE_FOLDER) {
        struct tree_entry entry = tree_stack_entry(item);
        TRY(fn(tree_stack_path(stack), &entry, payload));
        return tree_cursor_next(cursor);
    }
    struct dits_oid id = *item->id;
    TRY(tree_cursor_next(cursor));
    return tree_stack_push(stack, store, &id, NULL);
}

dits_error *tree_walk(struct store *store, const struct dits_oid *tree,
                      tree_walk_fn *fn, void *payload)
{
    CLEANUP(tree_stack_release) struct tree_stack stack = {0};
    TRY(tree_stack_push(&stack, store, tree, NULL));
    while (!tree_stack_is_empty(&stack))
        TRY(visit(&stack, store, fn, payload));
    return NULL;
}

dits_error *tree_mark_node(struct store *store, const struct dits_oid *id,
                           const struct tree_mark *mark)
{
    CLEANUP(tree_node_release) struct tree_node node = {0};
    struct dits_oid empty = {0};
    tree_empty_id(&empty);
    TRY(tree_node_load(store, id, &node));
    for (;;) {
        struct tree_item item = {0};
        bool found = false;
        TRY(tree_node_next(&node, &item, &found));
        if (!found)
            return NULL;
        if (node.level == 0 && item.mode != TREE_FOLDER)
            TRY(mark->on_asset(item.id, mark->payload));
        else if (!dits_oid_equal(item.id, &empty))
            TRY(mark->on_node(item.id, mark->payload));
    }
}
