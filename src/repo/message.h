/*
 * repo/message.h - the texts of commits and tags
 */
#ifndef REPO_MESSAGE_H
#define REPO_MESSAGE_H

#include "base/buf.h"

/*
 * As git cleans them: no blanks at the ends of lines, no empty lines at both
 * ends, one where there are several inside, one newline at the end. "" when
 * nothing is left. Free with mem_free(). INVALID when it is not UTF-8.
 */
MUST_USE dits_error *message_clean(const char *text, char **out);

/* The first line of a message that was cleaned: for logs. Appended. */
MUST_USE dits_error *message_subject(const char *message, struct buf *out);

#endif
