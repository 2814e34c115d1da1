#include "picture/message.h"

#include <string.h>

#include "base/cursor.h"
#include "base/le.h"
#include "base/text.h"

static dits_error *strange(const char *what)
{
    return error_new(DITS_E_CORRUPT, "the decoder sent %s", what);
}

dits_error *message_head_parse(const uint8_t bytes[MESSAGE_HEADER],
                               struct message_head *out)
{
    struct cursor cursor = cursor_over(bytes, MESSAGE_HEADER);
    uint32_t type = 0;
    uint32_t size = 0;
    TRY(cursor_le32(&cursor, &type));
    TRY(cursor_le32(&cursor, &size));
    if (type < MESSAGE_REQUEST || type > MESSAGE_FAILED)
        return strange("no message that is known");
    if (size > MESSAGE_MAX)
        return strange("a message that is too large");
    *out = (struct message_head){(enum message_type)type, size};
    return NULL;
}

dits_error *message_head_put(struct buf *buf, enum message_type type,
                             size_t size)
{
    TRY(buf_put_le32(buf, (uint32_t)type));
    return buf_put_le32(buf, (uint32_t)size);
}

/* A message whose size is known once it is written. */
static dits_error *begin(struct buf *buf, enum message_type type,
                         size_t *out_start)
{
    *out_start = buf->size;
    return message_head_put(buf, type, 0);
}

static void end(const struct buf *buf, size_t start)
{
    le32_store(buf->data + start + 4,
               (uint32_t)(buf->size - start - MESSAGE_HEADER));
}

static dits_error *put_time(struct buf *buf, struct message_time time)
{
    TRY(buf_put_le64(buf, (uint64_t)time.num));
    return buf_put_le64(buf, (uint64_t)time.den);
}

static dits_error *take_time(struct cursor *cursor, struct message_time *out)
{
    uint64_t num = 0;
    uint64_t den = 0;
    TRY(cursor_le64(cursor, &num));
    TRY(cursor_le64(cursor, &den));
    *out = (struct message_time){(int64_t)num, (int64_t)den};
    return out->den > 0 ? NULL : strange("a time that is none");
}

bool message_request_is_valid(const struct message_request *request)
{
    uint64_t pixels = (uint64_t)request->width * request->height;
    bool has_size = request->width > 0 && request->height > 0 &&
                    request->width <= REQUEST_SIDE_MAX &&
                    request->height <= REQUEST_SIDE_MAX;
    bool has_limits = request->memory_bytes > 0 && request->cpu_seconds > 0;
    if (request->time_count == 0)
        return has_limits && request->level_count > 0 &&
               request->level_count <= REQUEST_LEVELS_MAX;
    return has_limits && has_size && request->time_count <= REQUEST_TIMES_MAX &&
           pixels * request->time_count <= REQUEST_PIXELS_MAX;
}

static dits_error *put_limits(struct buf *buf,
                              const struct message_request *request)
{
    TRY(buf_put_le64(buf, request->source_size));
    TRY(buf_put_le64(buf, request->memory_bytes));
    TRY(buf_put_le32(buf, request->cpu_seconds));
    TRY(buf_put_le32(buf, request->stream));
    TRY(buf_put_le32(buf, request->width));
    TRY(buf_put_le32(buf, request->height));
    TRY(buf_put_le32(buf, request->level_count));
    return buf_put_le32(buf, request->time_count);
}

dits_error *message_request_put(struct buf *buf,
                                const struct message_request *request)
{
    size_t start = 0;
    TRY(begin(buf, MESSAGE_REQUEST, &start));
    TRY(put_limits(buf, request));
    for (uint32_t i = 0; i < request->time_count; i++)
        TRY(put_time(buf, request->times[i]));
    TRY(buf_put_text(buf, DITS_VERSION));
    end(buf, start);
    return NULL;
}

static dits_error *take_limits(struct cursor *cursor,
                               struct message_request *out)
{
    TRY(cursor_le64(cursor, &out->source_size));
    TRY(cursor_le64(cursor, &out->memory_bytes));
    TRY(cursor_le32(cursor, &out->cpu_seconds));
    TRY(cursor_le32(cursor, &out->stream));
    TRY(cursor_le32(cursor, &out->width));
    TRY(cursor_le32(cursor, &out->height));
    TRY(cursor_le32(cursor, &out->level_count));
    return cursor_le32(cursor, &out->time_count);
}

dits_error *message_request_parse(struct slice bytes,
                                  struct message_request *out)
{
    struct cursor cursor = cursor_over(bytes.data, bytes.size);
    struct slice version = {0};
    *out = (struct message_request){0};
    TRY(take_limits(&cursor, out));
    if (!message_request_is_valid(out))
        return error_new(DITS_E_CORRUPT, "the request is out of bounds");
    for (uint32_t i = 0; i < out->time_count; i++)
        TRY(take_time(&cursor, &out->times[i]));
    TRY(cursor_slice(&cursor, cursor_left(&cursor), &version));
    if (!slice_equal(version, slice_of_text(DITS_VERSION)))
        return error_new(DITS_E_UNSUPPORTED,
                         "the decoder is of Dits %s, not of the same version",
                         DITS_VERSION);
    return NULL;
}

dits_error *message_read_put(struct buf *buf, struct message_read read)
{
    TRY(message_head_put(buf, MESSAGE_READ, 12));
    TRY(buf_put_le64(buf, read.offset));
    return buf_put_le32(buf, read.size);
}

dits_error *message_read_parse(struct slice bytes, struct message_read *out)
{
    struct cursor cursor = cursor_over(bytes.data, bytes.size);
    TRY(cursor_le64(&cursor, &out->offset));
    TRY(cursor_le32(&cursor, &out->size));
    TRY(cursor_end(&cursor));
    if (out->size == 0 || out->size > MESSAGE_MAX)
        return strange("a read of no possible size");
    return NULL;
}

dits_error *message_picture_put(struct buf *buf,
                                const struct message_picture *picture)
{
    TRY(message_head_put(buf, MESSAGE_PICTURE, 24));
    TRY(buf_put_le32(buf, picture->width));
    TRY(buf_put_le32(buf, picture->height));
    return put_time(buf, picture->time);
}

dits_error *message_picture_parse(struct slice bytes,
                                  struct message_picture *out)
{
    struct cursor cursor = cursor_over(bytes.data, bytes.size);
    TRY(cursor_le32(&cursor, &out->width));
    TRY(cursor_le32(&cursor, &out->height));
    TRY(take_time(&cursor, &out->time));
    TRY(cursor_end(&cursor));
    if (out->width > REQUEST_SIDE_MAX || out->height > REQUEST_SIDE_MAX ||
        (out->width == 0) != (out->height == 0))
        return strange("a picture of no possible size");
    return NULL;
}

dits_error *message_sound_put(struct buf *buf,
                              const struct message_sound *sound)
{
    TRY(message_head_put(buf, MESSAGE_SOUND, 20));
    TRY(buf_put_le32(buf, sound->channels));
    TRY(buf_put_le32(buf, sound->sample_rate));
    TRY(buf_put_le32(buf, sound->level_count));
    return buf_put_le64(buf, sound->samples);
}

dits_error *message_sound_parse(struct slice bytes, struct message_sound *out)
{
    struct cursor cursor = cursor_over(bytes.data, bytes.size);
    TRY(cursor_le32(&cursor, &out->channels));
    TRY(cursor_le32(&cursor, &out->sample_rate));
    TRY(cursor_le32(&cursor, &out->level_count));
    TRY(cursor_le64(&cursor, &out->samples));
    TRY(cursor_end(&cursor));
    if (out->channels == 0 || out->channels > SOUND_CHANNELS_MAX ||
        out->sample_rate == 0 || out->sample_rate > INT32_MAX ||
        out->level_count == 0 || out->level_count > REQUEST_LEVELS_MAX ||
        out->samples < out->level_count || out->samples > INT64_MAX)
        return strange("sound of no possible shape");
    return NULL;
}

dits_error *message_failure_put(struct buf *buf, enum dits_code code,
                                const char *text)
{
    size_t size = strnlen(text, MESSAGE_TEXT_MAX);
    while (size > 0 && !text_is_utf8(text, size))
        size--; /* not in the middle of a character */
    TRY(message_head_put(buf, MESSAGE_FAILED, 4 + size));
    TRY(buf_put_le32(buf, (uint32_t)code));
    return buf_put(buf, text, size);
}

dits_error *message_failure_parse(struct slice bytes,
                                  struct message_failure *out)
{
    struct cursor cursor = cursor_over(bytes.data, bytes.size);
    struct slice text = {0};
    uint32_t code = 0;
    TRY(cursor_le32(&cursor, &code));
    TRY(cursor_slice(&cursor, cursor_left(&cursor), &text));
    if (code < DITS_E_INTERNAL || code > DITS_E_CANCELLED || text.size == 0 ||
        text.size > MESSAGE_TEXT_MAX || !text_is_utf8(text.data, text.size))
        return strange("a failure that is none");
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < ' ' || text.data[i] == 0x7f)
            return strange("a failure that is none");
    out->code = (enum dits_code)code;
    memcpy(out->text, text.data, text.size);
    out->text[text.size] = '\0';
    return NULL;
}
