/*
 * media/codec/codec.h - what the coded bytes themselves say
 *
 * Containers know what was written into them; these functions read the codec
 * configuration and the first bytes of samples. Sources: the standards named in
 * the file of each codec.
 */
#ifndef MEDIA_CODEC_CODEC_H
#define MEDIA_CODEC_CODEC_H

#include "media/media.h"

/* So many bytes of a sample are enough to tell whether it is sync. */
#define CODEC_HEAD_BYTES 4096u

/*
 * Fill in what is missing of `track` from its codec, its configuration and the
 * bytes of one sample, the first for choice: whole, its head, or none. What the
 * container said stays. Bytes that make no sense say nothing. Errors: NOMEM.
 */
MUST_USE dits_error *codec_describe(struct media_track *track,
                                    struct slice sample);

enum codec_sync_class {
    CODEC_SYNC_UNKNOWN = 0, /* not in these bytes, or a codec not known */
    CODEC_SYNC_NOT,         /* needs others */
    CODEC_SYNC_IDR,         /* a closed start */
    CODEC_SYNC_OPEN,        /* leading pictures need what came before */
    CODEC_SYNC_RECOVERY,    /* right from here on, with a delay */
    CODEC_SYNC_GDR,         /* gradual refresh, no intra picture */
    CODEC_SYNC_INTRA,       /* an intra picture without more being promised */
};

/*
 * Whether decoding can start with this sample, of which the first bytes are
 * enough. UNKNOWN goes with MEDIA_SYNC_NO. `out_class` may be NULL.
 */
enum media_sync codec_sync_of(const struct media_track *track,
                              struct slice sample,
                              enum codec_sync_class *out_class);

/* "idr", "open", …; "unknown". */
const char *codec_sync_class_name(enum codec_sync_class sync);

/* Whether each sample of this codec stands alone. */
bool codec_is_intra(const char *codec);

/* What a message carries that is worth more than its type. */
enum codec_message_kind {
    CODEC_MESSAGE_OTHER = 0,
    CODEC_MESSAGE_CAPTIONS,     /* ATSC A/53: `body` is cc_data triplets */
    CODEC_MESSAGE_HDR10PLUS,    /* SMPTE ST 2094-40, behind its application */
    CODEC_MESSAGE_DOLBY_VISION, /* a reference processing unit */
};

/* Payload types of SEI are the same in AVC, HEVC and VVC from 4 on. */
enum {
    CODEC_SEI_PIC_TIMING = 1,
    CODEC_SEI_T35 = 4,
    CODEC_SEI_USER_DATA = 5,
    CODEC_SEI_RECOVERY_POINT = 6,
    CODEC_SEI_FRAME_PACKING = 45,
    CODEC_SEI_TIME_CODE = 136,
    CODEC_SEI_MASTERING_DISPLAY = 137,
    CODEC_SEI_CONTENT_LIGHT = 144,
    CODEC_SEI_ALTERNATIVE_TRANSFER = 147,
    CODEC_SEI_AMBIENT = 148,
};

/* Borrowed for the call. */
struct codec_message {
    uint32_t type; /* of SEI; of AV1 and MPEG-2 the nearest one */
    enum codec_message_kind kind;
    struct slice payload; /* without emulation prevention */
    struct slice body;    /* by `kind` */
};
typedef dits_error *codec_message_fn(const struct codec_message *message,
                                     void *payload);

/*
 * Each message in a sample: SEI, metadata of AV1, user data of MPEG-2, and the
 * units of Dolby Vision. Errors: those of `fn`.
 */
MUST_USE dits_error *codec_each_message(const struct media_track *track,
                                        struct slice sample,
                                        codec_message_fn *fn, void *payload);

#endif
