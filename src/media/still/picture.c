#include "media/still/picture.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/mem.h"
#include "media/limits.h"

struct media_walk {
    const struct media_file *file;
    size_t next;
};

struct picture *picture_of(const struct media_file *file)
{
    return file->state;
}

dits_error *picture_begin(struct media_file *file, const char *container,
                          const char *codec)
{
    struct media_track *track = NULL;
    struct picture *picture = mem_new(struct picture);
    if (picture == NULL)
        return error_nomem();
    file->state = picture;
    picture->window.source = file->source;
    TRY(media_add_track(file, &track));
    track->kind = MEDIA_IMAGE;
    track->intra_only = true;
    track->sample_count = 1;
    (void)snprintf(file->container, sizeof(file->container), "%s", container);
    (void)snprintf(track->codec, sizeof(track->codec), "%s", codec);
    (void)snprintf(track->tag, sizeof(track->tag), "%s", container);
    return NULL;
}

dits_error *picture_add(struct media_file *file, uint64_t offset, uint64_t size)
{
    struct picture *picture = picture_of(file);
    uint64_t left = offset < file->source->size ? file->source->size - offset
                                                : 0;
    if (size > left)
        media_add_problem(file, offset, "pixels", "the picture is cut off");
    size = size < left ? size : left;
    if (size == 0 || picture->count >= LIMIT_EXTENTS)
        return NULL;
    struct extent *extents = array_grown(picture->extents, picture->count,
                                         &picture->capacity, sizeof(*extents));
    if (extents == NULL)
        return error_nomem();
    picture->extents = extents;
    picture->extents[picture->count++] = (struct extent){offset, size};
    return NULL;
}

static int compare(const void *a, const void *b)
{
    const struct extent *left = a;
    const struct extent *right = b;
    return left->offset < right->offset ? -1 : left->offset > right->offset;
}

/* Those that are side by side become one, so that spans are few. */
void picture_finish(struct media_file *file)
{
    struct picture *picture = picture_of(file);
    size_t kept = 0;
    if (picture->count == 0)
        return;
    qsort(picture->extents, picture->count, sizeof(*picture->extents), compare);
    for (size_t i = 1; i < picture->count; i++) {
        struct extent *last = &picture->extents[kept];
        struct extent next = picture->extents[i];
        uint64_t end = last->offset + last->size;
        if (next.offset == end)
            last->size += next.size;
        else if (next.offset > end)
            picture->extents[++kept] = next;
    }
    picture->count = kept + 1;
}

dits_error *picture_add_text(struct media_facts *facts, const char *name,
                             struct slice text)
{
    size_t size = 0;
    while (size < text.size && text.data[size] != 0)
        size++;
    while (size > 0 && text.data[size - 1] == ' ')
        size--;
    return size == 0 ? NULL
                     : facts_add_text(facts, name, slice_of(text.data, size));
}

dits_error *picture_add_date(struct media_facts *facts, struct slice text)
{
    static const char form[] = "0000-00-00T00:00:00";
    char date[sizeof(form)] = "";
    if (text.size < sizeof(form) - 1)
        return NULL;
    for (size_t i = 0; form[i] != 0; i++) {
        bool is_digit = text.data[i] >= '0' && text.data[i] <= '9';
        if (is_digit != (form[i] == '0'))
            return NULL;
        date[i] = (char)(is_digit ? text.data[i] : (uint8_t)form[i]);
    }
    return facts_add_word(facts, "creation_time", date);
}

dits_error *picture_add_ratio(struct media_facts *facts, const char *name,
                              int64_t num, int64_t den)
{
    int64_t a = num;
    int64_t b = den;
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    if (den == 0 || a == 0)
        return NULL;
    if (den / a < 0)
        a = -a;
    return facts_add_rational(facts, name, num / a, den / a);
}

void picture_close(struct media_file *file)
{
    struct picture *picture = picture_of(file);
    window_release(&picture->window);
    mem_free(picture->extents);
    mem_free(picture);
}

dits_error *picture_spans(struct media_file *file, struct media_walk **out)
{
    struct media_walk *walk = mem_new(struct media_walk);
    if (walk == NULL)
        return error_nomem();
    walk->file = file;
    *out = walk;
    return NULL;
}

dits_error *picture_next_span(struct media_walk *walk, struct media_span *out,
                              bool *out_found)
{
    const struct picture *picture = picture_of(walk->file);
    bool is_first = walk->next == 0;
    *out_found = walk->next < picture->count;
    if (!*out_found)
        return NULL;
    const struct extent *extent = &picture->extents[walk->next++];
    *out = (struct media_span){
        .offset = extent->offset,
        .size = extent->size,
        .flags = is_first ? MEDIA_SPAN_SAMPLE | MEDIA_SPAN_SYNC : 0,
    };
    return NULL;
}

dits_error *picture_samples(struct media_file *file, uint32_t track,
                            struct media_walk **out)
{
    (void)track; /* there is one */
    return picture_spans(file, out);
}

/* The picture is all of the file, as ffmpeg has it. */
dits_error *picture_next_sample(struct media_walk *walk,
                                struct media_sample *out, bool *out_found)
{
    uint64_t size = walk->file->source->size;
    *out_found = walk->next++ == 0;
    *out = (struct media_sample){
        .size = size > UINT32_MAX ? UINT32_MAX : (uint32_t)size,
        .sync = MEDIA_SYNC_YES,
        .duration = -1,
    };
    return NULL;
}

void picture_end_walk(struct media_walk *walk)
{
    mem_free(walk);
}

/* What is not pixels has no parts of its own here. */
dits_error *picture_tree(struct media_file *file, media_node_fn *fn,
                         void *payload)
{
    const struct picture *picture = picture_of(file);
    for (size_t i = 0; i < picture->count; i++) {
        struct media_node node = {
            .name = "pixels",
            .offset = picture->extents[i].offset,
            .size = picture->extents[i].size,
        };
        TRY(fn(&node, payload));
    }
    return NULL;
}
