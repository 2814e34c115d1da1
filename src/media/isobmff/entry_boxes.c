/*
 * The boxes in a sample entry. Configurations are kept as they are; the rest
 * becomes facts.
 */
#include <string.h>

#include "base/be.h"
#include "media/isobmff/entry_parts.h"
#include "media/limits.h"

/* Behind version and flags. */
enum { FULL_BOX = 4 };

/* Boxes that hold the codec's own configuration. */
static const char configurations[][5] = {
    "avcC", "hvcC", "vvcC", "av1C", "vpcC", "apvC", "dac3",
    "dec3", "dac4", "dOps", "dfLa", "alac", "dmlp", "ddts",
    "udts", "mhaC", "iacb", "SmV ", "glbl", "jp2h", "d263",
    "damr", "avss", "dvc1", "ARES", "APRG", "cmpd", "SMI ",
};

static bool is_configuration(uint32_t type)
{
    size_t count = sizeof(configurations) / sizeof(configurations[0]);
    for (size_t i = 0; i < count; i++)
        if (be32_load((const uint8_t *)configurations[i]) == type)
            return true;
    return false;
}

/* The first wins: 'hvcC' stands before what adds layers to it. */
static dits_error *keep_configuration(struct entry *entry, struct slice payload)
{
    struct buf *config = &entry->track->config;
    if (config->size > 0 || payload.size > LIMIT_PAYLOAD)
        return NULL;
    return buf_put(config, payload.data, payload.size);
}

/* Where the length of NALs stands: the low two bits of one byte. */
static void set_nal_length(struct entry *entry, struct slice payload, size_t at,
                           unsigned shift)
{
    if (payload.size <= at)
        return;
    entry->track->framing = MEDIA_NAL_LENGTH;
    entry->track->nal_length_size =
        (uint8_t)((payload.data[at] >> shift & 3) + 1);
}

static dits_error *box_avcc(struct entry *entry, struct slice payload)
{
    set_nal_length(entry, payload, 4, 0); /* ISO/IEC 14496-15, 5.3.3.1 */
    return NULL;
}

static dits_error *box_hvcc(struct entry *entry, struct slice payload)
{
    set_nal_length(entry, payload, 21, 0); /* 14496-15, 8.3.3.1 */
    return NULL;
}

static dits_error *box_vvcc(struct entry *entry, struct slice payload)
{
    set_nal_length(entry, payload, FULL_BOX, 1); /* 14496-15, 11.2.4.2 */
    return NULL;
}

/* A text of its own in some box: fact NAME. */
static dits_error *add_text_until_nul(struct entry *entry, const char *name,
                                      struct slice text)
{
    return text.size > 0 && text.data[0] != 0
               ? facts_add_text(&entry->track->facts, name, text)
               : NULL;
}

static dits_error *box_mime(struct entry *entry, struct slice payload)
{
    return add_text_until_nul(entry, "content_type",
                              slice_after(payload, FULL_BOX));
}

static dits_error *box_vttc(struct entry *entry, struct slice payload)
{
    return add_text_until_nul(entry, "webvtt.header", payload);
}

dits_error *entry_btrt(struct entry *entry, struct slice payload)
{
    struct media_facts *facts = &entry->track->facts;
    if (payload.size < 12)
        return NULL;
    uint32_t max = be32_load(payload.data + 4);
    uint32_t average = be32_load(payload.data + 8);
    if (max > 0)
        TRY(facts_add_integer(facts, "bit_rate.max", max));
    if (average > 0)
        TRY(facts_add_integer(facts, "bit_rate.average", average));
    return NULL;
}

static const struct {
    char type[5];
    entry_box_fn *fn;
} handlers[] = {
    {"avcC", box_avcc},   {"hvcC", box_hvcc},   {"vvcC", box_vvcc},
    {"esds", entry_esds}, {"colr", entry_colr}, {"pasp", entry_pasp},
    {"clap", entry_clap}, {"fiel", entry_fiel}, {"gama", entry_gama},
    {"mdcv", entry_mdcv}, {"clli", entry_clli}, {"SmDm", entry_smdm},
    {"CoLL", entry_coll}, {"amve", entry_amve}, {"cclv", entry_cclv},
    {"dvcC", entry_dovi}, {"dvvC", entry_dovi}, {"dvwC", entry_dovi},
    {"st3d", entry_st3d}, {"sv3d", entry_sv3d}, {"vexu", entry_vexu},
    {"hfov", entry_hfov}, {"dac3", entry_dac3}, {"dec3", entry_dec3},
    {"dac4", entry_dac4}, {"dOps", entry_dops}, {"dfLa", entry_dfla},
    {"alac", entry_alac}, {"chan", entry_chan}, {"chnl", entry_chnl},
    {"pcmC", entry_pcmc}, {"enda", entry_enda}, {"srat", entry_srat},
    {"btrt", entry_btrt}, {"mime", box_mime},   {"vttC", box_vttc},
    {"damr", entry_samr},
};

static dits_error *describe_box(struct entry *entry, uint32_t type,
                                struct slice payload)
{
    for (size_t i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++)
        if (be32_load((const uint8_t *)handlers[i].type) == type)
            TRY(handlers[i].fn(entry, payload));
    if (is_configuration(type) && payload.size > 0)
        TRY(keep_configuration(entry, payload));
    return NULL;
}

/*
 * QuickTime wraps what it adds to sound in 'wave'. It holds an entry without
 * content of the same type as the sample entry, which says nothing.
 */
static dits_error *walk(struct entry *entry, struct slice boxes, bool is_wave)
{
    struct children children = children_of(boxes);
    struct child child = {0};
    while (children_next(&children, &child)) {
        if (child.type == FOURCC('w', 'a', 'v', 'e') && !is_wave)
            TRY(walk(entry, child.payload, true));
        else
            TRY(describe_box(entry, child.type, child.payload));
    }
    return NULL;
}

dits_error *entry_boxes(struct entry *entry)
{
    struct media_track *track = entry->track;
    if (entry->type != FOURCC('l', 'p', 'c', 'm'))
        entry->is_big_endian = true; /* unless a box says otherwise */
    TRY(walk(entry, entry->children, false));
    if (track->framing == MEDIA_NAL_LENGTH && track->nal_length_size == 0)
        track->framing = MEDIA_OPAQUE; /* nothing says how */
    return NULL;
}
