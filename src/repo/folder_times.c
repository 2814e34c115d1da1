#include "repo/folder_times.h"

#include "base/dir.h"
#include "base/text.h"

#define FOLDER_NAME "untracked.try"

enum {
    STALE_MS = 2000, /* what is older was left by one that was killed */
    WAIT_MS = 50,    /* the clock of files moves every 10 ms at worst */
};

/* The folder that is tried with. Paths are owned. */
struct trial {
    char *folder;
    char *file;
    char *renamed;
    char *inner;
    struct dir parent;
    struct dir dir;
    struct fs_stat stat; /* as it was last seen */
    bool is_told;
};

/* Whatever of it is there. */
static void remove_all(const struct trial *trial)
{
    if (trial->dir.handle != 0) {
        dits_error_free(dir_remove_file(&trial->dir, "file"));
        dits_error_free(dir_remove_file(&trial->dir, "renamed"));
        dits_error_free(dir_remove_folder(&trial->dir, "inner"));
        dits_error_free(dir_remove_folder(&trial->parent, FOLDER_NAME));
    }
}

static void release_trial(struct trial *trial)
{
    remove_all(trial);
    text_free(&trial->folder);
    text_free(&trial->file);
    text_free(&trial->renamed);
    text_free(&trial->inner);
    dir_close(&trial->dir);
    dir_close(&trial->parent);
}

static dits_error *remove_stale(struct trial *trial)
{
    CLEANUP(dir_close) struct dir left = {0};
    struct fs_stat stat = {0};
    bool found = false;
    TRY(dir_open_below(&trial->parent, FOLDER_NAME, &left, &found));
    if (!found)
        return NULL;
    TRY(dir_stat_self(&left, &stat));
    if (fs_now_ns() - stat.ctime_ns < STALE_MS * INT64_C(1000000))
        return NULL;
    trial->dir = MOVE(left);
    remove_all(trial);
    dir_close(&trial->dir);
    return NULL;
}

static dits_error *begin(const char *parent, struct trial *trial)
{
    bool found = false;
    TRY(fs_join(parent, FOLDER_NAME, &trial->folder));
    TRY(fs_join(trial->folder, "file", &trial->file));
    TRY(fs_join(trial->folder, "renamed", &trial->renamed));
    TRY(fs_join(trial->folder, "inner", &trial->inner));
    TRY(dir_open(parent, &trial->parent));
    TRY(remove_stale(trial));
    TRY(fs_make_dir(trial->folder));
    TRY(dir_open_below(&trial->parent, FOLDER_NAME, &trial->dir, &found));
    if (!found)
        return error_new(DITS_E_NOT_FOUND, "'%s' is gone", trial->folder);
    trial->is_told = true;
    return dir_stat_self(&trial->dir, &trial->stat);
}

/* Until a change must have another time than the last one. */
static void wait_for_clock(struct trial *trial)
{
    for (unsigned ms = 0; fs_now_ns() <= trial->stat.ctime_ns; ms++) {
        if (ms == WAIT_MS) {
            trial->is_told = false; /* other people's clocks */
            return;
        }
        fs_pause_ms(1);
    }
}

/* After a change. */
static dits_error *look(struct trial *trial)
{
    const struct fs_stat before = trial->stat;
    TRY(dir_stat_self(&trial->dir, &trial->stat));
    trial->is_told = trial->is_told && trial->stat.mtime_ns > before.mtime_ns &&
                     trial->stat.ctime_ns > before.ctime_ns &&
                     trial->stat.inode == before.inode &&
                     trial->stat.device == before.device;
    wait_for_clock(trial);
    return NULL;
}

static dits_error *make_file(const struct trial *trial)
{
    CLEANUP(fs_close) struct fs_file file = {0};
    return fs_open(trial->file, FS_CREATE_NEW, &file);
}

static dits_error *rename_file(const struct trial *trial)
{
    return fs_rename(trial->file, trial->renamed);
}

static dits_error *make_folder(const struct trial *trial)
{
    return fs_make_dir(trial->inner);
}

static dits_error *remove_file(const struct trial *trial)
{
    return fs_remove(trial->renamed);
}

static dits_error *remove_folder(const struct trial *trial)
{
    return dir_remove_folder(&trial->dir, "inner");
}

dits_error *folder_times_try(const char *parent, bool *out_told)
{
    typedef dits_error *step_fn(const struct trial *trial);
    static step_fn *const steps[] = {make_file, rename_file, make_folder,
                                     remove_file, remove_folder};
    CLEANUP(release_trial) struct trial trial = {0};
    TRY(begin(parent, &trial));
    wait_for_clock(&trial);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        TRY(steps[i](&trial));
        TRY(look(&trial));
    }
    *out_told = trial.is_told;
    return NULL;
}
