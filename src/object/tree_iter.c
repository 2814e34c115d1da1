#include <string.h>

#include "base/mem.h"
#include "object/tree_cursor.h"

struct tree_iter {
    struct tree_cursor cursor;
    bool is_started;
};

dits_error *tree_iter_new(struct store *store, const struct dits_oid *tree,
                          struct tree_iter **out)
{
    CLEANUP(tree_iter_freep) struct tree_iter *iter = mem_new(struct tree_iter);
    if (iter == NULL)
        return error_nomem();
    TRY(tree_cursor_open(store, tree, &iter->cursor));
    *out = MOVE(iter);
    return NULL;
}

void tree_iter_free(struct tree_iter *iter)
{
    if (iter != NULL)
        tree_cursor_release(&iter->cursor);
    mem_free(iter);
}

void tree_iter_freep(struct tree_iter **iter)
{
    tree_iter_free(*iter);
}

dits_error *tree_iter_next(struct tree_iter *iter, struct tree_entry *entry,
                           bool *out)
{
    struct tree_cursor *cursor = &iter->cursor;
    if (iter->is_started)
        TRY(tree_cursor_next(cursor));
    iter->is_started = true;
    const struct tree_item *item = tree_cursor_item(cursor);
    while (item != NULL && tree_cursor_level(cursor) > 0) {
        TRY(tree_cursor_descend(cursor));
        item = tree_cursor_item(cursor);
    }
    *out = item != NULL;
    if (item != NULL)
        *entry = (struct tree_entry){.name = item->name,
                                     .mode = (enum tree_mode)item->mode,
                                     .id = *item->id};
    return NULL;
}

/* The item of `node` that is `name`, or that `name` must lie below. */
static dits_error *find_in_node(struct tree_node *node, struct slice name,
                                struct tree_item *out, bool *out_found)
{
    *out_found = false;
    for (;;) {
        struct tree_item item = {0};
        bool found = false;
        TRY(tree_node_next(node, &item, &found));
        if (!found)
            return NULL;
        size_t common = item.length < name.size ? item.length : name.size;
        int order = memcmp(item.name, name.data, common);
        if (order == 0)
            order = item.length < name.size ? -1 : item.length > name.size;
        if (order > 0)
            return NULL;
        if (order == 0 || node->level > 0) {
            *out = item;
            *out_found = true;
        }
        if (order == 0)
            return NULL;
    }
}

/* The entry called `name` in the folder `id`. */
static dits_error *find_name(struct store *store, struct dits_oid id,
                             struct slice name, struct tree_entry *out,
                             bool *out_found)
{
    unsigned level = TREE_MAX_LEVELS;
    for (;;) {
        CLEANUP(tree_node_release) struct tree_node node = {0};
        struct tree_item item = {0};
        TRY(tree_node_load(store, &id, &node));
        if (node.level >= level)
            return error_new(DITS_E_CORRUPT,
                             "a tree node is at the wrong level");
        level = node.level;
        TRY(find_in_node(&node, name, &item, out_found));
        if (!*out_found)
            return NULL;
        if (level == 0) {
            *out = (struct tree_entry){.mode = (enum tree_mode)item.mode,
                                       .id = *item.id};
            return NULL;
        }
        id = *item.id;
    }
}

dits_error *tree_find(struct store *store, const struct dits_oid *tree,
                      const char *path, struct tree_entry *out, bool *out_found)
{
    struct tree_entry entry = {.mode = TREE_FOLDER, .id = *tree};
    const char *rest = path;
    *out_found = true;
    while (*rest != '\0' && *out_found) {
        size_t length = strcspn(rest, "/");
        *out_found = length > 0 && entry.mode == TREE_FOLDER;
        if (*out_found)
            TRY(find_name(store, entry.id, slice_of(rest, length), &entry,
                          out_found));
        rest += length;
        if (*rest == '/' && rest[1] != '\0')
            rest++;
        else if (*rest == '/')
            *out_found = false;
        if (!*out_found)
            return NULL;
    }
    if (*out_found)
        *out = entry;
    return NULL;
}
