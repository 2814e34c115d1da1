#include "object/wrapped_store.h"

#include "base/hash.h"
#include "base/mem.h"
#include "media/wrap/plain_reader.h"
#include "media/wrap/recoder.h"
#include "object/list_builder.h"
#include "object/recipe.h"
#include "object/wrapped_plan.h"
#include "store/cutter.h"

enum { PIECE_BYTES = 64 * 1024 };

/* A file on its way into two streams, and made again from them. */
struct storing {
    const struct asset_store_options *options;
    struct source *source;
    struct cutter_host host;
    struct cutter cutters[WRAPPED_STREAMS];
    struct list_builder lists[WRAPPED_STREAMS];
    struct cutter_memory *spare; /* NULL: none */
    struct hash rebuilt;
    struct plain_reader plain; /* of the member at hand */
    uint8_t *piece;
};

static void free_memory(struct cutter_memory *memory)
{
    if (memory != NULL)
        mem_free(memory->bytes - CHUNKER_WINDOW);
    mem_free(memory);
}

static void storing_freep(struct storing **self)
{
    struct storing *storing = *self;
    if (storing == NULL)
        return;
    for (size_t i = 0; i < WRAPPED_STREAMS; i++) {
        cutter_release(&storing->cutters[i], free_memory);
        list_builder_release(&storing->lists[i]);
    }
    free_memory(storing->spare);
    mem_free(storing->host.candidates);
    plain_reader_release(&storing->plain);
    mem_free(storing->piece);
    mem_free(storing);
}

static dits_error *make_memory(size_t capacity, struct cutter_memory **out)
{
    struct cutter_memory *memory = mem_new(struct cutter_memory);
    if (memory == NULL)
        return error_nomem();
    uint8_t *bytes = mem_new_array(uint8_t, capacity + CHUNKER_WINDOW);
    if (bytes == NULL) {
        mem_free(memory);
        return error_nomem();
    }
    memory->bytes = bytes + CHUNKER_WINDOW;
    memory->capacity = capacity;
    *out = memory;
    return NULL;
}

/* All are of one size: both streams are cut alike. */
static dits_error *get_memory(void *payload, size_t capacity,
                              struct cutter_memory **out)
{
    struct storing *storing = payload;
    *out = MOVE(storing->spare);
    if (*out == NULL)
        return make_memory(capacity, out);
    (*out)->size = 0;
    return NULL;
}

static dits_error *take_chunk(void *payload, unsigned stream,
                              struct cutter_memory *chunk)
{
    struct storing *storing = payload;
    struct chunk_ref ref = {.size = (uint32_t)chunk->size};
    dits_error *err = store_writer_put(storing->options->writer, CHUNK_DATA,
                                       chunk->bytes, chunk->size, &ref.id);
    if (err == NULL)
        err = list_builder_add(&storing->lists[stream], &ref);
    free_memory(storing->spare);
    storing->spare = chunk;
    return err;
}

static dits_error *storing_init(struct storing *storing,
                                const struct asset_store_options *options,
                                struct source *source)
{
    storing->options = options;
    storing->source = source;
    storing->host = (struct cutter_host){
        .get_memory = get_memory,
        .take_chunk = take_chunk,
        .payload = storing,
        .candidates = mem_new(struct candidates),
    };
    storing->piece = mem_new_array(uint8_t, PIECE_BYTES);
    if (storing->host.candidates == NULL || storing->piece == NULL)
        return error_nomem();
    for (unsigned i = 0; i < WRAPPED_STREAMS; i++) {
        storing->cutters[i] = (struct cutter){
            .kind = {.chunker = chunker_by_name("small"), .compress = true},
            .host = &storing->host,
            .stream = i,
        };
        storing->lists[i].writer = options->writer;
    }
    hash_begin(&storing->rebuilt);
    return NULL;
}

static dits_error *check(const struct storing *storing)
{
    const dits_context *context = storing->options->context;
    return context == NULL ? NULL : context_check(context);
}

/* The bytes from `offset` to `end` are skeleton. */
static dits_error *add_skeleton(struct storing *storing, uint64_t offset,
                                uint64_t end)
{
    while (offset < end) {
        uint64_t left = end - offset;
        size_t size = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
        TRY(check(storing));
        TRY(storing->source->read_at(storing->source, offset, size,
                                     storing->piece));
        TRY(cutter_add(&storing->cutters[WRAPPED_SKELETON], 0, storing->piece,
                       size));
        hash_update(&storing->rebuilt, storing->piece, size);
        offset += size;
    }
    return NULL;
}

/* What is stored is what is packed again: one copy of the bytes goes to both.
 */
static dits_error *fill(void *payload, size_t size, uint8_t *out)
{
    struct storing *storing = payload;
    size_t got = 0;
    TRY(check(storing));
    TRY(plain_reader_read(&storing->plain, size, out, &got));
    if (got < size)
        return error_new(DITS_E_CORRUPT, "a member is too short");
    return cutter_add(&storing->cutters[WRAPPED_PLAIN], 0, out, size);
}

static dits_error *add_member(struct storing *storing,
                              const struct wrapped_member *member)
{
    CLEANUP(recoder_release) struct recoder recoder = {0};
    uint64_t made = 0;
    size_t size = 0;
    plain_reader_release(&storing->plain);
    TRY(plain_reader_init(&storing->plain, storing->source, member->offset,
                          member->coded_size));
    TRY(recoder_init(&recoder, member->params, member->plain_size, fill,
                     storing));
    do {
        TRY(recoder_read(&recoder, PIECE_BYTES, storing->piece, &size));
        hash_update(&storing->rebuilt, storing->piece, size);
        made += size;
    } while (size == PIECE_BYTES);
    return made == member->coded_size
               ? NULL
               : error_new(DITS_E_CORRUPT, "a member of another size");
}

static dits_error *add_all(struct storing *storing,
                           const struct wrapped *wrapped)
{
    uint64_t offset = 0;
    for (size_t i = 0; i < wrapped->count; i++) {
        const struct wrapped_member *member = &wrapped->members[i];
        TRY(add_skeleton(storing, offset, member->offset));
        TRY(add_member(storing, member));
        offset = member->offset + member->coded_size;
    }
    TRY(add_skeleton(storing, offset, storing->source->size));
    for (size_t i = 0; i < WRAPPED_STREAMS; i++)
        TRY(cutter_finish(&storing->cutters[i]));
    return NULL;
}

/* The hash of the file as it is, read once more. */
static dits_error *hash_source(struct storing *storing, struct dits_oid *out)
{
    struct source *source = storing->source;
    struct hash hash;
    hash_begin(&hash);
    for (uint64_t offset = 0; offset < source->size;) {
        uint64_t left = source->size - offset;
        size_t size = left < PIECE_BYTES ? (size_t)left : PIECE_BYTES;
        TRY(check(storing));
        TRY(source->read_at(source, offset, size, storing->piece));
        hash_update(&hash, storing->piece, size);
        offset += size;
    }
    hash_finish(&hash, out);
    return NULL;
}

/* Both streams, and whether what they give is the file. */
static dits_error *store_streams(struct storing *storing,
                                 const struct wrapped *wrapped,
                                 struct dits_oid *out_content, bool *out_proven)
{
    struct dits_oid rebuilt = {0};
    dits_error *err = add_all(storing, wrapped);
    *out_proven = false;
    if (dits_error_has(err, DITS_E_CORRUPT)) {
        dits_error_free(err); /* the file changes: not a thing to prove now */
        return NULL;
    }
    TRY(err);
    TRY(hash_source(storing, out_content));
    hash_finish(&storing->rebuilt, &rebuilt);
    *out_proven = dits_oid_equal(&rebuilt, out_content);
    return NULL;
}

static dits_error *put_asset(struct storing *storing, struct wrapped *wrapped,
                             const struct dits_oid *content,
                             struct dits_oid *out_id,
                             struct asset_info *out_info)
{
    CLEANUP(recipe_release) struct recipe recipe = {.form = RECIPE_WRAPPED};
    CLEANUP(buf_release) struct buf bytes = {0};
    recipe.info.size = storing->source->size;
    recipe.info.content = *content;
    recipe.info.chunker = storing->cutters[WRAPPED_PLAIN].kind.chunker->id;
    for (size_t i = 0; i < WRAPPED_STREAMS; i++) {
        CLEANUP(list_node_release) struct list_node list = {0};
        TRY(list_builder_finish(&storing->lists[i], &list));
        TRY(recipe_add_stream(&recipe, &list));
    }
    recipe.wrapped = MOVE(*wrapped);
    TRY(recipe_encode(&recipe, &bytes));
    *out_info = recipe.info;
    return store_writer_put(storing->options->writer, CHUNK_ASSET, bytes.data,
                            bytes.size, out_id);
}

dits_error *wrapped_store(const struct asset_store_options *options,
                          struct source *source, bool *out_stored,
                          struct dits_oid *out_id, struct asset_info *out_info)
{
    CLEANUP(wrapped_release) struct wrapped wrapped = {0};
    CLEANUP(storing_freep) struct storing *storing = NULL;
    struct dits_oid content = {0};
    *out_stored = false;
    TRY(wrapped_plan(options->context, source, &wrapped));
    if (wrapped.count == 0)
        return NULL;
    storing = mem_new(struct storing);
    if (storing == NULL)
        return error_nomem();
    TRY(storing_init(storing, options, source));
    TRY(store_streams(storing, &wrapped, &content, out_stored));
    if (!*out_stored)
        return NULL;
    if (options->on_progress != NULL)
        options->on_progress(source->size, options->payload);
    return put_asset(storing, &wrapped, &content, out_id, out_info);
}
