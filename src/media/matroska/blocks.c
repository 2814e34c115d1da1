#include "media/matroska/blocks.h"

#include <string.h>

#include "media/limits.h"
#include "media/matroska/ids.h"

/* As much of an element as its header can be. */
enum { HEADER_BYTES = 12, CLUSTER_ID_BYTES = 4 };

/* Searched at a time: a window holds many, so that each byte is read once. */
enum { SEARCH_BYTES = 4096, STEP_BYTES = 16384 };

struct blocks blocks_of(struct media_file *file)
{
    return (struct blocks){
        .file = file,
        .window = {.source = file->source, .step = STEP_BYTES},
        .at = matroska_of(file)->segment,
    };
}

void blocks_release(struct blocks *blocks)
{
    window_release(&blocks->window);
}

static uint64_t file_end(const struct blocks *blocks)
{
    return blocks->file->source->size;
}

/* Whether a cluster begins here, by its header and that of its first child. */
static dits_error *is_cluster(struct blocks *blocks, uint64_t at, bool *out_yes)
{
    struct ebml_element cluster = {0};
    struct ebml_element child = {0};
    bool found = false;
    *out_yes = false;
    TRY(ebml_element_at(&blocks->window, at, file_end(blocks), &cluster,
                        &found));
    if (!found || cluster.id != ID_CLUSTER)
        return NULL;
    TRY(ebml_element_at(&blocks->window, cluster.body, cluster.end, &child,
                        &found));
    *out_yes = found && !child.is_unknown && !child.is_cut &&
               matroska_is_in_cluster(child.id);
    return NULL;
}

/* Where in `bytes` the id of a cluster stands: their size if nowhere. */
static size_t find_id(struct slice bytes)
{
    static const uint8_t id[CLUSTER_ID_BYTES] = {0x1f, 0x43, 0xb6, 0x75};
    const uint8_t *found =
        bytes.size == 0 ? NULL : memmem(bytes.data, bytes.size, id, sizeof(id));
    return found == NULL ? bytes.size : (size_t)(found - bytes.data);
}

/*
 * Go on at the next cluster behind `from`, or at the end of the file. The
 * search ends for good after LIMIT_RESYNC bytes of one walk.
 */
static dits_error *resync(struct blocks *blocks, uint64_t from)
{
    uint64_t end = file_end(blocks);
    bool found = false;
    blocks->is_in_cluster = false;
    while (!found && from < end && blocks->searched < LIMIT_RESYNC) {
        struct slice bytes = {0};
        TRY(window_peek(&blocks->window, from, SEARCH_BYTES, &bytes));
        size_t step = find_id(bytes);
        bool is_id = step < bytes.size;
        if (is_id)
            TRY(is_cluster(blocks, from + step, &found));
        else if (bytes.size == SEARCH_BYTES)
            step -= CLUSTER_ID_BYTES - 1; /* an id may lie across */
        step += is_id && !found ? 1 : 0;
        from += step;
        blocks->searched += step;
    }
    blocks->at = found ? from : end;
    return NULL;
}

static dits_error *give_up(struct blocks *blocks, const char *where,
                           const char *text)
{
    matroska_problem(blocks->file, blocks->at, where, text);
    return resync(blocks, blocks->at + 1);
}

/* Whether what is at `at` can follow an element that is not known. */
static dits_error *can_follow(struct blocks *blocks, uint64_t at, uint64_t end,
                              bool *out_yes)
{
    struct ebml_element next = {0};
    bool found = false;
    TRY(ebml_element_at(&blocks->window, at, file_end(blocks), &next, &found));
    *out_yes = at == end || (found && (matroska_is_top_level(next.id) ||
                                       matroska_is_in_cluster(next.id)));
    return NULL;
}

static void enter_cluster(struct blocks *blocks,
                          const struct ebml_element *cluster)
{
    if (cluster->is_cut)
        matroska_problem(blocks->file, cluster->offset, "Segment/Cluster",
                         "the cluster is cut off");
    blocks->is_in_cluster = true;
    blocks->cluster_end = cluster->end;
    blocks->cluster_time = 0;
    blocks->at = cluster->body;
}

/* Outside of clusters: enter segments and clusters, step over the rest. */
static dits_error *step_outside(struct blocks *blocks)
{
    struct ebml_element element = {0};
    bool found = false;
    bool can_pass = false;
    TRY(ebml_element_at(&blocks->window, blocks->at, file_end(blocks), &element,
                        &found));
    if (found && element.id == ID_CLUSTER) {
        enter_cluster(blocks, &element);
        return NULL;
    }
    if (found && element.id == ID_SEGMENT) {
        blocks->at = element.body;
        return NULL;
    }
    if (found && !element.is_cut && !element.is_unknown)
        TRY(can_follow(blocks, element.end, file_end(blocks), &can_pass));
    if (!can_pass)
        return give_up(blocks, "Segment", "no element here");
    blocks->at = element.end;
    return NULL;
}

/* Of one block: where it lies and what its group says of it. */
struct group {
    struct ebml_element block;
    bool has_block;
    bool has_reference;
    int64_t duration; /* < 0 unknown */
};

static dits_error *read_group(struct blocks *blocks,
                              const struct ebml_element *element,
                              struct group *out)
{
    struct ebml_list list = ebml_children(&blocks->window, element);
    struct ebml_element child = {0};
    bool found = false;
    uint64_t duration = 0;
    TRY(ebml_next(&list, &child, &found));
    while (found) {
        if (child.id == ID_BLOCK && !out->has_block) {
            out->block = child;
            out->has_block = true;
        } else if (child.id == ID_REFERENCE_BLOCK) {
            out->has_reference = true;
        } else if (child.id == ID_BLOCK_DURATION) {
            TRY(ebml_uint(&blocks->window, &child, &duration));
            out->duration = duration > INT64_MAX / 2 ? -1 : (int64_t)duration;
        }
        TRY(ebml_next(&list, &child, &found));
    }
    return NULL;
}

/*
 * By the time between frames, where the block does not say it. Whole ticks that
 * have passed, as others count them.
 */
static int64_t default_duration(const struct matroska *matroska,
                                const struct matroska_track *track,
                                unsigned frames)
{
    uint64_t each = track->default_duration;
    if (each == 0 || each > INT64_MAX / LACE_MAX_FRAMES)
        return -1;
    return (int64_t)(each * frames / matroska->scale);
}

static int64_t add_times(int64_t a, int64_t b)
{
    int64_t sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? 0 : sum;
}

/* `*out_found` stays false for what is no block of a track. */
static dits_error *read_block(struct blocks *blocks, const struct group *group,
                              bool is_simple, struct block *out,
                              bool *out_found)
{
    const struct matroska *matroska = matroska_of(blocks->file);
    const struct ebml_element *element = &group->block;
    uint64_t size = element->end - element->body;
    struct slice head = {0};
    TRY(window_peek(&blocks->window, element->body,
                    size < HEADER_BYTES ? (size_t)size : HEADER_BYTES, &head));
    TRY(window_peek(&blocks->window, element->body, lace_wants(head, size),
                    &head));
    if (element->is_cut || !lace_parse(head, size, &out->lace)) {
        matroska_problem(blocks->file, element->offset, "Segment/Cluster/Block",
                         element->is_cut ? "the block is cut off"
                                         : "the sizes of the lace are wrong");
        return NULL;
    }
    if (!matroska_find_track(matroska, out->lace.track, &out->track)) {
        matroska_problem(blocks->file, element->offset, "Segment/Cluster/Block",
                         "a block of no track");
        return NULL;
    }
    const struct matroska_track *track = &matroska->tracks[out->track];
    int64_t time = add_times(blocks->cluster_time, out->lace.time);
    out->time = add_times(time, -matroska_ticks(matroska, track->codec_delay));
    out->offset = element->body + out->lace.header;
    out->is_key = is_simple ? out->lace.is_key : !group->has_reference;
    out->duration = group->duration >= 0
                        ? group->duration
                        : default_duration(matroska, track, out->lace.count);
    *out_found = true;
    return NULL;
}

/* Whether this child can be where the walk came upon it. */
static dits_error *is_plausible(struct blocks *blocks,
                                const struct ebml_element *child, bool *out_yes)
{
    bool is_known = matroska_is_in_cluster(child->id);
    bool is_last = blocks->cluster_end == file_end(blocks);
    *out_yes = is_known && !child->is_unknown && (!child->is_cut || is_last);
    if (!is_known && !child->is_unknown && !child->is_cut)
        return can_follow(blocks, child->end, blocks->cluster_end, out_yes);
    return NULL;
}

/* One child of a cluster: `*out_found` when it is a block. */
static dits_error *step_inside(struct blocks *blocks, struct block *out,
                               bool *out_found)
{
    struct ebml_element child = {0};
    struct group group = {.duration = -1};
    bool found = false;
    uint64_t time = 0;
    if (blocks->at >= blocks->cluster_end) {
        blocks->is_in_cluster = false;
        return NULL;
    }
    TRY(ebml_element_at(&blocks->window, blocks->at, blocks->cluster_end,
                        &child, &found));
    if (found && matroska_is_top_level(child.id)) {
        blocks->is_in_cluster = false; /* or the cluster's size was wrong */
        return NULL;
    }
    if (found)
        TRY(is_plausible(blocks, &child, &found));
    if (!found)
        return give_up(blocks, "Segment/Cluster", "no element here");
    blocks->at = child.end;
    if (child.id == ID_TIMESTAMP) {
        TRY(ebml_uint(&blocks->window, &child, &time));
        blocks->cluster_time = time > INT64_MAX ? 0 : (int64_t)time;
    } else if (child.id == ID_SIMPLE_BLOCK) {
        group.block = child;
        group.has_block = true;
    } else if (child.id == ID_BLOCK_GROUP) {
        TRY(read_group(blocks, &child, &group));
    }
    if (!group.has_block)
        return NULL;
    return read_block(blocks, &group, child.id == ID_SIMPLE_BLOCK, out,
                      out_found);
}

dits_error *blocks_next(struct blocks *blocks, struct block *out,
                        bool *out_found)
{
    *out_found = false;
    while (!*out_found && blocks->at < file_end(blocks)) {
        if (blocks->is_in_cluster)
            TRY(step_inside(blocks, out, out_found));
        else
            TRY(step_outside(blocks));
    }
    return NULL;
}
