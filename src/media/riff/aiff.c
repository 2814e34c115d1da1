#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "media/formats.h"
#include "media/limits.h"
#include "media/riff/sound.h"

/* Audio Interchange File Format 1.3 and AIFF-C (Apple, 1989 and 1991). */
enum { FORM_BYTES = 12, COMM_BYTES = 18, COMM_C_BYTES = 22, SSND_BYTES = 8 };

static bool probe(struct slice head, uint64_t file_size)
{
    (void)file_size;
    return head.size >= FORM_BYTES && memcmp(head.data, "FORM", 4) == 0 &&
           memcmp(head.data + 8, "AIF", 3) == 0 &&
           (head.data[11] == 'F' || head.data[11] == 'C');
}

/* How AIFF-C codes sound: frames of a block 0 where they are not said. */
struct compression {
    const char *type;
    const char *codec;
    uint8_t bytes; /* of one channel of PCM; 0: not PCM */
    bool big_endian;
    uint8_t block; /* bytes of one channel of a block */
    uint8_t frames;
};

static const struct compression compressions[] = {
    {"sowt", "", 0, false, 0, 1},
    {"twos", "", 0, true, 0, 1},
    {"NONE", "", 0, true, 0, 1},
    {"raw ", "pcm_u8", 1, false, 1, 1},
    {"in24", "pcm_s24be", 3, true, 3, 1},
    {"in32", "pcm_s32be", 4, true, 4, 1},
    {"42ni", "pcm_s24le", 3, false, 3, 1},
    {"23ni", "pcm_s32le", 4, false, 4, 1},
    {"fl32", "pcm_f32be", 4, true, 4, 1},
    {"FL32", "pcm_f32be", 4, true, 4, 1},
    {"fl64", "pcm_f64be", 8, true, 8, 1},
    {"FL64", "pcm_f64be", 8, true, 8, 1},
    {"alaw", "pcm_alaw", 0, false, 1, 1},
    {"ALAW", "pcm_alaw", 0, false, 1, 1},
    {"ulaw", "pcm_mulaw", 0, false, 1, 1},
    {"ULAW", "pcm_mulaw", 0, false, 1, 1},
    {"ima4", "adpcm_ima_qt", 0, false, 34, 64},
    {"MAC3", "mace3", 0, false, 2, 6},
    {"MAC6", "mace6", 0, false, 1, 6},
    {"GSM ", "gsm", 0, false, 33, 160},
    {"G722", "adpcm_g722", 0, false, 1, 2},
    {"QDM2", "qdm2", 0, false, 0, 0},
};

/*
 * An 80-bit number of IEEE 754, exponent and all bits of the fraction, as a
 * whole one; 0 for what is no sampling rate.
 */
static uint32_t extended(const uint8_t *at)
{
    int exponent = be16_load(at) - 16383;
    if (exponent < 0 || exponent > 31)
        return 0;
    return (uint32_t)(((be64_load(at + 2) >> (62 - exponent)) + 1) >> 1);
}

static const struct compression *find(const char *type)
{
    for (size_t i = 0; i < sizeof(compressions) / sizeof(compressions[0]); i++)
        if (strcmp(compressions[i].type, type) == 0)
            return &compressions[i];
    return NULL;
}

static void set_integer(struct media_track *track, unsigned bits,
                        bool big_endian)
{
    unsigned bytes = (bits + 7) / 8;
    if (bytes == 0 || bytes > 4)
        return;
    track->framing = MEDIA_PCM;
    track->sample_bytes = (uint8_t)bytes;
    track->big_endian = big_endian && bytes > 1;
    if (bytes == 1)
        (void)snprintf(track->codec, sizeof(track->codec), "pcm_s8");
    else
        (void)snprintf(track->codec, sizeof(track->codec), "pcm_s%u%s",
                       8 * bytes, big_endian ? "be" : "le");
}

static void set_codec(struct media_file *file, const char *type, unsigned bits)
{
    struct sound *sound = sound_of(file);
    struct media_track *track = &file->tracks[0];
    const struct compression *is = find(type);
    (void)snprintf(track->tag, sizeof(track->tag), "%s", type);
    if (is == NULL)
        return;
    (void)snprintf(track->codec, sizeof(track->codec), "%s", is->codec);
    sound->block_frames = is->frames;
    sound->block = is->block * track->channels;
    if (is->codec[0] == 0) {
        set_integer(track, bits, is->big_endian);
        sound->block = track->sample_bytes * track->channels;
    } else if (is->bytes > 0) {
        track->framing = MEDIA_PCM;
        track->sample_bytes = is->bytes;
        track->big_endian = is->big_endian;
    }
}

/* COMM: the sound in common, and in AIFF-C how it is compressed. */
static dits_error *read_common(struct media_file *file,
                               const struct chunk *chunk, bool is_c)
{
    struct media_track *track = NULL;
    struct slice bytes = {0};
    char type[5] = "NONE";
    size_t want = is_c ? COMM_C_BYTES : COMM_BYTES;
    TRY(window_peek(&sound_of(file)->window, chunk->body, want, &bytes));
    if (bytes.size < want || chunk->end - chunk->body < want ||
        file->track_count > 0) {
        media_add_problem(file, chunk->offset, "COMM",
                          "not the one description of the sound");
        return NULL;
    }
    for (size_t i = 0; is_c && i < 4; i++) {
        uint8_t letter = bytes.data[COMM_BYTES + i];
        type[i] = (char)(letter >= ' ' && letter <= '~' ? letter : '?');
    }
    unsigned bits = be16_load(bytes.data + 6);
    unsigned channels = be16_load(bytes.data);
    TRY(media_add_track(file, &track));
    track->kind = MEDIA_AUDIO;
    track->intra_only = true;
    track->channels = channels;
    track->sample_rate = extended(bytes.data + 8);
    set_codec(file, type, bits);
    return bits == 0 ? NULL
                     : facts_add_integer(&track->facts, "bit_depth", bits);
}

/* SSND: an offset to the first block, for hardware that needs it aligned. */
static dits_error *read_sound(struct media_file *file,
                              const struct chunk *chunk)
{
    struct sound *sound = sound_of(file);
    struct slice bytes = {0};
    uint64_t size = chunk->end - chunk->body;
    if (chunk->is_cut)
        media_add_problem(file, chunk->offset, "SSND", "the sound is cut off");
    TRY(window_peek(&sound->window, chunk->body, SSND_BYTES, &bytes));
    if (size < SSND_BYTES || bytes.size < SSND_BYTES || sound->size > 0)
        return NULL;
    uint64_t skip = be32_load(bytes.data);
    if (skip > size - SSND_BYTES)
        return NULL;
    sound->offset = chunk->body + SSND_BYTES + skip;
    sound->size = size - SSND_BYTES - skip;
    return NULL;
}

/* MARK: number, position, name as of Pascal, padded to an even size. */
static dits_error *read_marks(struct media_file *file,
                              const struct chunk *chunk)
{
    struct window *window = &sound_of(file)->window;
    uint64_t at = chunk->body + 2;
    while (at < chunk->end && chunk->end - at >= 7 &&
           file->facts.count < LIMIT_FACTS) {
        struct slice bytes = {0};
        uint64_t left = chunk->end - at;
        TRY(window_peek(window, at, left < 262 ? (size_t)left : 262, &bytes));
        if (bytes.size < 7)
            return NULL;
        size_t length = bytes.data[6];
        if (length > bytes.size - 7)
            length = bytes.size - 7;
        TRY(facts_add_integer(&file->facts, "marker.frame",
                              be32_load(bytes.data + 2)));
        TRY(facts_add_text(&file->facts, "marker.title",
                           slice_of(bytes.data + 7, length)));
        at += 7 + length + (length % 2 == 0 ? 1 : 0);
    }
    return NULL;
}

static const struct {
    const char *chunk;
    const char *name;
} texts[] = {
    {"NAME", "tag.title"},
    {"AUTH", "tag.author"},
    {"(c) ", "tag.copyright"},
    {"ANNO", "tag.comment"},
};

static dits_error *read_chunk(struct media_file *file,
                              const struct chunk *chunk, bool is_c)
{
    struct window *window = &sound_of(file)->window;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (chunk_is(chunk, texts[i].chunk))
            return chunk_text(window, chunk, &file->facts, texts[i].name);
    if (chunk_is(chunk, "COMM"))
        return read_common(file, chunk, is_c);
    if (chunk_is(chunk, "SSND"))
        return read_sound(file, chunk);
    if (chunk_is(chunk, "MARK"))
        return read_marks(file, chunk);
    if (chunk_is(chunk, "ID3 "))
        return facts_add_truth(&file->facts, "id3", true);
    return NULL;
}

static dits_error *open(struct media_file *file)
{
    struct slice head = {0};
    struct chunk chunk = {0};
    unsigned count = 0;
    bool found = false;
    TRY(sound_begin(file, CHUNK_IFF));
    struct sound *sound = sound_of(file);
    TRY(window_peek(&sound->window, 0, FORM_BYTES, &head));
    if (!probe(head, file->source->size))
        return error_new(DITS_E_UNSUPPORTED, "not an AIFF file");
    bool is_c = head.data[11] == 'C';
    memcpy(file->container, is_c ? "aifc" : "aiff", sizeof("aiff"));
    struct chunks chunks = {&sound->window, CHUNK_IFF, FORM_BYTES,
                            file->source->size};
    TRY(chunks_next(&chunks, &chunk, &found));
    while (found && count++ < LIMIT_HEADER_STEPS) {
        TRY(read_chunk(file, &chunk, is_c));
        TRY(chunks_next(&chunks, &chunk, &found));
    }
    if (file->track_count > 0)
        sound_measure(file);
    else
        sound->size = 0;
    return NULL;
}

static bool enters(const struct chunk *chunk, unsigned *out_skip)
{
    *out_skip = 4;
    return chunk_is(chunk, "FORM");
}

static dits_error *tree(struct media_file *file, media_node_fn *fn,
                        void *payload)
{
    return chunks_tree(file, CHUNK_IFF, enters, fn, payload);
}

const struct media_format media_format_aiff = {
    .name = "aiff",
    .probe = probe,
    .open = open,
    .close = sound_close,
    .spans = sound_spans,
    .next_span = sound_next_span,
    .samples = sound_samples,
    .next_sample = sound_next_sample,
    .end_walk = sound_end_walk,
    .tree = tree,
};
