#include "base/dir.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "support/test.h"
#include "support/work_files.h"

static dits_error *open_top(struct temp_repo *temp, struct dir *out)
{
    TRY(temp_repo_make(temp));
    return dir_open(temp->folder, out);
}

TEST(a_file_appears_whole_or_not_at_all)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(dir_close) struct dir top = {0};
    struct dir_new_file file = {0};
    struct fs_stat stat = {0};
    CHECK_OK(open_top(&temp, &top));
    CHECK_OK(dir_create(&top, true, &file));
    CHECK_OK(fs_write_at(&file.file, 0, "abc", 3));
    CHECK(!work_exists(&temp, "a"));
    CHECK_OK(dir_publish(&top, &file, "a", false, &stat));
    CHECK(work_is(&temp, "a", "abc") && stat.size == 3 && stat.executable);

    CHECK_OK(dir_create(&top, false, &file));
    CHECK_FAILS(DITS_E_EXISTS, dir_publish(&top, &file, "a", false, &stat));
    CHECK(work_is(&temp, "a", "abc"));
    CHECK_OK(dir_publish(&top, &file, "a", true, &stat));
    CHECK(work_is(&temp, "a", ""));
    CHECK_OK(dir_create(&top, false, &file));
    dir_discard(&top, &file);
}

TEST(no_path_leads_out_of_the_folder)
{
    static const char *const bad[] = {"..",  "a/..", "a/../b",
                                      "./a", "a//b", "/a"};
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(dir_close) struct dir top = {0};
    bool found = true;
    CHECK_OK(open_top(&temp, &top));
    CHECK(work_write(&temp, "a/x", ""));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CLEANUP(dir_close) struct dir dir = {0};
        CHECK_FAILS(DITS_E_INVALID, dir_open_below(&top, bad[i], &dir, &found));
        CHECK_FAILS(DITS_E_INVALID, dir_make_below(&top, bad[i], &dir));
    }
}

TEST(symlinks_are_never_followed)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(dir_close) struct dir top = {0};
    CLEANUP(dir_close) struct dir below = {0};
    CLEANUP(fs_close) struct fs_file file = {0};
    CLEANUP(buf_release) struct buf target = {0};
    struct fs_stat stat = {0};
    bool found = true;
    CHECK_OK(open_top(&temp, &top));
    CHECK(work_link(&temp, "out", "/tmp") && work_link(&temp, "f", "out"));
    CHECK_OK(dir_open_below(&top, "out", &below, &found));
    CHECK(!found);
    CHECK_FAILS(DITS_E_EXISTS, dir_make_below(&top, "out/x", &below));
    CHECK_FAILS(DITS_E_CONFLICT, dir_open_file(&top, "out", &file, NULL));
    CHECK_OK(dir_stat(&top, "out", &stat, &found));
    CHECK(found && stat.kind == FS_SYMLINK);
    CHECK_OK(dir_read_symlink(&top, "out", &target));
    CHECK(strcmp(buf_text(&target), "/tmp") == 0);
}

TEST(pipes_are_not_waited_for)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(dir_close) struct dir top = {0};
    CLEANUP(fs_close) struct fs_file file = {0};
    char path[128];
    CHECK_OK(open_top(&temp, &top));
    (void)snprintf(path, sizeof(path), "%s/pipe", temp.folder);
    CHECK(mkfifo(path, 0666) == 0);
    CHECK_FAILS(DITS_E_CONFLICT, dir_open_file(&top, "pipe", &file, NULL));
}

/* Deeper than any path that the system itself would take. */
enum { DEEP_PARTS = 60, PART = 100 };

static dits_error *deep_path(struct buf *out)
{
    for (int i = 0; i < DEEP_PARTS; i++) {
        char part[PART + 1] = {0};
        memset(part, 'a' + i % 26, PART);
        TRY(buf_printf(out, "%s%s", i > 0 ? "/" : "", part));
    }
    return NULL;
}

TEST(paths_may_be_longer_than_the_systems)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(dir_close) struct dir top = {0};
    CLEANUP(buf_release) struct buf path = {0};
    CHECK_OK(open_top(&temp, &top));
    CHECK_OK(deep_path(&path));
    CHECK(path.size > 4096);
    {
        CLEANUP(dir_place_release) struct dir_place place = {.root = &top};
        struct dir_new_file file = {0};
        struct fs_stat stat = {0};
        CHECK_OK(dir_place_make(&place, buf_text(&path), path.size));
        CHECK_OK(dir_create(&place.dir, false, &file));
        CHECK_OK(dir_publish(&place.dir, &file, "f", false, &stat));
    }
    CHECK(work_status_is(&temp,
                         "?? aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                         "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                         "aaaaaa/\n"));
    CHECK_OK(work_add(&temp, "."));
    while (path.size > PART) { /* the system could not remove it at once */
        CLEANUP(dir_close) struct dir above = {0};
        bool found = false;
        path.data[path.size -= PART + 1] = '\0';
        CHECK_OK(dir_open_below(&top, buf_text(&path), &above, &found));
        const char *name = buf_text(&path) + path.size + 1;
        CLEANUP(dir_close) struct dir last = {0};
        CHECK_OK(dir_open_below(&above, name, &last, &found));
        CHECK_OK(dir_remove_file(&last, "f"));
        CHECK_OK(dir_remove_folder(&above, name));
    }
}

TEST(a_place_remembers_what_is_not_there)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(dir_close) struct dir top = {0};
    CHECK_OK(open_top(&temp, &top));
    CLEANUP(dir_place_release) struct dir_place place = {.root = &top};
    bool found = true;
    CHECK_OK(dir_place_enter(&place, "a/b", 3, &found));
    CHECK(!found);
    CHECK_OK(dir_place_enter(&place, "a/b", 3, &found));
    CHECK(!found);
    CHECK_OK(dir_place_make(&place, "a/b", 3));
    CHECK_OK(dir_place_enter(&place, "a", 1, &found));
    CHECK(found);
    CHECK_OK(dir_place_enter(&place, "a/b", 3, &found));
    CHECK(found);
}

TEST(an_open_folder_is_looked_at_itself)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(dir_close) struct dir top = {0};
    CLEANUP(dir_close) struct dir processes = {0};
    struct fs_stat by_path = {0};
    struct fs_stat itself = {0};
    CHECK_OK(open_top(&temp, &top));
    CHECK_OK(fs_stat_path(temp.folder, &by_path));
    CHECK_OK(dir_stat_self(&top, &itself));
    CHECK(itself.kind == FS_FOLDER && itself.inode == by_path.inode);
    CHECK(itself.device == by_path.device);
    CHECK(itself.ctime_ns == by_path.ctime_ns);
    CHECK_OK(dir_open("/proc", &processes));
    CHECK(!dir_is_local(&processes));
}
