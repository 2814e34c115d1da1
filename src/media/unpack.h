/*
 * media/unpack.h - zlib streams inside of media files
 */
#ifndef MEDIA_UNPACK_H
#define MEDIA_UNPACK_H

#include <stdbool.h>

#include "base/buf.h"

/*
 * Append the first `most` bytes that are packed in `packed`, with the header of
 * zlib (RFC 1950) or without. `*out_ended` is false where there would be more,
 * and where the stream is cut off. Errors: CORRUPT, NOMEM.
 */
MUST_USE dits_error *unpack_zlib(struct slice packed, size_t most,
                                 struct buf *out, bool *out_ended);

#endif
