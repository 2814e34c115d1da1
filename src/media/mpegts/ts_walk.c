#include "media/mpegts/ts_walk.h"

#include "base/mem.h"
#include "media/codec/codec.h"
#include "media/mpegts/ts_demux.h"
#include "media/mpegts/ts_sync.h"

struct media_walk {
    const struct media_file *file;
    struct ts_demux demux;
    /* Samples: */
    uint32_t track;
    bool is_pending; /* `sample` has begun */
    struct media_sample sample;
    struct ts_sync_search search;
    uint64_t count;
    int64_t near; /* the last time that was seen */
};

static void walk_freep(struct media_walk **walk)
{
    ts_walk_end(*walk);
}

static dits_error *make(struct media_file *file, uint32_t track,
                        struct media_walk **out)
{
    const struct ts_state *state = file->state;
    CLEANUP(walk_freep) struct media_walk *walk = mem_new(struct media_walk);
    if (walk == NULL)
        return error_nomem();
    walk->file = file;
    walk->track = track;
    walk->near = state->near;
    TRY(ts_demux_init(&walk->demux, file, 0, file->source->size));
    *out = MOVE(walk);
    return NULL;
}

dits_error *ts_walk_spans(struct media_file *file, struct media_walk **out)
{
    return make(file, 0, out);
}

dits_error *ts_walk_samples(struct media_file *file, uint32_t track,
                            struct media_walk **out)
{
    return make(file, track, out);
}

void ts_walk_end(struct media_walk *walk)
{
    if (walk == NULL)
        return;
    ts_demux_release(&walk->demux);
    mem_free(walk);
}

static bool is_sync(const struct media_walk *walk, const struct ts_piece *piece)
{
    return piece->unit.is_random_access ||
           ts_sync_is(&walk->file->tracks[piece->track], piece->bytes);
}

/* Messages may fill packets before what shows it. */
static void note_sync(struct media_walk *walk, const struct ts_piece *piece)
{
    struct media_sample *sample = &walk->sample;
    const struct media_track *track = &walk->file->tracks[piece->track];
    if (sample->sync != MEDIA_SYNC_NO || sample->size >= CODEC_HEAD_BYTES)
        return;
    if (piece->unit.is_random_access ||
        ts_sync_next(&walk->search, track, piece->bytes))
        sample->sync = MEDIA_SYNC_YES;
}

dits_error *ts_walk_next_span(struct media_walk *walk, struct media_span *out,
                              bool *out_found)
{
    struct ts_piece piece = {0};
    *out = (struct media_span){0};
    TRY(ts_demux_next(&walk->demux, &piece, out_found));
    if (!*out_found)
        return NULL;
    out->offset = piece.offset;
    out->size = piece.bytes.size;
    out->track = piece.track;
    if (piece.starts) {
        out->flags = MEDIA_SPAN_SAMPLE;
        if (is_sync(walk, &piece))
            out->flags |= MEDIA_SPAN_SYNC;
    }
    return NULL;
}

static void begin(struct media_walk *walk, const struct ts_piece *piece)
{
    const struct ts_unit *unit = &piece->unit;
    struct media_sample *sample = &walk->sample;
    int64_t last_pts = sample->pts;
    int64_t dts = walk->near;
    if (unit->has_pts)
        dts = pes_time_unwrap(walk->near, unit->dts);
    *sample = (struct media_sample){
        .number = walk->count++,
        .offset = unit->offset,
        .dts = dts,
        .pts = unit->has_pts      ? pes_time_unwrap(dts, unit->pts)
               : walk->is_pending ? last_pts
                                  : dts,
        .duration = -1,
    };
    walk->near = dts;
    walk->is_pending = true;
    walk->search = (struct ts_sync_search){0};
}

static void grow(struct media_sample *sample, size_t size)
{
    uint32_t room = UINT32_MAX - sample->size;
    sample->size += size < room ? (uint32_t)size : room;
}

dits_error *ts_walk_next_sample(struct media_walk *walk,
                                struct media_sample *out, bool *out_found)
{
    bool found = true;
    *out = (struct media_sample){0};
    *out_found = false;
    while (found && !*out_found) {
        struct ts_piece piece = {0};
        TRY(ts_demux_next(&walk->demux, &piece, &found));
        if (found && piece.track != walk->track)
            continue;
        if (!found || piece.starts) {
            *out_found = walk->is_pending;
            *out = walk->sample;
        }
        walk->is_pending = walk->is_pending && found;
        if (found && piece.starts)
            begin(walk, &piece);
        if (*out_found && found && walk->sample.dts > out->dts)
            out->duration = walk->sample.dts - out->dts;
        if (found && walk->is_pending) {
            note_sync(walk, &piece);
            grow(&walk->sample, piece.bytes.size);
        }
    }
    return NULL;
}
