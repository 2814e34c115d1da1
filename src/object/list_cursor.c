#include "object/list_cursor.h"

#include <assert.h>

dits_error *list_segment_load(struct store *store, unsigned level,
                              const struct list_entry *entry,
                              struct list_node *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(list_node_release) struct list_node node = {0};
    TRY_CONTEXT(store_read(store, CHUNK_LIST, &entry->id, &bytes),
                "cannot read a list of chunks");
    TRY(list_segment_parse(buf_slice(&bytes), &node));
    if (node.level != level || node.bytes != entry->size ||
        node.chunks != entry->count)
        return error_new(DITS_E_CORRUPT,
                         "a list of chunks is not what it is listed as");
    *out = MOVE(node);
    return NULL;
}

struct list_cursor list_cursor_over(struct store *store,
                                    const struct list_node *top)
{
    return (struct list_cursor){.store = store, .top = top};
}

void list_cursor_release(struct list_cursor *cursor)
{
    for (size_t i = 0; i < LIST_MAX_LEVELS; i++)
        list_node_release(&cursor->places[i].node);
    *cursor = (struct list_cursor){0};
}

static const struct list_node *node_at(const struct list_cursor *cursor,
                                       unsigned level)
{
    return level == cursor->top->level ? cursor->top
                                       : &cursor->places[level].node;
}

/* The entry of `node` that holds `offset`, which is below its size. */
static size_t find_entry(const struct list_node *node, uint64_t offset)
{
    size_t low = 0;
    size_t high = node->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (node->entries[middle].offset <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Whether the segment of level 0 at hand holds `offset`. */
static bool is_at_hand(const struct list_cursor *cursor, uint64_t offset)
{
    const struct list_node *leaf = node_at(cursor, 0);
    uint64_t start = cursor->places[0].offset;
    return cursor->is_open && offset >= start && offset - start < leaf->bytes;
}

static void settle(struct list_cursor *cursor, uint64_t offset)
{
    struct list_place *place = &cursor->places[0];
    const struct list_node *leaf = node_at(cursor, 0);
    place->index = find_entry(leaf, offset - place->offset);
    const struct list_entry *entry = &leaf->entries[place->index];
    cursor->repeat = (offset - place->offset - entry->offset) / entry->size;
}

dits_error *list_cursor_seek(struct list_cursor *cursor, uint64_t offset)
{
    assert(offset <= cursor->top->bytes);
    cursor->at_end = offset == cursor->top->bytes;
    if (cursor->at_end)
        return NULL;
    if (is_at_hand(cursor, offset)) {
        settle(cursor, offset);
        return NULL;
    }
    cursor->is_open = false;
    cursor->places[cursor->top->level].offset = 0;
    for (unsigned level = cursor->top->level; level > 0; level--) {
        struct list_place *place = &cursor->places[level];
        struct list_place *below = &cursor->places[level - 1];
        const struct list_node *node = node_at(cursor, level);
        place->index = find_entry(node, offset - place->offset);
        const struct list_entry *entry = &node->entries[place->index];
        list_node_release(&below->node);
        TRY(list_segment_load(cursor->store, level - 1, entry, &below->node));
        below->offset = place->offset + entry->offset;
    }
    cursor->is_open = true;
    settle(cursor, offset);
    return NULL;
}

/* From the end of a segment on to the next one. */
static dits_error *go_on(struct list_cursor *cursor)
{
    if (!cursor->is_open)
        return cursor->at_end ? NULL : list_cursor_seek(cursor, 0);
    const struct list_place *place = &cursor->places[0];
    const struct list_node *leaf = node_at(cursor, 0);
    if (cursor->at_end || place->index < leaf->count)
        return NULL;
    return list_cursor_seek(cursor, place->offset + leaf->bytes);
}

dits_error *list_cursor_get(struct list_cursor *cursor, struct list_span *out,
                            bool *out_found)
{
    TRY(go_on(cursor));
    *out_found = !cursor->at_end;
    if (cursor->at_end)
        return NULL;

    const struct list_node *leaf = node_at(cursor, 0);
    const struct list_entry *entry = &leaf->entries[cursor->places[0].index];
    *out = (struct list_span){
        .id = entry->id,
        .offset = cursor->places[0].offset + entry->offset +
                  cursor->repeat * entry->size,
        .size = (uint32_t)entry->size,
        .count = entry->count - cursor->repeat,
    };
    return NULL;
}

void list_cursor_skip(struct list_cursor *cursor, uint64_t count)
{
    struct list_place *place = &cursor->places[0];
    cursor->repeat += count;
    if (cursor->repeat == node_at(cursor, 0)->entries[place->index].count) {
        place->index++;
        cursor->repeat = 0;
    }
}
