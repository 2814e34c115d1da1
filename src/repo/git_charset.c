/* The one file of the library that knows iconv. */
#include "repo/git_charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { NAME_BYTES = 64, PIECE_BYTES = 1024 };

/* Names of encodings, not paths of files or options of the converter. */
static bool read_name(struct slice encoding, char out[NAME_BYTES])
{
    if (encoding.size == 0 || encoding.size >= NAME_BYTES)
        return false;
    for (size_t i = 0; i < encoding.size; i++) {
        char c = (char)encoding.data[i];
        if (!text_is_letter(c) && !(c >= '0' && c <= '9') &&
            strchr("-_.:", c) == NULL)
            return false;
        out[i] = c;
    }
    out[encoding.size] = '\0';
    return true;
}

static bool is_utf8_name(const char *name)
{
    return strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0;
}

static dits_error *put_latin1(struct slice text, struct buf *out)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t c = text.data[i];
        if (c >= 0x80) {
            TRY(buf_put_u8(out, (uint8_t)(0xc0 | c >> 6)));
            c = 0x80 | (c & 0x3f);
        }
        TRY(buf_put_u8(out, c));
    }
    return NULL;
}

/* `*out_good` is false where the bytes are not in this encoding. */
static dits_error *convert(iconv_t state, struct slice text, struct buf *out,
                           bool *out_good)
{
    char *from = NULL;
    size_t left = text.size;
    memcpy(&from, &text.data, sizeof(from)); /* it is not written to */
    *out_good = true;
    for (bool flushed = false; *out_good && !flushed;) {
        char piece[PIECE_BYTES];
        char *to = piece;
        size_t room = sizeof(piece);
        flushed = left == 0;
        size_t done = flushed ? iconv(state, NULL, NULL, &to, &room)
                              : iconv(state, &from, &left, &to, &room);
        *out_good = done != (size_t)-1 || errno == E2BIG;
        TRY(buf_put(out, piece, sizeof(piece) - room));
    }
    return NULL;
}

static dits_error *put_converted(struct slice text, const char *name,
                                 struct buf *out, bool *out_good)
{
    *out_good = false;
    iconv_t state = iconv_open("UTF-8", name);
    if (state == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr) */
        return NULL;
    dits_error *err = convert(state, text, out, out_good);
    (void)iconv_close(state);
    *out_good = *out_good && err == NULL &&
                memchr(buf_text(out), '\0', out->size) == NULL &&
                text_is_utf8(out->data, out->size);
    return err;
}

/* U+FFFD for each NUL, which no text of ours may hold. */
static dits_error *without_nuls(struct slice text, struct buf *out)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] != '\0')
            TRY(buf_put_u8(out, text.data[i]));
        else
            TRY(buf_put_text(out, "\xef\xbf\xbd"));
    }
    return NULL;
}

dits_error *git_charset_decode(struct slice text, struct slice encoding,
                               struct buf *out)
{
    CLEANUP(buf_release) struct buf plain = {0};
    CLEANUP(buf_release) struct buf converted = {0};
    char name[NAME_BYTES];
    bool good = false;
    if (read_name(encoding, name) && !is_utf8_name(name) && text.size > 0)
        TRY(put_converted(text, name, &converted, &good));
    if (good)
        return buf_put(out, converted.data, converted.size);
    if (text.size > 0 && memchr(text.data, '\0', text.size) != NULL) {
        TRY(without_nuls(text, &plain));
        text = buf_slice(&plain);
    }
    if (text_is_utf8(text.data, text.size))
        return buf_put(out, text.data, text.size);
    return put_latin1(text, out);
}
