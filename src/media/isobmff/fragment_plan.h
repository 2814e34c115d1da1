/*
 * media/isobmff/fragment_plan.h - what stands where in a file of fragments
 *
 * Private to fragment_file.c.
 */
#ifndef MEDIA_ISOBMFF_FRAGMENT_PLAN_H
#define MEDIA_ISOBMFF_FRAGMENT_PLAN_H

#include "media/isobmff/fragment_file.h"

/* Fill in all that follows from source, index, options and range. */
MUST_USE dits_error *fragment_plan(struct fragment_file *file);

#endif
