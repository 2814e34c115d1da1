#include "media/split_machine.h"

/* --- ProRes (SMPTE RDD 36, 5.1) --- */

enum { PRORES_PREFIX = 8, PRORES_HEADER_MIN = 20, PRORES_HEADER_MAX = 1024 };

static const uint8_t icpf[4] = {'i', 'c', 'p', 'f'};

static size_t take_prores_prefix(struct splitter *s, uint8_t byte,
                                 struct split_output *out)
{
    if (s->have >= 4 && byte != icpf[s->have - 4]) {
        s->state = SPLIT_RAW;
        return 0;
    }
    split_give(s, out, 1, SPLIT_HEADERS);
    s->have++;
    if (s->have == PRORES_PREFIX) {
        s->state = PRORES_HEADER_SIZE;
        s->have = 0;
    }
    return 1;
}

static size_t take_prores_header_size(struct splitter *s, uint8_t byte,
                                      struct split_output *out)
{
    s->number = s->number << 8 | byte;
    s->have++;
    s->held++;
    if (s->have < 2)
        return 1;
    bool fits = s->number >= PRORES_HEADER_MIN &&
                s->number <= PRORES_HEADER_MAX;
    split_give_held(s, out, fits ? SPLIT_HEADERS : SPLIT_ESSENCE);
    s->state = fits ? PRORES_HEADER : SPLIT_RAW;
    s->part = SPLIT_HEADERS;
    s->left = fits ? s->number - 2 : 0;
    return 1;
}

size_t split_step_prores(struct splitter *s, struct slice bytes,
                         struct split_output *out)
{
    switch (s->state) {
    case PRORES_SIZE:
        return take_prores_prefix(s, bytes.data[0], out);
    case PRORES_HEADER_SIZE:
        return take_prores_header_size(s, bytes.data[0], out);
    case PRORES_HEADER:
        if (s->left > 0)
            return split_take_unit(s, bytes, out, s->left);
        s->state = PRORES_DATA;
        return 0;
    default:
        return split_take_raw(s, bytes, out);
    }
}

/* --- AAC with ADTS headers (ISO/IEC 14496-3, 1.A.2.2) --- */

enum { ADTS_HEADER = 0, ADTS_CRC, ADTS_BODY };
enum { ADTS_HEADER_SIZE = 7, ADTS_CRC_SIZE = 2 };

static bool is_adts_so_far(uint64_t number, unsigned have)
{
    if (have == 1)
        return number == 0xff;
    return have != 2 || (number & 0xfff6) == 0xfff0;
}

static size_t end_adts_header(struct splitter *s, struct split_output *out)
{
    uint64_t length = s->number >> 13 & 0x1fff;
    bool has_crc = (s->number >> 40 & 1) == 0;
    unsigned header = ADTS_HEADER_SIZE + (has_crc ? ADTS_CRC_SIZE : 0u);
    split_give(s, out, 1, SPLIT_HEADERS);
    s->left = length < header ? 0 : length - header;
    s->have = 0;
    s->at_unit = true; /* each frame is one, as it is in other containers */
    s->is_sync = true;
    s->state = length < header ? (unsigned)SPLIT_RAW
               : has_crc       ? (unsigned)ADTS_CRC
                               : (unsigned)ADTS_BODY;
    return 1;
}

static size_t take_adts_header(struct splitter *s, uint8_t byte,
                               struct split_output *out)
{
    uint64_t number = s->have == 0 ? byte : s->number << 8 | byte;
    if (s->have < 2 && !is_adts_so_far(number, s->have + 1)) {
        split_give_held(s, out, SPLIT_ESSENCE);
        s->state = SPLIT_RAW;
        return 0;
    }
    s->number = number;
    s->have++;
    if (s->have == ADTS_HEADER_SIZE)
        return end_adts_header(s, out);
    if (s->have == 1) {
        s->held = 1; /* the next byte has four bits of the sync word */
        return 1;
    }
    split_give_held(s, out, SPLIT_HEADERS);
    split_give(s, out, 1, SPLIT_HEADERS);
    return 1;
}

size_t split_step_adts(struct splitter *s, struct slice bytes,
                       struct split_output *out)
{
    switch (s->state) {
    case ADTS_HEADER:
        return take_adts_header(s, bytes.data[0], out);
    case ADTS_CRC:
        split_give(s, out, 1, SPLIT_HEADERS);
        s->have++;
        if (s->have == ADTS_CRC_SIZE)
            s->state = ADTS_BODY;
        return 1;
    case ADTS_BODY:
        s->part = SPLIT_ESSENCE;
        if (s->left > 0)
            return split_take_unit(s, bytes, out, s->left);
        s->state = ADTS_HEADER;
        s->have = 0;
        return 0;
    default:
        return split_take_raw(s, bytes, out);
    }
}

/* --- AV1, low-overhead format (AV1 specification, 5.3) --- */

enum { OBU_HEADER = 0, OBU_EXTENSION, OBU_SIZE, OBU_BODY };
enum { OBU_TEMPORAL_DELIMITER = 2, OBU_SIZE_BYTES_MAX = 8 };

static size_t take_obu_header(struct splitter *s, uint8_t byte,
                              struct split_output *out)
{
    bool has_extension = byte >> 2 & 1;
    bool has_size = byte >> 1 & 1;
    if (byte >> 7 != 0 || !has_size) { /* without one it is the last */
        s->state = SPLIT_RAW;
        return 0;
    }
    s->part = (byte >> 3 & 15) == OBU_TEMPORAL_DELIMITER ? SPLIT_HEADERS
                                                         : SPLIT_ESSENCE;
    split_give(s, out, 1, s->part);
    s->state = has_extension ? OBU_EXTENSION : OBU_SIZE;
    s->number = 0;
    s->have = 0;
    return 1;
}

static size_t take_obu_size(struct splitter *s, uint8_t byte,
                            struct split_output *out)
{
    s->number |= (uint64_t)(byte & 0x7f) << (7 * s->have);
    s->have++;
    split_give(s, out, 1, s->part);
    if (byte >> 7 == 0) {
        s->state = OBU_BODY;
        s->left = s->number;
    } else if (s->have == OBU_SIZE_BYTES_MAX) {
        s->state = SPLIT_RAW;
    }
    return 1;
}

size_t split_step_obu(struct splitter *s, struct slice bytes,
                      struct split_output *out)
{
    switch (s->state) {
    case OBU_HEADER:
        return take_obu_header(s, bytes.data[0], out);
    case OBU_EXTENSION:
        split_give(s, out, 1, s->part);
        s->state = OBU_SIZE;
        return 1;
    case OBU_SIZE:
        return take_obu_size(s, bytes.data[0], out);
    case OBU_BODY:
        if (s->left > 0)
            return split_take_unit(s, bytes, out, s->left);
        s->state = OBU_HEADER;
        return 0;
    default:
        return split_take_raw(s, bytes, out);
    }
}
