/*
 * media/colour.h - code points of colour, and the facts they become
 *
 * ITU-T H.273 (ISO/IEC 23091-2). Names are ffmpeg's.
 */
#ifndef MEDIA_COLOUR_H
#define MEDIA_COLOUR_H

#include <stdbool.h>

#include "media/facts.h"

/* NULL for what is unspecified, reserved or unknown. */
const char *colour_primaries_name(unsigned code);
const char *colour_transfer_name(unsigned code);
const char *colour_matrix_name(unsigned code);

/* "colour.primaries", ".transfer", ".matrix": each that has a name. */
MUST_USE dits_error *colour_add_codes(struct media_facts *facts,
                                      unsigned primaries, unsigned transfer,
                                      unsigned matrix);

/* "colour.range": "pc" or "tv". */
MUST_USE dits_error *colour_add_range(struct media_facts *facts, bool is_full);

/* SMPTE ST 2086: x and y of red, green, blue and white; luminance in cd/m2. */
struct colour_mastering {
    uint32_t xy[8];
    uint32_t xy_divisor;
    uint32_t max_luminance, max_divisor;
    uint32_t min_luminance, min_divisor;
};

/* "hdr.mastering.*": primaries as six fractions, the white point as two. */
MUST_USE dits_error *colour_add_mastering(
    struct media_facts *facts, const struct colour_mastering *mastering);

/* "hdr.content_light.*", CTA-861.3, in cd/m2. */
MUST_USE dits_error *colour_add_light(struct media_facts *facts,
                                      uint32_t max_content,
                                      uint32_t max_average);

#endif
