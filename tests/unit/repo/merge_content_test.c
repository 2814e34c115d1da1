#include "repo/merge_content.h"

#include <string.h>

#include "support/test.h"
#include "support/three_trees.h"
#include "support/tree_text.h"

/* Each tree has one file, "f", or none. */
struct content_case {
    const char *trees[STAGE_COUNT];
    enum merge_verdict verdict;
    const char *expected; /* as tree_text_show_side() writes it */
};

static dits_error *find_sides(struct three_trees *three,
                              struct change_side sides[STAGE_COUNT])
{
    for (size_t i = 0; i < STAGE_COUNT; i++) {
        struct tree_entry entry = {0};
        bool found = false;
        TRY(tree_find(three->temp.repo->store, &three->trees[i], "f", &entry,
                      &found));
        sides[i] = change_side_of(found ? &entry : NULL);
    }
    return NULL;
}

static dits_error *merge(struct three_trees *three,
                         const struct content_case *one, struct buf *out,
                         enum merge_verdict *out_verdict)
{
    struct change_side sides[STAGE_COUNT] = {{0}};
    struct change_side result = {0};
    TRY(three_trees_store(three, one->trees));
    TRY(find_sides(three, sides));
    TRY(merge_content(&three->rules, "f", sides, &result, out_verdict));
    TRY(store_writer_commit(three->writer));
    return tree_text_show_side(three->temp.repo, &result, out);
}

static bool is_as_expected(struct three_trees *three,
                           const struct content_case *one)
{
    CLEANUP(buf_release) struct buf text = {0};
    enum merge_verdict verdict = MERGE_APART;
    CLEANUP(dits_error_freep)
    dits_error *err = merge(three, one, &text, &verdict);
    return err == NULL && verdict == one->verdict &&
           strcmp(buf_text(&text), one->expected) == 0;
}

TEST(three_versions_become_one)
{
    static const struct content_case cases[] = {
        {{"f=1", "f=1", "f=2"}, MERGE_TAKEN, "=2"},
        {{"f=1", "f=2", "f=1"}, MERGE_TAKEN, "=2"},
        {{"f=1", "f=2", "f=2"}, MERGE_TAKEN, "=2"},
        {{"f=1", "f*=1", "f=2"}, MERGE_TAKEN, "*=2"},
        {{"f=1", "f=2", "f*=1"}, MERGE_TAKEN, "*=2"},
        {{"f=1", "f=2", "f*=2"}, MERGE_TAKEN, "*=2"},
        {{"", "f*=2", "f=2"}, MERGE_TORN_MODE, "*=2"},
        {{"", "f=2", "f*=2"}, MERGE_TORN_MODE, "=2"},
        {{"", "f*=^2", "f=^3"}, MERGE_APART, "*=^2"},
        {{"f@=1", "f*=2|", "f=2|"}, MERGE_TORN_MODE, "*=2|"},
        {{"f=1|2|3|", "f=0|1|2|3|", "f*=1|2|3|4|"},
         MERGE_BY_LINES,
         "*=0|1|2|3|4|"},
        {{"f=1|", "f=2|", "f=3|"},
         MERGE_MARKED,
         "=<<<<<<< HEAD|2|=======|3|>>>>>>> other|"},
        {{"f=1", "f=", "f=3"},
         MERGE_MARKED,
         "=<<<<<<< HEAD|=======|3|>>>>>>> other|"},
        {{"f=1|", "f=^2", "f=3|"}, MERGE_APART, "=^2"},
        {{"f=^1", "f=2|", "f=3|"}, MERGE_APART, "=2|"},
        {{"f@=1", "f@=2", "f@=3"}, MERGE_APART, "@=2"},
        {{"f=1", "f@=2", "f=3"}, MERGE_APART, "@=2"},
        {{"f=1", "f=2", "f@=3"}, MERGE_APART, "=2"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CHECK(is_as_expected(&three, &cases[i]));
}

TEST(a_preferred_side_ends_the_doubt)
{
    static const struct content_case ours[] = {
        {{"f=1|", "f=2|", "f=3|"}, MERGE_BY_LINES, "=2|"},
        {{"f=^1", "f=^2", "f=^3"}, MERGE_BY_LINES, "=^2"},
        {{"f=1", "f@=2", "f=3"}, MERGE_APART, "@=2"},
    };
    static const struct content_case theirs[] = {
        {{"f=1|", "f=2|", "f=3|"}, MERGE_BY_LINES, "=3|"},
        {{"f=^1", "f=^2", "f*=^3"}, MERGE_BY_LINES, "*=^3"},
    };
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    three.rules.favor = DITS_FAVOR_OURS;
    for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
        CHECK(is_as_expected(&three, &ours[i]));
    three.rules.favor = DITS_FAVOR_THEIRS;
    for (size_t i = 0; i < sizeof(theirs) / sizeof(theirs[0]); i++)
        CHECK(is_as_expected(&three, &theirs[i]));
}

TEST(markers_follow_style_and_size)
{
    static const struct content_case diff3 = {
        {"f=1|", "f=2|", "f=3|"},
        MERGE_MARKED,
        "=<<<<<<<<< HEAD|2|||||||||| base|1|=========|3|>>>>>>>>> other|"};
    CLEANUP(three_trees_release) struct three_trees three = {0};
    CHECK_OK(three_trees_open(&three));
    three.rules.style = LINES_DIFF3;
    three.rules.marker_size = 9;
    CHECK(is_as_expected(&three, &diff3));
}

TEST(what_is_missing_in_the_store_is_named)
{
    CLEANUP(three_trees_release) struct three_trees three = {0};
    struct change_side sides[STAGE_COUNT] = {
        {TREE_FILE, {{1}}}, {TREE_FILE, {{2}}}, {TREE_FILE, {{3}}}};
    struct change_side result = {0};
    enum merge_verdict verdict = MERGE_TAKEN;
    static const char *const none[STAGE_COUNT] = {"", "", ""};
    CHECK_OK(three_trees_open(&three));
    CHECK_OK(three_trees_store(&three, none));
    dits_error *err =
        merge_content(&three.rules, "f", sides, &result, &verdict);
    CHECK(err != NULL &&
          strcmp(dits_error_message(err), "cannot merge 'f'") == 0);
    dits_error_free(err);
}
