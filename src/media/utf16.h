/*
 * media/utf16.h - UTF-16 in media files
 */
#ifndef MEDIA_UTF16_H
#define MEDIA_UTF16_H

#include "base/buf.h"

/*
 * Append `text` as UTF-8, up to its NUL: in the order that its mark says, or
 * else big-endian. Errors: NOMEM.
 */
MUST_USE dits_error *text_of_utf16(struct slice text, struct buf *out);

/* One character as UTF-8; what is none becomes U+FFFD. */
MUST_USE dits_error *text_put_character(struct buf *out, uint32_t code);

#endif
