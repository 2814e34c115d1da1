#include "media/sniff.h"

#include <stdbool.h>
#include <string.h>

/* Bytes that nobody knows, but so many of them, are hardly edited by hand. */
#define LARGE_UNKNOWN ((uint64_t)256 << 20)

struct head {
    const uint8_t *bytes;
    size_t size;
};

struct format {
    const char *container;
    size_t at;
    const char *magic;
    size_t magic_size;
    enum sniff_profile profile;
    /* Whether the codec makes it SNIFF_LARGE after all; may be NULL. */
    bool (*is_intra)(const struct head *head);
};

static bool has_at(const struct head *head, size_t at, const void *magic,
                   size_t size)
{
    return at + size <= head->size &&
           memcmp(head->bytes + at, magic, size) == 0;
}

static bool contains(const struct head *head, const char *text)
{
    return memmem(head->bytes, head->size, text, strlen(text)) != NULL;
}

static bool contains_any(const struct head *head, const char *const *texts)
{
    for (; *texts != NULL; texts++)
        if (contains(head, *texts))
            return true;
    return false;
}

/*
 * Codes of sample descriptions, where the index comes first, and what a ProRes
 * frame starts with, where the data does.
 */
static bool isobmff_is_intra(const struct head *head)
{
    static const char *const codes[] = {
        "icpf", "apch", "apcn", "apcs", "apco", "ap4h", "ap4x", "aprn", "aprh",
        "AVdn", "AVdh", "CFHD", "brxq", "brst", "v210", "2vuy", "mjp2", NULL};
    return contains_any(head, codes);
}

static bool matroska_is_intra(const struct head *head)
{
    static const char *const codecs[] = {"V_PRORES", "V_UNCOMPRESSED", "V_FFV1",
                                         "V_MJPEG", NULL};
    return contains_any(head, codecs);
}

/* By the label of the essence container (SMPTE ST 377, generic container). */
static bool mxf_is_intra(const struct head *head)
{
    static const uint8_t label[] = {0x0d, 0x01, 0x03, 0x01, 0x02};
    static const uint8_t intra[] = {0x05, 0x0c, 0x11, 0x1c};
    const uint8_t *at = memmem(head->bytes, head->size, label, sizeof(label));
    if (at == NULL || at + sizeof(label) == head->bytes + head->size)
        return false;
    return memchr(intra, at[sizeof(label)], sizeof(intra)) != NULL;
}

static const struct format formats[] = {
    {"isobmff", 4, "ftyp", 4, SNIFF_MEDIA, isobmff_is_intra},
    {"isobmff", 4, "moov", 4, SNIFF_MEDIA, isobmff_is_intra},
    {"isobmff", 4, "mdat", 4, SNIFF_MEDIA, isobmff_is_intra},
    {"isobmff", 4, "wide", 4, SNIFF_MEDIA, isobmff_is_intra},
    {"isobmff", 4, "styp", 4, SNIFF_MEDIA, NULL},
    {"isobmff", 4, "moof", 4, SNIFF_MEDIA, NULL},
    {"matroska", 0, "\x1a\x45\xdf\xa3", 4, SNIFF_MEDIA, matroska_is_intra},
    {"mxf", 0, "\x06\x0e\x2b\x34\x02\x05\x01", 7, SNIFF_MEDIA, mxf_is_intra},
    {"avi", 8, "AVI ", 4, SNIFF_MEDIA, NULL},
    {"wav", 8, "WAVE", 4, SNIFF_MEDIA, NULL},
    {"webp", 8, "WEBP", 4, SNIFF_MEDIA, NULL},
    {"wave64", 0, "riff\x2e\x91\xcf\x11", 8, SNIFF_MEDIA, NULL},
    {"caf", 0, "caff", 4, SNIFF_MEDIA, NULL},
    {"aiff", 8, "AIF", 3, SNIFF_MEDIA, NULL},
    {"flac", 0, "fLaC", 4, SNIFF_MEDIA, NULL},
    {"ogg", 0, "OggS", 4, SNIFF_MEDIA, NULL},
    {"mp3", 0, "ID3", 3, SNIFF_MEDIA, NULL},
    {"flv", 0, "FLV\x01", 4, SNIFF_MEDIA, NULL},
    {"asf", 0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", 8, SNIFF_MEDIA, NULL},
    {"mpeg-ps", 0, "\x00\x00\x01\xba", 4, SNIFF_MEDIA, NULL},
    {"jpeg", 0, "\xff\xd8\xff", 3, SNIFF_MEDIA, NULL},
    {"png", 0, "\x89PNG\r\n\x1a\n", 8, SNIFF_MEDIA, NULL},
    {"dpx", 0, "SDPX", 4, SNIFF_LARGE, NULL},
    {"dpx", 0, "XPDS", 4, SNIFF_LARGE, NULL},
    {"cineon", 0, "\x80\x2a\x5f\xd7", 4, SNIFF_LARGE, NULL},
    {"exr", 0, "\x76\x2f\x31\x01", 4, SNIFF_LARGE, NULL},
    {"tiff", 0, "II*\x00", 4, SNIFF_LARGE, NULL},
    {"tiff", 0, "MM\x00*", 4, SNIFF_LARGE, NULL},
    {"tiff", 0, "II+\x00", 4, SNIFF_LARGE, NULL},
    {"jpeg2000", 4, "jP  \r\n\x87\n", 8, SNIFF_LARGE, NULL},
    {"r3d", 4, "RED1", 4, SNIFF_LARGE, NULL},
    {"r3d", 4, "RED2", 4, SNIFF_LARGE, NULL},
    {"arriraw", 0, "ARRI", 4, SNIFF_LARGE, NULL},
};

/* Packets of 188 bytes, or of 192 with a time stamp before each. */
static bool is_mpeg_ts(const struct head *head)
{
    static const size_t strides[][2] = {{0, 188}, {4, 192}};
    for (size_t i = 0; i < 2; i++) {
        size_t packets = 0;
        for (size_t at = strides[i][0]; at < head->size; at += strides[i][1]) {
            if (head->bytes[at] != 0x47)
                break;
            packets++;
        }
        if (packets >= 4)
            return true;
    }
    return false;
}

struct sniff sniff_content(const void *bytes, size_t size, uint64_t file_size)
{
    struct head head = {
        .bytes = bytes,
        .size = size < SNIFF_HEAD_BYTES ? size : SNIFF_HEAD_BYTES,
    };
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        const struct format *f = &formats[i];
        if (!has_at(&head, f->at, f->magic, f->magic_size))
            continue;
        bool intra = f->is_intra != NULL && f->is_intra(&head);
        return (struct sniff){f->container, intra ? SNIFF_LARGE : f->profile};
    }
    if (is_mpeg_ts(&head))
        return (struct sniff){"mpeg-ts", SNIFF_MEDIA};
    return (struct sniff){"unknown", file_size >= LARGE_UNKNOWN ? SNIFF_MEDIA
                                                                : SNIFF_SMALL};
}

const char *sniff_profile_name(enum sniff_profile profile)
{
    static const char *const names[] = {
        [SNIFF_SMALL] = "small",
        [SNIFF_MEDIA] = "media",
        [SNIFF_LARGE] = "large",
    };
    return names[profile];
}
