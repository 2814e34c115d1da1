#include "media/mpegts/ts_descriptor.h"

#include <stdio.h>
#include <string.h>

#include "base/be.h"

/* Of streams whose type says nothing: the last descriptor that knows wins. */
static void set_codec(struct media_track *track, enum media_kind kind,
                      const char *codec)
{
    if (track->codec[0] != '\0')
        return;
    track->kind = kind;
    (void)snprintf(track->codec, sizeof(track->codec), "%s", codec);
}

static bool is_letter(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Three letters of ISO 639-2; the first that comes is the track's. */
static dits_error *add_language(struct media_track *track, const uint8_t *at)
{
    char code[4] = {0};
    for (size_t i = 0; i < 3; i++) {
        if (!is_letter(at[i]))
            return NULL;
        code[i] = (char)(at[i] | 0x20);
    }
    if (track->language[0] == '\0')
        memcpy(track->language, code, sizeof(code));
    else if (strcmp(track->language, code) != 0)
        return facts_add_word(&track->facts, "language.other", code);
    return NULL;
}

/* ISO_639_language_descriptor: language and audio type, repeated. */
static dits_error *language(struct media_track *track, struct slice body)
{
    for (; body.size >= 4; body = slice_of(body.data + 4, body.size - 4)) {
        TRY(add_language(track, body.data));
        const char *name = body.data[3] == 1   ? "disposition.clean_effects"
                           : body.data[3] == 2 ? "disposition.hearing_impaired"
                           : body.data[3] == 3 ? "disposition.visual_impaired"
                                               : NULL;
        if (name != NULL)
            TRY(facts_add_truth(&track->facts, name, true));
    }
    return NULL;
}

/* EN 300 468, 6.2.43: language, type and page, repeated. */
static dits_error *teletext(struct media_track *track, struct slice body)
{
    set_codec(track, MEDIA_SUBTITLE, "dvb_teletext");
    for (; body.size >= 5; body = slice_of(body.data + 5, body.size - 5)) {
        unsigned magazine = body.data[3] & 7;
        unsigned page = body.data[4];
        char text[8] = "";
        (void)snprintf(text, sizeof(text), "%u%02x",
                       magazine == 0 ? 8 : magazine, page);
        TRY(add_language(track, body.data));
        TRY(facts_add_word(&track->facts, "teletext.page", text));
        TRY(facts_add_integer(&track->facts, "teletext.type",
                              body.data[3] >> 3));
    }
    return NULL;
}

/* EN 300 468, 6.2.41: language, type, two pages, repeated. */
static dits_error *subtitling(struct media_track *track, struct slice body)
{
    set_codec(track, MEDIA_SUBTITLE, "dvb_subtitle");
    for (; body.size >= 8; body = slice_of(body.data + 8, body.size - 8)) {
        uint8_t type = body.data[3];
        TRY(add_language(track, body.data));
        if (type >= 0x20 && type <= 0x25)
            TRY(facts_add_truth(&track->facts, "disposition.hearing_impaired",
                                true));
    }
    return NULL;
}

static dits_error *ac3(struct media_track *track, struct slice body)
{
    (void)body;
    set_codec(track, MEDIA_AUDIO, "ac3");
    return NULL;
}

static dits_error *eac3(struct media_track *track, struct slice body)
{
    (void)body;
    set_codec(track, MEDIA_AUDIO, "eac3");
    return NULL;
}

static dits_error *dts(struct media_track *track, struct slice body)
{
    (void)body;
    set_codec(track, MEDIA_AUDIO, "dts");
    return NULL;
}

/* DVB tells that AAC is in the private stream, not how it is framed. */
static dits_error *aac(struct media_track *track, struct slice body)
{
    (void)body;
    set_codec(track, MEDIA_AUDIO, "aac");
    return NULL;
}

/* The channel configuration of Opus in MPEG-TS: 0 is dual mono. */
static dits_error *opus(struct media_track *track, struct slice body)
{
    if (strcmp(track->codec, "opus") != 0)
        return NULL;
    track->sample_rate = 48000;
    if (body.size >= 2 && body.data[1] <= 8)
        track->channels = body.data[1] == 0 ? 2 : body.data[1];
    return NULL;
}

/* EN 300 468, 6.4.11: language only if a flag says so. */
static dits_error *supplementary_audio(struct media_track *track,
                                       struct slice body)
{
    if (body.size >= 5 && body.data[1] & 1)
        TRY(add_language(track, body.data + 2));
    unsigned use = body.size >= 2 ? body.data[1] >> 2 & 0x1fu : 0;
    const char *name = use == 1   ? "disposition.visual_impaired"
                       : use == 2 ? "disposition.hearing_impaired"
                                  : NULL;
    return name == NULL ? NULL : facts_add_truth(&track->facts, name, true);
}

/* extension_descriptor of DVB: the first byte is the tag. */
static dits_error *extension(struct media_track *track, struct slice body)
{
    if (body.size == 0)
        return NULL;
    switch (body.data[0]) {
    case 0x06:
        return supplementary_audio(track, body);
    case 0x0e:
    case 0x0f:
        return dts(track, body);
    case 0x15:
        set_codec(track, MEDIA_AUDIO, "ac4");
        return NULL;
    case 0x80:
        return opus(track, body);
    default:
        return NULL;
    }
}

static dits_error *component(struct media_track *track, struct slice body)
{
    if (body.size < 1)
        return NULL;
    return facts_add_integer(&track->facts, "mpegts.component_tag",
                             body.data[0]);
}

/* ISO/IEC 13818-1, 2.6.60: application format, format, … */
static dits_error *metadata(struct media_track *track, struct slice body)
{
    size_t at = 2;
    if (body.size >= 2 && be16_load(body.data) == 0xffff)
        at += 4;
    if (body.size < at + 5 || body.data[at] != 0xff)
        return NULL;
    uint32_t format = be32_load(body.data + at + 1);
    if (format == 0x49443320) /* 'ID3 ' */
        set_codec(track, MEDIA_METADATA, "timed_id3");
    else if (format == 0x4b4c5641) /* 'KLVA' */
        set_codec(track, MEDIA_METADATA, "klv");
    return NULL;
}

/* AVC_video_descriptor and HEVC_video_descriptor: only what is plain. */
static dits_error *avc(struct media_track *track, struct slice body)
{
    if (body.size < 4)
        return NULL;
    TRY(facts_add_integer(&track->facts, "mpegts.avc.profile_idc",
                          body.data[0]));
    return facts_add_integer(&track->facts, "mpegts.avc.level_idc",
                             body.data[2]);
}

/* ATSC A/65, 6.9.2: closed captions in the pictures. */
static dits_error *captions(struct media_track *track, struct slice body)
{
    size_t count = body.size > 0 ? body.data[0] & 0x1fu : 0;
    for (size_t i = 0; i < count && body.size >= 1 + 6 * (i + 1); i++) {
        const uint8_t *at = body.data + 1 + 6 * i;
        bool is_digital = at[3] & 0x80;
        char text[24] = "";
        (void)snprintf(
            text, sizeof(text), "%c%c%c %s %u", is_letter(at[0]) ? at[0] : '?',
            is_letter(at[1]) ? at[1] : '?', is_letter(at[2]) ? at[2] : '?',
            is_digital ? "CEA-708" : "CEA-608",
            is_digital ? at[3] & 0x3fu : (at[3] & 1u) + 1);
        TRY(facts_add_word(&track->facts, "caption.service", text));
    }
    return facts_add_truth(&track->facts, "closed_captions", count > 0);
}

/* DOVI_video_stream_descriptor (Dolby Vision in MPEG-2 transport streams). */
static dits_error *dolby_vision(struct media_track *track, struct slice body)
{
    if (body.size < 4)
        return NULL;
    unsigned flags = be16_load(body.data + 2);
    bool has_base = flags & 1;
    size_t at = has_base ? 4 : 6;
    struct media_facts *facts = &track->facts;
    TRY(facts_add_integer(facts, "dolby_vision.profile", flags >> 9));
    TRY(facts_add_integer(facts, "dolby_vision.level", flags >> 3 & 0x3f));
    TRY(facts_add_truth(facts, "dolby_vision.rpu", flags & 4));
    TRY(facts_add_truth(facts, "dolby_vision.el", flags & 2));
    TRY(facts_add_truth(facts, "dolby_vision.bl", has_base));
    if (body.size > at)
        TRY(facts_add_integer(facts, "dolby_vision.compatibility",
                              body.data[at] >> 4));
    return NULL;
}

/* ARIB STD-B10: captions and superimposed text. */
static dits_error *data_component(struct media_track *track, struct slice body)
{
    uint16_t id = body.size >= 2 ? be16_load(body.data) : 0;
    if (id == 0x0008 || id == 0x0012)
        set_codec(track, MEDIA_SUBTITLE, "arib_caption");
    return NULL;
}

/* maximum_bitrate_descriptor: units of 50 bytes a second. */
static dits_error *bit_rate(struct media_track *track, struct slice body)
{
    if (body.size < 3)
        return NULL;
    int64_t rate = be24_load(body.data) & 0x3fffffu;
    return facts_add_integer(&track->facts, "max_bit_rate", rate * 400);
}

static const struct {
    uint8_t tag;
    dits_error *(*apply)(struct media_track *track, struct slice body);
} descriptors[] = {
    {0x0a, language},
    {0x0e, bit_rate},
    {0x26, metadata},
    {0x28, avc},
    {0x52, component},
    {0x56, teletext},
    {0x59, subtitling},
    {0x6a, ac3},
    {0x7a, eac3},
    {0x7b, dts},
    {0x7c, aac},
    {0x7f, extension},
    {0x81, ac3},
    {0x86, captions},
    {0xb0, dolby_vision},
    {0xcc, eac3},
    {0xfd, data_component},
};

dits_error *ts_descriptor_apply(struct media_track *track,
                                const struct ts_descriptor *descriptor)
{
    for (size_t i = 0; i < sizeof(descriptors) / sizeof(descriptors[0]); i++)
        if (descriptors[i].tag == descriptor->tag)
            return descriptors[i].apply(track, descriptor->body);
    return NULL;
}
