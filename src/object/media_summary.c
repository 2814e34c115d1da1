#include "object/media_summary.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "object/asset_reader.h"

enum { VERSION = 1 };

/* Text is short: its size is one byte. */
static dits_error *put_text(struct buf *out, const char *text)
{
    TRY(buf_put_u8(out, (uint8_t)strlen(text)));
    return buf_put_text(out, text);
}

static dits_error *take_text(struct cursor *in, char *out, size_t room)
{
    struct slice text = {0};
    uint8_t size = 0;
    TRY(cursor_u8(in, &size));
    TRY(cursor_slice(in, size, &text));
    if (size >= room || !text_is_utf8(text.data, text.size))
        return error_new(DITS_E_CORRUPT, "a summary of media is damaged");
    memcpy(out, text.data, size);
    out[size] = '\0';
    return NULL;
}

dits_error *media_summary_encode(const struct media_summary *summary,
                                 struct buf *out)
{
    TRY(buf_put_u8(out, VERSION));
    TRY(put_text(out, summary->container));
    TRY(put_text(out, summary->reason));
    TRY(buf_put_u8(out, (uint8_t)summary->stream_count));
    for (size_t i = 0; i < summary->stream_count; i++) {
        const struct media_summary_stream *stream = &summary->streams[i];
        TRY(buf_put_u8(out, (uint8_t)stream->part));
        TRY(buf_put_varint(out, stream->track));
        TRY(put_text(out, stream->codec));
    }
    return NULL;
}

dits_error *media_summary_of_flat(const struct media_file *media,
                                  const char *reason, struct buf *out)
{
    struct media_summary summary = {0};
    memcpy(summary.container, media->container, sizeof(summary.container));
    (void)snprintf(summary.reason, sizeof(summary.reason), "%s", reason);
    return media_summary_encode(&summary, out);
}

dits_error *asset_media_summary(const struct asset *asset,
                                struct media_summary *out)
{
    return media_summary_parse(buf_slice(&asset->recipe.summary), out);
}

static dits_error *parse_stream(struct cursor *in,
                                struct media_summary_stream *out)
{
    uint8_t part = 0;
    TRY(cursor_u8(in, &part));
    if (part > WEAVE_FRAMING)
        return error_new(DITS_E_CORRUPT, "a stream holds %u", part);
    out->part = (enum weave_part_kind)part;
    TRY(cursor_varint(in, &out->track));
    return take_text(in, out->codec, sizeof(out->codec));
}

dits_error *media_summary_parse(struct slice bytes, struct media_summary *out)
{
    struct cursor in = cursor_over(bytes.data, bytes.size);
    struct media_summary summary = {0};
    uint8_t version = 0;
    uint8_t count = 0;
    *out = summary;
    if (bytes.size == 0)
        return NULL;
    TRY(cursor_u8(&in, &version));
    if (version != VERSION)
        return NULL;
    TRY(take_text(&in, summary.container, sizeof(summary.container)));
    TRY(take_text(&in, summary.reason, sizeof(summary.reason)));
    TRY(cursor_u8(&in, &count));
    if (count > WEAVE_MAX_STREAMS)
        return error_new(DITS_E_CORRUPT, "a summary of %u streams", count);
    for (; summary.stream_count < count; summary.stream_count++)
        TRY(parse_stream(&in, &summary.streams[summary.stream_count]));
    TRY(cursor_end(&in));
    *out = summary;
    return NULL;
}
