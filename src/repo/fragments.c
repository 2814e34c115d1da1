#include <dits/fragments.h>

#include "base/mem.h"
#include "base/text.h"
#include "media/isobmff/fragment_file.h"
#include "media/timeline.h"
#include "repo/media_input.h"
#include "repo/media_time.h"
#include "repo/repo.h"

struct dits_fragments {
    char *path;
    struct media_input input;
    struct source *source; /* of `input` */
    struct fragment_index index;
    struct dits_fragments_info info;
};

struct dits_fragment_file {
    struct fragment_file file;
};

void dits_fragments_free(dits_fragments *fragments)
{
    if (fragments == NULL)
        return;
    fragment_index_release(&fragments->index);
    media_input_close(&fragments->input);
    mem_free(fragments->path);
    mem_free(fragments);
}

static void fragments_freep(dits_fragments **fragments)
{
    dits_fragments_free(*fragments);
}

static dits_error *start(const char *path, dits_fragments **out)
{
    CLEANUP(fragments_freep)
    dits_fragments *fragments = mem_new(dits_fragments);
    if (fragments == NULL)
        return error_nomem();
    TRY(text_copy(path, &fragments->path));
    *out = MOVE(fragments);
    return NULL;
}

static dits_error *finish(dits_fragments **fragments, dits_fragments **out)
{
    struct source *source = media_input_source(&(*fragments)->input);
    struct fragment_index *index = &(*fragments)->index;
    (*fragments)->source = source;
    TRY(fragment_index_build(source, index));
    (*fragments)->info = (struct dits_fragments_info){
        .path = (*fragments)->path,
        .size = source->size,
        .init_size = index->init_end,
        .count = index->count,
        .track_count = index->movie.track_count,
        .leader = fragmented_movie_leader(&index->movie),
        .has_own_samples = index->movie.has_samples,
        .is_cut = index->is_cut,
        .sidx_entries = index->sidx.entries,
        .sidx_wrong = index->sidx.wrong,
        .tfra_entries = index->tfra.entries,
        .tfra_wrong = index->tfra.wrong,
    };
    *out = MOVE(*fragments);
    return NULL;
}

dits_error *dits_fragments_open(const char *path, dits_fragments **out)
{
    CLEANUP(fragments_freep) dits_fragments *fragments = NULL;
    TRY(start(path, &fragments));
    TRY(media_input_open(path, &fragments->input));
    return finish(&fragments, out);
}

dits_error *dits_fragments_open_stored(dits_repo *repo, const char *revision,
                                       const char *path, dits_fragments **out)
{
    CLEANUP(fragments_freep) dits_fragments *fragments = NULL;
    TRY(start(path, &fragments));
    TRY(media_input_open_stored(repo, revision, path, &fragments->input));
    return finish(&fragments, out);
}

const struct dits_fragments_info *dits_fragments_get_info(
    const dits_fragments *fragments)
{
    return &fragments->info;
}

static struct media_time_base time_base(const dits_fragments *fragments,
                                        const struct indexed_part *part)
{
    return (struct media_time_base){
        .num = 1,
        .den = fragments->index.movie.tracks[part->track].timescale,
    };
}

void dits_fragments_at(const dits_fragments *fragments, size_t index,
                       struct dits_fragment *out)
{
    const struct fragment_index *all = &fragments->index;
    const struct indexed_fragment *fragment = &all->list[index];
    const struct indexed_part *part =
        fragment_index_part(all, index, (uint32_t)fragments->info.leader);
    *out = (struct dits_fragment){
        .offset = fragment->offset,
        .size = fragment->end - fragment->offset,
        .sequence_number = fragment->number,
        .part_count = fragment_index_parts(all, index),
        .is_usable = (fragment->flags & (FRAGMENT_BROKEN | FRAGMENT_OUTSIDE)) ==
                     0,
    };
    if (part == NULL && out->part_count > 0)
        part = &all->parts[fragment->part];
    if (part == NULL)
        return;
    struct media_time_base base = time_base(fragments, part);
    out->start = media_seconds(fragment_index_shown(all, part), base);
    out->duration = media_seconds(part->duration, base);
    out->is_sync = part->is_sync;
}

void dits_fragments_part_at(const dits_fragments *fragments, size_t index,
                            size_t part, struct dits_fragment_part *out)
{
    const struct fragment_index *all = &fragments->index;
    const struct indexed_part *found =
        &all->parts[all->list[index].part + part];
    *out = (struct dits_fragment_part){
        .track = found->track,
        .track_id = all->movie.tracks[found->track].id,
        .time_base = media_seconds(1, time_base(fragments, found)),
        .decode_time = found->time,
        .duration = found->duration,
        .samples = found->samples,
        .is_sync = found->is_sync,
    };
}

/* Seconds as ticks, rounded down; `otherwise` for no bound. */
static dits_error *ticks_of(struct dits_rational seconds, uint32_t timescale,
                            int64_t otherwise, int64_t *out)
{
    *out = otherwise;
    if (seconds.den == 0)
        return NULL;
    if (seconds.den < 0 ||
        !timeline_rescale(seconds.num, timescale, (uint64_t)seconds.den, out))
        return error_new(DITS_E_INVALID, "no such time");
    return NULL;
}

dits_error *dits_fragments_find(const dits_fragments *fragments,
                                struct dits_rational from,
                                struct dits_rational to, size_t *out_first,
                                size_t *out_last)
{
    const struct fragmented_movie *movie = &fragments->index.movie;
    uint32_t timescale = movie->tracks[fragments->info.leader].timescale;
    int64_t first = 0;
    int64_t last = 0;
    TRY(ticks_of(from, timescale, INT64_MIN, &first));
    TRY(ticks_of(to, timescale, INT64_MAX, &last));
    if (first >= last)
        return error_new(DITS_E_INVALID, "a time that ends before it begins");
    if (!fragment_index_find(&fragments->index, first, last, out_first,
                             out_last))
        return error_new(DITS_E_NOT_FOUND, "'%s' shows nothing at that time",
                         fragments->path);
    return NULL;
}

dits_error *dits_fragment_file_open(
    const dits_fragments *fragments, size_t first, size_t last,
    const struct dits_fragment_file_options *options, dits_fragment_file **out)
{
    struct fragment_file_options own = {0};
    dits_fragment_file *file = mem_new(dits_fragment_file);
    if (file == NULL)
        return error_nomem();
    if (options != NULL)
        own = (struct fragment_file_options){
            .keep_times = options->keep_times,
            .keep_numbers = options->keep_numbers,
            .no_tables = options->no_tables,
        };
    dits_error *err = fragment_file_open(fragments->source, &fragments->index,
                                         first, last, &own, &file->file);
    if (err != NULL)
        mem_free(file);
    else
        *out = file;
    return err;
}

void dits_fragment_file_free(dits_fragment_file *file)
{
    if (file == NULL)
        return;
    fragment_file_release(&file->file);
    mem_free(file);
}

uint64_t dits_fragment_file_size(const dits_fragment_file *file)
{
    return file->file.size;
}

dits_error *dits_fragment_file_read_at(dits_fragment_file *file,
                                       uint64_t offset, size_t size, void *out)
{
    return fragment_file_read(&file->file, offset, size, out);
}
