#include "repo/media_input.h"

#include <dits/file.h>

#include "repo/repo.h"
#include "repo/stand_in.h"

static dits_error *check_not_dropped(const struct fs_file *file, uint64_t size)
{
    uint8_t bytes[STAND_IN_MAX];
    struct stand_in what = {0};
    enum stand_in_verdict verdict = STAND_IN_NONE;
    if (size > sizeof(bytes))
        return NULL;
    TRY(fs_read_at(file, 0, (size_t)size, bytes));
    TRY(stand_in_parse(slice_of(bytes, (size_t)size), &what, &verdict));
    if (verdict == STAND_IN_NONE)
        return NULL;
    return error_hint(error_new(DITS_E_INVALID, "its content was dropped"),
                      "Bring it back with 'dits get', or name a revision.");
}

dits_error *media_input_open(const char *path, struct media_input *out)
{
    struct fs_stat stat = {0};
    TRY(fs_open(path, FS_READ, &out->disk));
    TRY(fs_stat_file(&out->disk, &stat));
    if (stat.kind == FS_FOLDER)
        return error_new(DITS_E_INVALID, "it is a folder");
    if (stat.kind != FS_REGULAR)
        return error_new(DITS_E_INVALID, "it is not a regular file");
    TRY(check_not_dropped(&out->disk, stat.size));
    out->disk_source = file_source_over(&out->disk, stat.size);
    return NULL;
}

dits_error *media_input_open_stored(dits_repo *repo, const char *revision,
                                    const char *path, struct media_input *out)
{
    dits_file *file = NULL;
    TRY(dits_file_open(repo, revision, path, &file));
    struct dits_oid id = dits_file_get_info(file)->id;
    dits_file_free(file);
    return asset_source_open(repo->store, &id, &out->stored);
}

void media_input_close(struct media_input *input)
{
    asset_source_close(input->stored);
    fs_close(&input->disk);
    input->stored = NULL;
}

struct source *media_input_source(struct media_input *input)
{
    return input->stored != NULL ? asset_source_base(input->stored)
                                 : &input->disk_source.source;
}
