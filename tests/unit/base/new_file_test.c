#include "base/new_file.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/test.h"

/* A folder, and a path in it. */
struct place {
    char folder[32];
    char path[64];
};

static int remove_entry(const char *path, const struct stat *stat, int flag,
                        struct FTW *ftw)
{
    (void)stat;
    (void)flag;
    (void)ftw;
    return remove(path);
}

static void place_release(struct place *place)
{
    (void)nftw(place->folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static bool make_place(struct place *out)
{
    strcpy(out->folder, "/tmp/dits-new-XXXXXX");
    if (mkdtemp(out->folder) == NULL)
        return false;
    (void)snprintf(out->path, sizeof(out->path), "%s/file", out->folder);
    return true;
}

static dits_error *count(const char *name, void *payload)
{
    (void)name;
    ++*(unsigned *)payload;
    return NULL;
}

static dits_error *write_new(const char *path, bool publish)
{
    CLEANUP(new_file_release) struct new_file file = {0};
    TRY(new_file_begin(path, &file));
    TRY(fs_write_at(&file.file.file, 0, "new", 3));
    return publish ? new_file_publish(&file) : NULL;
}

TEST(a_file_appears_when_it_is_published)
{
    CLEANUP(place_release) struct place at = {{0}, {0}};
    CLEANUP(buf_release) struct buf bytes = {0};
    unsigned entries = 0;
    CHECK(make_place(&at));
    CHECK_OK(write_new(at.path, false));
    CHECK_OK(fs_list(at.folder, count, &entries));
    CHECK(entries == 0);
    CHECK_OK(write_new(at.path, true));
    CHECK_OK(fs_read_all(at.path, 9, &bytes));
    CHECK(bytes.size == 3);
}

TEST(one_that_is_there_stays_until_then)
{
    CLEANUP(place_release) struct place at = {{0}, {0}};
    CLEANUP(buf_release) struct buf bytes = {0};
    unsigned entries = 0;
    CHECK(make_place(&at));
    CHECK_OK(fs_replace(at.path, "before", 6));
    CHECK_OK(write_new(at.path, false));
    CHECK_OK(fs_read_all(at.path, 9, &bytes));
    CHECK(bytes.size == 6);
    CHECK_OK(write_new(at.path, true));
    CHECK_OK(fs_read_all(at.path, 9, &bytes));
    CHECK(bytes.size == 3);
    CHECK_OK(fs_list(at.folder, count, &entries));
    CHECK(entries == 1);
}

TEST(what_is_no_file_is_not_replaced)
{
    CLEANUP(place_release) struct place at = {{0}, {0}};
    CHECK(make_place(&at));
    CHECK_FAILS(DITS_E_INVALID, write_new("/dev/null", true));
    CHECK_FAILS(DITS_E_INVALID, write_new("/tmp/", true));
    CHECK(symlink("nowhere", at.path) == 0);
    CHECK_FAILS(DITS_E_INVALID, write_new(at.path, true));
    CHECK_FAILS(DITS_E_NOT_FOUND, write_new("/tmp/not/there", true));
}
