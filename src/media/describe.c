#include "media/describe.h"

#include "base/mem.h"
#include "media/chapters.h"
#include "media/codec/codec.h"
#include "media/limits.h"
#include "media/timecode_track.h"
#include "media/timeline.h"

/* The start of a track's first sample. */
struct head {
    struct buf bytes;
    bool is_whole; /* nothing is to be added */
};

struct heads {
    size_t count;
    struct head *list;
};

static void heads_release(struct heads *heads)
{
    for (size_t i = 0; i < heads->count; i++)
        buf_release(&heads->list[i].bytes);
    mem_free(heads->list);
}

/* Samples in several spans, as in transport streams, are put together. */
static dits_error *add_span(struct media_file *file,
                            const struct media_span *span, struct head *head)
{
    void *at = NULL;
    size_t room = LIMIT_SAMPLE_HEAD - head->bytes.size;
    size_t size = span->size < room ? (size_t)span->size : room;
    if (head->bytes.size > 0 && (span->flags & MEDIA_SPAN_SAMPLE) != 0) {
        head->is_whole = true;
        return NULL;
    }
    TRY(buf_extend(&head->bytes, size, &at));
    head->is_whole = head->bytes.size == LIMIT_SAMPLE_HEAD;
    return file->source->read_at(file->source, span->offset, size, at);
}

static dits_error *read_heads(struct media_file *file, struct heads *heads)
{
    const struct media_format *format = file->format;
    struct media_walk *walk = NULL;
    TRY(format->spans(file, &walk));
    dits_error *err = NULL;
    size_t whole = 0;
    for (size_t i = 0; i < LIMIT_HEAD_SPANS && whole < heads->count; i++) {
        struct media_span span = {0};
        bool found = false;
        err = format->next_span(walk, &span, &found);
        if (err != NULL || !found)
            break;
        struct head *head = &heads->list[span.track];
        if (head->is_whole)
            continue;
        err = add_span(file, &span, head);
        if (err != NULL)
            break;
        whole += head->is_whole;
    }
    format->end_walk(walk);
    return err;
}

/* One picture lasts as long as its rate says, where nothing else does. */
static void time_picture(const struct media_file *file,
                         struct media_track *track)
{
    const struct fact *rate = facts_find(&track->facts, "frame_rate");
    struct media_time_base base = track->time_base;
    if (file->format->is_indexed || track->kind != MEDIA_VIDEO ||
        track->duration != 0 || track->sample_count != 1 || rate == NULL ||
        rate->type != FACT_RATIONAL || rate->number <= 0 ||
        rate->number > UINT32_MAX || rate->divisor > UINT32_MAX ||
        base.num == 0)
        return;
    if (!timeline_time_of(1, base, (uint32_t)rate->number,
                          (uint32_t)rate->divisor, &track->duration))
        track->duration = 0;
}

dits_error *media_describe(struct media_file *file)
{
    CLEANUP(heads_release) struct heads heads = {0};
    if (file->track_count == 0)
        return NULL;
    heads.list = mem_new_array(struct head, file->track_count);
    if (heads.list == NULL)
        return error_nomem();
    heads.count = file->track_count;
    TRY(read_heads(file, &heads));
    for (size_t i = 0; i < file->track_count; i++)
        if (!file->tracks[i].is_encrypted)
            TRY(codec_describe(&file->tracks[i],
                               buf_slice(&heads.list[i].bytes)));
    for (size_t i = 0; i < file->track_count; i++)
        time_picture(file, &file->tracks[i]);
    TRY(chapters_describe(file));
    if (file->format->is_indexed)
        TRY(timeline_describe(file));
    return timecode_describe(file);
}
