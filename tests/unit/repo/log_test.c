#include "repo/log.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "object/tree.h"
#include "repo/operation.h"
#include "repo/ref_name.h"
#include "support/drawing.h"
#include "support/test.h"

static dits_error *add_letter(const dits_commit *commit, void *payload)
{
    return buf_put_u8(payload, (uint8_t)dits_commit_message(commit)[0]);
}

/* The letters that log gives, and whether they are `wanted`. */
static bool log_gives(struct drawing *drawing,
                      const struct dits_log_options *options,
                      const char *wanted)
{
    CLEANUP(buf_release) struct buf letters = {0};
    dits_error *err =
        dits_log(drawing->temp.repo, options, add_letter, &letters);
    bool same = err == NULL && strcmp(buf_text(&letters), wanted) == 0;
    if (!same)
        printf("# got '%s', not '%s'; %s\n", buf_text(&letters), wanted,
               err != NULL ? dits_error_message(err) : "");
    dits_error_free(err);
    return same;
}

/*
 *     a---b---c-------f---g   main
 *          \         /
 *           d-------e         side
 */
static dits_error *draw_merge(struct drawing *drawing)
{
    TRY(temp_repo_make(&drawing->temp));
    TRY(draw(drawing, 'a', "", "one"));
    TRY(draw(drawing, 'b', "a", "two"));
    TRY(draw(drawing, 'd', "b", "side"));
    TRY(draw(drawing, 'c', "b", "two"));
    TRY(draw(drawing, 'e', "d", "side"));
    TRY(draw(drawing, 'f', "ce", NULL));
    return draw(drawing, 'g', "f", "one");
}

TEST(history_comes_newest_first)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CHECK_OK(draw_merge(&drawing));
    CHECK(log_gives(&drawing, NULL, "gfecdba"));
    struct dits_log_options few = {.max_count = 2, .skip = 1};
    CHECK(log_gives(&drawing, &few, "fe"));
    struct dits_log_options first = {.first_parent = true};
    CHECK(log_gives(&drawing, &first, "gfcba"));
    struct dits_log_options reverse = {.reverse = true, .max_count = 3};
    CHECK(log_gives(&drawing, &reverse, "efg"));
}

TEST(topological_order_keeps_lines_together)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CHECK_OK(draw_merge(&drawing));
    struct dits_log_options options = {.topological = true};
    CHECK(log_gives(&drawing, &options, "gfedcba"));
}

TEST(ranges_leave_out_what_the_first_has)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CHECK_OK(draw_merge(&drawing));
    CHECK_OK(branch_at(&drawing, "side", 'e'));
    CHECK_OK(branch_at(&drawing, "old", 'c'));
    const struct {
        const char *revisions[3];
        const char *letters;
    } rows[] = {
        {{"side..main", NULL}, "gfc"},    {{"main..side", NULL}, ""},
        {{"old..", NULL}, "gfed"},        {{"..main", NULL}, ""},
        {{"main", "^side", NULL}, "gfc"}, {{"^old", "side", NULL}, "ed"},
        {{"side", "old", NULL}, "ecdba"}, {{"old..old", NULL}, ""},
        {{"old", "old..", NULL}, "gfed"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dits_log_options options = {.revisions = rows[i].revisions};
        while (rows[i].revisions[options.revision_count] != NULL)
            options.revision_count++;
        CHECK(log_gives(&drawing, &options, rows[i].letters));
    }
}

TEST(all_reaches_every_branch_and_tag)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CHECK_OK(draw_merge(&drawing));
    CHECK_OK(branch_at(&drawing, "x", 'g'));
    struct dits_tag_options tag = {.name = "v", .message = "m"};
    CHECK_OK(dits_tag_create(drawing.temp.repo, &tag));
    CHECK_OK(draw(&drawing, 'z', "", "other"));
    CHECK(log_gives(&drawing, NULL, "z"));
    struct dits_log_options all = {.all = true};
    CHECK(log_gives(&drawing, &all, "zgfecdba"));
}

/* A tag object on a folder: such come from git. */
static dits_error *tag_folder(struct temp_repo *temp)
{
    CLEANUP(operation_freep) struct operation *operation = NULL;
    CLEANUP(tag_release) struct tag tag = {.target_kind = CHUNK_TREE};
    struct dits_oid none = {0};
    struct dits_oid id = {0};
    tree_empty_id(&tag.target);
    TRY(text_copy("folder", &tag.name));
    TRY(operation_begin(temp->repo, "tag", &operation));
    TRY(tag_store(operation_writer(operation), &tag, &id));
    TRY(operation_set_ref(operation, REF_TAGS "folder", &none, &id, "tag"));
    return operation_commit(operation);
}

TEST(all_passes_over_tags_of_folders)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CHECK_OK(draw_merge(&drawing));
    CHECK_OK(tag_folder(&drawing.temp));
    struct dits_log_options all = {.all = true};
    CHECK(log_gives(&drawing, &all, "gfecdba"));
}

TEST(paths_show_only_what_changed_them)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CHECK_OK(draw_merge(&drawing));
    const struct {
        const char *path;
        const char *letters;
    } rows[] = {
        {"one", "ga"},   {"two", "cb"},    {"side", "ed"}, {"t*", "cb"},
        {"nothing", ""}, {":!one", "edb"}, {"*", "gedba"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct dits_log_options options = {
            .paths = {.items = &rows[i].path, .count = 1}};
        CHECK(log_gives(&drawing, &options, rows[i].letters));
    }
}

static dits_error *check_parent(const dits_commit *commit, void *payload)
{
    struct buf *edges = payload;
    TRY(buf_put_u8(edges, (uint8_t)dits_commit_message(commit)[0]));
    return buf_printf(edges, "%zu", dits_commit_parent_count(commit));
}

TEST(parents_in_a_graph_of_some_paths_are_the_nearest_shown)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CLEANUP(buf_release) struct buf edges = {0};
    static const char *const path = "one";
    struct dits_log_options options = {.topological = true,
                                       .paths = {.items = &path, .count = 1}};
    CHECK_OK(draw_merge(&drawing));
    CHECK_OK(dits_log(drawing.temp.repo, &options, check_parent, &edges));
    CHECK(strcmp(buf_text(&edges), "g1a0") == 0);
}

TEST(times_authors_and_messages_choose)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    char since[32] = "";
    char until[32] = "";
    CHECK_OK(draw_merge(&drawing));
    int64_t start = drawing.temp.now - 7 * 60;
    (void)snprintf(since, sizeof(since), "@%lld", (long long)start + 2 * 60);
    (void)snprintf(until, sizeof(until), "@%lld", (long long)start + 4 * 60);
    struct dits_log_options times = {.since = since, .until = until};
    CHECK(log_gives(&drawing, &times, "ecd"));
    struct dits_log_options author = {.author = "ADA@"};
    CHECK(log_gives(&drawing, &author, "gfecdba"));
    author.author = "bob";
    CHECK(log_gives(&drawing, &author, ""));
    struct dits_log_options grep = {.grep = "c"};
    CHECK(log_gives(&drawing, &grep, "c"));
}

/* Excluding must hold also where a clock was set back. */
TEST(a_clock_that_went_back_hides_no_commit_and_shows_none_too_many)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    static const char *const range = "old..main";
    struct dits_log_options options = {.revisions = &range,
                                       .revision_count = 1};
    CHECK_OK(temp_repo_make(&drawing.temp));
    CHECK_OK(draw(&drawing, 'a', "", "f"));
    CHECK_OK(draw(&drawing, 'b', "a", "f"));
    drawing.temp.now -= 1000;
    CHECK_OK(draw(&drawing, 'c', "b", "f"));
    CHECK_OK(branch_at(&drawing, "old", 'c'));
    drawing.temp.now += 500;
    CHECK_OK(draw(&drawing, 'd', "b", "f"));
    CHECK(log_gives(&drawing, &options, "d"));
}

TEST(a_repository_without_commits_says_so)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CLEANUP(buf_release) struct buf letters = {0};
    CHECK_OK(temp_repo_make(&drawing.temp));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_log(drawing.temp.repo, NULL, add_letter, &letters));
}
