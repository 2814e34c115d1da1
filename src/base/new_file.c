#include "base/new_file.h"

#include "base/path.h"
#include "base/text.h"

static dits_error *check_free(const struct dir *folder, const char *name)
{
    struct fs_stat stat = {0};
    bool found = false;
    TRY(dir_stat(folder, name, &stat, &found));
    if (found && stat.kind != FS_REGULAR)
        return error_new(DITS_E_INVALID, "there is something that is no file");
    return NULL;
}

static dits_error *begin(const char *path, struct new_file *file)
{
    const char *name = path_base_name(path);
    size_t length = (size_t)(name - path);
    if (name[0] == '\0')
        return error_new(DITS_E_INVALID, "it is the name of a folder");
    TRY(length > 0 ? text_copy_part(path, length, &file->folder_path)
                   : text_copy(".", &file->folder_path));
    TRY(dir_open(file->folder_path, &file->folder));
    TRY(text_copy(name, &file->name));
    TRY(check_free(&file->folder, name));
    return dir_create(&file->folder, false, &file->file);
}

dits_error *new_file_begin(const char *path, struct new_file *out)
{
    CLEANUP(new_file_release) struct new_file file = {0};
    TRY_CONTEXT(begin(path, &file), "cannot write '%s'", path);
    *out = MOVE(file);
    return NULL;
}

dits_error *new_file_publish(struct new_file *file)
{
    struct fs_stat stat = {0};
    TRY(fs_sync(&file->file.file));
    TRY(dir_publish(&file->folder, &file->file, file->name, true, &stat));
    return fs_sync_dir(file->folder_path);
}

void new_file_release(struct new_file *file)
{
    dir_discard(&file->folder, &file->file);
    dir_close(&file->folder);
    text_free(&file->folder_path);
    text_free(&file->name);
}
