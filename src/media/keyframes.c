#include "media/keyframes.h"

#include "base/array.h"
#include "base/mem.h"
#include "media/codec/scan.h"
#include "media/limits.h"
#include "media/payload.h"

enum {
    CONFIRMED = 100,
    SCANNED = 95,
    UNCHECKED = 90,  /* an index, and bytes that nobody here can read */
    INDISTINCT = 50, /* an index that calls every sample sync */
};

/*
 * Most heads are this short. Longer ones hold messages before the picture, and
 * are read again.
 */
enum { SHORT_HEAD = 256 };

/* Every sample up to so many is checked, then one of so many. */
enum { SYNC_FIRST = 32, SYNC_EVERY = 64, OTHER_FIRST = 16, OTHER_EVERY = 1024 };

void keyframes_release(struct keyframes *keyframes)
{
    mem_free(keyframes->list);
    *keyframes = (struct keyframes){0};
}

static dits_error *add(struct keyframes *keyframes, struct keyframe keyframe)
{
    if (keyframes->count >= LIMIT_KEYFRAMES) {
        keyframes->is_complete = false;
        return NULL;
    }
    struct keyframe *list = array_grown(keyframes->list, keyframes->count,
                                        &keyframes->capacity, sizeof(*list));
    if (list == NULL)
        return error_nomem();
    keyframes->list = list;
    keyframes->list[keyframes->count++] = keyframe;
    return NULL;
}

struct reading {
    struct media_file *file;
    uint32_t index;
    struct media_track track; /* as unpacked; borrowed */
    uint64_t budget;          /* bytes that may still be read */
    struct buf head;          /* of the sample at hand */
};

static void reading_release(struct reading *reading)
{
    buf_release(&reading->head);
}

static dits_error *classify_head(struct reading *reading,
                                 const struct media_sample *sample, size_t most,
                                 struct keyframe *out)
{
    uint64_t end = reading->file->source->size;
    uint64_t left = sample->offset < end ? end - sample->offset : 0;
    struct media_sample kept = *sample;
    if (kept.size > left)
        kept.size = (uint32_t)left;
    size_t size = kept.size < most ? kept.size : most;
    if (size == 0 || size > reading->budget)
        return NULL;
    reading->budget -= size;
    TRY(payload_load(reading->file, reading->index, &kept, most,
                     &reading->head));
    out->sync =
        codec_sync_of(&reading->track, buf_slice(&reading->head), &out->kind);
    return NULL;
}

/* What the bitstream says of a sample: `kind` UNKNOWN if nothing. */
static dits_error *classify(struct reading *reading,
                            const struct media_sample *sample,
                            struct keyframe *out)
{
    *out = (struct keyframe){
        .number = sample->number,
        .offset = sample->offset,
        .dts = sample->dts,
        .pts = sample->pts,
    };
    TRY(classify_head(reading, sample, SHORT_HEAD, out));
    if (out->kind == CODEC_SYNC_UNKNOWN && reading->head.size >= SHORT_HEAD)
        TRY(classify_head(reading, sample, CODEC_HEAD_BYTES, out));
    return NULL;
}

/* An open or gradual start may be left out of an index; a closed one not. */
static bool contradicts(enum media_sync claimed, const struct keyframe *found)
{
    if (found->kind == CODEC_SYNC_UNKNOWN || found->kind == CODEC_SYNC_INTRA)
        return false;
    return claimed == MEDIA_SYNC_NO ? found->kind == CODEC_SYNC_IDR
                                    : found->sync == MEDIA_SYNC_NO;
}

static bool is_checked(uint64_t index, uint64_t first, uint64_t every)
{
    return index < first || index % every == 0;
}

struct claims {
    uint64_t sync, other;
};

static dits_error *check(struct reading *reading, struct keyframes *out,
                         const struct media_sample *sample,
                         struct keyframe *found)
{
    TRY(classify(reading, sample, found));
    if (found->kind == CODEC_SYNC_UNKNOWN)
        return NULL;
    out->checked++;
    if (contradicts(sample->sync, found))
        out->contradicted++;
    return NULL;
}

static dits_error *note_claim(struct reading *reading, struct keyframes *out,
                              const struct media_sample *sample,
                              struct claims *claims)
{
    struct keyframe found = {.number = sample->number,
                             .offset = sample->offset,
                             .dts = sample->dts,
                             .pts = sample->pts};
    bool is_sync = sample->sync != MEDIA_SYNC_NO;
    bool is_due = is_sync
                      ? is_checked(claims->sync++, SYNC_FIRST, SYNC_EVERY)
                      : is_checked(claims->other++, OTHER_FIRST, OTHER_EVERY);
    if (is_due)
        TRY(check(reading, out, sample, &found));
    found.sync = sample->sync;
    return is_sync ? add(out, found) : NULL;
}

/* A walk that ends itself. */
struct samples {
    const struct media_format *format;
    struct media_walk *walk;
};

static void samples_end(struct samples *samples)
{
    if (samples->walk != NULL)
        samples->format->end_walk(samples->walk);
}

static dits_error *next(struct samples *samples, struct media_sample *sample,
                        bool *found)
{
    return samples->format->next_sample(samples->walk, sample, found);
}

static dits_error *read_index(struct reading *reading, uint32_t track,
                              struct keyframes *out, struct claims *claims)
{
    CLEANUP(samples_end) struct samples samples = {reading->file->format, NULL};
    struct media_sample sample = {0};
    bool found = true;
    TRY(samples.format->samples(reading->file, track, &samples.walk));
    out->is_complete = true;
    for (;;) {
        TRY(next(&samples, &sample, &found));
        if (!found)
            return NULL;
        out->sample_count++;
        TRY(note_claim(reading, out, &sample, claims));
    }
}

static dits_error *scan_samples(struct reading *reading, uint32_t track,
                                struct keyframes *out)
{
    CLEANUP(samples_end) struct samples samples = {reading->file->format, NULL};
    struct media_sample sample = {0};
    bool found = true;
    TRY(samples.format->samples(reading->file, track, &samples.walk));
    reading->budget = LIMIT_SCAN;
    while (reading->budget >= CODEC_HEAD_BYTES) {
        struct keyframe keyframe = {0};
        TRY(next(&samples, &sample, &found));
        if (!found)
            return NULL;
        out->sample_count++;
        TRY(classify(reading, &sample, &keyframe));
        if (keyframe.kind != CODEC_SYNC_UNKNOWN)
            out->checked++;
        if (keyframe.sync != MEDIA_SYNC_NO)
            TRY(add(out, keyframe));
    }
    out->is_complete = false;
    return NULL;
}

static bool is_believable(const struct keyframes *index,
                          const struct claims *claims)
{
    return index->contradicted == 0 &&
           (claims->sync > 0 || index->checked == 0);
}

static void conclude_index(struct keyframes *out, const struct claims *claims)
{
    bool all_sync = claims->other == 0;
    if (claims->sync == 0) {
        out->source = KEYFRAMES_NONE;
        return;
    }
    out->source = KEYFRAMES_INDEX;
    out->confidence = out->checked > 0 ? CONFIRMED
                      : all_sync       ? INDISTINCT
                                       : UNCHECKED;
}

static void conclude_scan(struct keyframes *out)
{
    out->source = out->checked > 0 ? KEYFRAMES_SCAN : KEYFRAMES_NONE;
    out->confidence = out->checked == 0 ? 0
                                        : (unsigned)(SCANNED * out->checked /
                                                     out->sample_count);
}

static dits_error *find(struct media_file *file, uint32_t track,
                        struct keyframes *out)
{
    CLEANUP(reading_release)
    struct reading reading = {
        .file = file,
        .index = track,
        .track = payload_track(file, track),
        .budget = LIMIT_PROBE,
    };
    struct claims claims = {0};
    TRY(read_index(&reading, track, out, &claims));
    if (is_believable(out, &claims)) {
        conclude_index(out, &claims);
        return NULL;
    }
    uint64_t contradicted = out->contradicted;
    keyframes_release(out);
    out->is_complete = true;
    out->contradicted = contradicted;
    TRY(scan_samples(&reading, track, out));
    conclude_scan(out);
    return NULL;
}

dits_error *keyframes_of_track(struct media_file *file, uint32_t track,
                               struct keyframes *out)
{
    CLEANUP(keyframes_release) struct keyframes found = {0};
    const struct media_track *t = &file->tracks[track];
    if (t->intra_only || codec_is_intra(t->codec)) {
        *out = (struct keyframes){.source = KEYFRAMES_INDEX,
                                  .confidence = CONFIRMED,
                                  .every_sample = true,
                                  .is_complete = true,
                                  .sample_count = t->sample_count};
        return NULL;
    }
    TRY(find(file, track, &found));
    *out = MOVE(found);
    return NULL;
}

static dits_error *add_scanned(const struct scan_picture *picture,
                               void *payload)
{
    struct keyframes *out = payload;
    struct keyframe keyframe = {.number = out->sample_count,
                                .offset = picture->offset,
                                .sync = picture->sync,
                                .kind = picture->kind};
    out->sample_count++;
    out->checked += picture->kind != CODEC_SYNC_UNKNOWN;
    return picture->sync == MEDIA_SYNC_NO ? NULL : add(out, keyframe);
}

dits_error *keyframes_of_bytes(struct source *source, uint64_t offset,
                               uint64_t size, struct keyframes *out)
{
    CLEANUP(keyframes_release) struct keyframes found = {.is_complete = true};
    struct scan_range range = {offset, size, LIMIT_SCAN};
    bool is_complete = false;
    TRY(scan_bytes(source, range, add_scanned, &found, &is_complete));
    found.is_complete &= is_complete;
    conclude_scan(&found);
    *out = MOVE(found);
    return NULL;
}

const char *keyframe_source_name(enum keyframe_source source)
{
    static const char *const names[] = {
        [KEYFRAMES_NONE] = "none",
        [KEYFRAMES_INDEX] = "index",
        [KEYFRAMES_SCAN] = "scan",
        [KEYFRAMES_ESTIMATED] = "estimated",
    };
    return names[source];
}
