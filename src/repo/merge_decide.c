#include "repo/merge_decide.h"

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/text.h"

static void release_outcome(struct merge_outcome *outcome)
{
    mem_free(outcome->path);
    mem_free(outcome->old_path);
    mem_free(outcome->other);
    mem_free(outcome->ours_file);
    mem_free(outcome->theirs_file);
}

void merge_outcomes_release(struct merge_outcomes *outcomes)
{
    for (size_t i = 0; i < outcomes->count; i++)
        release_outcome(&outcomes->items[i]);
    mem_free(outcomes->items);
    *outcomes = (struct merge_outcomes){0};
}

/* The first that does not sort before `path`; NULL: none. */
static struct merge_outcome *lower_bound(const struct merge_outcomes *outcomes,
                                         const char *path)
{
    size_t low = 0;
    size_t high = outcomes->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (path_compare(outcomes->items[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < outcomes->count ? &outcomes->items[low] : NULL;
}

struct merge_outcome *merge_outcomes_find(const struct merge_outcomes *outcomes,
                                          const char *path)
{
    struct merge_outcome *found = lower_bound(outcomes, path);
    return found != NULL && strcmp(found->path, path) == 0 ? found : NULL;
}

bool merge_outcomes_has_within(const struct merge_outcomes *outcomes,
                               const char *path)
{
    const struct merge_outcome *found = lower_bound(outcomes, path);
    return found != NULL && path_is_within(found->path, path);
}

static bool is_there(const struct change_side *side)
{
    return side->mode != 0;
}

static void set_conflict(struct merge_outcome *outcome,
                         enum dits_merge_event_kind kind)
{
    outcome->is_conflict = true;
    outcome->is_told = true;
    outcome->kind = kind;
}

/* Only one side still has it. */
static void decide_one(const struct merge_item *item,
                       struct merge_outcome *outcome)
{
    const struct change_side *base = &item->sides[STAGE_BASE];
    bool is_ours = is_there(&item->sides[STAGE_OURS]);
    const struct change_side *left =
        &item->sides[is_ours ? STAGE_OURS : STAGE_THEIRS];
    bool is_new = !is_there(base);
    bool is_kept = change_side_equal(base, left) &&
                   item->names == MERGE_SAME_NAME;
    if (is_new || is_kept) { /* added by one, or deleted by the other */
        outcome->result = is_new ? *left : (struct change_side){0};
        outcome->file = outcome->result;
        return;
    }
    outcome->is_ours = !is_ours;
    outcome->file = *left;
    if (is_ours)
        outcome->result = *left;
    set_conflict(outcome, item->names == MERGE_RENAME_DELETE
                              ? DITS_MERGE_RENAME_DELETE
                              : DITS_MERGE_DELETED);
}

/* "HEAD:cut.txt": markers name the file too where the sides name it
 * otherwise. */
struct named_rules {
    struct merge_rules rules;
    char *labels[STAGE_COUNT];
};

static void release_named_rules(struct named_rules *named)
{
    for (size_t i = 0; i < STAGE_COUNT; i++)
        mem_free(named->labels[i]);
}

static dits_error *name_label(const char *label, const char *path, char **out)
{
    CLEANUP(buf_release) struct buf name = {0};
    TRY(buf_printf(&name, "%s:%s", label != NULL ? label : "", path));
    return buf_take_text(&name, out);
}

static dits_error *name_rules(const struct merge_rules *rules,
                              const char *const names[STAGE_COUNT],
                              struct named_rules *out)
{
    out->rules = *rules;
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        TRY(name_label(rules->labels[i], names[i], &out->labels[i]));
        out->rules.labels[i] = out->labels[i];
    }
    return NULL;
}

/* merge_content() of the three sides of an item. */
static dits_error *merge_item(const struct merge_rules *rules,
                              const struct merge_item *item,
                              struct change_side *out,
                              enum merge_verdict *out_verdict)
{
    CLEANUP(release_named_rules) struct named_rules named = {0};
    const char *old_path = item->old_path;
    bool is_one_name = item->is_here[STAGE_OURS] && item->is_here[STAGE_THEIRS];
    if (old_path == NULL || is_one_name)
        return merge_content(rules, item->path, item->sides, out, out_verdict);
    const char *const names[] = {
        old_path,
        item->is_here[STAGE_OURS] ? item->path : old_path,
        item->is_here[STAGE_THEIRS] ? item->path : old_path,
    };
    TRY(name_rules(rules, names, &named));
    return merge_content(&named.rules, item->path, item->sides, out,
                         out_verdict);
}

/*
 * A file that both renamed is merged all the same, for both names, so that
 * no change is missing under either. What cannot be merged stays as the side of
 * that name has it.
 */
static dits_error *merge_two_names(const struct merge_rules *rules,
                                   const struct merge_item *item,
                                   struct change_side *out,
                                   enum merge_verdict *out_verdict)
{
    CLEANUP(release_named_rules) struct named_rules named = {0};
    bool is_ours = item->is_here[STAGE_OURS];
    const char *const names[] = {
        item->old_path,
        is_ours ? item->path : item->other,
        is_ours ? item->other : item->path,
    };
    TRY(name_rules(rules, names, &named));
    TRY(merge_content(&named.rules, names[STAGE_OURS], item->whole, out,
                      out_verdict));
    if (*out_verdict == MERGE_APART)
        *out = item->sides[is_ours ? STAGE_OURS : STAGE_THEIRS];
    return NULL;
}

static dits_error *decide_both(const struct merge_rules *rules,
                               const struct merge_item *item,
                               struct merge_outcome *outcome)
{
    enum merge_verdict verdict = MERGE_TAKEN;
    TRY(merge_item(rules, item, &outcome->file, &verdict));
    outcome->result = outcome->file;
    outcome->is_told = verdict != MERGE_TAKEN;
    outcome->kind = DITS_MERGE_AUTO;
    if (verdict == MERGE_TAKEN || verdict == MERGE_BY_LINES)
        return NULL;
    outcome->result = item->sides[STAGE_OURS];
    outcome->is_text = verdict == MERGE_MARKED;
    outcome->is_whole = verdict == MERGE_TORN_MODE;
    set_conflict(outcome, is_there(&item->sides[STAGE_BASE])
                              ? DITS_MERGE_CONTENT
                              : DITS_MERGE_BOTH_ADDED);
    return NULL;
}

/* One of the two new names, or the old one. */
static dits_error *decide_two_names(const struct merge_rules *rules,
                                    const struct merge_item *item,
                                    struct merge_outcome *outcome)
{
    enum merge_verdict verdict = MERGE_TAKEN;
    bool is_ours = item->is_here[STAGE_OURS];
    outcome->result = item->sides[STAGE_OURS];
    set_conflict(outcome, DITS_MERGE_RENAME_RENAME);
    outcome->is_told = is_ours; /* once for all */
    if (is_there(&item->sides[STAGE_BASE]))
        return NULL; /* the old name */
    TRY(merge_two_names(rules, item, &outcome->file, &verdict));
    outcome->stages[is_ours ? STAGE_OURS : STAGE_THEIRS] = outcome->file;
    outcome->is_text = verdict == MERGE_MARKED;
    return NULL;
}

static dits_error *decide_item(const struct merge_rules *rules,
                               const struct merge_item *item,
                               struct merge_outcome *outcome)
{
    bool ours = is_there(&item->sides[STAGE_OURS]);
    bool theirs = is_there(&item->sides[STAGE_THEIRS]);
    outcome->here = item->here;
    memcpy(outcome->stages, item->sides, sizeof(outcome->stages));
    if (item->names == MERGE_RENAME_RENAME)
        return decide_two_names(rules, item, outcome);
    if (ours && theirs)
        return decide_both(rules, item, outcome);
    if (ours || theirs)
        decide_one(item, outcome);
    return NULL; /* deleted by both */
}

/*
 * The file that `side` has at this path, with what the other did to it; to be
 * read at once, as a side of another merge.
 */
static dits_error *content_of(const struct merge_rules *rules,
                              const struct merge_item *item, enum stage side,
                              struct change_side *out)
{
    enum merge_verdict verdict = MERGE_TAKEN;
    enum stage other = side == STAGE_OURS ? STAGE_THEIRS : STAGE_OURS;
    *out = item->sides[side];
    if (item->names == MERGE_RENAME_RENAME)
        TRY(merge_two_names(rules, item, out, &verdict));
    else if (item->names == MERGE_SAME_NAME && is_there(&item->sides[other]))
        TRY(merge_item(rules, item, out, &verdict));
    bool is_made = verdict != MERGE_TAKEN && verdict != MERGE_APART;
    return is_made ? store_writer_commit(rules->writer) : NULL;
}

/*
 * Two files meet at a path: one was renamed to where the other side has another
 * one. Each counts as added by its side.
 */
static dits_error *join(const struct merge_rules *rules,
                        const struct merge_item *ours,
                        const struct merge_item *theirs,
                        struct merge_outcome *outcome)
{
    struct merge_item item = {.path = ours->path, .here = ours->here};
    TRY(content_of(rules, ours, STAGE_OURS, &item.sides[STAGE_OURS]));
    TRY(content_of(rules, theirs, STAGE_THEIRS, &item.sides[STAGE_THEIRS]));
    return decide_item(rules, &item, outcome);
}

static dits_error *add_outcome(struct merge_outcomes *outcomes,
                               const struct merge_item *item,
                               struct merge_outcome *outcome)
{
    TRY(text_copy(item->path, &outcome->path));
    TRY(text_copy_optional(item->old_path, &outcome->old_path));
    TRY(text_copy_optional(item->other, &outcome->other));
    struct merge_outcome *items = array_grown(
        outcomes->items, outcomes->count, &outcomes->capacity, sizeof(*items));
    if (items == NULL)
        return error_nomem();
    outcomes->items = items;
    outcomes->items[outcomes->count++] = MOVE(*outcome);
    return NULL;
}

static dits_error *decide_next(const struct merge_rules *rules,
                               const struct merge_plan *plan, size_t *at,
                               struct merge_outcomes *out)
{
    CLEANUP(release_outcome) struct merge_outcome outcome = {0};
    const struct merge_item *item = &plan->items[*at];
    bool is_met = *at + 1 < plan->count &&
                  strcmp(plan->items[*at + 1].path, item->path) == 0;
    *at += is_met ? 2 : 1;
    if (is_met)
        TRY(join(rules, item, &plan->items[*at - 1], &outcome));
    else
        TRY(decide_item(rules, item, &outcome));
    return add_outcome(out, item, &outcome);
}

dits_error *merge_decide(const struct merge_rules *rules,
                         const struct dits_oid trees[STAGE_COUNT],
                         const struct merge_plan *plan,
                         struct merge_outcomes *out)
{
    CLEANUP(merge_outcomes_release) struct merge_outcomes outcomes = {0};
    for (size_t at = 0; at < plan->count;) {
        TRY(context_check(rules->repo->context));
        TRY(decide_next(rules, plan, &at, &outcomes));
    }
    TRY(merge_part_folders(rules, &trees[STAGE_OURS], &outcomes));
    *out = MOVE(outcomes);
    return NULL;
}
