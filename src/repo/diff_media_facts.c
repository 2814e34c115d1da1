#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "repo/diff_media.h"

/* Of a side, in order of names; of one name in the order of the file. */
struct fact_list {
    const struct fact **items;
    size_t count;
};

static void release_list(struct fact_list *list)
{
    mem_free(list->items);
}

/* Both lie in one array, so their places tell which came first. */
static int compare(const void *a, const void *b)
{
    const struct fact *const *left = a;
    const struct fact *const *right = b;
    int order = strcmp((*left)->name, (*right)->name);
    if (order != 0)
        return order;
    return (*left > *right) - (*left < *right);
}

static dits_error *sort(const struct media_facts *facts, struct fact_list *out)
{
    if (facts->count == 0)
        return NULL;
    out->items = mem_new_array(const struct fact *, facts->count);
    if (out->items == NULL)
        return error_nomem();
    for (size_t i = 0; i < facts->count; i++)
        out->items[i] = &facts->list[i];
    out->count = facts->count;
    qsort(out->items, out->count, sizeof(const struct fact *), compare);
    return NULL;
}

static dits_error *put_value(const struct fact *fact, struct buf *out)
{
    if (out->size > 0)
        TRY(buf_put_text(out, ", "));
    switch (fact->type) {
    case FACT_TEXT:
        return buf_put_text(out, fact->text);
    case FACT_INTEGER:
        return buf_printf(out, "%" PRId64, fact->number);
    case FACT_RATIONAL:
        return buf_printf(out, "%" PRId64 "/%" PRId64, fact->number,
                          fact->divisor);
    case FACT_TRUTH:
        break;
    }
    return buf_put_text(out, fact->number != 0 ? "yes" : "no");
}

/* All values of `name`, from `*at` on, which moves behind them. */
static dits_error *take(const struct fact_list *list, size_t *at,
                        const char *name, struct buf *out, bool *out_found,
                        bool *out_location)
{
    *out_found = false;
    while (*at < list->count && strcmp(list->items[*at]->name, name) == 0) {
        *out_found = true;
        *out_location = *out_location || list->items[*at]->is_location;
        TRY(put_value(list->items[(*at)++], out));
    }
    return NULL;
}

static const char *next_name(const struct fact_list *before, size_t old,
                             const struct fact_list *after, size_t new)
{
    const char *left = old < before->count ? before->items[old]->name : NULL;
    const char *right = new < after->count ? after->items[new]->name : NULL;
    if (left == NULL || right == NULL)
        return left != NULL ? left : right;
    return strcmp(left, right) <= 0 ? left : right;
}

static dits_error *tell(const struct media_teller *teller, const char *name,
                        const char *before, const char *after, bool is_location)
{
    struct dits_media_change change = teller->about;
    if (before != NULL && after != NULL && strcmp(before, after) == 0)
        return NULL;
    change.subject = DITS_ABOUT_FACT;
    change.action = before == NULL  ? DITS_MEDIA_ADDED
                    : after == NULL ? DITS_MEDIA_REMOVED
                                    : DITS_MEDIA_CHANGED;
    change.name = name;
    change.before = before;
    change.after = after;
    change.is_location = is_location;
    return teller->fn(&change, teller->payload);
}

dits_error *media_tell_facts(const struct media_teller *teller,
                             const struct media_facts *before,
                             const struct media_facts *after)
{
    CLEANUP(release_list) struct fact_list old_list = {0};
    CLEANUP(release_list) struct fact_list new_list = {0};
    size_t old = 0;
    size_t new = 0;
    TRY(sort(before, &old_list));
    TRY(sort(after, &new_list));
    for (;;) {
        CLEANUP(buf_release) struct buf left = {0};
        CLEANUP(buf_release) struct buf right = {0};
        bool has_left = false;
        bool has_right = false;
        bool is_location = false;
        const char *name = next_name(&old_list, old, &new_list, new);
        if (name == NULL)
            return NULL;
        TRY(take(&old_list, &old, name, &left, &has_left, &is_location));
        TRY(take(&new_list, &new, name, &right, &has_right, &is_location));
        TRY(tell(teller, name, has_left ? buf_text(&left) : NULL,
                 has_right ? buf_text(&right) : NULL, is_location));
    }
}
