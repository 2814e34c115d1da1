/*
 * media/mxf/mxf_sets.h - header metadata: objects and their properties
 *
 * SMPTE ST 377-1, 9: local sets, whose properties have tags of two bytes; the
 * primer pack translates tags that are not fixed by the standard. Sets refer
 * to each other by their instance id.
 */
#ifndef MEDIA_MXF_MXF_SETS_H
#define MEDIA_MXF_MXF_SETS_H

#include <stdbool.h>

#include "media/window.h"

/* Byte 14 of the keys of sets (ST 377-1, annex A and later parts). */
enum mxf_set_type {
    MXF_SET_SEQUENCE = 0x0f,
    MXF_SET_SOURCE_CLIP = 0x11,
    MXF_SET_TIMECODE = 0x14,
    MXF_SET_CONTAINER_DATA = 0x23,
    MXF_SET_PICTURE = 0x27,
    MXF_SET_CDCI = 0x28,
    MXF_SET_RGBA = 0x29,
    MXF_SET_PREFACE = 0x2f,
    MXF_SET_IDENTIFICATION = 0x30,
    MXF_SET_MATERIAL_PACKAGE = 0x36,
    MXF_SET_SOURCE_PACKAGE = 0x37,
    MXF_SET_EVENT_TRACK = 0x39,
    MXF_SET_STATIC_TRACK = 0x3a,
    MXF_SET_TRACK = 0x3b,
    MXF_SET_SOUND = 0x42,
    MXF_SET_DATA = 0x43,
    MXF_SET_MULTIPLE = 0x44,
    MXF_SET_AES3 = 0x47,
    MXF_SET_WAVE = 0x48,
    MXF_SET_MPEG2 = 0x51,
    MXF_SET_VBI = 0x5b,
    MXF_SET_ANC = 0x5c,
    MXF_SET_TIMED_TEXT = 0x64,
    MXF_SET_CHANNEL_LABEL = 0x6b,
    MXF_SET_SOUNDFIELD_LABEL = 0x6c,
    MXF_SET_IAB = 0x7b,
    MXF_SET_CRYPTOGRAPHIC = 0x100, /* of another branch of keys */
    MXF_SET_OTHER = 0x101,
};

struct mxf_set {
    unsigned type; /* enum mxf_set_type, or another byte 14 */
    uint8_t uid[16];
    struct slice body; /* borrowed from the bytes of mxf_sets */
};

/* Zero is empty. */
struct mxf_sets {
    struct buf bytes; /* the header metadata as a whole */
    struct slice primer;
    size_t count;
    size_t capacity;
    struct mxf_set *list; /* in file order */
    const struct mxf_set **by_uid;
    uint64_t work; /* bytes that were searched for properties */
};

void mxf_sets_release(struct mxf_sets *sets);

/* Read the metadata in [offset, offset + size). Errors: of the source, NOMEM.
 */
MUST_USE dits_error *mxf_sets_load(struct mxf_sets *sets, struct window *window,
                                   uint64_t offset, uint64_t size);

/* The property of a fixed tag; empty: the set has none. */
struct slice mxf_sets_get(struct mxf_sets *sets, const struct mxf_set *set,
                          uint16_t tag);

/* The property of a name, by the primer. */
struct slice mxf_sets_find(struct mxf_sets *sets, const struct mxf_set *set,
                           const uint8_t name[16]);

/* Numbers, big-endian; `otherwise` if it is not there. */
uint64_t mxf_sets_number(struct mxf_sets *sets, const struct mxf_set *set,
                         uint16_t tag, uint64_t otherwise);

/* The set that a reference of 16 bytes names; NULL: none. */
const struct mxf_set *mxf_sets_resolve(const struct mxf_sets *sets,
                                       struct slice reference);

/* The references of an array or batch, without its header. */
struct slice mxf_sets_references(struct mxf_sets *sets,
                                 const struct mxf_set *set, uint16_t tag);

/* The next of them, resolved; false at the end. `*out` may be NULL. */
bool mxf_sets_next(const struct mxf_sets *sets, struct slice *references,
                   const struct mxf_set **out);

/* UTF-16 as UTF-8 into `out`, which is cleared first. */
MUST_USE dits_error *mxf_text(struct slice utf16, struct buf *out);

#endif
