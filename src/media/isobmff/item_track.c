#include "media/isobmff/item_track.h"

#include <string.h>

#include "base/be.h"
#include "base/mem.h"
#include "media/isobmff/describe.h"
#include "media/isobmff/entry.h"
#include "media/isobmff/state.h"

/* Bytes of a sample entry of video before its boxes (12.1.3). */
enum { ENTRY_BYTES = 86 };

void item_tracks_release(struct item_tracks *tracks)
{
    mem_free(tracks->groups);
    *tracks = (struct item_tracks){0};
}

static const uint32_t metadata_types[] = {
    FOURCC('E', 'x', 'i', 'f'),
    FOURCC('m', 'i', 'm', 'e'),
    FOURCC('u', 'r', 'i', ' '),
};

static enum media_kind kind_of(uint32_t type)
{
    for (size_t i = 0; i < sizeof(metadata_types) / sizeof(uint32_t); i++)
        if (metadata_types[i] == type)
            return MEDIA_METADATA;
    return MEDIA_IMAGE;
}

static dits_error *put_property(struct buf *out, const struct child *property)
{
    if (property->uuid != NULL || property->payload.size > UINT16_MAX)
        return NULL;
    TRY(buf_put_be32(out, (uint32_t)property->payload.size + 8));
    TRY(buf_put_be32(out, property->type));
    return buf_put(out, property->payload.data, property->payload.size);
}

/*
 * The sample entry that a track of such pictures would have: its boxes are
 * what the properties of items are.
 */
static dits_error *make_entry(const struct item_tables *tables, uint32_t type,
                              const struct item_links *links, struct buf *out)
{
    uint8_t zeros[ENTRY_BYTES] = {0};
    TRY(buf_put(out, zeros, sizeof(zeros)));
    for (size_t i = 0; i < item_links_count(links); i++) {
        const struct child *property = item_tables_property(tables, links, i);
        if (property != NULL)
            TRY(put_property(out, property));
    }
    for (unsigned i = 0; i < 4; i++) {
        out->data[i] = (uint8_t)(out->size >> (24 - 8 * i));
        out->data[4 + i] = (uint8_t)(type >> (24 - 8 * i));
    }
    return NULL;
}

/* ispe (23008-12, 6.5.3): FullBox, width and height. */
static void set_extents(struct media_track *track, const struct child *property)
{
    if (property->type != FOURCC('i', 's', 'p', 'e') ||
        property->payload.size < 12)
        return;
    track->width = be32_load(property->payload.data + 4);
    track->height = be32_load(property->payload.data + 8);
}

static dits_error *describe(struct media_file *file, struct media_track *track,
                            const struct item_tables *tables, uint32_t type,
                            const struct item_links *links)
{
    CLEANUP(buf_release) struct buf entry = {0};
    if (links == NULL)
        return NULL;
    if (links->config != 0) {
        TRY(make_entry(tables, type, links, &entry));
        TRY(isobmff_describe_entry(file, track, FOURCC('v', 'i', 'd', 'e'), 0,
                                   buf_slice(&entry)));
    }
    for (size_t i = 0; i < item_links_count(links); i++) {
        const struct child *property = item_tables_property(tables, links, i);
        if (property == NULL)
            continue;
        TRY(isobmff_describe_box(file, track, property->type,
                                 property->payload));
        set_extents(track, property);
    }
    return NULL;
}

static dits_error *add_group(struct item_tracks *tracks,
                             struct media_file *file, uint32_t type,
                             uint32_t config, bool *out_found)
{
    uint32_t track = 0;
    TRY(isobmff_add_track(file, &track, out_found));
    if (!*out_found)
        return NULL;
    struct item_group *groups = mem_resize(tracks->groups, tracks->count,
                                           tracks->count + 1, sizeof(*groups));
    if (groups == NULL)
        return error_nomem();
    tracks->groups = groups;
    groups[tracks->count++] = (struct item_group){type, config, track};
    return NULL;
}

static dits_error *make_track(struct item_tracks *tracks,
                              struct media_file *file,
                              const struct item_tables *tables, uint32_t id,
                              uint32_t type)
{
    const struct item_links *links = item_tables_links(tables, id);
    bool found = false;
    TRY(add_group(tracks, file, type, links == NULL ? 0 : links->config,
                  &found));
    if (!found)
        return NULL;
    uint32_t index = tracks->groups[tracks->count - 1].track;
    struct media_track *track = &file->tracks[index];
    track->id = id;
    track->kind = kind_of(type);
    isobmff_state(file)->tracks[index].handler = FOURCC('p', 'i', 'c', 't');
    if (track->kind == MEDIA_IMAGE)
        TRY(describe(file, track, tables, type, links));
    /* What a sample entry says of video is not all true of stills. */
    track->kind = kind_of(type);
    track->intra_only = true;
    fourcc_text(type, track->tag);
    return NULL;
}

dits_error *item_tracks_find(struct item_tracks *tracks,
                             struct media_file *file,
                             const struct item_tables *tables, uint32_t id,
                             uint32_t *out_track, bool *out_found)
{
    uint32_t type = item_tables_type(tables, id);
    const struct item_links *links = item_tables_links(tables, id);
    uint32_t config = links == NULL ? 0 : links->config;
    *out_found = false;
    if (type == 0)
        return NULL;
    for (size_t pass = 0; pass < 2 && !*out_found; pass++) {
        for (size_t i = 0; i < tracks->count && !*out_found; i++) {
            const struct item_group *group = &tracks->groups[i];
            *out_found = group->type == type && group->config == config;
            *out_track = group->track;
        }
        if (pass == 0 && !*out_found)
            TRY(make_track(tracks, file, tables, id, type));
    }
    return NULL;
}
