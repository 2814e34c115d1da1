#include "media/riff/sound.h"

#include "base/mem.h"

/* As much as one sample holds, in whole blocks. */
enum { SAMPLE_BYTES = 4096 };

struct media_walk {
    const struct media_file *file;
    uint64_t at; /* from the start of the sound */
    uint64_t number;
};

struct sound *sound_of(const struct media_file *file)
{
    return file->state;
}

dits_error *sound_begin(struct media_file *file, enum chunk_style style)
{
    struct sound *sound = mem_new(struct sound);
    if (sound == NULL)
        return error_nomem();
    sound->window.source = file->source;
    sound->style = style;
    file->state = sound;
    return NULL;
}

void sound_close(struct media_file *file)
{
    window_release(&sound_of(file)->window);
    mem_free(file->state);
}

static uint64_t block_of(const struct sound *sound)
{
    return sound->block == 0 ? 1 : sound->block;
}

static uint64_t sample_bytes(const struct sound *sound)
{
    uint64_t block = block_of(sound);
    return block >= SAMPLE_BYTES ? block : SAMPLE_BYTES / block * block;
}

/* Bytes as ticks: frames of sound. */
static int64_t ticks(const struct sound *sound, uint64_t bytes)
{
    uint64_t frames = 0;
    bool is_over = __builtin_mul_overflow(bytes / block_of(sound),
                                          sound->block_frames, &frames);
    return is_over || frames > INT64_MAX ? INT64_MAX : (int64_t)frames;
}

void sound_measure(struct media_file *file)
{
    const struct sound *sound = sound_of(file);
    struct media_track *track = &file->tracks[0];
    uint64_t each = sample_bytes(sound);
    track->sample_count = sound->size / each + (sound->size % each != 0);
    if (track->sample_rate > 0)
        track->time_base = (struct media_time_base){1, track->sample_rate};
    track->duration = sound->block_frames == 0 ? -1 : ticks(sound, sound->size);
}

dits_error *sound_spans(struct media_file *file, struct media_walk **out)
{
    struct media_walk *walk = mem_new(struct media_walk);
    if (walk == NULL)
        return error_nomem();
    walk->file = file;
    *out = walk;
    return NULL;
}

dits_error *sound_next_span(struct media_walk *walk, struct media_span *out,
                            bool *out_found)
{
    const struct sound *sound = sound_of(walk->file);
    *out_found = walk->at == 0 && sound->size > 0 &&
                 walk->file->track_count > 0;
    *out = (struct media_span){
        .offset = sound->offset,
        .size = sound->size,
        .flags = MEDIA_SPAN_SAMPLE | MEDIA_SPAN_SYNC,
    };
    walk->at = sound->size;
    return NULL;
}

dits_error *sound_samples(struct media_file *file, uint32_t track,
                          struct media_walk **out)
{
    (void)track; /* there is one */
    return sound_spans(file, out);
}

dits_error *sound_next_sample(struct media_walk *walk, struct media_sample *out,
                              bool *out_found)
{
    const struct sound *sound = sound_of(walk->file);
    uint64_t left = sound->size - walk->at;
    uint64_t size = sample_bytes(sound);
    size = left < size ? left : size;
    *out_found = size > 0;
    *out = (struct media_sample){
        .number = walk->number++,
        .offset = sound->offset + walk->at,
        .size = (uint32_t)size,
        .sync = MEDIA_SYNC_YES,
        .dts = ticks(sound, walk->at),
        .pts = ticks(sound, walk->at),
        .duration = sound->block_frames == 0 ? -1 : ticks(sound, size),
    };
    walk->at += size;
    return NULL;
}

void sound_end_walk(struct media_walk *walk)
{
    mem_free(walk);
}
