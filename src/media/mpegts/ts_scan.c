#include "media/mpegts/ts_scan.h"

#include "base/mem.h"
#include "media/mpegts/es_sniff.h"
#include "media/mpegts/ts_demux.h"
#include "media/mpegts/ts_sound.h"

/* The times of one track. */
struct range {
    bool is_known;
    int64_t first; /* lowest of the head */
    int64_t last;  /* highest of all */
    int64_t newest;
    int64_t shortest; /* between two units that follow each other; 0 unknown */
    bool is_last;     /* the newest unit is the one of `last` */
    int64_t tail;     /* how long that one's sound is; 0 unknown */
    struct ts_sound sound;
    uint64_t units;
};

struct scan {
    struct media_file *file;
    struct range *ranges;
    bool has_near;
    struct ts_demux demux;
};

static void scan_release(struct scan *scan)
{
    ts_demux_release(&scan->demux);
    mem_free(scan->ranges);
}

static void reader_releasep(struct ts_reader *reader)
{
    ts_reader_release(reader);
}

static bool is_pes_start(const struct ts_packet *packet)
{
    return packet->is_start && !packet->is_scrambled &&
           packet->payload.size >= 6 && pes_header_size(packet->payload) > 0;
}

dits_error *ts_scan_guess_tracks(struct media_file *file, uint64_t end)
{
    struct ts_state *state = file->state;
    CLEANUP(reader_releasep) struct ts_reader reader = {0};
    ts_reader_init(&reader, file->source, state->grid);
    ts_reader_seek(&reader, 0, end);
    bool found = true;
    while (found) {
        struct ts_packet packet = {0};
        struct media_track *track = NULL;
        TRY(ts_reader_next(&reader, &packet, &found));
        if (!found || !is_pes_start(&packet) || packet.pid == TS_PID_NULL)
            continue;
        TRY(ts_state_add_track(file, packet.pid, TS_FORM_PES, &track));
        if (track == NULL)
            continue;
        ts_stream_guess(track, packet.payload.data[3]);
        es_frame(track);
    }
    return NULL;
}

/*
 * Pictures come out of order, so that the nearest two in time need not be
 * neighbours at the end, where some may be missing.
 */
static void note_interval(struct range *range, int64_t time)
{
    int64_t interval = time > range->newest ? time - range->newest
                                            : range->newest - time;
    if (interval > 0 && (range->shortest == 0 || interval < range->shortest))
        range->shortest = interval;
}

/* All times are near the first one of the file, or near the track's last. */
static void note_time(struct scan *scan, struct range *range,
                      const struct ts_unit *unit)
{
    struct ts_state *state = scan->file->state;
    range->units++;
    range->is_last = false;
    if (!unit->has_pts)
        return;
    if (!scan->has_near)
        state->near = (int64_t)unit->dts;
    scan->has_near = true;
    int64_t near = range->is_known ? range->last : state->near;
    int64_t time = pes_time_unwrap(near, unit->pts);
    range->is_last = !range->is_known || time > range->last;
    if (range->is_known)
        note_interval(range, time);
    if (!range->is_known || time < range->first)
        range->first = time;
    if (range->is_last) {
        range->last = time;
        range->tail = 0;
    }
    range->newest = time;
    range->is_known = true;
}

static void note_sound(struct range *range, const struct media_track *track,
                       const struct ts_piece *piece)
{
    if (piece->starts)
        ts_sound_begin(&range->sound, track->codec);
    ts_sound_push(&range->sound, piece->bytes);
    if (range->is_last)
        range->tail = ts_sound_ticks(&range->sound);
}

static void note_start(struct scan *scan, const struct ts_piece *piece)
{
    struct media_track *track = &scan->file->tracks[piece->track];
    note_time(scan, &scan->ranges[piece->track], &piece->unit);
    if (piece->unit.is_scrambled)
        track->is_encrypted = true;
    else
        es_sniff(track, piece->unit.stream_id, piece->bytes);
}

static dits_error *look_at(struct scan *scan, uint64_t from, uint64_t end)
{
    bool found = true;
    ts_demux_release(&scan->demux);
    TRY(ts_demux_init(&scan->demux, scan->file, from, end));
    while (found) {
        struct ts_piece piece = {0};
        TRY(ts_demux_next(&scan->demux, &piece, &found));
        if (!found)
            continue;
        if (piece.starts)
            note_start(scan, &piece);
        const struct media_track *track = &scan->file->tracks[piece.track];
        if (track->kind == MEDIA_AUDIO && !piece.unit.is_scrambled)
            note_sound(&scan->ranges[piece.track], track, &piece);
    }
    return NULL;
}

/*
 * Sound lasts as long as its frames say, or as long as the shortest unit where
 * they say nothing, which is what a picture lasts too. What else there is comes
 * now and then: how long it is good for is not known.
 */
static int64_t last_duration(const struct media_track *track,
                             const struct range *range)
{
    if (track->kind == MEDIA_AUDIO && range->tail > 0)
        return range->tail;
    bool is_steady = track->kind == MEDIA_VIDEO || track->kind == MEDIA_AUDIO;
    return is_steady ? range->shortest : 0;
}

static void set_times(struct media_track *track, const struct range *range,
                      bool is_whole)
{
    if (is_whole)
        track->sample_count = range->units;
    track->start = range->is_known ? range->first : MEDIA_NO_TIME;
    if (!range->is_known)
        return;
    track->duration = range->last - range->first + last_duration(track, range);
}

/* Streams that no map assigns to a program have a clock of their own. */
static void set_clock(const struct ts_state *state, struct media_track *track)
{
    uint16_t clock = state->clock_of[track->id];
    track->clock = clock != 0 ? clock : TS_PIDS + (uint32_t)track->id;
}

/* Clock references of the first program that has them, and lost packets. */
static dits_error *add_clock_facts(struct media_file *file, uint64_t from,
                                   uint64_t end, const char *first,
                                   const char *last)
{
    const struct ts_state *state = file->state;
    CLEANUP(reader_releasep) struct ts_reader reader = {0};
    uint64_t clock = 0;
    bool found = true;
    bool has_clock = false;
    ts_reader_init(&reader, file->source, state->grid);
    ts_reader_seek(&reader, from, end);
    while (found) {
        struct ts_packet packet = {0};
        TRY(ts_reader_next(&reader, &packet, &found));
        bool is_clock = found && packet.has_pcr && state->program_count > 0 &&
                        packet.pid == state->programs[0].clock_pid;
        if (is_clock && !has_clock && first != NULL)
            TRY(facts_add_integer(&file->facts, first, (int64_t)packet.pcr));
        has_clock = has_clock || is_clock;
        clock = is_clock ? packet.pcr : clock;
    }
    if (reader.lost > 0)
        media_add_problem(file, from, "packets",
                          "%llu bytes belong to no packet",
                          (unsigned long long)reader.lost);
    if (!has_clock || last == NULL)
        return NULL;
    return facts_add_integer(&file->facts, last, (int64_t)clock);
}

static dits_error *add_start(struct media_file *file, const struct scan *scan)
{
    bool is_known = false;
    int64_t start = 0;
    for (size_t i = 0; i < file->track_count; i++) {
        const struct range *range = &scan->ranges[i];
        if (range->is_known && (!is_known || range->first < start))
            start = range->first;
        is_known = is_known || range->is_known;
    }
    if (!is_known)
        return NULL;
    return facts_add_rational(&file->facts, "start_time", start, 90000);
}

dits_error *ts_scan_times(struct media_file *file, uint64_t head, uint64_t tail)
{
    uint64_t size = file->source->size;
    bool is_whole = tail <= head;
    CLEANUP(scan_release) struct scan scan = {.file = file};
    if (file->track_count == 0)
        return NULL;
    scan.ranges = mem_new_array(struct range, file->track_count);
    if (scan.ranges == NULL)
        return error_nomem();
    TRY(look_at(&scan, 0, is_whole ? size : head));
    if (!is_whole)
        TRY(look_at(&scan, tail, size));
    for (size_t i = 0; i < file->track_count; i++) {
        set_times(&file->tracks[i], &scan.ranges[i], is_whole);
        set_clock(file->state, &file->tracks[i]);
    }
    TRY(add_start(file, &scan));
    TRY(add_clock_facts(file, 0, is_whole ? size : head, "pcr.first",
                        is_whole ? "pcr.last" : NULL));
    if (is_whole)
        return NULL;
    return add_clock_facts(file, tail, size, NULL, "pcr.last");
}
