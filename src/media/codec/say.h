/*
 * media/codec/say.h - adding to what is known of a track
 *
 * For media/codec/ alone. A name that has a fact already keeps it: containers
 * and earlier samples were asked first.
 */
#ifndef MEDIA_CODEC_SAY_H
#define MEDIA_CODEC_SAY_H

#include "media/media.h"

/* NULL and "" say nothing. */
MUST_USE dits_error *say_word(struct media_track *track, const char *name,
                              const char *word);
MUST_USE dits_error *say_text(struct media_track *track, const char *name,
                              struct slice text);
MUST_USE dits_error *say_integer(struct media_track *track, const char *name,
                                 int64_t number);
/* In lowest terms; nothing for a divisor of zero. */
MUST_USE dits_error *say_rational(struct media_track *track, const char *name,
                                  uint64_t number, uint64_t divisor);
MUST_USE dits_error *say_true(struct media_track *track, const char *name);

/* Where the container gave none. */
void say_size(struct media_track *track, uint64_t width, uint64_t height);
void say_sound(struct media_track *track, uint32_t rate, uint32_t channels);

/* Codes of ITU-T H.273, as "colour.…". */
MUST_USE dits_error *say_colour(struct media_track *track, unsigned primaries,
                                unsigned transfer, unsigned matrix);
MUST_USE dits_error *say_range(struct media_track *track, bool is_full);

enum chroma { CHROMA_NONE = 0, CHROMA_420, CHROMA_422, CHROMA_444 };

/*
 * "pixel_format", "bit_depth" and "chroma" of planar pictures. `is_jpeg`: full
 * range goes into the name ("yuvj420p"); `is_rgb`: of CHROMA_444.
 */
struct pixel_layout {
    unsigned chroma;
    unsigned depth;
    bool is_jpeg;
    bool is_rgb;
    bool has_alpha;
};
MUST_USE dits_error *say_pixels(struct media_track *track,
                                struct pixel_layout layout);

/* "channel_layout" by the number of channels where that is usual. */
MUST_USE dits_error *say_usual_layout(struct media_track *track);

#endif
