#include "object/asset_reader.h"

#include <string.h>

#include "base/mem.h"

/* Chunks kept at hand for all streams together: more are forgotten. */
enum { MAX_KEPT_BYTES = 64 * 1024 * 1024 };

/* Turned at once. */
enum { SWAP_BYTES = 4096 };

dits_error *asset_reader_init(struct asset_reader *reader,
                              const struct asset *asset)
{
    size_t count = asset->recipe.stream_count;
    *reader = (struct asset_reader){.asset = asset};
    if (count == 0)
        return NULL;
    reader->streams = mem_new_array(struct stream_reader, count);
    if (reader->streams == NULL)
        return error_nomem();
    for (size_t i = 0; i < count; i++)
        reader->streams[i] =
            stream_reader_over(asset->store, &asset->recipe.streams[i]);
    if (asset->recipe.form != RECIPE_WRAPPED)
        return NULL;
    return wrapped_reader_new(&asset->recipe.wrapped, reader->streams,
                              &reader->wrapped);
}

void asset_reader_uncheck(struct asset_reader *reader)
{
    for (size_t i = 0; i < reader->asset->recipe.stream_count; i++)
        reader->streams[i].unchecked = true;
}

void asset_reader_release(struct asset_reader *reader)
{
    wrapped_reader_free(reader->wrapped);
    if (reader->streams != NULL)
        for (size_t i = 0; i < reader->asset->recipe.stream_count; i++)
            stream_reader_release(&reader->streams[i]);
    mem_free(reader->streams);
    weave_segment_release(&reader->segment);
    *reader = (struct asset_reader){0};
}

/* Where part `index` ends in each stream. */
static uint64_t part_end(const struct recipe *recipe, size_t index,
                         size_t stream)
{
    return index + 1 < recipe->weave.count
               ? weave_starts(&recipe->weave, index + 1)[stream]
               : recipe->streams[stream].bytes;
}

/* Whether the runs of `segment` take what the index says of the part. */
static bool is_as_listed(const struct recipe *recipe, size_t index,
                         const struct weave_segment *segment)
{
    uint64_t positions[WEAVE_MAX_STREAMS] = {0};
    memcpy(positions, weave_starts(&recipe->weave, index),
           recipe->stream_count * sizeof(*positions));
    if (segment->count != recipe->weave.parts[index].runs)
        return false;
    for (size_t i = 0; i < segment->count; i++) {
        const struct weave_run *run = &segment->runs[i];
        if (run->stream >= recipe->stream_count ||
            run->size > LIST_MAX_BYTES - positions[run->stream])
            return false;
        positions[run->stream] += run->size;
    }
    for (size_t s = 0; s < recipe->stream_count; s++)
        if (positions[s] != part_end(recipe, index, s))
            return false;
    return true;
}

dits_error *asset_load_weave(const struct asset *asset, size_t part,
                             struct weave_segment *out)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(weave_segment_release) struct weave_segment segment = {0};
    const struct recipe *recipe = &asset->recipe;
    TRY_CONTEXT(store_read(asset->store, CHUNK_LIST,
                           &recipe->weave.parts[part].id, &bytes),
                "cannot read a weave");
    TRY(weave_segment_parse(buf_slice(&bytes), &segment));
    if (!is_as_listed(recipe, part, &segment))
        return error_new(DITS_E_CORRUPT, "a weave is not what it is listed as");
    *out = MOVE(segment);
    return NULL;
}

/* To the first run of part `part`. */
static dits_error *enter_part(struct asset_reader *reader, size_t part)
{
    const struct weave *weave = &reader->asset->recipe.weave;
    if (reader->segment.count == 0 || reader->part != part) {
        weave_segment_release(&reader->segment);
        TRY(asset_load_weave(reader->asset, part, &reader->segment));
    }
    reader->part = part;
    reader->run = 0;
    reader->run_offset = weave->parts[part].offset;
    memcpy(reader->positions, weave_starts(weave, part),
           weave->streams * sizeof(*reader->positions));
    return NULL;
}

/* To the run that holds `offset`. */
static dits_error *find_run(struct asset_reader *reader, uint64_t offset)
{
    const struct weave *weave = &reader->asset->recipe.weave;
    size_t part = weave_find(weave, offset);
    if (reader->segment.count == 0 || reader->part != part ||
        offset < reader->run_offset)
        TRY(enter_part(reader, part));
    for (;;) {
        const struct weave_run *run = &reader->segment.runs[reader->run];
        if (offset - reader->run_offset < run->size)
            return NULL;
        reader->positions[run->stream] += run->size;
        reader->run_offset += run->size;
        reader->run++;
    }
}

static void bound_memory(struct asset_reader *reader, size_t current)
{
    size_t kept = 0;
    for (size_t i = 0; i < reader->asset->recipe.stream_count; i++)
        kept += reader->streams[i].chunk.capacity;
    if (kept <= MAX_KEPT_BYTES)
        return;
    for (size_t i = 0; i < reader->asset->recipe.stream_count; i++)
        if (i != current)
            stream_reader_forget(&reader->streams[i]);
}

/* Some bytes from a stream whose units are in reverse, within one buffer. */
static dits_error *read_some_swapped(struct asset_reader *reader,
                                     unsigned stream, uint64_t offset,
                                     size_t size, uint8_t *out)
{
    uint8_t bytes[SWAP_BYTES];
    const struct recipe *recipe = &reader->asset->recipe;
    unsigned unit = recipe->swapped[stream];
    uint64_t total = recipe->streams[stream].bytes;
    uint64_t whole = total / unit * unit; /* what is behind is as it was */
    uint64_t base = offset / unit * unit;
    uint64_t end = (offset + size + unit - 1) / unit * unit;
    end = end < total ? end : total;
    TRY(stream_reader_read(&reader->streams[stream], base, (size_t)(end - base),
                           bytes));
    for (size_t i = 0; i < size; i++) {
        uint64_t at = offset + i;
        uint64_t place = at < whole ? at - at % unit + (unit - 1 - at % unit)
                                    : at;
        out[i] = bytes[place - base];
    }
    return NULL;
}

static dits_error *read_stream(struct asset_reader *reader, unsigned stream,
                               uint64_t offset, size_t size, uint8_t *out)
{
    if (reader->asset->recipe.swapped[stream] == 0)
        return stream_reader_read(&reader->streams[stream], offset, size, out);
    while (size > 0) {
        size_t most = SWAP_BYTES - 16; /* whole units around it fit */
        size_t some = size < most ? size : most;
        TRY(read_some_swapped(reader, stream, offset, some, out));
        offset += some;
        out += some;
        size -= some;
    }
    return NULL;
}

static dits_error *read_woven(struct asset_reader *reader, uint64_t offset,
                              size_t size, uint8_t *out)
{
    while (size > 0) {
        TRY(find_run(reader, offset));
        const struct weave_run *run = &reader->segment.runs[reader->run];
        uint64_t skip = offset - reader->run_offset;
        uint64_t left = run->size - skip;
        size_t piece = left < size ? (size_t)left : size;
        TRY(read_stream(reader, run->stream,
                        reader->positions[run->stream] + skip, piece, out));
        bound_memory(reader, run->stream);
        offset += piece;
        out += piece;
        size -= piece;
    }
    return NULL;
}

dits_error *asset_reader_read(struct asset_reader *reader, uint64_t offset,
                              size_t size, uint8_t *out)
{
    if (size == 0)
        return NULL;
    if (reader->asset->recipe.info.is_woven)
        return read_woven(reader, offset, size, out);
    if (reader->wrapped != NULL)
        return wrapped_reader_read(reader->wrapped, offset, size, out);
    return stream_reader_read(&reader->streams[0], offset, size, out);
}
