#include "repo/link_file.h"

#include <string.h>

#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "repo/open.h"

#define FIRST_LINE "dits work tree "
#define VERSION "1"
#define REPOSITORY "repository "
#define NAME "name "

enum { NAME_MAX_BYTES = 100 };

void link_file_release(struct link_file *link)
{
    mem_free(link->dits_dir);
    mem_free(link->name);
    *link = (struct link_file){0};
}

bool link_file_name_is_valid(const char *name)
{
    size_t length = strlen(name);
    if (length == 0 || length > NAME_MAX_BYTES || name[0] == '.' ||
        name[0] == '-' || name[length - 1] == '.' ||
        !text_is_utf8(name, length))
        return false;
    for (const char *at = name; *at != '\0'; at++)
        if ((unsigned char)*at <= ' ' || strchr("/\\:*?\"<>|\x7f", *at) != NULL)
            return false;
    return true;
}

static dits_error *damaged(const char *what)
{
    return error_new(DITS_E_CORRUPT, "%s", what);
}

/* One line that starts with `key`; its rest, which ends in a NUL. */
static dits_error *take_line(struct slice *in, const char *key, char **out)
{
    const char *at = (const char *)in->data;
    const char *newline = in->size > 0 ? memchr(at, '\n', in->size) : NULL;
    size_t front = strlen(key);
    if (newline == NULL)
        return damaged("it is cut short");
    size_t length = (size_t)(newline - at);
    if (length <= front || memcmp(at, key, front) != 0)
        return damaged("it is no file of a work tree");
    if (!text_is_utf8(at, length))
        return damaged("it is no text");
    in->data += length + 1;
    in->size -= length + 1;
    return text_copy_part(at + front, length - front, out);
}

dits_error *link_file_parse(struct slice bytes, struct link_file *out)
{
    CLEANUP(link_file_release) struct link_file link = {0};
    CLEANUP(text_free) char *version = NULL;
    if (bytes.size > LINK_FILE_MAX)
        return damaged("it is too large");
    TRY(take_line(&bytes, FIRST_LINE, &version));
    if (strcmp(version, VERSION) != 0)
        return error_new(DITS_E_UNSUPPORTED,
                         "it has a later format than this dits knows");
    TRY(take_line(&bytes, REPOSITORY, &link.dits_dir));
    TRY(take_line(&bytes, NAME, &link.name));
    if (bytes.size > 0)
        return damaged("there is more in it than there may be");
    if (link.dits_dir[0] != '/')
        return damaged("it does not say where the repository lies");
    if (!link_file_name_is_valid(link.name))
        return damaged("it has no proper name of a work tree");
    *out = MOVE(link);
    return NULL;
}

dits_error *link_file_encode(const struct link_file *link, struct buf *out)
{
    return buf_printf(out,
                      FIRST_LINE VERSION "\n" REPOSITORY "%s\n" NAME "%s\n",
                      link->dits_dir, link->name);
}

dits_error *link_file_read(const char *top, struct link_file *out,
                           bool *out_found)
{
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    struct fs_stat stat = {0};
    TRY(buf_printf(&path, "%s/" OPEN_FOLDER, strcmp(top, "/") == 0 ? "" : top));
    *out_found = false;
    if (!fs_exists(buf_text(&path)))
        return NULL;
    TRY(fs_stat_path(buf_text(&path), &stat));
    if (stat.kind != FS_REGULAR)
        return NULL;
    *out_found = true;
    dits_error *err = fs_read_all(buf_text(&path), LINK_FILE_MAX, &bytes);
    if (err == NULL)
        err = link_file_parse(buf_slice(&bytes), out);
    if (err == NULL)
        return NULL;
    return error_hint(error_wrap(err, "cannot read '%s'", buf_text(&path)),
                      "'dits worktree repair %s', said in the main work tree, "
                      "writes it anew.",
                      top);
}

dits_error *link_file_write(const char *top, const struct link_file *link)
{
    CLEANUP(buf_release) struct buf path = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    TRY(buf_printf(&path, "%s/" OPEN_FOLDER, top));
    TRY(link_file_encode(link, &bytes));
    return fs_replace(buf_text(&path), bytes.data, bytes.size);
}
