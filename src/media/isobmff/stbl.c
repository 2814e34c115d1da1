#include "media/isobmff/stbl.h"

#include <string.h>

#include "base/be.h"
#include "media/isobmff/entry.h"
#include "media/isobmff/sound.h"
#include "media/isobmff/state.h"
#include "media/isobmff/track.h"
#include "media/limits.h"

enum { STSD_HEADER = 8, ENTRY_HEADER = 16, DREF_HEADER = 8 };

/*
 * Whether a data reference is to another file (8.7.2). Writers forget the flag
 * that says no; an empty reference says the same.
 */
static dits_error *is_elsewhere(struct window *window, const struct box *entry,
                                bool *out)
{
    struct slice bytes = {0};
    uint64_t size = box_payload_size(entry);
    TRY(window_peek(window, box_payload(entry), size < 8 ? (size_t)size : 8,
                    &bytes));
    bool is_self = bytes.size < 4 || (bytes.data[3] & 1) != 0;
    *out = !is_self && bytes.size > 4 && bytes.data[4] != 0;
    if (entry->type == FOURCC('a', 'l', 'i', 's'))
        *out = !is_self && bytes.size > 4;
    return NULL;
}

/* Reference `number`, from 1; one that is not there is taken for this file. */
static dits_error *is_external(struct window *window, const struct box *dref,
                               uint16_t number, bool *out)
{
    struct box entry = {0};
    bool found = dref->size > 0;
    *out = false;
    if (!found)
        return NULL;
    struct box_walk walk = box_children(window, dref, DREF_HEADER);
    for (uint16_t i = 0; found && i < number; i++)
        TRY(box_next(&walk, &entry, &found));
    if (found && number > 0)
        TRY(is_elsewhere(window, &entry, out));
    return NULL;
}

/* What is asked of every sample description. */
struct entries {
    uint32_t index; /* of the track */
    uint8_t version;
    struct window *window;
    const struct box *dref;
    struct packing packing;
};

static dits_error *parse_entry(struct media_file *file, struct entries *entries,
                               const struct box *box)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    struct media_track *track = &file->tracks[entries->index];
    struct isobmff_track *own = &isobmff_state(file)->tracks[entries->index];
    bool external = false;
    uint64_t size = box->size < LIMIT_PAYLOAD ? box->size : LIMIT_PAYLOAD;
    TRY(window_load(entries->window, box->offset, size, &bytes));
    if (bytes.size >= ENTRY_HEADER)
        TRY(is_external(entries->window, entries->dref,
                        be16_load(bytes.data + 14), &external));
    track->is_external = track->is_external || external;
    own->description_count++;
    TRY(isobmff_describe_entry(file, track, own->handler, entries->version,
                               buf_slice(&bytes)));
    if (own->handler == FOURCC('s', 'o', 'u', 'n') &&
        own->description_count == 1)
        entries->packing =
            sound_packing(track, entries->version, buf_slice(&bytes));
    return NULL;
}

static dits_error *parse_entries(struct media_file *file,
                                 struct entries *entries,
                                 const struct box *stsd)
{
    struct isobmff_track *own = &isobmff_state(file)->tracks[entries->index];
    struct box_walk walk = box_children(entries->window, stsd, STSD_HEADER);
    struct slice head = {0};
    struct box box = {0};
    char where[64] = "";
    track_where(where, entries->index, "mdia/minf/stbl/stsd");
    TRY(window_peek(entries->window, box_payload(stsd), STSD_HEADER, &head));
    bool found = box_payload_size(stsd) >= STSD_HEADER;
    uint32_t claimed = found ? be32_load(head.data + 4) : 0;
    entries->version = found ? head.data[0] : 0;
    own->descriptions =
        table_within(entries->window->source, walk.at, walk.end, UINT32_MAX, 1);
    for (uint32_t i = 0; found && i < claimed; i++) {
        TRY(box_next(&walk, &box, &found));
        if (found)
            TRY(parse_entry(file, entries, &box));
    }
    if (own->description_count < claimed || claimed == 0)
        media_add_problem(file, stsd->offset, where, "has %u of %u entries",
                          own->description_count, claimed);
    return NULL;
}

/* What has samples of one frame each, by the times, may be packed. */
static dits_error *is_by_frames(const struct sample_table *table, bool *out)
{
    CLEANUP(table_reader_release)
    struct table_reader reader = {.table = &table->durations};
    const uint8_t *row = NULL;
    *out = table->durations.count == 1;
    if (!*out)
        return NULL;
    TRY(table_row(&reader, 0, &row));
    *out = be32_load(row + 4) == 1;
    return NULL;
}

static dits_error *finish(struct media_file *file, uint32_t index,
                          struct packing packing)
{
    struct sample_table *table = &isobmff_state(file)->tracks[index].samples;
    char where[64] = "";
    bool by_frames = false;
    track_where(where, index, "mdia/minf/stbl");
    TRY(is_by_frames(table, &by_frames));
    TRY(sample_table_finish(file, table,
                            by_frames ? packing : (struct packing){0}, where));
    file->tracks[index].sample_count = table->sample_count;
    return NULL;
}

static dits_error *parse_table(struct media_file *file, uint32_t index,
                               struct window *window, const struct box *box)
{
    struct sample_table *table = &isobmff_state(file)->tracks[index].samples;
    char name[5] = "";
    char rest[32] = "mdia/minf/stbl/";
    char where[64] = "";
    fourcc_text(box->type, name);
    memcpy(rest + strlen(rest), name, sizeof(name));
    track_where(where, index, rest);
    return sample_table_add(file, table, window, box, where);
}

dits_error *stbl_parse(struct media_file *file, uint32_t index,
                       struct window *window, const struct box *stbl,
                       const struct box *dref)
{
    struct entries entries = {.index = index, .window = window, .dref = dref};
    struct box_walk walk = box_children(window, stbl, 0);
    struct box box = {0};
    bool found = true;
    while (found) {
        TRY(box_next(&walk, &box, &found));
        if (found && box.type == FOURCC('s', 't', 's', 'd'))
            TRY(parse_entries(file, &entries, &box));
        else if (found)
            TRY(parse_table(file, index, window, &box));
    }
    return finish(file, index, entries.packing);
}
