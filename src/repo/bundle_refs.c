/* From the chunks of an import to its refs: all or none of them move. */
#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/arrival.h"
#include "repo/bundle.h"
#include "repo/history.h"
#include "repo/operation.h"
#include "repo/ref_name.h"
#include "repo/switch_files.h"
#include "repo/unfinished.h"

/* A ref as it will be here. Owns its name. */
struct move {
    char *name;
    struct dits_bundle_ref change;
};

struct moving {
    dits_repo *repo;
    struct operation *operation;
    const struct bundle *bundle;
    const struct dits_bundle_import_options *options;
    struct dits_bundle_import_result *result;
    struct arrival arrival;
    struct shallow_change shallow;
    struct move *moves;
    size_t count;
    size_t capacity;
};

static void moving_release(struct moving *moving)
{
    arrival_release(&moving->arrival);
    shallow_change_release(&moving->shallow);
    for (size_t i = 0; i < moving->count; i++)
        mem_free(moving->moves[i].name);
    mem_free(moving->moves);
}

/* --- where they go --- */

static bool is_wanted(const struct moving *moving, const struct bundle_ref *ref)
{
    const struct dits_bundle_import_options *options = moving->options;
    for (size_t i = 0; i < options->ref_count; i++)
        if (strcmp(options->refs[i], ref->name) == 0 ||
            strcmp(options->refs[i], ref_name_short(ref->name)) == 0)
            return true;
    return options->ref_count == 0;
}

static bool has_ref(const struct bundle_list *list, const char *name)
{
    for (size_t i = 0; i < list->ref_count; i++)
        if (strcmp(list->refs[i].name, name) == 0 ||
            strcmp(ref_name_short(list->refs[i].name), name) == 0)
            return true;
    return false;
}

static dits_error *check_options(const struct moving *moving)
{
    const struct dits_bundle_import_options *options = moving->options;
    for (size_t i = 0; i < options->ref_count; i++)
        if (!has_ref(&moving->bundle->list, options->refs[i]))
            return error_hint(error_new(DITS_E_NOT_FOUND,
                                        "there is no ref '%s' in the bundle",
                                        options->refs[i]),
                              "See 'dits import bundle --list-heads FILE'.");
    return NULL;
}

/* The name that the ref gets here. */
static dits_error *name_ref(const struct moving *moving,
                            const struct bundle_ref *ref, char **out)
{
    CLEANUP(buf_release) struct buf full = {0};
    const char *prefix = moving->options->prefix;
    bool is_tag = text_starts_with(ref->name, REF_TAGS);
    if (prefix == NULL)
        prefix = "";
    bool has_slash = prefix[0] == '\0' || text_ends_with(prefix, "/");
    TRY(buf_printf(&full, "%s%s%s%s", is_tag ? REF_TAGS : REF_BRANCHES, prefix,
                   has_slash ? "" : "/", ref_name_short(ref->name)));
    const char *name = ref_name_short(buf_text(&full));
    if (!ref_name_is_valid(name))
        return ref_name_error(name, is_tag ? "tag" : "branch");
    return buf_take_text(&full, out);
}

static dits_error *will_not_move(const struct moving *moving,
                                 const char *full_name)
{
    bool is_tag = text_starts_with(full_name, REF_TAGS);
    if (!is_tag && moving->bundle->list.cuts.count > 0)
        return error_hint(
            error_new(DITS_E_CONFLICT,
                      "branch '%s' has commits that the bundle lacks, or the "
                      "bundle was cut before them",
                      ref_name_short(full_name)),
            "Have one made with a larger --depth, import under other names "
            "with '--prefix NAME/', or give up what is here with '--force'.");
    return error_hint(
        error_new(DITS_E_CONFLICT,
                  is_tag ? "tag '%s' is another one here"
                         : "branch '%s' has commits that the bundle lacks",
                  ref_name_short(full_name)),
        "Import under other names with '--prefix NAME/', or give up what is "
        "here with '--force'.");
}

/* How the ref changes; CONFLICT when it must not. */
static dits_error *judge(struct moving *moving, struct dits_bundle_ref *change)
{
    bool found = false;
    bool forward = false;
    TRY(refs_read(moving->repo, change->name, &change->before, &found));
    if (!found) {
        change->before = (struct dits_oid){0};
        change->change = DITS_BUNDLE_NEW;
        return NULL;
    }
    change->change = DITS_BUNDLE_UNCHANGED;
    if (dits_oid_equal(&change->before, &change->after))
        return NULL;
    if (text_starts_with(change->name, REF_BRANCHES))
        TRY(history_contains(moving->repo, &change->after, &change->before,
                             &forward));
    change->change = forward ? DITS_BUNDLE_FORWARD : DITS_BUNDLE_FORCED;
    if (!forward && !moving->options->force)
        return will_not_move(moving, change->name);
    return NULL;
}

static dits_error *plan_move(struct moving *moving,
                             const struct bundle_ref *ref)
{
    CLEANUP(text_free) char *name = NULL;
    struct dits_bundle_ref change = {.after = ref->id};
    TRY(name_ref(moving, ref, &name));
    change.name = name;
    TRY(judge(moving, &change));
    struct move *moves = array_grown(moving->moves, moving->count,
                                     &moving->capacity, sizeof(*moves));
    if (moves == NULL)
        return error_nomem();
    moving->moves = moves;
    struct move move = {.name = MOVE(name), .change = change};
    moving->moves[moving->count++] = move;
    return NULL;
}

/* --- and that they go there --- */

/* The branch that HEAD is on takes what is staged and the files along. */
static dits_error *move_files(struct moving *moving,
                              const struct dits_bundle_ref *change)
{
    const struct refs_head *head = operation_head(moving->operation);
    const struct switch_files_options how = {.task = "checking out"};
    struct dits_switch_result done = {.before = change->before,
                                      .after = change->after};
    if (head->branch == NULL || strcmp(head->branch, change->name) != 0)
        return NULL;
    TRY(unfinished_refuse(moving->repo, "import"));
    TRY(switch_files(moving->repo, moving->operation, &how, &done));
    moving->result->files_written = done.files_written;
    moving->result->files_removed = done.files_removed;
    return NULL;
}

static dits_error *move_ref(struct moving *moving,
                            const struct dits_bundle_ref *change)
{
    if (change->change == DITS_BUNDLE_UNCHANGED)
        return NULL;
    moving->result->refs++;
    TRY(operation_set_ref(moving->operation, change->name, &change->before,
                          &change->after, "import: from a bundle"));
    return move_files(moving, change);
}

static dits_error *tell(const struct moving *moving)
{
    for (size_t i = 0; i < moving->count; i++)
        TRY(moving->options->on_ref(&moving->moves[i].change,
                                    moving->options->payload));
    return NULL;
}

/* All that came is whole, up to where it was cut. */
static dits_error *check_refs(struct moving *moving)
{
    const struct bundle_list *list = &moving->bundle->list;
    TRY(arrival_begin(moving->repo, list, "the bundle", &moving->arrival));
    for (size_t i = 0; i < list->ref_count; i++)
        if (is_wanted(moving, &list->refs[i]))
            TRY(arrival_check(&moving->arrival, &list->refs[i]));
    return arrival_plan(&moving->arrival, &moving->shallow);
}

static dits_error *run(struct moving *moving)
{
    const struct bundle_list *list = &moving->bundle->list;
    TRY(check_options(moving));
    TRY(check_refs(moving));
    for (size_t i = 0; i < list->ref_count; i++)
        if (is_wanted(moving, &list->refs[i]))
            TRY(plan_move(moving, &list->refs[i]));
    if (moving->options->on_ref != NULL)
        TRY(tell(moving));
    TRY(arrival_note(&moving->arrival));
    moving->result->obliterated =
        id_list_count(&moving->arrival.lack.met_assets);
    for (size_t i = 0; i < moving->count; i++)
        TRY(move_ref(moving, &moving->moves[i].change));
    return NULL;
}

dits_error *bundle_move_refs(const struct bundle_moves *moves,
                             struct shallow_change *out)
{
    CLEANUP(moving_release)
    struct moving moving = {
        .repo = moves->repo,
        .operation = moves->operation,
        .bundle = moves->bundle,
        .options = moves->options,
        .result = moves->result,
    };
    TRY(run(&moving));
    moves->result->cuts_before = moving.shallow.before.count;
    moves->result->cuts = moving.shallow.after.count;
    *out = MOVE(moving.shallow);
    return NULL;
}
