#include "media/mxf/mxf_sound.h"

#include <stdio.h>
#include <string.h>

#include "base/be.h"

enum {
    TAG_BITS = 0x3d01,
    TAG_RATE = 0x3d03,
    TAG_CHANNELS = 0x3d07,
    TAG_BLOCK = 0x3d0a,
    TAG_DIALNORM = 0x3d0c,
    PACKETS_A_SECOND = 25, /* into which clips of PCM are cut */
};

/* RFC 5646 Spoken Language, MCA Tag Symbol (ST 377-4). */
static const uint8_t language_name[16] = {6, 14, 43, 52, 1, 1,    1,    13,
                                          3, 1,  1,  2,  3, 0x15, 0x00, 0x00};
static const uint8_t symbol_name[16] = {6, 14, 43, 52, 1, 1, 1, 14,
                                        1, 3,  7,  1,  2, 0, 0, 0};
static const uint8_t sub_descriptors_name[16] = {6, 14, 43, 52, 1, 1,  1, 9,
                                                 6, 1,  1,  4,  6, 16, 0, 0};

/* How many bytes a sample has: its bits, or more if the block has room. */
static uint32_t sample_bytes(uint64_t block, uint64_t channels, uint64_t bits)
{
    uint64_t bytes = bits <= 64 ? (bits + 7) / 8 : 0;
    uint64_t room = channels > 0 && block % channels == 0 ? block / channels
                                                          : 0;
    return (uint32_t)(room > bytes && room <= 8 ? room : bytes);
}

/* D-10 packs eight channels of AES3 into 32 bits each (ST 331, 7). */
static bool is_d10(const struct mxf_essence *essence)
{
    return essence->number >> 24 == 0x06 &&
           (essence->number >> 8 & 0xff) == 0x10;
}

static void set_pcm(struct media_track *track, struct mxf_essence *essence,
                    uint32_t bytes)
{
    bool is_big = strcmp(track->codec, "pcm_be") == 0;
    if (bytes == 0 || bytes > 4 || track->channels == 0)
        return;
    (void)snprintf(track->codec, sizeof(track->codec), "pcm_%c%u%s",
                   bytes == 1 ? 'u' : 's', 8 * bytes,
                   bytes == 1 ? ""
                   : is_big   ? "be"
                              : "le");
    if (is_d10(essence))
        return;
    track->framing = MEDIA_PCM;
    track->sample_bytes = (uint8_t)bytes;
    track->big_endian = is_big;
    essence->frame_bytes = bytes * track->channels;
}

/* Of a clip that is addressed sample by sample, as many as make a packet. */
static void set_units(const struct media_track *track,
                      struct mxf_essence *essence)
{
    uint64_t rate =
        essence->rate_den > 0 ? essence->rate_num / essence->rate_den : 0;
    if (track->framing == MEDIA_PCM && rate > 1000)
        essence->units = rate / PACKETS_A_SECOND;
}

/* The registers say seven bits (ST 377-4), some writers take sixteen. */
static dits_error *take_language(struct slice value, struct buf *out)
{
    if (value.size >= 2 && value.data[0] == 0)
        return mxf_text(value, out);
    return buf_put(out, value.data,
                   strnlen((const char *)value.data, value.size));
}

/* Labels of channels and sound fields: their names, and one language. */
static dits_error *add_labels(struct mxf_sets *sets,
                              const struct mxf_set *descriptor,
                              struct media_track *track)
{
    struct slice list = mxf_sets_find(sets, descriptor, sub_descriptors_name);
    const struct mxf_set *label = NULL;
    list = list.size > 8 ? slice_of(list.data + 8, list.size - 8)
                         : (struct slice){0};
    while (mxf_sets_next(sets, &list, &label)) {
        CLEANUP(buf_release) struct buf text = {0};
        if (label == NULL)
            continue;
        struct slice language = mxf_sets_find(sets, label, language_name);
        if (language.size > 0 && track->language[0] == '\0') {
            TRY(take_language(language, &text));
            (void)snprintf(track->language, sizeof(track->language), "%s",
                           buf_text(&text));
        }
        TRY(mxf_text(mxf_sets_find(sets, label, symbol_name), &text));
        const char *name = label->type == MXF_SET_CHANNEL_LABEL
                               ? "mca.channel"
                               : "mca.soundfield";
        if (text.size > 0)
            TRY(facts_add_text(&track->facts, name, buf_slice(&text)));
    }
    return NULL;
}

dits_error *mxf_sound_describe(struct mxf_sets *sets,
                               const struct mxf_set *descriptor,
                               struct media_track *track,
                               struct mxf_essence *essence)
{
    struct slice rate = mxf_sets_get(sets, descriptor, TAG_RATE);
    uint64_t bits = mxf_sets_number(sets, descriptor, TAG_BITS, 0);
    uint64_t channels = mxf_sets_number(sets, descriptor, TAG_CHANNELS, 0);
    uint64_t block = mxf_sets_number(sets, descriptor, TAG_BLOCK, 0);
    track->channels = channels <= 1024 ? (uint32_t)channels : 0;
    if (rate.size == 8 && be32_load(rate.data + 4) != 0)
        track->sample_rate = be32_load(rate.data) / be32_load(rate.data + 4);
    if (strncmp(track->codec, "pcm", 3) == 0 &&
        strcmp(track->codec, "pcm_alaw") != 0)
        set_pcm(track, essence, sample_bytes(block, channels, bits));
    set_units(track, essence);
    if (bits > 0 && bits <= 64)
        TRY(facts_add_integer(&track->facts, "bit_depth", (int64_t)bits));
    if (is_d10(essence))
        TRY(facts_add_word(&track->facts, "pcm.wrapping", "aes3"));
    struct slice dialnorm = mxf_sets_get(sets, descriptor, TAG_DIALNORM);
    if (dialnorm.size == 1)
        TRY(facts_add_integer(&track->facts, "dialnorm",
                              (int8_t)dialnorm.data[0]));
    return add_labels(sets, descriptor, track);
}
