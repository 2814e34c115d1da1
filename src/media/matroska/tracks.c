#include "media/matroska/tracks.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "media/limits.h"
#include "media/matroska/codec_ids.h"
#include "media/matroska/ids.h"
#include "media/matroska/values.h"

enum { COMPRESSION_ZLIB = 0, COMPRESSION_HEADER = 3 };
enum { SCOPE_FRAMES = 1, SCOPE_PRIVATE = 2 };

/* A track entry while it is read. */
struct entry {
    struct media_file *file;
    struct media_track *track;
    struct matroska_track *own;
    struct buf codec_id;
    unsigned bits;
    unsigned encodings; /* of frames */
    bool has_bcp47;     /* the language was said by BCP 47 */
    bool hides_config;  /* CodecPrivate is compressed or encrypted */
};

static void entry_release(struct entry *entry)
{
    buf_release(&entry->codec_id);
}

static dits_error *add_track(struct media_file *file, struct entry *out)
{
    struct matroska *matroska = matroska_of(file);
    size_t count = matroska->track_count;
    struct matroska_track *tracks =
        count == 0 ? mem_new_array(struct matroska_track, 1)
                   : mem_resize(matroska->tracks, count, count + 1,
                                sizeof(*matroska->tracks));
    if (tracks == NULL)
        return error_nomem();
    matroska->tracks = tracks;
    TRY(media_add_track(file, &out->track));
    matroska->track_count = count + 1;
    out->own = &tracks[count];
    out->file = file;
    return NULL;
}

static enum media_kind kind_of(uint64_t type)
{
    switch (type) {
    case 1:
        return MEDIA_VIDEO;
    case 2:
        return MEDIA_AUDIO;
    case 17:
        return MEDIA_SUBTITLE;
    case 33:
        return MEDIA_METADATA;
    default:
        return MEDIA_OTHER;
    }
}

static dits_error *read_word(struct window *window,
                             const struct ebml_element *element, char *out,
                             size_t size)
{
    CLEANUP(buf_release) struct buf text = {0};
    TRY(ebml_bytes(window, element, &text));
    (void)snprintf(out, size, "%s", buf_text(&text));
    for (char *at = out; *at != 0; at++)
        if (*at < ' ' || *at > '~')
            *at = '?';
    return NULL;
}

struct audio_format {
    double rate;
    double output; /* rate after spectral band replication; 0: the same */
    uint64_t channels;
    uint64_t bits;
};

static dits_error *read_audio_child(struct window *window,
                                    const struct ebml_element *child,
                                    struct audio_format *out)
{
    switch (child->id) {
    case ID_SAMPLING_FREQUENCY:
        return ebml_float(window, child, &out->rate);
    case ID_OUTPUT_SAMPLING_FREQUENCY:
        return ebml_float(window, child, &out->output);
    case ID_CHANNELS:
        return ebml_uint(window, child, &out->channels);
    case ID_BIT_DEPTH:
        return ebml_uint(window, child, &out->bits);
    default:
        return NULL;
    }
}

static dits_error *read_audio(struct entry *entry, struct window *window,
                              const struct ebml_element *audio)
{
    struct ebml_list list = ebml_children(window, audio);
    struct ebml_element child = {0};
    struct audio_format is = {.rate = 8000, .channels = 1};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        TRY(read_audio_child(window, &child, &is));
        TRY(ebml_next(&list, &child, &found));
    }
    double played = is.output > 0 ? is.output : is.rate;
    entry->track->sample_rate =
        played >= 0 && played < 4e9 ? (uint32_t)(played + 0.5) : 0;
    entry->track->channels = is.channels > 65535 ? 0 : (uint32_t)is.channels;
    entry->bits = is.bits > 255 ? 0 : (unsigned)is.bits;
    if (entry->bits > 0)
        TRY(facts_add_integer(&entry->track->facts, "bit_depth", entry->bits));
    return NULL;
}

/* What one ContentEncoding does to frames and to CodecPrivate. */
struct encoding {
    uint64_t scope;
    uint64_t type; /* 1: encryption */
    uint64_t algorithm;
    struct buf stripped; /* bytes that each frame lacks */
};

static void encoding_release(struct encoding *encoding)
{
    buf_release(&encoding->stripped);
}

static dits_error *read_compression(struct window *window,
                                    const struct ebml_element *element,
                                    struct encoding *out)
{
    struct ebml_list list = ebml_children(window, element);
    struct ebml_element child = {0};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_CONTENT_COMP_ALGO)
            TRY(ebml_uint(window, &child, &out->algorithm));
        else if (child.id == ID_CONTENT_COMP_SETTINGS)
            TRY(ebml_bytes(window, &child, &out->stripped));
        TRY(ebml_next(&list, &child, &found));
    }
    return NULL;
}

/* One that a look at the frames can undo, if there is no other. */
static void keep_packing(struct entry *entry, struct encoding *encoding)
{
    struct media_packing *packing = &entry->track->packing;
    bool is_known = encoding->type == 0 && entry->encodings++ == 0;
    packing->form = MEDIA_PLAIN;
    if (is_known && encoding->algorithm == COMPRESSION_ZLIB)
        packing->form = MEDIA_ZLIB;
    if (is_known && encoding->algorithm == COMPRESSION_HEADER &&
        encoding->stripped.size <= LIMIT_FRONT) {
        packing->form = MEDIA_STRIPPED;
        packing->front = MOVE(encoding->stripped);
    }
}

static dits_error *apply_encoding(struct entry *entry,
                                  struct encoding *encoding)
{
    static const char *const names[] = {"zlib", "bzlib", "lzo1x",
                                        "header-stripping"};
    struct media_facts *facts = &entry->track->facts;
    if ((encoding->scope & SCOPE_PRIVATE) != 0)
        entry->hides_config = true;
    if ((encoding->scope & SCOPE_FRAMES) == 0)
        return NULL;
    uint64_t stripped = encoding->stripped.size;
    keep_packing(entry, encoding);
    if (encoding->type == 1) {
        entry->track->is_encrypted = true;
        entry->own->is_compressed = true;
        return NULL;
    }
    bool is_stripping = encoding->algorithm == COMPRESSION_HEADER;
    if (is_stripping && stripped > 0)
        entry->own->has_stripped_headers = true;
    if (!is_stripping)
        entry->own->is_compressed = true;
    TRY(facts_add_word(facts, "compression",
                       encoding->algorithm <= COMPRESSION_HEADER
                           ? names[encoding->algorithm]
                           : "unknown"));
    return !is_stripping ? NULL
                         : facts_add_integer(facts, "compression.header_bytes",
                                             (int64_t)stripped);
}

static dits_error *read_encoding(struct entry *entry, struct window *window,
                                 const struct ebml_element *element)
{
    struct ebml_list list = ebml_children(window, element);
    struct ebml_element child = {0};
    CLEANUP(encoding_release)
    struct encoding encoding = {.scope = SCOPE_FRAMES};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_CONTENT_ENCODING_SCOPE)
            TRY(ebml_uint(window, &child, &encoding.scope));
        else if (child.id == ID_CONTENT_ENCODING_TYPE)
            TRY(ebml_uint(window, &child, &encoding.type));
        else if (child.id == ID_CONTENT_COMPRESSION)
            TRY(read_compression(window, &child, &encoding));
        else if (child.id == ID_CONTENT_ENCRYPTION)
            encoding.type = 1;
        TRY(ebml_next(&list, &child, &found));
    }
    return apply_encoding(entry, &encoding);
}

static dits_error *read_encodings(struct entry *entry, struct window *window,
                                  const struct ebml_element *encodings)
{
    struct ebml_list list = ebml_children(window, encodings);
    struct ebml_element child = {0};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_CONTENT_ENCODING)
            TRY(read_encoding(entry, window, &child));
        TRY(ebml_next(&list, &child, &found));
    }
    return NULL;
}

/* A dvcC, dvvC or dvwC record (Dolby Vision Streams Within the ISO BMFF). */
static dits_error *add_dolby_vision(struct media_facts *facts,
                                    struct slice record)
{
    if (record.size < 5)
        return NULL;
    unsigned bits = (unsigned)record.data[2] << 8 | record.data[3];
    TRY(facts_add_integer(facts, "dolby_vision.profile", bits >> 9));
    TRY(facts_add_integer(facts, "dolby_vision.level", bits >> 3 & 0x3f));
    TRY(facts_add_truth(facts, "dolby_vision.rpu", (bits & 4) != 0));
    TRY(facts_add_truth(facts, "dolby_vision.el", (bits & 2) != 0));
    TRY(facts_add_truth(facts, "dolby_vision.bl", (bits & 1) != 0));
    return facts_add_integer(facts, "dolby_vision.compatibility",
                             record.data[4] >> 4);
}

static dits_error *read_mapping(struct entry *entry, struct window *window,
                                const struct ebml_element *mapping)
{
    CLEANUP(buf_release) struct buf record = {0};
    struct ebml_list list = ebml_children(window, mapping);
    struct ebml_element child = {0};
    uint64_t type = 0;
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_BLOCK_ADD_ID_TYPE)
            TRY(ebml_uint(window, &child, &type));
        else if (child.id == ID_BLOCK_ADD_ID_EXTRA_DATA)
            TRY(ebml_bytes(window, &child, &record));
        TRY(ebml_next(&list, &child, &found));
    }
    struct media_facts *facts = &entry->track->facts;
    bool is_dolby_vision = type == 0x64766343 || type == 0x64767643 ||
                           type == 0x64767743; /* dvcC, dvvC, dvwC */
    if (is_dolby_vision)
        return add_dolby_vision(facts, buf_slice(&record));
    return type > INT64_MAX
               ? NULL
               : facts_add_integer(facts, "block_addition.type", (int64_t)type);
}

static const struct {
    uint32_t id;
    const char *name;
} flags[] = {
    {ID_FLAG_DEFAULT, "disposition.default"},
    {ID_FLAG_FORCED, "disposition.forced"},
    {ID_FLAG_HEARING_IMPAIRED, "disposition.hearing_impaired"},
    {ID_FLAG_VISUAL_IMPAIRED, "disposition.visual_impaired"},
    {ID_FLAG_TEXT_DESCRIPTIONS, "disposition.descriptions"},
    {ID_FLAG_ORIGINAL, "disposition.original"},
    {ID_FLAG_COMMENTARY, "disposition.comment"},
    {ID_FLAG_ENABLED, "enabled"},
};

/* What becomes a fact as it is. */
static dits_error *read_fact(struct entry *entry, struct window *window,
                             const struct ebml_element *child)
{
    struct media_facts *facts = &entry->track->facts;
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
        if (flags[i].id == child->id)
            return value_truth(window, child, facts, flags[i].name);
    if (child->id == ID_NAME)
        return value_text(window, child, facts, "title");
    if (child->id == ID_CODEC_NAME)
        return value_text(window, child, facts, "codec_name");
    if (child->id == ID_SEEK_PRE_ROLL)
        return value_integer(window, child, facts, "seek_preroll_ns");
    return NULL;
}

/* Whole elements inside of the entry. */
static dits_error *read_part(struct entry *entry, struct window *window,
                             const struct ebml_element *child)
{
    switch (child->id) {
    case ID_CODEC_PRIVATE:
        return ebml_bytes(window, child, &entry->track->config);
    case ID_CODEC_ID:
        return ebml_bytes(window, child, &entry->codec_id);
    case ID_VIDEO:
        return track_video_read(window, child, entry->track);
    case ID_AUDIO:
        return read_audio(entry, window, child);
    case ID_CONTENT_ENCODINGS:
        return read_encodings(entry, window, child);
    case ID_BLOCK_ADDITION_MAPPING:
        return read_mapping(entry, window, child);
    default:
        return read_fact(entry, window, child);
    }
}

static dits_error *read_child(struct entry *entry, struct window *window,
                              const struct ebml_element *child)
{
    struct media_track *track = entry->track;
    uint64_t type = 0;
    switch (child->id) {
    case ID_TRACK_NUMBER:
        TRY(ebml_uint(window, child, &entry->own->number));
        track->id = entry->own->number;
        return NULL;
    case ID_TRACK_UID:
        return ebml_uint(window, child, &entry->own->uid);
    case ID_TRACK_TYPE:
        TRY(ebml_uint(window, child, &type));
        track->kind = kind_of(type);
        return NULL;
    case ID_DEFAULT_DURATION:
        return ebml_uint(window, child, &entry->own->default_duration);
    case ID_CODEC_DELAY:
        return ebml_uint(window, child, &entry->own->codec_delay);
    case ID_LANGUAGE:
        return entry->has_bcp47 ? NULL
                                : read_word(window, child, track->language,
                                            sizeof(track->language));
    case ID_LANGUAGE_BCP47:
        entry->has_bcp47 = true;
        return read_word(window, child, track->language,
                         sizeof(track->language));
    default:
        return read_part(entry, window, child);
    }
}

/* What the codec tells the splitter holds only for frames as it made them. */
static void hide_framing(struct entry *entry)
{
    bool is_hidden = entry->own->is_compressed ||
                     entry->own->has_stripped_headers;
    if (!is_hidden)
        return;
    entry->track->packing.framing = entry->track->framing;
    entry->track->packing.nal_length_size = entry->track->nal_length_size;
    entry->track->framing = MEDIA_OPAQUE;
    entry->track->nal_length_size = 0;
    entry->track->sample_bytes = 0;
    entry->track->big_endian = false;
}

static dits_error *finish_entry(struct entry *entry)
{
    struct media_track *track = entry->track;
    const char *id = buf_text(&entry->codec_id);
    uint64_t num = 0;
    uint64_t den = 0;
    (void)snprintf(track->tag, sizeof(track->tag), "%.*s",
                   (int)sizeof(track->tag) - 1, id);
    for (char *at = track->tag; *at != 0; at++)
        if (*at < ' ' || *at > '~')
            *at = '?';
    if (entry->hides_config)
        buf_clear(&track->config);
    TRY(codec_ids_apply(track, id, entry->bits));
    hide_framing(entry);
    if (entry->own->default_duration > 0 && track->kind == MEDIA_VIDEO) {
        value_nearest(1000000000, entry->own->default_duration, 30000, &num,
                      &den);
        TRY(value_ratio(&track->facts, "frame_rate", num, den));
    }
    if (entry->own->codec_delay > 0 && entry->own->codec_delay <= INT64_MAX)
        TRY(facts_add_integer(&track->facts, "codec_delay_ns",
                              (int64_t)entry->own->codec_delay));
    return NULL;
}

static dits_error *entry_read(struct media_file *file,
                              const struct ebml_element *element)
{
    CLEANUP(entry_release) struct entry entry = {0};
    struct window *window = &matroska_of(file)->window;
    struct ebml_list list = ebml_children(window, element);
    struct ebml_element child = {0};
    bool found = false;
    TRY(add_track(file, &entry));
    (void)snprintf(entry.track->language, sizeof(entry.track->language), "eng");
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        TRY(read_child(&entry, window, &child));
        TRY(ebml_next(&list, &child, &found));
    }
    return finish_entry(&entry);
}

dits_error *tracks_read(struct media_file *file,
                        const struct ebml_element *tracks)
{
    struct ebml_list list = ebml_children(&matroska_of(file)->window, tracks);
    struct ebml_element child = {0};
    bool found = false;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_TRACK_ENTRY && file->track_count >= LIMIT_TRACKS)
            matroska_problem(file, child.offset, "Segment/Tracks",
                             "too many tracks");
        else if (child.id == ID_TRACK_ENTRY)
            TRY(entry_read(file, &child));
        TRY(ebml_next(&list, &child, &found));
    }
    return NULL;
}
