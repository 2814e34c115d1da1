/*
 * TTML (W3C, Timed Text Markup Language 2): the paragraphs of a document that
 * have times. As much of XML as that takes; whatever else is passed over.
 */
#include <string.h>

#include "media/cues.h"

/* Rates of a document's clocks: its root may change them. */
struct clock {
    int64_t frames; /* a second */
    int64_t ticks;
};

struct attribute {
    struct slice name, value;
};

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static struct slice after(struct slice text, size_t size)
{
    return size >= text.size ? (struct slice){0}
                             : slice_of(text.data + size, text.size - size);
}

static size_t find(struct slice text, uint8_t c)
{
    const uint8_t *at = text.size > 0 ? memchr(text.data, c, text.size) : NULL;
    return at != NULL ? (size_t)(at - text.data) : text.size;
}

/* NAME="VALUE" or NAME='VALUE', behind white space. */
static bool next_attribute(struct slice *rest, struct attribute *out)
{
    while (rest->size > 0 && is_space(rest->data[0]))
        *rest = after(*rest, 1);
    size_t size = find(*rest, '=');
    if (size + 2 >= rest->size)
        return false;
    uint8_t quote = rest->data[size + 1];
    if (quote != '"' && quote != '\'')
        return false;
    out->name = slice_of(rest->data, size);
    struct slice value = after(*rest, size + 2);
    size_t length = find(value, quote);
    if (length == value.size)
        return false;
    out->value = slice_of(value.data, length);
    *rest = after(value, length + 1);
    return true;
}

/* By the name behind a prefix. */
static struct slice attribute_of(struct slice tag, const char *name)
{
    size_t size = strlen(name);
    struct attribute found = {0};
    while (next_attribute(&tag, &found)) {
        size_t length = found.name.size;
        bool is_whole =
            length == size ||
            (length > size && found.name.data[length - size - 1] == ':');
        if (is_whole &&
            memcmp(found.name.data + length - size, name, size) == 0)
            return found.value;
    }
    return (struct slice){0};
}

/* Up to nine digits; `*out_size` is how many. */
static int64_t number_at(struct slice text, size_t *out_size)
{
    int64_t value = 0;
    size_t i = 0;
    while (i < text.size && i < 9 && text.data[i] >= '0' && text.data[i] <= '9')
        value = value * 10 + (text.data[i++] - '0');
    *out_size = i;
    return value;
}

/* The digits behind a point, in microseconds. */
static int64_t fraction(struct slice *text)
{
    int64_t value = 0;
    int64_t unit = CUE_TICKS / 10;
    if (text->size == 0 || text->data[0] != '.')
        return 0;
    *text = after(*text, 1);
    while (text->size > 0 && text->data[0] >= '0' && text->data[0] <= '9') {
        value += (text->data[0] - '0') * unit;
        unit /= 10;
        *text = after(*text, 1);
    }
    return value;
}

static bool is_unit(struct slice text, const char *unit)
{
    return slice_equal(text, slice_of_text(unit));
}

/* "12.5s", "500ms", "3m", "1h", "10f", "100t". */
static bool offset_time(struct slice text, const struct clock *clock,
                        int64_t *out)
{
    size_t size = 0;
    int64_t value = number_at(text, &size);
    if (size == 0)
        return false;
    text = after(text, size);
    int64_t parts = fraction(&text);
    if (is_unit(text, "s"))
        *out = value * CUE_TICKS + parts;
    else if (is_unit(text, "ms"))
        *out = value * (CUE_TICKS / 1000) + parts / 1000;
    else if (is_unit(text, "m"))
        *out = (value * CUE_TICKS + parts) * 60;
    else if (is_unit(text, "h"))
        *out = (value * CUE_TICKS + parts) * 3600;
    else if (is_unit(text, "f"))
        *out = value * CUE_TICKS / clock->frames;
    else if (is_unit(text, "t"))
        *out = value * CUE_TICKS / clock->ticks;
    else
        return false;
    return true;
}

/* "HH:MM:SS", then ".fraction" or ":frames". */
static bool clock_time(struct slice text, const struct clock *clock,
                       int64_t *out)
{
    int64_t seconds = 0;
    for (unsigned i = 0; i < 3; i++) {
        size_t size = 0;
        seconds = seconds * 60 + number_at(text, &size);
        if (size == 0)
            return false;
        text = after(text, size);
        if (i < 2) {
            if (text.size == 0 || text.data[0] != ':')
                return false;
            text = after(text, 1);
        }
    }
    *out = seconds * CUE_TICKS + fraction(&text);
    if (text.size > 1 && text.data[0] == ':') {
        size_t size = 0;
        *out += number_at(after(text, 1), &size) * CUE_TICKS / clock->frames;
        text = after(text, 1 + size);
    }
    return text.size == 0;
}

static bool take_time(struct slice tag, const char *name,
                      const struct clock *clock, int64_t *out)
{
    struct slice text = attribute_of(tag, name);
    return find(text, ':') < text.size ? clock_time(text, clock, out)
                                       : offset_time(text, clock, out);
}

static void read_clock(struct slice tag, struct clock *clock)
{
    size_t size = 0;
    int64_t frames = number_at(attribute_of(tag, "frameRate"), &size);
    int64_t ticks = number_at(attribute_of(tag, "tickRate"), &size);
    if (frames > 0)
        clock->frames = frames;
    if (ticks > 0)
        clock->ticks = ticks;
}

/* <br/> is the only line break; others, and runs of spaces, are one space. */
static dits_error *put_text(struct slice content, struct buf *out)
{
    CLEANUP(buf_release) struct buf plain = {0};
    while (content.size > 0) {
        size_t size = find(content, '<');
        for (size_t i = 0; i < size; i++)
            TRY(buf_put_u8(&plain,
                           is_space(content.data[i]) ? ' ' : content.data[i]));
        content = after(content, size);
        size_t end = find(content, '>');
        if (end >= 3 && memmem(content.data, end, "br", 2) != NULL && end < 12)
            TRY(buf_put_u8(&plain, '\n'));
        content = after(content, end + 1);
    }
    for (size_t i = 0; i < plain.size; i++) {
        bool is_again = i > 0 && plain.data[i] == ' ' &&
                        is_space(plain.data[i - 1]);
        if (!is_again)
            TRY(buf_put_u8(out, plain.data[i]));
    }
    return NULL;
}

static dits_error *add_paragraph(struct slice tag, struct slice content,
                                 const struct clock *clock,
                                 const int64_t span[2], struct cue_list *out)
{
    CLEANUP(buf_release) struct buf raw = {0};
    CLEANUP(buf_release) struct buf text = {0};
    int64_t start = span[0];
    int64_t end = span[1];
    int64_t length = 0;
    (void)take_time(tag, "begin", clock, &start);
    if (take_time(tag, "dur", clock, &length))
        end = start + length;
    (void)take_time(tag, "end", clock, &end);
    TRY(put_text(content, &raw));
    TRY(cues_strip(buf_slice(&raw), &text));
    return cues_add(out, start, end, buf_slice(&text));
}

/* Whether the element in `tag` is called that, behind a prefix. */
static bool is_element(struct slice tag, const char *name)
{
    size_t size = 0;
    while (size < tag.size && !is_space(tag.data[size]) &&
           tag.data[size] != '/')
        size++;
    struct slice whole = slice_of(tag.data, size);
    size_t prefix = find(whole, ':');
    if (prefix < whole.size)
        whole = after(whole, prefix + 1);
    return is_unit(whole, name);
}

/* Where the element ends that `rest` is inside of: at "</p" or "</x:p". */
static size_t find_close(struct slice rest)
{
    for (size_t i = 0; i + 2 < rest.size; i++)
        if (rest.data[i] == '<' && rest.data[i + 1] == '/') {
            struct slice tag = after(rest, i + 2);
            tag.size = find(tag, '>');
            if (is_element(tag, "p"))
                return i;
        }
    return rest.size;
}

dits_error *cues_of_ttml(struct slice document, int64_t start, int64_t end,
                         struct cue_list *out)
{
    struct clock clock = {.frames = 30, .ticks = 1};
    const int64_t span[2] = {start, end};
    while (document.size > 0) {
        document = after(document, find(document, '<') + 1);
        size_t size = find(document, '>');
        if (size == document.size)
            return NULL;
        struct slice tag = slice_of(document.data, size);
        size_t name = 0;
        while (name < tag.size && !is_space(tag.data[name]))
            name++;
        document = after(document, size + 1);
        if (is_element(tag, "tt"))
            read_clock(after(tag, name), &clock);
        if (!is_element(tag, "p") || tag.data[size - 1] == '/')
            continue;
        size_t length = find_close(document);
        TRY(add_paragraph(after(tag, name), slice_of(document.data, length),
                          &clock, span, out));
        document = after(document, length);
    }
    return NULL;
}
