#include <inttypes.h>

#include "base/hash.h"
#include "media/media.h"
#include "media/sniff.h"
#include "object/asset.h"
#include "object/asset_weave.h"
#include "object/file_source.h"
#include "object/media_summary.h"
#include "object/recipe.h"
#include "object/wrapped_store.h"

/*
 * A smaller file is not worth taking apart: it is read at once, which also
 * spares the pipeline's buffers.
 */
enum { WEAVE_MIN = 256 * 1024 };

static const struct chunker *tiny_chunker(void)
{
    return chunker_by_name("small");
}

static bool is_tiny(uint64_t size)
{
    return size <= ASSET_TINY_BYTES && size <= tiny_chunker()->min_size;
}

/* As the caller says, or by what the content is: see media/sniff.h. */
static const struct chunker *choose_chunker(
    const struct asset_store_options *options, const void *head,
    size_t head_size, uint64_t size)
{
    if (options->chunker != NULL)
        return options->chunker;
    struct sniff sniff = sniff_content(head, head_size, size);
    return chunker_by_name(sniff_profile_name(sniff.profile));
}

static dits_error *store_tiny(const struct asset_store_options *options,
                              const void *data, size_t size,
                              struct dits_oid *out_id,
                              struct asset_info *out_info)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct recipe recipe = {.form = RECIPE_WHOLE};
    recipe.info.size = size;
    recipe.info.chunker = tiny_chunker()->id;
    recipe.info.chunk_count = size > 0;
    hash_bytes(data, size, &recipe.info.content);
    if (size > 0)
        TRY(store_writer_put_as(options->writer, CHUNK_DATA,
                                &recipe.info.content, data, size));
    TRY(recipe_encode(&recipe, &bytes));
    TRY(store_writer_put(options->writer, CHUNK_ASSET, bytes.data, bytes.size,
                         out_id));
    if (options->on_progress != NULL)
        options->on_progress(size, options->payload);
    *out_info = recipe.info;
    return NULL;
}

/* What ingest calls back with: its own payload, and that of the caller. */
struct job {
    const struct asset_store_options *options;
    struct asset_builder *builder;
    uint64_t chunks;
};

static dits_error *on_chunk(const struct chunk_ref *chunk, void *payload)
{
    struct job *job = payload;
    job->chunks++;
    return asset_builder_add(job->builder, chunk);
}

static void on_progress(uint64_t bytes, void *payload)
{
    const struct job *job = payload;
    if (job->options->on_progress != NULL)
        job->options->on_progress(bytes, job->options->payload);
}

/* A file or bytes in memory. */
struct input {
    const struct fs_file *file; /* NULL: bytes */
    const void *data;
    uint64_t size;
};

static dits_error *store_cut(const struct asset_store_options *options,
                             const struct input *input,
                             const struct chunker *chunker,
                             struct slice summary, struct dits_oid *out_id,
                             struct asset_info *out_info)
{
    CLEANUP(asset_builder_freep) struct asset_builder *builder = NULL;
    struct ingest_result result = {0};
    TRY(asset_builder_new(options->writer, chunker, &builder));
    struct job job = {.options = options, .builder = builder};
    struct ingest ingest = {
        .context = options->context,
        .writer = options->writer,
        .chunker = chunker,
        .threads = options->threads,
        .on_chunk = on_chunk,
        .on_progress = on_progress,
        .payload = &job,
    };
    if (input->file != NULL)
        TRY(ingest_file(&ingest, input->file, input->size, &result));
    else
        TRY(ingest_bytes(&ingest, input->data, (size_t)input->size, &result));
    TRY(asset_builder_finish(builder, &result, summary, out_id));
    *out_info = (struct asset_info){
        .size = result.size,
        .content = result.content,
        .chunker = chunker->id,
        .chunk_count = job.chunks,
    };
    return NULL;
}

/* The first `size` bytes, which were there when the file was looked at. */
static dits_error *read_start(const struct fs_file *file, size_t size,
                              void *out)
{
    size_t got = 0;
    TRY(fs_read_some(file, 0, size, out, &got));
    if (got < size)
        return error_new(DITS_E_CONFLICT,
                         "the file became shorter while it was read");
    return NULL;
}

static dits_error *store_tiny_file(const struct asset_store_options *options,
                                   const struct fs_file *file, size_t size,
                                   struct dits_oid *out_id,
                                   struct asset_info *out_info)
{
    uint8_t bytes[ASSET_TINY_BYTES];
    TRY(read_start(file, size, bytes));
    return store_tiny(options, bytes, size, out_id, out_info);
}

static dits_error *store_small_file(const struct asset_store_options *options,
                                    const struct fs_file *file, size_t size,
                                    struct dits_oid *out_id,
                                    struct asset_info *out_info)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    void *at = NULL;
    TRY(buf_extend(&bytes, size, &at));
    TRY(read_start(file, size, at));
    return asset_store_bytes(options, at, size, out_id, out_info);
}

/*
 * As streams of samples, where a reader of media understands the file.
 * Otherwise `out_summary` says why not, if it is media at all.
 */
static dits_error *try_weave(const struct asset_store_options *options,
                             const struct input *input, struct buf *out_summary,
                             bool *out_woven, struct dits_oid *out_id,
                             struct asset_info *out_info)
{
    CLEANUP(media_closep) struct media_file *media = NULL;
    struct file_source source = file_source_over(input->file, input->size);
    TRY(media_open(&source.source, &media));
    *out_woven = media != NULL && media->track_count > 0;
    if (media == NULL)
        return NULL;
    if (!*out_woven)
        return media_summary_of_flat(media, "no track was found in it",
                                     out_summary);
    return asset_weave_file(options, media, input->file, input->size, out_id,
                            out_info);
}

/* Unpacked, where the file is packed and can be packed again as it is. */
static dits_error *try_wrapped(const struct asset_store_options *options,
                               const struct input *input, bool *out_wrapped,
                               struct dits_oid *out_id,
                               struct asset_info *out_info)
{
    struct file_source source = file_source_over(input->file, input->size);
    return wrapped_store(options, &source.source, out_wrapped, out_id,
                         out_info);
}

dits_error *asset_store_file(const struct asset_store_options *options,
                             const struct fs_file *file, uint64_t size,
                             struct dits_oid *out_id,
                             struct asset_info *out_info)
{
    CLEANUP(buf_release) struct buf summary = {0};
    struct input input = {.file = file, .size = size};
    uint8_t head[SNIFF_HEAD_BYTES];
    bool stored = false;
    if (is_tiny(size))
        return store_tiny_file(options, file, (size_t)size, out_id, out_info);
    if (!options->is_whole)
        TRY(try_wrapped(options, &input, &stored, out_id, out_info));
    if (stored)
        return NULL;
    if (size < WEAVE_MIN)
        return store_small_file(options, file, (size_t)size, out_id, out_info);
    if (!options->is_whole)
        TRY(try_weave(options, &input, &summary, &stored, out_id, out_info));
    if (stored)
        return NULL;
    TRY(read_start(file, sizeof(head), head));
    return store_cut(options, &input,
                     choose_chunker(options, head, sizeof(head), size),
                     buf_slice(&summary), out_id, out_info);
}

dits_error *asset_store_bytes(const struct asset_store_options *options,
                              const void *data, size_t size,
                              struct dits_oid *out_id,
                              struct asset_info *out_info)
{
    struct input input = {.data = data, .size = size};
    if (is_tiny(size))
        return store_tiny(options, data, size, out_id, out_info);
    return store_cut(options, &input, choose_chunker(options, data, size, size),
                     (struct slice){0}, out_id, out_info);
}
