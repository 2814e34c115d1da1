#include "media/mpegts/es_sniff.h"

#include <stdio.h>
#include <string.h>

enum { PRIVATE_STREAM_1 = 0xbd };

static void set_codec(struct media_track *track, enum media_kind kind,
                      const char *codec)
{
    track->kind = kind;
    (void)snprintf(track->codec, sizeof(track->codec), "%s", codec);
    es_frame(track);
}

static bool starts_with(struct slice bytes, const char *magic, size_t size)
{
    return bytes.size >= size && memcmp(bytes.data, magic, size) == 0;
}

/* ISO/IEC 11172-3, 2.4.2.3; layer 0 is ADTS (ISO/IEC 13818-7, 6.2). */
static const char *mpeg_audio(struct slice start)
{
    static const char *const layers[] = {"aac", "mp3", "mp2", "mp1"};
    if (start.size < 2 || start.data[0] != 0xff || start.data[1] < 0xe0)
        return NULL;
    unsigned layer = start.data[1] >> 1 & 3;
    if (layer == 0 && start.data[1] < 0xf0)
        return NULL;
    return layers[layer];
}

static const char *audio(struct slice start)
{
    if (starts_with(start, "\x0b\x77", 2))
        return start.size > 5 && start.data[5] >> 3 > 10 ? "eac3" : "ac3";
    if (starts_with(start, "\x7f\xfe\x80\x01", 4))
        return "dts";
    if (start.size >= 2 && start.data[0] == 0x56 && start.data[1] >= 0xe0)
        return "aac_latm"; /* ISO/IEC 14496-3, 1.7.2 */
    return mpeg_audio(start);
}

/* EN 300 472, 4.2 and EN 300 743, 6: by the data identifier. */
static const char *subtitle(struct slice start)
{
    if (starts_with(start, "\x20\x00\x0f", 3))
        return "dvb_subtitle";
    if (start.size > 3 && (start.data[0] & 0xf0) == 0x10 &&
        start.data[2] == 0x2c)
        return "dvb_teletext";
    return NULL;
}

/* The first unit of a stream that a player can start with. */
static const char *video(struct slice start)
{
    if (starts_with(start, "\0\0\1\xb3", 4))
        return "mpeg2video";
    if (starts_with(start, "\0\0\1\xb0", 4))
        return "mpeg4";
    if (starts_with(start, "\0\0\0\1", 4))
        start = slice_of(start.data + 1, start.size - 1);
    if (!starts_with(start, "\0\0\1", 3) || start.size < 5)
        return NULL;
    switch (start.data[3]) {
    case 0x09:
    case 0x27:
    case 0x67:
        return "h264";
    case 0x40:
    case 0x46:
        return "hevc";
    default:
        return NULL;
    }
}

void es_sniff(struct media_track *track, uint8_t stream_id, struct slice start)
{
    const char *found = NULL;
    if (strcmp(track->codec, "mp2") == 0) {
        found = mpeg_audio(start);
        if (found != NULL && strcmp(found, "aac") != 0)
            set_codec(track, MEDIA_AUDIO, found);
        return;
    }
    if (track->codec[0] != '\0')
        return;
    if ((stream_id & 0xf0) == 0xe0) {
        found = video(start);
        if (found != NULL)
            set_codec(track, MEDIA_VIDEO, found);
        return;
    }
    bool is_private = stream_id == PRIVATE_STREAM_1;
    if (!is_private && (stream_id & 0xe0) != 0xc0)
        return;
    found = audio(start);
    if (found != NULL) {
        set_codec(track, MEDIA_AUDIO, found);
        return;
    }
    found = is_private ? subtitle(start) : NULL;
    if (found != NULL)
        set_codec(track, MEDIA_SUBTITLE, found);
}

static bool is_one_of(const char *codec, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(codec, *list) == 0)
            return true;
    return false;
}

void es_frame(struct media_track *track)
{
    static const char *const nal[] = {"h264", "hevc", "vvc", NULL};
    static const char *const intra[] = {"jpeg2000", "jpegxs", NULL};
    static const char *const inter[] = {"truehd", "mpegh_3d_audio", NULL};
    const char *codec = track->codec;
    track->framing = is_one_of(codec, nal)       ? MEDIA_NAL_START_CODE
                     : strcmp(codec, "aac") == 0 ? MEDIA_ADTS
                                                 : MEDIA_OPAQUE;
    track->intra_only = track->kind == MEDIA_VIDEO ? is_one_of(codec, intra)
                                                   : !is_one_of(codec, inter);
}
