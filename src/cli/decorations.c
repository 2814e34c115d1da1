#include "cli/decorations.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/oid.h"
#include "base/text.h"
#include "cli/color.h"

/* In the order in which they are shown. */
enum decoration_kind {
    DECORATION_HEAD,    /* detached */
    DECORATION_CURRENT, /* the branch that HEAD is on */
    DECORATION_TAG,
    DECORATION_REMOTE,
    DECORATION_BRANCH,
};

struct decoration {
    struct dits_oid commit;
    enum decoration_kind kind;
    char *name;
};

static dits_error *add(struct decorations *decorations,
                       const struct dits_oid *commit, enum decoration_kind kind,
                       const char *name)
{
    struct decoration *items =
        array_grown(decorations->items, decorations->count,
                    &decorations->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    decorations->items = items;
    struct decoration *item = &decorations->items[decorations->count];
    TRY(text_copy(name, &item->name));
    item->commit = *commit;
    item->kind = kind;
    decorations->count++;
    return NULL;
}

static dits_error *on_branch(const struct dits_ref *ref, void *payload)
{
    return add(payload, &ref->commit,
               ref->is_current ? DECORATION_CURRENT : DECORATION_BRANCH,
               ref->name);
}

static dits_error *on_remote(const struct dits_ref *ref, void *payload)
{
    return add(payload, &ref->commit, DECORATION_REMOTE, ref->name);
}

static dits_error *on_tag(const struct dits_ref *ref, void *payload)
{
    return add(payload, &ref->commit, DECORATION_TAG, ref->name);
}

static int compare(const void *a, const void *b)
{
    const struct decoration *left = a;
    const struct decoration *right = b;
    int order = oid_compare(&left->commit, &right->commit);
    if (order == 0)
        order = (int)left->kind - (int)right->kind;
    return order != 0 ? order : strcmp(left->name, right->name);
}

static void head_release(struct dits_head *head)
{
    dits_head_release(head);
}

dits_error *decorations_read(dits_repo *repo, struct decorations *out)
{
    CLEANUP(decorations_release) struct decorations found = {0};
    CLEANUP(head_release) struct dits_head head = {0};
    TRY(dits_head_get(repo, &head));
    if (head.branch == NULL)
        TRY(add(&found, &head.commit, DECORATION_HEAD, "HEAD"));
    TRY(dits_branch_each(repo, on_branch, &found));
    TRY(dits_remote_branch_each(repo, on_remote, &found));
    TRY(dits_tag_each(repo, on_tag, &found));
    if (found.count > 0)
        qsort(found.items, found.count, sizeof(*found.items), compare);
    found.is_read = true;
    *out = MOVE(found);
    return NULL;
}

void decorations_release(struct decorations *decorations)
{
    for (size_t i = 0; i < decorations->count; i++)
        mem_free(decorations->items[i].name);
    mem_free(decorations->items);
    *decorations = (struct decorations){0};
}

/* The first of the commit's, or `count`. */
static size_t find(const struct decorations *decorations,
                   const struct dits_oid *commit)
{
    size_t low = 0;
    size_t high = decorations->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (oid_compare(&decorations->items[middle].commit, commit) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static dits_error *put_one(const struct cli *cli, const struct decoration *item,
                           struct buf *out)
{
    const char *reset = color(cli, COLOR_RESET);
    switch (item->kind) {
    case DECORATION_HEAD:
        return buf_printf(out, "%s%s%s", color(cli, COLOR_BOLD_CYAN),
                          item->name, reset);
    case DECORATION_CURRENT:
        return buf_printf(out, "%sHEAD -> %s%s%s%s",
                          color(cli, COLOR_BOLD_CYAN), reset,
                          color(cli, COLOR_BOLD_GREEN), item->name, reset);
    case DECORATION_TAG:
        return buf_printf(out, "%stag: %s%s", color(cli, COLOR_BOLD_YELLOW),
                          item->name, reset);
    case DECORATION_REMOTE:
        return buf_printf(out, "%s%s%s", color(cli, COLOR_RED), item->name,
                          reset);
    case DECORATION_BRANCH:
        break;
    }
    return buf_printf(out, "%s%s%s", color(cli, COLOR_BOLD_GREEN), item->name,
                      reset);
}

dits_error *decorations_put(const struct cli *cli,
                            const struct decorations *decorations,
                            const dits_commit *commit, struct buf *out)
{
    const struct dits_oid *id = dits_commit_id(commit);
    size_t first = find(decorations, id);
    bool is_cut = decorations->is_read && dits_commit_is_cut(commit);
    if (is_cut)
        TRY(buf_printf(out, "%sgrafted%s", color(cli, COLOR_BLUE),
                       color(cli, COLOR_RESET)));
    for (size_t i = first; i < decorations->count; i++) {
        const struct decoration *item = &decorations->items[i];
        if (!dits_oid_equal(&item->commit, id))
            break;
        if (i > first || is_cut)
            TRY(buf_put_text(out, ", "));
        TRY(put_one(cli, item, out));
    }
    return NULL;
}

void decorations_each(const struct decorations *decorations,
                      const struct dits_oid *commit, decoration_fn *fn,
                      void *payload)
{
    for (size_t i = find(decorations, commit); i < decorations->count; i++) {
        if (!dits_oid_equal(&decorations->items[i].commit, commit))
            break;
        fn(decorations->items[i].name, payload);
    }
}
