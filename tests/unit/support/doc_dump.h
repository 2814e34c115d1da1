/*
 * tests/unit/support/doc_dump.h - the worked examples in docs/formats
 *
 * A dump is a fenced block marked "hexdump", as `hexdump -C` prints it:
 * an offset, two spaces, bytes in hex, and perhaps "|text|".
 */
#ifndef SUPPORT_DOC_DUMP_H
#define SUPPORT_DOC_DUMP_H

#include "base/buf.h"

/* The bytes of the `nth` dump (from 1) in docs/formats/`page`.md. */
MUST_USE dits_error *doc_dump_read(const char *page, unsigned nth,
                                   struct buf *out);

#endif
