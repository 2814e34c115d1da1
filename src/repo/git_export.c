#include <inttypes.h>
#include <stdlib.h>

#include "base/fs.h"
#include "base/random.h"
#include "base/text.h"
#include "repo/git_export.h"
#include "repo/git_map.h"
#include "repo/git_target.h"
#include "repo/git_text.h"
#include "repo/refs.h"

/* Commits are written on a branch that there is no more in the end. */
#define SCRATCH_REF "refs/dits/export"

enum { LINE_BYTES = 256 };

struct export
{
    dits_repo *repo;
    const struct dits_export_git_options *options;
    struct git_place place;
    struct git_export list;
    struct git_target target;
    struct git_stream stream;
    struct process process;
    char *lfs;
    char *marks; /* the file where fast-import puts them */
    struct dits_export_result result;
};

static void export_release(struct export *export)
{
    process_stop(&export->process);
    git_stream_release(&export->stream);
    git_target_release(&export->target);
    git_export_release(&export->list);
    git_place_release(&export->place);
    if (export->marks != NULL)
        dits_error_free(fs_remove(export->marks)); /* there may be none yet */
    text_free(&export->marks);
    text_free(&export->lfs);
}

static dits_error *open_target(struct export *export, const char *path)
{
    CLEANUP(refs_head_release) struct refs_head head = {0};
    TRY(refs_head_read(export->repo, &head));
    TRY(git_target_open(export->repo, &export->options->git, path, head.branch,
                        &export->place));
    return git_target_load(export->repo, &export->place, &export->target);
}

static dits_error *send(const void *data, size_t size, void *payload)
{
    struct export *export = payload;
    return process_write(&export->process, data, size);
}

static dits_error *set_lfs(struct export *export)
{
    CLEANUP(text_free) char *folder = NULL;
    if (!export->options->uses_lfs)
        return NULL;
    TRY(git_common_folder(&export->place, &folder));
    TRY(fs_join(folder, "lfs", &export->lfs));
    export->stream.lfs = export->lfs;
    export->stream.lfs_over = export->options->lfs_over;
    return NULL;
}

/* Files and folders that tags lead to. */
static dits_error *write_tagged(struct export *export)
{
    for (size_t i = 0; i < export->list.ref_count; i++) {
        const struct git_export_ref *ref = &export->list.refs[i];
        struct dits_oid id = ref->id;
        enum chunk_kind kind = ref->is_tag_object ? CHUNK_TAG : CHUNK_COMMIT;
        while (kind == CHUNK_TAG) {
            CLEANUP(tag_release) struct tag tag = {0};
            TRY(tag_load(export->repo->store, &id, &tag));
            id = tag.target;
            kind = tag.target_kind;
        }
        if (kind == CHUNK_ASSET)
            TRY(git_stream_put_file(&export->stream, &id, TREE_FILE));
        if (kind == CHUNK_TREE)
            TRY(git_stream_folder(&export->stream, &id));
    }
    return NULL;
}

static dits_error *write_stream(struct export *export)
{
    struct git_stream *stream = &export->stream;
    struct dits_oid none = {0};
    char hex[OID_HEX_SIZE];
    git_id_hex(&none, export->place.id_size, hex);
    TRY(git_stream_begin(stream));
    TRY(git_export_write(&export->list, stream));
    TRY(write_tagged(export));
    TRY(buf_printf(&stream->out, "reset " SCRATCH_REF "\nfrom %s\n\n", hex));
    TRY(git_stream_end(stream));
    return process_end_input(&export->process);
}

static dits_error *start_import(struct export *export)
{
    CLEANUP(buf_release) struct buf marks = {0};
    CLEANUP(buf_release) struct buf path = {0};
    TRY(buf_printf(&path, "%s/tmp/pack-marks-%08" PRIx32 "%08" PRIx32,
                   export->repo->dits_dir, random_u32(), random_u32()));
    TRY(buf_printf(&marks, "--export-marks=%s", buf_text(&path)));
    TRY(buf_take_text(&path, &export->marks));
    const char *const arguments[] = {"fast-import", "--quiet",        "--done",
                                     "--force",     buf_text(&marks), NULL};
    return git_start(&export->place, arguments, &export->process);
}

/* Objects alone: no ref moves. */
static dits_error *write_objects(struct export *export)
{
    static const char what[] = "git cannot take the history in";
    int status = 0;
    TRY(start_import(export));
    dits_error *err = write_stream(export);
    if (err != NULL && dits_error_code(err) == DITS_E_NETWORK) {
        dits_error_free(err); /* git says why it ended */
        return git_failed(&export->process, DITS_E_IO, what);
    }
    TRY(err);
    TRY(process_finish(&export->process, &status));
    return status == 0 ? NULL : git_failed(&export->process, DITS_E_IO, what);
}

/* ":NUMBER ID" */
static bool parse_mark(const char *line, size_t id_size, size_t *out_number,
                       struct dits_oid *out)
{
    char *end = NULL;
    if (line[0] != ':')
        return false;
    *out_number = (size_t)strtoull(line + 1, &end, 10);
    return end != NULL && *end == ' ' && *out_number > 0 &&
           git_id_parse(slice_of_text(end + 1), id_size, out);
}

/* Learn the ids that git gave to what was written. */
static dits_error *read_marks(struct export *export)
{
    CLEANUP(buf_release) struct buf bytes = {0};
    const struct oid_map *marks = &export->stream.marks;
    if (marks->count == 0)
        return NULL;
    TRY(fs_read_all(export->marks, marks->count * LINE_BYTES, &bytes));
    for (char *line = (char *)bytes.data; line != NULL && *line != '\0';) {
        struct dits_oid git = {0};
        size_t number = 0;
        char *end = line;
        while (*end != '\0' && *end != '\n')
            end++;
        char *next = *end == '\n' ? end + 1 : end;
        *end = '\0';
        if (!parse_mark(line, export->place.id_size, &number, &git) ||
            number > marks->count)
            return error_new(DITS_E_CORRUPT, "git's list of marks is damaged");
        TRY(git_target_add(&export->target, &marks->ids[number - 1], &git));
        line = next;
    }
    return NULL;
}

static dits_error *save_map(struct export *export)
{
    CLEANUP(git_map_release) struct git_map map = {0};
    if (export->list.commit_count == 0)
        return NULL;
    TRY(git_map_load(export->repo, &map));
    for (size_t i = 0; i < export->list.commit_count; i++) {
        struct git_pair pair = {.ours = export->list.commits[i]};
        if (git_target_find(&export->target, &pair.ours, &pair.git))
            TRY(git_map_add(&map, &pair));
    }
    git_map_save(export->repo, &map);
    return NULL;
}

/* Without their parents they would be other commits there, for good. */
static dits_error *refuse_cut(const struct export *export)
{
    if (export->list.cut_count == 0)
        return NULL;
    return error_hint(
        error_new(DITS_E_CONFLICT,
                  "the history here is shallow, and the git repository does "
                  "not have what lies before"),
        "Get the whole history first, or write what is here with 'dits "
        "fast-export', which makes it a history of its own.");
}

static dits_error *run(struct export *export, const char *path)
{
    struct dits_export_result *result = &export->result;
    TRY(open_target(export, path));
    TRY(git_export_list_all(&export->list));
    TRY(git_export_list_commits(&export->list, &export->target));
    TRY(refuse_cut(export));
    TRY(set_lfs(export));
    TRY(write_objects(export));
    TRY(read_marks(export));
    TRY(git_target_write_tags(&export->place, &export->list, &export->target));
    TRY(git_target_move_refs(&export->place, &export->list, &export->target,
                             export->options->force, result));
    result->commits = export->list.commit_count;
    result->files = export->stream.files;
    result->lfs_files = export->stream.lfs_files;
    result->obliterated = export->stream.obliterated;
    return save_map(export);
}

dits_error *dits_export_git(dits_repo *repo, const char *path,
                            const struct dits_export_git_options *options,
                            struct dits_export_result *out)
{
    static const struct dits_export_git_options defaults = {0};
    CLEANUP(export_release)
    struct export export = {
        .repo = repo,
        .options = options != NULL ? options : &defaults,
        .list = {.repo = repo},
    };
    export.stream = (struct git_stream){.repo = repo,
                                        .write = send,
                                        .payload = &export,
                                        .ref = SCRATCH_REF,
                                        .target = &export.target};
    TRY(run(&export, path));
    *out = export.result;
    return NULL;
}
