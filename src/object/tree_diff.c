#include <string.h>

#include "object/tree_stack.h"

/* One comparison under way. */
struct diff {
    struct store *store;
    tree_diff_fn *fn;
    void *payload;
    struct tree_stack stack;
};

enum { BEFORE = 0, AFTER = 1 };

static bool is_node(const struct tree_cursor *cursor)
{
    return tree_cursor_level(cursor) > 0;
}

/* Report an item that only one side has, or go into it. */
static dits_error *only_one(struct diff *diff, int side)
{
    struct tree_cursor *cursor = &tree_stack_top(&diff->stack)->cursors[side];
    if (is_node(cursor))
        return tree_cursor_descend(cursor);

    const struct tree_item *item = tree_cursor_item(cursor);
    TRY(tree_stack_name(&diff->stack, item));
    struct tree_entry entry = tree_stack_entry(item);
    if (item->mode != TREE_FOLDER) {
        TRY(diff->fn(tree_stack_path(&diff->stack),
                     side == BEFORE ? &entry : NULL,
                     side == AFTER ? &entry : NULL, diff->payload));
        return tree_cursor_next(cursor);
    }
    TRY(tree_cursor_next(cursor));
    return tree_stack_push(&diff->stack, diff->store,
                           side == BEFORE ? &entry.id : NULL,
                           side == AFTER ? &entry.id : NULL);
}

/* Two entries of one name that are not the same. */
static dits_error *changed(struct diff *diff, const struct tree_entry *before,
                           const struct tree_entry *after)
{
    bool was_folder = before->mode == TREE_FOLDER;
    bool is_folder = after->mode == TREE_FOLDER;
    if (!was_folder || !is_folder)
        TRY(diff->fn(tree_stack_path(&diff->stack), was_folder ? NULL : before,
                     is_folder ? NULL : after, diff->payload));
    if (!was_folder && !is_folder)
        return NULL;
    return tree_stack_push(&diff->stack, diff->store,
                           was_folder ? &before->id : NULL,
                           is_folder ? &after->id : NULL);
}

/* Both sides are at the same name. */
static dits_error *same_name(struct diff *diff, struct tree_cursor *a,
                             struct tree_cursor *b)
{
    unsigned level_a = tree_cursor_level(a);
    unsigned level_b = tree_cursor_level(b);
    const struct tree_item *before = tree_cursor_item(a);
    const struct tree_item *after = tree_cursor_item(b);
    bool same = level_a == level_b && before->mode == after->mode &&
                dits_oid_equal(before->id, after->id);
    if (same) {
        TRY(tree_cursor_next(a));
        return tree_cursor_next(b);
    }
    if (level_a > 0 || level_b > 0) {
        if (level_a >= level_b)
            TRY(tree_cursor_descend(a));
        return level_b >= level_a ? tree_cursor_descend(b) : NULL;
    }
    TRY(tree_stack_name(&diff->stack, before));
    struct tree_entry old = tree_stack_entry(before);
    struct tree_entry new = tree_stack_entry(after);
    char name[TREE_NAME_MAX + 1] = {0};
    memcpy(name, before->name, before->length);
    old.name = name;
    new.name = name;
    TRY(tree_cursor_next(a));
    TRY(tree_cursor_next(b));
    return changed(diff, &old, &new);
}

static dits_error *step(struct diff *diff)
{
    struct tree_frame *frame = tree_stack_top(&diff->stack);
    const struct tree_item *before = tree_cursor_item(&frame->cursors[BEFORE]);
    const struct tree_item *after = tree_cursor_item(&frame->cursors[AFTER]);
    if (before == NULL && after == NULL) {
        tree_stack_pop(&diff->stack);
        return NULL;
    }
    int order = before == NULL  ? 1
                : after == NULL ? -1
                                : strcmp(before->name, after->name);
    if (order != 0)
        return only_one(diff, order < 0 ? BEFORE : AFTER);
    return same_name(diff, &frame->cursors[BEFORE], &frame->cursors[AFTER]);
}

dits_error *tree_diff(struct store *store, const struct dits_oid *before,
                      const struct dits_oid *after, tree_diff_fn *fn,
                      void *payload)
{
    struct diff diff = {.store = store, .fn = fn, .payload = payload};
    dits_error *err = NULL;
    if (dits_oid_equal(before, after))
        return NULL;
    err = tree_stack_push(&diff.stack, store,
                          dits_oid_is_zero(before) ? NULL : before,
                          dits_oid_is_zero(after) ? NULL : after);
    while (err == NULL && !tree_stack_is_empty(&diff.stack))
        err = step(&diff);
    tree_stack_release(&diff.stack);
    return err;
}
