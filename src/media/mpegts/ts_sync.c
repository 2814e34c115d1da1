#include "media/mpegts/ts_sync.h"

#include <string.h>

/* Sequence header (ISO/IEC 13818-2, 6.2.1); it comes before I pictures. */
static bool is_mpeg2(const uint8_t *at)
{
    return at[0] == 0xb3;
}

/* Visual object sequence, video object layer (ISO/IEC 14496-2, 6.2.1). */
static bool is_mpeg4(const uint8_t *at)
{
    return at[0] == 0xb0 || (at[0] >= 0x20 && at[0] <= 0x2f);
}

/* An IDR slice, or the parameter sets that open an I picture. */
static bool is_avc(const uint8_t *at)
{
    unsigned type = at[0] & 0x1f;
    return type == 5 || type == 7;
}

/* IRAP pictures (ISO/IEC 23008-2, table 7-1), or parameter sets. */
static bool is_hevc(const uint8_t *at)
{
    unsigned type = at[0] >> 1 & 0x3f;
    return (type >= 16 && type <= 21) || type == 32 || type == 33;
}

/* ISO/IEC 23090-3, table 5. */
static bool is_vvc(const uint8_t *at)
{
    unsigned type = at[1] >> 3;
    return (type >= 7 && type <= 9) || type == 14 || type == 15;
}

/* Sequence header of SMPTE 421M, annex G. */
static bool is_vc1(const uint8_t *at)
{
    return at[0] == 0x0f;
}

static const struct {
    const char *codec;
    bool (*is)(const uint8_t *at); /* two bytes behind a start code */
} rows[] = {
    {"mpeg1video", is_mpeg2}, {"mpeg2video", is_mpeg2}, {"mpeg4", is_mpeg4},
    {"h264", is_avc},         {"hevc", is_hevc},        {"vvc", is_vvc},
    {"vc1", is_vc1},
};

static bool find(struct slice start, bool (*is)(const uint8_t *at))
{
    static const uint8_t start_code[] = {0, 0, 1};
    while (start.size >= 5) {
        const uint8_t *at = memmem(start.data, start.size, start_code, 3);
        if (at == NULL)
            return false;
        size_t past = (size_t)(at - start.data) + 3;
        if (start.size - past < 2)
            return false;
        if (is(at + 3))
            return true;
        start = slice_of(start.data + past, start.size - past);
    }
    return false;
}

bool ts_sync_is(const struct media_track *track, struct slice start)
{
    if (track->intra_only)
        return true;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(track->codec, rows[i].codec) == 0)
            return find(start, rows[i].is);
    return false;
}

/* A start code with what follows is one byte longer than what is kept. */
bool ts_sync_next(struct ts_sync_search *search,
                  const struct media_track *track, struct slice bytes)
{
    uint8_t seam[2 * sizeof(search->last)];
    size_t keep = sizeof(search->last);
    size_t front = bytes.size < keep ? bytes.size : keep;
    memcpy(seam, search->last, search->have);
    memcpy(seam + search->have, bytes.data, front);
    size_t size = search->have + front;
    bool is_sync = ts_sync_is(track, slice_of(seam, size)) ||
                   ts_sync_is(track, bytes);
    struct slice end = bytes.size >= keep ? bytes : slice_of(seam, size);
    search->have = end.size < keep ? end.size : keep;
    memcpy(search->last, end.data + end.size - search->have, search->have);
    return is_sync;
}
