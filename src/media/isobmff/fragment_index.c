#include "media/isobmff/fragment_index.h"

#include "base/mem.h"
#include "media/isobmff/times.h"

void fragment_index_release(struct fragment_index *index)
{
    fragmented_movie_release(&index->movie);
    mem_free(index->list);
    mem_free(index->parts);
    mem_free(index->leads);
    *index = (struct fragment_index){0};
}

uint32_t fragment_index_parts(const struct fragment_index *index, size_t at)
{
    return index->list[at + 1].part - index->list[at].part;
}

uint32_t fragment_index_leads(const struct fragment_index *index, size_t at)
{
    return index->list[at + 1].lead - index->list[at].lead;
}

const struct indexed_part *fragment_index_part(
    const struct fragment_index *index, size_t at, uint32_t track)
{
    for (uint32_t i = index->list[at].part; i < index->list[at + 1].part; i++)
        if (index->parts[i].track == track)
            return &index->parts[i];
    return NULL;
}

int64_t fragment_index_shown(const struct fragment_index *index,
                             const struct indexed_part *part)
{
    return time_add(time_add(part->time, part->earliest),
                    index->movie.tracks[part->track].shown);
}

static int64_t shown_to(const struct fragment_index *index,
                        const struct indexed_part *part)
{
    return time_add(fragment_index_shown(index, part), part->duration);
}

/*
 * Fragments of other tracks that stand before those of the leading one belong
 * to it as long as no other of its own comes between.
 */
static size_t with_companions(const struct fragment_index *index, size_t at,
                              uint32_t leader)
{
    while (at > 0 && fragment_index_part(index, at - 1, leader) == NULL)
        at--;
    return at;
}

bool fragment_index_find(const struct fragment_index *index, int64_t from,
                         int64_t to, size_t *out_first, size_t *out_last)
{
    uint32_t leader = fragmented_movie_leader(&index->movie);
    bool is_any = false;
    bool has_start = false;
    size_t first = 0;
    size_t last = index->count;
    for (size_t i = 0; i < index->count; i++) {
        const struct indexed_part *part = fragment_index_part(index, i, leader);
        if (part == NULL)
            continue;
        if (fragment_index_shown(index, part) >= to) {
            last = i;
            break;
        }
        if (part->is_sync &&
            (!has_start || fragment_index_shown(index, part) <= from)) {
            first = i;
            has_start = true;
        }
        is_any = is_any || shown_to(index, part) > from;
    }
    if (!is_any || !has_start)
        return false;
    *out_first = with_companions(index, first, leader);
    *out_last = last < index->count ? with_companions(index, last, leader)
                                    : last;
    return *out_first < *out_last;
}
