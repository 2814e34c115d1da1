/*
 * Elementary stream descriptors: ISO/IEC 14496-1, 7.2.6, and the
 * AudioSpecificConfig in them: ISO/IEC 14496-3, 1.6.
 */
#include "base/be.h"
#include "media/bits.h"
#include "media/isobmff/entry_parts.h"

enum { FULL_BOX = 4 };

/* Tags of descriptors (14496-1, 7.2.2.1). */
enum { TAG_STREAM = 3, TAG_DECODER = 4, TAG_SPECIFIC = 5 };

/* The next descriptor of `rest`. A length is cut to what there is. */
static bool next_descriptor(struct slice *rest, unsigned *out_tag,
                            struct slice *out_payload)
{
    enum { MAX_LENGTH_BYTES = 4 };
    size_t at = 1;
    size_t size = 0;
    bool goes_on = true;
    if (rest->size < 2)
        return false;
    while (goes_on && at < rest->size && at <= MAX_LENGTH_BYTES) {
        size = size << 7 | (rest->data[at] & 0x7f);
        goes_on = rest->data[at++] >> 7 != 0;
    }
    *out_tag = rest->data[0];
    *out_payload = slice_after(*rest, at);
    if (size < out_payload->size)
        out_payload->size = size;
    *rest = slice_after(*rest, at + size);
    return true;
}

static struct slice find_descriptor(struct slice bytes, unsigned tag)
{
    unsigned found = 0;
    struct slice payload = {0};
    while (next_descriptor(&bytes, &found, &payload))
        if (found == tag)
            return payload;
    return (struct slice){0};
}

/* Object types (the MP4 registration authority's list). */
static const struct {
    uint8_t type;
    const char *codec;
} object_types[] = {
    {0x20, "mpeg4"},        {0x21, "h264"},       {0x23, "hevc"},
    {0x40, "aac"},          {0x60, "mpeg2video"}, {0x61, "mpeg2video"},
    {0x62, "mpeg2video"},   {0x63, "mpeg2video"}, {0x64, "mpeg2video"},
    {0x65, "mpeg2video"},   {0x66, "aac"},        {0x67, "aac"},
    {0x68, "aac"},          {0x69, "mp3"},        {0x6a, "mpeg1video"},
    {0x6b, "mp3"},          {0x6c, "mjpeg"},      {0x6d, "png"},
    {0x6e, "jpeg2000"},     {0xa3, "vc1"},        {0xa4, "dirac"},
    {0xa5, "ac3"},          {0xa6, "eac3"},       {0xa9, "dts"},
    {0xaa, "dts"},          {0xab, "dts"},        {0xac, "dts"},
    {0xad, "opus"},         {0xb1, "vp9"},        {0xc1, "flac"},
    {0xd1, "evrc"},         {0xd3, "ac3"},        {0xdd, "vorbis"},
    {0xe0, "dvd_subtitle"}, {0xe1, "qcelp"},
};

static void set_object_type(struct entry *entry, unsigned type)
{
    size_t count = sizeof(object_types) / sizeof(object_types[0]);
    for (size_t i = 0; i < count; i++)
        if (object_types[i].type == type)
            entry_set_codec(entry->track, object_types[i].codec);
}

dits_error *entry_esds(struct entry *entry, struct slice payload)
{
    enum { DECODER_FIXED = 13, STREAM_FIXED = 3 };
    struct media_track *track = entry->track;
    struct slice stream =
        find_descriptor(slice_after(payload, FULL_BOX), TAG_STREAM);
    if (stream.size < STREAM_FIXED)
        return NULL;
    unsigned flags = stream.data[2];
    size_t fixed = STREAM_FIXED + ((flags >> 7 & 1) != 0 ? 2u : 0u);
    if ((flags >> 6 & 1) != 0 && fixed < stream.size)
        fixed += 1u + stream.data[fixed]; /* a URL */
    fixed += (flags >> 5 & 1) != 0 ? 2 : 0;
    struct slice decoder =
        find_descriptor(slice_after(stream, fixed), TAG_DECODER);
    if (decoder.size < DECODER_FIXED)
        return NULL;
    unsigned type = decoder.data[0];
    set_object_type(entry, type);
    TRY(facts_add_integer(&track->facts, "object_type", type));
    /* Stream type, buffer size (24 bits); then as in 'btrt'. */
    TRY(entry_btrt(entry, slice_after(decoder, 1)));
    struct slice config =
        find_descriptor(slice_after(decoder, DECODER_FIXED), TAG_SPECIFIC);
    if (config.size == 0 || track->config.size > 0)
        return NULL;
    TRY(buf_put(&track->config, config.data, config.size));
    return type == 0x40 ? entry_audio_config(entry, config) : NULL;
}
