/*
 * object/wrapped_plan.h - which streams of a packed file are unpacked, and how
 */
#ifndef OBJECT_WRAPPED_PLAN_H
#define OBJECT_WRAPPED_PLAN_H

#include "base/context.h"
#include "base/source.h"
#include "object/wrapped.h"

/*
 * The table for `source`; it has no members when the file is not packed, was
 * packed by another encoder, or has little in it that would be unpacked.
 * Errors: those of the source, CANCELLED, NOMEM.
 */
MUST_USE dits_error *wrapped_plan(const dits_context *context,
                                  struct source *source, struct wrapped *out);

#endif
