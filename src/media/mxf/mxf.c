#include <stdio.h>
#include <string.h>

#include "base/be.h"
#include "base/mem.h"
#include "media/formats.h"
#include "media/limits.h"
#include "media/mxf/mxf_metadata.h"
#include "media/mxf/mxf_tree.h"
#include "media/mxf/mxf_walk.h"

enum {
    RUN_IN_MAX = 65536, /* ST 377-1, 6.5 */
    GUESS_ELEMENTS = 4096,
};

/* The header partition pack, or the start of it. */
static const uint8_t header_key[] = {0x06, 0x0e, 0x2b, 0x34, 0x02, 0x05, 0x01,
                                     0x01, 0x0d, 0x01, 0x02, 0x01, 0x01, 0x02};

static void window_releasep(struct window *window)
{
    window_release(window);
}

static void sets_releasep(struct mxf_sets *sets)
{
    mxf_sets_release(sets);
}

static bool probe(struct slice head, uint64_t file_size)
{
    (void)file_size;
    return memmem(head.data, head.size, header_key, sizeof(header_key)) != NULL;
}

static dits_error *find_run_in(struct window *window, uint64_t *out)
{
    struct slice head = {0};
    TRY(window_peek(window, 0, RUN_IN_MAX, &head));
    const uint8_t *hit =
        head.size == 0
            ? NULL
            : memmem(head.data, head.size, header_key, sizeof(header_key));
    if (hit == NULL)
        return error_new(DITS_E_UNSUPPORTED, "no header partition of MXF");
    *out = (uint64_t)(hit - head.data);
    return NULL;
}

/* Metadata that is final, of the header, else of the footer; else any. */
static const struct mxf_partition *choose_metadata(
    const struct mxf_partitions *partitions)
{
    const struct mxf_partition *best = NULL;
    for (size_t i = 0; i < partitions->count; i++) {
        const struct mxf_partition *partition = &partitions->list[i];
        if (partition->header_bytes == 0)
            continue;
        if (best == NULL || (partition->is_closed && !best->is_closed))
            best = partition;
    }
    return best;
}

/*
 * Without metadata, the keys of the first elements tell what there is: the
 * first byte of the number is the kind of item (ST 379-2).
 */
static dits_error *guess_track(struct media_file *file, uint32_t number)
{
    const struct mxf_state *state = file->state;
    struct media_track *track = NULL;
    struct mxf_essence *essence = NULL;
    uint32_t item = number >> 24 & 0x0f;
    if (item < 5 || item > 8)
        return NULL;
    for (size_t i = 0; i < state->essence_count; i++)
        if (state->essences[i].number == number)
            return NULL;
    TRY(mxf_state_add_track(file, &track, &essence));
    if (track == NULL)
        return NULL;
    essence->number = number;
    track->id = number;
    track->kind = item == 5   ? MEDIA_VIDEO
                  : item == 6 ? MEDIA_AUDIO
                              : MEDIA_OTHER;
    return NULL;
}

static dits_error *guess_tracks(struct media_file *file, struct window *window)
{
    const struct mxf_state *state = file->state;
    uint64_t offset = state->run_in;
    bool found = true;
    for (unsigned i = 0; found && i < GUESS_ELEMENTS; i++) {
        struct mxf_klv klv = {0};
        uint64_t skipped = 0;
        TRY(mxf_klv_find(window, offset, &klv, &skipped, &found));
        if (found && mxf_key_is_essence(klv.key))
            TRY(guess_track(file, be32_load(klv.key + 12)));
        offset = mxf_klv_end(&klv);
    }
    return NULL;
}

static dits_error *set_delays(struct mxf_state *state, struct window *window,
                              const struct media_file *file)
{
    for (size_t i = 0; i < state->essence_count; i++) {
        struct mxf_essence *essence = &state->essences[i];
        if (file->tracks[i].kind == MEDIA_VIDEO)
            TRY(mxf_index_delay(&state->index, window, essence->body_sid,
                                &essence->delay));
    }
    return NULL;
}

static dits_error *add_pattern(struct media_file *file)
{
    const struct mxf_state *state = file->state;
    char text[40] = "";
    if (state->partitions.count == 0)
        return NULL;
    const uint8_t *label = state->partitions.list[0].operational_pattern;
    (void)snprintf(text, sizeof(text), "%08x.%08x.%08x.%08x", be32_load(label),
                   be32_load(label + 4), be32_load(label + 8),
                   be32_load(label + 12));
    TRY(facts_add_word(&file->facts, "tag.operational_pattern_ul", text));
    mxf_label_pattern(label, text);
    if (text[0] == '\0')
        return NULL;
    return facts_add_word(&file->facts, "operational_pattern", text);
}

/* What makes a file less than it should be. */
static void report(struct media_file *file)
{
    const struct mxf_state *state = file->state;
    const struct mxf_partitions *partitions = &state->partitions;
    bool has_footer = false;
    for (size_t i = 0; i < partitions->count; i++)
        has_footer = has_footer ||
                     partitions->list[i].kind == MXF_PARTITION_FOOTER;
    if (!has_footer)
        media_add_problem(file, file->source->size, "partitions",
                          "no footer: cut off, or never finished");
    if (file->track_count == 0)
        media_add_problem(file, state->run_in, "metadata",
                          "no track of essence");
}

/* The size of the metadata counts from the primer; fill may come before it. */
static dits_error *find_primer(struct window *window, uint64_t *offset)
{
    bool found = true;
    while (found) {
        struct mxf_klv klv = {0};
        TRY(mxf_klv_read(window, *offset, &klv, &found));
        found = found && mxf_key_is_fill(klv.key);
        if (found)
            *offset = mxf_klv_end(&klv);
    }
    return NULL;
}

/* ST 378 and ST 390: an OP-Atom file has one clip, whatever its label says. */
static void settle_wrapping(struct mxf_state *state)
{
    char pattern[16] = "";
    if (state->partitions.count > 0)
        mxf_label_pattern(state->partitions.list[0].operational_pattern,
                          pattern);
    for (size_t i = 0; i < state->essence_count; i++)
        if (strcmp(pattern, "OP-Atom") == 0)
            state->essences[i].wrapping = MXF_WRAPPING_CLIP;
}

static dits_error *read_metadata(struct media_file *file, struct window *window,
                                 const struct mxf_partition *partition)
{
    CLEANUP(sets_releasep) struct mxf_sets sets = {0};
    uint64_t offset = partition->end;
    TRY(find_primer(window, &offset));
    TRY(mxf_sets_load(&sets, window, offset, partition->header_bytes));
    return mxf_metadata_apply(file, &sets);
}

static dits_error *read_all(struct media_file *file, struct window *window)
{
    struct mxf_state *state = file->state;
    TRY(mxf_partitions_find(&state->partitions, window, state->run_in));
    TRY(mxf_index_load(&state->index, window, &state->partitions));
    const struct mxf_partition *metadata = choose_metadata(&state->partitions);
    TRY(add_pattern(file));
    if (metadata != NULL)
        TRY(read_metadata(file, window, metadata));
    settle_wrapping(state);
    if (file->track_count == 0)
        TRY(guess_tracks(file, window));
    TRY(set_delays(state, window, file));
    report(file);
    return NULL;
}

static dits_error *open_file(struct media_file *file)
{
    CLEANUP(window_releasep) struct window window = {.source = file->source};
    uint64_t run_in = 0;
    TRY(find_run_in(&window, &run_in));
    struct mxf_state *state = mem_new(struct mxf_state);
    if (state == NULL)
        return error_nomem();
    file->state = state;
    state->run_in = run_in;
    (void)snprintf(file->container, sizeof(file->container), "mxf");
    return read_all(file, &window);
}

static void close_file(struct media_file *file)
{
    mxf_state_free(file->state);
}

const struct media_format media_format_mxf = {
    .name = "mxf",
    .is_indexed = true,
    .probe = probe,
    .open = open_file,
    .close = close_file,
    .spans = mxf_walk_spans,
    .next_span = mxf_walk_next_span,
    .samples = mxf_walk_samples,
    .next_sample = mxf_walk_next_sample,
    .end_walk = mxf_walk_end,
    .tree = mxf_tree_walk,
};
