/*
 * media/codec/units.h - parameter sets and messages of AVC, HEVC and VVC
 *
 * For media/codec/ alone.
 */
#ifndef MEDIA_CODEC_UNITS_H
#define MEDIA_CODEC_UNITS_H

#include "media/bits.h"
#include "media/codec/codec.h"
#include "media/codec/nal.h"
#include "media/colour.h"

/* More of a unit than this is never unescaped. */
enum { UNIT_BYTES_MAX = 8192 };

/* So many units of a configuration or a sample are looked at. */
enum { UNITS_MAX = 1024 };

typedef dits_error *unit_fn(struct slice unit, void *payload);

/* Those of the configuration (avcC, hvcC, or a byte stream), then the sample's.
 */
MUST_USE dits_error *units_each(const struct media_track *track,
                                struct slice sample, unit_fn *fn,
                                void *payload);

/* Steps over the units of a sample by the framing of the track. */
struct nal_walk units_of_sample(const struct media_track *track,
                                struct slice sample);

/* What the messages of one sample need to know of the sequence. */
struct avc_timing {
    bool is_known;
    bool has_cpb_delays;
    uint8_t cpb_removal_bits;
    uint8_t dpb_output_bits;
    uint8_t time_offset_bits;
    bool has_pic_struct;
};

/* A sequence parameter set as far as other parts need it. */
struct avc_sequence {
    bool is_valid;
    bool frame_mbs_only;
    bool separate_planes;
    uint8_t frame_num_bits;
    struct avc_timing timing;
    unsigned poc_type;
};

/* Each says what its sets say. `rbsp` is behind the header of the unit. */
MUST_USE dits_error *avc_say_sequence(struct media_track *track,
                                      struct bits *rbsp,
                                      struct avc_sequence *out);
MUST_USE dits_error *hevc_say_sequence(struct media_track *track,
                                       struct bits *rbsp);

/* Sample aspect ratios by their code (H.264 table E-1); false: none. */
bool sample_aspect(unsigned code, unsigned *out_width, unsigned *out_height);

/* The start of both usability informations (H.264 E.1.1, H.265 E.2.1). */
struct vui_start {
    uint32_t aspect_width, aspect_height;
    bool has_signal;
    bool is_full_range;
    bool has_colour;
    uint8_t primaries, transfer, matrix;
    bool has_chroma_location;
    uint32_t chroma_location;
};
struct vui_start vui_read_start(struct bits *bits);
MUST_USE dits_error *vui_say_start(struct media_track *track,
                                   const struct vui_start *vui);

/* The messages of one SEI unit: `rbsp` is behind the header of the unit. */
MUST_USE dits_error *sei_each(struct slice rbsp, codec_message_fn *fn,
                              void *payload);

/* Say what a message says of the whole track. */
MUST_USE dits_error *sei_say(struct media_track *track,
                             const struct codec_message *message,
                             const struct avc_timing *timing);

/* Recognise what a T.35 payload carries, from its country code on. */
void t35_classify(struct codec_message *message);

/* Unless the container said it. */
MUST_USE dits_error *say_mastering(struct media_track *track,
                                   const struct colour_mastering *mastering);

MUST_USE dits_error *nal_describe(struct media_track *track,
                                  struct slice sample);
enum codec_sync_class nal_sync(const struct media_track *track,
                               struct slice sample);
MUST_USE dits_error *nal_each_message(const struct media_track *track,
                                      struct slice sample, codec_message_fn *fn,
                                      void *payload);

#endif
