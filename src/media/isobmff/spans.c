#include <inttypes.h>

#include "base/mem.h"
#include "media/isobmff/streams.h"
#include "media/isobmff/track.h"
#include "media/isobmff/walk.h"

/*
 * Pieces come by ascending offset, and so do samples within a piece. What
 * begins before the end of the last span that was given overlaps it: the
 * earlier claim wins, by offset and then by track.
 */
struct piece {
    enum stream_kind kind;
    uint32_t track;
    uint64_t offset; /* of the next sample */
    uint64_t number; /* of it */
    uint32_t left;   /* samples */
    uint32_t constant_size;
};

/* Cursors over one track's tables: they follow it from piece to piece. */
struct lane {
    struct size_cursor sizes;
    struct sync_cursor sync;
};

struct span_walk {
    struct media_file *file;
    struct streams streams;
    struct lane *lanes; /* one per track */
    size_t lane_count;
    struct piece piece;
    struct run_cursor_rows rows; /* of a piece that is a run */
    uint64_t end;                /* of the last span */
};

void spans_close(struct span_walk *walk)
{
    if (walk == NULL)
        return;
    for (size_t i = 0; i < walk->lane_count; i++) {
        size_cursor_release(&walk->lanes[i].sizes);
        sync_cursor_release(&walk->lanes[i].sync);
    }
    mem_free(walk->lanes);
    run_rows_release(&walk->rows);
    streams_release(&walk->streams);
    mem_free(walk);
}

static void closep(struct span_walk **walk)
{
    spans_close(*walk);
}

dits_error *spans_open(struct media_file *file, struct span_walk **out)
{
    const struct isobmff *state = isobmff_state(file);
    CLEANUP(closep) struct span_walk *walk = mem_new(struct span_walk);
    if (walk == NULL)
        return error_nomem();
    walk->file = file;
    walk->lanes = mem_new_array(struct lane, state->track_count + 1);
    if (walk->lanes == NULL)
        return error_nomem();
    walk->lane_count = state->track_count;
    for (size_t i = 0; i < state->track_count; i++) {
        size_cursor_open(&walk->lanes[i].sizes, &state->tracks[i].samples);
        sync_cursor_open(&walk->lanes[i].sync, &state->tracks[i].samples);
    }
    TRY(streams_open(&walk->streams, file));
    *out = MOVE(walk);
    return NULL;
}

/* Blame a track once. */
static void tell(struct span_walk *walk, enum told what, const char *text)
{
    struct isobmff_track *own =
        &isobmff_state(walk->file)->tracks[walk->piece.track];
    char where[64] = "";
    if ((own->told & what) != 0)
        return;
    own->told = (uint8_t)(own->told | what);
    track_where(where, walk->piece.track, "samples");
    media_add_problem(walk->file, walk->piece.offset, where,
                      "from sample %" PRIu64 " on, some %s", walk->piece.number,
                      text);
}

/* Sound may have millions of samples of a few bytes; pictures are told apart.
 */
static bool is_taken_at_once(const struct span_walk *walk)
{
    return walk->file->tracks[walk->piece.track].kind == MEDIA_AUDIO;
}

static void start_chunk(struct span_walk *walk, const struct stream *stream)
{
    struct lane *lane = &walk->lanes[stream->track];
    const struct sample_table *table = lane->sizes.table;
    if (stream->kind == STREAM_SORTED)
        lane->sync.place = stream->head.place;
    walk->piece.track = stream->track;
    if (is_taken_at_once(walk) && sample_table_is_all_sync(table))
        walk->piece.constant_size = table->sample_bytes;
}

static void start_run(struct span_walk *walk, size_t index)
{
    const struct fragments *fragments = &isobmff_state(walk->file)->fragments;
    const struct run *run = &fragments->runs[index];
    walk->piece.track = fragments->parts[run->part].track;
    walk->piece.number = run->first;
    run_rows_release(&walk->rows);
    run_rows_open(&walk->rows, walk->file, run);
    if (is_taken_at_once(walk))
        walk->piece.constant_size = run_rows_constant_size(&walk->rows);
}

/* Take the next piece from the streams. */
static dits_error *start_piece(struct span_walk *walk, bool *out_found)
{
    const struct stream *stream = streams_first(&walk->streams);
    *out_found = stream != NULL;
    if (stream == NULL)
        return NULL;
    walk->piece = (struct piece){
        .kind = stream->kind,
        .offset = stream->head.offset,
        .number = stream->head.first,
        .left = stream->head.count,
    };
    if (stream->kind == STREAM_RUNS)
        start_run(walk, (size_t)stream->head.first);
    else if (stream->kind == STREAM_ITEMS)
        walk->piece.track =
            isobmff_state(walk->file)->items.extents[stream->head.first].track;
    else
        start_chunk(walk, stream);
    if (walk->file->tracks[walk->piece.track].is_external)
        walk->piece.left = 0;
    return streams_advance(&walk->streams);
}

static uint8_t flags_of(enum media_sync sync)
{
    return sync == MEDIA_SYNC_NO ? MEDIA_SPAN_SAMPLE
                                 : MEDIA_SPAN_SAMPLE | MEDIA_SPAN_SYNC;
}

/*
 * All samples of the piece at once, without those that are cut off by the end
 * of the file or lie before `walk->end`.
 */
static uint64_t take_all(struct span_walk *walk, struct media_span *out)
{
    struct piece *piece = &walk->piece;
    uint64_t room = walk->file->source->size - piece->offset;
    uint64_t fit = room / piece->constant_size;
    uint64_t skip = 0;
    if (piece->offset < walk->end) {
        uint64_t missed = walk->end - piece->offset;
        skip = missed / piece->constant_size +
               (missed % piece->constant_size != 0);
        tell(walk, TOLD_OVERLAP, "share their bytes with others");
    }
    if (fit < piece->left)
        tell(walk, TOLD_OUTSIDE, "are past the end of the file");
    uint64_t count = fit < piece->left ? fit : piece->left;
    *out = (struct media_span){
        .offset = piece->offset + skip * piece->constant_size,
        .size = count > skip ? (count - skip) * piece->constant_size : 0,
        .track = piece->track,
        .flags = MEDIA_SPAN_SAMPLE | MEDIA_SPAN_SYNC,
    };
    piece->left = 0;
    return out->size;
}

/* The next sample of the piece, as it is claimed. */
static dits_error *take_sample(struct span_walk *walk, struct media_span *out)
{
    struct piece *piece = &walk->piece;
    struct lane *lane = &walk->lanes[piece->track];
    struct run_sample row = {0};
    if (piece->kind == STREAM_RUNS) {
        TRY(run_rows_next(&walk->rows, &row));
    } else {
        TRY(size_cursor_at(&lane->sizes, piece->number, &row.size));
        TRY(sync_cursor_at(&lane->sync, piece->number, &row.sync));
    }
    *out = (struct media_span){
        .offset = piece->offset,
        .size = row.size,
        .track = piece->track,
        .flags = flags_of(row.sync),
    };
    return NULL;
}

static void take_item(struct span_walk *walk, struct media_span *out)
{
    const struct item_extent *extent =
        &isobmff_state(walk->file)->items.extents[walk->piece.number];
    bool is_first = extent->is_first;
    *out = (struct media_span){
        .offset = extent->offset,
        .size = extent->size,
        .track = extent->track,
        .flags = is_first ? MEDIA_SPAN_SAMPLE | MEDIA_SPAN_SYNC : 0,
    };
    walk->piece.left = 0;
}

/* The first fragment that ends behind `offset`, if there is one. */
static size_t find_fragment(const struct fragments *fragments, uint64_t offset)
{
    size_t first = 0;
    size_t end = fragments->count;
    while (first < end) {
        size_t middle = first + (end - first) / 2;
        const struct fragment *fragment = &fragments->list[middle];
        if (fragment->offset + fragment->size <= offset)
            first = middle + 1;
        else
            end = middle;
    }
    return first;
}

/* Samples do not lie in the index that tells of them. */
static bool is_in_index(const struct span_walk *walk,
                        const struct media_span *span)
{
    const struct isobmff *state = isobmff_state(walk->file);
    const struct fragments *fragments = &state->fragments;
    uint64_t end = span->offset + span->size;
    if (state->has_movie && span->offset < state->movie_end &&
        end > state->movie_offset)
        return true;
    size_t next = find_fragment(fragments, span->offset);
    return next < fragments->count && fragments->list[next].offset < end;
}

/* Whether a span that is claimed may be given. */
static bool is_free(struct span_walk *walk, const struct media_span *span)
{
    uint64_t size = walk->file->source->size;
    if (span->size == 0)
        return false;
    if (span->offset > size || span->size > size - span->offset) {
        tell(walk, TOLD_OUTSIDE, "are past the end of the file");
        return false;
    }
    if (span->offset < walk->end || is_in_index(walk, span)) {
        tell(walk, TOLD_OVERLAP, "share their bytes with others");
        return false;
    }
    return true;
}

/* Go behind the sample `span`; what lies past the end is not looked at. */
static void pass(struct span_walk *walk, const struct media_span *span)
{
    struct piece *piece = &walk->piece;
    piece->number++;
    piece->left -= piece->left > 0;
    if (__builtin_add_overflow(piece->offset, span->size, &piece->offset) ||
        piece->offset > walk->file->source->size)
        piece->left = 0;
}

static dits_error *take(struct span_walk *walk, struct media_span *out)
{
    struct piece *piece = &walk->piece;
    if (piece->offset >= walk->file->source->size) {
        *out = (struct media_span){.offset = piece->offset, .size = 1};
        piece->left = 0;
        return NULL;
    }
    if (piece->kind == STREAM_ITEMS)
        return take_item(walk, out), NULL;
    if (piece->constant_size != 0)
        return (void)take_all(walk, out), NULL;
    TRY(take_sample(walk, out));
    return NULL;
}

dits_error *spans_next(struct span_walk *walk, struct media_span *out,
                       bool *out_found)
{
    bool found = true;
    *out_found = false;
    while (found && !*out_found) {
        if (walk->piece.left == 0) {
            TRY(start_piece(walk, &found));
            continue;
        }
        TRY(take(walk, out));
        *out_found = is_free(walk, out);
        pass(walk, out);
    }
    if (*out_found)
        walk->end = out->offset + out->size;
    return NULL;
}
