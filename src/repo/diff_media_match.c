#include <stdlib.h>

#include "base/mem.h"
#include "repo/diff_media.h"

/* As many of a track's units as it is told from others by: those whose ids are
 * least, which are the same in both versions if the units are. */
enum { SKETCH = 32 };

struct sketch {
    struct dits_oid ids[SKETCH]; /* ascending */
    size_t count;
};

bool media_streams_are_equal(const struct media_stream *a,
                             const struct media_stream *b)
{
    if (!a->is_known || !b->is_known || a->units.count != b->units.count)
        return false;
    for (size_t i = 0; i < a->units.count; i++)
        if (!dits_oid_equal(&a->units.items[i].id, &b->units.items[i].id))
            return false;
    return true;
}

static void add_to_sketch(struct sketch *sketch, const struct dits_oid *id)
{
    size_t at = sketch->count;
    while (at > 0 && oid_compare(&sketch->ids[at - 1], id) > 0)
        at--;
    if (at == SKETCH || (at > 0 && dits_oid_equal(&sketch->ids[at - 1], id)))
        return;
    if (sketch->count < SKETCH)
        sketch->count++;
    for (size_t i = sketch->count - 1; i > at; i--)
        sketch->ids[i] = sketch->ids[i - 1];
    sketch->ids[at] = *id;
}

static struct sketch sketch_of(const struct media_stream *stream)
{
    struct sketch sketch = {.count = 0};
    for (size_t i = 0; stream->is_known && i < stream->units.count; i++)
        add_to_sketch(&sketch, &stream->units.items[i].id);
    return sketch;
}

static size_t count_common(const struct sketch *a, const struct sketch *b)
{
    size_t common = 0;
    for (size_t i = 0, k = 0; i < a->count && k < b->count;) {
        int order = oid_compare(&a->ids[i], &b->ids[k]);
        common += order == 0;
        i += order <= 0;
        k += order >= 0;
    }
    return common;
}

/* The matching in the making. */
struct matching {
    const struct media_side *before;
    const struct media_side *after;
    struct sketch *old_sketches;
    struct sketch *new_sketches;
    bool *is_taken; /* of each old track */
    size_t *result; /* of each new track */
};

static void release_matching(struct matching *matching)
{
    mem_free(matching->old_sketches);
    mem_free(matching->new_sketches);
    mem_free(matching->is_taken);
    mem_free(matching->result);
}

/* How alike two tracks are; 0: not the same track. */
typedef size_t likeness_fn(const struct matching *matching, size_t old,
                           size_t new);

static size_t are_equal(const struct matching *matching, size_t old, size_t new)
{
    return media_streams_are_equal(&matching->before->streams[old],
                                   &matching->after->streams[new]);
}

static size_t share_units(const struct matching *matching, size_t old,
                          size_t new)
{
    return count_common(&matching->old_sketches[old],
                        &matching->new_sketches[new]);
}

/* Nothing in common but what they are. */
static size_t are_of_one_kind(const struct matching *matching, size_t old,
                              size_t new)
{
    (void)matching;
    (void)old;
    (void)new;
    return 1;
}

static void match_by(struct matching *matching, likeness_fn *likeness)
{
    for (size_t new = 0; new < matching->after->file->track_count; new ++) {
        size_t best = DIFF_MEDIA_NONE;
        size_t most = 0;
        if (matching->result[new] != DIFF_MEDIA_NONE)
            continue;
        for (size_t old = 0; old < matching->before->file->track_count; old++) {
            if (matching->is_taken[old] ||
                matching->before->file->tracks[old].kind !=
                    matching->after->file->tracks[new].kind)
                continue;
            size_t alike = likeness(matching, old, new);
            if (alike > most) {
                most = alike;
                best = old;
            }
        }
        matching->result[new] = best;
        if (best != DIFF_MEDIA_NONE)
            matching->is_taken[best] = true;
    }
}

dits_error *media_match(const struct media_side *before,
                        const struct media_side *after, size_t **out)
{
    CLEANUP(release_matching)
    struct matching matching = {.before = before, .after = after};
    size_t old_count = before->file->track_count;
    size_t new_count = after->file->track_count;
    matching.old_sketches = mem_new_array(struct sketch, old_count + 1);
    matching.new_sketches = mem_new_array(struct sketch, new_count + 1);
    matching.is_taken = mem_new_array(bool, old_count + 1);
    matching.result = mem_new_array(size_t, new_count + 1);
    if (matching.old_sketches == NULL || matching.new_sketches == NULL ||
        matching.is_taken == NULL || matching.result == NULL)
        return error_nomem();
    for (size_t i = 0; i < old_count; i++)
        matching.old_sketches[i] = sketch_of(&before->streams[i]);
    for (size_t i = 0; i < new_count; i++) {
        matching.new_sketches[i] = sketch_of(&after->streams[i]);
        matching.result[i] = DIFF_MEDIA_NONE;
    }
    match_by(&matching, are_equal);
    match_by(&matching, share_units);
    match_by(&matching, are_of_one_kind);
    *out = MOVE(matching.result);
    return NULL;
}
