/*
 * media/wrap/gzip.h - the members of a gzip file (RFC 1952)
 */
#ifndef MEDIA_WRAP_GZIP_H
#define MEDIA_WRAP_GZIP_H

#include "media/wrap/wrap.h"

/*
 * Members follow one another; what follows the last of them is not looked at.
 * As a header does not say how long its stream is, everything is unpacked once.
 * Errors: CORRUPT (the first member is damaged), those of the source, NOMEM.
 */
MUST_USE dits_error *gzip_open(struct source *source, struct wrap *out);

#endif
