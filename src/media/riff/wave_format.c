#include "media/riff/wave_format.h"

#include <stdio.h>
#include <string.h>

#include "base/le.h"

enum {
    TAG_PCM = 1,
    TAG_FLOAT = 3,
    TAG_ALAW = 6,
    TAG_MULAW = 7,
    TAG_EXTENSIBLE = 0xfffe,
    BASIC_BYTES = 14,      /* WAVEFORMAT */
    PCM_BYTES = 16,        /* PCMWAVEFORMAT */
    EX_BYTES = 18,         /* WAVEFORMATEX, up to cbSize */
    EXTENSIBLE_BYTES = 40, /* with valid bits, mask and sub-format */
};

struct tag {
    uint16_t tag;
    const char *codec;
};

/* The tags that are registered in mmreg.h and RFC 2361. */
static const struct tag tags[] = {
    {0x0002, "adpcm_ms"},      {TAG_ALAW, "pcm_alaw"},
    {TAG_MULAW, "pcm_mulaw"},  {0x000a, "wmavoice"},
    {0x0011, "adpcm_ima_wav"}, {0x0020, "adpcm_yamaha"},
    {0x0022, "truespeech"},    {0x0031, "gsm_ms"},
    {0x0032, "gsm_ms"},        {0x0045, "adpcm_g726"},
    {0x0050, "mp2"},           {0x0055, "mp3"},
    {0x0057, "amr_nb"},        {0x0058, "amr_wb"},
    {0x0061, "adpcm_ima_dk4"}, {0x0062, "adpcm_ima_dk3"},
    {0x0064, "adpcm_g726"},    {0x0069, "adpcm_ima_wav"},
    {0x0075, "metasound"},     {0x00ff, "aac"},
    {0x0111, "g723_1"},        {0x0130, "sipr"},
    {0x0160, "wmav1"},         {0x0161, "wmav2"},
    {0x0162, "wmapro"},        {0x0163, "wmalossless"},
    {0x0200, "adpcm_ct"},      {0x0270, "atrac3"},
    {0x0401, "imc"},           {0x0402, "iac"},
    {0x1500, "gsm_ms"},        {0x1600, "aac"},
    {0x1602, "aac_latm"},      {0x2000, "ac3"},
    {0x2001, "dts"},           {0x2048, "sonic"},
    {0x4143, "aac"},           {0x5756, "wavpack"},
    {0x566f, "vorbis"},        {0x674f, "vorbis"},
    {0x6750, "vorbis"},        {0x6751, "vorbis"},
    {0x704f, "opus"},          {0x706d, "aac"},
    {0x77a1, "tta"},           {0xa106, "aac"},
    {0xa109, "speex"},         {0xf1ac, "flac"},
};

/* KSDATAFORMAT_SUBTYPE_*: the tag, then this (ksmedia.h). */
static const uint8_t guid_tail[14] = {0, 0, 0,    0, 0x10, 0,    0x80,
                                      0, 0, 0xaa, 0, 0x38, 0x9b, 0x71};
/* B-format: PCM or float (Ambisonic File Format, "AMB"). */
static const uint8_t ambisonic_tail[14] = {
    0, 0, 0x21, 7, 0xd3, 0x11, 0x86, 0x44, 0xc8, 0xc1, 0xca, 0, 0, 0};

static const char *integer_codec(unsigned bytes)
{
    static const char *const names[] = {"",          "pcm_u8",    "pcm_s16le",
                                        "pcm_s24le", "pcm_s32le", "",
                                        "",          "",          "pcm_s64le"};
    return bytes < sizeof(names) / sizeof(names[0]) ? names[bytes] : "";
}

/* Bytes of one channel: what `block_align` says where it can be right. */
static unsigned channel_bytes(const struct wave_format *format)
{
    unsigned by_bits = (format->bits + 7u) / 8;
    if (format->channels == 0 || format->block_align % format->channels != 0)
        return by_bits;
    unsigned by_align = format->block_align / format->channels;
    return by_align >= by_bits && by_align <= 8 ? by_align : by_bits;
}

static const char *codec_of(const struct wave_format *format)
{
    if (format->tag == TAG_PCM)
        return integer_codec(channel_bytes(format));
    if (format->tag == TAG_FLOAT)
        return format->bits == 64 ? "pcm_f64le" : "pcm_f32le";
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
        if (tags[i].tag == format->tag)
            return tags[i].codec;
    return "";
}

static void parse_extensible(struct slice bytes, struct wave_format *out)
{
    const uint8_t *guid = bytes.data + 24;
    bool is_tag = memcmp(guid + 2, guid_tail, sizeof(guid_tail)) == 0;
    out->is_ambisonic =
        memcmp(guid + 2, ambisonic_tail, sizeof(ambisonic_tail)) == 0;
    out->valid_bits = le16_load(bytes.data + 18);
    out->channel_mask = le32_load(bytes.data + 20);
    if (is_tag || out->is_ambisonic)
        out->tag = le16_load(guid);
    out->extra =
        slice_of(bytes.data + EXTENSIBLE_BYTES, bytes.size - EXTENSIBLE_BYTES);
}

bool wave_format_parse(struct slice bytes, struct wave_format *out)
{
    *out = (struct wave_format){.codec = ""};
    if (bytes.size < BASIC_BYTES)
        return false;
    out->tag = le16_load(bytes.data);
    out->channels = le16_load(bytes.data + 2);
    out->rate = le32_load(bytes.data + 4);
    out->byte_rate = le32_load(bytes.data + 8);
    out->block_align = le16_load(bytes.data + 12);
    out->bits = 8;
    if (bytes.size >= PCM_BYTES)
        out->bits = le16_load(bytes.data + 14);
    if (bytes.size >= EX_BYTES) {
        size_t size = le16_load(bytes.data + PCM_BYTES);
        size_t left = bytes.size - EX_BYTES;
        out->extra = slice_of(bytes.data + EX_BYTES, size < left ? size : left);
    }
    if (out->tag == TAG_EXTENSIBLE && bytes.size >= EXTENSIBLE_BYTES)
        parse_extensible(bytes, out);
    out->codec = codec_of(out);
    return true;
}

static bool is_pcm(const struct wave_format *format)
{
    return format->tag == TAG_PCM || format->tag == TAG_FLOAT;
}

/* Masks of ksmedia.h by the names that ffprobe gives them. */
static const struct {
    uint32_t mask;
    const char *name;
} layouts[] = {
    {0x4, "mono"},        {0x3, "stereo"},       {0x7, "3.0"},
    {0xb, "2.1"},         {0x103, "3.0(back)"},  {0x107, "4.0"},
    {0x33, "quad"},       {0x603, "quad(side)"}, {0xf, "3.1"},
    {0x10f, "4.1"},       {0x37, "5.0"},         {0x607, "5.0(side)"},
    {0x3f, "5.1"},        {0x60f, "5.1(side)"},  {0x707, "6.0"},
    {0x13f, "6.1(back)"}, {0x70f, "6.1"},        {0x637, "7.0"},
    {0x63f, "7.1"},       {0xff, "7.1(wide)"},   {0x6cf, "7.1(wide-side)"},
    {0x737, "octagonal"}, {0x2d63f, "7.1.4"},
};

static dits_error *add_layout(const struct wave_format *format,
                              struct media_facts *facts)
{
    uint32_t mask = format->channel_mask;
    if (mask == 0)
        return NULL;
    for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
        if (layouts[i].mask == mask)
            return facts_add_word(facts, "channel_layout", layouts[i].name);
    return facts_add_integer(facts, "channel_mask", mask);
}

dits_error *wave_format_apply(const struct wave_format *format,
                              struct media_track *track)
{
    track->kind = MEDIA_AUDIO;
    track->sample_rate = format->rate;
    track->channels = format->channels;
    track->intra_only = true;
    (void)snprintf(track->codec, sizeof(track->codec), "%s", format->codec);
    if (is_pcm(format) && format->codec[0] != 0) {
        unsigned bytes = channel_bytes(format);
        track->framing = MEDIA_PCM;
        track->sample_bytes = (uint8_t)(bytes > 8 ? 8 : bytes);
    }
    buf_clear(&track->config);
    if (format->extra.size > 0)
        TRY(buf_put(&track->config, format->extra.data, format->extra.size));
    unsigned bits = format->valid_bits > 0 ? format->valid_bits : format->bits;
    if (bits > 0)
        TRY(facts_add_integer(&track->facts, "bit_depth", bits));
    if (format->byte_rate > 0)
        TRY(facts_add_integer(&track->facts, "bit_rate",
                              8 * (int64_t)format->byte_rate));
    if (format->is_ambisonic)
        TRY(facts_add_word(&track->facts, "channel_layout", "ambisonic"));
    return add_layout(format, &track->facts);
}
