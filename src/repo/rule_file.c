#include "repo/rule_file.h"

dits_error *rule_file_read(const char *path, size_t max, struct buf *out,
                           bool *out_found)
{
    *out_found = fs_exists(path);
    return *out_found ? fs_read_all(path, max, out) : NULL;
}

dits_error *rule_file_read_in(const struct dir *dir, const char *name,
                              size_t max, struct buf *out, bool *out_found)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    struct fs_stat stat = {0};
    void *at = NULL;
    TRY(dir_stat(dir, name, &stat, out_found));
    *out_found = *out_found && stat.kind == FS_REGULAR;
    if (!*out_found)
        return NULL;
    if (stat.size > max)
        return error_new(DITS_E_LIMIT, "'%s' is too large", name);
    TRY(dir_open_file(dir, name, &file, NULL));
    buf_clear(out);
    TRY(buf_extend(out, (size_t)stat.size, &at));
    return fs_read_some(&file, 0, (size_t)stat.size, at, &out->size);
}
