/* Frames of sound behind one another: ADTS, AC-3, E-AC-3, AC-4. */
#include <string.h>

#include "media/codec/sound_frame.h"
#include "media/es/es.h"
#include "media/limits.h"

enum { CHAIN_MIN = 3 };

/* An ID3v1 tag is the last 128 bytes of a file. */
static bool is_end(struct slice head, uint64_t at, uint64_t file_size)
{
    return at == file_size || (file_size - at == 128 && at + 3 <= head.size &&
                               memcmp(head.data + at, "TAG", 3) == 0);
}

/* Sync words occur by chance: so many frames in a row, or up to the end. */
static bool is_chain(struct slice head, uint64_t at, uint64_t file_size,
                     sound_frame_fn *read)
{
    for (int i = 0; i < CHAIN_MIN; i++) {
        if (i > 0 && is_end(head, at, file_size))
            return true;
        if (at >= head.size)
            return i > 1; /* frames larger than what is seen */
        struct sound_frame frame =
            read(slice_of(head.data + at, head.size - (size_t)at));
        if (frame.size == 0 || frame.size > file_size - at)
            return false;
        at += frame.size;
    }
    return true;
}

/* A frame, and one behind it or the end: after damage. */
static dits_error *is_frame(struct es_walk *walk, sound_frame_fn *read,
                            uint64_t offset, struct sound_frame *out,
                            bool *out_is)
{
    uint64_t left = walk->window.source->size - offset;
    struct slice head = {0};
    *out_is = false;
    TRY(window_peek(&walk->window, offset, SOUND_FRAME_HEAD, &head));
    *out = read(head);
    if (out->size == 0 || out->size > left)
        return NULL;
    *out_is = out->size == left;
    if (*out_is)
        return NULL;
    TRY(window_peek(&walk->window, offset + out->size, SOUND_FRAME_HEAD,
                    &head));
    *out_is = read(head).size > 0;
    return NULL;
}

/* On from a place where there is no frame; false past the limit. */
static dits_error *resync(struct es_walk *walk, sound_frame_fn *read,
                          struct sound_frame *out, bool *out_found)
{
    uint64_t end = walk->window.source->size;
    uint64_t last = end - walk->at < LIMIT_RESYNC ? end
                                                  : walk->at + LIMIT_RESYNC;
    *out_found = false;
    while (++walk->at < last && !*out_found) {
        TRY(is_frame(walk, read, walk->at, out, out_found));
        if (*out_found)
            break;
    }
    return NULL;
}

static dits_error *next_frame(struct es_walk *walk, sound_frame_fn *read,
                              struct es_unit *out, bool *out_found)
{
    uint64_t left = walk->window.source->size - walk->at;
    struct slice head = {0};
    TRY(window_peek(&walk->window, walk->at, SOUND_FRAME_HEAD, &head));
    struct sound_frame frame = read(head);
    *out_found = frame.size > 0 && frame.size <= left;
    if (!*out_found)
        TRY(resync(walk, read, &frame, out_found));
    if (!*out_found)
        return NULL;
    out->offset = walk->at;
    out->size = frame.size;
    out->duration = frame.samples;
    walk->at += frame.size;
    return NULL;
}

static bool probe_frames(struct slice head, uint64_t file_size,
                         sound_frame_fn *read)
{
    return is_chain(head, es_id3_size(head), file_size, read);
}

/* A tag with a picture hides the first frame: opening looks behind it. */
static bool is_hidden(struct slice head, uint64_t file_size)
{
    uint64_t tag = es_id3_size(head);
    return tag >= head.size && tag < file_size;
}

static bool probe_adts(struct slice head, uint64_t file_size)
{
    return probe_frames(head, file_size, sound_frame_adts) ||
           is_hidden(head, file_size);
}

static bool probe_ac3(struct slice head, uint64_t file_size)
{
    return probe_frames(head, file_size, sound_frame_ac3);
}

static bool probe_eac3(struct slice head, uint64_t file_size)
{
    return probe_frames(head, file_size, sound_frame_eac3);
}

static bool probe_ac4(struct slice head, uint64_t file_size)
{
    return probe_frames(head, file_size, sound_frame_ac4);
}

static dits_error *next_adts(struct es_walk *walk, struct es_unit *out,
                             bool *out_found)
{
    return next_frame(walk, sound_frame_adts, out, out_found);
}

static dits_error *next_ac3(struct es_walk *walk, struct es_unit *out,
                            bool *out_found)
{
    return next_frame(walk, sound_frame_ac3, out, out_found);
}

static dits_error *next_eac3(struct es_walk *walk, struct es_unit *out,
                             bool *out_found)
{
    return next_frame(walk, sound_frame_eac3, out, out_found);
}

static dits_error *next_ac4(struct es_walk *walk, struct es_unit *out,
                            bool *out_found)
{
    return next_frame(walk, sound_frame_ac4, out, out_found);
}

const struct es_kind es_adts = {
    .container = "aac",
    .codec = "aac",
    .type = MEDIA_AUDIO,
    .framing = MEDIA_ADTS,
    .probe = probe_adts,
    .first = es_id3_size,
    .next = next_adts,
};

const struct es_kind es_ac3 = {
    .container = "ac3",
    .codec = "ac3",
    .type = MEDIA_AUDIO,
    .probe = probe_ac3,
    .first = es_id3_size,
    .next = next_ac3,
};

const struct es_kind es_eac3 = {
    .container = "eac3",
    .codec = "eac3",
    .type = MEDIA_AUDIO,
    .probe = probe_eac3,
    .first = es_id3_size,
    .next = next_eac3,
};

const struct es_kind es_ac4 = {
    .container = "ac4",
    .codec = "ac4",
    .type = MEDIA_AUDIO,
    .probe = probe_ac4,
    .first = es_id3_size,
    .next = next_ac4,
};
