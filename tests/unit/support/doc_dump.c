#include "support/doc_dump.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/fs.h"

enum { PAGE_MAX = 1 << 20, OFFSET_DIGITS = 8 };

/* The start of the line after the one at `line`, or NULL. */
static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    return end != NULL ? end + 1 : NULL;
}

static dits_error *read_line(const char *line, struct buf *out)
{
    const char *at = line + strspn(line, "0123456789abcdef");
    if (at - line != OFFSET_DIGITS || strtoul(line, NULL, 16) != out->size)
        return error_new(DITS_E_CORRUPT, "a wrong offset in a dump");
    for (;;) {
        at += strspn(at, " ");
        if (!isxdigit((unsigned char)at[0]) || !isxdigit((unsigned char)at[1]))
            return NULL;
        char digits[3] = {at[0], at[1], '\0'};
        TRY(buf_put_u8(out, (uint8_t)strtoul(digits, NULL, 16)));
        at += 2;
    }
}

dits_error *doc_dump_read(const char *page, unsigned nth, struct buf *out)
{
    static const char fence[] = "```hexdump\n";
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(buf_release) struct buf text = {0};
    TRY(buf_printf(&path, "%s/docs/formats/%s.md", SOURCE_ROOT, page));
    TRY(fs_read_all(buf_text(&path), PAGE_MAX, &text));
    const char *at = buf_text(&text);
    for (unsigned i = 0; i < nth && at != NULL; i++) {
        at = strstr(at, fence);
        at = at != NULL ? at + strlen(fence) : NULL;
    }
    if (at == NULL)
        return error_new(DITS_E_NOT_FOUND, "no dump %u in '%s.md'", nth, page);
    buf_clear(out);
    for (; at != NULL && strncmp(at, "```", 3) != 0; at = next_line(at))
        TRY(read_line(at, out));
    return NULL;
}
