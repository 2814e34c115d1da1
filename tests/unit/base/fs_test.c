#include "base/fs.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "support/test.h"

/* A folder of its own for each test. */
static char *make_folder(char *template)
{
    return mkdtemp(template);
}

static dits_error *remove_one(const char *name, void *payload)
{
    CLEANUP(text_free) char *path = NULL;
    TRY(fs_join(payload, name, &path));
    return fs_remove(path);
}

static void remove_folder(char **folder)
{
    dits_error_free(fs_list(*folder, remove_one, *folder));
    dits_error_free(fs_remove(*folder)); /* the test has its answer */
}

static dits_error *count_one(const char *name, void *payload)
{
    (void)name;
    ++*(int *)payload;
    return NULL;
}

TEST(replace_leaves_the_new_bytes_and_nothing_else)
{
    char template[] = "/tmp/dits-fs-XXXXXX";
    CLEANUP(remove_folder) char *folder = make_folder(template);
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(buf_release) struct buf bytes = {0};
    int names = 0;
    CHECK_OK(fs_join(folder, "file", &path));
    CHECK_OK(fs_replace(path, "old", 3));
    CHECK_OK(fs_replace(path, "newer", 5));
    CHECK_OK(fs_read_all(path, 100, &bytes));
    CHECK(strcmp(buf_text(&bytes), "newer") == 0);
    CHECK_OK(fs_list(folder, count_one, &names));
    CHECK(names == 1);
    CHECK_FAILS(DITS_E_LIMIT, fs_read_all(path, 4, &bytes));
}

TEST(a_private_file_is_for_its_owner_alone)
{
    char template[] = "/tmp/dits-fs-XXXXXX";
    CLEANUP(remove_folder) char *folder = make_folder(template);
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(fs_close) struct fs_file file = {0};
    struct stat stat_of = {0};
    CHECK_OK(fs_join(folder, "file", &path));
    CHECK_OK(fs_open(path, FS_PRIVATE, &file));
    CHECK(stat(path, &stat_of) == 0 && (stat_of.st_mode & 0777) == 0600);
}

TEST(a_missing_file_is_not_found)
{
    struct fs_file file = {0};
    CHECK_FAILS(DITS_E_NOT_FOUND, fs_open("/tmp/no/such", FS_READ, &file));
    CHECK_FAILS(DITS_E_NOT_FOUND, fs_sync_dir("/tmp/no/such"));
    CHECK(!fs_exists("/tmp/no/such"));
}

TEST(reading_past_the_end_is_an_answer_of_its_own)
{
    char template[] = "/tmp/dits-fs-XXXXXX";
    CLEANUP(remove_folder) char *folder = make_folder(template);
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(fs_close) struct fs_file file = {0};
    char bytes[8] = "";
    size_t got = 0;
    CHECK_OK(fs_join(folder, "file", &path));
    CHECK_OK(fs_open(path, FS_CREATE_NEW, &file));
    CHECK_OK(fs_write_at(&file, 0, "12345", 5));
    CHECK_OK(fs_read_some(&file, 3, sizeof(bytes), bytes, &got));
    CHECK(got == 2 && memcmp(bytes, "45", 2) == 0);
    CHECK_FAILS(DITS_E_CORRUPT, fs_read_at(&file, 3, sizeof(bytes), bytes));
    CHECK_FAILS(DITS_E_EXISTS, fs_open(path, FS_CREATE_NEW, &file));
}

TEST(an_exclusive_lock_keeps_others_out)
{
    char template[] = "/tmp/dits-fs-XXXXXX";
    CLEANUP(remove_folder) char *folder = make_folder(template);
    CLEANUP(text_free) char *path = NULL;
    CLEANUP(fs_close) struct fs_file first = {0};
    CLEANUP(fs_close) struct fs_file second = {0};
    CHECK_OK(fs_join(folder, "lock", &path));
    CHECK_OK(fs_lock(path, FS_LOCK_SHARED, 0, &first));
    CHECK_OK(fs_lock(path, FS_LOCK_SHARED, 0, &second));
    fs_close(&second);
    CHECK_FAILS(DITS_E_LOCKED, fs_lock(path, FS_LOCK_EXCLUSIVE, 10, &second));
    fs_close(&first);
    CHECK_OK(fs_lock(path, FS_LOCK_EXCLUSIVE, 0, &second));
}

TEST(folders_are_made_with_their_parents)
{
    char template[] = "/tmp/dits-fs-XXXXXX";
    CLEANUP(remove_folder) char *folder = make_folder(template);
    CLEANUP(text_free) char *deep = NULL;
    CLEANUP(text_free) char *middle = NULL;
    CHECK_OK(fs_join(folder, "a/b", &deep));
    CHECK_OK(fs_join(folder, "a", &middle));
    CHECK_OK(fs_make_parents(deep));
    CHECK(fs_exists(middle) && !fs_exists(deep));
    CHECK_OK(fs_make_dirs(deep));
    CHECK_OK(fs_make_dirs(deep));
    CHECK_FAILS(DITS_E_EXISTS, fs_make_dir(deep));
    CHECK_OK(fs_remove(deep));
    CHECK_OK(fs_remove(middle));
}

TEST(a_disk_has_room)
{
    uint64_t room = 0;
    uint64_t total = 0;
    CHECK_OK(fs_room("/", &room, &total));
    CHECK(total > 0 && room <= total);
    CHECK_FAILS(DITS_E_NOT_FOUND, fs_room("/no such folder", &room, &total));
}

TEST(sharing_blocks_gives_the_same_bytes_or_nothing)
{
    char template[] = "/tmp/dits-fs-XXXXXX";
    CLEANUP(remove_folder) char *folder = make_folder(template);
    CLEANUP(text_free) char *from_path = NULL;
    CLEANUP(text_free) char *to_path = NULL;
    CLEANUP(fs_close) struct fs_file from = {0};
    CLEANUP(fs_close) struct fs_file to = {0};
    CLEANUP(buf_release) struct buf bytes = {0};
    char text[10000];
    memset(text, 'x', sizeof(text));
    CHECK(folder != NULL);
    CHECK_OK(fs_join(folder, "from", &from_path));
    CHECK_OK(fs_join(folder, "to", &to_path));
    CHECK_OK(fs_replace(from_path, text, sizeof(text)));
    CHECK_OK(fs_open(from_path, FS_READ, &from));
    CHECK_OK(fs_open(to_path, FS_CREATE_NEW, &to));
    bool shared = fs_share(&to, &from);
    CHECK_OK(fs_read_all(to_path, sizeof(text), &bytes));
    CHECK(bytes.size == (shared ? sizeof(text) : 0));
    CHECK(!shared || memcmp(bytes.data, text, sizeof(text)) == 0);
}
