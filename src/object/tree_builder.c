#include "object/tree_builder.h"

#include <string.h>

#include "base/mem.h"

/* The node under way at one level. */
struct level {
    struct buf items;
    size_t count;
    bool ends;                     /* with its last item */
    char first[TREE_NAME_MAX + 1]; /* name of the first item */
    size_t first_length;
    struct dits_oid first_id;
};

struct tree_builder {
    struct store_writer *writer;
    struct level *levels[TREE_MAX_LEVELS]; /* NULL: not reached yet */
    char last[TREE_NAME_MAX + 1];          /* name of the last entry */
    struct buf scratch;
};

dits_error *tree_builder_new(struct store_writer *writer,
                             struct tree_builder **out)
{
    struct tree_builder *builder = mem_new(struct tree_builder);
    if (builder == NULL)
        return error_nomem();
    builder->writer = writer;
    *out = builder;
    return NULL;
}

void tree_builder_free(struct tree_builder *builder)
{
    if (builder == NULL)
        return;
    for (size_t i = 0; i < TREE_MAX_LEVELS; i++) {
        if (builder->levels[i] != NULL)
            buf_release(&builder->levels[i]->items);
        mem_free(builder->levels[i]);
    }
    buf_release(&builder->scratch);
    mem_free(builder);
}

void tree_builder_freep(struct tree_builder **builder)
{
    tree_builder_free(*builder);
}

static size_t count_at(const struct tree_builder *builder, unsigned level)
{
    return level < TREE_MAX_LEVELS && builder->levels[level] != NULL
               ? builder->levels[level]->count
               : 0;
}

static dits_error *reach_level(struct tree_builder *builder, unsigned index)
{
    if (index >= TREE_MAX_LEVELS)
        return error_new(DITS_E_LIMIT, "a folder has too many entries");
    if (builder->levels[index] == NULL)
        builder->levels[index] = mem_new(struct level);
    return builder->levels[index] == NULL ? error_nomem() : NULL;
}

static dits_error *append(struct tree_builder *builder, unsigned index,
                          const struct tree_item *item)
{
    struct level *level = builder->levels[index];
    TRY(tree_item_encode(item, &level->items));
    if (level->count++ == 0) {
        memcpy(level->first, item->name, item->length + 1);
        level->first_length = item->length;
        level->first_id = *item->id;
    }
    level->ends =
        tree_node_ends(index, level->items.size, item->name, item->length);
    return NULL;
}

/* Put the node under way into the store and begin another. */
static dits_error *store_node(struct tree_builder *builder, unsigned index,
                              struct dits_oid *out_id)
{
    struct level *level = builder->levels[index];
    buf_clear(&builder->scratch);
    TRY(tree_node_encode(index, level->count, buf_slice(&level->items),
                         &builder->scratch));
    TRY(store_writer_put(builder->writer, CHUNK_TREE, builder->scratch.data,
                         builder->scratch.size, out_id));
    buf_clear(&level->items);
    level->count = 0;
    level->ends = false;
    return NULL;
}

static dits_error *push(struct tree_builder *builder, unsigned index,
                        const struct tree_item *item);

/* Store the node under way at `index` and name it at the level above. */
static dits_error *raise_node(struct tree_builder *builder, unsigned index)
{
    struct dits_oid id = {0};
    char name[TREE_NAME_MAX + 1] = {0};
    size_t length = builder->levels[index]->first_length;
    memcpy(name, builder->levels[index]->first, length);
    TRY(store_node(builder, index, &id));
    struct tree_item node = {.name = name, .length = length, .id = &id};
    return push(builder, index + 1, &node);
}

/*
 * Add an item at a level. A node ends only when its next item comes, so the
 * last one of a level is never empty. Recursion is bounded by the levels.
 */
static dits_error *push(struct tree_builder *builder, unsigned index,
                        const struct tree_item *item)
{
    TRY(reach_level(builder, index));
    if (builder->levels[index]->ends)
        TRY(raise_node(builder, index));
    return append(builder, index, item);
}

dits_error *tree_builder_add(struct tree_builder *builder,
                             const struct tree_entry *entry)
{
    size_t length = strlen(entry->name);
    if (!tree_name_is_valid(entry->name, length))
        return error_new(DITS_E_INVALID, "'%s' cannot be a name in a tree",
                         entry->name);
    if (strcmp(builder->last, entry->name) >= 0)
        return error_new(DITS_E_INVALID, "'%s' comes after '%s' in a tree",
                         entry->name, builder->last);
    struct tree_item item = {.name = entry->name,
                             .length = length,
                             .mode = (uint8_t)entry->mode,
                             .id = &entry->id};
    TRY(push(builder, 0, &item));
    memcpy(builder->last, entry->name, length + 1);
    return NULL;
}

dits_error *tree_builder_add_node(struct tree_builder *builder, unsigned level,
                                  const struct tree_item *item, bool *out_added)
{
    *out_added = false;
    for (unsigned i = 0; i <= level; i++)
        if (count_at(builder, i) > 0) {
            if (!builder->levels[i]->ends)
                return NULL;
            TRY(raise_node(builder, i));
        }
    TRY(push(builder, level + 1, item));
    *out_added = true;
    return NULL;
}

static bool is_top(const struct tree_builder *builder, unsigned level)
{
    for (unsigned i = level + 1; i < TREE_MAX_LEVELS; i++)
        if (count_at(builder, i) > 0)
            return false;
    return true;
}

dits_error *tree_builder_finish(struct tree_builder *builder,
                                struct dits_oid *out_id)
{
    unsigned top = 0;
    for (; !is_top(builder, top); top++)
        if (count_at(builder, top) > 0)
            TRY(raise_node(builder, top));

    builder->last[0] = 0;
    if (count_at(builder, top) == 0)
        tree_empty_id(out_id);
    else if (top > 0 && count_at(builder, top) == 1) {
        /* A stored node is all there is: it is the folder. */
        *out_id = builder->levels[top]->first_id;
        buf_clear(&builder->levels[top]->items);
        builder->levels[top]->count = 0;
    } else {
        return store_node(builder, top, out_id);
    }
    return NULL;
}
