/*
 * base/json_text.h - characters inside a string of JSON
 */
#ifndef BASE_JSON_TEXT_H
#define BASE_JSON_TEXT_H

#include <stddef.h>

/* Of one character, with the NUL. */
#define JSON_TEXT_ROOM 8u

/*
 * How the first character of `text`, which is not empty, is written. The
 * result is valid JSON in UTF-8 always: control characters are escaped, and a
 * byte that is not UTF-8 becomes U+FFFD. Returns how many bytes it was.
 */
size_t json_text_next(const char *text, char out[JSON_TEXT_ROOM]);

#endif
