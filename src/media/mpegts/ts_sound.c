#include "media/mpegts/ts_sound.h"

#include <string.h>

void ts_sound_begin(struct ts_sound *sound, const char *codec)
{
    sound->read = sound_frame_reader(codec);
    sound->samples = 0;
}

/* The head is full: count the frame, or look for one from the next byte on. */
static void take_head(struct ts_sound *sound)
{
    struct sound_frame frame = sound->read(slice_of(sound->head, sound->have));
    uint64_t size = frame.size > 0 ? frame.size : 1;
    size_t step = size < sound->have ? (size_t)size : sound->have;
    sound->samples += frame.samples;
    if (frame.rate > 0)
        sound->rate = frame.rate;
    sound->have -= step;
    memmove(sound->head, sound->head + step, sound->have);
    sound->skip = size - step;
}

void ts_sound_push(struct ts_sound *sound, struct slice bytes)
{
    if (sound->read == NULL)
        return;
    while (bytes.size > 0) {
        size_t step = sound->skip < bytes.size ? (size_t)sound->skip
                                               : bytes.size;
        sound->skip -= step;
        bytes = slice_of(bytes.data + step, bytes.size - step);
        if (bytes.size == 0)
            return;
        sound->head[sound->have++] = bytes.data[0];
        bytes = slice_of(bytes.data + 1, bytes.size - 1);
        if (sound->have == sizeof(sound->head))
            take_head(sound);
    }
}

int64_t ts_sound_ticks(const struct ts_sound *sound)
{
    return sound->rate == 0 ? 0 : sound->samples * 90000 / sound->rate;
}
