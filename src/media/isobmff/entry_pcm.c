/*
 * PCM: which of the many ways to say bytes and order holds. QuickTime's 'enda'
 * and sound version 2, ISO/IEC 23003-5 'pcmC'.
 */
#include <stdio.h>

#include "base/be.h"
#include "media/isobmff/entry_parts.h"

static bool is_type(const struct entry *entry, const char *type)
{
    return be32_load((const uint8_t *)type) == entry->type;
}

/* Little-endian when it says 1; for types whose order is not in their name. */
dits_error *entry_enda(struct entry *entry, struct slice payload)
{
    if (payload.size >= 2)
        entry->is_big_endian = be16_load(payload.data) == 0;
    return NULL;
}

dits_error *entry_pcmc(struct entry *entry, struct slice payload)
{
    enum { FULL_BOX = 4 };
    if (payload.size < FULL_BOX + 2)
        return NULL;
    entry->is_big_endian = (payload.data[FULL_BOX] & 1) == 0;
    entry->sample_bits = payload.data[FULL_BOX + 1];
    return NULL;
}

/* How a type lays out its samples: bits 0 are those of the description. */
struct pcm_row {
    char type[5];
    char letter; /* s, u, f; 0: of sound version 2 */
    uint8_t bits;
    char order; /* 'b', 'l'; 0: as the boxes say */
};

static const struct pcm_row rows[] = {
    {"twos", 's', 0, 'b'},  {"sowt", 's', 0, 'l'},  {"raw ", 'u', 0, 'b'},
    {"NONE", 'u', 0, 'b'},  {"in24", 's', 24, 0},   {"in32", 's', 32, 0},
    {"42ni", 's', 24, 'l'}, {"23ni", 's', 32, 'l'}, {"fl32", 'f', 32, 0},
    {"fl64", 'f', 64, 0},   {"23lf", 'f', 32, 'l'}, {"46lf", 'f', 64, 'l'},
    {"lpcm", 0, 0, 0},      {"ipcm", 's', 0, 0},    {"fpcm", 'f', 0, 0},
};

static const struct pcm_row *row_of(const struct entry *entry)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (is_type(entry, rows[i].type))
            return &rows[i];
    return NULL;
}

static char letter_of(const struct entry *entry, const struct pcm_row *row,
                      unsigned bits)
{
    char letter = row->letter;
    if (letter == 0)
        letter = entry->is_signed ? 's' : 'u';
    if (row->letter == 0 && entry->is_float)
        letter = 'f';
    if (letter == 'u' && bits > 8 && row->letter == 'u')
        return 's'; /* 'raw ' of more than a byte is signed */
    return letter;
}

static unsigned bits_of(const struct entry *entry, const struct pcm_row *row)
{
    unsigned bits = row->bits != 0 ? row->bits : entry->sample_bits;
    if (bits == 0 || bits > 64)
        bits = row->letter == 'u' ? 8 : 16;
    return (bits + 7) / 8 * 8;
}

void entry_settle_pcm(struct entry *entry)
{
    struct media_track *track = entry->track;
    const struct pcm_row *row = row_of(entry);
    if (track->framing != MEDIA_PCM)
        return;
    track->sample_bytes = 1; /* of the logarithmic codecs */
    if (row == NULL)
        return;
    unsigned bits = bits_of(entry, row);
    char letter = letter_of(entry, row, bits);
    char order = row->order;
    if (order == 0)
        order = entry->is_big_endian ? 'b' : 'l';
    track->sample_bytes = (uint8_t)(bits / 8);
    track->big_endian = order == 'b';
    if (bits == 8)
        (void)snprintf(track->codec, sizeof(track->codec), "pcm_%c8", letter);
    else
        (void)snprintf(track->codec, sizeof(track->codec), "pcm_%c%u%ce",
                       letter, bits, order);
}
