/*
 * cli/message.h - the message of a commit or tag
 */
#ifndef CLI_MESSAGE_H
#define CLI_MESSAGE_H

#include "base/buf.h"
#include "cli/command.h"

enum { MESSAGE_MAX = 1 << 20 };

/* The texts of several -m: a paragraph each. */
MUST_USE dits_error *message_join(const struct cli_list *parts,
                                  struct buf *out);

/* The content of `path`; "-" is standard input. LIMIT past MESSAGE_MAX. */
MUST_USE dits_error *message_read(const char *path, struct buf *out);

/*
 * Tidy up as git does: no spaces at the ends of lines, one empty line at most
 * between others, none at the ends; with `drop_comments`, no line that starts
 * with '#'. INVALID when the text is not UTF-8.
 */
MUST_USE dits_error *message_clean(struct slice text, bool drop_comments,
                                   struct buf *out);

/* Let the user edit `draft` in the file `name` of .dits; what is left of it. */
MUST_USE dits_error *message_edit(struct cli *cli, const char *name,
                                  const char *draft, struct buf *out);

#endif
