#include "media/mxf/mxf_label.h"

#include <stdio.h>
#include <string.h>

enum {
    LABEL_BYTES = 16,
    REGISTRY = 8, /* where what tells labels apart starts */
};

/* `size` bytes behind the first eight, of which byte 8 is a version. */
struct row {
    const char *bytes;
    uint8_t size;
    const char *name;
};

static const struct row coding_rows[] = {
    {"\x04\x01\x02\x02\x01\x20", 6, "mpeg4"},
    {"\x04\x01\x02\x02\x01\x30", 6, "h264"},
    {"\x04\x01\x02\x02\x01\x31", 6, "h264"},
    {"\x04\x01\x02\x02\x01\x32", 6, "h264"}, /* intra profiles */
    {"\x04\x01\x02\x02\x01\x40", 6, "hevc"},
    {"\x04\x01\x02\x02\x01\x41", 6, "hevc"},
    {"\x04\x01\x02\x02\x01\x10", 6, "mpeg1video"},
    {"\x04\x01\x02\x02\x01", 5, "mpeg2video"},
    {"\x04\x01\x02\x02\x02", 5, "dvvideo"},
    {"\x04\x01\x02\x02\x03\x01", 6, "jpeg2000"},
    {"\x04\x01\x02\x02\x03\x02", 6, "dnxhd"},
    {"\x04\x01\x02\x02\x03\x06", 6, "prores"},
    {"\x04\x01\x02\x02\x03\x09", 6, "ffv1"},
    {"\x04\x01\x02\x02\x04", 5, "vc1"},
    {"\x04\x01\x02\x02\x71", 5, "dnxhd"},
    {"\x0e\x04\x02\x01\x02\x04", 6, "dnxhd"}, /* of Avid */
    {"\x04\x01\x02\x01", 4, "rawvideo"},
    {"\x04\x02\x02\x02\x03\x01\x01", 7, "pcm_alaw"},
    {"\x04\x02\x02\x02\x03\x02\x01", 7, "ac3"},
    {"\x04\x02\x02\x02\x03\x02\x05", 7, "mp2"},
    {"\x04\x02\x02\x02\x03\x02\x1c", 7, "dolby_e"},
    {"\x04\x02\x02\x02\x03\x03", 6, "aac"},
    {"\x04\x02\x02\x01\x7e", 5, "pcm_be"}, /* Omneon's */
    {"\x04\x02\x02\x01", 4, "pcm"},
    {NULL, 0, NULL},
};

/* By the byte that names the essence (ST 377-1 and the mapping documents). */
static const struct {
    uint8_t essence;
    uint8_t wrapping_at; /* which byte says frame (1) or clip (2) */
    enum media_kind kind;
    const char *codec;
} containers[] = {
    {0x01, 15, MEDIA_VIDEO, "mpeg2video"}, /* D-10, ST 386 */
    {0x02, 15, MEDIA_VIDEO, "dvvideo"},    /* ST 383 */
    {0x04, 15, MEDIA_VIDEO, "mpeg2video"}, /* ST 381-1 */
    {0x05, 15, MEDIA_VIDEO, "rawvideo"},   /* ST 384 */
    {0x06, 14, MEDIA_AUDIO, "pcm"},        /* ST 382 */
    {0x0a, 14, MEDIA_AUDIO, "pcm_alaw"},   /* ST 388 */
    {0x0c, 14, MEDIA_VIDEO, "jpeg2000"},   /* ST 422 */
    {0x0d, 0, MEDIA_METADATA, "smpte_436m_vbi"},
    {0x0e, 0, MEDIA_METADATA, "smpte_436m_anc"}, /* ST 436 */
    {0x10, 15, MEDIA_VIDEO, "h264"},             /* ST 381-3 */
    {0x11, 14, MEDIA_VIDEO, "dnxhd"},            /* ST 2019-4 */
    {0x12, 15, MEDIA_VIDEO, "vc1"},              /* ST 2037 */
    {0x13, 0, MEDIA_SUBTITLE, "ttml"},           /* ST 429-5 */
    {0x16, 14, MEDIA_AUDIO, "aac"},              /* ST 381-4 */
    {0x1c, 14, MEDIA_VIDEO, "prores"},           /* RDD 44 */
    {0x1d, 0, MEDIA_AUDIO, ""},                  /* IAB, ST 2067-201 */
    {0x23, 14, MEDIA_VIDEO, "ffv1"},             /* RDD 48 */
    {0x25, 14, MEDIA_AUDIO, ""},                 /* MGA, ST 2067-203 */
};

static const char *find(struct slice label, const struct row *rows)
{
    if (label.size != LABEL_BYTES)
        return NULL;
    for (; rows->name != NULL; rows++)
        if (memcmp(label.data + REGISTRY, rows->bytes, rows->size) == 0)
            return rows->name;
    return NULL;
}

const char *mxf_label_coding(struct slice label)
{
    return find(label, coding_rows);
}

static enum mxf_wrapping wrapping(uint8_t essence, uint8_t byte)
{
    bool is_wave = essence == 0x06;
    if (byte == 1 || (is_wave && byte == 3))
        return MXF_WRAPPING_FRAME;
    if (byte == 2 || (is_wave && byte == 4))
        return MXF_WRAPPING_CLIP;
    return MXF_WRAPPING_UNKNOWN;
}

const char *mxf_label_container(struct slice label, enum media_kind *out_kind,
                                enum mxf_wrapping *out_wrapping)
{
    static const uint8_t generic[] = {0x0d, 0x01, 0x03, 0x01, 0x02};
    *out_kind = MEDIA_OTHER;
    *out_wrapping = MXF_WRAPPING_UNKNOWN;
    if (label.size != LABEL_BYTES ||
        memcmp(label.data + REGISTRY, generic, sizeof(generic)) != 0)
        return NULL;
    uint8_t essence = label.data[13];
    for (size_t i = 0; i < sizeof(containers) / sizeof(containers[0]); i++) {
        if (containers[i].essence != essence)
            continue;
        uint8_t at = containers[i].wrapping_at;
        *out_kind = containers[i].kind;
        if (at > 0)
            *out_wrapping = wrapping(essence, label.data[at]);
        return containers[i].codec;
    }
    return NULL;
}

const char *mxf_label_profile(struct slice label)
{
    static const struct row rows[] = {
        {"\x04\x01\x02\x02\x03\x06\x01", 7, "Proxy"},
        {"\x04\x01\x02\x02\x03\x06\x02", 7, "LT"},
        {"\x04\x01\x02\x02\x03\x06\x03", 7, "Standard"},
        {"\x04\x01\x02\x02\x03\x06\x04", 7, "HQ"},
        {"\x04\x01\x02\x02\x03\x06\x05", 7, "4444"},
        {"\x04\x01\x02\x02\x03\x06\x06", 7, "XQ"},
        {NULL, 0, NULL},
    };
    return find(label, rows);
}

const char *mxf_label_primaries(struct slice label)
{
    static const struct row rows[] = {
        {"\x04\x01\x01\x01\x03\x01", 6, "smpte170m"},
        {"\x04\x01\x01\x01\x03\x02", 6, "bt470bg"},
        {"\x04\x01\x01\x01\x03\x03", 6, "bt709"},
        {"\x04\x01\x01\x01\x03\x04", 6, "bt2020"},
        {"\x04\x01\x01\x01\x03\x05", 6, "smpte428"},
        {"\x04\x01\x01\x01\x03\x06", 6, "smpte432"},
        {"\x04\x01\x01\x01\x03\x08", 6, "smpte431"},
        {NULL, 0, NULL},
    };
    return find(label, rows);
}

const char *mxf_label_transfer(struct slice label)
{
    static const struct row rows[] = {
        {"\x04\x01\x01\x01\x01\x02", 6, "bt709"},
        {"\x04\x01\x01\x01\x01\x03", 6, "smpte240m"},
        {"\x04\x01\x01\x01\x01\x04", 6, "bt709"}, /* ST 274 */
        {"\x04\x01\x01\x01\x01\x05", 6, "bt1361e"},
        {"\x04\x01\x01\x01\x01\x06", 6, "linear"},
        {"\x04\x01\x01\x01\x01\x07", 6, "smpte428"},
        {"\x04\x01\x01\x01\x01\x08", 6, "iec61966-2-4"},
        {"\x04\x01\x01\x01\x01\x09", 6, "bt2020-10"},
        {"\x04\x01\x01\x01\x01\x0a", 6, "smpte2084"},
        {"\x04\x01\x01\x01\x01\x0b", 6, "arib-std-b67"},
        {NULL, 0, NULL},
    };
    return find(label, rows);
}

const char *mxf_label_matrix(struct slice label)
{
    static const struct row rows[] = {
        {"\x04\x01\x01\x01\x02\x01", 6, "smpte170m"},
        {"\x04\x01\x01\x01\x02\x02", 6, "bt709"},
        {"\x04\x01\x01\x01\x02\x03", 6, "smpte240m"},
        {"\x04\x01\x01\x01\x02\x04", 6, "ycgco"},
        {"\x04\x01\x01\x01\x02\x05", 6, "gbr"},
        {"\x04\x01\x01\x01\x02\x06", 6, "bt2020nc"},
        {NULL, 0, NULL},
    };
    return find(label, rows);
}

/* ST 377-1, 8.3: complexity of items, then of packages; 0x10 is OP-Atom. */
void mxf_label_pattern(const uint8_t *label, char out[16])
{
    static const uint8_t patterns[] = {0x0d, 0x01, 0x02, 0x01};
    out[0] = '\0';
    if (memcmp(label + REGISTRY, patterns, sizeof(patterns)) != 0)
        return;
    uint8_t item = label[12];
    uint8_t package = label[13];
    if (item == 0x10)
        (void)snprintf(out, 16, "OP-Atom");
    else if (item >= 1 && item <= 3 && package >= 1 && package <= 3)
        (void)snprintf(out, 16, "OP%d%c", item, 'a' + package - 1);
}

enum media_kind mxf_label_kind(struct slice label)
{
    static const struct {
        const char *bytes;
        uint8_t size;
        enum media_kind kind;
    } rows[] = {
        {"\x01\x03\x02\x01", 4, MEDIA_TIMECODE},
        {"\x01\x03\x02\x02\x01", 5, MEDIA_VIDEO},
        {"\x01\x03\x02\x02\x02", 5, MEDIA_AUDIO},
        {"\x01\x03\x02\x02\x03", 5, MEDIA_METADATA},
    };
    if (label.size != LABEL_BYTES)
        return MEDIA_OTHER;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (memcmp(label.data + REGISTRY, rows[i].bytes, rows[i].size) == 0)
            return rows[i].kind;
    return MEDIA_OTHER;
}
