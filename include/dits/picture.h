/*
 * dits/picture.h - what a media file shows and how it sounds
 *
 * Decoding is done by a program of its own, 'dits-decode', which is locked in
 * before it reads the first byte, and which opens nothing: it reads the file
 * through this library. It may not be installed; then all of this is
 * UNSUPPORTED, with a hint.
 *
 * Errors of all that decodes: UNSUPPORTED (no decoder; a codec that it does not
 * know; encrypted), NOT_FOUND (no such track, nothing at that time), LIMIT (too
 * much time or memory), CORRUPT, CANCELLED.
 */
#ifndef DITS_PICTURE_H
#define DITS_PICTURE_H

#include <dits/media.h>

DITS_BEGIN_DECLS

/* Zero means the default for each field; NULL for all of them. */
struct dits_decode_options {
    const char *decoder;   /* path of the program; as it was installed */
    uint64_t memory_bytes; /* that it may use; 512 MiB */
    uint32_t cpu_seconds;  /* that it may take; 30 */
    size_t track;          /* from 1; the one that players show */
    uint32_t width;        /* pixels: what a picture has to fit into */
    uint32_t height;
};

/* A picture in memory. One thread at a time. */
typedef struct dits_picture dits_picture;

struct dits_picture_info {
    uint32_t width;
    uint32_t height;
    struct dits_rational time; /* when it is shown; unknown where it is drawn */
    const uint8_t *pixels;     /* red, green, blue; rows without padding */
};

/*
 * The picture that is shown at `time`, in seconds from the start: upright, in
 * square pixels, no larger than it is. The light of HDR is not converted. The
 * caller frees `*out`.
 */
DITS_API DITS_MUST_USE dits_error *dits_picture_at(
    dits_media *media, const struct dits_decode_options *options,
    struct dits_rational time, dits_picture **out);

/*
 * Pictures at even distances, each with its time, in rows: each has to fit into
 * the options' size, by default 320 by 180. What cannot be decoded stays blank.
 * INVALID for none, or more than 400.
 */
DITS_API DITS_MUST_USE dits_error *dits_picture_sheet(
    dits_media *media, const struct dits_decode_options *options,
    uint32_t columns, uint32_t rows, dits_picture **out);

DITS_API void dits_picture_free(dits_picture *picture);

/* Borrowed from it. */
DITS_API const struct dits_picture_info *dits_picture_get_info(
    const dits_picture *picture);

/* The bytes of a PNG file, borrowed from the picture. */
DITS_API DITS_MUST_USE dits_error *dits_picture_png(dits_picture *picture,
                                                    const void **out,
                                                    size_t *out_size);

/* How loud a track is, over time. One thread at a time. */
typedef struct dits_waveform dits_waveform;

struct dits_waveform_info {
    uint32_t channels;
    uint32_t sample_rate;
    uint32_t level_count;  /* of each channel, all as long */
    uint64_t sample_count; /* of each channel */
    struct dits_rational duration;
};

/* 1 is full scale; sound that is kept as floats may go past it, up to 2. */
struct dits_level {
    double least;
    double most;
    double rms; /* the root of the mean square */
};

/* All of a track in at most `levels` parts: 1 to 8192, else INVALID. */
DITS_API DITS_MUST_USE dits_error *dits_waveform_measure(
    dits_media *media, const struct dits_decode_options *options,
    uint32_t levels, dits_waveform **out);
DITS_API void dits_waveform_free(dits_waveform *waveform);
DITS_API const struct dits_waveform_info *dits_waveform_get_info(
    const dits_waveform *waveform);
DITS_API void dits_waveform_level_at(const dits_waveform *waveform,
                                     uint32_t channel, uint32_t index,
                                     struct dits_level *out);

/* A picture of it, the channels below each other. INVALID for a wild size. */
DITS_API DITS_MUST_USE dits_error *dits_waveform_draw(
    const dits_waveform *waveform, uint32_t width, uint32_t height,
    dits_picture **out);

/*
 * A time as people write it, in seconds from the start: "90", "90.5",
 * "1:30", "00:01:30.500"; "50%" of the file; a timecode of the file, or,
 * where it has none, from zero: "01:00:10:12", "01:00:10;12". INVALID for
 * anything else, and NOT_FOUND for a timecode that is not in it.
 */
DITS_API DITS_MUST_USE dits_error *dits_media_time_parse(
    const dits_media *media, const char *text, struct dits_rational *out);

DITS_END_DECLS

#endif
