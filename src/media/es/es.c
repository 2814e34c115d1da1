#include "media/es/es.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "media/codec/codec.h"
#include "media/formats.h"
#include "media/limits.h"

enum { HEAD_BYTES = 4096, DESCRIBED_BYTES = 65536 };

const struct es_kind *const es_kinds[] = {
    &es_ivf, &es_obu,  &es_mpeg2, &es_hevc, &es_avc,
    &es_ac4, &es_eac3, &es_ac3,   &es_adts, NULL,
};

/* ID3v2 (id3.org, 2.4.0, 3.1): ten bytes, and the size in groups of seven. */
uint64_t es_id3_size(struct slice head)
{
    const uint8_t *at = head.data;
    if (head.size < 10 || memcmp(at, "ID3", 3) != 0)
        return 0;
    return 10 + ((uint64_t)(at[6] & 0x7f) << 21 |
                 (uint64_t)(at[7] & 0x7f) << 14 |
                 (uint64_t)(at[8] & 0x7f) << 7 | (at[9] & 0x7f));
}

static const struct es_kind *kind_of(struct slice head, uint64_t file_size)
{
    for (size_t i = 0; es_kinds[i] != NULL; i++)
        if (es_kinds[i]->probe(head, file_size))
            return es_kinds[i];
    return NULL;
}

static bool probe(struct slice head, uint64_t file_size)
{
    return kind_of(head, file_size) != NULL;
}

/* --- walking --- */

/* What the walks of one file have in common. */
struct state {
    const struct es_kind *kind;
    uint64_t first;
};

static struct es_walk walk_from_start(struct media_file *file)
{
    const struct state *state = file->state;
    return (struct es_walk){.kind = state->kind,
                            .track = file->tracks,
                            .window = {.source = file->source},
                            .at = state->first};
}

static void walk_release(struct es_walk *walk)
{
    window_release(&walk->window);
}

/* Units of no size, or past the end, are none. */
static dits_error *next_unit(struct es_walk *walk, struct es_unit *out,
                             bool *out_found)
{
    uint64_t end = walk->window.source->size;
    *out = (struct es_unit){.duration = 1, .time = walk->time};
    *out_found = false;
    if (walk->at >= end)
        return NULL;
    TRY(walk->kind->next(walk, out, out_found));
    if (!*out_found)
        return NULL;
    walk->number++;
    walk->time = out->time + out->duration;
    return NULL;
}

static dits_error *sync_of(struct es_walk *walk, const struct es_unit *unit,
                           enum media_sync *out)
{
    struct slice head = {0};
    size_t size = unit->size < CODEC_HEAD_BYTES ? (size_t)unit->size
                                                : CODEC_HEAD_BYTES;
    TRY(window_peek(&walk->window, unit->offset, size, &head));
    *out = codec_sync_of(walk->track, head, NULL);
    return NULL;
}

struct media_walk {
    struct es_walk es;
};

static void end_walk(struct media_walk *walk)
{
    if (walk == NULL)
        return;
    walk_release(&walk->es);
    mem_free(walk);
}

static dits_error *start_walk(struct media_file *file, struct media_walk **out)
{
    struct media_walk *walk = mem_new(struct media_walk);
    if (walk == NULL)
        return error_nomem();
    walk->es = walk_from_start(file);
    *out = walk;
    return NULL;
}

static dits_error *next_span(struct media_walk *walk, struct media_span *out,
                             bool *out_found)
{
    struct es_unit unit = {0};
    enum media_sync sync = MEDIA_SYNC_NO;
    TRY(next_unit(&walk->es, &unit, out_found));
    if (!*out_found)
        return NULL;
    TRY(sync_of(&walk->es, &unit, &sync));
    *out = (struct media_span){
        .offset = unit.offset,
        .size = unit.size,
        .flags = (uint8_t)(MEDIA_SPAN_SAMPLE |
                           (sync == MEDIA_SYNC_NO ? 0 : MEDIA_SPAN_SYNC)),
    };
    return NULL;
}

static dits_error *start_samples(struct media_file *file, uint32_t track,
                                 struct media_walk **out)
{
    (void)track; /* there is one */
    return start_walk(file, out);
}

static dits_error *next_sample(struct media_walk *walk,
                               struct media_sample *out, bool *out_found)
{
    struct es_unit unit = {0};
    uint64_t number = walk->es.number;
    TRY(next_unit(&walk->es, &unit, out_found));
    if (!*out_found)
        return NULL;
    *out = (struct media_sample){
        .number = number,
        .offset = unit.offset,
        .size = unit.size < UINT32_MAX ? (uint32_t)unit.size : UINT32_MAX,
        .dts = unit.time,
        .pts = unit.time,
        .duration = unit.duration,
    };
    return sync_of(&walk->es, &unit, &out->sync);
}

/* --- opening --- */

static void close_file(struct media_file *file)
{
    mem_free(file->state);
}

static dits_error *describe(struct media_file *file)
{
    CLEANUP(walk_release) struct es_walk walk = walk_from_start(file);
    struct es_unit unit = {0};
    struct slice bytes = {0};
    bool found = false;
    TRY(next_unit(&walk, &unit, &found));
    bool is_late = found && walk.track->kind == MEDIA_AUDIO &&
                   unit.offset != ((const struct state *)file->state)->first;
    if (!found || is_late)
        return error_new(DITS_E_UNSUPPORTED, "no unit of '%s'",
                         walk.kind->container);
    size_t size = unit.size < DESCRIBED_BYTES ? (size_t)unit.size
                                              : DESCRIBED_BYTES;
    TRY(window_peek(&walk.window, unit.offset, size, &bytes));
    return codec_describe(file->tracks, bytes);
}

/* Units have no times of their own but those that the rate gives. */
static void set_time_base(struct media_track *track)
{
    const struct fact *rate = facts_find(&track->facts, "frame_rate");
    if (track->time_base.num != 0)
        return;
    if (track->kind == MEDIA_AUDIO && track->sample_rate != 0)
        track->time_base = (struct media_time_base){1, track->sample_rate};
    else if (rate != NULL && rate->number > 0 && rate->number <= UINT32_MAX &&
             rate->divisor <= UINT32_MAX)
        track->time_base = (struct media_time_base){(uint32_t)rate->divisor,
                                                    (uint32_t)rate->number};
}

static dits_error *count_units(struct media_file *file)
{
    CLEANUP(walk_release) struct es_walk walk = walk_from_start(file);
    bool found = true;
    if (file->source->size > LIMIT_COUNTED)
        return NULL;
    while (found) {
        struct es_unit unit = {0};
        TRY(next_unit(&walk, &unit, &found));
    }
    file->tracks[0].sample_count = walk.number;
    file->tracks[0].duration = walk.time;
    return NULL;
}

static dits_error *set_up(struct media_file *file, struct slice head)
{
    const struct es_kind *kind = kind_of(head, file->source->size);
    struct media_track *track = NULL;
    struct state *state = NULL;
    if (kind == NULL)
        return error_new(DITS_E_UNSUPPORTED, "no elementary stream");
    state = mem_new(struct state);
    if (state == NULL)
        return error_nomem();
    file->state = state;
    *state = (struct state){kind, kind->first ? kind->first(head) : 0};
    TRY(media_add_track(file, &track));
    track->kind = kind->type;
    track->framing = kind->framing;
    (void)snprintf(file->container, sizeof(file->container), "%s",
                   kind->container);
    if (kind->codec != NULL)
        (void)snprintf(track->codec, sizeof(track->codec), "%s", kind->codec);
    if (kind->begin != NULL)
        kind->begin(track, head);
    return NULL;
}

static dits_error *open_file(struct media_file *file)
{
    CLEANUP(window_release) struct window window = {.source = file->source};
    struct slice head = {0};
    TRY(window_peek(&window, 0, HEAD_BYTES, &head));
    TRY(set_up(file, head));
    TRY(describe(file));
    set_time_base(file->tracks);
    return count_units(file);
}

static dits_error *walk_tree(struct media_file *file, media_node_fn *fn,
                             void *payload)
{
    CLEANUP(walk_release) struct es_walk walk = walk_from_start(file);
    bool found = true;
    for (unsigned i = 0; i < LIMIT_NODES; i++) {
        struct es_unit unit = {0};
        TRY(next_unit(&walk, &unit, &found));
        if (!found)
            return NULL;
        struct media_node node = {
            .name = walk.track->kind == MEDIA_AUDIO ? "frame" : "access unit",
            .offset = unit.offset,
            .size = unit.size,
        };
        TRY(fn(&node, payload));
    }
    return NULL;
}

const struct media_format media_format_es = {
    .name = "es",
    .probe = probe,
    .open = open_file,
    .close = close_file,
    .spans = start_walk,
    .next_span = next_span,
    .samples = start_samples,
    .next_sample = next_sample,
    .end_walk = end_walk,
    .tree = walk_tree,
};
