#include "repo/conflict_names.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "support/temp_repo.h"
#include "support/test.h"
#include "support/work_files.h"

TEST(names_keep_their_extension)
{
    static const struct {
        const char *path;
        unsigned number;
        const char *name;
    } cases[] = {
        {"clip.mov", 1, "clip.ours.mov"},   {"clip.mov", 2, "clip.ours2.mov"},
        {"a.b/clip", 1, "a.b/clip.ours"},   {"a.b/clip", 99, "a.b/clip.ours99"},
        {"a/.hidden", 1, "a/.hidden.ours"}, {".mov", 1, ".mov.ours"},
        {"x.tar.gz", 1, "x.tar.ours.gz"},   {"x.", 1, "x.ours."},
        {"x.ours", 1, "x.ours.ours"},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(text_free) char *name = NULL;
        CHECK_OK(conflict_name(cases[i].path, "ours", cases[i].number, &name));
        CHECK(strcmp(name, cases[i].name) == 0);
    }
}

TEST(no_two_paths_share_a_name)
{
    static const char *const paths[] = {
        "a", "a.2", ".a", "a.ours", "a.ours2", "a.ours.2", "a.b.2", ".ours"};
    enum { PATHS = sizeof(paths) / sizeof(paths[0]), NUMBERS = 4 };
    char *names[PATHS * NUMBERS] = {0};
    bool distinct = true;
    for (size_t i = 0; i < PATHS * NUMBERS; i++) {
        CHECK_OK(conflict_name(paths[i / NUMBERS], "ours",
                               (unsigned)(1 + i % NUMBERS), &names[i]));
        for (size_t j = 0; j < i; j++)
            distinct &= strcmp(names[i], names[j]) != 0;
    }
    for (size_t i = 0; i < PATHS * NUMBERS; i++)
        mem_free(names[i]);
    CHECK(distinct);
}

static bool is_second(const char *path, void *payload)
{
    (void)payload;
    return strcmp(path, "a.ours2.mov") == 0;
}

static bool is_any(const char *path, void *payload)
{
    (void)path;
    (void)payload;
    return true;
}

TEST(the_first_name_that_is_free_is_taken)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(text_free) char *name = NULL;
    char *none = NULL;
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a.ours.mov/x", "a folder"));
    CHECK_OK(
        conflict_name_free(temp.repo, "a.mov", "ours", is_second, NULL, &name));
    CHECK(strcmp(name, "a.ours3.mov") == 0);
    CHECK_FAILS(DITS_E_CONFLICT, conflict_name_free(temp.repo, "a.mov", "ours",
                                                    is_any, NULL, &none));
    CHECK(none == NULL);
}
