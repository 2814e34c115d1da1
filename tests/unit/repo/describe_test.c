#include <dits/refs.h>

#include <stdio.h>
#include <string.h>

#include "support/drawing.h"
#include "support/mem_fault.h"
#include "support/test.h"

/* "v1+3", or "none+0". */
static bool describes(struct drawing *drawing,
                      const struct dits_describe_options *options,
                      const char *revision, const char *wanted)
{
    CLEANUP(dits_description_release) struct dits_description found = {0};
    char text[64] = "";
    if (!test_ok(dits_describe(drawing->temp.repo, revision, options, &found),
                 revision, __FILE__, __LINE__))
        return false;
    (void)snprintf(text, sizeof(text), "%s+%u",
                   found.name != NULL ? found.name : "none",
                   (unsigned)found.distance);
    if (strcmp(text, wanted) != 0)
        printf("# '%s' gives %s, not %s\n", revision, text, wanted);
    return strcmp(text, wanted) == 0;
}

/*
 *     a(v1)---b---c-------f---g   main
 *              \         /
 *               d---e(v2)         v2 is plain
 */
static dits_error *make(struct drawing *drawing)
{
    TRY(temp_repo_make(&drawing->temp));
    TRY(draw(drawing, 'a', "", "one"));
    TRY(draw(drawing, 'b', "a", "one"));
    TRY(draw(drawing, 'd', "b", "one"));
    TRY(draw(drawing, 'c', "b", "one"));
    TRY(draw(drawing, 'e', "d", "one"));
    TRY(draw(drawing, 'f', "ce", "one"));
    TRY(draw(drawing, 'g', "f", "one"));
    TRY(tag_at(drawing, "v1", 'a', "first"));
    return tag_at(drawing, "v2", 'e', NULL);
}

TEST(the_nearest_tag_with_a_message_is_the_name)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CHECK_OK(make(&drawing));
    CHECK(describes(&drawing, NULL, NULL, "v1+6"));
    CHECK(describes(&drawing, NULL, "HEAD~2", "v1+2"));
    CHECK(describes(&drawing, NULL, "v1", "v1+0"));
}

TEST(a_description_is_a_revision)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    char hex[DITS_OID_HEX_SIZE] = "";
    char text[DITS_OID_HEX_SIZE + 16] = "";
    struct dits_oid id = {{0}};
    CHECK_OK(make(&drawing));
    CHECK_OK(
        dits_oid_abbreviate_to(drawing.temp.repo, &drawing.ids['c'], 0, hex));
    CHECK(strlen(hex) >= 4 && strlen(hex) < 12);
    (void)snprintf(text, sizeof(text), "v1-2-g%s", hex);
    CHECK_OK(dits_revision_resolve(drawing.temp.repo, text,
                                   DITS_REVISION_COMMIT, &id));
    CHECK(dits_oid_equal(&id, &drawing.ids['c']));
}

TEST(plain_tags_and_branches_count_when_asked_for)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    struct dits_describe_options options = {.tags = true};
    CHECK_OK(make(&drawing));
    CHECK(describes(&drawing, &options, NULL, "v2+3"));
    options.first_parent = true;
    CHECK(describes(&drawing, &options, NULL, "v1+4"));
    options = (struct dits_describe_options){.all = true};
    CHECK(describes(&drawing, &options, NULL, "heads/main+0"));
    CHECK(describes(&drawing, &options, "HEAD~1", "tags/v2+2"));
}

TEST(no_name_is_an_error_with_a_hint_unless_it_is_an_answer)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    static const char *const none[] = {"none"};
    struct dits_describe_options options = {.exact = true};
    struct dits_description found = {0};
    CHECK_OK(make(&drawing));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_describe(drawing.temp.repo, NULL, &options, &found));
    options =
        (struct dits_describe_options){.excludes = none, .exclude_count = 1};
    CHECK(describes(&drawing, &options, NULL, "v1+6"));
    options = (struct dits_describe_options){.matches = none, .match_count = 1};
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_describe(drawing.temp.repo, NULL, &options, &found));
    options.always = true;
    CHECK(describes(&drawing, &options, NULL, "none+0"));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_describe(drawing.temp.repo, "nothing", NULL, &found));
}

TEST(with_few_candidates_the_count_is_completed)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    struct dits_describe_options options = {.tags = true, .candidates = 1};
    CHECK_OK(make(&drawing));
    CHECK(describes(&drawing, &options, NULL, "v2+3"));
    CHECK_OK(tag_at(&drawing, "v3", 'c', NULL));
    CHECK(describes(&drawing, &options, NULL, "v2+3"));
}

TEST(every_failed_allocation_is_an_error)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    struct dits_describe_options options = {.tags = true};
    CHECK_OK(make(&drawing));
    for (unsigned nth = 1;; nth++) {
        struct dits_description found = {0};
        mem_fault_arm(nth);
        dits_error *err =
            dits_describe(drawing.temp.repo, NULL, &options, &found);
        bool reached = mem_fault_disarm();
        dits_description_release(&found);
        if (!reached) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
    }
}
