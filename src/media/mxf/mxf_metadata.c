#include "media/mxf/mxf_metadata.h"

#include <string.h>

#include "base/be.h"
#include "media/mxf/mxf_descriptor.h"
#include "media/mxf/mxf_names.h"

enum {
    TAG_DATA_DEFINITION = 0x0201,
    TAG_DURATION = 0x0202,
    TAG_COMPONENTS = 0x1001,
    TAG_LINKED_PACKAGE = 0x2701,
    TAG_LINKED_TRACK = 0x3006,
    TAG_SUB_DESCRIPTORS = 0x3f01,
    TAG_CONTAINER = 0x3004,
    TAG_BODY_SID = 0x3f07,
    TAG_PACKAGE_UID = 0x4401,
    TAG_TRACKS = 0x4403,
    TAG_DESCRIPTOR = 0x4701,
    TAG_TRACK_ID = 0x4801,
    TAG_SEQUENCE = 0x4803,
    TAG_TRACK_NUMBER = 0x4804,
    TAG_EDIT_RATE = 0x4b01,
    TAG_ORIGIN = 0x4b02,
};

/* What the walk over packages carries along. */
struct reading {
    struct media_file *file;
    struct mxf_sets *sets;
    const struct mxf_set *package;
    uint32_t body_sid;
};

/* Which stream of the file holds what the package describes. */
static uint32_t find_body(struct mxf_sets *sets, struct slice package_uid)
{
    for (size_t i = 0; i < sets->count; i++) {
        const struct mxf_set *set = &sets->list[i];
        if (set->type == MXF_SET_CONTAINER_DATA && package_uid.size > 0 &&
            slice_equal(mxf_sets_get(sets, set, TAG_LINKED_PACKAGE),
                        package_uid))
            return (uint32_t)mxf_sets_number(sets, set, TAG_BODY_SID, 0);
    }
    return 0;
}

/* The descriptor of one track: several are under a multiple descriptor. */
static const struct mxf_set *find_descriptor(struct mxf_sets *sets,
                                             const struct mxf_set *descriptor,
                                             uint64_t track_id)
{
    if (descriptor->type != MXF_SET_MULTIPLE)
        return descriptor;
    struct slice list =
        mxf_sets_references(sets, descriptor, TAG_SUB_DESCRIPTORS);
    const struct mxf_set *part = NULL;
    while (mxf_sets_next(sets, &list, &part))
        if (part != NULL &&
            mxf_sets_number(sets, part, TAG_LINKED_TRACK, 0) == track_id)
            return part;
    return NULL;
}

static const struct mxf_set *resolve(struct mxf_sets *sets,
                                     const struct mxf_set *set, uint16_t tag)
{
    return mxf_sets_resolve(sets, mxf_sets_get(sets, set, tag));
}

/* PCM, also that of D-10, counts samples, everything else edit units. */
static void set_times(struct media_track *track, struct mxf_essence *essence,
                      int64_t duration, int64_t origin)
{
    int64_t num = essence->rate_num;
    int64_t den = essence->rate_den;
    if (num <= 0 || den <= 0 || num > INT32_MAX || den > INT32_MAX)
        return;
    track->time_base =
        (struct media_time_base){essence->rate_den, essence->rate_num};
    int64_t scale = 1;
    if (strncmp(track->codec, "pcm", 3) == 0 && track->sample_rate > 0) {
        track->time_base = (struct media_time_base){1, track->sample_rate};
        scale = (int64_t)track->sample_rate * den;
    } else {
        num = 1;
    }
    essence->tick_num = (uint64_t)scale;
    essence->tick_den = (uint64_t)num;
    if (duration < 0 || duration > INT64_MAX / scale || origin < 0 ||
        origin > INT64_MAX / scale || origin > INT64_MAX - duration)
        return;
    uint64_t units = essence->units;
    uint64_t all = (uint64_t)(duration + origin);
    track->sample_count = all / units + (all % units > 0);
    track->duration = duration * scale / num;
    track->start = -(origin * scale / num);
}

static dits_error *add_track_facts(const struct reading *reading,
                                   const struct mxf_set *set,
                                   struct media_track *track,
                                   const struct mxf_essence *essence)
{
    if (track->kind == MEDIA_VIDEO)
        TRY(facts_add_rational(&track->facts, "frame_rate", essence->rate_num,
                               essence->rate_den));
    TRY(facts_add_rational(&track->facts, "edit_rate", essence->rate_num,
                           essence->rate_den));
    return mxf_names_of_track(reading->sets, reading->package, set, track);
}

static dits_error *add_track(const struct reading *reading,
                             const struct mxf_set *set,
                             const struct mxf_set *sequence,
                             const struct mxf_set *descriptor)
{
    struct mxf_sets *sets = reading->sets;
    struct media_track *track = NULL;
    struct mxf_essence *essence = NULL;
    TRY(mxf_state_add_track(reading->file, &track, &essence));
    if (track == NULL)
        return NULL;
    struct slice rate = mxf_sets_get(sets, set, TAG_EDIT_RATE);
    if (rate.size == 8) {
        essence->rate_num = be32_load(rate.data);
        essence->rate_den = be32_load(rate.data + 4);
    }
    track->id = mxf_sets_number(sets, set, TAG_TRACK_ID, 0);
    essence->number = (uint32_t)mxf_sets_number(sets, set, TAG_TRACK_NUMBER, 0);
    essence->body_sid = reading->body_sid;
    track->kind =
        mxf_label_kind(mxf_sets_get(sets, sequence, TAG_DATA_DEFINITION));
    if (descriptor != NULL)
        TRY(mxf_descriptor_apply(sets, descriptor, track, essence));
    int64_t duration =
        (int64_t)mxf_sets_number(sets, sequence, TAG_DURATION, UINT64_MAX);
    int64_t origin = (int64_t)mxf_sets_number(sets, set, TAG_ORIGIN, 0);
    set_times(track, essence, duration, origin);
    return add_track_facts(reading, set, track, essence);
}

/* Time code, which has no essence, and tracks that are not here are none. */
static dits_error *read_track(const struct reading *reading,
                              const struct mxf_set *set,
                              const struct mxf_set *descriptor)
{
    struct mxf_sets *sets = reading->sets;
    if (set == NULL || set->type != MXF_SET_TRACK)
        return NULL;
    const struct mxf_set *sequence = resolve(sets, set, TAG_SEQUENCE);
    if (sequence == NULL)
        return NULL;
    enum media_kind kind =
        mxf_label_kind(mxf_sets_get(sets, sequence, TAG_DATA_DEFINITION));
    uint64_t number = mxf_sets_number(sets, set, TAG_TRACK_NUMBER, 0);
    if (kind == MEDIA_TIMECODE || (number == 0 && kind == MEDIA_OTHER))
        return NULL;
    uint64_t id = mxf_sets_number(sets, set, TAG_TRACK_ID, 0);
    return add_track(reading, set, sequence,
                     find_descriptor(sets, descriptor, id));
}

/* A file package: its descriptor names an essence container. */
static dits_error *read_package(struct media_file *file, struct mxf_sets *sets,
                                const struct mxf_set *package)
{
    const struct mxf_set *descriptor = resolve(sets, package, TAG_DESCRIPTOR);
    const struct mxf_set *track = NULL;
    struct reading reading = {file, sets, package, 0};
    if (descriptor == NULL ||
        mxf_sets_get(sets, descriptor, TAG_CONTAINER).size == 0)
        return NULL;
    reading.body_sid =
        find_body(sets, mxf_sets_get(sets, package, TAG_PACKAGE_UID));
    struct slice list = mxf_sets_references(sets, package, TAG_TRACKS);
    while (mxf_sets_next(sets, &list, &track))
        TRY(read_track(&reading, track, descriptor));
    return NULL;
}

static void mark_encrypted(struct media_file *file)
{
    for (size_t i = 0; i < file->track_count; i++)
        file->tracks[i].is_encrypted = true;
}

dits_error *mxf_metadata_apply(struct media_file *file, struct mxf_sets *sets)
{
    struct mxf_state *state = file->state;
    for (size_t i = 0; i < sets->count; i++) {
        const struct mxf_set *set = &sets->list[i];
        if (set->type == MXF_SET_SOURCE_PACKAGE)
            TRY(read_package(file, sets, set));
        if (set->type == MXF_SET_CRYPTOGRAPHIC)
            state->is_encrypted = true;
    }
    if (state->is_encrypted)
        mark_encrypted(file);
    return mxf_names_of_file(file, sets);
}
