/*
 * Frames of sound behind one another: ADTS (ISO/IEC 14496-3, 1.A.2.2), AC-3 and
 * E-AC-3 (ETSI TS 102 366, 4.3, E.1.2), AC-4 (ETSI TS 103 190-1, annex G).
 */
#include <string.h>

#include "base/be.h"
#include "media/es/es.h"
#include "media/limits.h"

/* As much as the size of a frame is told by. */
enum { HEADER_BYTES = 8, CHAIN_MIN = 3 };

struct frame {
    uint64_t size; /* 0: no frame begins here */
    int64_t samples;
};

typedef struct frame frame_fn(struct slice head);

static struct frame adts_frame(struct slice head)
{
    const uint8_t *at = head.data;
    if (head.size < 7 || at[0] != 0xff || (at[1] & 0xf6) != 0xf0 ||
        (at[2] >> 2 & 15) > 12)
        return (struct frame){0};
    uint64_t size = be32_load(at + 3) >> 13 & 0x1fff;
    unsigned header = at[1] & 1 ? 7 : 9;
    return size <= header
               ? (struct frame){0}
               : (struct frame){size, INT64_C(1024) * ((at[6] & 3) + 1)};
}

/* Table 4.13: words by rate. */
static uint64_t ac3_size(unsigned rate, unsigned code)
{
    static const uint16_t kilobits[] = {32,  40,  48,  56,  64,  80,  96,
                                        112, 128, 160, 192, 224, 256, 320,
                                        384, 448, 512, 576, 640};
    if (rate > 2 || code >= 38)
        return 0;
    uint64_t bits = kilobits[code / 2];
    return rate == 0   ? bits * 4
           : rate == 1 ? (bits * 320 / 147 + code % 2) * 2
                       : bits * 6;
}

static struct frame ac3_frame(struct slice head)
{
    const uint8_t *at = head.data;
    if (head.size < 7 || be16_load(at) != 0x0b77 || at[5] >> 3 > 10)
        return (struct frame){0};
    return (struct frame){ac3_size(at[4] >> 6, at[4] & 0x3f), 1536};
}

static struct frame eac3_frame(struct slice head)
{
    static const uint8_t blocks[] = {1, 2, 3, 6};
    const uint8_t *at = head.data;
    if (head.size < 7 || be16_load(at) != 0x0b77 || at[5] >> 3 <= 10 ||
        at[5] >> 3 > 16 || at[2] >> 6 == 3)
        return (struct frame){0};
    uint64_t size = 2 * ((uint64_t)(be16_load(at + 2) & 0x7ff) + 1);
    unsigned count = at[4] >> 6 == 3 ? 6 : blocks[at[4] >> 4 & 3];
    /* A dependent substream adds nothing to the time. */
    return (struct frame){size, at[2] >> 6 == 1 ? 0 : 256 * (int64_t)count};
}

static struct frame ac4_frame(struct slice head)
{
    const uint8_t *at = head.data;
    if (head.size < 7 || (be16_load(at) & 0xfffe) != 0xac40)
        return (struct frame){0};
    bool is_long = be16_load(at + 2) == 0xffff;
    uint64_t size = is_long ? be24_load(at + 4) + 7 : be16_load(at + 2) + 4u;
    return (struct frame){size + (at[1] & 1 ? 2 : 0), 1};
}

/* An ID3v1 tag is the last 128 bytes of a file. */
static bool is_end(struct slice head, uint64_t at, uint64_t file_size)
{
    return at == file_size || (file_size - at == 128 && at + 3 <= head.size &&
                               memcmp(head.data + at, "TAG", 3) == 0);
}

/* Sync words occur by chance: so many frames in a row, or up to the end. */
static bool is_chain(struct slice head, uint64_t at, uint64_t file_size,
                     frame_fn *read)
{
    for (int i = 0; i < CHAIN_MIN; i++) {
        if (i > 0 && is_end(head, at, file_size))
            return true;
        if (at >= head.size)
            return i > 1; /* frames larger than what is seen */
        struct frame frame =
            read(slice_of(head.data + at, head.size - (size_t)at));
        if (frame.size == 0 || frame.size > file_size - at)
            return false;
        at += frame.size;
    }
    return true;
}

/* A frame, and one behind it or the end: after damage. */
static dits_error *is_frame(struct es_walk *walk, frame_fn *read,
                            uint64_t offset, struct frame *out, bool *out_is)
{
    uint64_t left = walk->window.source->size - offset;
    struct slice head = {0};
    *out_is = false;
    TRY(window_peek(&walk->window, offset, HEADER_BYTES, &head));
    *out = read(head);
    if (out->size == 0 || out->size > left)
        return NULL;
    *out_is = out->size == left;
    if (*out_is)
        return NULL;
    TRY(window_peek(&walk->window, offset + out->size, HEADER_BYTES, &head));
    *out_is = read(head).size > 0;
    return NULL;
}

/* On from a place where there is no frame; false past the limit. */
static dits_error *resync(struct es_walk *walk, frame_fn *read,
                          struct frame *out, bool *out_found)
{
    uint64_t end = walk->window.source->size;
    uint64_t last = end - walk->at < LIMIT_RESYNC ? end
                                                  : walk->at + LIMIT_RESYNC;
    *out_found = false;
    while (++walk->at < last && !*out_found) {
        TRY(is_frame(walk, read, walk->at, out, out_found));
        if (*out_found)
            break;
    }
    return NULL;
}

static dits_error *next_frame(struct es_walk *walk, frame_fn *read,
                              struct es_unit *out, bool *out_found)
{
    uint64_t left = walk->window.source->size - walk->at;
    struct slice head = {0};
    TRY(window_peek(&walk->window, walk->at, HEADER_BYTES, &head));
    struct frame frame = read(head);
    *out_found = frame.size > 0 && frame.size <= left;
    if (!*out_found)
        TRY(resync(walk, read, &frame, out_found));
    if (!*out_found)
        return NULL;
    out->offset = walk->at;
    out->size = frame.size;
    out->duration = frame.samples;
    walk->at += frame.size;
    return NULL;
}

static bool probe_frames(struct slice head, uint64_t file_size, frame_fn *read)
{
    return is_chain(head, es_id3_size(head), file_size, read);
}

/* A tag with a picture hides the first frame: opening looks behind it. */
static bool is_hidden(struct slice head, uint64_t file_size)
{
    uint64_t tag = es_id3_size(head);
    return tag >= head.size && tag < file_size;
}

static bool probe_adts(struct slice head, uint64_t file_size)
{
    return probe_frames(head, file_size, adts_frame) ||
           is_hidden(head, file_size);
}

static bool probe_ac3(struct slice head, uint64_t file_size)
{
    return probe_frames(head, file_size, ac3_frame);
}

static bool probe_eac3(struct slice head, uint64_t file_size)
{
    return probe_frames(head, file_size, eac3_frame);
}

static bool probe_ac4(struct slice head, uint64_t file_size)
{
    return probe_frames(head, file_size, ac4_frame);
}

static dits_error *next_adts(struct es_walk *walk, struct es_unit *out,
                             bool *out_found)
{
    return next_frame(walk, adts_frame, out, out_found);
}

static dits_error *next_ac3(struct es_walk *walk, struct es_unit *out,
                            bool *out_found)
{
    return next_frame(walk, ac3_frame, out, out_found);
}

static dits_error *next_eac3(struct es_walk *walk, struct es_unit *out,
                             bool *out_found)
{
    return next_frame(walk, eac3_frame, out, out_found);
}

static dits_error *next_ac4(struct es_walk *walk, struct es_unit *out,
                            bool *out_found)
{
    return next_frame(walk, ac4_frame, out, out_found);
}

const struct es_kind es_adts = {
    .container = "aac",
    .codec = "aac",
    .type = MEDIA_AUDIO,
    .framing = MEDIA_ADTS,
    .probe = probe_adts,
    .first = es_id3_size,
    .next = next_adts,
};

const struct es_kind es_ac3 = {
    .container = "ac3",
    .codec = "ac3",
    .type = MEDIA_AUDIO,
    .probe = probe_ac3,
    .first = es_id3_size,
    .next = next_ac3,
};

const struct es_kind es_eac3 = {
    .container = "eac3",
    .codec = "eac3",
    .type = MEDIA_AUDIO,
    .probe = probe_eac3,
    .first = es_id3_size,
    .next = next_eac3,
};

const struct es_kind es_ac4 = {
    .container = "ac4",
    .codec = "ac4",
    .type = MEDIA_AUDIO,
    .probe = probe_ac4,
    .first = es_id3_size,
    .next = next_ac4,
};
