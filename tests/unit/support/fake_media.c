#include "support/fake_media.h"

#include <string.h>

#include "base/mem.h"

struct media_walk {
    const struct fake_media *fake;
    size_t next;
};

static dits_error *read_at(struct source *self, uint64_t offset, size_t size,
                           void *out)
{
    const struct fake_media *fake = (const struct fake_media *)self;
    memcpy(out, fake->bytes + offset, size);
    return NULL;
}

static dits_error *samples(struct media_file *file, uint32_t track,
                           struct media_walk **out)
{
    (void)track;
    struct media_walk *walk = mem_new(struct media_walk);
    if (walk == NULL)
        return error_nomem();
    walk->fake = (const struct fake_media *)file->source;
    *out = walk;
    return NULL;
}

static dits_error *next_sample(struct media_walk *walk,
                               struct media_sample *out, bool *out_found)
{
    *out_found = walk->next < walk->fake->sample_count;
    if (*out_found)
        *out = walk->fake->samples[walk->next++];
    return NULL;
}

static void end_walk(struct media_walk *walk)
{
    mem_free(walk);
}

static const struct media_format format = {
    .name = "fake",
    .samples = samples,
    .next_sample = next_sample,
    .end_walk = end_walk,
};

void fake_media_open(struct fake_media *fake)
{
    fake->source.read_at = read_at;
    fake->file.format = &format;
    fake->file.source = &fake->source;
    fake->file.tracks = fake->tracks;
    if (fake->file.track_count == 0)
        fake->file.track_count = 1;
    for (size_t i = 0; i < 2; i++)
        fake->tracks[i].id = i + 1;
}

void fake_media_close(struct fake_media *fake)
{
    for (size_t i = 0; i < 2; i++) {
        buf_release(&fake->tracks[i].config);
        facts_release(&fake->tracks[i].facts);
    }
    facts_release(&fake->file.facts);
}
