#include "repo/refspec.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "support/mem_fault.h"
#include "support/test.h"

static bool maps(const char *text, const char *name, const char *wanted)
{
    CLEANUP(refspec_release) struct refspec spec = {0};
    CLEANUP(buf_release) struct buf out = {0};
    bool matches = false;
    dits_error *err = refspec_parse(text, &spec);
    if (err == NULL)
        err = refspec_map(&spec, name, &out, &matches);
    bool same = err == NULL && matches == (wanted != NULL) &&
                (wanted == NULL || strcmp(buf_text(&out), wanted) == 0);
    dits_error_free(err);
    return same;
}

static bool maps_back(const char *text, const char *name, const char *wanted)
{
    CLEANUP(refspec_release) struct refspec spec = {0};
    CLEANUP(buf_release) struct buf out = {0};
    bool matches = false;
    dits_error *err = refspec_parse(text, &spec);
    if (err == NULL)
        err = refspec_map_back(&spec, name, &out, &matches);
    bool same = err == NULL && matches == (wanted != NULL) &&
                (wanted == NULL || strcmp(buf_text(&out), wanted) == 0);
    dits_error_free(err);
    return same;
}

TEST(a_star_stands_for_the_same_part_on_both_sides)
{
    static const char all[] = "+refs/heads/*:refs/remotes/origin/*";
    CHECK(maps(all, "refs/heads/main", "refs/remotes/origin/main"));
    CHECK(maps(all, "refs/heads/a/b", "refs/remotes/origin/a/b"));
    CHECK(maps(all, "refs/tags/v1", NULL));
    CHECK(maps(all, "refs/heads/", NULL));
    CHECK(maps("refs/heads/x*y:refs/a/*b", "refs/heads/x1y", "refs/a/1b"));
    CHECK(maps("refs/heads/x*y:refs/a/*b", "refs/heads/xy", NULL));
    CHECK(maps_back(all, "refs/remotes/origin/main", "refs/heads/main"));
    CHECK(maps_back(all, "refs/remotes/other/main", NULL));
}

TEST(a_plain_name_is_meant_as_it_is)
{
    CHECK(maps("main", "main", ""));
    CHECK(maps("main:copy", "main", "copy"));
    CHECK(maps("main:copy", "mains", NULL));
    CHECK(maps_back("main", "main", NULL));
    CHECK(maps("HEAD:refs/heads/x", "HEAD", "refs/heads/x"));
}

TEST(the_parts_of_a_refspec_are_told_apart)
{
    CLEANUP(refspec_release) struct refspec spec = {0};
    CHECK_OK(refspec_parse("+a:b", &spec));
    CHECK(spec.force && !spec.is_pattern);
    CHECK(strcmp(spec.source, "a") == 0 && strcmp(spec.target, "b") == 0);
    refspec_release(&spec);
    CHECK_OK(refspec_parse(":gone", &spec));
    CHECK(!spec.force && spec.source[0] == '\0');
    refspec_release(&spec);
    CHECK_OK(refspec_parse("a:", &spec));
    CHECK(spec.target != NULL && spec.target[0] == '\0');
}

TEST(a_push_may_start_at_any_revision)
{
    CLEANUP(refspec_release) struct refspec spec = {0};
    CHECK_OK(refspec_parse_push("HEAD~1:refs/heads/x", &spec));
    CHECK(strcmp(spec.source, "HEAD~1") == 0);
    refspec_release(&spec);
    CHECK_FAILS(DITS_E_INVALID, refspec_parse_push("HEAD~1:a b", &spec));
    CHECK_FAILS(DITS_E_INVALID, refspec_parse_push("a b*:x*", &spec));
    CHECK_FAILS(DITS_E_INVALID, refspec_parse("HEAD~1:x", &spec));
}

TEST(what_is_no_refspec_is_refused)
{
    static const char *const bad[] = {
        "",     "+",     "a b",   "a..b",     "refs/heads/*:refs/x",
        "*:*:", "a:b:c", "a:b/*", "a**:b*",   "refs/heads/*x*:a*",
        "-a",   "a:-b",  "a\n:b", "a:b.lock", ".a",
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CLEANUP(refspec_release) struct refspec spec = {0};
        CHECK_FAILS(DITS_E_INVALID, refspec_parse(bad[i], &spec));
    }
}

static dits_error *read_some(void)
{
    CLEANUP(refspecs_release) struct refspecs specs = {0};
    CLEANUP(buf_release) struct buf out = {0};
    bool matches = false;
    TRY(refspecs_add(&specs, "+refs/heads/*:refs/remotes/origin/*"));
    TRY(refspecs_add(&specs, "main:copy"));
    return refspec_map(&specs.items[0], "refs/heads/a", &out, &matches);
}

TEST(reading_survives_every_failed_allocation)
{
    for (unsigned nth = 1;; nth++) {
        mem_fault_arm(nth);
        dits_error *err = read_some();
        bool reached = mem_fault_disarm();
        if (!reached) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
