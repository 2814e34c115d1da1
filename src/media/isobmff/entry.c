#include "media/isobmff/entry.h"

#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "media/isobmff/entry_parts.h"

/* Six reserved bytes and the data reference (14496-12, 8.5.2.2). */
enum { ENTRY_FIXED = 8 };

static void copy_text(char *out, size_t room, const char *text)
{
    (void)snprintf(out, room, "%s", text);
}

void entry_set_codec(struct media_track *track, const char *codec)
{
    copy_text(track->codec, sizeof(track->codec), codec);
}

static enum media_kind kind_of(uint32_t handler)
{
    static const struct {
        char handler[5];
        enum media_kind kind;
    } rows[] = {
        {"vide", MEDIA_VIDEO},    {"auxv", MEDIA_VIDEO},
        {"pict", MEDIA_VIDEO},    {"soun", MEDIA_AUDIO},
        {"subt", MEDIA_SUBTITLE}, {"sbtl", MEDIA_SUBTITLE},
        {"text", MEDIA_SUBTITLE}, {"clcp", MEDIA_SUBTITLE},
        {"subp", MEDIA_SUBTITLE}, {"tmcd", MEDIA_TIMECODE},
        {"meta", MEDIA_METADATA},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (be32_load((const uint8_t *)rows[i].handler) == handler)
            return rows[i].kind;
    return MEDIA_OTHER;
}

/* An odd handler says less than the entry itself. */
static void settle_kind(struct entry *entry)
{
    struct media_track *track = entry->track;
    track->kind = kind_of(entry->handler);
    if (track->kind != MEDIA_OTHER)
        return;
    if (entry_video_codec(entry->type) != NULL)
        track->kind = MEDIA_VIDEO;
    else if (entry_audio_codec(entry->type) != NULL)
        track->kind = MEDIA_AUDIO;
    else if (entry->type == FOURCC('t', 'm', 'c', 'd'))
        track->kind = MEDIA_TIMECODE;
}

/* Where the boxes are that tell what was encrypted. */
static struct slice children_by_kind(const struct entry *entry)
{
    enum { VIDEO_FIXED = 78, AUDIO_FIXED = 28 };
    if (entry->track->kind == MEDIA_VIDEO)
        return slice_after(entry->payload, VIDEO_FIXED);
    if (entry->track->kind == MEDIA_AUDIO)
        return slice_after(entry->payload, AUDIO_FIXED);
    return slice_after(entry->payload, ENTRY_FIXED);
}

/* Restricted schemes keep samples in the clear; the others encrypt them. */
static dits_error *find_original(struct entry *entry)
{
    static const char wrappers[][5] = {"encv", "enca", "enct",
                                       "encs", "encm", "resv"};
    bool is_wrapped = false;
    for (size_t i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++)
        if (be32_load((const uint8_t *)wrappers[i]) == entry->type)
            is_wrapped = true;
    if (!is_wrapped)
        return NULL;
    bool is_encrypted = entry->type != FOURCC('r', 'e', 's', 'v');
    if (is_encrypted)
        entry->track->is_encrypted = true;
    struct slice scheme = children_find(
        children_by_kind(entry),
        is_encrypted ? FOURCC('s', 'i', 'n', 'f') : FOURCC('r', 'i', 'n', 'f'));
    struct slice format = children_find(scheme, FOURCC('f', 'r', 'm', 'a'));
    struct slice type = children_find(scheme, FOURCC('s', 'c', 'h', 'm'));
    if (format.size >= 4)
        entry->type = be32_load(format.data);
    if (type.size >= 8)
        TRY(facts_add_text(&entry->track->facts, "protection.scheme",
                           slice_of(type.data + 4, 4)));
    return NULL;
}

static const struct entry_codec *codec_of(const struct entry *entry)
{
    if (entry->track->kind == MEDIA_VIDEO)
        return entry_video_codec(entry->type);
    if (entry->track->kind == MEDIA_AUDIO)
        return entry_audio_codec(entry->type);
    return entry_other_codec(entry->type);
}

static dits_error *apply_codec(struct entry *entry)
{
    struct media_track *track = entry->track;
    const struct entry_codec *codec = codec_of(entry);
    if (codec == NULL)
        return NULL;
    entry_set_codec(track, codec->codec);
    track->framing = (enum media_framing)codec->framing;
    track->intra_only = (codec->flags & CODEC_INTRA) != 0;
    if ((codec->flags & CODEC_CRYPT) != 0)
        track->is_encrypted = true;
    if (codec->profile != NULL)
        TRY(facts_add_word(&track->facts, "profile", codec->profile));
    return NULL;
}

static dits_error *describe(struct entry *entry)
{
    switch (entry->track->kind) {
    case MEDIA_VIDEO:
        TRY(entry_video(entry));
        break;
    case MEDIA_AUDIO:
        TRY(entry_audio(entry));
        break;
    case MEDIA_OTHER:
    case MEDIA_SUBTITLE:
    case MEDIA_TIMECODE:
    case MEDIA_CHAPTERS:
    case MEDIA_METADATA:
    case MEDIA_IMAGE:
        TRY(entry_other(entry));
        break;
    }
    TRY(entry_boxes(entry));
    if (entry->track->kind == MEDIA_AUDIO)
        entry_settle_pcm(entry);
    return NULL;
}

/*
 * Only the first entry describes the track: those that follow are parameter
 * sets of the same stream, and named.
 */
dits_error *isobmff_describe_entry(struct media_file *file,
                                   struct media_track *track, uint32_t handler,
                                   uint8_t stsd_version, struct slice entry)
{
    struct children children = children_of(entry);
    struct child box = {0};
    if (!children_next(&children, &box)) {
        media_add_problem(file, 0, "stsd", "a sample entry of %zu bytes",
                          entry.size);
        return NULL;
    }
    char tag[5] = "";
    fourcc_text(box.type, tag);
    if (track->tag[0] != '\0')
        return facts_add_word(&track->facts, "entry.tag", tag);
    copy_text(track->tag, sizeof(track->tag), tag);
    struct entry parts = {
        .file = file,
        .track = track,
        .handler = handler,
        .type = box.type,
        .stsd_version = stsd_version,
        .payload = box.payload,
    };
    settle_kind(&parts);
    TRY(find_original(&parts));
    if (track->kind == MEDIA_OTHER)
        settle_kind(&parts);
    TRY(apply_codec(&parts));
    if (parts.payload.size < ENTRY_FIXED) {
        media_add_problem(file, 0, "stsd", "the entry '%s' is cut off", tag);
        track->framing = MEDIA_OPAQUE; /* how is not known */
        return NULL;
    }
    return describe(&parts);
}
