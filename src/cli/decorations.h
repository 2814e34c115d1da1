/*
 * cli/decorations.h - which branches and tags a commit has
 *
 *     (grafted, HEAD -> main, tag: v1, rough-cut)
 *
 * "grafted", as git has it: the history was cut there.
 */
#ifndef CLI_DECORATIONS_H
#define CLI_DECORATIONS_H

#include <dits/commit.h>
#include <dits/refs.h>
#include <dits/remote.h>

#include "base/buf.h"
#include "cli/cli.h"

struct decoration;

/* Sorted by commit. The zero value has none. */
struct decorations {
    struct decoration *items;
    size_t count;
    size_t capacity;
    bool is_read;
};

MUST_USE dits_error *decorations_read(dits_repo *repo, struct decorations *out);
void decorations_release(struct decorations *decorations);

/* "HEAD -> main, tag: v1", or nothing. Colours as the command has them. */
MUST_USE dits_error *decorations_put(const struct cli *cli,
                                     const struct decorations *decorations,
                                     const dits_commit *commit,
                                     struct buf *out);

/* Call `fn` with each name, as JSON lists them. */
typedef void decoration_fn(const char *name, void *payload);
void decorations_each(const struct decorations *decorations,
                      const struct dits_oid *commit, decoration_fn *fn,
                      void *payload);

#endif
