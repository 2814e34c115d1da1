/*
 * media/codec/nal.h - network abstraction layer units of AVC, HEVC and VVC
 *
 * ISO/IEC 14496-10 (H.264), 23008-2 (H.265) and 23090-3 (H.266), 7.3.1 and
 * Annex B; ISO/IEC 14496-15 for units behind a length.
 */
#ifndef MEDIA_CODEC_NAL_H
#define MEDIA_CODEC_NAL_H

#include <stdbool.h>

#include "base/buf.h"

enum nal_codec { NAL_NONE = 0, NAL_AVC, NAL_HEVC, NAL_VVC };

/* By the name of the codec: "h264", "hevc", "vvc". */
enum nal_codec nal_codec_of(const char *codec);

/* Unit types that the rest of the layer asks for. */
enum {
    AVC_SLICE = 1,
    AVC_IDR = 5,
    AVC_SEI = 6,
    AVC_SPS = 7,
    AVC_PPS = 8,
    AVC_AUD = 9,
    HEVC_BLA_FIRST = 16,
    HEVC_IDR_W_RADL = 19,
    HEVC_IDR_N_LP = 20,
    HEVC_CRA = 21,
    HEVC_VCL_LAST = 31,
    HEVC_VPS = 32,
    HEVC_SPS = 33,
    HEVC_PPS = 34,
    HEVC_AUD = 35,
    HEVC_SEI_PREFIX = 39,
    HEVC_SEI_SUFFIX = 40,
    HEVC_DOLBY_RPU = 62,
    HEVC_DOLBY_EL = 63,
    VVC_IDR_W_RADL = 7,
    VVC_IDR_N_LP = 8,
    VVC_CRA = 9,
    VVC_GDR = 10,
    VVC_VCL_LAST = 11,
    VVC_SPS = 15,
    VVC_AUD = 20,
    VVC_SEI_PREFIX = 23,
    VVC_SEI_SUFFIX = 24,
};

/* How many bytes the header of a unit has: 1 or 2. */
size_t nal_header_size(enum nal_codec codec);

/* `header` has that many bytes. */
unsigned nal_type(enum nal_codec codec, const uint8_t *header);
unsigned nal_layer(enum nal_codec codec, const uint8_t *header);
bool nal_is_forbidden(enum nal_codec codec, const uint8_t *header);

/*
 * Parameter sets, delimiters and ends of sequences: what containers put in,
 * take out, or keep elsewhere without touching the pictures.
 */
bool nal_is_header(enum nal_codec codec, unsigned type);

/* A coded picture or a part of one. */
bool nal_is_picture(enum nal_codec codec, unsigned type);

/* A message: supplemental enhancement information. */
bool nal_is_sei(enum nal_codec codec, unsigned type);

/* Steps over the units of a sample, or of its first bytes. */
struct nal_walk {
    struct slice rest;
    unsigned length_size; /* 0: start codes */
    bool is_cut;          /* the unit given last goes on past the bytes */
};

struct nal_walk nal_walk_over(struct slice bytes, unsigned length_size);

/*
 * The next unit with its header, without length, start code, or zeros behind
 * it; clipped to the bytes at hand. False at the end. Never an empty unit.
 */
bool nal_next(struct nal_walk *walk, struct slice *out);

/* Where the next start code (00 00 01) begins, or the size. */
size_t nal_find_start_code(struct slice bytes);

/*
 * Without the emulation prevention bytes; at most `max` bytes of it. Returns
 * how many. `out` may not overlap.
 */
size_t nal_unescape(struct slice unit, uint8_t *out, size_t max);

#endif
