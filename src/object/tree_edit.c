#include "object/tree_edit.h"

#include <string.h>

#include "object/tree_builder.h"
#include "object/tree_cursor.h"

/* One edit under way. */
struct edit {
    struct store *store;
    struct tree_builder *builder;
    struct tree_cursor cursor;
    const struct tree_change *changes; /* those left to apply */
    size_t count;
};

static dits_error *apply_next(struct edit *edit)
{
    const struct tree_change *change = edit->changes++;
    edit->count--;
    if (!change->is_removal)
        return tree_builder_add(edit->builder, &change->entry);
    return NULL;
}

/*
 * Take over the node at the cursor unread when no change can fall into it. The
 * last node of a folder ends because the folder does, so it is taken only when
 * nothing comes behind it.
 */
static dits_error *take_node(struct edit *edit, bool *out_taken)
{
    const char *following = NULL;
    *out_taken = false;
    TRY(tree_cursor_following(&edit->cursor, &following));
    bool clear = edit->count == 0 ||
                 (following != NULL &&
                  strcmp(edit->changes[0].entry.name, following) >= 0);
    if (!clear)
        return NULL;
    return tree_builder_add_node(edit->builder,
                                 tree_cursor_level(&edit->cursor) - 1,
                                 tree_cursor_item(&edit->cursor), out_taken);
}

static dits_error *step_node(struct edit *edit)
{
    bool taken = false;
    TRY(take_node(edit, &taken));
    return taken ? tree_cursor_next(&edit->cursor)
                 : tree_cursor_descend(&edit->cursor);
}

static dits_error *step_entry(struct edit *edit)
{
    const struct tree_item *item = tree_cursor_item(&edit->cursor);
    struct tree_entry entry = {.name = item->name,
                               .mode = (enum tree_mode)item->mode,
                               .id = *item->id};
    TRY(tree_builder_add(edit->builder, &entry));
    return tree_cursor_next(&edit->cursor);
}

static dits_error *step(struct edit *edit)
{
    const struct tree_item *item = tree_cursor_item(&edit->cursor);
    int order =
        edit->count == 0 ? 1 : strcmp(edit->changes[0].entry.name, item->name);
    if (order < 0)
        return apply_next(edit);
    if (tree_cursor_level(&edit->cursor) > 0)
        return step_node(edit);
    if (order > 0)
        return step_entry(edit);
    TRY(apply_next(edit));
    return tree_cursor_next(&edit->cursor);
}

/*
 * What is left when a folder shrinks may be a chain of nodes that hold one node
 * each: the folder is the one below, as a new one would be.
 */
static dits_error *shorten(struct store *store, struct dits_oid *id)
{
    for (;;) {
        CLEANUP(tree_node_release) struct tree_node node = {0};
        struct tree_item item = {0};
        bool found = false;
        TRY(tree_node_load(store, id, &node));
        if (node.level == 0 || node.left != 1)
            return NULL;
        TRY(tree_node_next(&node, &item, &found));
        *id = *item.id;
    }
}

static dits_error *run(struct edit *edit, struct dits_oid *out_id)
{
    while (tree_cursor_item(&edit->cursor) != NULL)
        TRY(step(edit));
    while (edit->count > 0)
        TRY(apply_next(edit));
    return tree_builder_finish(edit->builder, out_id);
}

dits_error *tree_edit(struct store *store, struct store_writer *writer,
                      const struct dits_oid *tree,
                      const struct tree_change *changes, size_t count,
                      struct dits_oid *out_id)
{
    CLEANUP(tree_builder_freep) struct tree_builder *builder = NULL;
    CLEANUP(tree_cursor_release) struct tree_cursor cursor = {0};
    struct dits_oid id = {0};
    bool is_known = false;
    TRY(tree_builder_new(writer, &builder));
    TRY(tree_cursor_open(store, tree, &cursor));
    struct edit edit = {
        .store = store,
        .builder = builder,
        .cursor = MOVE(cursor),
        .changes = changes,
        .count = count,
    };
    dits_error *err = run(&edit, &id);
    tree_cursor_release(&edit.cursor);
    if (err != NULL)
        return err;

    /* Only what was there before can be such a chain. */
    TRY(store_find(store, &id, &is_known, NULL));
    if (is_known)
        TRY(shorten(store, &id));
    *out_id = id;
    return NULL;
}
