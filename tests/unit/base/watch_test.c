#include "base/watch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "support/mem_fault.h"
#include "support/test.h"

struct tree {
    char root[40];
    struct watch *watch;
    struct buf told;
};

static bool is_own(const char *name)
{
    return strcmp(name, ".own") == 0;
}

static void tree_release(struct tree *tree)
{
    char command[64];
    watch_free(tree->watch);
    buf_release(&tree->told);
    (void)snprintf(command, sizeof(command), "rm -rf '%s'", tree->root);
    (void)!system(command);
}

/* In a shell, in the tree. */
static bool does(const struct tree *tree, const char *script)
{
    char command[512];
    (void)snprintf(command, sizeof(command), "cd '%s' && { %s; }", tree->root,
                   script);
    return system(command) == 0;
}

static bool tree_make(struct tree *out)
{
    (void)snprintf(out->root, sizeof(out->root), "/tmp/dits-watch-XXXXXX");
    return mkdtemp(out->root) != NULL &&
           does(out, "mkdir -p a/b c .own && echo 1 >a/b/f && echo 2 >g");
}

static dits_error *tell(const char *path, void *payload)
{
    struct tree *tree = payload;
    CLEANUP(buf_release) struct buf quoted = {0};
    TRY(buf_printf(&quoted, "<%s>", path));
    if (strstr(buf_text(&tree->told), buf_text(&quoted)) == NULL)
        TRY(buf_put_text(&tree->told, buf_text(&quoted)));
    return NULL;
}

/* What `script` changes, each path once, in order. */
static bool tells(struct tree *tree, const char *script, const char *expected)
{
    enum watch_state state = WATCH_LOST;
    buf_clear(&tree->told);
    if (!does(tree, script))
        return false;
    dits_error *err = watch_drain(tree->watch, tell, tree, &state);
    bool same = err == NULL && state == WATCH_GOOD &&
                strcmp(buf_text(&tree->told), expected) == 0;
    dits_error_free(err);
    if (!same)
        fprintf(stderr, "%s: told %s\n", script, buf_text(&tree->told));
    return same;
}

TEST(every_kind_of_change_is_told_at_once)
{
    CLEANUP(tree_release) struct tree tree = {0};
    CHECK(tree_make(&tree));
    CHECK_OK(watch_new(tree.root, is_own, &tree.watch));
    CHECK(watch_count(tree.watch) == 4);
    CHECK(tells(&tree, "true", ""));
    CHECK(tells(&tree, "echo 3 >>a/b/f", "<a/b/f>"));
    CHECK(tells(&tree, "touch -d yesterday g", "<g>"));
    CHECK(tells(&tree, "chmod +x g", "<g>"));
    CHECK(tells(&tree, "mv g c/h", "<g><c/h>"));
    CHECK(tells(&tree, "ln -s h c/link", "<c/link>"));
    CHECK(tells(&tree, "rm c/link", "<c/link>"));
    CHECK(tells(&tree, "rmdir c 2>/dev/null || rm -r c", "<c/h><c>"));
}

TEST(new_and_moved_folders_are_watched)
{
    CLEANUP(tree_release) struct tree tree = {0};
    CHECK(tree_make(&tree));
    CHECK_OK(watch_new(tree.root, is_own, &tree.watch));
    CHECK(tells(&tree, "mkdir -p n/m && echo 1 >n/m/f", "<n>"));
    CHECK(tells(&tree, "echo 2 >n/m/f", "<n/m/f>"));
    CHECK(tells(&tree, "mv a z", "<a><z>"));
    CHECK(tells(&tree, "echo 2 >z/b/f", "<z/b/f>"));
    CHECK(tells(&tree, "mv z/b n/m/b", "<z/b><n/m/b>"));
    CHECK(tells(&tree, "echo 3 >n/m/b/f", "<n/m/b/f>"));
    CHECK(tells(&tree,
                "mv n ../outside-$$ && echo 1 >../outside-$$/m/f && "
                "rm -r ../outside-$$",
                "<n>"));
}

/* Every folder is watched where it is now, or the watch says that it lost it.
 */
TEST(folders_that_change_places_are_not_confused)
{
    CLEANUP(tree_release) struct tree tree = {0};
    enum watch_state state = WATCH_OVER;
    char paths[2][64];
    CHECK(tree_make(&tree));
    CHECK_OK(watch_new(tree.root, is_own, &tree.watch));
    (void)snprintf(paths[0], sizeof(paths[0]), "%s/a", tree.root);
    (void)snprintf(paths[1], sizeof(paths[1]), "%s/c", tree.root);
    CHECK(renameat2(AT_FDCWD, paths[0], AT_FDCWD, paths[1], RENAME_EXCHANGE) ==
          0);
    CHECK_OK(watch_drain(tree.watch, tell, &tree, &state));
    if (state == WATCH_LOST)
        return;
    CHECK(tells(&tree, "echo 1 >c/b/f", "<c/b/f>"));
    CHECK(tells(&tree, "echo 1 >a/x", "<a/x>"));
}

TEST(a_second_name_of_a_file_is_told_as_a_change_of_everything)
{
    CLEANUP(tree_release) struct tree tree = {0};
    CHECK(tree_make(&tree));
    CHECK(does(&tree, "ln g c/before"));
    CHECK_OK(watch_new(tree.root, is_own, &tree.watch));
    CHECK(tells(&tree, "echo 2 >new && mkdir m && echo 1 >m/f", "<new><m>"));
    CHECK(tells(&tree, "ln a/b/f c/link", "<c/link><>"));
    CHECK(tells(&tree, "echo 2 >>c/link", "<c/link>"));
    CHECK(tells(&tree, "mkdir n && ln new n/x", "<n><>"));
    CHECK(tells(&tree, "chmod 700 n", "<n>"));
}

TEST(what_is_written_to_memory_is_told_when_it_is_unmapped)
{
    CLEANUP(tree_release) struct tree tree = {0};
    char path[64];
    CHECK(tree_make(&tree));
    CHECK_OK(watch_new(tree.root, is_own, &tree.watch));
    (void)snprintf(path, sizeof(path), "%s/g", tree.root);
    int fd = open(path, O_RDWR | O_CLOEXEC);
    CHECK(fd >= 0);
    char *bytes = mmap(NULL, 2, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    (void)close(fd);
    CHECK(bytes != MAP_FAILED);
    CHECK(tells(&tree, "true", ""));
    bytes[0] = 'x';
    CHECK(munmap(bytes, 2) == 0);
    CHECK(tells(&tree, "true", "<g>"));
}

TEST(skipped_names_are_told_of_by_their_folder)
{
    CLEANUP(tree_release) struct tree tree = {0};
    CHECK(tree_make(&tree));
    CHECK_OK(watch_new(tree.root, is_own, &tree.watch));
    CHECK(tells(&tree, "echo 1 >.own/x && rm -r .own", ""));
    CHECK(tells(&tree, "mkdir a/.own", "<a>"));
    CHECK(tells(&tree, "echo 1 >a/.own/x", ""));
}

TEST(a_symlink_to_a_folder_is_not_followed)
{
    CLEANUP(tree_release) struct tree tree = {0};
    CHECK(tree_make(&tree));
    CHECK(does(&tree, "ln -s a link"));
    CHECK_OK(watch_new(tree.root, is_own, &tree.watch));
    CHECK(watch_count(tree.watch) == 4);
    CHECK(tells(&tree, "rm -r c && ln -s a c", "<c>"));
    CHECK(tells(&tree, "echo 1 >c/b/f", "<a/b/f>"));
}

TEST(more_than_the_system_keeps_is_a_loss)
{
    CLEANUP(tree_release) struct tree tree = {0};
    enum watch_state state = WATCH_GOOD;
    unsigned room = 0;
    CHECK(tree_make(&tree));
    FILE *file = fopen("/proc/sys/fs/inotify/max_queued_events", "re");
    CHECK(file != NULL);
    CHECK(fscanf(file, "%u", &room) == 1);
    (void)fclose(file);
    if (room > 100000)
        return; /* too many to make */
    CHECK_OK(watch_new(tree.root, is_own, &tree.watch));
    char path[64];
    for (unsigned i = 0; i <= room; i++) {
        (void)snprintf(path, sizeof(path), "%s/%c", tree.root,
                       (i & 1) != 0 ? 'x' : 'y');
        int fd = open(path, O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        CHECK(fd >= 0);
        (void)close(fd);
        CHECK(unlink(path) == 0);
    }
    CHECK_OK(watch_drain(tree.watch, tell, &tree, &state));
    CHECK(state == WATCH_LOST);
}

TEST(a_root_that_goes_away_is_the_end)
{
    CLEANUP(tree_release) struct tree tree = {0};
    enum watch_state state = WATCH_GOOD;
    CHECK(tree_make(&tree));
    CHECK_OK(watch_new(tree.root, is_own, &tree.watch));
    CHECK(does(&tree, "mv \"$PWD\" \"$PWD-moved\" && mkdir \"$PWD\""));
    CHECK_OK(watch_drain(tree.watch, tell, &tree, &state));
    CHECK(state == WATCH_OVER);
    CHECK(does(&tree, "rm -r \"$PWD-moved\""));
}

TEST(a_file_system_that_does_not_tell_is_refused)
{
    struct watch *watch = NULL;
    CHECK_FAILS(DITS_E_UNSUPPORTED, watch_new("/proc/sys", is_own, &watch));
    CHECK_FAILS(DITS_E_NOT_FOUND, watch_new("/nowhere", is_own, &watch));
}

TEST(a_failed_allocation_leaves_nothing_behind)
{
    CLEANUP(tree_release) struct tree tree = {0};
    CHECK(tree_make(&tree));
    size_t live = mem_fault_live();
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        struct watch *watch = NULL;
        mem_fault_arm(nth);
        dits_error *err = watch_new(tree.root, is_own, &watch);
        reached = mem_fault_disarm();
        CHECK(reached == (err != NULL));
        dits_error_free(err);
        watch_free(watch);
        CHECK(mem_fault_live() == live);
    }
}
