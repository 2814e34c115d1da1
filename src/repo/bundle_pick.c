/* What goes into a bundle, and what its receiver must have. */
#include <dits/commit.h>

#include <string.h>

#include "base/array.h"
#include "base/cursor.h"
#include "base/mem.h"
#include "base/oid_map.h"
#include "base/text.h"
#include "object/commit.h"
#include "repo/bundle.h"
#include "repo/merge_base.h"
#include "repo/message.h"
#include "repo/name_map.h"
#include "repo/ref_name.h"
#include "repo/revision_range.h"
#include "repo/revision_resolve.h"

struct picking {
    dits_repo *repo;
    struct bundle_list *out;
    char **revisions; /* owned: what dits_log() is asked for */
    size_t revision_count;
    size_t revision_capacity;
    struct name_map left_out; /* full names of refs that are excluded */
    struct name_map taken;    /* those of the list */
    struct oid_map commits;   /* that the bundle adds */
    struct oid_map needs;
    struct buf parents;  /* of the commits: ids, one behind the other */
    struct oid_map tips; /* the commits of the refs */
};

static void picking_release(struct picking *picking)
{
    for (size_t i = 0; i < picking->revision_count; i++)
        mem_free(picking->revisions[i]);
    mem_free(picking->revisions);
    name_map_release(&picking->left_out);
    name_map_release(&picking->taken);
    oid_map_release(&picking->commits);
    oid_map_release(&picking->needs);
    buf_release(&picking->parents);
    oid_map_release(&picking->tips);
}

static dits_error *ask_for(struct picking *picking, const char *prefix,
                           const char *revision)
{
    CLEANUP(buf_release) struct buf text = {0};
    TRY(buf_printf(&text, "%s%s", prefix, revision));
    char **revisions = array_grown(picking->revisions, picking->revision_count,
                                   &picking->revision_capacity,
                                   sizeof(*revisions));
    if (revisions == NULL)
        return error_nomem();
    picking->revisions = revisions;
    TRY(buf_take_text(&text, &revisions[picking->revision_count]));
    picking->revision_count++;
    return NULL;
}

static dits_error *no_ref(const char *name)
{
    return error_hint(
        error_new(DITS_E_INVALID, "'%s' is no branch and no tag", name),
        "Refs are carried, with all that they lead to: name a branch or a "
        "tag, perhaps one that you make for it.");
}

/* The full name of a branch or tag, "" when it is none. */
static dits_error *find_ref(dits_repo *repo, const char *name, struct buf *out)
{
    static const char *const prefixes[] = {"", "refs/", REF_TAGS, REF_BRANCHES};
    CLEANUP(refs_head_release) struct refs_head head = {0};
    struct dits_oid id = {0};
    bool found = false;
    if (strcmp(name, REF_HEAD) == 0 || strcmp(name, "@") == 0) {
        TRY(refs_head_read(repo, &head));
        return head.branch != NULL ? buf_put_text(out, head.branch) : NULL;
    }
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        buf_clear(out);
        TRY(buf_printf(out, "%s%s", prefixes[i], name));
        if (!text_starts_with(buf_text(out), REF_BRANCHES) &&
            !text_starts_with(buf_text(out), REF_TAGS))
            continue;
        if (!ref_name_is_full(buf_text(out)))
            continue;
        TRY(refs_read(repo, buf_text(out), &id, &found));
        if (found)
            return NULL;
    }
    buf_clear(out);
    return NULL;
}

static dits_error *put_ref(struct picking *picking, const char *full_name,
                           const struct dits_oid *value, enum chunk_kind kind)
{
    TRY(name_map_add(&picking->taken, full_name, NULL, NULL));
    return bundle_list_add_ref(picking->out, full_name, value, kind);
}

static dits_error *take_ref(struct picking *picking, const char *full_name,
                            const struct dits_oid *value)
{
    struct revision_object object = {0};
    char hex[OID_HEX_SIZE];
    TRY(revision_behind_ref(picking->repo, value, &object, NULL));
    enum chunk_kind kind = dits_oid_equal(&object.id, value) ? object.kind
                                                             : CHUNK_TAG;
    dits_oid_hex(&object.id, hex);
    TRY(ask_for(picking, "", hex));
    TRY(oid_map_add(&picking->tips, &object.id, NULL, NULL));
    return put_ref(picking, full_name, value, kind);
}

static dits_error *add_ref(const char *full_name, const struct dits_oid *value,
                           void *payload)
{
    struct picking *picking = payload;
    bool is_carried = text_starts_with(full_name, REF_BRANCHES) ||
                      text_starts_with(full_name, REF_TAGS);
    if (name_map_find(&picking->left_out, full_name, NULL) || !is_carried)
        return NULL;
    return take_ref(picking, full_name, value);
}

static dits_error *leave_out(struct picking *picking, const char *revision)
{
    CLEANUP(buf_release) struct buf name = {0};
    TRY(ask_for(picking, "^", revision[0] != '\0' ? revision : REF_HEAD));
    TRY(find_ref(picking->repo, revision, &name));
    if (name.size == 0)
        return NULL;
    return name_map_add(&picking->left_out, buf_text(&name), NULL, NULL);
}

static dits_error *take_name(struct picking *picking, const char *revision)
{
    CLEANUP(buf_release) struct buf name = {0};
    struct dits_oid id = {0};
    bool found = false;
    if (revision[0] == '\0')
        revision = REF_HEAD;
    TRY(find_ref(picking->repo, revision, &name));
    if (name.size > 0)
        TRY(refs_read(picking->repo, buf_text(&name), &id, &found));
    if (!found) { /* an unknown one has a better answer than ours */
        TRY(dits_revision_resolve(picking->repo, revision, DITS_REVISION_COMMIT,
                                  &id));
        return no_ref(revision);
    }
    return name_map_find(&picking->taken, buf_text(&name), NULL)
               ? NULL
               : add_ref(buf_text(&name), &id, picking);
}

/* What two have in common. */
static dits_error *leave_out_bases(struct picking *picking,
                                   const struct revision_range *range)
{
    CLEANUP(merge_bases_release) struct merge_bases bases = {0};
    struct dits_oid from = {0};
    struct dits_oid to = {0};
    TRY(dits_revision_resolve(picking->repo, range->from, DITS_REVISION_COMMIT,
                              &from));
    TRY(dits_revision_resolve(picking->repo, range->to, DITS_REVISION_COMMIT,
                              &to));
    TRY(merge_bases_find(picking->repo, &from, &to, &bases));
    for (size_t i = 0; i < bases.count; i++) {
        char hex[OID_HEX_SIZE];
        dits_oid_hex(&bases.ids[i], hex);
        TRY(ask_for(picking, "^", hex));
    }
    return NULL;
}

static dits_error *leave_out_parents(struct picking *picking,
                                     const char *revision)
{
    CLEANUP(buf_release) struct buf parents = {0};
    TRY(buf_printf(&parents, "%s^@", revision));
    return ask_for(picking, "^", buf_text(&parents));
}

static dits_error *take(struct picking *picking,
                        const struct revision_range *range)
{
    if (range->kind == REVISION_RANGE_EITHER)
        TRY(take_name(picking, range->from));
    return range->is_negated ? NULL : take_name(picking, range->to);
}

/* What is left out goes first: refs that it names are not taken. */
static dits_error *read_revision(struct picking *picking, const char *text,
                                 bool excluded)
{
    CLEANUP(revision_range_release) struct revision_range range = {0};
    TRY(revision_range_parse(text, &range));
    if (range.kind == REVISION_RANGE_PARENTS)
        return no_ref(text);
    if (!excluded)
        return take(picking, &range);
    if (range.kind == REVISION_RANGE_EITHER)
        return leave_out_bases(picking, &range);
    if (range.kind == REVISION_RANGE_BETWEEN)
        return leave_out(picking, range.from);
    if (range.kind == REVISION_RANGE_ALONE)
        return leave_out_parents(picking, range.to);
    return range.is_negated ? leave_out(picking, range.to) : NULL;
}

static dits_error *read_options(struct picking *picking,
                                const struct dits_bundle_options *options)
{
    bool has_start = options->all;
    for (size_t i = 0; i < options->revision_count; i++)
        TRY(read_revision(picking, options->revisions[i], true));
    for (size_t i = 0; i < options->revision_count; i++) {
        bool is_start = options->revisions[i][0] != '^';
        if (is_start && options->all)
            return error_new(DITS_E_INVALID,
                             "all refs and '%s' exclude each other",
                             options->revisions[i]);
        has_start = has_start || is_start;
        TRY(read_revision(picking, options->revisions[i], false));
    }
    if (options->all)
        return refs_each(picking->repo, "refs/", add_ref, picking);
    return has_start ? NULL : take_name(picking, REF_HEAD);
}

static dits_error *on_commit(const dits_commit *commit, void *payload)
{
    struct picking *picking = payload;
    TRY(oid_map_add(&picking->commits, dits_commit_id(commit), NULL, NULL));
    if (dits_commit_is_cut(commit))
        TRY(oid_map_add(&picking->out->cuts, dits_commit_id(commit), NULL,
                        NULL));
    for (size_t i = 0; i < dits_commit_parent_count(commit); i++)
        TRY(buf_put(&picking->parents, dits_commit_parent(commit, i)->hash,
                    OID_SIZE));
    return NULL;
}

/* A commit that the bundle leads to and does not have. */
static dits_error *need(struct picking *picking, const struct dits_oid *id)
{
    CLEANUP(commit_release) struct commit commit = {0};
    CLEANUP(buf_release) struct buf subject = {0};
    bool is_new = false;
    if (oid_map_find(&picking->commits, id, NULL))
        return NULL;
    TRY(oid_map_add(&picking->needs, id, NULL, &is_new));
    if (!is_new)
        return NULL;
    TRY(commit_load(picking->repo->store, id, &commit));
    TRY(message_subject(commit.message, &subject));
    return bundle_list_add_need(picking->out, id, buf_slice(&subject));
}

/* Of tags, what they lead to. */
static dits_error *commit_of(const struct picking *picking,
                             const struct bundle_ref *ref, struct dits_oid *out)
{
    struct revision_object object = {.id = ref->id, .kind = ref->kind};
    TRY(revision_peel_tags(picking->repo, &object));
    *out = object.id;
    return NULL;
}

static dits_error *find_needs(struct picking *picking)
{
    struct cursor in =
        cursor_over(picking->parents.data, picking->parents.size);
    while (cursor_left(&in) > 0) {
        struct dits_oid id = {0};
        TRY(cursor_oid(&in, &id));
        TRY(need(picking, &id));
    }
    for (size_t i = 0; i < picking->out->ref_count; i++) {
        struct dits_oid id = {0};
        TRY(commit_of(picking, &picking->out->refs[i], &id));
        TRY(need(picking, &id));
    }
    return NULL;
}

static bool is_empty(const struct picking *picking)
{
    for (size_t i = 0; i < picking->out->ref_count; i++)
        if (picking->out->refs[i].kind == CHUNK_TAG)
            return false;
    return picking->commits.count == 0;
}

/* Refs that lead to what lies beyond the limits stay here. */
static dits_error *drop_refs(struct picking *picking)
{
    struct bundle_list *list = picking->out;
    size_t kept = 0;
    for (size_t i = 0; i < list->ref_count; i++) {
        struct dits_oid id = {0};
        TRY(commit_of(picking, &list->refs[i], &id));
        if (oid_map_find(&picking->commits, &id, NULL)) {
            struct bundle_ref ref = list->refs[kept];
            list->refs[kept++] = list->refs[i];
            list->refs[i] = ref; /* still the list's to release */
            continue;
        }
        log_warn(picking->repo->context,
                 "'%s' is left out: it leads beyond where the history is cut",
                 ref_name_short(list->refs[i].name));
    }
    for (size_t i = kept; i < list->ref_count; i++)
        mem_free(list->refs[i].name);
    list->ref_count = kept;
    return NULL;
}

static dits_error *pick_cut(struct picking *picking,
                            const struct dits_bundle_options *options)
{
    if (picking->left_out.hashes.count > 0 ||
        picking->revision_count > picking->out->ref_count)
        return error_hint(
            error_new(DITS_E_INVALID,
                      "a history that is cut cannot leave out what the "
                      "receiver has, too"),
            "Name what it shall not go into with --shallow-exclude.");
    TRY(bundle_cut(picking->repo, options, &picking->tips, &picking->commits,
                   &picking->out->cuts));
    return drop_refs(picking);
}

static dits_error *pick_all(struct picking *picking)
{
    const struct dits_log_options log = {
        .revisions = (const char *const *)picking->revisions,
        .revision_count = picking->revision_count,
    };
    return picking->out->ref_count > 0
               ? dits_log(picking->repo, &log, on_commit, picking)
               : NULL;
}

static dits_error *pick(struct picking *picking,
                        const struct dits_bundle_options *options)
{
    bool is_cut = false;
    TRY(bundle_cuts(options, &is_cut));
    TRY(read_options(picking, options));
    TRY(is_cut ? pick_cut(picking, options) : pick_all(picking));
    if (is_empty(picking))
        return error_hint(
            error_new(DITS_E_CONFLICT, "there is nothing to export"),
            "All that was asked for is excluded, or there is no commit yet.");
    TRY(find_needs(picking));
    bundle_list_sort(picking->out);
    return NULL;
}

dits_error *bundle_pick(dits_repo *repo,
                        const struct dits_bundle_options *options,
                        struct bundle_list *out, uint64_t *out_commits)
{
    CLEANUP(picking_release)
    struct picking picking = {.repo = repo, .out = out};
    TRY(pick(&picking, options));
    *out_commits = picking.commits.count;
    return NULL;
}

static dits_error *read_wish(struct picking *picking,
                             const struct bundle_wish *wish)
{
    for (size_t i = 0; i < wish->ref_count; i++)
        TRY(take_ref(picking, wish->refs[i].name, &wish->refs[i].id));
    for (size_t i = 0; i < wish->have_count; i++) {
        char hex[OID_HEX_SIZE];
        dits_oid_hex(&wish->haves[i], hex);
        TRY(ask_for(picking, "^", hex));
    }
    return NULL;
}

/* Tags of what goes: they cost nothing, and are wanted as a rule. */
static dits_error *follow_tags(struct picking *picking,
                               const struct bundle_wish *wish)
{
    for (size_t i = 0; i < wish->follow_count; i++) {
        const struct bundle_ref *tag = &wish->follow[i];
        struct dits_oid id = {0};
        TRY(commit_of(picking, tag, &id));
        if (oid_map_find(&picking->commits, &id, NULL) &&
            !name_map_find(&picking->taken, tag->name, NULL))
            TRY(put_ref(picking, tag->name, &tag->id, tag->kind));
    }
    return NULL;
}

static dits_error *pick_wish(struct picking *picking,
                             const struct bundle_wish *wish)
{
    const struct dits_bundle_options cut = {.depth = wish->depth};
    TRY(read_wish(picking, wish));
    TRY(wish->depth > 0 ? bundle_cut(picking->repo, &cut, &picking->tips,
                                     &picking->commits, &picking->out->cuts)
                        : pick_all(picking));
    TRY(follow_tags(picking, wish));
    TRY(find_needs(picking));
    bundle_list_sort(picking->out);
    return NULL;
}

dits_error *bundle_pick_wish(dits_repo *repo, const struct bundle_wish *wish,
                             struct bundle_list *out, uint64_t *out_commits)
{
    CLEANUP(picking_release)
    struct picking picking = {.repo = repo, .out = out};
    TRY(pick_wish(&picking, wish));
    *out_commits = picking.commits.count;
    return NULL;
}
