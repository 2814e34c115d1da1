#include <dits/file.h>
#include <dits/refs.h>

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "object/asset_reader.h"
#include "object/tree.h"
#include "repo/file_info.h"
#include "repo/index.h"
#include "repo/pathspec.h"

struct dits_file {
    dits_repo *repo;
    char *path;
    struct dits_file_info info;
    struct asset *asset;
    struct asset_reader reader;
};

char file_mode_letter(enum tree_mode mode)
{
    switch (mode) {
    case TREE_FILE:
        return 'f';
    case TREE_EXECUTABLE:
        return 'x';
    case TREE_SYMLINK:
        return 'l';
    case TREE_FOLDER:
        return 'd';
    }
    return '?';
}

bool file_is_staged(const char *revision)
{
    return revision != NULL && strcmp(revision, ":") == 0;
}

/* What is at `path` (from the top) in a revision. */
static dits_error *find_stored(dits_repo *repo, const char *revision,
                               const char *path, struct tree_entry *out,
                               bool *out_found)
{
    struct dits_oid tree = {0};
    TRY(dits_revision_resolve(repo, revision != NULL ? revision : "HEAD",
                              DITS_REVISION_TREE, &tree));
    return tree_find(repo->store, &tree, path, out, out_found);
}

/* What is staged at `path`. */
static dits_error *find_staged(dits_repo *repo, const char *path,
                               struct tree_entry *out, bool *out_found)
{
    CLEANUP(index_freep) struct index *index = NULL;
    TRY(index_open(repo, &index));
    const struct index_entry *entry = index_find(index, path);
    *out_found = entry != NULL;
    if (entry != NULL)
        *out = (struct tree_entry){.mode = entry->mode, .id = entry->asset};
    return NULL;
}

static dits_error *find_entry(dits_repo *repo, const char *revision,
                              const char *path, struct tree_entry *out)
{
    bool found = false;
    if (file_is_staged(revision))
        TRY(find_staged(repo, path, out, &found));
    else
        TRY(find_stored(repo, revision, path, out, &found));
    if (!found)
        return error_new(DITS_E_NOT_FOUND, "no file '%s' in %s", path,
                         file_is_staged(revision) ? "what is staged"
                         : revision != NULL       ? revision
                                                  : "HEAD");
    if (out->mode == TREE_FOLDER)
        return error_hint(error_new(DITS_E_INVALID, "'%s' is a folder", path),
                          "See what is in it with 'dits ls'.");
    return NULL;
}

static void file_freep(dits_file **file)
{
    dits_file_free(*file);
}

dits_error *dits_file_open(dits_repo *repo, const char *revision,
                           const char *path, dits_file **out)
{
    CLEANUP(file_freep) dits_file *file = mem_new(dits_file);
    struct tree_entry entry = {0};
    if (file == NULL)
        return error_nomem();
    file->repo = repo;
    TRY(pathspec_plain(repo->work_dir, repo->prefix, path, &file->path));
    TRY(find_entry(repo, revision, file->path, &entry));
    TRY(asset_open(repo->store, &entry.id, &file->asset));
    TRY(asset_reader_init(&file->reader, file->asset));
    const struct asset_info *info = asset_get_info(file->asset);
    file->info = (struct dits_file_info){
        .path = file->path,
        .mode = file_mode_letter(entry.mode),
        .id = entry.id,
        .size = info->size,
        .content = info->content,
    };
    *out = MOVE(file);
    return NULL;
}

void dits_file_free(dits_file *file)
{
    if (file == NULL)
        return;
    asset_reader_release(&file->reader);
    asset_close(file->asset);
    mem_free(file->path);
    mem_free(file);
}

const struct dits_file_info *dits_file_get_info(const dits_file *file)
{
    return &file->info;
}

dits_error *dits_file_read_at(dits_file *file, uint64_t offset, size_t size,
                              void *out)
{
    if (offset > file->info.size || size > file->info.size - offset)
        return error_new(DITS_E_INVALID, "'%s' ends before that", file->path);
    return asset_reader_read(&file->reader, offset, size, out);
}

struct chunk_walk {
    struct store *store;
    dits_chunk_fn *fn;
    void *payload;
};

static dits_error *on_chunk(uint64_t offset, const struct chunk_ref *chunk,
                            void *payload)
{
    const struct chunk_walk *walk = payload;
    struct chunk_place place = {0};
    bool found = false;
    TRY(store_find(walk->store, &chunk->id, &found, &place));
    struct dits_chunk_info info = {
        .offset = offset,
        .size = chunk->size,
        .stored_size = found ? place.stored_size : 0,
        .present = found,
        .id = chunk->id,
        .pack = found ? place.pack : NULL,
    };
    return walk->fn(&info, walk->payload);
}

dits_error *dits_file_each_chunk(dits_file *file, dits_chunk_fn *fn,
                                 void *payload)
{
    struct chunk_walk walk = {
        .store = file->repo->store, .fn = fn, .payload = payload};
    return asset_each_chunk(file->asset, on_chunk, &walk);
}

const char *dits_file_chunker(const dits_file *file)
{
    const struct chunker *chunker =
        chunker_by_id(asset_get_info(file->asset)->chunker);
    return chunker != NULL ? chunker->name : "unknown";
}
