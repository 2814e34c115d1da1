#include "object/asset_weave.h"

#include <string.h>

#include "base/mem.h"
#include "object/list_builder.h"
#include "object/media_summary.h"
#include "object/recipe.h"
#include "object/weaver.h"

/* A file on its way: what the pipeline calls back with. */
struct weaving {
    const struct asset_store_options *options;
    struct weaver weaver;
    struct list_builder lists[INGEST_MAX_STREAMS];
    uint64_t chunks;
};

static void weaving_freep(struct weaving **self)
{
    struct weaving *weaving = *self;
    if (weaving == NULL)
        return;
    weaver_release(&weaving->weaver);
    for (size_t i = 0; i < INGEST_MAX_STREAMS; i++)
        list_builder_release(&weaving->lists[i]);
    mem_free(weaving);
}

static dits_error *split(uint64_t offset, const uint8_t *bytes, size_t size,
                         struct stream_sink *sink, void *payload)
{
    struct weaving *weaving = payload;
    return weaver_split(&weaving->weaver, offset, bytes, size, sink);
}

static dits_error *split_end(struct stream_sink *sink, void *payload)
{
    struct weaving *weaving = payload;
    return weaver_end(&weaving->weaver, sink);
}

static dits_error *on_chunk(unsigned stream, const struct chunk_ref *chunk,
                            void *payload)
{
    struct weaving *weaving = payload;
    weaving->chunks++;
    return list_builder_add(&weaving->lists[stream], chunk);
}

static void on_progress(uint64_t bytes, void *payload)
{
    const struct weaving *weaving = payload;
    if (weaving->options->on_progress != NULL)
        weaving->options->on_progress(bytes, weaving->options->payload);
}

static dits_error *run(struct weaving *weaving, const struct fs_file *file,
                       uint64_t size, struct ingest_result *out)
{
    const struct asset_store_options *options = weaving->options;
    struct stream_kind kinds[INGEST_MAX_STREAMS];
    size_t count = weaving->weaver.stream_count;
    for (size_t i = 0; i < count; i++) {
        kinds[i] = weaving->weaver.streams[i].kind;
        weaving->lists[i].writer = options->writer;
    }
    struct ingest_streams ingest = {
        .context = options->context,
        .writer = options->writer,
        .threads = options->threads,
        .stream_count = count,
        .streams = kinds,
        .split = split,
        .split_end = split_end,
        .on_chunk = on_chunk,
        .on_progress = on_progress,
        .payload = weaving,
    };
    return ingest_streams_run(&ingest, file, size, out);
}

/* The potential stream that has `number` in the recipe. */
static size_t stream_of(const struct weaver *weaver, size_t number)
{
    size_t i = 0;
    while (weaver->streams[i].number != (int)number)
        i++;
    return i;
}

static dits_error *add_streams(struct weaving *weaving, struct recipe *recipe)
{
    const struct weaver *weaver = &weaving->weaver;
    for (size_t number = 0; number < weaver->number_count; number++) {
        CLEANUP(list_node_release) struct list_node list = {0};
        size_t index = stream_of(weaver, number);
        TRY(list_builder_finish(&weaving->lists[index], &list));
        recipe->swapped[number] = weaver->streams[index].kind.swapped;
        TRY(recipe_add_stream(recipe, &list));
    }
    return NULL;
}

static dits_error *add_summary(const struct weaver *weaver,
                               struct recipe *recipe)
{
    const struct media_file *media = weaver->media;
    struct media_summary summary = {.stream_count = weaver->number_count};
    memcpy(summary.container, media->container, sizeof(summary.container));
    for (size_t number = 0; number < weaver->number_count; number++) {
        const struct weaver_stream *stream =
            &weaver->streams[stream_of(weaver, number)];
        struct media_summary_stream *out = &summary.streams[number];
        out->part = stream->part;
        if (stream->part == WEAVE_SKELETON)
            continue;
        const struct media_track *track = &media->tracks[stream->track];
        out->track = track->id;
        memcpy(out->codec, track->codec, sizeof(out->codec));
    }
    return media_summary_encode(&summary, &recipe->summary);
}

/* The profile of the first track of pictures, or else of samples. */
static uint8_t main_chunker(const struct weaver *weaver)
{
    const struct chunker *main = weaver->streams[0].kind.chunker;
    for (size_t i = 1; i < weaver->stream_count; i++) {
        const struct weaver_stream *stream = &weaver->streams[i];
        if (stream->number >= 0 &&
            stream->kind.chunker->average_size > main->average_size)
            main = stream->kind.chunker;
    }
    return main->id;
}

static dits_error *put_asset(struct weaving *weaving,
                             const struct ingest_result *result,
                             struct dits_oid *out_id,
                             struct asset_info *out_info)
{
    CLEANUP(recipe_release) struct recipe recipe = {.form = RECIPE_WOVEN};
    CLEANUP(buf_release) struct buf bytes = {0};
    struct weaver *weaver = &weaving->weaver;
    TRY(add_streams(weaving, &recipe));
    TRY(weaver_finish(weaver, &recipe.weave));
    TRY(add_summary(weaver, &recipe));
    recipe.info.size = result->size;
    recipe.info.content = result->content;
    recipe.info.chunker = main_chunker(weaver);
    recipe.info.is_woven = true;
    TRY(recipe_encode(&recipe, &bytes));
    *out_info = recipe.info;
    return store_writer_put(weaving->options->writer, CHUNK_ASSET, bytes.data,
                            bytes.size, out_id);
}

dits_error *asset_weave_file(const struct asset_store_options *options,
                             struct media_file *media,
                             const struct fs_file *file, uint64_t size,
                             struct dits_oid *out_id,
                             struct asset_info *out_info)
{
    CLEANUP(weaving_freep) struct weaving *weaving = mem_new(struct weaving);
    struct ingest_result result = {0};
    if (weaving == NULL)
        return error_nomem();
    weaving->options = options;
    TRY(weaver_init(&weaving->weaver, media, options->writer));
    TRY(run(weaving, file, size, &result));
    return put_asset(weaving, &result, out_id, out_info);
}
