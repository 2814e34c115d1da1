/*
 * media/isobmff/entry_parts.h - what the files of entry*.c share
 *
 * Private to them. Each function describes `entry->track`; errors are NOMEM.
 */
#ifndef MEDIA_ISOBMFF_ENTRY_PARTS_H
#define MEDIA_ISOBMFF_ENTRY_PARTS_H

#include "media/isobmff/children.h"
#include "media/media.h"

/* One sample entry while it is described. */
struct entry {
    struct media_file *file;
    struct media_track *track;
    uint32_t handler;
    uint32_t type; /* of the samples once decrypted */
    uint8_t stsd_version;
    struct slice payload;  /* behind the header of the box */
    struct slice children; /* the boxes in it */
    unsigned sample_bits;  /* of sound: as its description says */
    bool is_float, is_signed, is_big_endian; /* of sound version 2 */
};

enum { CODEC_INTRA = 1, CODEC_PCM = 2, CODEC_CRYPT = 4 };

/* What a type of sample entry says by itself. */
struct entry_codec {
    char tag[5];
    uint8_t flags;
    uint8_t framing; /* enum media_framing */
    const char *codec;
    const char *profile; /* NULL: the codec's headers say */
};

/* Rows by type; NULL when there is none. */
const struct entry_codec *entry_video_codec(uint32_t type);
const struct entry_codec *entry_audio_codec(uint32_t type);
const struct entry_codec *entry_other_codec(uint32_t type);

/* Set the track's codec, cut to its room. */
void entry_set_codec(struct media_track *track, const char *codec);

/* The fixed fields; they leave the children. */
MUST_USE dits_error *entry_video(struct entry *entry);
MUST_USE dits_error *entry_audio(struct entry *entry);
MUST_USE dits_error *entry_other(struct entry *entry);

/* PCM: bytes, order and name, once the children were read. */
void entry_settle_pcm(struct entry *entry);

/* Every child; `wave` and the like are entered. */
MUST_USE dits_error *entry_boxes(struct entry *entry);

/* The boxes, each by its payload. */
typedef dits_error *entry_box_fn(struct entry *entry, struct slice payload);
entry_box_fn entry_esds, entry_colr, entry_pasp, entry_clap, entry_fiel,
    entry_gama, entry_mdcv, entry_clli, entry_smdm, entry_coll, entry_amve,
    entry_cclv, entry_dovi, entry_st3d, entry_sv3d, entry_vexu, entry_hfov,
    entry_dac3, entry_dec3, entry_dac4, entry_dops, entry_dfla, entry_alac,
    entry_chan, entry_chnl, entry_pcmc, entry_enda, entry_srat, entry_btrt,
    entry_samr;

/* The AudioSpecificConfig of MPEG-4 (ISO/IEC 14496-3, 1.6.2.1). */
MUST_USE dits_error *entry_audio_config(struct entry *entry,
                                        struct slice config);

#endif
