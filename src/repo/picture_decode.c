#include "repo/media_private.h"
#include "repo/picture_private.h"

#include "picture/session.h"

enum { DEFAULT_MEMORY = 512 << 20, DEFAULT_CPU_SECONDS = 30 };

/* Pictures may be stills. */
static bool is_kind(enum dits_media_kind kind, enum dits_media_kind wanted)
{
    return kind == wanted ||
           (wanted == DITS_MEDIA_VIDEO && kind == DITS_MEDIA_IMAGE);
}

static const char *kind_word(enum dits_media_kind kind)
{
    return kind == DITS_MEDIA_VIDEO ? "pictures" : "sound";
}

static bool is_readable(const struct dits_media_track *track)
{
    return !track->is_encrypted && !track->is_external;
}

static dits_error *unreadable(const struct dits_media_track *track)
{
    return error_new(DITS_E_UNSUPPORTED, "its %s are %s",
                     track->kind == DITS_MEDIA_AUDIO ? "sounds" : "pictures",
                     track->is_encrypted ? "encrypted" : "in another file");
}

/* The number of a track among those of its kind. */
static dits_error *number_of(const dits_media *media, size_t track,
                             enum dits_media_kind kind, uint32_t *out)
{
    uint32_t before = 0;
    if (track > media->info.track_count)
        return error_new(DITS_E_NOT_FOUND, "it has no track %zu", track);
    for (size_t i = 0; i + 1 < track; i++)
        before += is_kind(media->tracks[i].kind, kind);
    const struct dits_media_track *chosen = &media->tracks[track - 1];
    if (!is_kind(chosen->kind, kind))
        return error_new(DITS_E_INVALID, "track %zu has no %s", track,
                         kind_word(kind));
    if (!is_readable(chosen))
        return unreadable(chosen);
    *out = before;
    return NULL;
}

/* One that can be read is enough. */
static dits_error *check_kind(const dits_media *media,
                              enum dits_media_kind kind)
{
    const struct dits_media_track *last = NULL;
    for (size_t i = 0; i < media->info.track_count; i++) {
        const struct dits_media_track *track = &media->tracks[i];
        if (!is_kind(track->kind, kind))
            continue;
        if (is_readable(track))
            return NULL;
        last = track;
    }
    return last != NULL
               ? unreadable(last)
               : error_new(DITS_E_NOT_FOUND, "it has no %s", kind_word(kind));
}

dits_error *picture_prepare(const dits_media *media,
                            const struct dits_decode_options *options,
                            enum dits_media_kind kind,
                            struct message_request *request)
{
    const struct dits_decode_options none = {0};
    const struct dits_decode_options *given = options != NULL ? options : &none;
    request->source_size = media->info.size;
    request->memory_bytes = given->memory_bytes > 0 ? given->memory_bytes
                                                    : DEFAULT_MEMORY;
    request->cpu_seconds = given->cpu_seconds > 0 ? given->cpu_seconds
                                                  : DEFAULT_CPU_SECONDS;
    request->stream = REQUEST_BEST;
    if (given->track > 0)
        return number_of(media, given->track, kind, &request->stream);
    return check_kind(media, kind);
}

dits_error *picture_decode(dits_media *media,
                           const struct dits_decode_options *options,
                           const struct message_request *request,
                           struct reply *reply)
{
    const struct session_options how = {
        .context = media->context,
        .decoder = options != NULL && options->decoder != NULL
                       ? options->decoder
                       : DITS_DECODER,
    };
    if (!message_request_is_valid(request))
        return error_new(DITS_E_INVALID, "that is too much to be decoded");
    return session_run(&how, media->file->source, request, reply);
}
