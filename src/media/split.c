#include "media/split.h"

#include <assert.h>

#include "media/split_machine.h"

void split_give(struct splitter *s, struct split_output *out, uint64_t size,
                enum split_part part)
{
    bool starts = part == SPLIT_ESSENCE && s->at_unit;
    if (size == 0)
        return;
    if (out->count > 0 && !starts && out->pieces[out->count - 1].part == part) {
        out->pieces[out->count - 1].size += size;
        return;
    }
    out->pieces[out->count++] = (struct split_piece){
        .size = size,
        .part = part,
        .unit_start = starts,
        .is_sync = starts && s->is_sync,
    };
    if (starts)
        s->at_unit = false;
}

void split_give_held(struct splitter *s, struct split_output *out,
                     enum split_part part)
{
    split_give(s, out, s->held, part);
    s->held = 0;
}

size_t split_take_raw(struct splitter *s, struct slice bytes,
                      struct split_output *out)
{
    split_give(s, out, bytes.size, SPLIT_ESSENCE);
    return bytes.size;
}

size_t split_take_unit(struct splitter *s, struct slice bytes,
                       struct split_output *out, uint64_t unit)
{
    size_t size = bytes.size < unit ? bytes.size : (size_t)unit;
    split_give(s, out, size, s->part);
    s->left -= size;
    return size;
}

static bool is_of_nal_units(enum media_framing framing)
{
    return framing == MEDIA_NAL_LENGTH || framing == MEDIA_NAL_START_CODE;
}

static unsigned first_state(const struct splitter *s)
{
    return s->framing == MEDIA_PRORES_BARE ? PRORES_HEADER_SIZE : 0;
}

void splitter_init(struct splitter *splitter, const struct media_track *track)
{
    *splitter = (struct splitter){
        .framing = track->framing,
        .codec = nal_codec_of(track->codec),
        .length_size = track->nal_length_size,
    };
    bool has_no_length =
        splitter->framing == MEDIA_NAL_LENGTH &&
        (splitter->length_size == 0 || splitter->length_size > 4);
    bool has_no_codec = is_of_nal_units(splitter->framing) &&
                        splitter->codec == NAL_NONE;
    if (track->is_encrypted || has_no_length || has_no_codec)
        splitter->framing = MEDIA_OPAQUE;
    splitter->state = first_state(splitter);
}

/*
 * Start codes and ADTS frames go on from one sample to the next: a transport
 * stream cuts them where it likes.
 */
void splitter_begin_sample(struct splitter *splitter, bool is_sync)
{
    struct splitter *s = splitter;
    s->at_unit = true;
    s->is_sync = is_sync;
    if (s->framing == MEDIA_NAL_START_CODE ||
        (s->framing == MEDIA_ADTS && s->state != SPLIT_RAW))
        return;
    if (s->held > 0) { /* the sample before ended too early */
        s->owed = s->held;
        s->owed_part = s->state == LENGTH_TAIL ? s->part : SPLIT_ESSENCE;
        s->held = 0;
    }
    s->state = first_state(s);
    s->number = 0;
    s->have = 0;
    s->left = 0;
}

static size_t step(struct splitter *s, struct slice bytes,
                   struct split_output *out)
{
    switch (s->framing) {
    case MEDIA_NAL_LENGTH:
        return split_step_length(s, bytes, out);
    case MEDIA_NAL_START_CODE:
        return split_step_start_code(s, bytes, out);
    case MEDIA_OBU:
        return split_step_obu(s, bytes, out);
    case MEDIA_PRORES:
    case MEDIA_PRORES_BARE:
        return split_step_prores(s, bytes, out);
    case MEDIA_ADTS:
        return split_step_adts(s, bytes, out);
    case MEDIA_OPAQUE:
    case MEDIA_PCM:
        break;
    }
    return split_take_raw(s, bytes, out);
}

/* What the sample before left behind does not begin this one. */
static void give_owed(struct splitter *s, struct split_output *out)
{
    bool at_unit = s->at_unit;
    s->at_unit = false;
    split_give(s, out, s->owed, s->owed_part);
    s->at_unit = at_unit;
    s->owed = 0;
}

size_t splitter_push(struct splitter *splitter, struct slice bytes,
                     struct split_piece *out, size_t max, size_t *out_count)
{
    struct split_output output = {.pieces = out};
    size_t taken = 0;
    assert(max >= SPLIT_PIECES_MIN);
    give_owed(splitter, &output);
    while (taken < bytes.size && output.count + STEP_PIECES <= max)
        taken += step(splitter,
                      slice_of(bytes.data + taken, bytes.size - taken),
                      &output);
    *out_count = output.count;
    return taken;
}

/* Zeros at the end of a byte stream are no bytes of its last unit. */
static enum split_part part_at_end(const struct splitter *s)
{
    if (s->framing == MEDIA_NAL_START_CODE && s->state == CODE_ZEROS)
        return SPLIT_FRAMING;
    return s->framing == MEDIA_NAL_LENGTH && s->state == LENGTH_TAIL
               ? s->part
               : SPLIT_ESSENCE;
}

size_t splitter_finish(struct splitter *splitter, struct split_piece *out)
{
    struct split_output output = {.pieces = out};
    give_owed(splitter, &output);
    split_give_held(splitter, &output, part_at_end(splitter));
    return output.count;
}
