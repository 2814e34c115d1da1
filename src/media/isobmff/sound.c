#include "media/isobmff/sound.h"

#include "base/be.h"

/* Places in a sample entry, from its header on. */
enum {
    VERSION = 16,
    V1_FRAMES_PER_PACKET = 36,
    V1_BYTES_PER_FRAME = 44,
    V1_END = 52,
    V2_BYTES_PER_PACKET = 64,
    V2_FRAMES_PER_PACKET = 68,
    V2_END = 72,
};

static struct packing version_1(struct slice entry)
{
    if (entry.size < V1_END)
        return (struct packing){0};
    return (struct packing){
        .frames = be32_load(entry.data + V1_FRAMES_PER_PACKET),
        .bytes = be32_load(entry.data + V1_BYTES_PER_FRAME),
    };
}

static struct packing version_2(struct slice entry)
{
    if (entry.size < V2_END)
        return (struct packing){0};
    return (struct packing){
        .frames = be32_load(entry.data + V2_FRAMES_PER_PACKET),
        .bytes = be32_load(entry.data + V2_BYTES_PER_PACKET),
    };
}

struct packing sound_packing(const struct media_track *track,
                             uint8_t stsd_version, struct slice entry)
{
    struct packing packing = {0};
    uint16_t version =
        entry.size < VERSION + 2 ? 0 : be16_load(entry.data + VERSION);
    bool is_pcm = track->framing == MEDIA_PCM && track->sample_bytes != 0 &&
                  track->channels != 0 && track->channels <= UINT16_MAX;
    if (is_pcm)
        return (struct packing){1, track->sample_bytes * track->channels};
    /* In an 'stsd' of version 1, version 1 is ISO's own, without packets. */
    if (version == 1 && stsd_version == 0)
        packing = version_1(entry);
    if (version == 2)
        packing = version_2(entry);
    return packing;
}
