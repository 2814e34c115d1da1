#include <string.h>

#include "base/text.h"
#include "object/commit.h"
#include "repo/git_commit.h"
#include "repo/git_import.h"
#include "repo/git_text.h"
#include "repo/history.h"
#include "repo/operation.h"
#include "repo/ref_name.h"
#include "repo/revision_resolve.h"
#include "repo/shallow_change.h"
#include "repo/switch_files.h"
#include "repo/unfinished.h"

enum { TAG_MAX_BYTES = 16 << 20, TAG_MAX_DEPTH = 64 };

static const char message[] = "import: from git";

/* What a tag object leads to, so that it is there when the tag is stored. */
static dits_error *convert_target(struct git_import *import,
                                  const struct git_tag *from, unsigned depth,
                                  struct tag *out, bool *out_found);

/* An annotated tag; `*out_found` is false when its target is not there. */
static dits_error *convert_tag(struct git_import *import,
                               const struct dits_oid *id, unsigned depth,
                               struct dits_oid *out, bool *out_found)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    CLEANUP(tag_release) struct tag tag = {0};
    struct git_tag parsed = {0};
    const struct git_outcome *known = git_known_find(&import->commits, id);
    if (known != NULL && known->fate == GIT_STORED) {
        *out = known->id;
        *out_found = true;
        return NULL;
    }
    if (depth > TAG_MAX_DEPTH)
        return error_new(DITS_E_LIMIT, "a tag of a tag, %d deep",
                         TAG_MAX_DEPTH);
    TRY(git_batch_ask(&import->batch, id));
    TRY(git_batch_take(&import->batch, id, "tag", TAG_MAX_BYTES, &bytes));
    TRY(git_tag_parse(buf_slice(&bytes), import->place.id_size, &parsed));
    TRY(git_tag_decode(&parsed, &tag));
    TRY(convert_target(import, &parsed, depth, &tag, out_found));
    if (!*out_found)
        return NULL;
    TRY(tag_store(import->writer, &tag, out));
    return git_known_set(&import->commits, id, GIT_STORED, out);
}

static bool find_commit(const struct git_import *import,
                        const struct dits_oid *id, struct dits_oid *out)
{
    const struct git_outcome *outcome = git_known_find(&import->commits, id);
    if (outcome == NULL || outcome->fate != GIT_STORED)
        return false;
    *out = outcome->id;
    return true;
}

static dits_error *convert_blob(struct git_import *import,
                                const struct dits_oid *id, struct dits_oid *out)
{
    const struct git_outcome *outcome =
        git_known_find(&import->trees.known, id);
    if (outcome != NULL && outcome->fate == GIT_STORED) {
        *out = outcome->id;
        return NULL;
    }
    TRY(git_batch_ask(&import->batch, id));
    return git_files_store(&import->files, id, out);
}

static dits_error *convert_target(struct git_import *import,
                                  const struct git_tag *from, unsigned depth,
                                  struct tag *out, bool *out_found)
{
    *out_found = true;
    if (slice_equal(from->type, slice_of_text("commit"))) {
        out->target_kind = CHUNK_COMMIT;
        *out_found = find_commit(import, &from->target, &out->target);
        return NULL;
    }
    if (slice_equal(from->type, slice_of_text("tag"))) {
        out->target_kind = CHUNK_TAG;
        return convert_tag(import, &from->target, depth + 1, &out->target,
                           out_found);
    }
    if (slice_equal(from->type, slice_of_text("blob"))) {
        out->target_kind = CHUNK_ASSET;
        return convert_blob(import, &from->target, &out->target);
    }
    if (!slice_equal(from->type, slice_of_text("tree")))
        return error_new(DITS_E_CORRUPT, "a tag of git of an unknown kind");
    out->target_kind = CHUNK_TREE;
    TRY(git_trees_want(&import->trees, &from->target));
    TRY(git_trees_store(&import->trees));
    git_trees_find(&import->trees, &from->target, &out->target);
    return NULL;
}

static dits_error *find_ref(struct git_import *import, struct git_ref *ref)
{
    bool is_tag = text_starts_with(ref->name, REF_TAGS);
    if (strcmp(ref->type, "commit") == 0) {
        ref->is_there = find_commit(import, &ref->git, &ref->ours);
        return NULL;
    }
    if (is_tag && strcmp(ref->type, "tag") == 0)
        return convert_tag(import, &ref->git, 0, &ref->ours, &ref->is_there);
    log_warn(import->repo->context,
             "'%s' is left out: it leads to a %s without a tag of its own",
             ref_name_short(ref->name), ref->type);
    return NULL;
}

dits_error *git_import_find_refs(struct git_import *import)
{
    for (size_t i = 0; i < import->ref_count; i++)
        TRY_CONTEXT(find_ref(import, &import->refs[i]), "cannot import '%s'",
                    ref_name_short(import->refs[i].name));
    return NULL;
}

/* With the prefix that was asked for. */
static dits_error *name_here(const struct git_import *import, const char *name,
                             struct buf *out)
{
    const char *prefix = import->options->prefix;
    const char *folder = text_starts_with(name, REF_TAGS) ? REF_TAGS
                                                          : REF_BRANCHES;
    if (prefix == NULL)
        prefix = "";
    const char *slash = prefix[0] == '\0' || text_ends_with(prefix, "/") ? ""
                                                                         : "/";
    TRY(buf_printf(out, "%s%s%s%s", folder, prefix, slash,
                   ref_name_short(name)));
    if (!ref_name_is_full(buf_text(out)))
        return ref_name_error(ref_name_short(buf_text(out)), "branch");
    return NULL;
}

static dits_error *refused(const char *name, const char *why)
{
    return error_hint(
        error_new(DITS_E_CONFLICT, "'%s' %s", ref_name_short(name), why),
        "Import below a name of its own with '--prefix NAME/', "
        "or rename what is here.");
}

/* The commit that a ref's value leads to; zero for none. */
static dits_error *commit_of(dits_repo *repo, const struct dits_oid *id,
                             struct dits_oid *out)
{
    struct revision_object object = {0};
    bool found = false;
    TRY(revision_behind_ref(repo, id, &object, &found));
    *out = found && object.kind == CHUNK_COMMIT ? object.id
                                                : (struct dits_oid){0};
    return NULL;
}

/* What was made anew, with the parents that it lacked, is the same to git. */
static dits_error *find_renewed(const struct git_import *import,
                                const struct dits_oid *before,
                                struct dits_oid *out)
{
    const struct git_map *renewals = &import->renewals;
    TRY(commit_of(import->repo, before, out));
    for (size_t i = 0; i < renewals->count; i++)
        if (dits_oid_equal(&renewals->pairs[i].ours, out) &&
            find_commit(import, &renewals->pairs[i].git, out))
            return NULL;
    *out = *before;
    return NULL;
}

/* Branches only go forward, tags stay. */
static dits_error *check_move(const struct git_import *import, const char *name,
                              const struct dits_oid *before,
                              const struct dits_oid *after)
{
    struct dits_oid now = {0};
    struct dits_oid then = {0};
    bool forward = false;
    TRY(find_renewed(import, before, &then));
    if (text_starts_with(name, REF_TAGS)) {
        TRY(commit_of(import->repo, after, &now));
        return dits_oid_equal(&now, &then)
                   ? NULL
                   : refused(name, "is a tag of something else here");
    }
    TRY(history_contains(import->repo, after, &then, &forward));
    if (!forward && import->cuts.count > 0)
        return refused(name, "has commits that git's branch lacks, or what "
                             "came was cut before them");
    return forward ? NULL
                   : refused(name, "has commits that git's branch lacks");
}

/* HEAD's own branch moves: where to, with the files. */
struct head_move {
    bool is_wanted;
    struct dits_oid after;
};

static dits_error *move_ref(struct git_import *import,
                            struct operation *operation,
                            const struct git_ref *ref, struct head_move *head)
{
    CLEANUP(buf_release) struct buf name = {0};
    const char *current = operation_head(operation)->branch;
    struct dits_oid before = {0};
    bool found = false;
    TRY(name_here(import, ref->name, &name));
    TRY(refs_read(import->repo, buf_text(&name), &before, &found));
    if (found && dits_oid_equal(&before, &ref->ours))
        return NULL;
    if (found)
        TRY(check_move(import, buf_text(&name), &before, &ref->ours));
    if (text_starts_with(ref->name, REF_TAGS))
        import->result.tags++;
    else
        import->result.branches++;
    if (current != NULL && strcmp(current, buf_text(&name)) == 0)
        *head = (struct head_move){.is_wanted = true, .after = ref->ours};
    return operation_set_ref(operation, buf_text(&name), &before, &ref->ours,
                             message);
}

/* In a repository without a commit HEAD goes where git's is. */
static dits_error *take_head(struct git_import *import,
                             struct operation *operation,
                             struct head_move *head)
{
    const struct refs_head *now = operation_head(operation);
    if (head->is_wanted || now->branch == NULL ||
        !dits_oid_is_zero(&now->commit))
        return NULL;
    for (size_t i = 0; i < import->ref_count; i++) {
        const struct git_ref *ref = &import->refs[i];
        CLEANUP(buf_release) struct buf name = {0};
        if (!ref->is_head || !ref->is_there)
            continue;
        TRY(name_here(import, ref->name, &name));
        *head = (struct head_move){.is_wanted = true, .after = ref->ours};
        return operation_set_head(operation, buf_text(&name), NULL, message);
    }
    return NULL;
}

/* What is unfinished belongs to the commit that it began at. */
static dits_error *move_files(struct git_import *import,
                              struct operation *operation,
                              struct dits_switch_result *files)
{
    const struct switch_files_options how = {.task = "checking out"};
    TRY(unfinished_refuse(import->repo, "import"));
    return switch_files(import->repo, operation, &how, files);
}

/* What was made here is whole: known commits are in our history. */
static dits_error *plan_shallow(struct git_import *import,
                                struct shallow_change *out)
{
    CLEANUP(id_set_release) struct id_set made = {0};
    for (size_t i = 0; i < import->order_count; i++)
        TRY(id_set_add(&made,
                       &git_known_find(&import->commits, &import->order[i])->id,
                       NULL));
    TRY(shallow_change_plan(import->repo, &import->cuts, &made, out));
    import->result.cuts_before = out->before.count;
    import->result.cuts = out->after.count;
    return NULL;
}

static dits_error *move_all(struct git_import *import,
                            struct operation *operation,
                            struct dits_switch_result *files)
{
    struct head_move head = {0};
    for (size_t i = 0; i < import->ref_count; i++)
        if (import->refs[i].is_there)
            TRY(move_ref(import, operation, &import->refs[i], &head));
    TRY(take_head(import, operation, &head));
    files->before = operation_head(operation)->commit;
    files->after = head.is_wanted ? head.after : files->before;
    return head.is_wanted ? move_files(import, operation, files) : NULL;
}

dits_error *git_import_publish(struct git_import *import)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(shallow_change_release) struct shallow_change shallow = {0};
    struct dits_switch_result files = {0};
    TRY(operation_begin(import->repo, "import", &operation));
    TRY(plan_shallow(import, &shallow));
    TRY(move_all(import, operation, &files));
    TRY(shallow_change_begin(&shallow));
    TRY(operation_commit(operation));
    TRY(shallow_change_finish(&shallow));
    import->result.before = files.before;
    import->result.after = files.after;
    return NULL;
}
