#include "object/list_node.h"

#include <inttypes.h>

#include "base/mem.h"
#include "object/object.h"

/* One id in so many ends a segment: 9 KiB on average. */
enum { CUT_MASK = 0xff };

/* The shortest entry: two numbers of a byte each, and the id. */
enum { ENTRY_MIN_BYTES = 2 + OID_SIZE };

void list_node_release(struct list_node *node)
{
    mem_free(node->entries);
    *node = (struct list_node){0};
}

bool list_node_ends(size_t count, const struct dits_oid *last)
{
    return count >= LIST_MAX_ENTRIES ||
           (count >= LIST_MIN_ENTRIES && (last->hash[0] & CUT_MASK) == 0);
}

dits_error *list_node_encode(const struct list_node *node, struct buf *out)
{
    TRY(buf_reserve(out, 12 + node->count * (20 + OID_SIZE)));
    TRY(buf_put_u8(out, (uint8_t)node->level));
    TRY(buf_put_varint(out, node->count));
    for (size_t i = 0; i < node->count; i++) {
        const struct list_entry *entry = &node->entries[i];
        TRY(buf_put_varint(out, entry->size));
        TRY(buf_put_varint(out, entry->count));
        TRY(buf_put(out, entry->id.hash, OID_SIZE));
    }
    return NULL;
}

/* Check the numbers of `entry` and add them to the totals of `node`. */
static dits_error *count_in(struct list_node *node, struct list_entry *entry)
{
    bool is_chunk = node->level == 0;
    uint64_t room = LIST_MAX_BYTES - node->bytes;
    if (entry->size == 0 || entry->count == 0)
        return error_new(DITS_E_CORRUPT, "an empty entry in a list of chunks");
    if (is_chunk && entry->size > CHUNK_MAX_BYTES)
        return error_new(DITS_E_CORRUPT, "a chunk of %" PRIu64 " bytes",
                         entry->size);
    if (is_chunk ? entry->count > room / entry->size : entry->size > room)
        return error_new(DITS_E_CORRUPT, "a list of chunks is beyond 1 PiB");
    if (!is_chunk && entry->count > entry->size)
        return error_new(DITS_E_CORRUPT,
                         "%" PRIu64 " chunks in %" PRIu64 " bytes",
                         entry->count, entry->size);
    entry->offset = node->bytes;
    node->bytes += is_chunk ? entry->size * entry->count : entry->size;
    node->chunks += entry->count;
    return NULL;
}

static dits_error *parse_head(struct cursor *in, struct list_node *node,
                              size_t *out_count)
{
    uint8_t level = 0;
    uint64_t count = 0;
    TRY(cursor_u8(in, &level));
    TRY(cursor_varint(in, &count));
    if (level >= LIST_MAX_LEVELS)
        return error_new(DITS_E_CORRUPT, "a list of chunks has level %u",
                         level);
    if (count == 0 || count > LIST_MAX_ENTRIES)
        return error_new(DITS_E_CORRUPT, "%" PRIu64 " entries in a segment",
                         count);
    if (count > cursor_left(in) / ENTRY_MIN_BYTES)
        return error_new(DITS_E_CORRUPT, "%" PRIu64 " entries in %zu bytes",
                         count, cursor_left(in));
    node->level = level;
    *out_count = (size_t)count;
    return NULL;
}

dits_error *list_node_parse(struct cursor *in, struct list_node *out)
{
    CLEANUP(list_node_release) struct list_node node = {0};
    size_t count = 0;
    TRY(parse_head(in, &node, &count));
    node.entries = mem_new_array(struct list_entry, count);
    if (node.entries == NULL)
        return error_nomem();
    for (; node.count < count; node.count++) {
        struct list_entry *entry = &node.entries[node.count];
        TRY(cursor_varint(in, &entry->size));
        TRY(cursor_varint(in, &entry->count));
        TRY(cursor_oid(in, &entry->id));
        TRY(count_in(&node, entry));
    }
    *out = MOVE(node);
    return NULL;
}

dits_error *list_segment_encode(const struct list_node *node, struct buf *out)
{
    TRY(object_begin(out, CHUNK_LIST));
    TRY(buf_put_u8(out, LIST_FORM_CHUNKS));
    TRY(list_node_encode(node, out));
    return object_end(out);
}

dits_error *list_segment_parse(struct slice bytes, struct list_node *out)
{
    CLEANUP(list_node_release) struct list_node node = {0};
    struct cursor in = {0};
    uint8_t form = 0;
    TRY(object_open(CHUNK_LIST, bytes, &in));
    TRY(cursor_u8(&in, &form));
    if (form != LIST_FORM_CHUNKS)
        return error_new(DITS_E_CORRUPT, "a list of form %u in place of chunks",
                         form);
    TRY(list_node_parse(&in, &node));
    TRY(cursor_end(&in));
    *out = MOVE(node);
    return NULL;
}
