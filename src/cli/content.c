#include "cli/content.h"

#include <string.h>

#include <dits/file.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/paths.h"

enum { BLOCK_SIZE = 1 << 20 };

/* A path after a colon counts from the top, unless it starts with a dot. */
static dits_error *from_here(const struct cli *cli, const char *path,
                             struct buf *out)
{
    if (text_starts_with(path, "./"))
        return buf_put_text(out, path + 2);
    if (text_starts_with(path, "../"))
        return buf_put_text(out, path);
    return path_relative(dits_repo_prefix(cli->repo), path, out);
}

dits_error *content_split(const struct cli *cli, const char *object,
                          char **out_revision, char **out_path)
{
    CLEANUP(text_free) char *revision = NULL;
    CLEANUP(buf_release) struct buf path = {0};
    const char *colon = strchr(object, ':');
    if (colon == NULL) {
        TRY(text_copy("HEAD", &revision));
        TRY(buf_put_text(&path, object));
    } else {
        size_t length = (size_t)(colon - object);
        TRY(text_copy_part(length > 0 ? object : ":", length > 0 ? length : 1,
                           &revision));
        TRY(from_here(cli, colon + 1, &path));
    }
    TRY(buf_take_text(&path, out_path));
    *out_revision = MOVE(revision);
    return NULL;
}

static void file_freep(dits_file **file)
{
    dits_file_free(*file);
}

static void block_free(char **block)
{
    mem_free(*block);
}

/* Something that is read in pieces: one of the two. */
struct content {
    dits_file *file;
    dits_fragment_file *fragments;
};

static uint64_t size_of(const struct content *content)
{
    return content->file != NULL ? dits_file_get_info(content->file)->size
                                 : dits_fragment_file_size(content->fragments);
}

static dits_error *read_at(const struct content *content, uint64_t offset,
                           size_t size, void *out)
{
    if (content->file != NULL)
        return dits_file_read_at(content->file, offset, size, out);
    return dits_fragment_file_read_at(content->fragments, offset, size, out);
}

static dits_error *copy(struct cli *cli, const struct content *content,
                        uint64_t offset, uint64_t size)
{
    CLEANUP(block_free) char *block = mem_new_array(char, BLOCK_SIZE);
    if (block == NULL)
        return error_nomem();
    while (size > 0) {
        size_t piece = size < BLOCK_SIZE ? (size_t)size : BLOCK_SIZE;
        TRY(read_at(content, offset, piece, block));
        if (fwrite(block, 1, piece, cli->out) != piece)
            return NULL; /* told when the output is finished */
        offset += piece;
        size -= piece;
    }
    return NULL;
}

static dits_error *copy_part(struct cli *cli, const struct content *content,
                             const struct content_part *part)
{
    uint64_t offset = 0;
    uint64_t size = size_of(content);
    if (part->has_bytes)
        TRY(range_within(&part->bytes, size, &offset, &size));
    return copy(cli, content, offset, size);
}

static void fragments_freep(dits_fragments **fragments)
{
    dits_fragments_free(*fragments);
}

static void fragment_file_freep(dits_fragment_file **file)
{
    dits_fragment_file_free(*file);
}

/* The fragments that are chosen by number or by time. */
static dits_error *choose(const dits_fragments *fragments,
                          const struct content_part *part, size_t *out_first,
                          size_t *out_last)
{
    size_t count = dits_fragments_get_info(fragments)->count;
    if (part->has_times)
        return dits_fragments_find(fragments, part->times.from, part->times.to,
                                   out_first, out_last);
    if (part->fragments.first > count)
        return error_new(DITS_E_NOT_FOUND, "it has %zu fragment%s", count,
                         count == 1 ? "" : "s");
    *out_first = (size_t)part->fragments.first - 1;
    *out_last = part->fragments.last < count ? (size_t)part->fragments.last
                                             : count;
    return NULL;
}

/* A file that is on disk only is not found either. */
static dits_error *hint_stored(dits_error *err)
{
    if (err == NULL || dits_error_code(err) != DITS_E_NOT_FOUND ||
        dits_error_hint(err) != NULL)
        return err;
    return error_hint(err,
                      "Only stored files are printed: 'dits add' stages "
                      "one of the disk, and ':PATH' names what is staged.");
}

static dits_error *hint_fragments(dits_error *err)
{
    if (err == NULL || dits_error_code(err) != DITS_E_UNSUPPORTED)
        return err;
    return error_hint(err,
                      "Only fragmented MP4 or CMAF has such parts; --bytes "
                      "takes a part of any file.");
}

static dits_error *copy_fragments(struct cli *cli, const char *revision,
                                  const char *path,
                                  const struct content_part *part)
{
    CLEANUP(fragments_freep) dits_fragments *fragments = NULL;
    CLEANUP(fragment_file_freep) dits_fragment_file *file = NULL;
    size_t first = 0;
    size_t last = 0;
    TRY(hint_fragments(hint_stored(
        dits_fragments_open_stored(cli->repo, revision, path, &fragments))));
    TRY(choose(fragments, part, &first, &last));
    TRY(dits_fragment_file_open(fragments, first, last, &part->options, &file));
    return copy_part(cli, &(struct content){.fragments = file}, part);
}

dits_error *content_copy_part(struct cli *cli, const char *revision,
                              const char *path, const struct content_part *part)
{
    CLEANUP(file_freep) dits_file *file = NULL;
    if (part->has_fragments || part->has_times)
        return copy_fragments(cli, revision, path, part);
    TRY(hint_stored(dits_file_open(cli->repo, revision, path, &file)));
    return copy_part(cli, &(struct content){.file = file}, part);
}

dits_error *content_copy(struct cli *cli, const char *revision,
                         const char *path, bool *out_is_folder)
{
    CLEANUP(file_freep) dits_file *file = NULL;
    if (path[0] == '\0' && out_is_folder != NULL) {
        *out_is_folder = true;
        return NULL;
    }
    dits_error *err = dits_file_open(cli->repo, revision, path, &file);
    if (err != NULL && out_is_folder != NULL &&
        dits_error_code(err) == DITS_E_INVALID) {
        dits_error_free(err); /* the caller lists it */
        *out_is_folder = true;
        return NULL;
    }
    TRY(err);
    return copy(cli, &(struct content){.file = file}, 0,
                dits_file_get_info(file)->size);
}
