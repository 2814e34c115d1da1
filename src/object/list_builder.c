#include "object/list_builder.h"

#include "base/array.h"

void list_builder_release(struct list_builder *builder)
{
    for (size_t i = 0; i < LIST_MAX_LEVELS; i++)
        list_node_release(&builder->levels[i].node);
    buf_release(&builder->scratch);
    *builder = (struct list_builder){.writer = builder->writer};
}

static dits_error *append(struct list_level *level, struct list_entry entry)
{
    struct list_node *node = &level->node;
    struct list_entry *entries = array_grown(
        node->entries, node->count, &level->capacity, sizeof(*entries));
    if (entries == NULL)
        return error_nomem();
    node->entries = entries;
    node->entries[node->count++] = entry;
    node->bytes += entry.size;
    node->chunks += entry.count;
    return NULL;
}

/* Put what is at hand into the store as a segment, named by `out`. */
static dits_error *store_segment(struct list_builder *builder, unsigned level,
                                 struct list_entry *out)
{
    struct list_node *node = &builder->levels[level].node;
    node->level = level;
    buf_clear(&builder->scratch);
    TRY(list_segment_encode(node, &builder->scratch));
    *out = (struct list_entry){.size = node->bytes, .count = node->chunks};
    TRY(store_writer_put(builder->writer, CHUNK_LIST, builder->scratch.data,
                         builder->scratch.size, &out->id));
    node->count = 0;
    node->bytes = 0;
    node->chunks = 0;
    return NULL;
}

/*
 * Add `entry` at `from`, and each segment that ends with that at the level
 * above. A segment ends only when its next entry comes: so the last one of a
 * level is never empty, and repeats are all counted before the cut.
 */
static dits_error *push(struct list_builder *builder, unsigned from,
                        struct list_entry entry)
{
    for (unsigned i = from; i < LIST_MAX_LEVELS; i++) {
        struct list_level *level = &builder->levels[i];
        size_t count = level->node.count;
        struct list_entry segment = {0};
        bool ends = count > 0 &&
                    list_node_ends(count, &level->node.entries[count - 1].id);
        if (ends)
            TRY(store_segment(builder, i, &segment));
        TRY(append(level, entry));
        if (!ends)
            return NULL;
        entry = segment;
    }
    return error_new(DITS_E_LIMIT, "a list of chunks is too long");
}

static bool is_same(const struct list_entry *entry,
                    const struct chunk_ref *chunk)
{
    return entry->size == chunk->size && dits_oid_equal(&entry->id, &chunk->id);
}

dits_error *list_builder_add(struct list_builder *builder,
                             const struct chunk_ref *chunk)
{
    if (chunk->size > LIST_MAX_BYTES - builder->bytes)
        return error_new(DITS_E_LIMIT, "a file beyond 1 PiB");
    builder->bytes += chunk->size;

    struct list_node *node = &builder->levels[0].node;
    if (node->count > 0 && is_same(&node->entries[node->count - 1], chunk)) {
        node->entries[node->count - 1].count++;
        node->bytes += chunk->size;
        node->chunks++;
        return NULL;
    }
    return push(
        builder, 0,
        (struct list_entry){.id = chunk->id, .size = chunk->size, .count = 1});
}

static bool is_top(const struct list_builder *builder, unsigned level)
{
    for (unsigned i = level + 1; i < LIST_MAX_LEVELS; i++)
        if (builder->levels[i].node.count > 0)
            return false;
    return true;
}

/* Where each entry begins: what a parser would have found. */
static void set_offsets(struct list_node *node)
{
    uint64_t offset = 0;
    for (size_t i = 0; i < node->count; i++) {
        struct list_entry *entry = &node->entries[i];
        entry->offset = offset;
        offset += node->level == 0 ? entry->size * entry->count : entry->size;
    }
}

dits_error *list_builder_finish(struct list_builder *builder,
                                struct list_node *out)
{
    unsigned top = 0;
    for (; !is_top(builder, top); top++) {
        struct list_entry segment = {0};
        TRY(store_segment(builder, top, &segment));
        TRY(push(builder, top + 1, segment));
    }
    struct list_level *level = &builder->levels[top];
    level->node.level = top;
    set_offsets(&level->node);
    *out = MOVE(level->node);
    list_builder_release(builder);
    return NULL;
}
