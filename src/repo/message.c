#include "repo/message.h"

#include <string.h>

#include "base/text.h"

enum { MAX_BYTES = 1024 * 1024, SUBJECT_BYTES = 200 };

/* Length of a line without the blanks at its end. */
static size_t trimmed(const char *line, size_t length)
{
    while (length > 0 && strchr(" \t\r\v\f", line[length - 1]) != NULL)
        length--;
    return length;
}

dits_error *message_clean(const char *text, char **out)
{
    CLEANUP(buf_release) struct buf clean = buf_limited(MAX_BYTES);
    bool gap = false;
    if (!text_is_utf8(text, strlen(text)))
        return error_new(DITS_E_INVALID, "the message is not UTF-8");
    for (const char *line = text; *line != '\0';) {
        size_t whole = strcspn(line, "\n");
        size_t length = trimmed(line, whole);
        if (length == 0) {
            gap = clean.size > 0;
        } else {
            if (gap)
                TRY(buf_put_u8(&clean, '\n'));
            TRY(buf_put(&clean, line, length));
            TRY(buf_put_u8(&clean, '\n'));
            gap = false;
        }
        line += whole + (line[whole] == '\n' ? 1 : 0);
    }
    return buf_take_text(&clean, out);
}

dits_error *message_subject(const char *message, struct buf *out)
{
    size_t length = strcspn(message, "\n");
    if (length > SUBJECT_BYTES) {
        length = SUBJECT_BYTES;
        while (length > 0 && ((unsigned char)message[length] & 0xc0) == 0x80)
            length--; /* not inside a character */
    }
    return buf_put(out, message, length);
}
