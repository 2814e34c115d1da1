#include "base/json_text.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Length of the character at `text`, or 0 when it is not UTF-8. */
static size_t character_length(const char *text)
{
    size_t left = strnlen(text, 4);
    for (size_t length = 1; length <= left; length++)
        if (text_is_utf8(text, length))
            return length;
    return 0;
}

size_t json_text_next(const char *text, char out[JSON_TEXT_ROOM])
{
    unsigned char c = (unsigned char)*text;
    size_t length = character_length(text);
    if (c == '"' || c == '\\')
        (void)snprintf(out, JSON_TEXT_ROOM, "\\%c", c);
    else if (c < 0x20 || c == 0x7f)
        (void)snprintf(out, JSON_TEXT_ROOM, "\\u%04x", c);
    else if (length == 0)
        (void)snprintf(out, JSON_TEXT_ROOM, "\xef\xbf\xbd");
    else
        (void)snprintf(out, JSON_TEXT_ROOM, "%.*s", (int)length, text);
    return length > 0 ? length : 1;
}
