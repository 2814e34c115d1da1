/*
 * Sample entries of sound: ISO/IEC 14496-12, 12.2.3, and the three versions of
 * QuickTime's sound description.
 */
#include <string.h>

#include "base/be.h"
#include "media/isobmff/entry_parts.h"

/* Offsets behind the header of the box. */
enum {
    AT_VERSION = 8,
    AT_CHANNELS = 16,
    AT_BITS = 18,
    AT_RATE = 24,
    AUDIO_FIXED = 28,
    AT_PACKET_SAMPLES = 28,
    AT_FRAME_BYTES = 36,
    VERSION_1_FIXED = 44,
    AT_STRUCT_SIZE = 28,
    AT_RATE_FLOAT = 32,
    AT_CHANNELS_LONG = 40,
    AT_BITS_LONG = 48,
    AT_FLAGS = 52,
    AT_PACKET_BYTES = 56,
    AT_PACKET_FRAMES = 60,
    VERSION_2_FIXED = 64,
    BOX_HEADER = 8,
};

/* Whether boxes plausibly begin at `at`. */
static bool has_box_at(struct slice payload, size_t at)
{
    struct slice rest = slice_after(payload, at);
    if (rest.size < BOX_HEADER)
        return false;
    uint32_t size = be32_load(rest.data);
    for (unsigned i = 4; i < 8; i++)
        if (rest.data[i] < 0x20 || rest.data[i] >= 0x7f)
            return false;
    return size >= BOX_HEADER && size <= rest.size;
}

/*
 * Version 1 of ISO has the fields of version 0 and stands in an stsd of
 * version 1; many writers forget the latter.
 */
static bool is_quicktime_1(const struct entry *entry)
{
    struct slice payload = entry->payload;
    if (entry->stsd_version != 0 || payload.size < VERSION_1_FIXED)
        return false;
    return has_box_at(payload, VERSION_1_FIXED) ||
           !has_box_at(payload, AUDIO_FIXED);
}

static dits_error *add_packet(struct entry *entry, uint32_t samples,
                              uint32_t bytes)
{
    struct media_facts *facts = &entry->track->facts;
    if (samples > 0)
        TRY(facts_add_integer(facts, "packet.samples", samples));
    if (bytes > 0)
        TRY(facts_add_integer(facts, "packet.bytes", bytes));
    return NULL;
}

static dits_error *version_1(struct entry *entry)
{
    const uint8_t *data = entry->payload.data;
    entry->children = slice_after(entry->payload, VERSION_1_FIXED);
    return add_packet(entry, be32_load(data + AT_PACKET_SAMPLES),
                      be32_load(data + AT_FRAME_BYTES));
}

/* A positive IEEE double as a whole number; 0 when it is none or too large. */
static uint32_t whole_of_double(uint64_t bits)
{
    unsigned exponent = (unsigned)(bits >> 52 & 0x7ff);
    uint64_t fraction = (bits & ((1ULL << 52) - 1)) | 1ULL << 52;
    if (bits >> 63 != 0 || exponent < 1023 || exponent > 1023 + 31)
        return 0;
    return (uint32_t)(fraction >> (52 - (exponent - 1023)));
}

static dits_error *version_2(struct entry *entry)
{
    enum { FLOAT = 1, BIG_ENDIAN_ORDER = 2, SIGNED = 4 };
    const uint8_t *data = entry->payload.data;
    if (entry->payload.size < VERSION_2_FIXED) {
        media_add_problem(entry->file, 0, "stsd", "'%s' is cut off",
                          entry->track->tag);
        return NULL;
    }
    uint32_t flags = be32_load(data + AT_FLAGS);
    size_t fixed = be32_load(data + AT_STRUCT_SIZE);
    entry->track->sample_rate =
        whole_of_double(be64_load(data + AT_RATE_FLOAT));
    entry->track->channels = be32_load(data + AT_CHANNELS_LONG);
    entry->sample_bits = be32_load(data + AT_BITS_LONG);
    entry->is_float = (flags & FLOAT) != 0;
    entry->is_signed = (flags & SIGNED) != 0;
    entry->is_big_endian = (flags & BIG_ENDIAN_ORDER) != 0;
    if (fixed < VERSION_2_FIXED + BOX_HEADER)
        fixed = VERSION_2_FIXED + BOX_HEADER;
    entry->children = slice_after(entry->payload, fixed - BOX_HEADER);
    return add_packet(entry, be32_load(data + AT_PACKET_FRAMES),
                      be32_load(data + AT_PACKET_BYTES));
}

dits_error *entry_audio(struct entry *entry)
{
    struct media_track *track = entry->track;
    const uint8_t *data = entry->payload.data;
    if (entry->payload.size < AUDIO_FIXED) {
        media_add_problem(entry->file, 0, "stsd", "'%s' is cut off",
                          track->tag);
        return NULL;
    }
    unsigned version = be16_load(data + AT_VERSION);
    track->channels = be16_load(data + AT_CHANNELS);
    track->sample_rate = be16_load(data + AT_RATE); /* 16.16 */
    entry->sample_bits = be16_load(data + AT_BITS);
    entry->is_signed = true;
    entry->children = slice_after(entry->payload, AUDIO_FIXED);
    if (version == 2)
        return version_2(entry);
    if (version == 1 && is_quicktime_1(entry))
        return version_1(entry);
    return NULL;
}
