#include <stdio.h>
#include <string.h>

#include "base/le.h"
#include "media/formats.h"
#include "media/limits.h"
#include "media/riff/sound.h"
#include "media/riff/wav_facts.h"
#include "media/riff/wave_format.h"

enum { RIFF_BYTES = 12, WAVE64_HEAD_BYTES = 40, FORMAT_BYTES = 4096 };

static bool is_riff(struct slice head)
{
    return head.size >= RIFF_BYTES &&
           (memcmp(head.data, "RIFF", 4) == 0 ||
            memcmp(head.data, "RF64", 4) == 0 ||
            memcmp(head.data, "BW64", 4) == 0) &&
           memcmp(head.data + 8, "WAVE", 4) == 0;
}

/* The GUIDs of Wave64 for 'riff' and 'wave' begin with these letters. */
static bool is_wave64(struct slice head)
{
    return head.size >= WAVE64_HEAD_BYTES &&
           memcmp(head.data, "riff\x2e\x91\xcf\x11", 8) == 0 &&
           memcmp(head.data + 24, "wave\xf3\xac\xd3\x11", 8) == 0;
}

static bool probe(struct slice head, uint64_t file_size)
{
    (void)file_size;
    return is_riff(head) || is_wave64(head);
}

/* What the chunks of the file say, before the track is made of it. */
struct wav {
    struct media_file *file;
    struct window *window;
    struct chunk data;
    struct chunk format;
    uint64_t data_size; /* of ds64 (EBU Tech 3306); 0: none */
    uint64_t frames;    /* of fact */
};

static dits_error *read_ds64(struct wav *wav, const struct chunk *chunk)
{
    struct slice bytes = {0};
    TRY(window_peek(wav->window, chunk->body, 24, &bytes));
    if (bytes.size == 24)
        wav->data_size = le64_load(bytes.data + 8);
    return NULL;
}

static dits_error *read_fact(struct wav *wav, const struct chunk *chunk)
{
    struct slice bytes = {0};
    TRY(window_peek(wav->window, chunk->body, 4, &bytes));
    if (bytes.size == 4 && chunk->end - chunk->body >= 4)
        wav->frames = le32_load(bytes.data);
    return NULL;
}

/*
 * The extent of the sound. A size of all ones is in ds64, or was never
 * written; one of 0 at the end of a recording that was cut off, too.
 */
static void take_data(struct wav *wav, struct chunks *chunks,
                      struct chunk *chunk)
{
    uint64_t left = chunks->end - chunk->body;
    if (chunk->is_cut && wav->data_size > 0 && wav->data_size <= left) {
        chunk->end = chunk->body + wav->data_size;
        chunks->at = chunk->end + wav->data_size % 2;
        chunk->is_cut = false;
    }
    if (chunk->is_cut)
        media_add_problem(wav->file, chunk->offset, "data",
                          "the sound is cut off");
    if (wav->data.name[0] == 0)
        wav->data = *chunk;
}

static dits_error *read_chunk(struct wav *wav, struct chunks *chunks,
                              struct chunk *chunk)
{
    if (chunk_is(chunk, "ds64"))
        return read_ds64(wav, chunk);
    if (chunk_is(chunk, "fact"))
        return read_fact(wav, chunk);
    if (chunk_is(chunk, "fmt ") && wav->format.name[0] == 0)
        wav->format = *chunk;
    else if (chunk_is(chunk, "data"))
        take_data(wav, chunks, chunk);
    else
        return wav_facts_read(wav->file, wav->window, chunk);
    return NULL;
}

static uint32_t frames_of_block(const struct wav *wav,
                                const struct wave_format *format,
                                const struct media_track *track)
{
    uint64_t size = wav->data.end - wav->data.body;
    bool is_plain = track->framing == MEDIA_PCM || format->tag == 6 ||
                    format->tag == 7; /* A-law and mu-law: a byte each */
    if (is_plain)
        return 1;
    if (format->extra.size >= 2 &&
        (format->tag == 2 || format->tag == 0x11)) /* samples per block */
        return le16_load(format->extra.data);
    if (format->block_align == 0 || size < format->block_align)
        return 0;
    uint64_t each = wav->frames / (size / format->block_align);
    return each > UINT32_MAX ? 0 : (uint32_t)each;
}

static dits_error *make_track(struct wav *wav)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct sound *sound = sound_of(wav->file);
    struct wave_format format = {0};
    struct media_track *track = NULL;
    uint64_t size = wav->format.end - wav->format.body;
    TRY(window_load(wav->window, wav->format.body,
                    size < FORMAT_BYTES ? size : FORMAT_BYTES, &bytes));
    if (!wave_format_parse(buf_slice(&bytes), &format)) {
        media_add_problem(wav->file, wav->format.offset, "fmt ",
                          "no description of the sound");
        return NULL;
    }
    TRY(media_add_track(wav->file, &track));
    TRY(wave_format_apply(&format, track));
    (void)snprintf(track->tag, sizeof(track->tag), "0x%04x", format.tag);
    sound->offset = wav->data.body;
    sound->size = wav->data.end - wav->data.body;
    sound->block = format.block_align;
    sound->block_frames = frames_of_block(wav, &format, track);
    sound_measure(wav->file);
    return wav_facts_finish(wav->file);
}

static dits_error *open(struct media_file *file)
{
    struct slice head = {0};
    struct chunk chunk = {0};
    bool found = false;
    unsigned count = 0;
    TRY(sound_begin(file, CHUNK_RIFF));
    struct sound *sound = sound_of(file);
    struct wav wav = {.file = file, .window = &sound->window};
    TRY(window_peek(&sound->window, 0, WAVE64_HEAD_BYTES, &head));
    if (!probe(head, file->source->size))
        return error_new(DITS_E_UNSUPPORTED, "not a WAVE file");
    bool is_64 = is_wave64(head);
    bool is_large = !is_64 && head.data[0] != 'R';
    memcpy(file->container, is_64 ? "w64" : is_large ? "bw64" : "wav", 4);
    if (!is_64 && memcmp(head.data, "RF64", 4) == 0)
        memcpy(file->container, "rf64", sizeof("rf64"));
    sound->style = is_64 ? CHUNK_WAVE64 : CHUNK_RIFF;
    struct chunks chunks = {&sound->window, sound->style,
                            is_64 ? WAVE64_HEAD_BYTES : RIFF_BYTES,
                            file->source->size};
    TRY(chunks_next(&chunks, &chunk, &found));
    while (found && count++ < LIMIT_HEADER_STEPS) {
        TRY(read_chunk(&wav, &chunks, &chunk));
        TRY(chunks_next(&chunks, &chunk, &found));
    }
    return make_track(&wav);
}

static bool enters(const struct chunk *chunk, unsigned *out_skip)
{
    bool is_list = chunk_is(chunk, "RIFF") || chunk_is(chunk, "RF64") ||
                   chunk_is(chunk, "BW64") || chunk_is(chunk, "LIST");
    bool is_64 = chunk_is(chunk, "riff");
    *out_skip = is_64 ? 16 : 4;
    return is_list || is_64;
}

static dits_error *tree(struct media_file *file, media_node_fn *fn,
                        void *payload)
{
    return chunks_tree(file, sound_of(file)->style, enters, fn, payload);
}

const struct media_format media_format_wav = {
    .name = "wav",
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
