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

static dits_error *copy(struct cli *cli, dits_file *file)
{
    CLEANUP(block_free) char *block = mem_new_array(char, BLOCK_SIZE);
    uint64_t size = dits_file_get_info(file)->size;
    if (block == NULL)
        return error_nomem();
    for (uint64_t offset = 0; offset < size;) {
        uint64_t left = size - offset;
        size_t part = left < BLOCK_SIZE ? (size_t)left : BLOCK_SIZE;
        TRY(dits_file_read_at(file, offset, part, block));
        if (fwrite(block, 1, part, cli->out) != part)
            return NULL; /* told when the output is finished */
        offset += part;
    }
    return NULL;
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
    return copy(cli, file);
}
