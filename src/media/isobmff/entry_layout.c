/*
 * Channel layouts: Apple's 'chan' (Core Audio's tags and labels) and ISO/IEC
 * 14496-12, 12.2.4 'chnl'. Names are ffmpeg's.
 */
#include "base/be.h"
#include "media/isobmff/entry_parts.h"

enum { FULL_BOX = 4 };

static dits_error *add(struct entry *entry, const char *layout)
{
    return facts_add_word(&entry->track->facts, "channel_layout", layout);
}

/* Tags that name a whole layout: a number, and below it how many channels. */
static const struct {
    uint16_t tag;
    const char *layout;
} tags[] = {
    {100, "mono"},   {101, "stereo"},    {102, "stereo"},
    {103, "stereo"}, {106, "stereo"},    {108, "quad"},
    {109, "5.0"},    {111, "hexagonal"}, {112, "octagonal"},
    {113, "3.0"},    {114, "3.0"},       {115, "4.0"},
    {116, "4.0"},    {117, "5.0"},       {118, "5.0"},
    {119, "5.0"},    {120, "5.0"},       {121, "5.1"},
    {122, "5.1"},    {123, "5.1"},       {124, "5.1"},
    {125, "6.1"},    {126, "7.1(wide)"}, {127, "7.1(wide)"},
    {128, "7.1"},    {131, "3.0(back)"}, {132, "quad"},
    {133, "2.1"},    {139, "6.0"},       {142, "6.1"},
};

/* The bits of Core Audio are those of WAVE, in which these are usual. */
static const struct {
    uint32_t mask;
    const char *layout;
} masks[] = {
    {0x3, "stereo"},      {0x4, "mono"},         {0x7, "3.0"},
    {0xb, "2.1"},         {0xf, "3.1"},          {0x33, "quad"},
    {0x37, "5.0"},        {0x3f, "5.1"},         {0x107, "4.0"},
    {0x10f, "4.1"},       {0x603, "quad(side)"}, {0x607, "5.0(side)"},
    {0x60f, "5.1(side)"}, {0x63f, "7.1"},        {0xff, "7.1(wide)"},
    {0x13f, "6.1(back)"}, {0x70f, "6.1"},
};

static dits_error *add_mask(struct entry *entry, uint32_t mask)
{
    for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++)
        if (masks[i].mask == mask)
            return add(entry, masks[i].layout);
    return NULL;
}

/*
 * Labels 1 to 18 are the bits of the mask in order; 33 and 34 are the sides;
 * 42 is a single channel.
 */
static dits_error *add_labels(struct entry *entry, struct slice labels)
{
    enum { DESCRIPTION = 20, LAST_BIT = 18 };
    uint32_t mask = 0;
    if (labels.size == DESCRIPTION && be32_load(labels.data) == 42)
        return add(entry, "mono");
    for (; labels.size >= DESCRIPTION;
         labels = slice_after(labels, DESCRIPTION)) {
        uint32_t label = be32_load(labels.data);
        if (label < 1 || label > LAST_BIT)
            return NULL;
        mask |= UINT32_C(1) << (label - 1);
    }
    return add_mask(entry, mask);
}

dits_error *entry_chan(struct entry *entry, struct slice payload)
{
    enum { FIXED = FULL_BOX + 12, USE_BITMAP = 1 << 16, UNKNOWN = 0xffff };
    if (payload.size < FIXED)
        return NULL;
    uint32_t tag = be32_load(payload.data + FULL_BOX);
    if (tag == 0)
        return add_labels(entry, slice_after(payload, FIXED));
    if (tag == USE_BITMAP)
        return add_mask(entry, be32_load(payload.data + FULL_BOX + 4));
    for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
        if (tags[i].tag == tag >> 16)
            return add(entry, tags[i].layout);
    return tag >> 16 == UNKNOWN ? NULL
                                : facts_add_integer(&entry->track->facts,
                                                    "channel_layout.tag", tag);
}

/* ISO/IEC 23091-3, table 8: layouts by number. */
dits_error *entry_chnl(struct entry *entry, struct slice payload)
{
    enum { CHANNELS = 1 };
    static const char *const layouts[] = {
        [1] = "mono",  [2] = "stereo", [3] = "3.0",       [4] = "4.0",
        [5] = "5.0",   [6] = "5.1",    [7] = "7.1(wide)", [9] = "3.0(back)",
        [10] = "quad", [11] = "6.1",   [12] = "7.1",
    };
    if (payload.size < FULL_BOX + 2 || payload.data[0] != 0)
        return NULL;
    unsigned structure = payload.data[FULL_BOX];
    unsigned layout = payload.data[FULL_BOX + 1];
    if ((structure & CHANNELS) == 0 || layout == 0)
        return NULL;
    TRY(facts_add_integer(&entry->track->facts, "channel_layout.number",
                          layout));
    if (layout < sizeof(layouts) / sizeof(layouts[0]) &&
        layouts[layout] != NULL)
        return add(entry, layouts[layout]);
    return NULL;
}
