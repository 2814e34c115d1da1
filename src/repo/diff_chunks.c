/* Two files compared by their chunks: how much, and where. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "repo/diff_private.h"

/* Pointers into a list of chunks, sorted by id, then by place. */
struct by_id {
    const struct diff_chunk **items;
    size_t count;
};

static void release_by_id(struct by_id *sorted)
{
    mem_free(sorted->items);
}

static int compare_ids(const void *a, const void *b)
{
    const struct diff_chunk *const *left = a;
    const struct diff_chunk *const *right = b;
    int order = oid_compare(&(*left)->id, &(*right)->id);
    if (order != 0)
        return order;
    return (*left)->offset < (*right)->offset
               ? -1
               : (*left)->offset > (*right)->offset;
}

static dits_error *sort_by_id(const struct diff_chunk *chunks, size_t start,
                              size_t end, struct by_id *out)
{
    size_t count = end - start;
    if (count == 0)
        return NULL;
    out->items = mem_new_array(const struct diff_chunk *, count);
    if (out->items == NULL)
        return error_nomem();
    for (size_t i = 0; i < count; i++)
        out->items[i] = &chunks[start + i];
    out->count = count;
    qsort(out->items, count, sizeof(const struct diff_chunk *), compare_ids);
    return NULL;
}

/* The first with this id, or the count. */
static size_t find_first(const struct by_id *sorted, const struct dits_oid *id)
{
    size_t low = 0;
    size_t high = sorted->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (oid_compare(&sorted->items[middle]->id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < sorted->count &&
                 dits_oid_equal(&sorted->items[low]->id, id);
    return found ? low : sorted->count;
}

dits_error *diff_chunks_count(const struct diff_chunks *before,
                              const struct diff_chunks *after,
                              struct dits_content_change *out)
{
    CLEANUP(release_by_id) struct by_id old = {0};
    CLEANUP(release_by_id) struct by_id fresh = {0};
    TRY(sort_by_id(before->items, 0, before->count, &old));
    TRY(sort_by_id(after->items, 0, after->count, &fresh));
    for (size_t i = 0; i < after->count; i++) {
        bool shared = find_first(&old, &after->items[i].id) < old.count;
        out->shared_chunks += shared;
        out->new_chunks += !shared;
        out->shared_bytes += shared ? after->items[i].size : 0;
        out->new_bytes += shared ? 0 : after->items[i].size;
    }
    for (size_t i = 0; i < before->count; i++)
        if (find_first(&fresh, &before->items[i].id) == fresh.count)
            out->old_bytes += before->items[i].size;
    return NULL;
}

/* A stretch of each side still to be compared. */
struct stretch {
    size_t old_start;
    size_t old_end;
    size_t new_start;
    size_t new_end;
};

static bool is_same(const struct diff_chunk *a, const struct diff_chunk *b)
{
    return a->size == b->size && dits_oid_equal(&a->id, &b->id);
}

/* Drop what both begin and end with. */
static void narrow(const struct diff_chunks *before,
                   const struct diff_chunks *after, struct stretch *s)
{
    while (s->old_start < s->old_end && s->new_start < s->new_end &&
           is_same(&before->items[s->old_start], &after->items[s->new_start])) {
        s->old_start++;
        s->new_start++;
    }
    while (s->old_start < s->old_end && s->new_start < s->new_end &&
           is_same(&before->items[s->old_end - 1],
                   &after->items[s->new_end - 1])) {
        s->old_end--;
        s->new_end--;
    }
}

static uint64_t offset_of(const struct diff_chunks *chunks, size_t i)
{
    if (i < chunks->count)
        return chunks->items[i].offset;
    if (chunks->count == 0)
        return 0;
    const struct diff_chunk *last = &chunks->items[chunks->count - 1];
    return last->offset + last->size;
}

static dits_error *tell(const struct diff_chunks *before,
                        const struct diff_chunks *after, struct stretch s,
                        dits_diff_range_fn *fn, void *payload)
{
    narrow(before, after, &s);
    if (s.old_start == s.old_end && s.new_start == s.new_end)
        return NULL;
    struct dits_diff_range range = {
        .old_offset = offset_of(before, s.old_start),
        .new_offset = offset_of(after, s.new_start),
    };
    range.old_size = offset_of(before, s.old_end) - range.old_offset;
    range.new_size = offset_of(after, s.new_end) - range.new_offset;
    return fn(&range, payload);
}

/* A chunk that is there exactly once on each side holds both together. */
struct anchor {
    size_t old_at;
    size_t new_at;
    size_t length;   /* of the longest row of anchors that ends here */
    size_t previous; /* in it, counted from 1; 0: none */
};

static bool is_single(const struct by_id *sorted, size_t i)
{
    return i < sorted->count &&
           (i + 1 == sorted->count ||
            !dits_oid_equal(&sorted->items[i]->id, &sorted->items[i + 1]->id));
}

static dits_error *find_anchors(const struct diff_chunks *before,
                                const struct diff_chunks *after,
                                const struct stretch *s, struct anchor *anchors,
                                size_t *out_count)
{
    CLEANUP(release_by_id) struct by_id old = {0};
    CLEANUP(release_by_id) struct by_id fresh = {0};
    const struct diff_chunk *first = before->items;
    TRY(sort_by_id(before->items, s->old_start, s->old_end, &old));
    TRY(sort_by_id(after->items, s->new_start, s->new_end, &fresh));
    *out_count = 0;
    for (size_t i = s->new_start; i < s->new_end; i++) {
        const struct dits_oid *id = &after->items[i].id;
        size_t there = find_first(&old, id);
        if (is_single(&old, there) && is_single(&fresh, find_first(&fresh, id)))
            anchors[(*out_count)++] = (struct anchor){
                .old_at = (size_t)(old.items[there] - first), .new_at = i};
    }
    return NULL;
}

/*
 * The longest row of anchors that rises on both sides (as patience sorting
 * finds it). `tails[n]` is the anchor that ends the best row of n + 1.
 */
static size_t longest_row(struct anchor *anchors, size_t count, size_t *tails)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        size_t low = 0;
        size_t high = length;
        while (low < high) {
            size_t middle = low + (high - low) / 2;
            if (anchors[tails[middle]].old_at < anchors[i].old_at)
                low = middle + 1;
            else
                high = middle;
        }
        anchors[i].previous = low > 0 ? tails[low - 1] + 1 : 0;
        tails[low] = i;
        length = low == length ? length + 1 : length;
    }

    /* Into `tails`, in order. */
    size_t at = length > 0 ? tails[length - 1] + 1 : 0;
    for (size_t n = length; n > 0; n--) {
        tails[n - 1] = at - 1;
        at = anchors[at - 1].previous;
    }
    return length;
}

static void free_anchors(struct anchor **anchors)
{
    mem_free(*anchors);
}

static void free_sizes(size_t **sizes)
{
    mem_free(*sizes);
}

dits_error *diff_chunks_ranges(const struct diff_chunks *before,
                               const struct diff_chunks *after,
                               dits_diff_range_fn *fn, void *payload)
{
    CLEANUP(free_anchors) struct anchor *anchors = NULL;
    CLEANUP(free_sizes) size_t *row = NULL;
    struct stretch s = {.old_end = before->count, .new_end = after->count};
    size_t count = 0;
    narrow(before, after, &s);
    size_t room = s.new_end - s.new_start;
    if (room > 0) {
        anchors = mem_new_array(struct anchor, room);
        row = mem_new_array(size_t, room);
        if (anchors == NULL || row == NULL)
            return error_nomem();
        TRY(find_anchors(before, after, &s, anchors, &count));
        count = longest_row(anchors, count, row);
    }
    for (size_t i = 0; i < count; i++) {
        const struct anchor *anchor = &anchors[row[i]];
        struct stretch between = {s.old_start, anchor->old_at, s.new_start,
                                  anchor->new_at};
        TRY(tell(before, after, between, fn, payload));
        s.old_start = anchor->old_at + 1;
        s.new_start = anchor->new_at + 1;
    }
    return tell(before, after, s, fn, payload);
}
