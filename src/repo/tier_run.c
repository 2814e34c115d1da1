/*
 * Moving many packs: by policy, by name, by content.
 */
#include <dits/tier.h>

#include <string.h>

#include "base/text.h"
#include "object/asset.h"
#include "object/tree.h"
#include "repo/head_tree.h"
#include "repo/id_set.h"
#include "repo/pack_copies.h"
#include "repo/pathspec.h"
#include "repo/run_log.h"
#include "repo/tier_move.h"
#include "repo/tier_policy.h"
#include "store/tier_transfer.h"

#define TIER_RUN "tier"

enum { LEAST_DIGITS = 4 };

/* One command: what it moves is in the plan. */
struct tier_run {
    dits_repo *repo;
    struct tier_settings settings;
    struct tier_plan plan;
    struct progress progress;
    struct tier_mover mover;
};

static void tier_run_release(struct tier_run *run)
{
    progress_end(&run->progress);
    tier_plan_release(&run->plan);
    tier_settings_release(&run->settings);
}

static dits_error *begin(dits_repo *repo,
                         const struct dits_tier_options *options,
                         struct dits_tier_result *out, struct tier_run *run)
{
    static const struct dits_tier_options defaults = {0};
    *out = (struct dits_tier_result){0};
    run->repo = repo;
    run->mover = (struct tier_mover){
        .repo = repo,
        .settings = &run->settings,
        .options = options != NULL ? options : &defaults,
        .result = out,
        .progress = &run->progress,
    };
    TRY(tier_settings_load(repo, &run->settings));
    TRY(store_relocate(repo->store));
    return tier_plan_make(repo, &run->settings, &run->plan);
}

static dits_error *move_chosen(struct tier_run *run)
{
    uint64_t total = 0;
    for (size_t i = 0; i < run->plan.count; i++)
        total += run->plan.items[i].is_chosen ? run->plan.items[i].size : 0;
    progress_begin(&run->progress, run->repo->context, "moving packs", total,
                   0);
    for (size_t i = 0; i < run->plan.count; i++) {
        const struct tier_plan_item *item = &run->plan.items[i];
        TRY(context_check(run->repo->context));
        if (item->is_chosen)
            TRY(tier_move(&run->mover, item->name,
                          item->to != NULL ? &item->to->tier : NULL));
    }
    return NULL;
}

/* The run is in the log of maintenance, whatever comes of it. */
static dits_error *move_logged(struct tier_run *run)
{
    uint64_t id = 0;
    if (run->mover.options->dry_run)
        return move_chosen(run);
    TRY(run_log_begin(run->repo, TIER_RUN, &id));
    dits_error *err = tier_clean(&run->mover, NULL);
    if (err == NULL)
        err = move_chosen(run);
    if (err == NULL)
        err = tier_clean(&run->mover, NULL);
    return run_log_end(run->repo, id, run->mover.result->packs,
                       run->mover.result->bytes, err);
}

dits_error *dits_tier_run(dits_repo *repo,
                          const struct dits_tier_options *options,
                          struct dits_tier_result *out)
{
    CLEANUP(tier_run_release) struct tier_run run = {0};
    bool has_copies = false;
    TRY(begin(repo, options, out, &run));
    TRY(pack_copies_any(repo->db, &has_copies));
    if (run.settings.count == 0 && !has_copies)
        return NULL; /* nothing is kept elsewhere */
    for (size_t i = 0; i < run.plan.count; i++)
        run.plan.items[i].is_chosen = run.plan.items[i].to != NULL;
    return move_logged(&run);
}

static void choose(struct tier_plan_item *item, const struct tier_setting *to)
{
    item->is_chosen = true;
    item->to = to;
}

static dits_error *choose_named(struct tier_run *run, const char *text,
                                const struct tier_setting *to)
{
    struct tier_plan_item *found = NULL;
    size_t length = strlen(text);
    for (size_t i = 0; i < run->plan.count; i++) {
        if (length < LEAST_DIGITS ||
            !text_starts_with(run->plan.items[i].name, text))
            continue;
        if (found != NULL)
            return error_new(DITS_E_INVALID,
                             "more than one pack has a name like '%s'", text);
        found = &run->plan.items[i];
    }
    if (found == NULL)
        return error_hint(error_new(DITS_E_NOT_FOUND, "no pack '%s'", text),
                          "'dits tier list --packs' shows their names; give "
                          "four digits or more.");
    choose(found, to);
    return NULL;
}

/* Packs without data have nothing to gain in a tier. */
static dits_error *choose_all(struct tier_run *run,
                              const struct tier_setting *to)
{
    for (size_t i = 0; i < run->plan.count; i++) {
        bool has_data = false;
        TRY(store_pack_has_data(run->repo->store, run->plan.items[i].name,
                                &has_data));
        if (has_data)
            choose(&run->plan.items[i], to);
    }
    return NULL;
}

static dits_error *find_setting(const struct tier_run *run, const char *name,
                                const struct tier_setting **out)
{
    const struct tier *tier = NULL;
    TRY(tier_of_name(&run->settings, name, &tier));
    *out = tier != NULL ? tier_settings_find(&run->settings, name) : NULL;
    return NULL;
}

dits_error *dits_tier_move(dits_repo *repo, const char *to,
                           const struct dits_paths *packs,
                           const struct dits_tier_options *options,
                           struct dits_tier_result *out)
{
    CLEANUP(tier_run_release) struct tier_run run = {0};
    const struct tier_setting *setting = NULL;
    TRY(begin(repo, options, out, &run));
    TRY(find_setting(&run, to, &setting));
    if (setting != NULL)
        TRY(tier_check(&setting->tier));
    if (packs == NULL)
        TRY(choose_all(&run, setting));
    for (size_t i = 0; packs != NULL && i < packs->count; i++)
        TRY(choose_named(&run, packs->items[i], setting));
    return move_logged(&run);
}

dits_error *dits_tier_empty(dits_repo *repo, const char *name,
                            const struct dits_tier_options *options,
                            struct dits_tier_result *out)
{
    CLEANUP(tier_run_release) struct tier_run run = {0};
    const struct tier_setting *setting = NULL;
    TRY(begin(repo, options, out, &run));
    TRY(find_setting(&run, name, &setting));
    for (size_t i = 0; i < run.plan.count; i++)
        if (strcmp(run.plan.items[i].tier, name) == 0)
            choose(&run.plan.items[i], NULL);
    return move_logged(&run);
}

/* What a recall looks through. */
struct recall {
    struct tier_run *run;
    struct pathspec *pathspec;
    struct id_set segments; /* seen */
};

static void recall_release(struct recall *recall)
{
    pathspec_free(recall->pathspec);
    id_set_release(&recall->segments);
}

static struct tier_plan_item *find_item(struct tier_run *run, const char *name)
{
    size_t low = 0;
    size_t high = run->plan.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(run->plan.items[middle].name, name);
        if (order == 0)
            return &run->plan.items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static dits_error *on_segment(const struct dits_oid *segment, bool *descend,
                              void *payload)
{
    struct recall *recall = payload;
    return id_set_add(&recall->segments, segment, descend);
}

static dits_error *on_chunk(const struct chunk_ref *chunk, void *payload)
{
    struct recall *recall = payload;
    struct chunk_place place = {0};
    bool found = false;
    TRY(store_find(recall->run->repo->store, &chunk->id, &found, &place));
    struct tier_plan_item *item = found ? find_item(recall->run, place.pack)
                                        : NULL;
    if (item != NULL && item->tier[0] != '\0')
        choose(item, NULL);
    return NULL;
}

static dits_error *on_file(const char *path, const struct tree_entry *entry,
                           void *payload)
{
    struct recall *recall = payload;
    CLEANUP(asset_closep) struct asset *asset = NULL;
    const struct asset_mark mark = {on_segment, on_chunk, recall};
    if (!pathspec_matches(recall->pathspec, path, false))
        return NULL;
    pathspec_note(recall->pathspec, path);
    TRY(context_check(recall->run->repo->context));
    TRY(asset_open(recall->run->repo->store, &entry->id, &asset));
    return asset_mark(asset, &mark);
}

dits_error *dits_tier_recall(dits_repo *repo, const struct dits_oid *commit,
                             const struct dits_paths *paths,
                             const struct dits_tier_options *options,
                             struct dits_tier_result *out)
{
    CLEANUP(tier_run_release) struct tier_run run = {0};
    CLEANUP(recall_release) struct recall recall = {.run = &run};
    struct dits_oid tree = {0};
    TRY(begin(repo, options, out, &run));
    TRY(pathspec_of(repo, paths, &recall.pathspec));
    TRY(head_tree_of(repo, commit, &tree));
    TRY(tree_walk(repo->store, &tree, on_file, &recall));
    TRY(pathspec_check_noted(recall.pathspec, NULL));
    return move_logged(&run);
}
