/*
 * media/wrap/zip.h - the members of a zip file (PKWARE APPNOTE 6.3.10)
 */
#ifndef MEDIA_WRAP_ZIP_H
#define MEDIA_WRAP_ZIP_H

#include "media/wrap/wrap.h"

/*
 * By the central directory, each entry held against its local header. Errors:
 * CORRUPT (no zip, several disks, entries that overlap or that the two do not
 * agree on, beyond the limits), those of the source, NOMEM.
 */
MUST_USE dits_error *zip_open(struct source *source, struct wrap *out);

#endif
