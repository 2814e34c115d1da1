#include "media/media.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "media/limits.h"

/* As much of a file as formats are recognised by. */
enum { HEAD_BYTES = 4096 };

static void release_track(struct media_track *track)
{
    buf_release(&track->packing.front);
    buf_release(&track->config);
    facts_release(&track->facts);
}

void media_close(struct media_file *file)
{
    if (file == NULL)
        return;
    if (file->state != NULL)
        file->format->close(file);
    for (size_t i = 0; i < file->track_count; i++)
        release_track(&file->tracks[i]);
    mem_free(file->tracks);
    facts_release(&file->facts);
    mem_free(file);
}

void media_closep(struct media_file **file)
{
    media_close(*file);
}

dits_error *media_open_as(const struct media_format *format,
                          struct source *source, struct media_file **out)
{
    CLEANUP(media_closep) struct media_file *file = mem_new(struct media_file);
    if (file == NULL)
        return error_nomem();
    file->format = format;
    file->source = source;
    TRY(format->open(file));
    *out = MOVE(file);
    return NULL;
}

/* A format that does not want the file after all leaves it to the next. */
static dits_error *try_format(const struct media_format *format,
                              struct source *source, struct media_file **out)
{
    dits_error *err = media_open_as(format, source, out);
    if (err == NULL || dits_error_code(err) != DITS_E_UNSUPPORTED)
        return err;
    dits_error_free(err); /* not of this format: an answer, not a failure */
    return NULL;
}

dits_error *media_open(struct source *source, struct media_file **out)
{
    uint8_t head[HEAD_BYTES];
    size_t size = source->size < sizeof(head) ? (size_t)source->size
                                              : sizeof(head);
    size_t count = 0;
    const struct media_format *const *formats = media_formats(&count);
    *out = NULL;
    if (size > 0)
        TRY(source->read_at(source, 0, size, head));
    for (size_t i = 0; i < count && *out == NULL; i++)
        if (formats[i]->probe(slice_of(head, size), source->size))
            TRY(try_format(formats[i], source, out));
    return NULL;
}

dits_error *media_add_track(struct media_file *file, struct media_track **out)
{
    size_t count = file->track_count;
    if (count >= LIMIT_TRACKS)
        return error_new(DITS_E_LIMIT, "more than %u tracks", LIMIT_TRACKS);
    struct media_track *tracks =
        count == 0
            ? mem_new_array(struct media_track, 1)
            : mem_resize(file->tracks, count, count + 1, sizeof(*file->tracks));
    if (tracks == NULL)
        return error_nomem();
    file->tracks = tracks;
    tracks[count].duration = -1;
    file->track_count = count + 1;
    *out = &tracks[count];
    return NULL;
}

void media_add_problem(struct media_file *file, uint64_t offset,
                       const char *where, const char *fmt, ...)
{
    va_list args;
    if (file->problem_count < MEDIA_MAX_PROBLEMS) {
        struct media_problem *problem = &file->problems[file->problem_count];
        problem->offset = offset;
        (void)snprintf(problem->where, sizeof(problem->where), "%s", where);
        va_start(args, fmt);
        (void)vsnprintf(problem->text, sizeof(problem->text), fmt, args);
        va_end(args);
    }
    file->problem_count++;
}
