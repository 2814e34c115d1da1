#include "media/riff/wav_facts.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/le.h"
#include "media/limits.h"

/* EBU Tech 3285, 2.3: the fixed part of bext. */
enum { BEXT_BYTES = 602, UMID_BYTES = 64 };

static const struct {
    const char *name;
    size_t offset;
    size_t size;
} bext_texts[] = {
    {"bext.description", 0, 256},           {"bext.originator", 256, 32},
    {"bext.originator_reference", 288, 32}, {"bext.origination_date", 320, 10},
    {"bext.origination_time", 330, 8},
};

/* The UMID of SMPTE ST 330, if there is one: as hexadecimal digits. */
static dits_error *add_umid(struct media_facts *facts, const uint8_t *umid)
{
    char text[2 * UMID_BYTES + 1] = "";
    bool is_set = false;
    for (size_t i = 0; i < UMID_BYTES; i++) {
        is_set = is_set || umid[i] != 0;
        (void)snprintf(text + 2 * i, 3, "%02x", umid[i]);
    }
    return is_set ? facts_add_word(facts, "bext.umid", text) : NULL;
}

/* Loudness, in hundredths (EBU Tech 3285, version 2). */
static dits_error *add_loudness(struct media_facts *facts, const uint8_t *at)
{
    static const char *const names[] = {
        "loudness.integrated", "loudness.range", "loudness.max_true_peak",
        "loudness.max_momentary", "loudness.max_short_term"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        TRY(facts_add_rational(facts, names[i], (int16_t)le16_load(at + 2 * i),
                               100));
    return NULL;
}

static dits_error *read_bext(struct media_file *file, struct window *window,
                             const struct chunk *chunk)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct media_facts *facts = &file->facts;
    if (chunk->end - chunk->body < BEXT_BYTES)
        return NULL;
    TRY(window_load(window, chunk->body, BEXT_BYTES, &bytes));
    for (size_t i = 0; i < sizeof(bext_texts) / sizeof(bext_texts[0]); i++)
        if (bytes.data[bext_texts[i].offset] != 0)
            TRY(facts_add_text(facts, bext_texts[i].name,
                               slice_of(bytes.data + bext_texts[i].offset,
                                        bext_texts[i].size)));
    uint64_t reference = le64_load(bytes.data + 338);
    uint16_t version = le16_load(bytes.data + 346);
    if (reference <= INT64_MAX)
        TRY(facts_add_integer(facts, "bext.time_reference",
                              (int64_t)reference));
    if (version >= 1)
        TRY(add_umid(facts, bytes.data + 348));
    if (version >= 2)
        TRY(add_loudness(facts, bytes.data + 412));
    struct chunk history = *chunk;
    history.body += BEXT_BYTES;
    return chunk_text(window, &history, facts, "bext.coding_history");
}

/* Names of the RIFF specification by those that ffprobe gives them. */
static const struct {
    const char *chunk;
    const char *name;
} info_names[] = {
    {"IART", "tag.artist"},     {"ICMT", "tag.comment"},
    {"ICOP", "tag.copyright"},  {"ICRD", "tag.date"},
    {"IGNR", "tag.genre"},      {"ILNG", "tag.language"},
    {"INAM", "tag.title"},      {"IPRD", "tag.album"},
    {"IPRT", "tag.track"},      {"ITRK", "tag.track"},
    {"ISFT", "tag.encoder"},    {"ISMP", "timecode"},
    {"ITCH", "tag.encoded_by"},
};

dits_error *wav_facts_info(struct media_file *file, struct window *window,
                           const struct chunk *list)
{
    struct chunks chunks = {window, CHUNK_RIFF, list->body + 4, list->end};
    struct chunk chunk = {0};
    bool found = false;
    TRY(chunks_next(&chunks, &chunk, &found));
    while (found) {
        char name[16] = "";
        (void)snprintf(name, sizeof(name), "tag.%s", chunk.name);
        for (size_t i = 0; i < sizeof(info_names) / sizeof(info_names[0]); i++)
            if (chunk_is(&chunk, info_names[i].chunk))
                (void)snprintf(name, sizeof(name), "%s", info_names[i].name);
        TRY(chunk_text(window, &chunk, &file->facts, name));
        TRY(chunks_next(&chunks, &chunk, &found));
    }
    return NULL;
}

/* Labels of LIST adtl: each after the number of its cue point. */
static dits_error *read_labels(struct media_file *file, struct window *window,
                               const struct chunk *list)
{
    struct chunks chunks = {window, CHUNK_RIFF, list->body + 4, list->end};
    struct chunk chunk = {0};
    bool found = false;
    TRY(chunks_next(&chunks, &chunk, &found));
    while (found) {
        if (chunk_is(&chunk, "labl") && chunk.end - chunk.body > 4) {
            chunk.body += 4;
            TRY(chunk_text(window, &chunk, &file->facts, "marker.title"));
        }
        TRY(chunks_next(&chunks, &chunk, &found));
    }
    return NULL;
}

static dits_error *read_list(struct media_file *file, struct window *window,
                             const struct chunk *list)
{
    struct slice kind = {0};
    TRY(window_peek(window, list->body, 4, &kind));
    if (kind.size < 4 || list->end - list->body < 4)
        return NULL;
    if (memcmp(kind.data, "INFO", 4) == 0)
        return wav_facts_info(file, window, list);
    return memcmp(kind.data, "adtl", 4) == 0 ? read_labels(file, window, list)
                                             : NULL;
}

/* Positions of cue points, in frames; as many as there are bytes for. */
static dits_error *read_cues(struct media_file *file, struct window *window,
                             const struct chunk *chunk)
{
    enum { CUE_BYTES = 24, FRAME_AT = 20 };
    uint64_t at = chunk->body + 4;
    while (at < chunk->end && chunk->end - at >= CUE_BYTES &&
           file->facts.count < LIMIT_FACTS) {
        struct slice bytes = {0};
        TRY(window_peek(window, at, CUE_BYTES, &bytes));
        if (bytes.size < CUE_BYTES)
            return NULL;
        TRY(facts_add_integer(&file->facts, "marker.frame",
                              le32_load(bytes.data + FRAME_AT)));
        at += CUE_BYTES;
    }
    return NULL;
}

static unsigned count_of(const char *text, const char *what)
{
    unsigned count = 0;
    for (const char *at = strstr(text, what); at != NULL && count < 65535;
         at = strstr(at + 1, what))
        count++;
    return count;
}

/* The Audio Definition Model (ITU-R BS.2076): how many of what. */
static dits_error *read_axml(struct media_file *file, struct window *window,
                             const struct chunk *chunk)
{
    static const struct {
        const char *element;
        const char *name;
    } parts[] = {
        {"<audioProgramme ", "adm.programmes"},
        {"<audioContent ", "adm.contents"},
        {"<audioObject ", "adm.objects"},
        {"<audioTrackUID ", "adm.tracks"},
    };
    CLEANUP(buf_release) struct buf text = {0};
    uint64_t size = chunk->end - chunk->body;
    if (size > LIMIT_PAYLOAD)
        return NULL;
    TRY(window_load(window, chunk->body, size, &text));
    TRY(facts_add_truth(&file->facts, "adm", true));
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        TRY(facts_add_integer(&file->facts, parts[i].name,
                              count_of(buf_text(&text), parts[i].element)));
    return NULL;
}

static dits_error *read_chna(struct media_file *file, struct window *window,
                             const struct chunk *chunk)
{
    struct slice bytes = {0};
    TRY(window_peek(window, chunk->body, 4, &bytes));
    if (bytes.size < 4 || chunk->end - chunk->body < 4)
        return NULL;
    TRY(facts_add_integer(&file->facts, "adm.chna_tracks",
                          le16_load(bytes.data)));
    return facts_add_integer(&file->facts, "adm.chna_uids",
                             le16_load(bytes.data + 2));
}

dits_error *wav_facts_read(struct media_file *file, struct window *window,
                           const struct chunk *chunk)
{
    if (chunk_is(chunk, "bext"))
        return read_bext(file, window, chunk);
    if (chunk_is(chunk, "LIST") || chunk_is(chunk, "list"))
        return read_list(file, window, chunk);
    if (chunk_is(chunk, "cue "))
        return read_cues(file, window, chunk);
    if (chunk_is(chunk, "axml"))
        return read_axml(file, window, chunk);
    if (chunk_is(chunk, "chna"))
        return read_chna(file, window, chunk);
    if (chunk_is(chunk, "iXML"))
        return chunk_text(window, chunk, &file->facts, "ixml");
    if (chunk_is(chunk, "_PMX"))
        return chunk_text(window, chunk, &file->facts, "xmp");
    if (chunk_is(chunk, "id3 ") || chunk_is(chunk, "ID3 "))
        return facts_add_truth(&file->facts, "id3", true);
    if (chunk_is(chunk, "dbmd")) /* Dolby's metadata of a master */
        return facts_add_truth(&file->facts, "atmos", true);
    return NULL;
}

dits_error *wav_facts_finish(struct media_file *file)
{
    const struct fact *reference =
        facts_find(&file->facts, "bext.time_reference");
    char text[32] = "";
    uint64_t rate = file->track_count > 0 ? file->tracks[0].sample_rate : 0;
    if (reference == NULL || rate == 0)
        return NULL;
    uint64_t frames = (uint64_t)reference->number;
    uint64_t second = frames / rate;
    (void)snprintf(text, sizeof(text), "%02u:%02u:%02u.%03u",
                   (unsigned)(second / 3600 % 100),
                   (unsigned)(second / 60 % 60), (unsigned)(second % 60),
                   (unsigned)(frames % rate * 1000 / rate));
    return facts_add_word(&file->facts, "timecode", text);
}
