/* The content of one file of a diff, behind dits/diff.h. */
#include "object/asset.h"
#include "repo/diff_private.h"
#include "repo/lines.h"

/* Of a renamed file the new name counts. */
static dits_error *are_text(const dits_diff *diff, const struct diff_item *item,
                            bool *out)
{
    const struct diff_place *named = item->after.is_there ? &item->after
                                                          : &item->before;
    enum attributes_diff how = ATTRIBUTES_DIFF_AUTO;
    TRY(attributes_diff(diff->attributes, named->path, &how));
    *out = how == ATTRIBUTES_DIFF_LINES && item->before.size <= DIFF_TEXT_MAX &&
           item->after.size <= DIFF_TEXT_MAX;
    if (how != ATTRIBUTES_DIFF_AUTO)
        return NULL;
    TRY(diff_side_is_text(diff, &item->before, out));
    return *out ? diff_side_is_text(diff, &item->after, out) : NULL;
}

static dits_error *compare_lines(const dits_diff *diff,
                                 const struct diff_item *item,
                                 unsigned context_lines, dits_diff_line_fn *fn,
                                 void *payload)
{
    CLEANUP(buf_release) struct buf before = {0};
    CLEANUP(buf_release) struct buf after = {0};
    TRY(diff_side_bytes(diff, &item->before, &before));
    TRY(diff_side_bytes(diff, &item->after, &after));
    TRY(context_check(diff->repo->context));
    return lines_compare(&diff->repo->lines, buf_slice(&before),
                         buf_slice(&after), context_lines, fn, payload);
}

static dits_error *count_line(char origin, const char *line, size_t length,
                              void *payload)
{
    struct dits_content_change *change = payload;
    (void)line;
    (void)length;
    change->lines_added += origin == '+';
    change->lines_deleted += origin == '-';
    return NULL;
}

static dits_error *read_chunks(const dits_diff *diff,
                               const struct diff_item *item,
                               struct diff_chunks *before,
                               struct diff_chunks *after)
{
    TRY(diff_side_chunks(diff, &item->before, &item->after, before));
    return diff_side_chunks(diff, &item->after, &item->before, after);
}

/* Cut in one way, so that what is the same is the same chunk. */
static dits_error *are_comparable(const dits_diff *diff,
                                  const struct diff_item *item, bool *out)
{
    const struct diff_place *stored = &item->before;
    const struct diff_place *disk = &item->after;
    if (stored->is_on_disk) {
        stored = &item->after;
        disk = &item->before;
    }
    *out = true;
    if (!stored->is_there || !disk->is_there || !disk->is_on_disk ||
        stored->is_on_disk)
        return NULL;
    CLEANUP(asset_closep) struct asset *asset = NULL;
    TRY(asset_open(diff->repo->store, &stored->side.id, &asset));
    const struct asset_info *info = asset_get_info(asset);
    *out = !info->is_woven && !info->is_wrapped;
    return NULL;
}

static dits_error *count_lines(const dits_diff *diff,
                               const struct diff_item *item,
                               struct dits_content_change *out)
{
    TRY(are_text(diff, item, &out->is_text));
    return out->is_text ? compare_lines(diff, item, 0, count_line, out) : NULL;
}

dits_error *dits_diff_content(dits_diff *diff, size_t index,
                              struct dits_content_change *out)
{
    CLEANUP(diff_chunks_release) struct diff_chunks before = {0};
    CLEANUP(diff_chunks_release) struct diff_chunks after = {0};
    const struct diff_item *item = &diff->items[index];
    struct dits_content_change change = {0};
    dits_error *err = count_lines(diff, item, &change);
    if (dits_error_has(err, DITS_E_GONE)) {
        dits_error_free(err); /* obliterated: there are no lines any more */
        change = (struct dits_content_change){0};
        err = NULL;
    }
    TRY(err);
    TRY(are_comparable(diff, item, &change.has_chunks));
    if (change.has_chunks) {
        TRY(read_chunks(diff, item, &before, &after));
        TRY(diff_chunks_count(&before, &after, &change));
    }
    *out = change;
    return NULL;
}

dits_error *dits_diff_lines(dits_diff *diff, size_t index,
                            unsigned context_lines, dits_diff_line_fn *fn,
                            void *payload)
{
    const struct diff_item *item = &diff->items[index];
    bool is_text = false;
    TRY(are_text(diff, item, &is_text));
    if (!is_text)
        return error_new(DITS_E_UNSUPPORTED, "'%s' is not text",
                         diff->changes.items[index].path);
    return compare_lines(diff, item, context_lines, fn, payload);
}

dits_error *dits_diff_ranges(dits_diff *diff, size_t index,
                             dits_diff_range_fn *fn, void *payload)
{
    CLEANUP(diff_chunks_release) struct diff_chunks before = {0};
    CLEANUP(diff_chunks_release) struct diff_chunks after = {0};
    bool has_chunks = false;
    TRY(are_comparable(diff, &diff->items[index], &has_chunks));
    if (!has_chunks)
        return NULL;
    TRY(read_chunks(diff, &diff->items[index], &before, &after));
    return diff_chunks_ranges(&before, &after, fn, payload);
}
