#include <assert.h>
#include <string.h>

#include "base/mem.h"
#include "object/asset.h"
#include "object/list_builder.h"
#include "object/recipe.h"

struct asset_builder {
    struct store_writer *writer;
    const struct chunker *chunker;
    struct list_builder list;
    struct chunk_ref first; /* not in `list` before there is a second */
    bool has_first;
};

dits_error *asset_builder_new(struct store_writer *writer,
                              const struct chunker *chunker,
                              struct asset_builder **out)
{
    struct asset_builder *builder = mem_new(struct asset_builder);
    if (builder == NULL)
        return error_nomem();
    builder->writer = writer;
    builder->chunker = chunker;
    builder->list.writer = writer;
    *out = builder;
    return NULL;
}

void asset_builder_free(struct asset_builder *builder)
{
    if (builder != NULL)
        list_builder_release(&builder->list);
    mem_free(builder);
}

void asset_builder_freep(struct asset_builder **builder)
{
    asset_builder_free(*builder);
}

dits_error *asset_builder_add(struct asset_builder *builder,
                              const struct chunk_ref *chunk)
{
    if (!builder->has_first) {
        builder->first = *chunk;
        builder->has_first = true;
        return NULL;
    }
    if (builder->list.bytes == 0)
        TRY(list_builder_add(&builder->list, &builder->first));
    return list_builder_add(&builder->list, chunk);
}

dits_error *asset_builder_finish(struct asset_builder *builder,
                                 const struct ingest_result *result,
                                 struct slice summary, struct dits_oid *out_id)
{
    CLEANUP(recipe_release) struct recipe recipe = {0};
    CLEANUP(list_node_release) struct list_node list = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    recipe.info = (struct asset_info){
        .size = result->size,
        .content = result->content,
        .chunker = builder->chunker->id,
    };
    if (builder->list.bytes > 0) {
        assert(builder->list.bytes == result->size);
        recipe.form = RECIPE_FLAT;
        TRY(list_builder_finish(&builder->list, &list));
        TRY(recipe_add_stream(&recipe, &list));
    } else {
        assert(!builder->has_first ||
               (builder->first.size == result->size &&
                dits_oid_equal(&builder->first.id, &result->content)));
    }
    builder->has_first = false;
    if (summary.size > 0)
        TRY(buf_put(&recipe.summary, summary.data, summary.size));
    TRY(recipe_encode(&recipe, &bytes));
    return store_writer_put(builder->writer, CHUNK_ASSET, bytes.data,
                            bytes.size, out_id);
}
