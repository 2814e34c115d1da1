#include <dits/merge.h>
#include <dits/refs.h>

#include <string.h>

#include "base/text.h"
#include "repo/commit_write.h"
#include "repo/config.h"
#include "repo/head_tree.h"
#include "repo/merge_base.h"
#include "repo/merge_files.h"
#include "repo/merge_message.h"
#include "repo/shallow.h"
#include "repo/switch_files.h"

enum { BASE_DIGITS = 7 }; /* of an id in a marker */

/* One dits_merge(). */
struct joining {
    dits_repo *repo;
    const struct dits_merge_options *options;
    struct operation *operation;
    struct merge_bases bases;
    struct dits_merge_result result;
    struct dits_oid other;
    char *message;
};

static void release_joining(struct joining *joining)
{
    operation_free(joining->operation);
    merge_bases_release(&joining->bases);
    text_free(&joining->message);
}

/* The setting merge.ff is a truth or "only". */
static dits_error *find_fast_forward(const struct joining *joining,
                                     enum dits_fast_forward *out)
{
    const char *text = config_text(joining->repo, "merge.ff");
    bool allowed = true;
    *out = joining->options->fast_forward;
    if (*out != DITS_FF_DEFAULT)
        return NULL;
    if (text != NULL && strcmp(text, "only") == 0) {
        *out = DITS_FF_ONLY;
        return NULL;
    }
    TRY(config_bool(joining->repo, "merge.ff", true, &allowed));
    *out = allowed ? DITS_FF_ALLOW : DITS_FF_NEVER;
    return NULL;
}

static dits_error *find_sides(struct joining *joining)
{
    const struct refs_head *head = operation_head(joining->operation);
    TRY(dits_revision_resolve(joining->repo, joining->options->target,
                              DITS_REVISION_COMMIT, &joining->other));
    joining->result.before = head->commit;
    joining->result.after = head->commit;
    if (dits_oid_is_zero(&head->commit))
        return NULL;
    return merge_bases_find(joining->repo, &head->commit, &joining->other,
                            &joining->bases);
}

static bool is_only_base(const struct joining *joining,
                         const struct dits_oid *id)
{
    return joining->bases.count == 1 &&
           dits_oid_equal(&joining->bases.ids[0], id);
}

static bool can_fast_forward(const struct joining *joining)
{
    return dits_oid_is_zero(&joining->result.before) ||
           is_only_base(joining, &joining->result.before);
}

static dits_error *fast_forward(struct joining *joining)
{
    CLEANUP(buf_release) struct buf message = {0};
    struct dits_merge_result *result = &joining->result;
    const struct switch_files_options how = {.task = "merging"};
    struct dits_switch_result files = {.before = result->before,
                                       .after = joining->other};
    TRY(switch_files(joining->repo, joining->operation, &how, &files));
    TRY(buf_printf(&message, "merge %s: Fast-forward",
                   joining->options->target));
    result->after = joining->other;
    result->outcome = DITS_MERGE_FAST_FORWARD;
    return operation_advance(joining->operation, &joining->other,
                             buf_text(&message));
}

/* Without a commit to be made the changes are staged, and that is all. */
static dits_error *fast_forward_squashed(struct joining *joining)
{
    const struct switch_files_options how = {.task = "merging"};
    struct dits_switch_result files = {.before = joining->result.before,
                                       .after = joining->other};
    return switch_files(joining->repo, joining->operation, &how, &files);
}

/* What markers say of the lines that both sides began from, as git has it. */
static const char *label_base(const struct joining *joining,
                              char hex[DITS_OID_HEX_SIZE])
{
    if (joining->bases.count == 0)
        return "empty tree";
    if (joining->bases.count > 1)
        return "merged common ancestors";
    dits_oid_hex(&joining->bases.ids[0], hex);
    hex[BASE_DIGITS] = '\0';
    return hex;
}

static struct merge_files_options files_options(const struct joining *joining,
                                                char hex[DITS_OID_HEX_SIZE])
{
    const struct dits_merge_options *options = joining->options;
    return (struct merge_files_options){
        .task = "merge",
        .labels = {label_base(joining, hex), "HEAD", options->target},
        .style = options->style,
        .favor = options->favor,
        .on_path = options->on_path,
        .payload = options->payload,
    };
}

static dits_error *find_trees(const struct joining *joining,
                              struct dits_oid trees[STAGE_COUNT])
{
    TRY(merge_base_tree(joining->operation, &joining->result.before,
                        &joining->other, &trees[STAGE_BASE]));
    TRY(head_tree_of(joining->repo, &joining->result.before,
                     &trees[STAGE_OURS]));
    return head_tree_of(joining->repo, &joining->other, &trees[STAGE_THEIRS]);
}

static dits_error *merge_trees(struct joining *joining,
                               struct merge_files_result *merged)
{
    char hex[DITS_OID_HEX_SIZE] = "";
    const struct merge_files_options how = files_options(joining, hex);
    struct dits_oid trees[STAGE_COUNT] = {0};
    TRY(find_trees(joining, trees));
    return merge_files(joining->operation, trees, &how, merged);
}

static dits_error *commit_merge(struct joining *joining,
                                const struct merge_files_result *merged)
{
    CLEANUP(buf_release) struct buf message = {0};
    struct dits_merge_result *result = &joining->result;
    const struct dits_oid parents[] = {result->before, joining->other};
    const struct commit_draft draft = {
        .tree = &merged->tree,
        .parents = parents,
        .parent_count = 2,
        .message = joining->message,
    };
    TRY(commit_write(joining->operation, &draft, &result->after));
    TRY(buf_printf(&message,
                   "merge %s: Merge made by the 'three-way' strategy.",
                   joining->options->target));
    result->outcome = DITS_MERGE_COMMITTED;
    return operation_advance(joining->operation, &result->after,
                             buf_text(&message));
}

/* To be ended by the user. */
static dits_error *leave_unfinished(struct joining *joining,
                                    const struct merge_files_result *merged)
{
    const struct dits_merge_options *options = joining->options;
    struct unfinished work = {
        .kind = options->squash ? UNFINISHED_SQUASH : UNFINISHED_MERGE,
        .start = joining->result.before,
        .beside = merged->beside,
        .message = joining->message,
    };
    if (!options->squash)
        work.other = joining->other;
    memcpy(work.stages, merged->stages, sizeof(work.stages));
    joining->result.conflicts = merged->conflicts;
    joining->result.outcome = merged->conflicts > 0 ? DITS_MERGE_CONFLICTS
                                                    : DITS_MERGE_STAGED;
    return operation_set_unfinished(joining->operation, &work);
}

static dits_error *unrelated(const struct joining *joining)
{
    if (joining->bases.is_cut)
        return error_hint(
            error_new(DITS_E_CONFLICT,
                      "'%s' has no commit in common with HEAD in the part of "
                      "the history that is here",
                      joining->options->target),
            "%s", shallow_hint);
    return error_hint(
        error_new(DITS_E_CONFLICT, "'%s' has no commit in common with HEAD",
                  joining->options->target),
        "Use --allow-unrelated-histories to merge it all the same.");
}

static dits_error *three_way(struct joining *joining)
{
    const struct dits_merge_options *options = joining->options;
    struct merge_files_result merged = {0};
    TRY(merge_trees(joining, &merged));
    if (merged.conflicts > 0 || options->no_commit || options->squash)
        return leave_unfinished(joining, &merged);
    return commit_merge(joining, &merged);
}

/* Which way it goes. */
enum course {
    COURSE_NONE, /* nothing is to be merged */
    COURSE_FORWARD,
    COURSE_FORWARD_SQUASHED,
    COURSE_THREE_WAY,
};

static dits_error *choose(const struct joining *joining, enum course *out)
{
    const struct dits_merge_options *options = joining->options;
    enum dits_fast_forward ff = DITS_FF_ALLOW;
    TRY(find_fast_forward(joining, &ff));
    *out = COURSE_NONE;
    if (is_only_base(joining, &joining->other))
        return NULL;
    bool possible = can_fast_forward(joining);
    if (ff == DITS_FF_ONLY && !possible)
        return error_hint(error_new(DITS_E_CONFLICT,
                                    "cannot fast-forward to '%s'",
                                    options->target),
                          "Merge without --ff-only, or rebase.");
    bool is_first = dits_oid_is_zero(&joining->result.before);
    *out = COURSE_THREE_WAY;
    if (possible && options->squash)
        *out = COURSE_FORWARD_SQUASHED;
    else if (possible && (ff != DITS_FF_NEVER || is_first))
        *out = COURSE_FORWARD;
    else if (joining->bases.count == 0 && !options->allow_unrelated)
        return unrelated(joining);
    return NULL;
}

static dits_error *take(struct joining *joining, enum course course)
{
    struct merge_files_result nothing = {0};
    switch (course) {
    case COURSE_NONE:
        break;
    case COURSE_FORWARD:
        return fast_forward(joining);
    case COURSE_FORWARD_SQUASHED:
        TRY(fast_forward_squashed(joining));
        return leave_unfinished(joining, &nothing);
    case COURSE_THREE_WAY:
        return three_way(joining);
    }
    return NULL;
}

/* What three_way() would come to. */
static dits_error *look_three_way(struct joining *joining)
{
    const struct dits_merge_options *options = joining->options;
    char hex[DITS_OID_HEX_SIZE] = "";
    const struct merge_files_options how = files_options(joining, hex);
    struct dits_oid trees[STAGE_COUNT] = {0};
    struct dits_oid merged = {0};
    bool is_clean = false;
    TRY(find_trees(joining, trees));
    TRY(merge_in_trees(joining->operation, trees, &how, &merged, &is_clean));
    bool stops = options->no_commit || options->squash;
    joining->result.outcome = !is_clean ? DITS_MERGE_CONFLICTS
                              : stops   ? DITS_MERGE_STAGED
                                        : DITS_MERGE_COMMITTED;
    return NULL;
}

static dits_error *look(struct joining *joining, enum course course)
{
    static const enum dits_merge_outcome outcomes[] = {
        [COURSE_NONE] = DITS_MERGE_UP_TO_DATE,
        [COURSE_FORWARD] = DITS_MERGE_FAST_FORWARD,
        [COURSE_FORWARD_SQUASHED] = DITS_MERGE_STAGED,
    };
    if (course == COURSE_THREE_WAY)
        return look_three_way(joining);
    joining->result.outcome = outcomes[course];
    return NULL;
}

/* Up to where the ways part; the message is of the commit, if there is one. */
static dits_error *begin(struct joining *joining, enum course *out)
{
    const struct dits_merge_options *options = joining->options;
    if (options->target == NULL)
        return error_new(DITS_E_INVALID, "nothing named to merge");
    TRY(operation_begin(joining->repo, "merge", &joining->operation));
    TRY(unfinished_refuse(joining->repo, "merge"));
    TRY(find_sides(joining));
    TRY(choose(joining, out));
    if (*out == COURSE_NONE)
        return NULL;
    return merge_message(joining->repo, options,
                         operation_head(joining->operation), &joining->other,
                         &joining->message);
}

dits_error *dits_merge(dits_repo *repo,
                       const struct dits_merge_options *options,
                       struct dits_merge_result *out)
{
    CLEANUP(release_joining)
    struct joining joining = {.repo = repo, .options = options};
    enum course course = COURSE_NONE;
    TRY(begin(&joining, &course));
    TRY(take(&joining, course));
    TRY(operation_commit(joining.operation));
    *out = joining.result;
    return NULL;
}

dits_error *dits_merge_look(dits_repo *repo,
                            const struct dits_merge_options *options,
                            struct dits_merge_result *out, char **out_message)
{
    CLEANUP(release_joining)
    struct joining joining = {.repo = repo, .options = options};
    enum course course = COURSE_NONE;
    *out_message = NULL;
    TRY(begin(&joining, &course));
    TRY(look(&joining, course));
    *out = joining.result;
    if (out->outcome == DITS_MERGE_COMMITTED)
        *out_message = MOVE(joining.message);
    return NULL;
}

dits_error *dits_merge_base(dits_repo *repo, const char *a, const char *b,
                            dits_oid_fn *fn, void *payload)
{
    CLEANUP(merge_bases_release) struct merge_bases bases = {0};
    struct dits_oid one = {0};
    struct dits_oid other = {0};
    TRY(dits_revision_resolve(repo, a, DITS_REVISION_COMMIT, &one));
    TRY(dits_revision_resolve(repo, b, DITS_REVISION_COMMIT, &other));
    TRY(merge_bases_find(repo, &one, &other, &bases));
    for (size_t i = 0; i < bases.count; i++)
        TRY(fn(&bases.ids[i], payload));
    return NULL;
}
