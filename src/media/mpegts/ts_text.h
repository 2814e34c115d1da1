/*
 * media/mpegts/ts_text.h - texts of broadcast tables
 *
 * ETSI EN 300 468, annex A: a first byte below 0x20 names the character table.
 */
#ifndef MEDIA_MPEGTS_TS_TEXT_H
#define MEDIA_MPEGTS_TS_TEXT_H

#include "base/buf.h"

/*
 * As UTF-8 into `out`, which is cleared first. Characters of tables other than
 * Latin and Unicode become U+FFFD. Errors: NOMEM.
 */
MUST_USE dits_error *ts_text_decode(struct slice text, struct buf *out);

#endif
