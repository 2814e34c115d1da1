#include <stdio.h>
#include <string.h>

#include "base/le.h"
#include "media/riff/avi.h"
#include "media/riff/video_codec.h"
#include "media/riff/wave_format.h"

enum { STRH_BYTES = 48, FORMAT_BYTES = 65536, INDX_HEAD = 24 };

/* The chunks of one strl. */
struct stream_parts {
    struct chunk header;
    struct chunk format;
    struct chunk name;
    struct chunk index;
    struct chunk properties;
};

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a == 0 ? 1 : a;
}

/* strh: kind, scale, rate, start, length, size of a sample. */
static dits_error *apply_header(struct media_file *file,
                                struct media_track *track,
                                struct avi_stream *stream, struct slice bytes)
{
    uint64_t scale = le32_load(bytes.data + 20);
    uint64_t rate = le32_load(bytes.data + 24);
    uint64_t common = common_divisor(scale, rate);
    if (memcmp(bytes.data, "vids", 4) == 0 ||
        memcmp(bytes.data, "iavs", 4) == 0)
        track->kind = MEDIA_VIDEO;
    else if (memcmp(bytes.data, "auds", 4) == 0)
        track->kind = MEDIA_AUDIO;
    else if (memcmp(bytes.data, "txts", 4) == 0)
        track->kind = MEDIA_SUBTITLE;
    if (scale > 0 && rate > 0)
        track->time_base = (struct media_time_base){(uint32_t)(scale / common),
                                                    (uint32_t)(rate / common)};
    track->start = le32_load(bytes.data + 28);
    track->duration = le32_load(bytes.data + 32);
    if (track->kind == MEDIA_AUDIO)
        stream->sample_size = le32_load(bytes.data + 44);
    track->id = (uint64_t)(track - file->tracks);
    if (track->kind != MEDIA_VIDEO || rate == 0 || scale == 0)
        return NULL;
    return facts_add_rational(&track->facts, "frame_rate",
                              (int64_t)(rate / common),
                              (int64_t)(scale / common));
}

static dits_error *apply_format(struct media_file *file,
                                struct media_track *track,
                                const struct chunk *chunk)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct bitmap_info info = {0};
    struct wave_format format = {0};
    uint64_t size = chunk->end - chunk->body;
    TRY(window_load(&avi_of(file)->window, chunk->body,
                    size < FORMAT_BYTES ? size : FORMAT_BYTES, &bytes));
    if (track->kind == MEDIA_VIDEO &&
        bitmap_info_parse(buf_slice(&bytes), &info))
        return bitmap_info_apply(&info, track);
    if (track->kind == MEDIA_AUDIO &&
        wave_format_parse(buf_slice(&bytes), &format)) {
        TRY(wave_format_apply(&format, track));
        (void)snprintf(track->tag, sizeof(track->tag), "0x%04x", format.tag);
    }
    return NULL;
}

/* indx of type 0 (OpenDML, 3.0): entries that point to indexes. */
static dits_error *apply_index(struct media_file *file,
                               struct avi_stream *stream,
                               const struct chunk *chunk)
{
    struct slice bytes = {0};
    uint64_t size = chunk->end - chunk->body;
    TRY(window_peek(&avi_of(file)->window, chunk->body, INDX_HEAD, &bytes));
    if (bytes.size < INDX_HEAD || size < INDX_HEAD || bytes.data[3] != 0)
        return NULL;
    uint64_t most = (size - INDX_HEAD) / 16;
    uint32_t count = le32_load(bytes.data + 4);
    stream->super_index = chunk->body + INDX_HEAD;
    stream->super_count = count < most ? count : (uint32_t)most;
    return NULL;
}

/* vprp (OpenDML, 5.0): the shape of the frame, how many fields it has. */
static dits_error *apply_properties(struct media_file *file,
                                    struct media_track *track,
                                    const struct chunk *chunk)
{
    struct slice bytes = {0};
    TRY(window_peek(&avi_of(file)->window, chunk->body, 36, &bytes));
    if (bytes.size < 36 || chunk->end - chunk->body < 36)
        return NULL;
    uint32_t aspect = le32_load(bytes.data + 20);
    uint64_t num = (uint64_t)(aspect >> 16) * le32_load(bytes.data + 28);
    uint64_t den = (uint64_t)(aspect & 0xffff) * le32_load(bytes.data + 24);
    uint64_t common = common_divisor(num, den);
    if (num > 0 && den > 0)
        TRY(facts_add_rational(&track->facts, "sample_aspect_ratio",
                               (int64_t)(num / common),
                               (int64_t)(den / common)));
    return facts_add_integer(&track->facts, "fields_per_frame",
                             le32_load(bytes.data + 32));
}

static dits_error *make_track(struct media_file *file,
                              const struct stream_parts *parts)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct avi *avi = avi_of(file);
    struct media_track *track = NULL;
    struct avi_stream *stream = &avi->streams[avi->stream_count];
    if (parts->header.end - parts->header.body < STRH_BYTES ||
        avi->stream_count >= AVI_MAX_STREAMS) {
        media_add_problem(file, parts->header.offset, "hdrl/strl",
                          "a stream that cannot be");
        return NULL;
    }
    TRY(media_add_track(file, &track));
    avi->stream_count++;
    TRY(window_load(&avi->window, parts->header.body, STRH_BYTES, &bytes));
    TRY(apply_header(file, track, stream, buf_slice(&bytes)));
    TRY(apply_format(file, track, &parts->format));
    if (parts->index.end > 0)
        TRY(apply_index(file, stream, &parts->index));
    if (parts->properties.end > 0)
        TRY(apply_properties(file, track, &parts->properties));
    return parts->name.end == 0
               ? NULL
               : chunk_text(&avi->window, &parts->name, &track->facts, "title");
}

static dits_error *read_stream(struct media_file *file,
                               const struct chunk *list)
{
    struct chunks chunks = {&avi_of(file)->window, CHUNK_RIFF, list->body + 4,
                            list->end};
    struct chunk chunk = {0};
    struct stream_parts parts = {0};
    bool found = false;
    TRY(chunks_next(&chunks, &chunk, &found));
    while (found) {
        if (chunk_is(&chunk, "strh"))
            parts.header = chunk;
        else if (chunk_is(&chunk, "strf"))
            parts.format = chunk;
        else if (chunk_is(&chunk, "strn"))
            parts.name = chunk;
        else if (chunk_is(&chunk, "indx"))
            parts.index = chunk;
        else if (chunk_is(&chunk, "vprp"))
            parts.properties = chunk;
        TRY(chunks_next(&chunks, &chunk, &found));
    }
    return make_track(file, &parts);
}

dits_error *avi_header_read(struct media_file *file, const struct chunk *header)
{
    struct window *window = &avi_of(file)->window;
    struct chunks chunks = {window, CHUNK_RIFF, header->body + 4, header->end};
    struct chunk chunk = {0};
    bool found = false;
    TRY(chunks_next(&chunks, &chunk, &found));
    while (found) {
        struct slice kind = {0};
        TRY(window_peek(window, chunk.body, 4, &kind));
        if (chunk_is(&chunk, "LIST") && kind.size == 4 &&
            memcmp(kind.data, "strl", 4) == 0)
            TRY(read_stream(file, &chunk));
        TRY(chunks_next(&chunks, &chunk, &found));
    }
    return NULL;
}
