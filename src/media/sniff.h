/*
 * media/sniff.h - what a file is, by its first bytes
 *
 * Cheap enough to ask for every file. Decides how coarsely a file is cut: by
 * its container and codec, never by what the pictures show.
 */
#ifndef MEDIA_SNIFF_H
#define MEDIA_SNIFF_H

#include <stddef.h>
#include <stdint.h>

/* More of the file than this is never looked at. */
#define SNIFF_HEAD_BYTES 4096u

/* How coarsely to cut. The names of chunkers: sniff_profile_name(). */
enum sniff_profile {
    SNIFF_SMALL, /* what is edited in place: projects, text, unknown */
    SNIFF_MEDIA, /* compressed across frames, or sound */
    SNIFF_LARGE, /* every frame by itself and large: ProRes, DPX, EXR, raw */
};

struct sniff {
    const char *container; /* "isobmff", "matroska", …, "unknown" */
    enum sniff_profile profile;
};

/* `bytes` are the start of a file of `file_size` bytes. */
struct sniff sniff_content(const void *bytes, size_t size, uint64_t file_size);

/* "small", "media", "large". */
const char *sniff_profile_name(enum sniff_profile profile);

#endif
