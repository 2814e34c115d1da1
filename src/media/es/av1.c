/*
 * IVF (a header of 32 bytes, then each frame behind 12), and AV1 as OBUs alone
 * (AV1 specification, 5.2: the low-overhead format).
 */
#include <stdio.h>
#include <string.h>

#include "media/codec/readers.h"
#include "media/es/es.h"

enum { IVF_HEADER = 32, IVF_FRAME_HEADER = 12, OBU_HEADER_MAX = 10 };

/* The only format here with little-endian numbers. */
static uint32_t le32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
           (uint32_t)at[3] << 24;
}

static const char *ivf_codec(const uint8_t *tag)
{
    static const char *const codecs[][2] = {
        {"VP80", "vp8"}, {"VP90", "vp9"}, {"AV01", "av1"}};
    for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
        if (memcmp(tag, codecs[i][0], 4) == 0)
            return codecs[i][1];
    return "";
}

static bool probe_ivf(struct slice head, uint64_t file_size)
{
    (void)file_size;
    return head.size >= IVF_HEADER && memcmp(head.data, "DKIF\0\0", 6) == 0 &&
           head.data[6] == IVF_HEADER && head.data[7] == 0;
}

static uint64_t first_ivf(struct slice head)
{
    (void)head;
    return IVF_HEADER;
}

static void begin_ivf(struct media_track *track, struct slice head)
{
    uint32_t rate = le32(head.data + 16);
    uint32_t scale = le32(head.data + 20);
    (void)snprintf(track->codec, sizeof(track->codec), "%s",
                   ivf_codec(head.data + 8));
    (void)snprintf(track->tag, sizeof(track->tag), "%.4s",
                   (const char *)head.data + 8);
    track->framing = strcmp(track->codec, "av1") == 0 ? MEDIA_OBU
                                                      : MEDIA_OPAQUE;
    track->width = head.data[12] | (uint32_t)head.data[13] << 8;
    track->height = head.data[14] | (uint32_t)head.data[15] << 8;
    if (rate != 0 && scale != 0)
        track->time_base = (struct media_time_base){scale, rate};
}

static dits_error *next_ivf(struct es_walk *walk, struct es_unit *out,
                            bool *out_found)
{
    struct slice head = {0};
    TRY(window_peek(&walk->window, walk->at, IVF_FRAME_HEADER, &head));
    if (head.size < IVF_FRAME_HEADER)
        return NULL;
    uint64_t left = walk->window.source->size - walk->at - IVF_FRAME_HEADER;
    uint64_t size = le32(head.data);
    uint32_t time = le32(head.data + 4);
    size = size < left ? size : left;
    if (size == 0)
        return NULL;
    out->offset = walk->at + IVF_FRAME_HEADER;
    out->size = size;
    out->time = time;
    walk->at = out->offset + size;
    *out_found = true;
    return NULL;
}

const struct es_kind es_ivf = {
    .container = "ivf",
    .type = MEDIA_VIDEO,
    .probe = probe_ivf,
    .begin = begin_ivf,
    .first = first_ivf,
    .next = next_ivf,
};

/* A temporal delimiter, which is empty, then a sequence header with a size. */
static bool probe_obu(struct slice head, uint64_t file_size)
{
    struct slice rest = head;
    struct obu obu = {0};
    (void)file_size;
    if (head.size < 8 || head.data[0] != 0x12 || head.data[1] != 0)
        return false;
    rest = slice_of(head.data + 2, head.size - 2);
    return (rest.data[0] & 2) != 0 && obu_next(&rest, &obu) &&
           obu.type == OBU_SEQUENCE_HEADER && !obu.is_cut &&
           obu.payload.size >= 5;
}

/* The size of the OBU at `at`, clipped to the file; 0: none. */
static dits_error *measure(struct es_walk *walk, uint64_t at, unsigned *type,
                           uint64_t *out)
{
    uint64_t left = walk->window.source->size - at;
    struct slice head = {0};
    uint64_t size = 0;
    *out = 0;
    TRY(window_peek(&walk->window, at, OBU_HEADER_MAX, &head));
    if (head.size < 2 || head.data[0] >> 7 != 0 || (head.data[0] & 2) == 0)
        return NULL;
    *type = head.data[0] >> 3 & 15;
    size_t skip = head.data[0] & 4 ? 2 : 1;
    for (unsigned i = 0; i < 8 && skip < head.size; i++) {
        uint8_t byte = head.data[skip++];
        size |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte >> 7 == 0) {
            *out = size < left - skip ? size + skip : left;
            return NULL;
        }
    }
    return NULL;
}

/* From one temporal delimiter to the next; what is no OBU ends the stream. */
static dits_error *next_obu(struct es_walk *walk, struct es_unit *out,
                            bool *out_found)
{
    uint64_t end = walk->window.source->size;
    uint64_t at = walk->at;
    while (at < end) {
        unsigned type = 0;
        uint64_t size = 0;
        TRY(measure(walk, at, &type, &size));
        if (size == 0 || (type == OBU_TEMPORAL_DELIMITER && at > walk->at))
            break;
        at += size;
    }
    out->offset = walk->at;
    out->size = at - walk->at;
    walk->at = at;
    *out_found = out->size > 0;
    return NULL;
}

const struct es_kind es_obu = {
    .container = "obu",
    .codec = "av1",
    .type = MEDIA_VIDEO,
    .framing = MEDIA_OBU,
    .probe = probe_obu,
    .next = next_obu,
};
