/*
 * repo/sparse_set.h - which of the tracked files are wanted on the disk
 *
 * Everything; or cones, that is, folders with all below them, and the files
 * that lie directly in the folders above; or patterns as in an ignore file,
 * where what matches is wanted.
 *
 * A set has one text (docs/formats/sparse.md): a line that names the mode, then
 * a line for each cone or pattern.
 */
#ifndef REPO_SPARSE_SET_H
#define REPO_SPARSE_SET_H

#include <dits/sparse.h>

#include "base/buf.h"
#include "base/error.h"

#define SPARSE_TEXT_MAX ((size_t)16 << 20) /* bytes */

/* Immutable once made: any thread. */
struct sparse_set;

/*
 * Patterns are copied. Cones are plain paths from the top; they are sorted, and
 * what lies in another one is left out. Errors: INVALID, LIMIT, NOMEM.
 */
MUST_USE dits_error *sparse_set_new(enum dits_sparse_mode mode,
                                    const struct dits_paths *patterns,
                                    struct sparse_set **out);
void sparse_set_free(struct sparse_set *set);
void sparse_set_freep(struct sparse_set **set);

/* From a text of hostile bytes. CORRUPT unless it is that of a set. */
MUST_USE dits_error *sparse_set_parse(struct slice text,
                                      struct sparse_set **out);

/* Append the text. */
MUST_USE dits_error *sparse_set_format(const struct sparse_set *set,
                                       struct buf *out);

enum dits_sparse_mode sparse_set_mode(const struct sparse_set *set);

/* The cones or patterns, borrowed. */
struct dits_paths sparse_set_patterns(const struct sparse_set *set);

/* Whether the file `path`, from the top, is wanted. */
MUST_USE dits_error *sparse_set_has(const struct sparse_set *set,
                                    const char *path, bool *out);

#endif
