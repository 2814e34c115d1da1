#include "repo/describe_names.h"

#include <string.h>

#include "support/drawing.h"
#include "support/mem_fault.h"
#include "support/test.h"

static bool name_is(struct drawing *drawing,
                    const struct dits_describe_options *options, char letter,
                    const char *wanted)
{
    CLEANUP(describe_names_release) struct describe_names names = {0};
    if (!test_ok(describe_names_read(drawing->temp.repo, options, &names),
                 "names", __FILE__, __LINE__))
        return false;
    const struct describe_name *name =
        describe_names_find(&names, &drawing->ids[(int)letter]);
    if (wanted == NULL || name == NULL)
        return wanted == NULL && name == NULL;
    return strcmp(name->text, wanted) == 0;
}

static dits_error *make(struct drawing *drawing)
{
    TRY(temp_repo_make(&drawing->temp));
    TRY(draw(drawing, 'a', "", "f"));
    TRY(draw(drawing, 'b', "a", "f"));
    TRY(tag_at(drawing, "plain", 'a', NULL));
    TRY(tag_at(drawing, "with", 'a', "message"));
    drawing->temp.now++;
    TRY(tag_at(drawing, "newer", 'a', "message"));
    return tag_at(drawing, "b1", 'b', NULL);
}

TEST(a_tag_with_a_message_wins_and_of_these_the_newest)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    struct dits_describe_options options = {0};
    CHECK_OK(make(&drawing));
    CHECK(name_is(&drawing, &options, 'a', "newer"));
    CHECK(name_is(&drawing, &options, 'b', "b1"));
}

TEST(patterns_choose)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    static const char *const plain[] = {"pl*", "none"};
    static const char *const newer[] = {"new*"};
    struct dits_describe_options options = {.matches = plain, .match_count = 2};
    CHECK_OK(make(&drawing));
    CHECK(name_is(&drawing, &options, 'a', "plain"));
    CHECK(name_is(&drawing, &options, 'b', NULL));
    options =
        (struct dits_describe_options){.excludes = newer, .exclude_count = 1};
    CHECK(name_is(&drawing, &options, 'a', "with"));
}

TEST(branches_count_only_when_asked_for)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    struct dits_describe_options options = {0};
    CHECK_OK(make(&drawing));
    CHECK_OK(draw(&drawing, 'c', "b", "f"));
    CHECK(name_is(&drawing, &options, 'c', NULL));
    options.all = true;
    CHECK(name_is(&drawing, &options, 'c', "heads/main"));
    CHECK(name_is(&drawing, &options, 'b', "tags/b1"));
}

TEST(every_failed_allocation_is_an_error)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    struct dits_describe_options options = {0};
    CHECK_OK(make(&drawing));
    for (unsigned nth = 1;; nth++) {
        struct describe_names names = {0};
        size_t live = mem_fault_live();
        mem_fault_arm(nth);
        dits_error *err =
            describe_names_read(drawing.temp.repo, &options, &names);
        bool reached = mem_fault_disarm();
        describe_names_release(&names);
        if (!reached) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(mem_fault_live() == live);
    }
}
