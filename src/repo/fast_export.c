#include <string.h>

#include "base/text.h"
#include "repo/git_commit.h"
#include "repo/git_export.h"
#include "repo/ref_name.h"

static dits_error *put_tag(struct git_stream *stream, const char *name,
                           const struct dits_oid *id, const struct tag *tag)
{
    struct buf *out = &stream->out;
    TRY(buf_printf(out, "tag %s\n", name));
    TRY(git_stream_put_mark(stream, id));
    TRY(git_stream_put_name(stream, "from", &tag->target));
    TRY(git_tagger_put(tag, out));
    return git_stream_put_data(stream, slice_of_text(tag->message));
}

/*
 * A tag is written under its ref's name. What it leads to must have a mark:
 * a folder never has one, a tag only when it is a ref itself.
 */
static dits_error *write_tag(struct git_stream *stream,
                             const struct git_export_ref *ref, bool *out_done)
{
    CLEANUP(tag_release) struct tag tag = {0};
    size_t number = 0;
    TRY(tag_load(stream->repo->store, &ref->id, &tag));
    if (tag.target_kind == CHUNK_ASSET)
        TRY(git_stream_put_file(stream, &tag.target, TREE_FILE));
    *out_done = oid_map_find(&stream->marks, &tag.target, &number);
    return *out_done
               ? put_tag(stream, ref_name_short(ref->name), &ref->id, &tag)
               : NULL;
}

static dits_error *write_ref(struct git_stream *stream,
                             const struct git_export_ref *ref)
{
    TRY(buf_printf(&stream->out, "reset %s\n", ref->name));
    TRY(git_stream_put_name(stream, "from", &ref->id));
    return buf_put_u8(&stream->out, '\n');
}

/* Tags that lead to tags are written behind those. */
static dits_error *write_tags(struct git_export *list,
                              struct git_stream *stream, size_t *out_left)
{
    size_t before = 0;
    size_t left = list->ref_count;
    do {
        before = left;
        left = 0;
        for (size_t i = 0; i < list->ref_count; i++) {
            struct git_export_ref *ref = &list->refs[i];
            if (!ref->is_written)
                TRY(write_tag(stream, ref, &ref->is_written));
            left += !ref->is_written;
        }
    } while (left > 0 && left < before);
    *out_left = left;
    return NULL;
}

static void warn_of_left(const struct git_export *list)
{
    for (size_t i = 0; i < list->ref_count; i++)
        if (!list->refs[i].is_written)
            log_warn(list->repo->context,
                     "the tag '%s' is left out: the form has no place for what "
                     "it leads to",
                     ref_name_short(list->refs[i].name));
}

static dits_error *list_names(struct git_export *list,
                              const struct dits_fast_export_options *options)
{
    if (options->all)
        return git_export_list_all(list);
    if (options->name_count == 0)
        return git_export_list_name(list, REF_HEAD);
    for (size_t i = 0; i < options->name_count; i++)
        TRY(git_export_list_name(list, options->names[i]));
    return NULL;
}

static dits_error *write_refs(struct git_export *list,
                              struct git_stream *stream,
                              struct dits_export_result *result)
{
    size_t left = 0;
    size_t tags = 0;
    for (size_t i = 0; i < list->ref_count; i++) {
        struct git_export_ref *ref = &list->refs[i];
        bool is_tag = text_starts_with(ref->name, REF_TAGS);
        tags += is_tag;
        ref->is_written = !ref->is_tag_object;
        if (ref->is_written)
            TRY(write_ref(stream, ref));
    }
    TRY(write_tags(list, stream, &left));
    warn_of_left(list);
    result->branches = list->ref_count - tags;
    result->tags = tags - left;
    result->left_out = left;
    return NULL;
}

dits_error *dits_fast_export(dits_repo *repo,
                             const struct dits_fast_export_options *options,
                             dits_bytes_fn *fn, void *payload,
                             struct dits_export_result *out)
{
    static const struct dits_fast_export_options defaults = {0};
    CLEANUP(git_export_release) struct git_export list = {.repo = repo};
    CLEANUP(git_stream_release)
    struct git_stream stream = {.repo = repo, .write = fn, .payload = payload};
    struct dits_export_result result = {0};
    TRY(list_names(&list, options != NULL ? options : &defaults));
    TRY(git_export_list_commits(&list, NULL));
    if (list.cut_count > 0)
        log_warn(repo->context,
                 "the history here is shallow: where it was cut, commits are "
                 "written without their parents");
    if (list.ref_count > 0)
        stream.ref = list.refs[0].name;
    TRY(git_stream_begin(&stream));
    TRY(git_export_write(&list, &stream));
    TRY(write_refs(&list, &stream, &result));
    TRY(git_stream_end(&stream));
    result.commits = list.commit_count;
    result.files = stream.files;
    result.obliterated = stream.obliterated;
    *out = result;
    return NULL;
}
