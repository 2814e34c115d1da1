/*
 * cli/draft.h - writing the message of a commit or tag
 */
#ifndef CLI_DRAFT_H
#define CLI_DRAFT_H

#include "base/buf.h"
#include "cli/command.h"

enum { DRAFT_MAX = 1 << 20 };

/* The texts of several -m: a paragraph each. */
MUST_USE dits_error *draft_join(const struct cli_list *parts, struct buf *out);

/* The content of `path`; "-" is standard input. LIMIT past DRAFT_MAX. */
MUST_USE dits_error *draft_read(const char *path, struct buf *out);

/*
 * Tidy up as git does: no spaces at the ends of lines, one empty line at most
 * between others, none at the ends; with `drop_comments`, no line that starts
 * with '#'. INVALID when the text is not UTF-8.
 */
MUST_USE dits_error *draft_clean(struct slice text, bool drop_comments,
                                 struct buf *out);

/* Let the user edit the file at `path`. */
MUST_USE dits_error *draft_edit_file(struct cli *cli, const char *path);

/* Let the user edit `draft` in the file `name` of .dits; what is left of it. */
MUST_USE dits_error *draft_edit(struct cli *cli, const char *name,
                                const char *draft, struct buf *out);

#endif
