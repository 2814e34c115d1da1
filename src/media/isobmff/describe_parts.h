/*
 * media/isobmff/describe_parts.h - what the files of describe*.c share
 *
 * Private to them. Errors are NOMEM.
 */
#ifndef MEDIA_ISOBMFF_DESCRIBE_PARTS_H
#define MEDIA_ISOBMFF_DESCRIBE_PARTS_H

#include "media/isobmff/children.h"
#include "media/media.h"

/* Behind version and flags. */
enum { FULL_BOX = 4 };

/* What a box is described into. */
struct described {
    struct media_file *file;
    struct media_track *track; /* NULL: the file */
    struct media_facts *facts; /* of either */
};

typedef dits_error *describe_fn(const struct described *to,
                                struct slice payload);
describe_fn describe_mvhd, describe_tkhd, describe_mdhd, describe_udta,
    describe_meta, describe_uuid, describe_chpl;

/* "creation_time" from seconds since 1904; 0 is unknown. */
MUST_USE dits_error *describe_creation(const struct described *to,
                                       uint64_t seconds);

/* ISO 639-2 from five bits a letter, or QuickTime's language numbers. */
void language_text(unsigned code, char out[4]);

/*
 * "title", "encoder" or "tag.KEY". A location is marked, an empty text left
 * out.
 */
MUST_USE dits_error *describe_tag(const struct described *to, const char *key,
                                  struct slice text);

/* The key that ffmpeg has for a type of 'udta' or 'ilst'; NULL: none. */
const char *tag_key(uint32_t type);

/* One item of 'ilst' under `key`: the 'data' boxes in it. */
MUST_USE dits_error *describe_item(const struct described *to, const char *key,
                                   struct slice item);

/* "user.NAME": how many bytes of something else there are. */
MUST_USE dits_error *describe_user(const struct described *to, uint32_t type,
                                   size_t size);

#endif
