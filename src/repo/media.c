#include "repo/media_private.h"

#include <dits/file.h>

#include <string.h>

#include "base/context.h"
#include "base/mem.h"
#include "base/text.h"
#include "media/describe.h"
#include "object/asset_reader.h"
#include "repo/media_time.h"
#include "repo/repo.h"
#include "store/chunker.h"

static void media_freep(dits_media **media)
{
    dits_media_free(*media);
}

void dits_media_free(dits_media *media)
{
    if (media == NULL)
        return;
    media_close(media->file);
    media_input_close(&media->input);
    mem_free(media->tracks);
    mem_free(media->path);
    mem_free(media);
}

const char *dits_media_kind_name(enum dits_media_kind kind)
{
    static const char *const names[] = {
        [DITS_MEDIA_OTHER] = "data",        [DITS_MEDIA_VIDEO] = "video",
        [DITS_MEDIA_AUDIO] = "audio",       [DITS_MEDIA_SUBTITLE] = "subtitle",
        [DITS_MEDIA_TIMECODE] = "timecode", [DITS_MEDIA_CHAPTERS] = "chapters",
        [DITS_MEDIA_METADATA] = "metadata", [DITS_MEDIA_IMAGE] = "image",
    };
    size_t count = sizeof(names) / sizeof(names[0]);
    return (size_t)kind < count ? names[kind] : names[DITS_MEDIA_OTHER];
}

/* The two enums list the same kinds in the same order. */
static enum dits_media_kind kind_of(enum media_kind kind)
{
    _Static_assert((int)MEDIA_IMAGE == (int)DITS_MEDIA_IMAGE, "same kinds");
    return (enum dits_media_kind)kind;
}

static struct dits_media_track describe_track(const struct media_track *track)
{
    return (struct dits_media_track){
        .id = track->id,
        .kind = kind_of(track->kind),
        .codec = track->codec,
        .tag = track->tag,
        .language = track->language,
        .time_base = media_seconds(1, track->time_base),
        .start = media_seconds(track->start, track->time_base),
        .duration = track->duration < 0
                        ? (struct dits_rational){0, 0}
                        : media_seconds(track->duration, track->time_base),
        .sample_count = track->sample_count,
        .width = track->width,
        .height = track->height,
        .sample_rate = track->sample_rate,
        .channels = track->channels,
        .is_encrypted = track->is_encrypted,
        .is_external = track->is_external,
        .is_intra = track->intra_only,
        .fact_count = track->facts.count,
    };
}

static dits_error *describe(dits_media *media, uint64_t size)
{
    const struct media_file *file = media->file;
    size_t kept = file->problem_count < MEDIA_MAX_PROBLEMS ? file->problem_count
                                                           : MEDIA_MAX_PROBLEMS;
    media->info = (struct dits_media_info){
        .path = media->path,
        .size = size,
        .container = file->container,
        .duration = media_duration(file),
        .track_count = file->track_count,
        .fact_count = file->facts.count,
        .problem_count = kept,
        .problems_met = file->problem_count,
    };
    if (file->track_count == 0)
        return NULL;
    media->tracks = mem_new_array(struct dits_media_track, file->track_count);
    if (media->tracks == NULL)
        return error_nomem();
    for (size_t i = 0; i < file->track_count; i++)
        media->tracks[i] = describe_track(&file->tracks[i]);
    return NULL;
}

static dits_error *start(const dits_context *context, const char *path,
                         dits_media **out)
{
    CLEANUP(media_freep) dits_media *media = mem_new(dits_media);
    if (media == NULL)
        return error_nomem();
    media->context = context;
    TRY(text_copy(path, &media->path));
    *out = MOVE(media);
    return NULL;
}

/* NULL for what is no media. */
static dits_error *finish(dits_media **media, dits_media **out)
{
    struct source *source = media_input_source(&(*media)->input);
    *out = NULL;
    TRY(media_open(source, &(*media)->file));
    if ((*media)->file == NULL)
        return NULL;
    TRY(media_describe((*media)->file));
    TRY(describe(*media, source->size));
    *out = MOVE(*media);
    return NULL;
}

dits_error *dits_media_open(const dits_context *context, const char *path,
                            dits_media **out)
{
    CLEANUP(media_freep) dits_media *media = NULL;
    TRY(start(context, path, &media));
    TRY(media_input_open(media->path, &media->input));
    return finish(&media, out);
}

static const char *form_name(enum recipe_form form)
{
    switch (form) {
    case RECIPE_WHOLE:
        return "whole";
    case RECIPE_FLAT:
        return "flat";
    case RECIPE_WRAPPED:
        return "wrapped";
    case RECIPE_WOVEN:
        break;
    }
    return "woven";
}

static dits_error *describe_storage(dits_media *media,
                                    const struct asset *asset)
{
    const struct asset_info *info = asset_get_info(asset);
    const struct chunker *chunker = chunker_by_id(info->chunker);
    struct media_summary summary = {0};
    TRY(asset_media_summary(asset, &summary));
    memcpy(media->reason, summary.reason, sizeof(media->reason));
    media->storage = (struct dits_media_storage){
        .is_stored = true,
        .form = form_name(asset->recipe.form),
        .chunker = chunker != NULL ? chunker->name : "unknown",
        .chunk_count = info->chunk_count,
        .stream_count = asset->recipe.stream_count,
        .reason = media->reason[0] != '\0' ? media->reason : NULL,
    };
    return NULL;
}

dits_error *dits_media_open_stored(dits_repo *repo, const char *revision,
                                   const char *path, dits_media **out)
{
    CLEANUP(media_freep) dits_media *media = NULL;
    TRY(start(repo->context, path, &media));
    TRY(media_input_open_stored(repo, revision, path, &media->input));
    TRY(describe_storage(media, asset_source_asset(media->input.stored)));
    return finish(&media, out);
}

const struct dits_media_info *dits_media_get_info(const dits_media *media)
{
    return &media->info;
}

const struct dits_media_storage *dits_media_get_storage(const dits_media *media)
{
    return &media->storage;
}

const struct dits_media_track *dits_media_track_at(const dits_media *media,
                                                   size_t index)
{
    return &media->tracks[index];
}

void dits_media_problem_at(const dits_media *media, size_t index,
                           struct dits_media_problem *out)
{
    const struct media_problem *problem = &media->file->problems[index];
    *out = (struct dits_media_problem){.offset = problem->offset,
                                       .where = problem->where,
                                       .text = problem->text};
}

/* As above: the same types in the same order. */
static void describe_fact(const struct fact *fact, struct dits_media_fact *out)
{
    _Static_assert((int)FACT_TRUTH == (int)DITS_FACT_TRUTH, "same types");
    *out = (struct dits_media_fact){
        .name = fact->name,
        .type = (enum dits_fact_type)fact->type,
        .is_location = fact->is_location,
        .text = fact->text,
        .number = fact->number,
        .divisor = fact->divisor,
    };
}

void dits_media_fact_at(const dits_media *media, size_t index,
                        struct dits_media_fact *out)
{
    describe_fact(&media->file->facts.list[index], out);
}

void dits_media_track_fact_at(const dits_media *media, size_t track,
                              size_t index, struct dits_media_fact *out)
{
    describe_fact(&media->file->tracks[track].facts.list[index], out);
}
