#include "media/captions.h"

#include <string.h>

#include "base/be.h"
#include "base/mem.h"
#include "media/utf16.h"

void captions_release(struct captions *captions)
{
    mem_free(captions->channels);
    captions->channels = NULL;
}

/* Seven bits that are not ASCII (CEA-608-E, table 50). */
static uint16_t basic(uint8_t c)
{
    static const struct {
        uint8_t code;
        uint16_t character;
    } rows[] = {
        {0x2a, 0xe1}, {0x5c, 0xe9}, {0x5e, 0xed}, {0x5f, 0xf3}, {0x60, 0xfa},
        {0x7b, 0xe7}, {0x7c, 0xf7}, {0x7d, 0xd1}, {0x7e, 0xf1}, {0x7f, 0x2588},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (rows[i].code == c)
            return rows[i].character;
    return c;
}

/* Second bytes 0x30 to 0x3f behind 0x11 (CEA-608-E, table 49). */
static const uint16_t special[16] = {
    0xae, 0xb0, 0xbd, 0xbf, 0x2122, 0xa2, 0xa3, 0x266a,
    0xe0, 0x20, 0xe8, 0xe2, 0xea,   0xee, 0xf4, 0xfb,
};

/* Second bytes 0x20 to 0x3f behind 0x12 and 0x13 (tables 5 to 10). */
static const uint16_t extended[2][32] = {
    {0xc1, 0xc9, 0xd3,   0xda, 0xdc,   0xfc,   0x2018, 0xa1,
     0x2a, 0x27, 0x2014, 0xa9, 0x2120, 0x2022, 0x201c, 0x201d,
     0xc0, 0xc2, 0xc7,   0xc8, 0xca,   0xcb,   0xeb,   0xce,
     0xcf, 0xef, 0xd4,   0xd9, 0xf9,   0xdb,   0xab,   0xbb},
    {0xc3, 0xe3,   0xcd, 0xcc, 0xec, 0xd2, 0xf2,   0xd5,   0xf5,   0x7b,  0x7d,
     0x5c, 0x5e,   0x5f, 0x7c, 0x7e, 0xc4, 0xe4,   0xd6,   0xf6,   0xdf,  0xa5,
     0xa4, 0x2502, 0xc5, 0xe5, 0xd8, 0xf8, 0x250c, 0x2510, 0x2514, 0x2518},
};

static dits_error *put_row(const uint16_t *cells, struct buf *out)
{
    size_t first = 0;
    size_t end = CAPTION_COLUMNS;
    while (first < end && (cells[first] == 0 || cells[first] == ' '))
        first++;
    while (end > first && (cells[end - 1] == 0 || cells[end - 1] == ' '))
        end--;
    if (first == end)
        return NULL;
    if (out->size > 0)
        TRY(buf_put_u8(out, '\n'));
    for (size_t i = first; i < end; i++)
        TRY(text_put_character(out, cells[i] == 0 ? ' ' : cells[i]));
    return NULL;
}

/* What has been shown until now becomes a cue, of the channel wanted. */
static dits_error *end_cue(struct captions *captions,
                           struct caption_channel *channel, int64_t time,
                           struct cue_list *out)
{
    CLEANUP(buf_release) struct buf text = {0};
    unsigned wanted = captions->wanted == 0 ? 1 : captions->wanted;
    int64_t since = channel->since;
    channel->since = time;
    if ((size_t)(channel - captions->channels) + 1 != wanted ||
        channel->style == CAPTION_TEXT)
        return NULL;
    for (size_t row = 0; row < CAPTION_ROWS; row++)
        TRY(put_row(channel->shown.cells[row], &text));
    return cues_add(out, since, time, buf_slice(&text));
}

static bool is_empty(const struct caption_screen *screen)
{
    static const struct caption_screen nothing = {0};
    return memcmp(screen, &nothing, sizeof(nothing)) == 0;
}

static void put_cell(struct caption_channel *channel, uint16_t c, int64_t time)
{
    bool is_hidden = channel->style == CAPTION_POP_ON;
    struct caption_screen *screen = is_hidden ? &channel->hidden
                                              : &channel->shown;
    if (channel->style == CAPTION_TEXT)
        return;
    if (!is_hidden && is_empty(screen))
        channel->since = time;
    screen->cells[channel->row][channel->column] = c;
    if (channel->column + 1 < CAPTION_COLUMNS)
        channel->column++;
}

static void back(struct caption_channel *channel)
{
    struct caption_screen *screen =
        channel->style == CAPTION_POP_ON ? &channel->hidden : &channel->shown;
    if (channel->column > 0)
        channel->column--;
    screen->cells[channel->row][channel->column] = 0;
}

/* Rows of the window move up; what leaves it is gone. */
static void roll(struct caption_channel *channel)
{
    unsigned rows = channel->roll_rows == 0 ? 2 : channel->roll_rows;
    unsigned base = channel->row;
    for (unsigned row = 0; row < CAPTION_ROWS; row++) {
        bool is_inside = row <= base && row + rows > base;
        if (is_inside && row < base && row + 1 < CAPTION_ROWS)
            memcpy(channel->shown.cells[row], channel->shown.cells[row + 1],
                   sizeof(channel->shown.cells[row]));
        else
            memset(channel->shown.cells[row], 0,
                   sizeof(channel->shown.cells[row]));
    }
    channel->column = 0;
}

/* Preamble: a row, and an indent or a colour (CEA-608-E, table 53). */
static void preamble(struct caption_channel *channel, uint8_t first,
                     uint8_t second)
{
    static const uint8_t rows[8][2] = {{10, 10}, {0, 1}, {2, 3}, {11, 12},
                                       {13, 14}, {4, 5}, {6, 7}, {8, 9}};
    channel->row = rows[first & 7][second >> 5 & 1];
    channel->column = (second & 0x10) != 0 ? (second >> 1 & 7) * 4u : 0;
}

static dits_error *set_roll_up(struct captions *captions,
                               struct caption_channel *channel, unsigned rows,
                               int64_t time, struct cue_list *out)
{
    if (channel->style != CAPTION_ROLL_UP) {
        TRY(end_cue(captions, channel, time, out));
        channel->shown = channel->hidden = (struct caption_screen){0};
        channel->row = CAPTION_ROWS - 1;
        channel->column = 0;
    }
    channel->style = CAPTION_ROLL_UP;
    channel->roll_rows = rows;
    return NULL;
}

/* Miscellaneous controls (CEA-608-E, table 52). */
static dits_error *control(struct captions *captions,
                           struct caption_channel *channel, uint8_t second,
                           int64_t time, struct cue_list *out)
{
    switch (second) {
    case 0x20: /* resume caption loading */
        channel->style = CAPTION_POP_ON;
        return NULL;
    case 0x21:
        back(channel);
        return NULL;
    case 0x25:
    case 0x26:
    case 0x27:
        return set_roll_up(captions, channel, second - 0x23u, time, out);
    case 0x29: /* resume direct captioning */
        channel->style = CAPTION_PAINT_ON;
        return NULL;
    case 0x2a:
    case 0x2b:
        TRY(end_cue(captions, channel, time, out));
        channel->shown = (struct caption_screen){0};
        channel->style = CAPTION_TEXT;
        return NULL;
    case 0x2c: /* erase displayed memory */
        TRY(end_cue(captions, channel, time, out));
        channel->shown = (struct caption_screen){0};
        return NULL;
    case 0x2d: /* carriage return */
        if (channel->style != CAPTION_ROLL_UP)
            return NULL;
        TRY(end_cue(captions, channel, time, out));
        roll(channel);
        return NULL;
    case 0x2e: /* erase non-displayed memory */
        channel->hidden = (struct caption_screen){0};
        return NULL;
    case 0x2f: { /* end of caption */
        TRY(end_cue(captions, channel, time, out));
        struct caption_screen shown = channel->shown;
        channel->shown = channel->hidden;
        channel->hidden = shown;
        channel->style = CAPTION_POP_ON;
        return NULL;
    }
    default:
        return NULL;
    }
}

/* A code of two bytes, of the channel that its fourth bit tells. */
static dits_error *code(struct captions *captions, unsigned field,
                        const uint8_t pair[2], int64_t time,
                        struct cue_list *out)
{
    uint8_t first = pair[0] & 0xf7;
    uint8_t second = pair[1];
    captions->current[field] = (pair[0] & 8) != 0;
    struct caption_channel *channel =
        &captions->channels[2 * field + captions->current[field]];
    if (second >= 0x40) {
        preamble(channel, first, second);
        return NULL;
    }
    if (second < 0x20)
        return NULL;
    if ((first == 0x14 || first == 0x15) && second < 0x30)
        return control(captions, channel, second, time, out);
    if (first == 0x11 && second >= 0x30) {
        put_cell(channel, special[second - 0x30], time);
    } else if (first == 0x11) {
        put_cell(channel, ' ', time); /* a change of colour takes a cell */
    } else if (first == 0x12 || first == 0x13) {
        back(channel); /* what old decoders show in its place */
        put_cell(channel, extended[first - 0x12][second - 0x20], time);
    } else if (first == 0x17 && second >= 0x21 && second <= 0x23) {
        unsigned column = channel->column + second - 0x20u;
        channel->column = column < CAPTION_COLUMNS ? column
                                                   : CAPTION_COLUMNS - 1;
    }
    return NULL;
}

static dits_error *begin(struct captions *captions)
{
    if (captions->channels != NULL)
        return NULL;
    captions->channels =
        mem_new_array(struct caption_channel, CAPTION_CHANNELS);
    return captions->channels != NULL ? NULL : error_nomem();
}

dits_error *captions_feed(struct captions *captions, unsigned field,
                          const uint8_t pair[2], int64_t time,
                          struct cue_list *out)
{
    const uint8_t bare[2] = {pair[0] & 0x7f, pair[1] & 0x7f}; /* no parity */
    uint16_t both = (uint16_t)(bare[0] << 8 | bare[1]);
    field &= 1;
    TRY(begin(captions));
    bool is_code = bare[0] >= 0x10 && bare[0] < 0x20;
    bool is_again = is_code && both == captions->last[field];
    captions->last[field] = is_again ? 0 : both;
    if (is_again)
        return NULL;
    if (is_code)
        return code(captions, field, bare, time, out);
    struct caption_channel *channel =
        &captions->channels[2 * field + captions->current[field]];
    for (size_t i = 0; i < 2 && bare[0] >= 0x20; i++)
        if (bare[i] >= 0x20)
            put_cell(channel, basic(bare[i]), time);
    return NULL;
}

dits_error *captions_feed_a53(struct captions *captions, struct slice cc_data,
                              int64_t time, struct cue_list *out)
{
    enum { HEADER = 2, TRIPLET = 3, PROCESS = 0x40, VALID = 4 };
    if (cc_data.size < HEADER || (cc_data.data[0] & PROCESS) == 0)
        return NULL;
    size_t count = cc_data.data[0] & 0x1f;
    const uint8_t *at = cc_data.data + HEADER;
    size_t left = cc_data.size - HEADER;
    for (; count > 0 && left >= TRIPLET; count--) {
        unsigned type = at[0] & 3;
        if ((at[0] & VALID) != 0 && type < 2)
            TRY(captions_feed(captions, type, at + 1, time, out));
        at += TRIPLET;
        left -= TRIPLET;
    }
    return NULL;
}

/* SMPTE ST 334-2: a packet of sections, of which 0x72 is cc_data. */
static dits_error *feed_packet(struct captions *captions, struct slice packet,
                               int64_t time, struct cue_list *out)
{
    enum { HEADER = 7, TIME_CODE = 0x71, CC_DATA = 0x72, TRIPLET = 3 };
    size_t at = HEADER;
    if (packet.size < HEADER || be16_load(packet.data) != 0x9669)
        return NULL;
    if (at < packet.size && packet.data[at] == TIME_CODE)
        at += 5;
    if (at + 2 > packet.size || packet.data[at] != CC_DATA)
        return NULL;
    size_t count = packet.data[at + 1] & 0x1f;
    for (at += 2; count > 0 && packet.size - at >= TRIPLET; count--) {
        const uint8_t *triplet = packet.data + at;
        if ((triplet[0] & 4) != 0 && (triplet[0] & 3) < 2)
            TRY(captions_feed(captions, triplet[0] & 3u, triplet + 1, time,
                              out));
        at += TRIPLET;
    }
    return NULL;
}

static dits_error *feed_pairs(struct captions *captions, unsigned field,
                              struct slice pairs, int64_t time,
                              struct cue_list *out)
{
    for (size_t i = 0; i + 2 <= pairs.size; i += 2)
        TRY(captions_feed(captions, field, pairs.data + i, time, out));
    return NULL;
}

dits_error *captions_feed_boxes(struct captions *captions, struct slice sample,
                                int64_t time, struct cue_list *out)
{
    enum { HEADER = 8 };
    while (sample.size >= HEADER) {
        size_t size = be32_load(sample.data);
        if (size < HEADER || size > sample.size)
            return NULL;
        struct slice payload = slice_of(sample.data + HEADER, size - HEADER);
        if (memcmp(sample.data + 4, "cdat", 4) == 0)
            TRY(feed_pairs(captions, 0, payload, time, out));
        else if (memcmp(sample.data + 4, "cdt2", 4) == 0)
            TRY(feed_pairs(captions, 1, payload, time, out));
        else if (memcmp(sample.data + 4, "ccdp", 4) == 0)
            TRY(feed_packet(captions, payload, time, out));
        sample = slice_of(sample.data + size, sample.size - size);
    }
    return NULL;
}

dits_error *captions_finish(struct captions *captions, int64_t time,
                            struct cue_list *out)
{
    for (size_t i = 0; captions->channels != NULL && i < CAPTION_CHANNELS;
         i++) {
        TRY(end_cue(captions, &captions->channels[i], time, out));
        captions->channels[i].shown = (struct caption_screen){0};
    }
    return NULL;
}
