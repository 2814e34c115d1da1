#include <dits/blame.h>

#include <dits/maintenance.h>

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "support/drawing.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

static void blame_freep(dits_blame **blame)
{
    dits_blame_free(*blame);
    *blame = NULL;
}

/* The letter of each line's commit; '-' when it is not committed. */
static bool blames(struct drawing *drawing,
                   const struct dits_blame_options *options, const char *wanted)
{
    CLEANUP(blame_freep) dits_blame *blame = NULL;
    char letters[64] = "";
    if (!test_ok(dits_blame_new(drawing->temp.repo, options, &blame), wanted,
                 __FILE__, __LINE__))
        return false;
    for (size_t i = 0; i < dits_blame_count(blame) && i < 63; i++) {
        struct dits_blame_line line = dits_blame_line_at(blame, i);
        letters[i] = line.commit != NULL
                         ? drawing_letter(drawing, dits_commit_id(line.commit))
                         : '-';
    }
    if (strcmp(letters, wanted) != 0)
        printf("# got '%s', not '%s'\n", letters, wanted);
    return strcmp(letters, wanted) == 0;
}

/*
 *     a---b-------e---f   main
 *      \         /
 *       c-------d
 */
static dits_error *make(struct drawing *drawing)
{
    TRY(temp_repo_make(&drawing->temp));
    TRY(draw_text(drawing, 'a', "", "f", "1\n2\n3\n4\n"));
    TRY(draw_text(drawing, 'b', "a", "f", "main\n2\n3\n4\n"));
    TRY(draw_text(drawing, 'c', "a", "f", "1\n2\n3\nside\n"));
    TRY(draw_text(drawing, 'd', "c", "f", "1\n2\n3\nside\nend\n"));
    TRY(draw_text(drawing, 'e', "bd", "f", "main\n2\nmerge\nside\nend\n"));
    return draw_text(drawing, 'f', "e", "f", "main\n2\nmerge\n  side\nend\n");
}

TEST(lines_are_followed_through_merges)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    struct dits_blame_options options = {.path = "f", .revision = "HEAD"};
    CHECK_OK(make(&drawing));
    CHECK(blames(&drawing, &options, "baefd"));
    options.ignore_space = true;
    CHECK(blames(&drawing, &options, "baecd"));
    options.revision = "HEAD~1^2";
    CHECK(blames(&drawing, &options, "aaacd"));
}

TEST(renames_of_the_same_content_are_followed)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CLEANUP(operation_freep) struct operation *operation = NULL;
    struct dits_blame_options options = {.path = "g", .revision = "HEAD"};
    CHECK_OK(make(&drawing));
    CHECK_OK(operation_begin(drawing.temp.repo, "mv", &operation));
    CHECK_OK(temp_repo_set(operation, "f", NULL));
    CHECK_OK(temp_repo_set(operation, "g", "main\n2\nmerge\n  side\nend\n"));
    CHECK_OK(operation_commit(operation));
    operation_freep(&operation);
    CHECK(work_write(&drawing.temp, "g", "main\nmine\nmerge\n  side\nend\n"));
    options.revision = NULL; /* the rename is only staged */
    CHECK(blames(&drawing, &options, "b-efd"));
    CHECK_OK(draw(&drawing, 'g', "f", NULL));
    CHECK_OK(draw_text(&drawing, 'h', "g", "g", "2\nmerge\n  side\nnew\n"));
    options.revision = "HEAD";
    CHECK(blames(&drawing, &options, "aefh"));
}

TEST(ranges_choose_lines)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    static const char *const ranges[] = {"/merge/,+1", "5"};
    const struct dits_blame_options options = {
        .path = "f", .revision = "HEAD", .ranges = ranges, .range_count = 2};
    CHECK_OK(make(&drawing));
    CHECK(blames(&drawing, &options, "ed"));
}

TEST(the_older_version_is_told_of)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CLEANUP(blame_freep) dits_blame *blame = NULL;
    const struct dits_blame_options options = {.path = "f", .revision = "HEAD"};
    CHECK_OK(make(&drawing));
    CHECK_OK(dits_blame_new(drawing.temp.repo, &options, &blame));
    CHECK(strcmp(dits_blame_path(blame), "f") == 0);
    struct dits_blame_line line = dits_blame_line_at(blame, 4);
    CHECK(line.number == 5 && line.origin_number == 5);
    CHECK(dits_oid_equal(&line.previous, &drawing.ids['c']));
    CHECK(strcmp(line.previous_path, "f") == 0);
    line = dits_blame_line_at(blame, 1);
    CHECK(dits_oid_is_zero(&line.previous) && line.previous_path == NULL);
}

static dits_error *obliterate_version(struct drawing *drawing, const char *text)
{
    struct dits_oid content = {0};
    char hex[DITS_OID_HEX_SIZE];
    struct dits_obliterate_result result = {0};
    hash_bytes(text, strlen(text), &content);
    dits_oid_hex(&content, hex);
    const struct dits_obliterate_options options = {.content = hex};
    return dits_obliterate(drawing->temp.repo, &options, &result);
}

/* a---b---c---d, of which b is not known any more. */
static dits_error *make_line(struct drawing *drawing)
{
    TRY(temp_repo_make(&drawing->temp));
    TRY(draw_text(drawing, 'a', "", "f", "1\n2\n3\n"));
    TRY(draw_text(drawing, 'b', "a", "f", "1\n2\nb\n3\n"));
    TRY(draw_text(drawing, 'c', "b", "f", "1\nc\nb\n3\n"));
    TRY(draw_text(drawing, 'd', "c", "f", "1\nc\nb\n3\nd\n"));
    return obliterate_version(drawing, "1\n2\nb\n3\n");
}

TEST(an_obliterated_version_is_passed_over)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    CLEANUP(blame_freep) dits_blame *blame = NULL;
    struct dits_blame_options options = {.path = "f", .revision = "HEAD"};
    CHECK_OK(make_line(&drawing));
    CHECK(blames(&drawing, &options, "accad"));
    CHECK_OK(dits_blame_new(drawing.temp.repo, &options, &blame));
    struct dits_blame_line line = dits_blame_line_at(blame, 2);
    CHECK(line.origin_number == 3 && strcmp(line.path, "f") == 0);
    CHECK(strcmp(line.previous_path, "f") == 0);
    CHECK(drawing_letter(&drawing, &line.previous) == 'b');
    options.revision = "HEAD~2";
    CHECK_FAILS(DITS_E_GONE,
                dits_blame_new(drawing.temp.repo, &options, &blame));
}

TEST(parents_that_can_be_read_take_lines_first)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    struct dits_blame_options options = {.path = "f", .revision = "HEAD"};
    CHECK_OK(make(&drawing));
    CHECK_OK(obliterate_version(&drawing, "main\n2\n3\n4\n"));
    CHECK(blames(&drawing, &options, "eaefd"));
}

TEST(the_only_copy_of_an_obliterated_version_is_known)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    struct dits_blame_options options = {.path = "f"};
    CHECK_OK(make_line(&drawing));
    CHECK_OK(temp_repo_stage(&drawing.temp, "f", "1\nc\nb\n3\nd\n"));
    CHECK(work_write(&drawing.temp, "f", "1\nc\nb\n3\nd\n"));
    CHECK_OK(obliterate_version(&drawing, "1\nc\nb\n3\nd\n"));
    CHECK(blames(&drawing, &options, "accad"));
    CHECK(work_write(&drawing.temp, "f", "1\nc\nb\n3\nnew\n"));
    CHECK(blames(&drawing, &options, "acca-"));
}

TEST(what_is_no_text_or_not_there_is_an_error)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    dits_blame *blame = NULL;
    struct dits_blame_options options = {.path = "nothing"};
    CHECK_OK(make(&drawing));
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_blame_new(drawing.temp.repo, &options, &blame));
    options.revision = "HEAD";
    CHECK_FAILS(DITS_E_NOT_FOUND,
                dits_blame_new(drawing.temp.repo, &options, &blame));
}

TEST(every_failed_allocation_is_an_error)
{
    CLEANUP(drawing_release) struct drawing drawing = {0};
    const struct dits_blame_options options = {.path = "f", .revision = "HEAD"};
    CHECK_OK(make(&drawing));
    CHECK(blames(&drawing, &options, "baefd"));
    for (unsigned nth = 1;; nth++) {
        CLEANUP(blame_freep) dits_blame *blame = NULL;
        size_t live = mem_fault_live();
        mem_fault_arm(nth);
        dits_error *err = dits_blame_new(drawing.temp.repo, &options, &blame);
        bool reached = mem_fault_disarm();
        blame_freep(&blame);
        if (!reached) {
            CHECK_OK(err);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(mem_fault_live() == live);
    }
}
