#include "object/recipe.h"

#include <assert.h>
#include <inttypes.h>

#include "base/mem.h"
#include "object/object.h"

void recipe_release(struct recipe *recipe)
{
    for (size_t i = 0; i < recipe->stream_count; i++)
        list_node_release(&recipe->streams[i]);
    mem_free(recipe->streams);
    weave_release(&recipe->weave);
    wrapped_release(&recipe->wrapped);
    buf_release(&recipe->summary);
    *recipe = (struct recipe){0};
}

dits_error *recipe_add_stream(struct recipe *recipe, struct list_node *list)
{
    size_t count = recipe->stream_count;
    struct list_node *streams =
        mem_resize(recipe->streams, count, count + 1, sizeof(*streams));
    if (streams == NULL)
        return error_nomem();
    recipe->streams = streams;
    recipe->stream_count++;
    recipe->info.chunk_count += list->chunks;
    streams[count] = MOVE(*list);
    return NULL;
}

/* The sizes of the streams. */
static void stream_totals(const struct recipe *recipe, uint64_t *out)
{
    for (size_t i = 0; i < recipe->stream_count; i++)
        out[i] = recipe->streams[i].bytes;
}

static dits_error *encode_woven(const struct recipe *recipe, struct buf *out)
{
    uint64_t totals[WEAVE_MAX_STREAMS] = {0};
    assert(recipe->stream_count <= WEAVE_MAX_STREAMS);
    stream_totals(recipe, totals);
    TRY(buf_put_u8(out, (uint8_t)recipe->stream_count));
    for (size_t i = 0; i < recipe->stream_count; i++) {
        TRY(buf_put_u8(out, recipe->swapped[i]));
        TRY(list_node_encode(&recipe->streams[i], out));
    }
    return weave_encode(&recipe->weave, totals, out);
}

static dits_error *encode_wrapped(const struct recipe *recipe, struct buf *out)
{
    assert(recipe->stream_count == WRAPPED_STREAMS);
    for (size_t i = 0; i < WRAPPED_STREAMS; i++)
        TRY(list_node_encode(&recipe->streams[i], out));
    return wrapped_encode(&recipe->wrapped, out);
}

static dits_error *encode_form(const struct recipe *recipe, struct buf *out)
{
    switch (recipe->form) {
    case RECIPE_WHOLE:
        break;
    case RECIPE_FLAT:
        return list_node_encode(&recipe->streams[0], out);
    case RECIPE_WOVEN:
        return encode_woven(recipe, out);
    case RECIPE_WRAPPED:
        return encode_wrapped(recipe, out);
    }
    return NULL;
}

dits_error *recipe_encode(const struct recipe *recipe, struct buf *out)
{
    TRY(object_begin(out, CHUNK_ASSET));
    TRY(buf_put(out, recipe->info.content.hash, OID_SIZE));
    TRY(buf_put_varint(out, recipe->info.size));
    TRY(buf_put_u8(out, recipe->info.chunker));
    TRY(buf_put_u8(out, (uint8_t)recipe->form));
    TRY(encode_form(recipe, out));
    TRY(object_put_bytes(out, recipe->summary.data, recipe->summary.size));
    return object_end(out);
}

static dits_error *parse_stream(struct cursor *in, struct recipe *recipe)
{
    CLEANUP(list_node_release) struct list_node list = {0};
    TRY(list_node_parse(in, &list));
    return recipe_add_stream(recipe, &list);
}

bool recipe_swaps(uint8_t unit)
{
    return unit == 0 || unit == 2 || unit == 3 || unit == 4 || unit == 8;
}

static dits_error *parse_woven_stream(struct cursor *in, struct recipe *recipe)
{
    uint8_t *swapped = &recipe->swapped[recipe->stream_count];
    TRY(cursor_u8(in, swapped));
    if (!recipe_swaps(*swapped))
        return error_new(DITS_E_CORRUPT, "a stream of units of %u bytes",
                         *swapped);
    return parse_stream(in, recipe);
}

static dits_error *parse_woven(struct cursor *in, struct recipe *recipe)
{
    uint64_t totals[WEAVE_MAX_STREAMS] = {0};
    uint8_t count = 0;
    TRY(cursor_u8(in, &count));
    if (count == 0 || count > WEAVE_MAX_STREAMS)
        return error_new(DITS_E_CORRUPT, "an asset of %u streams", count);
    for (size_t i = 0; i < count; i++)
        TRY(parse_woven_stream(in, recipe));
    stream_totals(recipe, totals);
    recipe->info.is_woven = true;
    return weave_parse(in, count, totals, &recipe->weave);
}

/* Its packed bytes stand for the plain ones, so sizes add up in another way. */
static dits_error *parse_wrapped(struct cursor *in, struct recipe *recipe)
{
    uint64_t size = recipe->info.size;
    recipe->info.is_wrapped = true;
    for (size_t i = 0; i < WRAPPED_STREAMS; i++)
        TRY(parse_stream(in, recipe));
    uint64_t skeleton = recipe->streams[WRAPPED_SKELETON].bytes;
    TRY(wrapped_parse(in, skeleton, recipe->streams[WRAPPED_PLAIN].bytes,
                      &recipe->wrapped));
    if (skeleton > size || size - skeleton != recipe->wrapped.coded_size)
        return error_new(DITS_E_CORRUPT, "an asset is of another size");
    return NULL;
}

/* Whether the streams have exactly the bytes of the file. */
static dits_error *check_size(const struct recipe *recipe)
{
    uint64_t left = recipe->info.size;
    for (size_t i = 0; i < recipe->stream_count; i++) {
        if (recipe->streams[i].bytes > left)
            return error_new(DITS_E_CORRUPT, "an asset has too many bytes");
        left -= recipe->streams[i].bytes;
    }
    if (left != 0)
        return error_new(DITS_E_CORRUPT, "an asset lacks %" PRIu64 " bytes",
                         left);
    return NULL;
}

/* The one chunk of a file, so that readers need not know this form. */
static dits_error *add_whole(struct recipe *recipe)
{
    CLEANUP(list_node_release) struct list_node list = {0};
    uint64_t size = recipe->info.size;
    if (size > CHUNK_MAX_BYTES)
        return error_new(DITS_E_CORRUPT, "a chunk of %" PRIu64 " bytes", size);
    list.entries = mem_new(struct list_entry);
    if (list.entries == NULL)
        return error_nomem();
    list.entries[0] = (struct list_entry){
        .id = recipe->info.content, .size = size, .count = 1};
    list.count = 1;
    list.bytes = size;
    list.chunks = 1;
    return recipe_add_stream(recipe, &list);
}

static dits_error *parse_form(struct cursor *in, uint8_t form,
                              struct recipe *recipe)
{
    switch (form) {
    case RECIPE_WHOLE:
        return recipe->info.size == 0 ? NULL : add_whole(recipe);
    case RECIPE_FLAT:
        TRY(parse_stream(in, recipe));
        return check_size(recipe);
    case RECIPE_WOVEN:
        TRY(parse_woven(in, recipe));
        return check_size(recipe);
    case RECIPE_WRAPPED:
        return parse_wrapped(in, recipe);
    default:
        return error_hint(
            error_new(DITS_E_UNSUPPORTED, "an asset of form %u", form),
            "It was made by a newer Dits. Update Dits.");
    }
}

static dits_error *parse_head(struct cursor *in, struct recipe *recipe,
                              uint8_t *out_form)
{
    TRY(cursor_oid(in, &recipe->info.content));
    TRY(cursor_varint(in, &recipe->info.size));
    TRY(cursor_u8(in, &recipe->info.chunker));
    TRY(cursor_u8(in, out_form));
    if (recipe->info.size > LIST_MAX_BYTES)
        return error_new(DITS_E_CORRUPT, "an asset is beyond 1 PiB");
    return NULL;
}

dits_error *recipe_parse(struct slice bytes, struct recipe *out)
{
    CLEANUP(recipe_release) struct recipe recipe = {0};
    struct cursor in = {0};
    uint8_t form = 0;
    struct slice summary = {0};
    TRY(object_open(CHUNK_ASSET, bytes, &in));
    TRY(parse_head(&in, &recipe, &form));
    TRY(parse_form(&in, form, &recipe));
    recipe.form = (enum recipe_form)form;
    TRY(object_take_bytes(&in, RECIPE_MAX_SUMMARY, &summary));
    TRY(cursor_end(&in));
    if (summary.size > 0)
        TRY(buf_put(&recipe.summary, summary.data, summary.size));
    *out = MOVE(recipe);
    return NULL;
}
