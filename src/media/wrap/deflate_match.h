/*
 * media/wrap/deflate_match.h - with what a stream was deflated
 */
#ifndef MEDIA_WRAP_DEFLATE_MATCH_H
#define MEDIA_WRAP_DEFLATE_MATCH_H

#include "base/context.h"
#include "base/deflate.h"
#include "media/wrap/wrap.h"

/*
 * Find parameters that make the coded bytes of `member` again, all of them.
 * `*hint` is tried first when it is valid, and set to what was found: members
 * of a file mostly have the same. `context` may be NULL.
 *
 * `*out_found` is false for a stream that another program made, that is
 * damaged, or that is not what the member says.
 * Errors: CANCELLED, NOMEM, those of the source.
 */
MUST_USE dits_error *deflate_match(const dits_context *context,
                                   struct source *source,
                                   const struct wrap_member *member,
                                   struct deflate_params *hint,
                                   bool *out_found);

#endif
