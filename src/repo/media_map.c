/*
 * Which chunks of a stored file hold which time: dits_media_each_part().
 *
 * A file is first laid out as runs of its chunks' streams, so that flat and
 * woven files are the same from there on. Then each sample is looked up.
 */
#include <string.h>

#include "base/array.h"
#include "base/context.h"
#include "base/mem.h"
#include "object/asset_reader.h"
#include "repo/media_private.h"
#include "repo/media_time.h"

/* Runs, and chunks: of a hundred hours or more. */
enum { MOST_ENTRIES = 1 << 24 };

/* Bytes of the file that lie side by side in one stream. */
struct run {
    uint64_t offset; /* in the file */
    uint64_t size;
    uint64_t position; /* in the stream */
    size_t stream;
};

struct piece {
    struct dits_oid id;
    uint32_t size;
    uint64_t position; /* in its stream */
};

/* What is known of a pair of chunk and track. */
struct part {
    uint64_t samples;
    uint64_t syncs;
    int64_t from;
    int64_t to;
};

struct map {
    const struct asset *asset;
    struct run *runs; /* ascending, without gaps */
    size_t run_count;
    size_t run_capacity;
    struct piece *pieces; /* stream by stream */
    size_t piece_count;
    size_t piece_capacity;
    size_t *streams; /* the first piece of each, and the end */
    size_t stream_count;
    size_t next_stream; /* while pieces are added */
    struct part *parts; /* of one track: one for each piece */
};

static void release_map(struct map *map)
{
    mem_free(map->runs);
    mem_free(map->pieces);
    mem_free(map->streams);
    mem_free(map->parts);
}

static dits_error *check_count(size_t count)
{
    if (count >= MOST_ENTRIES)
        return error_new(DITS_E_LIMIT, "it is in too many pieces for a map");
    return NULL;
}

static dits_error *add_run(struct map *map, const struct run *run)
{
    TRY(check_count(map->run_count));
    struct run *runs = array_grown(map->runs, map->run_count,
                                   &map->run_capacity, sizeof(*runs));
    if (runs == NULL)
        return error_nomem();
    map->runs = runs;
    map->runs[map->run_count++] = *run;
    return NULL;
}

static dits_error *add_part_runs(struct map *map, const struct asset *asset,
                                 size_t part)
{
    CLEANUP(weave_segment_release) struct weave_segment segment = {0};
    const struct weave *weave = &asset->recipe.weave;
    uint64_t positions[WEAVE_MAX_STREAMS] = {0};
    uint64_t offset = weave->parts[part].offset;
    memcpy(positions, weave_starts(weave, part),
           weave->streams * sizeof(*positions));
    TRY(asset_load_weave(asset, part, &segment));
    for (size_t i = 0; i < segment.count; i++) {
        const struct weave_run *from = &segment.runs[i];
        const struct run run = {.offset = offset,
                                .size = from->size,
                                .position = positions[from->stream],
                                .stream = from->stream};
        TRY(add_run(map, &run));
        positions[from->stream] += from->size;
        offset += from->size;
    }
    return NULL;
}

static dits_error *add_runs(struct map *map, const struct asset *asset)
{
    const struct recipe *recipe = &asset->recipe;
    if (recipe->form != RECIPE_WOVEN) {
        const struct run all = {.size = recipe->info.size};
        return all.size > 0 ? add_run(map, &all) : NULL;
    }
    for (size_t i = 0; i < recipe->weave.count; i++)
        TRY(add_part_runs(map, asset, i));
    return NULL;
}

/* Streams come one after another; each begins anew at 0, and may be empty. */
static dits_error *add_piece(uint64_t offset, const struct chunk_ref *chunk,
                             void *payload)
{
    struct map *map = payload;
    TRY(check_count(map->piece_count));
    struct piece *pieces = array_grown(map->pieces, map->piece_count,
                                       &map->piece_capacity, sizeof(*pieces));
    if (pieces == NULL)
        return error_nomem();
    map->pieces = pieces;
    while (offset == 0 && map->next_stream < map->stream_count) {
        size_t stream = map->next_stream++;
        map->streams[stream] = map->piece_count;
        if (map->asset->recipe.streams[stream].bytes > 0)
            break;
    }
    map->pieces[map->piece_count++] = (struct piece){
        .id = chunk->id, .size = chunk->size, .position = offset};
    return NULL;
}

static dits_error *build(struct asset *asset, struct map *map)
{
    map->asset = asset;
    map->stream_count = asset->recipe.stream_count;
    map->streams = mem_new_array(size_t, map->stream_count + 1);
    if (map->streams == NULL)
        return error_nomem();
    TRY(add_runs(map, asset));
    TRY(asset_each_chunk(asset, add_piece, map));
    while (map->next_stream <= map->stream_count)
        map->streams[map->next_stream++] = map->piece_count;
    if (map->piece_count == 0)
        return NULL;
    map->parts = mem_new_array(struct part, map->piece_count);
    return map->parts != NULL ? NULL : error_nomem();
}

/* The run that holds `offset`, or the count. */
static size_t find_run(const struct map *map, uint64_t offset)
{
    size_t low = 0;
    size_t high = map->run_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct run *run = &map->runs[middle];
        if (offset >= run->offset && offset - run->offset < run->size)
            return middle;
        if (offset < run->offset)
            high = middle;
        else
            low = middle + 1;
    }
    return map->run_count;
}

/* The same of a stream's pieces. */
static size_t find_piece(const struct map *map, size_t stream,
                         uint64_t position)
{
    size_t low = map->streams[stream];
    size_t high = map->streams[stream + 1];
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct piece *piece = &map->pieces[middle];
        if (position >= piece->position &&
            position - piece->position < piece->size)
            return middle;
        if (position < piece->position)
            high = middle;
        else
            low = middle + 1;
    }
    return map->piece_count;
}

static void note(struct part *part, const struct dits_media_sample *sample)
{
    int64_t end = sample->pts;
    if (sample->duration > 0 &&
        __builtin_add_overflow(sample->pts, sample->duration, &end))
        end = INT64_MAX;
    if (part->samples == 0 || sample->pts < part->from)
        part->from = sample->pts;
    if (part->samples == 0 || end > part->to)
        part->to = end;
    part->samples++;
    part->syncs += sample->sync != DITS_SYNC_NO;
}

/* The pieces of the stream that hold these bytes of it. */
static void note_pieces(const struct map *map, const struct run *run,
                        uint64_t position, uint64_t size,
                        const struct dits_media_sample *sample)
{
    size_t i = find_piece(map, run->stream, position);
    uint64_t end = position + size;
    while (i < map->streams[run->stream + 1] && map->pieces[i].position < end)
        note(&map->parts[i++], sample);
}

static dits_error *place_sample(const struct dits_media_sample *sample,
                                void *payload)
{
    const struct map *map = payload;
    uint64_t offset = sample->offset;
    uint64_t left = sample->size;
    size_t i = find_run(map, offset);
    while (left > 0 && i < map->run_count) {
        const struct run *run = &map->runs[i++];
        uint64_t into = offset - run->offset;
        uint64_t size = run->size - into < left ? run->size - into : left;
        note_pieces(map, run, run->position + into, size, sample);
        offset += size;
        left -= size;
    }
    return NULL;
}

static dits_error *tell_track(dits_media *media, struct map *map, size_t track,
                              dits_media_part_fn *fn, void *payload)
{
    struct media_time_base base = media->file->tracks[track].time_base;
    if (map->piece_count == 0)
        return NULL;
    memset(map->parts, 0, map->piece_count * sizeof(*map->parts));
    TRY(dits_media_each_sample(media, track, place_sample, map));
    for (size_t i = 0; i < map->piece_count; i++) {
        const struct part *part = &map->parts[i];
        const struct dits_media_part shown = {
            .chunk = i,
            .id = map->pieces[i].id,
            .size = map->pieces[i].size,
            .track = track,
            .samples = part->samples,
            .syncs = part->syncs,
            .from = media_seconds(part->from, base),
            .to = media_seconds(part->to, base),
        };
        if (part->samples > 0)
            TRY(fn(&shown, payload));
    }
    return NULL;
}

dits_error *dits_media_each_part(dits_media *media, size_t track,
                                 dits_media_part_fn *fn, void *payload)
{
    CLEANUP(release_map) struct map map = {0};
    if (media->input.stored == NULL)
        return error_hint(error_new(DITS_E_INVALID,
                                    "'%s' is not a stored version",
                                    media->path),
                          "Name a version, as in '%s@HEAD'.", media->path);
    TRY(build(asset_source_asset(media->input.stored), &map));
    for (size_t i = 0; i < media->info.track_count; i++)
        if (track == DITS_MEDIA_ALL || track == i)
            TRY(tell_track(media, &map, i, fn, payload));
    return NULL;
}
