#include "object/asset.h"

#include <inttypes.h>

#include "base/mem.h"
#include "object/asset_reader.h"

/* The id of the asset of an empty file; a test makes it anew. */
static const struct dits_oid empty_id = {
    {0x75, 0x06, 0x0f, 0xc5, 0x42, 0x1e, 0x3d, 0xf8, 0x68, 0x56, 0x6a,
     0x99, 0x78, 0xd9, 0x0e, 0x1c, 0x17, 0x77, 0xa7, 0xcc, 0x7e, 0x2d,
     0x56, 0x3a, 0x71, 0xfb, 0x9f, 0xc9, 0xad, 0xf7, 0x9b, 0xa4}};

void asset_empty_id(struct dits_oid *out)
{
    *out = empty_id;
}

dits_error *asset_open(struct store *store, const struct dits_oid *id,
                       struct asset **out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(asset_closep) struct asset *asset = mem_new(struct asset);
    if (asset == NULL)
        return error_nomem();
    asset->store = store;
    TRY_CONTEXT(store_read(store, CHUNK_ASSET, id, &bytes),
                "cannot read an asset");
    TRY(recipe_parse(buf_slice(&bytes), &asset->recipe));
    *out = MOVE(asset);
    return NULL;
}

void asset_close(struct asset *asset)
{
    if (asset != NULL)
        recipe_release(&asset->recipe);
    mem_free(asset);
}

void asset_closep(struct asset **asset)
{
    asset_close(*asset);
}

const struct asset_info *asset_get_info(const struct asset *asset)
{
    return &asset->recipe.info;
}

dits_error *asset_read_at(struct asset *asset, uint64_t offset, size_t size,
                          void *out)
{
    CLEANUP(asset_reader_release) struct asset_reader reader = {0};
    uint64_t total = asset->recipe.info.size;
    if (offset > total || size > total - offset)
        return error_new(DITS_E_INVALID,
                         "%zu bytes at %" PRIu64 " of a file of %" PRIu64, size,
                         offset, total);
    TRY(asset_reader_init(&reader, asset));
    return asset_reader_read(&reader, offset, size, out);
}

/* Each chunk of one stream. `start` is added to the offsets. */
static dits_error *each_in_stream(struct asset *asset,
                                  const struct list_node *list,
                                  asset_chunk_fn *fn, void *payload)
{
    CLEANUP(list_cursor_release)
    struct list_cursor cursor = list_cursor_over(asset->store, list);
    for (;;) {
        struct list_span span = {0};
        bool found = false;
        TRY(list_cursor_get(&cursor, &span, &found));
        if (!found)
            return NULL;
        struct chunk_ref chunk = {.size = span.size, .id = span.id};
        for (uint64_t i = 0; i < span.count; i++)
            TRY(fn(span.offset + i * span.size, &chunk, payload));
        list_cursor_skip(&cursor, span.count);
    }
}

dits_error *asset_each_chunk(struct asset *asset, asset_chunk_fn *fn,
                             void *payload)
{
    for (size_t i = 0; i < asset->recipe.stream_count; i++)
        TRY(each_in_stream(asset, &asset->recipe.streams[i], fn, payload));
    return NULL;
}

static dits_error *meet_segment(const struct asset_mark *mark,
                                const struct dits_oid *segment, bool *descend)
{
    *descend = true;
    return mark->on_segment != NULL
               ? mark->on_segment(segment, descend, mark->payload)
               : NULL;
}

/* The entries of `node`. Recursion is bounded by the levels of a list. */
static dits_error *mark_node(struct asset *asset, const struct list_node *node,
                             const struct asset_mark *mark)
{
    for (size_t i = 0; i < node->count; i++) {
        const struct list_entry *entry = &node->entries[i];
        CLEANUP(list_node_release) struct list_node below = {0};
        bool descend = true;
        if (node->level == 0) {
            struct chunk_ref chunk = {.size = (uint32_t)entry->size,
                                      .id = entry->id};
            TRY(mark->on_chunk(&chunk, mark->payload));
            continue;
        }
        TRY(meet_segment(mark, &entry->id, &descend));
        if (!descend)
            continue;
        TRY(list_segment_load(asset->store, node->level - 1, entry, &below));
        TRY(mark_node(asset, &below, mark));
    }
    return NULL;
}

dits_error *asset_mark(struct asset *asset, const struct asset_mark *mark)
{
    const struct recipe *recipe = &asset->recipe;
    for (size_t i = 0; i < recipe->stream_count; i++)
        TRY(mark_node(asset, &recipe->streams[i], mark));
    for (size_t i = 0; i < recipe->weave.count; i++) {
        bool descend = false;
        TRY(meet_segment(mark, &recipe->weave.parts[i].id, &descend));
    }
    return NULL;
}
