#include "media/mxf/mxf_descriptor.h"

#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "media/mxf/mxf_picture.h"
#include "media/mxf/mxf_sound.h"

enum {
    TAG_CONTAINER = 0x3004,
    TAG_PICTURE_CODING = 0x3201,
    TAG_SOUND_CODING = 0x3d06,
};

static enum media_kind kind_of(unsigned type)
{
    switch (type) {
    case MXF_SET_PICTURE:
    case MXF_SET_CDCI:
    case MXF_SET_RGBA:
    case MXF_SET_MPEG2:
        return MEDIA_VIDEO;
    case MXF_SET_SOUND:
    case MXF_SET_AES3:
    case MXF_SET_WAVE:
    case MXF_SET_IAB:
        return MEDIA_AUDIO;
    case MXF_SET_TIMED_TEXT:
        return MEDIA_SUBTITLE;
    case MXF_SET_DATA:
    case MXF_SET_VBI:
    case MXF_SET_ANC:
        return MEDIA_METADATA;
    default:
        return MEDIA_OTHER;
    }
}

static void set_codec(struct media_track *track, const char *codec)
{
    (void)snprintf(track->codec, sizeof(track->codec), "%s", codec);
}

/* The coding label says more than the container's, which is always there. */
static void find_codec(struct mxf_sets *sets, const struct mxf_set *descriptor,
                       struct media_track *track, struct mxf_essence *essence)
{
    enum media_kind kind = MEDIA_OTHER;
    struct slice container = mxf_sets_get(sets, descriptor, TAG_CONTAINER);
    const char *by_container =
        mxf_label_container(container, &kind, &essence->wrapping);
    uint16_t tag = track->kind == MEDIA_AUDIO ? TAG_SOUND_CODING
                                              : TAG_PICTURE_CODING;
    const char *by_coding =
        mxf_label_coding(mxf_sets_get(sets, descriptor, tag));
    if (track->kind == MEDIA_OTHER || kind == MEDIA_SUBTITLE)
        track->kind = kind;
    if (container.size == 16)
        (void)snprintf(track->tag, sizeof(track->tag), "%08x.%08x",
                       be32_load(container.data + 8),
                       be32_load(container.data + 12));
    bool is_bitstream = by_container != NULL && by_container[0] == '\0';
    if (is_bitstream)
        return; /* objects and their sound: what PCM there is lies within */
    if (by_coding != NULL)
        set_codec(track, by_coding);
    else if (by_container != NULL && kind == track->kind)
        set_codec(track, by_container);
    else if (descriptor->type == MXF_SET_WAVE ||
             descriptor->type == MXF_SET_AES3 ||
             (track->kind == MEDIA_AUDIO && kind == MEDIA_VIDEO))
        set_codec(track, "pcm"); /* no label of its own: not compressed */
}

static void frame(struct media_track *track)
{
    static const char *const intra[] = {"prores",   "dnxhd", "jpeg2000",
                                        "rawvideo", "ffv1",  "dvvideo"};
    const char *codec = track->codec;
    track->framing = strcmp(codec, "h264") == 0     ? MEDIA_NAL_START_CODE
                     : strcmp(codec, "hevc") == 0   ? MEDIA_NAL_START_CODE
                     : strcmp(codec, "prores") == 0 ? MEDIA_PRORES
                                                    : MEDIA_OPAQUE;
    track->intra_only = track->kind != MEDIA_VIDEO;
    for (size_t i = 0; i < sizeof(intra) / sizeof(intra[0]); i++)
        if (strcmp(codec, intra[i]) == 0)
            track->intra_only = true;
}

/* D-10 (ST 356) and the intra profiles of AVC (RP 2027). */
static bool is_intra(struct slice coding)
{
    static const uint8_t mpeg[] = {0x04, 0x01, 0x02, 0x02, 0x01};
    return coding.size == 16 &&
           memcmp(coding.data + 8, mpeg, sizeof(mpeg)) == 0 &&
           (coding.data[13] == 0x02 || coding.data[13] == 0x32);
}

dits_error *mxf_descriptor_apply(struct mxf_sets *sets,
                                 const struct mxf_set *descriptor,
                                 struct media_track *track,
                                 struct mxf_essence *essence)
{
    enum media_kind kind = kind_of(descriptor->type);
    if (kind != MEDIA_OTHER)
        track->kind = kind;
    find_codec(sets, descriptor, track, essence);
    frame(track);
    if (is_intra(mxf_sets_get(sets, descriptor, TAG_PICTURE_CODING)))
        track->intra_only = true;
    if (track->kind == MEDIA_VIDEO)
        TRY(mxf_picture_describe(sets, descriptor, track));
    if (track->kind == MEDIA_AUDIO)
        TRY(mxf_sound_describe(sets, descriptor, track, essence));
    if (descriptor->type == MXF_SET_IAB)
        TRY(facts_add_truth(&track->facts, "atmos", true));
    return NULL;
}
