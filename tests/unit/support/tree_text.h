/*
 * tests/unit/support/tree_text.h - trees of small files, told in one line
 *
 *     "a=one b/c=1|2|3| d*=run e@=a"
 *
 * Files with their texts, in any order; `*` is an executable, `@` a symlink. In
 * a text '|' is a newline and '^' a NUL, which makes it no text at all.
 */
#ifndef SUPPORT_TREE_TEXT_H
#define SUPPORT_TREE_TEXT_H

#include "repo/changes.h"
#include "support/temp_repo.h"

/* Stored and readable; the writer stays open. */
MUST_USE dits_error *tree_text_store(struct store_writer *writer,
                                     const char *text, struct dits_oid *out);

/* The same text of a tree, in the order of paths. */
MUST_USE dits_error *tree_text_show(dits_repo *repo,
                                    const struct dits_oid *tree,
                                    struct buf *out);

/* One side: "*=run", "=one"; "-" for what is not there. */
MUST_USE dits_error *tree_text_show_side(dits_repo *repo,
                                         const struct change_side *side,
                                         struct buf *out);

/* The work tree of `temp` becomes this, whatever it held. */
MUST_USE dits_error *tree_text_write(const struct temp_repo *temp,
                                     const char *text);

#endif
