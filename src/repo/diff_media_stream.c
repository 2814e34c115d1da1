#include "repo/diff_media.h"

#include "base/context.h"
#include "base/mem.h"
#include "media/split.h"
#include "repo/media_private.h"
#include "repo/media_time.h"
#include "repo/worktree.h"

enum {
    BLOCK_BYTES = 1 << 18,
    PIECES = 64,
    LEAST_FRAMES = 256, /* of a unit of PCM */
    MOST_FRAMES = 4096,
};

/* In place of the offset of a unit that is not the first of its sample. */
#define UNIT_INSIDE UINT64_MAX

/* What is being read of a track. */
struct reading {
    struct splitter splitter;
    struct hash hash;
    bool is_open;       /* a unit was begun */
    bool has_essence;   /* and is not empty */
    uint64_t offset;    /* of it, in the file */
    struct buf pending; /* bytes whose piece or frame is not complete */
    size_t frame;       /* bytes of a frame of PCM; 0: not PCM */
    uint64_t frames;    /* in the unit */
    uint64_t total;     /* frames before it */
    uint64_t rolling;   /* over the last 64 bytes */
};

struct reader {
    const dits_context *context;
    struct media_side *side;
    struct media_walk *walk;
    struct reading *readings; /* one for each track */
    struct buf block;
    uint64_t bytes;
    size_t units;
};

static void release_reader(struct reader *reader)
{
    if (reader->readings != NULL)
        for (size_t i = 0; i < reader->side->file->track_count; i++)
            buf_release(&reader->readings[i].pending);
    mem_free(reader->readings);
    buf_release(&reader->block);
    if (reader->walk != NULL)
        reader->side->file->format->end_walk(reader->walk);
}

void media_side_release(struct media_side *side)
{
    size_t count = side->file != NULL ? side->file->track_count : 0;
    for (size_t i = 0; side->streams != NULL && i < count; i++) {
        diff_chunks_release(&side->streams[i].units);
        mem_free(side->streams[i].offsets);
        mem_free(side->streams[i].times);
    }
    mem_free(side->streams);
    media_close(side->file);
    asset_source_close(side->stored);
    fs_close(&side->disk);
    *side = (struct media_side){0};
}

static dits_error *open_disk(const dits_diff *diff,
                             const struct diff_place *place,
                             struct media_side *side)
{
    CLEANUP(dir_place_release) struct dir_place at = {.root = &diff->root};
    const char *name = NULL;
    bool found = false;
    TRY(worktree_enter(&at, place->path, &name, &found));
    if (!found)
        return error_new(DITS_E_CONFLICT, "'%s' vanished", place->path);
    TRY(dir_open_file(&at.dir, name, &side->disk, NULL));
    side->disk_source = file_source_over(&side->disk, place->size);
    return media_open(&side->disk_source.source, &side->file);
}

dits_error *media_side_open(const dits_diff *diff,
                            const struct diff_place *place,
                            struct media_side *out)
{
    if (!place->is_there || place->side.mode == TREE_SYMLINK)
        return NULL;
    if (place->is_on_disk)
        return open_disk(diff, place, out);
    TRY(asset_source_open(diff->repo->store, &place->side.id, &out->stored));
    return media_open(asset_source_base(out->stored), &out->file);
}

/* Room for one more unit, and for the time at which the last one ends. */
static dits_error *grow(struct media_stream *stream)
{
    size_t count = stream->units.count;
    if (count + 1 < stream->capacity)
        return NULL;
    size_t wanted = stream->capacity * 2 + 64;
    struct diff_chunk *units = mem_resize(
        stream->units.items, stream->units.capacity, wanted, sizeof(*units));
    if (units == NULL)
        return error_nomem();
    stream->units.items = units;
    stream->units.capacity = wanted;
    uint64_t *offsets =
        mem_resize(stream->offsets, stream->capacity, wanted, sizeof(*offsets));
    if (offsets == NULL)
        return error_nomem();
    stream->offsets = offsets;
    int64_t *times =
        mem_resize(stream->times, stream->capacity, wanted, sizeof(*times));
    if (times == NULL)
        return error_nomem();
    stream->times = times;
    stream->capacity = wanted;
    return NULL;
}

static dits_error *close_unit(struct reader *reader, size_t track)
{
    struct reading *reading = &reader->readings[track];
    struct media_stream *stream = &reader->side->streams[track];
    if (!reading->is_open)
        return NULL;
    TRY(grow(stream));
    size_t index = stream->units.count++;
    struct diff_chunk *unit = &stream->units.items[index];
    *unit = (struct diff_chunk){.offset = index, .size = 1};
    hash_finish(&reading->hash, &unit->id);
    stream->offsets[index] = reading->offset;
    if (reading->offset == UNIT_INSIDE && index > 0)
        stream->offsets[index] = stream->offsets[index - 1] + 1;
    reading->total += reading->frames;
    stream->times[index + 1] = (int64_t)reading->total;
    reading->frames = 0;
    reading->is_open = false;
    reader->units++;
    return NULL;
}

static void begin_unit(struct reading *reading, uint64_t offset)
{
    hash_begin(&reading->hash);
    reading->is_open = true;
    reading->offset = offset;
    reading->has_essence = false;
}

/* Forget bytes at the front. */
static dits_error *drop_front(struct buf *pending, size_t size)
{
    CLEANUP(buf_release) struct buf rest = {0};
    TRY(buf_put(&rest, pending->data + size, pending->size - size));
    buf_clear(pending);
    return buf_put(pending, rest.data, rest.size);
}

/* Of ADTS a sample may hold several frames: each is a unit. */
static dits_error *part_frames(struct reader *reader, size_t track)
{
    struct reading *reading = &reader->readings[track];
    if (reader->side->file->tracks[track].framing != MEDIA_ADTS ||
        !reading->has_essence)
        return NULL;
    TRY(close_unit(reader, track));
    begin_unit(reading, UNIT_INSIDE);
    return NULL;
}

/* The essence goes into the hash; what was pushed before comes first. */
static dits_error *hash_pieces(struct reader *reader, size_t track,
                               const struct split_piece *pieces, size_t count,
                               size_t *at)
{
    struct reading *reading = &reader->readings[track];
    for (size_t i = 0; i < count; i++) {
        size_t size = (size_t)pieces[i].size;
        if (pieces[i].part == SPLIT_HEADERS)
            TRY(part_frames(reader, track));
        if (pieces[i].part == SPLIT_ESSENCE) {
            hash_update(&reading->hash, reading->pending.data + *at, size);
            reading->has_essence = true;
        }
        *at += size;
    }
    return NULL;
}

static dits_error *take_bytes(struct reader *reader, size_t track,
                              struct slice bytes)
{
    struct reading *reading = &reader->readings[track];
    struct split_piece pieces[PIECES];
    size_t done = 0;
    TRY(buf_put(&reading->pending, bytes.data, bytes.size));
    while (bytes.size > 0) {
        size_t count = 0;
        size_t taken =
            splitter_push(&reading->splitter, bytes, pieces, PIECES, &count);
        TRY(hash_pieces(reader, track, pieces, count, &done));
        bytes = slice_of(bytes.data + taken, bytes.size - taken);
    }
    return drop_front(&reading->pending, done);
}

/* What the splitter held back belongs to the unit that ends. */
static dits_error *take_last(struct reader *reader, size_t track)
{
    struct reading *reading = &reader->readings[track];
    struct split_piece pieces[SPLIT_PIECES_LAST];
    size_t count = splitter_finish(&reading->splitter, pieces);
    size_t at = 0;
    if (reading->is_open)
        TRY(hash_pieces(reader, track, pieces, count, &at));
    buf_clear(&reading->pending);
    return NULL;
}

/* Sound samples of both byte orders are the same sound. */
static void turn_bytes(uint8_t *bytes, size_t size, size_t unit)
{
    for (size_t at = 0; at + unit <= size; at += unit)
        for (size_t i = 0; i < unit / 2; i++) {
            uint8_t kept = bytes[at + i];
            bytes[at + i] = bytes[at + unit - 1 - i];
            bytes[at + unit - 1 - i] = kept;
        }
}

/* Whether a unit of PCM ends behind this frame: by what it sounds like. */
static bool ends_unit(struct reading *reading, const uint8_t *frame)
{
    for (size_t i = 0; i < reading->frame; i++)
        reading->rolling = (reading->rolling << 1) +
                           (frame[i] + UINT64_C(1)) *
                               UINT64_C(0x9e3779b97f4a7c15);
    reading->frames++;
    return reading->frames >= MOST_FRAMES ||
           (reading->frames >= LEAST_FRAMES && reading->rolling >> 54 == 0);
}

static dits_error *take_frames(struct reader *reader, size_t track,
                               uint64_t offset, struct slice bytes)
{
    struct reading *reading = &reader->readings[track];
    const struct media_track *about = &reader->side->file->tracks[track];
    struct buf *pending = &reading->pending;
    TRY(buf_put(pending, bytes.data, bytes.size));
    size_t whole = pending->size - pending->size % reading->frame;
    size_t from = 0;
    if (about->big_endian)
        turn_bytes(pending->data, whole, about->sample_bytes);
    for (size_t at = 0; at < whole; at += reading->frame) {
        if (!reading->is_open)
            begin_unit(reading, offset + at);
        if (!ends_unit(reading, pending->data + at))
            continue;
        hash_update(&reading->hash, pending->data + from,
                    at + reading->frame - from);
        from = at + reading->frame;
        TRY(close_unit(reader, track));
    }
    if (whole > from)
        hash_update(&reading->hash, pending->data + from, whole - from);
    return drop_front(pending, whole);
}

static dits_error *begin_sample(struct reader *reader,
                                const struct media_span *span)
{
    struct reading *reading = &reader->readings[span->track];
    if (reading->frame > 0)
        return NULL;
    TRY(take_last(reader, span->track));
    TRY(close_unit(reader, span->track));
    splitter_begin_sample(&reading->splitter,
                          (span->flags & MEDIA_SPAN_SYNC) != 0);
    begin_unit(reading, span->offset);
    return NULL;
}

static dits_error *read_span(struct reader *reader,
                             const struct media_span *span)
{
    struct source *source = reader->side->file->source;
    struct reading *reading = &reader->readings[span->track];
    if (span->flags & MEDIA_SPAN_SAMPLE)
        TRY(begin_sample(reader, span));
    for (uint64_t done = 0; done < span->size;) {
        uint64_t left = span->size - done;
        size_t size = left < BLOCK_BYTES ? (size_t)left : BLOCK_BYTES;
        void *room = NULL;
        buf_clear(&reader->block);
        TRY(buf_extend(&reader->block, size, &room));
        TRY(source->read_at(source, span->offset + done, size, room));
        struct slice bytes = buf_slice(&reader->block);
        if (reading->frame > 0)
            TRY(take_frames(reader, span->track, span->offset + done, bytes));
        else if (reading->is_open)
            TRY(take_bytes(reader, span->track, bytes));
        done += size;
    }
    reader->bytes += span->size;
    return NULL;
}

static void begin_reading(const struct media_track *track,
                          struct reading *reading)
{
    splitter_init(&reading->splitter, track);
    if (track->framing == MEDIA_PCM && track->sample_bytes > 0 &&
        track->channels > 0 && track->channels <= 256 && track->sample_rate > 0)
        reading->frame = (size_t)track->sample_bytes * track->channels;
}

static dits_error *read_spans(struct reader *reader)
{
    struct media_file *file = reader->side->file;
    for (;;) {
        struct media_span span = {0};
        bool found = false;
        TRY(context_check(reader->context));
        TRY(file->format->next_span(reader->walk, &span, &found));
        if (!found)
            break;
        if (reader->bytes > DIFF_MEDIA_MOST_BYTES ||
            reader->units > DIFF_MEDIA_MOST_UNITS)
            return NULL;
        TRY(read_span(reader, &span));
    }
    for (size_t i = 0; i < file->track_count; i++) {
        if (reader->readings[i].frame == 0)
            TRY(take_last(reader, i));
        TRY(close_unit(reader, i));
    }
    reader->side->is_complete = true;
    return NULL;
}

/* The unit that begins at `offset`, or the count. */
static size_t find_unit(const struct media_stream *stream, uint64_t offset)
{
    size_t low = 0;
    size_t high = stream->units.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (stream->offsets[middle] < offset)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < stream->units.count && stream->offsets[low] == offset;
    return found ? low : stream->units.count;
}

/* Units behind it that begin no sample are of the same one. */
static void set_time(struct media_stream *stream, size_t unit, int64_t time)
{
    uint64_t offset = stream->offsets[unit];
    for (size_t i = unit; i < stream->units.count; i++) {
        if (stream->offsets[i] != offset + (i - unit))
            return;
        stream->times[i] = time;
    }
}

/* Decode times, from the first; those of samples, which units are. */
static dits_error *find_times(struct media_side *side, size_t track)
{
    CLEANUP(media_samples_end) struct media_samples samples = {0};
    struct media_stream *stream = &side->streams[track];
    int64_t first = 0;
    int64_t end = 0;
    stream->base = side->file->tracks[track].time_base;
    TRY(media_samples_begin(side->file, track, &samples));
    for (bool is_first = true;; is_first = false) {
        struct media_sample sample = {0};
        bool found = false;
        int64_t time = 0;
        TRY(media_samples_next(&samples, &sample, &found));
        if (!found)
            break;
        first = is_first ? sample.dts : first;
        size_t unit = find_unit(stream, sample.offset);
        if (__builtin_sub_overflow(sample.dts, first, &time))
            continue;
        if (unit < stream->units.count)
            set_time(stream, unit, time);
        end = time;
        if (sample.duration > 0 &&
            __builtin_add_overflow(time, sample.duration, &end))
            end = time;
    }
    stream->times[stream->units.count] = end;
    return NULL;
}

static dits_error *finish_stream(struct media_side *side, size_t track,
                                 const struct reading *reading)
{
    const struct media_track *about = &side->file->tracks[track];
    struct media_stream *stream = &side->streams[track];
    stream->is_known = side->is_complete && stream->units.count > 0 &&
                       !about->is_external;
    if (!stream->is_known)
        return NULL;
    if (reading->frame == 0)
        return find_times(side, track);
    stream->base = (struct media_time_base){1, about->sample_rate};
    return NULL;
}

dits_error *media_side_read(const dits_diff *diff, struct media_side *side)
{
    CLEANUP(release_reader)
    struct reader reader = {.context = diff->repo->context, .side = side};
    struct media_file *file = side->file;
    if (file->track_count == 0)
        return NULL;
    side->streams = mem_new_array(struct media_stream, file->track_count);
    reader.readings = mem_new_array(struct reading, file->track_count);
    if (side->streams == NULL || reader.readings == NULL)
        return error_nomem();
    for (size_t i = 0; i < file->track_count; i++)
        begin_reading(&file->tracks[i], &reader.readings[i]);
    TRY(file->format->spans(file, &reader.walk));
    TRY(read_spans(&reader));
    for (size_t i = 0; i < file->track_count; i++)
        TRY(finish_stream(side, i, &reader.readings[i]));
    return NULL;
}

struct dits_rational media_stream_time(const struct media_stream *stream,
                                       size_t index)
{
    return media_seconds(stream->times[index], stream->base);
}
