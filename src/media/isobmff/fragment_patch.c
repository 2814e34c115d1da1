#include "media/isobmff/fragment_patch.h"

#include <inttypes.h>
#include <string.h>

#include "base/be.h"
#include "base/mem.h"
#include "media/isobmff/fragment_measure.h"
#include "media/timeline.h"

/* What is known while a 'moof' is copied. */
struct patch {
    const struct fragmented_movie *movie;
    const struct moof_change *change;
    struct slice moof;
    struct buf *out;
    uint32_t insert_count; /* places in `moof` where a 'tfdt' goes in */
    uint32_t *inserts;     /* ascending */
    uint32_t part;         /* the next one */
    uint64_t next_base;    /* as of traf_measure() */
    struct traf_measure traf;
    uint64_t new_base; /* of its data offsets */
    int64_t shift;     /* ticks to take off its times */
    int64_t time;      /* of its first sample, once shifted */
};

static void release(struct patch *patch)
{
    mem_free(patch->inserts);
}

static dits_error *too_large(const char *field)
{
    return error_new(DITS_E_LIMIT,
                     "'%s' cannot hold what it would be at another place",
                     field);
}

/* Behind the first 'tfhd' of a 'traf' that has no 'tfdt'; 0 otherwise. */
static size_t insertion(struct slice traf)
{
    struct children children = children_of(traf);
    struct child child = {0};
    struct slice whole = {0};
    size_t at = 0;
    while (children_next_whole(&children, &child, &whole)) {
        if (child.type == FOURCC('t', 'f', 'd', 't'))
            return 0;
        if (child.type == FOURCC('t', 'f', 'h', 'd') && at == 0)
            at = (size_t)(whole.data - traf.data) + whole.size;
    }
    return at;
}

static dits_error *find_insertions(struct patch *patch, struct slice payload)
{
    struct children children = children_of(payload);
    struct child child = {0};
    uint32_t count = patch->change->part_count;
    if (count > 0)
        patch->inserts = mem_new_array(uint32_t, count);
    if (count > 0 && patch->inserts == NULL)
        return error_nomem();
    while (children_next(&children, &child)) {
        if (child.type != FOURCC('t', 'r', 'a', 'f'))
            continue;
        size_t at = insertion(child.payload);
        if (at == 0)
            continue;
        if (patch->insert_count == count)
            return error_new(DITS_E_CORRUPT, "the fragment has changed");
        size_t traf = (size_t)(child.payload.data - patch->moof.data);
        patch->inserts[patch->insert_count++] = (uint32_t)(traf + at);
    }
    return NULL;
}

/* Bytes that are inserted before a place in the 'moof'. */
static uint32_t inserted_before(const struct patch *patch, uint64_t place)
{
    uint32_t low = 0;
    uint32_t high = patch->insert_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (patch->inserts[middle] <= place)
            low = middle + 1;
        else
            high = middle;
    }
    return low * TFDT_BYTES;
}

/* Where a byte of the fragment is going to be; false outside of any file. */
static bool moved(const struct patch *patch, uint64_t offset, uint64_t *out)
{
    uint64_t place = offset - patch->change->from;
    return offset >= patch->change->from &&
           !__builtin_add_overflow(place, inserted_before(patch, place),
                                   &place) &&
           !__builtin_add_overflow(place, patch->change->to, out);
}

/*
 * What was counted from the base of the 'traf', counted from where that is now.
 * What leads out of the fragment stays as it is.
 */
static bool moved_offset(const struct patch *patch, int64_t offset,
                         int64_t *out)
{
    uint64_t target = 0;
    *out = offset;
    if (__builtin_add_overflow(patch->traf.base, offset, &target) ||
        !moved(patch, target, &target))
        return true;
    return !__builtin_sub_overflow(target, patch->new_base, out);
}

static int64_t shifted(int64_t time, int64_t shift)
{
    return time > shift ? time - shift : 0;
}

/* A time of 4 bytes, or of 8. */
static dits_error *put_time(uint8_t *at, bool is_long, int64_t time,
                            const char *field)
{
    if (is_long)
        be64_store(at, (uint64_t)time);
    else if (time > UINT32_MAX)
        return too_large(field);
    else
        be32_store(at, (uint32_t)time);
    return NULL;
}

static int64_t get_time(const uint8_t *at, bool is_long)
{
    uint64_t time = is_long ? be64_load(at) : be32_load(at);
    return time < INT64_MAX ? (int64_t)time : INT64_MAX;
}

/* In what follows `box` is a payload of the copy, to be changed in place. */
struct field {
    uint8_t *data;
    size_t size;
};

static dits_error *patch_tfhd(struct patch *patch, struct field box)
{
    enum { BASE = 8 };
    if ((patch->traf.header.flags & TFHD_BASE) != 0 && box.size >= BASE + 8)
        be64_store(box.data + BASE, patch->new_base);
    return NULL;
}

static dits_error *patch_tfdt(struct patch *patch, struct field box)
{
    bool is_long = box.size > 0 && box.data[0] == 1;
    if (box.size < (is_long ? 12u : 8u))
        return NULL;
    return put_time(box.data + 4, is_long,
                    shifted(get_time(box.data + 4, is_long), patch->shift),
                    "tfdt");
}

static dits_error *patch_trun(struct patch *patch, struct field box)
{
    enum { OFFSET = 8 };
    int64_t offset = 0;
    if (box.size < OFFSET + 4 || (be24_load(box.data + 1) & TRUN_OFFSET) == 0)
        return NULL;
    if (!moved_offset(patch, (int32_t)be32_load(box.data + OFFSET), &offset) ||
        offset > INT32_MAX || offset < INT32_MIN)
        return too_large("trun");
    be32_store(box.data + OFFSET, (uint32_t)offset);
    return NULL;
}

/* Flag 1: a type and its parameter come before the offsets. */
static dits_error *patch_saio(struct patch *patch, struct field box)
{
    size_t at = box.size >= 4 && (be24_load(box.data + 1) & 1) != 0 ? 12 : 4;
    bool is_long = box.size > 0 && box.data[0] > 0;
    size_t row = is_long ? 8 : 4;
    if (box.size < at + 4)
        return NULL;
    uint32_t count = be32_load(box.data + at);
    at += 4;
    for (uint32_t i = 0; i < count && box.size - at >= row; i++, at += row) {
        int64_t offset = 0;
        if (!moved_offset(patch, get_time(box.data + at, is_long), &offset) ||
            offset < 0)
            return too_large("saio");
        TRY(put_time(box.data + at, is_long, offset, "saio"));
    }
    return NULL;
}

/* Smooth Streaming: times of this fragment, and of those that follow. */
static dits_error *patch_uuid(struct patch *patch, struct field box,
                              bool is_tfxd)
{
    bool is_long = box.size > 0 && box.data[0] == 1;
    size_t word = is_long ? 8 : 4;
    size_t at = is_tfxd ? 4 : 5;
    size_t count = is_tfxd ? 1 : box.size > 4 ? box.data[4] : 0;
    for (; count > 0 && box.size >= at + word; count--, at += 2 * word) {
        int64_t time = get_time(box.data + at, is_long);
        TRY(put_time(box.data + at, is_long, shifted(time, patch->shift),
                     "tfxd"));
    }
    return NULL;
}

static bool is_tfrf(const struct child *child)
{
    static const uint8_t tfrf[16] = {0xd4, 0x80, 0x7e, 0xf2, 0xca, 0x39,
                                     0x46, 0x95, 0x8e, 0x54, 0x26, 0xcb,
                                     0x9e, 0x46, 0xa7, 0x9f};
    return child->uuid != NULL && memcmp(child->uuid, tfrf, sizeof(tfrf)) == 0;
}

static dits_error *patch_box(struct patch *patch, const struct child *child,
                             struct field box)
{
    switch (child->type) {
    case FOURCC('t', 'f', 'h', 'd'):
        return patch_tfhd(patch, box);
    case FOURCC('t', 'f', 'd', 't'):
        return patch_tfdt(patch, box);
    case FOURCC('t', 'r', 'u', 'n'):
        return patch_trun(patch, box);
    case FOURCC('s', 'a', 'i', 'o'):
        return patch_saio(patch, box);
    case FOURCC('u', 'u', 'i', 'd'):
        if (fragment_is_tfxd(child) || is_tfrf(child))
            return patch_uuid(patch, box, fragment_is_tfxd(child));
        return NULL;
    default:
        return NULL;
    }
}

/* The copy of `whole`, and in it that of the child's payload. */
static dits_error *copy_box(struct patch *patch, const struct child *child,
                            struct slice whole, struct field *out)
{
    size_t at = patch->out->size + (size_t)(child->payload.data - whole.data);
    TRY(buf_put(patch->out, whole.data, whole.size));
    *out = (struct field){patch->out->data + at, child->payload.size};
    return NULL;
}

/* The size of a box whose copy begins at `at` and has grown. */
static dits_error *set_size(struct patch *patch, size_t at)
{
    uint8_t *head = patch->out->data + at;
    size_t size = patch->out->size - at;
    if (be32_load(head) == 1)
        be64_store(head + 8, size);
    else if (size > UINT32_MAX)
        return too_large("moof");
    else
        be32_store(head, (uint32_t)size);
    return NULL;
}

static dits_error *insert_tfdt(struct patch *patch, int64_t time)
{
    TRY(buf_put_be32(patch->out, TFDT_BYTES));
    TRY(buf_put_be32(patch->out, FOURCC('t', 'f', 'd', 't')));
    TRY(buf_put_be32(patch->out, UINT32_C(1) << 24)); /* version 1 */
    return buf_put_be64(patch->out, (uint64_t)time);
}

/*
 * Its place and time. A base that is no part of the fragment becomes the
 * 'moof': offsets are counted from there just as well.
 */
static dits_error *begin_traf(struct patch *patch, struct slice traf)
{
    const struct moof_change *change = patch->change;
    if (patch->part >= change->part_count ||
        !traf_measure(patch->movie, traf, change->from, &patch->next_base,
                      &patch->traf) ||
        patch->traf.track != change->parts[patch->part].track)
        return error_new(DITS_E_CORRUPT, "the fragment has changed");
    patch->shift = change->shifts[patch->traf.track];
    patch->time = shifted(change->parts[patch->part++].time, patch->shift);
    if (moved(patch, patch->traf.base, &patch->new_base))
        return NULL;
    patch->new_base = change->to;
    return patch->traf.base < change->from ? NULL : too_large("tfhd");
}

static dits_error *copy_traf(struct patch *patch, struct slice payload)
{
    struct children children = children_of(payload);
    struct child child = {0};
    struct slice whole = {0};
    struct slice rest = payload;
    size_t insert_at = insertion(payload);
    TRY(begin_traf(patch, payload));
    while (children_next_whole(&children, &child, &whole)) {
        struct field box = {0};
        TRY(copy_box(patch, &child, whole, &box));
        TRY(patch_box(patch, &child, box));
        size_t at = (size_t)(whole.data - payload.data) + whole.size;
        if (insert_at > 0 && at == insert_at)
            TRY(insert_tfdt(patch, patch->time));
        rest = slice_after(payload, at);
    }
    return buf_put(patch->out, rest.data, rest.size);
}

static dits_error *copy_child(struct patch *patch, const struct child *child,
                              struct slice whole)
{
    size_t at = patch->out->size;
    struct field box = {0};
    if (child->type == FOURCC('t', 'r', 'a', 'f')) {
        size_t head = (size_t)(child->payload.data - whole.data);
        TRY(buf_put(patch->out, whole.data, head));
        TRY(copy_traf(patch, child->payload));
        return set_size(patch, at);
    }
    TRY(copy_box(patch, child, whole, &box));
    if (child->type == FOURCC('m', 'f', 'h', 'd') && box.size >= 8 &&
        patch->change->renumber)
        be32_store(box.data + 4, patch->change->number);
    return NULL;
}

static dits_error *copy_moof(struct patch *patch, const struct child *moof)
{
    struct children children = children_of(moof->payload);
    struct child child = {0};
    struct slice whole = {0};
    struct slice rest = moof->payload;
    size_t head = (size_t)(moof->payload.data - patch->moof.data);
    TRY(buf_put(patch->out, patch->moof.data, head));
    while (children_next_whole(&children, &child, &whole)) {
        TRY(copy_child(patch, &child, whole));
        size_t at = (size_t)(whole.data - moof->payload.data) + whole.size;
        rest = slice_after(moof->payload, at);
    }
    TRY(buf_put(patch->out, rest.data, rest.size));
    return set_size(patch, 0);
}

dits_error *moof_patch(const struct fragmented_movie *movie, struct slice moof,
                       const struct moof_change *change, struct buf *out)
{
    CLEANUP(release)
    struct patch patch = {
        .movie = movie,
        .change = change,
        .moof = moof,
        .out = out,
        .next_base = change->from,
    };
    struct children children = children_of(moof);
    struct child child = {0};
    buf_clear(out);
    if (!children_next(&children, &child) || child.is_cut ||
        child.type != FOURCC('m', 'o', 'o', 'f'))
        return error_new(DITS_E_CORRUPT, "the fragment has changed");
    TRY(find_insertions(&patch, child.payload));
    return copy_moof(&patch, &child);
}

/* Version, flags and time scale come before the time. */
static void patch_emsg(struct field box, int64_t origin, uint32_t timescale)
{
    enum { TIMESCALE = 4, TIME = 8 };
    int64_t shift = 0;
    if (box.size < TIME + 8 || box.data[0] != 1 ||
        !timeline_rescale(origin, be32_load(box.data + TIMESCALE), timescale,
                          &shift))
        return;
    int64_t time = get_time(box.data + TIME, true);
    be64_store(box.data + TIME, (uint64_t)shifted(time, shift));
}

/* The track, a time of a clock, and that of the track. */
static void patch_prft(const struct fragmented_movie *movie, struct field box,
                       const int64_t *shifts)
{
    enum { TRACK = 4, TIME = 16 };
    bool is_long = box.size > 0 && box.data[0] > 0;
    uint32_t track = 0;
    if (box.size < TIME + (is_long ? 8 : 4) ||
        !fragmented_movie_find(movie, be32_load(box.data + TRACK), &track))
        return;
    int64_t time = shifted(get_time(box.data + TIME, is_long), shifts[track]);
    dits_error_free(put_time(box.data + TIME, is_long, time,
                             "prft")); /* it became smaller */
}

void lead_patch(const struct fragmented_movie *movie, uint8_t *head,
                size_t size, const int64_t *shifts, int64_t origin,
                uint32_t timescale)
{
    struct children children = children_of(slice_of(head, size));
    struct child child = {0};
    if (!children_next(&children, &child))
        return;
    struct field box = {head + (child.payload.data - head), child.payload.size};
    if (child.type == FOURCC('e', 'm', 's', 'g'))
        patch_emsg(box, origin, timescale);
    else if (child.type == FOURCC('p', 'r', 'f', 't'))
        patch_prft(movie, box, shifts);
}
