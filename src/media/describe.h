/*
 * media/describe.h - what the samples say beyond their container
 *
 * Opening a file reads its headers alone. This also looks at the first bytes
 * of each track, and where the container has an index, at the times of all
 * pictures. For showing a file, not for storing it.
 */
#ifndef MEDIA_DESCRIBE_H
#define MEDIA_DESCRIBE_H

#include "media/media.h"

/* Errors: of the source, NOMEM, CANCELLED. */
MUST_USE dits_error *media_describe(struct media_file *file);

#endif
