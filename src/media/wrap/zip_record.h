/*
 * media/wrap/zip_record.h - the records of a zip file, one at a time
 *
 * Errors of all: CORRUPT, those of the source, NOMEM.
 */
#ifndef MEDIA_WRAP_ZIP_RECORD_H
#define MEDIA_WRAP_ZIP_RECORD_H

#include "base/error.h"
#include "media/window.h"

/* APPNOTE 4.3.12: without name, extra fields and comment. */
#define ZIP_MIN_ENTRY_BYTES 46u

/* APPNOTE 4.4.5. */
#define ZIP_STORED 0u
#define ZIP_DEFLATED 8u

/* APPNOTE 4.4.4: bits 0, 6 and 13 all hide the bytes. */
#define ZIP_ENCRYPTED 0x2041u
#define ZIP_HAS_DESCRIPTOR 0x0008u

/* Where the central directory is: it ends where the record of it begins. */
struct zip_end {
    uint64_t count;
    uint64_t directory_offset;
    uint64_t directory_size;
};

/* The end record must be the last thing in the file, but for its comment. */
MUST_USE dits_error *zip_find_end(struct window *window, struct zip_end *out);

/* An entry of the central directory. */
struct zip_entry {
    uint64_t header_offset; /* of its local header */
    uint64_t coded_size;
    uint64_t plain_size;
    uint64_t name_offset; /* of its name in the directory */
    uint16_t name_size;
    uint16_t flags;
    uint16_t method;
    uint32_t crc;
};

/* The entry at `offset`, which has at most `left` bytes: `*out_size`. */
MUST_USE dits_error *zip_read_entry(struct window *window, uint64_t offset,
                                    uint64_t left, struct zip_entry *out,
                                    uint64_t *out_size);

/*
 * Hold an entry against its local header, which lies before `end`; says where
 * the packed bytes begin, at most at `end`. Two windows on one source, because
 * the names are compared.
 */
MUST_USE dits_error *zip_check_local(struct window *headers,
                                     struct window *directory,
                                     const struct zip_entry *entry,
                                     uint64_t end, uint64_t *out_offset);

#endif
