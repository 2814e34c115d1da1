#include "media/cues.h"

#include <string.h>

#include "base/array.h"
#include "base/be.h"
#include "base/mem.h"
#include "base/text.h"
#include "media/captions.h"
#include "media/limits.h"
#include "media/payload.h"
#include "media/timeline.h"
#include "media/utf16.h"

void cues_release(struct cue_list *cues)
{
    for (size_t i = 0; i < cues->count; i++)
        mem_free(cues->list[i].text);
    mem_free(cues->list);
    *cues = (struct cue_list){0};
}

static struct slice trimmed(struct slice text)
{
    while (text.size > 0 && (text.data[text.size - 1] <= ' '))
        text.size--;
    while (text.size > 0 && text.data[0] <= ' ') {
        text.data++;
        text.size--;
    }
    return text;
}

dits_error *cues_add(struct cue_list *cues, int64_t start, int64_t end,
                     struct slice text)
{
    text = trimmed(text);
    if (text.size > LIMIT_TEXT)
        text.size = LIMIT_TEXT;
    if (text.size == 0 || cues->count >= LIMIT_CUES)
        return NULL;
    struct cue *list =
        array_grown(cues->list, cues->count, &cues->capacity, sizeof(*list));
    if (list == NULL)
        return error_nomem();
    cues->list = list;
    struct cue *cue = &cues->list[cues->count];
    TRY(text_copy_part((const char *)text.data, text.size, &cue->text));
    bool is_utf8 = text_is_utf8(text.data, text.size);
    for (size_t i = 0; i < text.size && !is_utf8; i++)
        if ((uint8_t)cue->text[i] >= 0x80 || cue->text[i] == '\0')
            cue->text[i] = '?';
    cue->start = start;
    cue->end = end;
    cues->count++;
    return NULL;
}

enum cue_format cues_format_of(const struct media_track *track)
{
    static const struct {
        const char *codec;
        enum cue_format format;
    } rows[] = {
        {"mov_text", CUES_TX3G}, {"subrip", CUES_PLAIN}, {"srt", CUES_PLAIN},
        {"text", CUES_PLAIN},    {"ttml", CUES_TTML},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (strcmp(track->codec, rows[i].codec) == 0)
            return rows[i].format;
    if (strcmp(track->codec, "webvtt") != 0)
        return CUES_NONE;
    return strcmp(track->tag, "wvtt") == 0 ? CUES_WVTT : CUES_PLAIN;
}

/* Entities that subtitles use; others stay as they are. */
static size_t entity(struct slice text, struct buf *out, dits_error **err)
{
    static const struct {
        const char *name;
        const char *text;
    } rows[] = {
        {"&amp;", "&"},  {"&lt;", "<"},   {"&gt;", ">"}, {"&quot;", "\""},
        {"&apos;", "'"}, {"&nbsp;", " "}, {"&lrm;", ""}, {"&rlm;", ""},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t size = strlen(rows[i].name);
        if (text.size < size || memcmp(text.data, rows[i].name, size) != 0)
            continue;
        *err = buf_put_text(out, rows[i].text);
        return size;
    }
    *err = buf_put_u8(out, text.data[0]);
    return 1;
}

dits_error *cues_strip(struct slice text, struct buf *out)
{
    bool is_tag = false;
    for (size_t i = 0; i < text.size;) {
        size_t step = 1;
        dits_error *err = NULL;
        uint8_t c = text.data[i];
        if (c == '<')
            is_tag = true;
        else if (is_tag)
            is_tag = c != '>';
        else if (c == '&')
            step = entity(slice_of(text.data + i, text.size - i), out, &err);
        else if (c != '\r')
            err = buf_put_u8(out, c);
        TRY(err);
        i += step;
    }
    return NULL;
}

/* A size, then the text: UTF-8, or UTF-16 where it begins with a mark. */
static dits_error *of_tx3g(struct slice sample, int64_t start, int64_t end,
                           struct cue_list *out)
{
    CLEANUP(buf_release) struct buf utf8 = {0};
    if (sample.size < 2)
        return NULL;
    size_t size = be16_load(sample.data);
    struct slice text = slice_of(sample.data + 2, sample.size - 2);
    if (size > text.size)
        return NULL;
    text.size = size;
    unsigned mark = size >= 2 ? be16_load(text.data) : 0;
    if (mark != 0xfeff && mark != 0xfffe)
        return cues_add(out, start, end, text);
    TRY(text_of_utf16(text, &utf8));
    return cues_add(out, start, end, buf_slice(&utf8));
}

/* Boxes 'vttc' with the text in 'payl'; 'vtte' is a pause. */
static dits_error *of_wvtt(struct slice sample, int64_t start, int64_t end,
                           unsigned depth, struct cue_list *out)
{
    enum { HEADER = 8 };
    while (sample.size >= HEADER) {
        size_t size = be32_load(sample.data);
        if (size < HEADER || size > sample.size)
            return NULL;
        struct slice payload = slice_of(sample.data + HEADER, size - HEADER);
        if (depth == 0 && memcmp(sample.data + 4, "vttc", 4) == 0)
            TRY(of_wvtt(payload, start, end, 1, out));
        if (depth == 1 && memcmp(sample.data + 4, "payl", 4) == 0) {
            CLEANUP(buf_release) struct buf text = {0};
            TRY(cues_strip(payload, &text));
            TRY(cues_add(out, start, end, buf_slice(&text)));
        }
        sample = slice_of(sample.data + size, sample.size - size);
    }
    return NULL;
}

static dits_error *of_plain(struct slice sample, int64_t start, int64_t end,
                            struct cue_list *out)
{
    CLEANUP(buf_release) struct buf text = {0};
    TRY(cues_strip(sample, &text));
    return cues_add(out, start, end, buf_slice(&text));
}

dits_error *cues_of_sample(enum cue_format format, struct slice sample,
                           int64_t start, int64_t end, struct cue_list *out)
{
    switch (format) {
    case CUES_TX3G:
        return of_tx3g(sample, start, end, out);
    case CUES_WVTT:
        return of_wvtt(sample, start, end, 0, out);
    case CUES_PLAIN:
        return of_plain(sample, start, end, out);
    case CUES_TTML:
        return cues_of_ttml(sample, start, end, out);
    case CUES_NONE:
        break;
    }
    return NULL;
}

/* Ticks of the track as microseconds; 0 where they are too large. */
static int64_t microseconds(struct media_time_base base, int64_t ticks)
{
    int64_t out = 0;
    if (!timeline_rescale(ticks, (uint64_t)base.num * CUE_TICKS, base.den,
                          &out))
        return 0;
    return out;
}

dits_error *cues_read(struct media_file *file, uint32_t track,
                      struct cue_list *out)
{
    CLEANUP(payload_walk_close) struct payload_walk walk = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(captions_release) struct captions captions = {0};
    const struct media_track *about = &file->tracks[track];
    enum cue_format format = cues_format_of(about);
    bool is_608 = strcmp(about->codec, "eia_608") == 0;
    struct media_sample sample = {0};
    int64_t end = 0;
    bool found = true;
    if (format == CUES_NONE && !is_608)
        return NULL;
    TRY(payload_walk_open(file, track, &walk));
    while (out->count < LIMIT_CUES) {
        TRY(payload_walk_next(&walk, &sample, &found));
        if (!found)
            break;
        int64_t start = microseconds(about->time_base, sample.pts);
        end = sample.duration < 0
                  ? start
                  : start + microseconds(about->time_base, sample.duration);
        TRY(payload_load(file, track, &sample, LIMIT_PAYLOAD, &bytes));
        if (is_608)
            TRY(captions_feed_boxes(&captions, buf_slice(&bytes), start, out));
        else
            TRY(cues_of_sample(format, buf_slice(&bytes), start, end, out));
    }
    return captions_finish(&captions, end, out);
}
