/*
 * repo/git_charset.h - texts in whatever encoding, as UTF-8
 */
#ifndef REPO_GIT_CHARSET_H
#define REPO_GIT_CHARSET_H

#include "base/buf.h"

/*
 * Append `text` in UTF-8 without NULs. `encoding` is what is said of it, or
 * empty: UTF-8. Where that is unknown or wrong the text is taken for UTF-8 if
 * it can be, else for Latin-1, where every byte is a character. NOMEM.
 */
MUST_USE dits_error *git_charset_decode(struct slice text,
                                        struct slice encoding, struct buf *out);

#endif
