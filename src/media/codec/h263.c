/*
 * Which pictures stand alone in H.263 (ITU-T H.263, 5.1) and in the two
 * relatives of MPEG-4 that AVI files of the nineties hold.
 */
#include "media/bits.h"
#include "media/codec/readers.h"

enum { START_CODE_BITS = 22, START_CODE = 32, EXTENDED = 7 };

/* PLUSPTYPE, 5.1.4: its first part is there where UFEP says so. */
static bool is_intra_extended(struct bits *bits)
{
    if (bits_take(bits, 3) == 1)
        bits_skip(bits, 18);
    return bits_take(bits, 3) == 0;
}

enum codec_sync_class h263_class(const struct media_track *track,
                                 struct slice sample)
{
    struct bits bits = bits_over(sample);
    (void)track;
    if (bits_take(&bits, START_CODE_BITS) != START_CODE)
        return CODEC_SYNC_UNKNOWN;
    bits_skip(&bits, 8); /* temporal reference */
    if (bits_take(&bits, 2) != 2)
        return CODEC_SYNC_UNKNOWN;
    bits_skip(&bits, 3); /* split screen, document camera, freeze */
    bool is_intra = bits_take(&bits, 3) == EXTENDED ? is_intra_extended(&bits)
                                                    : !bits_flag(&bits);
    if (bits_are_over(&bits))
        return CODEC_SYNC_UNKNOWN;
    return is_intra ? CODEC_SYNC_IDR : CODEC_SYNC_NOT;
}

/* Versions 2 and 3 begin with the type of the picture. */
enum codec_sync_class msmpeg4_class(const struct media_track *track,
                                    struct slice sample)
{
    (void)track;
    if (sample.size == 0)
        return CODEC_SYNC_UNKNOWN;
    switch (sample.data[0] >> 6) {
    case 0:
        return CODEC_SYNC_IDR;
    case 1:
        return CODEC_SYNC_NOT;
    default:
        return CODEC_SYNC_UNKNOWN;
    }
}
