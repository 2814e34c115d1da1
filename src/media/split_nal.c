#include <string.h>

#include "media/split_machine.h"

/* --- NAL units behind lengths (ISO/IEC 14496-15, 5.3.2) --- */

/* Zeros at the end of a unit are looked for among so many bytes. */
enum { TAIL_MAX = SPLIT_HELD_MAX };

static void begin_length(struct splitter *s)
{
    s->state = LENGTH_NUMBER;
    s->number = 0;
    s->have = 0;
}

static size_t take_length(struct splitter *s, uint8_t byte,
                          struct split_output *out)
{
    s->number = s->number << 8 | byte;
    s->have++;
    split_give(s, out, 1, SPLIT_FRAMING);
    if (s->have < s->length_size)
        return 1;
    s->left = s->number;
    s->have = 0;
    s->state = LENGTH_HEADER;
    if (s->left == 0)
        begin_length(s);
    return 1;
}

static void end_length_header(struct splitter *s, struct split_output *out)
{
    s->part = SPLIT_ESSENCE;
    if (s->have == nal_header_size(s->codec)) {
        uint8_t header[2] = {(uint8_t)(s->number >> 8), (uint8_t)s->number};
        const uint8_t *at = header + 2 - s->have;
        if (nal_is_forbidden(s->codec, at))
            s->state = SPLIT_RAW;
        else if (nal_is_header(s->codec, nal_type(s->codec, at)))
            s->part = SPLIT_HEADERS;
    }
    split_give_held(s, out, s->part);
    if (s->state != SPLIT_RAW)
        s->state = LENGTH_BODY;
    if (s->left == 0 && s->state == LENGTH_BODY)
        begin_length(s);
}

static size_t take_length_header(struct splitter *s, uint8_t byte,
                                 struct split_output *out)
{
    s->number = s->have == 0 ? byte : s->number << 8 | byte;
    s->have++;
    s->held++;
    s->left--;
    if (s->have == nal_header_size(s->codec) || s->left == 0)
        end_length_header(s, out);
    return 1;
}

static size_t take_length_tail(struct splitter *s, uint8_t byte,
                               struct split_output *out)
{
    s->left--;
    s->held++;
    if (byte != 0)
        split_give_held(s, out, s->part);
    if (s->left == 0) {
        split_give_held(s, out, SPLIT_FRAMING);
        begin_length(s);
    }
    return 1;
}

size_t split_step_length(struct splitter *s, struct slice bytes,
                         struct split_output *out)
{
    switch (s->state) {
    case LENGTH_NUMBER:
        return take_length(s, bytes.data[0], out);
    case LENGTH_HEADER:
        return take_length_header(s, bytes.data[0], out);
    case LENGTH_BODY:
        if (s->left > TAIL_MAX)
            return split_take_unit(s, bytes, out, s->left - TAIL_MAX);
        s->state = LENGTH_TAIL;
        return 0;
    case LENGTH_TAIL:
        return take_length_tail(s, bytes.data[0], out);
    default:
        return split_take_raw(s, bytes, out);
    }
}

/* --- NAL units behind start codes (ISO/IEC 14496-10, Annex B) --- */

/*
 * Two zeros and a one begin a unit; three zeros are none of a unit's bytes;
 * fewer belong to the unit unless a start code, or nothing, follows. `number`
 * keeps the header while `have` counts it; `held` counts what is not yet given:
 * zeros, and the first byte of a VVC header, whose second one says the type.
 */
static enum split_part part_of_header(const struct splitter *s)
{
    uint8_t header[2] = {(uint8_t)(s->number >> 8), (uint8_t)s->number};
    const uint8_t *at = s->codec == NAL_VVC ? header : header + 1;
    /* HEVC says its type in the first byte. */
    return !nal_is_forbidden(s->codec, at) &&
                   nal_is_header(s->codec, nal_type(s->codec, at))
               ? SPLIT_HEADERS
               : SPLIT_ESSENCE;
}

static size_t begin_unit(struct splitter *s, struct split_output *out)
{
    split_give_held(s, out, SPLIT_FRAMING);
    split_give(s, out, 1, SPLIT_FRAMING);
    s->state = CODE_HEADER;
    s->number = 0;
    s->have = 0;
    return 1;
}

static size_t take_code_zeros(struct splitter *s, uint8_t byte,
                              struct split_output *out)
{
    unsigned zeros = s->have;
    if (byte == 1 && zeros >= 2)
        return begin_unit(s, out);
    if (byte != 0) {
        split_give_held(s, out, s->part);
        s->state = CODE_BODY;
        return 0; /* the body takes it */
    }
    s->held++;
    if (zeros < 3)
        s->have++;
    if (s->have == 3)
        split_give_held(s, out, SPLIT_FRAMING);
    return 1;
}

/* The header is always the first bytes of a unit, even where it is zero. */
static size_t take_code_header(struct splitter *s, uint8_t byte,
                               struct split_output *out)
{
    size_t wanted = s->codec == NAL_VVC ? 2 : 1;
    s->number = s->number << 8 | byte;
    s->have++;
    s->held++;
    if (s->have < wanted)
        return 1;
    s->part = part_of_header(s);
    bool is_zero = byte == 0;
    if (is_zero && wanted == 1) {
        s->state = CODE_ZEROS;
        s->have = 1;
        return 1;
    }
    split_give_held(s, out, s->part);
    s->state = CODE_BODY;
    return 1;
}

static size_t take_code_body(struct splitter *s, struct slice bytes,
                             struct split_output *out)
{
    const uint8_t *zero = memchr(bytes.data, 0, bytes.size);
    size_t size = zero == NULL ? bytes.size : (size_t)(zero - bytes.data);
    /* Single zeros are common: only two side by side are looked at. */
    while (size + 1 < bytes.size && bytes.data[size + 1] != 0) {
        zero = memchr(bytes.data + size + 1, 0, bytes.size - size - 1);
        size = zero == NULL ? bytes.size : (size_t)(zero - bytes.data);
    }
    split_give(s, out, size, s->part);
    if (size < bytes.size) {
        s->state = CODE_ZEROS;
        s->have = 0;
    }
    return size;
}

size_t split_step_start_code(struct splitter *s, struct slice bytes,
                             struct split_output *out)
{
    switch (s->state) {
    case CODE_HEADER:
        return take_code_header(s, bytes.data[0], out);
    case CODE_ZEROS:
        return take_code_zeros(s, bytes.data[0], out);
    default:
        return take_code_body(s, bytes, out);
    }
}
