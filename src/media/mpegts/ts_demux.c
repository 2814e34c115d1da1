#include "media/mpegts/ts_demux.h"

#include <string.h>

#include "base/mem.h"

dits_error *ts_demux_init(struct ts_demux *demux, const struct media_file *file,
                          uint64_t from, uint64_t end)
{
    *demux = (struct ts_demux){.state = file->state};
    if (file->track_count > 0) {
        demux->streams = mem_new_array(struct ts_stream, file->track_count);
        if (demux->streams == NULL)
            return error_nomem();
    }
    demux->count = file->track_count;
    demux->clocks = mem_new_array(uint64_t, TS_PIDS);
    if (demux->clocks == NULL)
        return error_nomem();
    ts_reader_init(&demux->reader, file->source, demux->state->grid);
    ts_reader_seek(&demux->reader, from, end);
    return NULL;
}

void ts_demux_release(struct ts_demux *demux)
{
    ts_reader_release(&demux->reader);
    mem_free(demux->streams);
    demux->streams = NULL;
    mem_free(demux->clocks);
    demux->clocks = NULL;
}

static struct slice take_front(struct slice *bytes, size_t size)
{
    struct slice front = slice_of(bytes->data, size);
    *bytes = slice_of(bytes->data + size, bytes->size - size);
    return front;
}

static void begin_unit(struct ts_stream *stream, const struct ts_packet *packet)
{
    stream->unit = (struct ts_unit){
        .offset = packet->offset,
        .is_random_access = packet->is_random_access,
        .is_scrambled = packet->is_scrambled,
    };
    stream->state = TS_STREAM_HEADER;
    stream->header_size = 0;
    stream->starts = true;
}

/* Take the packet's payload; nobody can say what is in scrambled ones. */
static void take_packet(struct ts_demux *demux)
{
    const struct ts_packet *packet = &demux->packet;
    struct ts_stream *stream = &demux->streams[demux->track];
    bool is_sections = demux->state->form_of[packet->pid] == TS_FORM_SECTIONS &&
                       !packet->is_scrambled;
    demux->rest = packet->payload;
    demux->newer = (struct slice){0};
    if (is_sections)
        ts_section_split(packet->payload, packet->is_start, &demux->rest,
                         &demux->newer);
    else if (packet->is_start)
        begin_unit(stream, packet);
    if (packet->is_scrambled && packet->payload.size > 0) {
        stream->state = TS_STREAM_BODY;
        stream->left = UINT64_MAX;
    }
}

/* Bytes of the header up to `size`; whether all of them are there. */
static bool collect(struct ts_stream *stream, struct slice *rest, size_t size)
{
    size_t missing = size - stream->header_size;
    size_t step = missing < rest->size ? missing : rest->size;
    struct slice front = take_front(rest, step);
    if (step > 0)
        memcpy(stream->header + stream->header_size, front.data, step);
    stream->header_size += step;
    return step == missing;
}

static void finish_header(struct ts_stream *stream)
{
    struct slice bytes = slice_of(stream->header, stream->header_size);
    struct pes_header header = pes_header_parse(bytes);
    stream->unit.stream_id = header.stream_id;
    stream->unit.is_scrambled = header.is_scrambled;
    stream->unit.has_pts = header.has_pts;
    stream->unit.pts = header.pts;
    stream->unit.dts = header.dts;
    stream->left = header.is_bounded ? header.payload_size : UINT64_MAX;
    stream->state = header.stream_id == 0xbe ? TS_STREAM_LOST /* padding */
                                             : TS_STREAM_BODY;
}

static void take_header(struct ts_stream *stream, struct slice *rest)
{
    while (stream->state == TS_STREAM_HEADER && rest->size > 0) {
        struct slice bytes = slice_of(stream->header, stream->header_size);
        size_t size = stream->header_size == 0 ? 1 : pes_header_size(bytes);
        /* Shorter than what was seen: MPEG-1, which packets never carry. */
        if (size < stream->header_size || size == 0 || size > PES_HEADER_MAX) {
            stream->state = TS_STREAM_LOST;
            return;
        }
        if (size > stream->header_size && !collect(stream, rest, size))
            return;
        bytes = slice_of(stream->header, stream->header_size);
        if (pes_header_size(bytes) == stream->header_size)
            finish_header(stream);
    }
}

/* The next piece of a PES packet in `rest`, if there is one. */
static struct slice take_pes(struct ts_stream *stream, struct slice *rest)
{
    take_header(stream, rest);
    if (stream->state != TS_STREAM_BODY) {
        *rest = (struct slice){0};
        return *rest;
    }
    size_t size = stream->left < rest->size ? (size_t)stream->left : rest->size;
    struct slice piece = take_front(rest, size);
    if (stream->left != UINT64_MAX)
        stream->left -= size;
    if (stream->left == 0) {
        stream->state = TS_STREAM_LOST;
        *rest = (struct slice){0};
    }
    return piece;
}

/* The same of a section, whose header is part of it. */
static struct slice take_section(struct ts_stream *stream, struct slice *rest)
{
    struct slice whole = *rest;
    if (stream->state == TS_STREAM_HEADER) {
        if (stream->header_size == 0 && rest->size > 0 && rest->data[0] == 0xff)
            stream->state = TS_STREAM_LOST; /* stuffing */
        else if (collect(stream, rest, TS_SECTION_HEADER)) {
            stream->left = ts_section_size(stream->header) - TS_SECTION_HEADER;
            stream->state = TS_STREAM_BODY;
        }
    }
    if (stream->state == TS_STREAM_LOST) {
        *rest = (struct slice){0};
        return *rest;
    }
    if (stream->state == TS_STREAM_BODY) {
        size_t left = (size_t)stream->left;
        size_t size = left < rest->size ? left : rest->size;
        (void)take_front(rest, size);
        stream->left -= size;
    }
    return slice_of(whole.data, whole.size - rest->size);
}

static void begin_section(struct ts_demux *demux, struct ts_stream *stream)
{
    uint64_t clock = demux->clocks[demux->state->clock_of[demux->packet.pid]];
    begin_unit(stream, &demux->packet);
    stream->unit.has_pts = clock > 0;
    stream->unit.pts = clock / 300;
    stream->unit.dts = clock / 300;
}

/* Where a section ended, another may follow in the same packet. */
static void end_section(struct ts_demux *demux, struct ts_stream *stream)
{
    if (stream->state != TS_STREAM_BODY || stream->left > 0)
        return;
    if (demux->rest.size > 0)
        begin_section(demux, stream);
    else
        stream->state = TS_STREAM_LOST;
}

static struct slice take_sections(struct ts_demux *demux,
                                  struct ts_stream *stream)
{
    if (demux->rest.size == 0) {
        begin_section(demux, stream);
        demux->rest = demux->newer;
        demux->newer = (struct slice){0};
    }
    end_section(demux, stream);
    return take_section(stream, &demux->rest);
}

/* The next piece of the packet at hand; of size 0 when it has no more. */
static void take_piece(struct ts_demux *demux, struct ts_piece *out)
{
    const struct ts_packet *packet = &demux->packet;
    struct ts_stream *stream = &demux->streams[demux->track];
    bool is_sections = demux->state->form_of[packet->pid] == TS_FORM_SECTIONS &&
                       !packet->is_scrambled;
    out->bytes = (struct slice){0};
    while (out->bytes.size == 0 &&
           (demux->rest.size > 0 || demux->newer.size > 0))
        out->bytes = is_sections ? take_sections(demux, stream)
                                 : take_pes(stream, &demux->rest);
    if (out->bytes.size == 0)
        return;
    out->unit = stream->unit;
    out->starts = stream->starts;
    stream->starts = false;
    out->track = demux->track;
    out->offset = packet->payload_offset +
                  (uint64_t)(out->bytes.data - packet->payload.data);
}

dits_error *ts_demux_next(struct ts_demux *demux, struct ts_piece *out,
                          bool *out_found)
{
    bool found = true;
    *out = (struct ts_piece){0};
    *out_found = false;
    while (found) {
        if (demux->rest.size > 0 || demux->newer.size > 0) {
            take_piece(demux, out);
            *out_found = out->bytes.size > 0;
            if (*out_found)
                return NULL;
        }
        TRY(ts_reader_next(&demux->reader, &demux->packet, &found));
        if (found && demux->packet.has_pcr)
            demux->clocks[demux->packet.pid] = demux->packet.pcr;
        uint16_t track = found ? demux->state->track_of[demux->packet.pid] : 0;
        if (track == 0 || track > demux->count)
            continue;
        demux->track = track - 1u;
        take_packet(demux);
    }
    return NULL;
}
