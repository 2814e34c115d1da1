#include <dits/commit.h>

#include <string.h>

#include "base/array.h"
#include "base/mem.h"
#include "base/progress.h"
#include "base/text.h"
#include "repo/git_export.h"
#include "repo/ref_name.h"
#include "repo/revision_resolve.h"

static void ref_release(struct git_export_ref *ref)
{
    mem_free(ref->name);
}

void git_export_release(struct git_export *list)
{
    for (size_t i = 0; i < list->ref_count; i++)
        ref_release(&list->refs[i]);
    mem_free(list->refs);
    mem_free(list->commits);
    *list = (struct git_export){0};
}

static dits_error *add_ref(const char *full_name, const struct dits_oid *value,
                           void *payload)
{
    struct git_export *list = payload;
    CLEANUP(ref_release) struct git_export_ref ref = {.id = *value};
    struct revision_object object = {0};
    TRY(revision_behind_ref(list->repo, value, &object, NULL));
    ref.is_tag_object = !dits_oid_equal(&object.id, value);
    if (object.kind == CHUNK_COMMIT)
        ref.commit = object.id;
    TRY(text_copy(full_name, &ref.name));
    struct git_export_ref *refs = array_grown(
        list->refs, list->ref_count, &list->ref_capacity, sizeof(*refs));
    if (refs == NULL)
        return error_nomem();
    list->refs = refs;
    list->refs[list->ref_count++] = MOVE(ref);
    return NULL;
}

dits_error *git_export_list_all(struct git_export *list)
{
    TRY(refs_each(list->repo, REF_BRANCHES, add_ref, list));
    return refs_each(list->repo, REF_TAGS, add_ref, list);
}

/* The first of "refs/heads/NAME", "refs/tags/NAME" and NAME that there is. */
static dits_error *find_full_name(const struct git_export *list,
                                  const char *name, struct buf *out,
                                  struct dits_oid *out_id)
{
    static const char *const folders[] = {REF_BRANCHES, REF_TAGS, ""};
    bool found = false;
    for (size_t i = 0; i < sizeof(folders) / sizeof(*folders) && !found; i++) {
        buf_clear(out);
        TRY(buf_printf(out, "%s%s", folders[i], name));
        TRY(refs_read(list->repo, buf_text(out), out_id, &found));
    }
    if (found)
        return NULL;
    return error_hint(
        error_new(DITS_E_NOT_FOUND, "there is no branch or tag '%s'", name),
        "Git keeps history under names: give a branch or a tag.");
}

static dits_error *list_head(struct git_export *list)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    TRY(refs_head_read(list->repo, &head));
    if (dits_oid_is_zero(&head.commit))
        return error_hint(error_new(DITS_E_NOT_FOUND, "there is no commit yet"),
                          "Make the first one with 'dits commit'.");
    if (head.branch == NULL)
        return error_hint(error_new(DITS_E_INVALID, "HEAD is on no branch"),
                          "Name a branch or a tag, or use --all.");
    return add_ref(head.branch, &head.commit, list);
}

dits_error *git_export_list_name(struct git_export *list, const char *name)
{
    CLEANUP(buf_release) struct buf full_name = {0};
    struct dits_oid id = {0};
    if (strcmp(name, REF_HEAD) == 0)
        return list_head(list);
    TRY(find_full_name(list, name, &full_name, &id));
    return add_ref(buf_text(&full_name), &id, list);
}

/* A walk that collects what the target does not have. */
struct collecting {
    struct git_export *list;
    const struct git_target *target;
};

static dits_error *collect(const dits_commit *commit, void *payload)
{
    const struct collecting *collecting = payload;
    const struct git_target *target = collecting->target;
    struct git_export *list = collecting->list;
    const struct dits_oid *id = dits_commit_id(commit);
    size_t number = 0;
    if (target != NULL && oid_map_find(&target->ours, id, &number))
        return NULL;
    struct dits_oid *commits = array_grown(list->commits, list->commit_count,
                                           &list->commit_capacity,
                                           sizeof(*commits));
    if (commits == NULL)
        return error_nomem();
    list->commits = commits;
    list->commits[list->commit_count++] = *id;
    list->cut_count += dits_commit_is_cut(commit);
    return NULL;
}

/* Ids as the log takes them. */
struct tips {
    char (*hex)[OID_HEX_SIZE];
    const char **texts;
    size_t count;
};

static void tips_release(struct tips *tips)
{
    mem_free(tips->hex);
    mem_free(tips->texts);
}

static dits_error *find_tips(const struct git_export *list, struct tips *out)
{
    if (list->ref_count == 0)
        return NULL;
    out->hex = mem_resize(NULL, 0, list->ref_count, sizeof(*out->hex));
    out->texts = mem_new_array(const char *, list->ref_count);
    if (out->hex == NULL || out->texts == NULL)
        return error_nomem();
    for (size_t i = 0; i < list->ref_count; i++) {
        if (dits_oid_is_zero(&list->refs[i].commit))
            continue;
        dits_oid_hex(&list->refs[i].commit, out->hex[out->count]);
        out->texts[out->count] = out->hex[out->count];
        out->count++;
    }
    return NULL;
}

dits_error *git_export_list_commits(struct git_export *list,
                                    const struct git_target *target)
{
    CLEANUP(tips_release) struct tips tips = {0};
    struct collecting collecting = {.list = list, .target = target};
    TRY(find_tips(list, &tips));
    const struct dits_log_options options = {
        .revisions = tips.texts,
        .revision_count = tips.count,
        .topological = true,
        .reverse = true,
    };
    return tips.count > 0 ? dits_log(list->repo, &options, collect, &collecting)
                          : NULL;
}

dits_error *git_export_write(const struct git_export *list,
                             struct git_stream *stream)
{
    CLEANUP(progress_end) struct progress progress = {0};
    progress_begin(&progress, list->repo->context, "exporting", 0,
                   list->commit_count);
    for (size_t i = 0; i < list->commit_count; i++) {
        TRY(context_check(list->repo->context));
        TRY(git_stream_commit(stream, &list->commits[i]));
        progress_add(&progress, 0, 1, NULL);
    }
    return NULL;
}
