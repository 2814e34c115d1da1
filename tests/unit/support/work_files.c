#include "support/work_files.h"

#include <dits/worktree.h>

#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"

static bool full_path(const struct temp_repo *temp, const char *path,
                      char out[512])
{
    int length = snprintf(out, 512, "%s/%s", temp->folder, path);
    return length > 0 && length < 512;
}

static void make_parents(char *path)
{
    for (char *at = strchr(path + 1, '/'); at != NULL;
         at = strchr(at + 1, '/')) {
        *at = '\0';
        (void)mkdir(path, 0777); /* mostly there */
        *at = '/';
    }
}

bool work_write_bytes(const struct temp_repo *temp, const char *path,
                      struct slice bytes)
{
    char full[512];
    if (!full_path(temp, path, full))
        return false;
    make_parents(full);
    FILE *file = fopen(full, "w");
    if (file == NULL)
        return false;
    bool written = bytes.size == 0 ||
                   fwrite(bytes.data, 1, bytes.size, file) == bytes.size;
    return fclose(file) == 0 && written;
}

bool work_write(const struct temp_repo *temp, const char *path,
                const char *text)
{
    return work_write_bytes(temp, path, slice_of_text(text));
}

bool work_is(const struct temp_repo *temp, const char *path, const char *text)
{
    char full[512];
    struct stat st;
    CLEANUP(buf_release) struct buf bytes = {0};
    if (!full_path(temp, path, full) || lstat(full, &st) != 0 ||
        !S_ISREG(st.st_mode))
        return false;
    CLEANUP(dits_error_freep)
    dits_error *err = fs_read_all(full, 1 << 20, &bytes);
    return err == NULL && strcmp(buf_text(&bytes), text) == 0;
}

bool work_exists(const struct temp_repo *temp, const char *path)
{
    char full[512];
    return full_path(temp, path, full) && fs_exists(full);
}

bool work_remove(const struct temp_repo *temp, const char *path)
{
    char full[512];
    return full_path(temp, path, full) && remove(full) == 0;
}

bool work_link(const struct temp_repo *temp, const char *path,
               const char *target)
{
    char full[512];
    if (!full_path(temp, path, full))
        return false;
    make_parents(full);
    return symlink(target, full) == 0;
}

bool work_chmod(const struct temp_repo *temp, const char *path, unsigned mode)
{
    char full[512];
    return full_path(temp, path, full) && chmod(full, mode) == 0;
}

static int remove_found(const char *path, const struct stat *stat, int type,
                        struct FTW *ftw)
{
    (void)stat;
    (void)type;
    bool is_ours = ftw->level == 0 || strstr(path, "/.dits") != NULL;
    return is_ours ? 0 : remove(path);
}

bool work_empty(const struct temp_repo *temp)
{
    return nftw(temp->folder, remove_found, 16, FTW_DEPTH | FTW_PHYS) == 0;
}

dits_error *work_add(struct temp_repo *temp, const char *path)
{
    struct dits_paths paths = {.items = &path, .count = path != NULL};
    struct dits_add_options options = {.all = path == NULL};
    struct dits_add_result result = {0};
    return dits_add(temp->repo, &paths, &options, &result);
}

static char letter(enum dits_change change)
{
    static const char letters[] = " AMDRT?!";
    return letters[change];
}

static dits_error *put_line(const struct dits_status_entry *entry,
                            void *payload)
{
    static const char *const conflicts[] = {"",   "DD", "AU", "UD",
                                            "UA", "DU", "AA", "UU"};
    char staged = letter(entry->staged);
    if (entry->conflict != DITS_NO_CONFLICT)
        return buf_printf(payload, "%s %s\n", conflicts[entry->conflict],
                          entry->path);
    if (entry->worktree == DITS_UNTRACKED || entry->worktree == DITS_IGNORED)
        staged = letter(entry->worktree);
    return buf_printf(payload, "%c%c %s%s%s\n", staged, letter(entry->worktree),
                      entry->old_path != NULL ? entry->old_path : "",
                      entry->old_path != NULL ? " -> " : "", entry->path);
}

dits_error *work_status(struct temp_repo *temp, char **out)
{
    CLEANUP(buf_release) struct buf text = {0};
    struct dits_status_options options = {.ignored = true};
    TRY(dits_status(temp->repo, &options, put_line, &text));
    return buf_take_text(&text, out);
}

bool work_status_is(struct temp_repo *temp, const char *expected)
{
    CLEANUP(text_free) char *status = NULL;
    CLEANUP(dits_error_freep) dits_error *err = work_status(temp, &status);
    bool same = err == NULL && strcmp(status, expected) == 0;
    if (!same)
        printf("# status: %s\n%s", err != NULL ? dits_error_message(err) : "",
               status != NULL ? status : "");
    return same;
}
