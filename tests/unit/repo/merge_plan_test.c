#include "repo/merge_plan.h"

#include <string.h>

#include "support/test.h"
#include "support/three_trees.h"
#include "support/tree_text.h"

/* "path<old>other b o t", with "!" behind the sides that have it there. */
static dits_error *show_item(dits_repo *repo, const struct merge_item *item,
                             struct buf *out)
{
    static const char *const names[] = {"", " delete", " two-names"};
    TRY(buf_printf(out, "%s%s%s%s%s", item->path,
                   item->old_path != NULL ? "<" : "",
                   item->old_path != NULL ? item->old_path : "",
                   item->other != NULL ? ">" : "",
                   item->other != NULL ? item->other : ""));
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        TRY(buf_put_text(out, " "));
        TRY(tree_text_show_side(repo, &item->sides[i], out));
        if (item->is_here[i])
            TRY(buf_put_text(out, "!"));
    }
    return buf_printf(out, "%s\n", names[item->names]);
}

static bool plans(struct three_trees *three, const struct merge_case *one)
{
    CLEANUP(merge_plan_release) struct merge_plan plan = {0};
    CLEANUP(buf_release) struct buf text = {0};
    CLEANUP(dits_error_freep)
    dits_error *err = three_trees_store(three, one->trees);
    if (err == NULL)
        err = merge_plan_make(three->temp.repo, three->trees, &plan);
    for (size_t i = 0; i < plan.count && err == NULL; i++)
        err = show_item(three->temp.repo, &plan.items[i], &text);
    return err == NULL && strcmp(buf_text(&text), one->expected) == 0;
}

TEST(every_path_that_a_side_changed_is_planned)
{
    static const struct merge_case cases[] = {
        {{"a=1", "a=1", "a=1"}, ""},
        {{"a=1 b=1", "a=2 b=1", "a=1 b=1"}, "a =1 =2! =1!\n"},
        {{"a=1", "", "a=2"}, "a =1 - =2!\n"},
        {{"", "a=1", "b=2"}, "a - =1! -\nb - - =2!\n"},
        {{"", "a=1", "a=2"}, "a - =1! =2!\n"},
        {{"a=1", "b=1", "a=2"}, "a =1 - -\nb<a =1 =1! =2\n"},
        {{"a=1", "b=1", "b=1"}, "a =1 - -\nb<a =1 =1! =1!\n"},
        {{"a=1", "b=1", ""}, "a =1 - -\nb<a =1 =1! - delete\n"},
        {{"a=1", "b=1", "c=1"},
         "a =1 - - two-names\n"
         "b<a>c - =1! - two-names\n"
         "c<a>b - - =1! two-names\n"},
        {{"a=1", "b=1", "a=1 b=2"},
         "a =1 - -\n"
         "b<a =1 =1! =1\n"
         "b - - =2!\n"},
        {{"a=1", "a=1 b=2", "b=1"},
         "a =1 - -\n"
         "b - =2! -\n"
         "b<a =1 =1 =1!\n"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(plans(&three, &cases[i]));
}
