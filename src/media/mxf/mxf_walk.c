#include "media/mxf/mxf_walk.h"

#include "base/be.h"
#include "base/mem.h"
#include "media/mxf/mxf_state.h"

struct media_walk {
    const struct media_file *file;
    const struct mxf_state *state;
    struct window keys;
    struct window entries;
    uint64_t *units; /* of each track: edit units that were seen */
    uint64_t offset; /* of the next KLV */
    uint32_t body_sid;
    bool is_samples; /* of `wanted`; else spans of all */
    uint32_t wanted;
    uint64_t count; /* of samples */
    uint64_t bytes; /* of PCM that came before */
    /* The element at hand: what is left of it. */
    uint32_t track;
    uint64_t at;
    uint64_t end;
    uint64_t clip_start;
};

static void walk_freep(struct media_walk **walk)
{
    mxf_walk_end(*walk);
}

static dits_error *make(struct media_file *file, struct media_walk **out)
{
    const struct mxf_state *state = file->state;
    CLEANUP(walk_freep) struct media_walk *walk = mem_new(struct media_walk);
    if (walk == NULL)
        return error_nomem();
    walk->units = mem_new_array(uint64_t, file->track_count + 1);
    if (walk->units == NULL)
        return error_nomem();
    walk->file = file;
    walk->state = state;
    walk->keys.source = file->source;
    walk->entries.source = file->source;
    walk->offset = state->run_in;
    *out = MOVE(walk);
    return NULL;
}

dits_error *mxf_walk_spans(struct media_file *file, struct media_walk **out)
{
    return make(file, out);
}

dits_error *mxf_walk_samples(struct media_file *file, uint32_t track,
                             struct media_walk **out)
{
    TRY(make(file, out));
    (*out)->is_samples = true;
    (*out)->wanted = track;
    return NULL;
}

void mxf_walk_end(struct media_walk *walk)
{
    if (walk == NULL)
        return;
    window_release(&walk->keys);
    window_release(&walk->entries);
    mem_free(walk->units);
    mem_free(walk);
}

/*
 * The track that an element belongs to: by the end of its key and the stream
 * of the partition. A lone track that has no number takes all.
 */
static bool find_track(const struct media_walk *walk, const uint8_t *key,
                       uint32_t *out)
{
    const struct mxf_state *state = walk->state;
    uint32_t number = be32_load(key + 12);
    for (uint32_t i = 0; i < state->essence_count; i++) {
        const struct mxf_essence *essence = &state->essences[i];
        bool is_here = essence->body_sid == 0 || walk->body_sid == 0 ||
                       essence->body_sid == walk->body_sid;
        bool is_it = essence->number == number ||
                     (essence->number == 0 && state->essence_count == 1);
        *out = i;
        if (is_here && is_it)
            return true;
    }
    return false;
}

/*
 * The key of what is encrypted stands behind a context link and an offset, each
 * after a length in BER of 4 bytes (ST 429-6, 7.1).
 */
static dits_error *find_encrypted(struct media_walk *walk,
                                  const struct mxf_klv *klv, bool *out)
{
    enum { KEY_AT = 4 + 16 + 4 + 8 + 4 };
    struct slice bytes = {0};
    *out = false;
    if (klv->size < KEY_AT + MXF_KEY_BYTES)
        return NULL;
    TRY(window_peek(&walk->keys, klv->value, KEY_AT + MXF_KEY_BYTES, &bytes));
    *out = find_track(walk, bytes.data + KEY_AT, &walk->track);
    return NULL;
}

static dits_error *take_klv(struct media_walk *walk, const struct mxf_klv *klv)
{
    bool found = false;
    if (mxf_key_is_partition(klv->key)) {
        struct mxf_partition partition = {0};
        TRY(mxf_partition_read(&walk->keys, klv, &partition, &found));
        walk->body_sid = found ? partition.body_sid : walk->body_sid;
        return NULL;
    }
    if (mxf_key_is_essence(klv->key))
        found = find_track(walk, klv->key, &walk->track);
    else if (mxf_key_is_encrypted(klv->key))
        TRY(find_encrypted(walk, klv, &found));
    if (!found || (walk->is_samples && walk->track != walk->wanted))
        return NULL;
    walk->at = klv->value;
    walk->end = mxf_klv_end(klv);
    walk->clip_start = klv->value;
    return NULL;
}

/* The next element of essence that is wanted and not empty. */
static dits_error *next_element(struct media_walk *walk, bool *out_found)
{
    bool found = true;
    while (found && walk->at == walk->end) {
        struct mxf_klv klv = {0};
        uint64_t skipped = 0;
        TRY(mxf_klv_find(&walk->keys, walk->offset, &klv, &skipped, &found));
        if (!found)
            continue;
        walk->offset = mxf_klv_end(&klv);
        TRY(take_klv(walk, &klv));
    }
    *out_found = found;
    return NULL;
}

/*
 * How long the edit unit at hand is, in a clip; never 0, never too long. Where
 * elements are frames after all, the units of the index are not shorter.
 */
static dits_error *clip_unit(struct media_walk *walk, uint64_t *out)
{
    const struct mxf_index *index = &walk->state->index;
    const struct mxf_essence *essence = &walk->state->essences[walk->track];
    uint64_t unit = walk->units[walk->track];
    uint64_t left = walk->end - walk->at;
    uint64_t size = left;
    const struct mxf_segment *segment =
        mxf_index_find(index, essence->body_sid, unit);
    if (segment != NULL && segment->unit_size > 0) {
        size = segment->unit_size;
    } else if (segment != NULL) {
        struct mxf_entry next = {0};
        bool found = false;
        TRY(mxf_index_entry(index, &walk->entries, essence->body_sid, unit + 1,
                            &next, &found));
        uint64_t past = walk->at - walk->clip_start;
        if (found && next.stream_offset > past)
            size = next.stream_offset - past;
    }
    *out = size < left ? size : left;
    return NULL;
}

/* PCM: what one packet has, or, for spans, all there is. */
static uint64_t pcm_size(const struct media_walk *walk)
{
    const struct mxf_essence *essence = &walk->state->essences[walk->track];
    uint64_t left = walk->end - walk->at;
    uint64_t size = essence->units * essence->frame_bytes;
    bool is_whole = !walk->is_samples || essence->units <= 1 || size == 0;
    return is_whole || size > left ? left : size;
}

static dits_error *piece_size(struct media_walk *walk, uint64_t *out)
{
    const struct mxf_essence *essence = &walk->state->essences[walk->track];
    const struct media_track *track = &walk->file->tracks[walk->track];
    *out = walk->end - walk->at;
    if (track->framing == MEDIA_PCM)
        *out = pcm_size(walk);
    else if (essence->wrapping != MXF_WRAPPING_FRAME)
        return clip_unit(walk, out);
    return NULL;
}

/*
 * Flags of the index: a picture that is predicted from none (11.1.4). Units of
 * one size for all are never predicted.
 */
static dits_error *is_sync(struct media_walk *walk, uint64_t unit, bool *out)
{
    enum { PREDICTED = 0x30 };
    const struct mxf_essence *essence = &walk->state->essences[walk->track];
    struct mxf_entry entry = {0};
    const struct mxf_segment *segment =
        mxf_index_find(&walk->state->index, essence->body_sid, unit);
    *out = walk->file->tracks[walk->track].intra_only ||
           (segment != NULL && segment->unit_size > 0);
    if (*out)
        return NULL;
    TRY(mxf_index_entry(&walk->state->index, &walk->entries, essence->body_sid,
                        unit, &entry, out));
    *out = *out && (entry.flags & PREDICTED) == 0;
    return NULL;
}

dits_error *mxf_walk_next_span(struct media_walk *walk, struct media_span *out,
                               bool *out_found)
{
    uint64_t size = 0;
    bool sync = false;
    *out = (struct media_span){0};
    TRY(next_element(walk, out_found));
    if (!*out_found)
        return NULL;
    TRY(piece_size(walk, &size));
    TRY(is_sync(walk, walk->units[walk->track], &sync));
    *out = (struct media_span){
        .offset = walk->at,
        .size = size,
        .track = walk->track,
        .flags = MEDIA_SPAN_SAMPLE,
    };
    if (sync)
        out->flags |= MEDIA_SPAN_SYNC;
    walk->units[walk->track]++;
    walk->at += size;
    return NULL;
}

/* Edit units in time; units and their ticks are of the file: no overflow. */
static int64_t ticks(const struct mxf_essence *essence, uint64_t units)
{
    uint64_t whole = units / essence->tick_den;
    uint64_t rest = units % essence->tick_den;
    uint64_t ticks = 0;
    if (__builtin_mul_overflow(whole, essence->tick_num, &ticks) ||
        ticks > INT64_MAX / 2)
        return INT64_MAX / 2;
    return (int64_t)(ticks + rest * essence->tick_num / essence->tick_den);
}

/* PCM is timed by its bytes, all else by edit units. */
static dits_error *set_times(struct media_walk *walk, uint64_t unit,
                             struct media_sample *out)
{
    const struct mxf_essence *essence = &walk->state->essences[walk->track];
    const struct media_track *track = &walk->file->tracks[walk->track];
    if (track->framing == MEDIA_PCM) {
        out->dts = (int64_t)(walk->bytes / essence->frame_bytes);
        out->pts = out->dts;
        out->duration = out->size / essence->frame_bytes;
        return NULL;
    }
    uint64_t shown = unit;
    TRY(mxf_index_presented(&walk->state->index, &walk->entries,
                            essence->body_sid, unit, &shown));
    out->dts = ticks(essence, unit) - ticks(essence, essence->delay);
    out->pts = ticks(essence, shown);
    out->duration = ticks(essence, unit + 1) - ticks(essence, unit);
    return NULL;
}

dits_error *mxf_walk_next_sample(struct media_walk *walk,
                                 struct media_sample *out, bool *out_found)
{
    uint64_t size = 0;
    bool sync = false;
    *out = (struct media_sample){0};
    TRY(next_element(walk, out_found));
    if (!*out_found)
        return NULL;
    TRY(piece_size(walk, &size));
    uint64_t unit = walk->units[walk->track]++;
    TRY(is_sync(walk, unit, &sync));
    *out = (struct media_sample){
        .number = walk->count++,
        .offset = walk->at,
        .size = size < UINT32_MAX ? (uint32_t)size : UINT32_MAX,
        .sync = sync ? MEDIA_SYNC_YES : MEDIA_SYNC_NO,
    };
    TRY(set_times(walk, unit, out));
    walk->bytes += size;
    walk->at += size;
    return NULL;
}
