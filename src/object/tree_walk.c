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

/* Mark the folder or node `id` and say whether to go on below it. */
static dits_error *mark_node(const struct tree_mark *mark,
                             const struct dits_oid *id, bool *descend)
{
    struct dits_oid empty = {0};
    tree_empty_id(&empty);
    *descend = !dits_oid_equal(id, &empty);
    return *descend ? mark->on_node(id, descend, mark->payload) : NULL;
}

static dits_error *mark_item(struct tree_stack *stack, struct store *store,
                             const struct tree_mark *mark)
{
    struct tree_cursor *cursor = &tree_stack_top(stack)->cursors[0];
    const struct tree_item *item = tree_cursor_item(cursor);
    bool descend = false;
    if (item == NULL) {
        tree_stack_pop(stack);
        return NULL;
    }
    struct dits_oid id = *item->id;
    if (tree_cursor_level(cursor) > 0) {
        TRY(mark_node(mark, &id, &descend));
        return descend ? tree_cursor_descend(cursor) : tree_cursor_next(cursor);
    }
    if (item->mode != TREE_FOLDER) {
        TRY(mark->on_asset(&id, mark->payload));
        return tree_cursor_next(cursor);
    }
    TRY(tree_cursor_next(cursor));
    TRY(mark_node(mark, &id, &descend));
    return descend ? tree_stack_push(stack, store, &id, NULL) : NULL;
}

dits_error *tree_mark(struct store *store, const struct dits_oid *tree,
                      const struct tree_mark *mark)
{
    CLEANUP(tree_stack_release) struct tree_stack stack = {0};
    bool descend = false;
    TRY(mark_node(mark, tree, &descend));
    if (descend)
        TRY(tree_stack_push(&stack, store, tree, NULL));
    while (!tree_stack_is_empty(&stack))
        TRY(mark_item(&stack, store, mark));
    return NULL;
}
