#include "repo/sparse_set.h"

#include <stdio.h>
#include <string.h>

#include "support/mem_fault.h"
#include "support/test.h"

static dits_error *make(enum dits_sparse_mode mode, const char *const *items,
                        size_t count, struct sparse_set **out)
{
    const struct dits_paths paths = {.items = items, .count = count};
    return sparse_set_new(mode, &paths, out);
}

#define MAKE(mode, out, ...)                                                \
    make(mode, (const char *const[]){__VA_ARGS__},                          \
         sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *), \
         out)

static bool has(const struct sparse_set *set, const char *path)
{
    bool wanted = false;
    dits_error *err = sparse_set_has(set, path, &wanted);
    dits_error_free(err);
    return err == NULL && wanted;
}

static bool text_is(const struct sparse_set *set, const char *text)
{
    CLEANUP(buf_release) struct buf out = {0};
    dits_error *err = sparse_set_format(set, &out);
    dits_error_free(err);
    return err == NULL && strcmp(buf_text(&out), text) == 0;
}

TEST(a_cone_has_what_is_below_and_the_files_on_the_way)
{
    CLEANUP(sparse_set_freep) struct sparse_set *set = NULL;
    CHECK_OK(MAKE(DITS_SPARSE_CONE, &set, "shots/day 2/a", "notes"));
    CHECK(has(set, "top.txt"));
    CHECK(has(set, "notes/x") && has(set, "notes/deep/y"));
    CHECK(has(set, "shots/list") && has(set, "shots/day 2/list"));
    CHECK(has(set, "shots/day 2/a/clip") && has(set, "shots/day 2/a/b/clip"));
    CHECK(!has(set, "shots/day 2/b/clip") && !has(set, "shots/day 1/clip"));
    CHECK(!has(set, "shots/day/clip") && !has(set, "shots/day 2/a.txt/x"));
    CHECK(has(set, "shots/day 2/a.txt"));
    CHECK(!has(set, "notes2/x") && !has(set, "note/x") && !has(set, "a/b"));
}

TEST(cones_agree_with_the_plain_definition)
{
    static const char *const cones[] = {"a/b", "a/b-c/d", "a/b/x",
                                        "c",   "a.b",     "e/f/g"};
    static const char *const names[] = {"a", "b", "b-c", "c",   "d",
                                        "e", "f", "g",   "a.b", "x"};
    enum { NAMES = sizeof(names) / sizeof(names[0]) };
    CLEANUP(sparse_set_freep) struct sparse_set *set = NULL;
    CHECK_OK(make(DITS_SPARSE_CONE, cones, 6, &set));
    for (size_t i = 0; i < NAMES * NAMES * NAMES * NAMES; i++) {
        char path[40] = "";
        (void)snprintf(path, sizeof(path), "%s/%s/%s/%s", names[i % NAMES],
                       names[i / NAMES % NAMES],
                       names[i / NAMES / NAMES % NAMES],
                       names[i / NAMES / NAMES / NAMES]);
        for (char *end = path; end != NULL;) {
            bool wanted = false;
            char *slash = strrchr(path, '/');
            size_t folder = slash != NULL ? (size_t)(slash - path) : 0;
            for (size_t c = 0; c < 6; c++) {
                size_t length = strlen(cones[c]);
                wanted =
                    wanted || folder == 0 ||
                    (strncmp(path, cones[c], length) == 0 &&
                     path[length] == '/') ||
                    (strncmp(path, cones[c], folder) == 0 &&
                     (cones[c][folder] == '/' || cones[c][folder] == '\0'));
            }
            CHECK(has(set, path) == wanted);
            end = slash;
            if (slash != NULL)
                *slash = '\0';
        }
    }
}

TEST(cones_are_put_in_order_without_those_in_others)
{
    CLEANUP(sparse_set_freep) struct sparse_set *set = NULL;
    CHECK_OK(MAKE(DITS_SPARSE_CONE, &set, "b", "a/c", "a", "b", "a-b"));
    CHECK(text_is(set, "cone\na\na-b\nb\n"));
}

TEST(patterns_are_those_of_ignore_files)
{
    CLEANUP(sparse_set_freep) struct sparse_set *set = NULL;
    CHECK_OK(MAKE(DITS_SPARSE_PATTERNS, &set, "/shots/", "*.txt", "!*.mxf",
                  "/shots/keep.mxf"));
    CHECK(has(set, "shots/a.mov") && has(set, "shots/x/y/a.mov"));
    CHECK(has(set, "deep/in/a.txt") && !has(set, "deep/in/a.mov"));
    CHECK(!has(set, "shots/a.mxf") && has(set, "shots/keep.mxf"));
    CHECK(!has(set, "other/shots/a.mov") && !has(set, "shots"));
}

TEST(everything_and_nothing)
{
    CLEANUP(sparse_set_freep) struct sparse_set *all = NULL;
    CLEANUP(sparse_set_freep) struct sparse_set *top = NULL;
    CLEANUP(sparse_set_freep) struct sparse_set *none = NULL;
    CHECK_OK(make(DITS_SPARSE_ALL, NULL, 0, &all));
    CHECK_OK(make(DITS_SPARSE_CONE, NULL, 0, &top));
    CHECK_OK(make(DITS_SPARSE_PATTERNS, NULL, 0, &none));
    CHECK(has(all, "a") && has(all, "a/b"));
    CHECK(has(top, "a") && !has(top, "a/b"));
    CHECK(!has(none, "a") && !has(none, "a/b"));
}

TEST(what_cannot_be_kept_is_refused)
{
    struct sparse_set *set = NULL;
    CHECK_FAILS(DITS_E_INVALID, MAKE(DITS_SPARSE_PATTERNS, &set, ""));
    CHECK_FAILS(DITS_E_INVALID, MAKE(DITS_SPARSE_PATTERNS, &set, "a\nb"));
    CHECK_FAILS(DITS_E_INVALID, MAKE(DITS_SPARSE_PATTERNS, &set, "\xff"));
    CHECK_FAILS(DITS_E_INVALID, MAKE(DITS_SPARSE_CONE, &set, "a/../b"));
    CHECK_FAILS(DITS_E_INVALID, MAKE(DITS_SPARSE_CONE, &set, ".dits/x"));
}

TEST(there_is_one_text_for_each_set)
{
    static const char *const good[] = {"all\n", "cone\n", "cone\na\nb/c\n",
                                       "patterns\n*.mov\n!x\n", "patterns\n"};
    static const char *const bad[] = {
        "",         "all",     "all\na\n",     "cone\nb\na\n", "cone\na\na/b\n",
        "cone\n\n", "cone\na", "cone\n../a\n", "every\n",      "patterns\n\n"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        CLEANUP(sparse_set_freep) struct sparse_set *set = NULL;
        CHECK_OK(sparse_set_parse(slice_of_text(good[i]), &set));
        CHECK(text_is(set, good[i]));
    }
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct sparse_set *set = NULL;
        CHECK_FAILS(DITS_E_CORRUPT,
                    sparse_set_parse(slice_of_text(bad[i]), &set));
    }
}

static dits_error *parse_and_ask(void)
{
    CLEANUP(sparse_set_freep) struct sparse_set *set = NULL;
    bool wanted = false;
    TRY(sparse_set_parse(slice_of_text("patterns\n/a/\n!b\n"), &set));
    TRY(sparse_set_has(set, "a/c", &wanted));
    return wanted ? NULL : error_new(DITS_E_INTERNAL, "not wanted");
}

TEST(each_failed_allocation_is_told)
{
    size_t before = mem_fault_live();
    for (unsigned nth = 1;; nth++) {
        mem_fault_arm(nth);
        dits_error *err = parse_and_ask();
        bool reached = mem_fault_disarm();
        CHECK(reached == (err != NULL));
        CHECK(err == NULL || dits_error_has(err, DITS_E_NOMEM));
        dits_error_free(err);
        CHECK(mem_fault_live() == before);
        if (!reached)
            return;
    }
}
