#include "object/tree_node.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "object/object.h"

enum {
    ITEM_MAX = 1 + TREE_NAME_MAX + 1 + OID_SIZE,
    ITEM_MIN = 1 + 1 + 1 + OID_SIZE,
    HEAD_MAX = OBJECT_HEADER_SIZE + 1 + 10,
    ITEMS_MAX = TREE_NODE_MAX - HEAD_MAX,
    CUT_MASK = 0xff, /* one name in so many ends a node */
};

/* The id of the node that holds nothing; a test makes it anew. */
static const struct dits_oid empty_id = {
    {0x7f, 0xa7, 0xa7, 0x32, 0x21, 0x66, 0x7f, 0x8b, 0x6f, 0xc0, 0xec,
     0x04, 0x8f, 0x95, 0x92, 0x4e, 0x9c, 0x01, 0x50, 0x30, 0x86, 0x42,
     0xcf, 0xb9, 0x37, 0xd1, 0xa6, 0x6b, 0x62, 0xda, 0xd8, 0x11}};

void tree_empty_id(struct dits_oid *out)
{
    *out = empty_id;
}

static bool is_dits_folder(const char *name, size_t length)
{
    return length == 5 && strncasecmp(name, ".dits", 5) == 0;
}

bool tree_name_is_valid(const char *name, size_t length)
{
    if (length == 0 || length > TREE_NAME_MAX)
        return false;
    if (name[0] == '.' && (length == 1 || (length == 2 && name[1] == '.') ||
                           is_dits_folder(name, length)))
        return false;
    return memchr(name, '/', length) == NULL && text_is_utf8(name, length);
}

void tree_node_release(struct tree_node *node)
{
    buf_release(&node->bytes);
    *node = (struct tree_node){0};
}

dits_error *tree_node_parse(struct buf *bytes, struct tree_node *out)
{
    CLEANUP(tree_node_release) struct tree_node node = {.bytes = MOVE(*bytes)};
    uint8_t level = 0;
    uint64_t count = 0;
    if (node.bytes.size > TREE_NODE_MAX)
        return error_new(DITS_E_CORRUPT, "a tree node of %zu bytes",
                         node.bytes.size);
    TRY(object_open(CHUNK_TREE, buf_slice(&node.bytes), &node.in));
    TRY(cursor_u8(&node.in, &level));
    TRY(cursor_varint(&node.in, &count));
    if (level >= TREE_MAX_LEVELS)
        return error_new(DITS_E_CORRUPT, "a tree node of level %u", level);
    if (count > cursor_left(&node.in) / ITEM_MIN || (count == 0 && level > 0))
        return error_new(DITS_E_CORRUPT, "a tree node of %zu bytes is cut off",
                         node.bytes.size);
    if (count == 0)
        TRY(cursor_end(&node.in));
    node.level = level;
    node.left = (size_t)count;
    *out = MOVE(node);
    return NULL;
}

dits_error *tree_node_load(struct store *store, const struct dits_oid *id,
                           struct tree_node *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    if (dits_oid_equal(id, &empty_id))
        TRY(tree_node_encode(0, 0, (struct slice){0}, &bytes));
    else
        TRY_CONTEXT(store_read(store, CHUNK_TREE, id, &bytes),
                    "cannot read a tree");
    return tree_node_parse(&bytes, out);
}

/* Take a name and the NUL behind it. */
static dits_error *take_name(struct cursor *in, struct tree_item *out)
{
    struct slice name = {0};
    size_t left = cursor_left(in);
    size_t reach = left < TREE_NAME_MAX + 1 ? left : TREE_NAME_MAX + 1;
    const uint8_t *end = memchr(in->at, 0, reach);
    if (end == NULL)
        return error_new(DITS_E_CORRUPT, "a name in a tree does not end");
    TRY(cursor_slice(in, (size_t)(end - in->at) + 1, &name));
    out->name = (const char *)name.data;
    out->length = name.size - 1;
    if (!tree_name_is_valid(out->name, out->length))
        return error_new(DITS_E_CORRUPT, "a tree holds a forbidden name");
    return NULL;
}

dits_error *tree_node_next(struct tree_node *node, struct tree_item *out,
                           bool *out_found)
{
    struct tree_item item = {0};
    struct slice id = {0};
    *out_found = node->left > 0;
    if (node->left == 0)
        return NULL;
    TRY(cursor_u8(&node->in, &item.mode));
    TRY(take_name(&node->in, &item));
    TRY(cursor_slice(&node->in, OID_SIZE, &id));
    item.id = (const struct dits_oid *)id.data;
    bool known = node->level > 0
                     ? item.mode == 0
                     : item.mode >= TREE_FILE && item.mode <= TREE_FOLDER;
    if (!known)
        return error_new(DITS_E_CORRUPT, "'%s' has mode %u in a tree",
                         item.name, item.mode);
    if (node->previous != NULL && strcmp(node->previous, item.name) >= 0)
        return error_new(DITS_E_CORRUPT, "'%s' is out of order in a tree",
                         item.name);
    node->previous = item.name;
    if (--node->left == 0)
        TRY(cursor_end(&node->in));
    *out = item;
    return NULL;
}

dits_error *tree_item_encode(const struct tree_item *item, struct buf *out)
{
    void *at = NULL;
    TRY(buf_extend(out, 1 + item->length + 1 + OID_SIZE, &at));
    uint8_t *bytes = at;
    bytes[0] = item->mode;
    memcpy(bytes + 1, item->name, item->length);
    bytes[1 + item->length] = 0;
    memcpy(bytes + 1 + item->length + 1, item->id->hash, OID_SIZE);
    return NULL;
}

bool tree_node_ends(unsigned level, size_t size, const char *name,
                    size_t length)
{
    if (size < TREE_NODE_MIN)
        return false;
    if (size > ITEMS_MAX - ITEM_MAX)
        return true;
    /* FNV-1a, begun with the level so that levels are cut elsewhere. */
    uint64_t hash = (UINT64_C(0xcbf29ce484222325) ^ level) *
                    UINT64_C(0x100000001b3);
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (uint8_t)name[i]) * UINT64_C(0x100000001b3);
    hash ^= hash >> 32;
    hash *= UINT64_C(0x9e3779b97f4a7c15);
    return (hash >> 56 & CUT_MASK) == 0;
}

dits_error *tree_node_encode(unsigned level, size_t count, struct slice items,
                             struct buf *out)
{
    TRY(buf_reserve(out, HEAD_MAX + items.size));
    TRY(object_begin(out, CHUNK_TREE));
    TRY(buf_put_u8(out, (uint8_t)level));
    TRY(buf_put_varint(out, count));
    if (items.size > 0)
        TRY(buf_put(out, items.data, items.size));
    return object_end(out);
}
