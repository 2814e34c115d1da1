#include <dits/diff.h>

#include <dits/commit.h>

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "repo/diff_private.h"
#include "support/test.h"
#include "support/work_files.h"

static dits_error *commit_all(struct temp_repo *temp)
{
    struct dits_commit_options options = {.message = "a step"};
    struct dits_commit_result result = {0};
    TRY(work_add(temp, NULL));
    return dits_commit_create(temp->repo, &options, &result);
}

static void diff_freep(dits_diff **diff)
{
    dits_diff_free(*diff);
}

/* "M a" lines for each file that differs between two kinds of side. */
static dits_error *names(struct temp_repo *temp, enum dits_diff_kind from,
                         enum dits_diff_kind to, char **out)
{
    CLEANUP(diff_freep) dits_diff *diff = NULL;
    CLEANUP(buf_release) struct buf text = {0};
    struct dits_diff_options options = {.from = {.kind = from},
                                        .to = {.kind = to}};
    TRY(dits_diff_new(temp->repo, &options, &diff));
    for (size_t i = 0; i < dits_diff_count(diff); i++) {
        const struct dits_diff_file *file = dits_diff_file_at(diff, i);
        TRY(buf_printf(&text, "%c %s\n", file->status,
                       file->new_path != NULL ? file->new_path
                                              : file->old_path));
    }
    return buf_take_text(&text, out);
}

static bool names_are(struct temp_repo *temp, enum dits_diff_kind from,
                      enum dits_diff_kind to, const char *expected)
{
    CLEANUP(text_free) char *text = NULL;
    CLEANUP(dits_error_freep) dits_error *err = names(temp, from, to, &text);
    return err == NULL && strcmp(text, expected) == 0;
}

TEST(any_two_sides_are_compared)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a", "one\n") && work_write(&temp, "b", "two\n") &&
          work_write(&temp, "c", "three\n"));
    CHECK_OK(commit_all(&temp));
    CHECK(work_write(&temp, "a", "ONE\n"));
    CHECK_OK(work_add(&temp, "a"));
    CHECK(work_remove(&temp, "b") && work_write(&temp, "a", "1\n"));
    CHECK(names_are(&temp, DITS_DIFF_REVISION, DITS_DIFF_STAGED, "M a\n"));
    CHECK(names_are(&temp, DITS_DIFF_STAGED, DITS_DIFF_WORKTREE, "M a\nD b\n"));
    CHECK(
        names_are(&temp, DITS_DIFF_REVISION, DITS_DIFF_WORKTREE, "M a\nD b\n"));
    CHECK(
        names_are(&temp, DITS_DIFF_WORKTREE, DITS_DIFF_REVISION, "M a\nA b\n"));
    CHECK(names_are(&temp, DITS_DIFF_EMPTY, DITS_DIFF_REVISION,
                    "A a\nA b\nA c\n"));
    CHECK(names_are(&temp, DITS_DIFF_STAGED, DITS_DIFF_STAGED, ""));
}

static dits_error *put_line(char origin, const char *line, size_t length,
                            void *payload)
{
    TRY(buf_put_u8(payload, (uint8_t)origin));
    return buf_put(payload, line, length);
}

TEST(text_is_compared_by_lines)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(diff_freep) dits_diff *diff = NULL;
    CLEANUP(buf_release) struct buf patch = {0};
    struct dits_diff_options options = {.from = {.kind = DITS_DIFF_STAGED},
                                        .to = {.kind = DITS_DIFF_WORKTREE}};
    struct dits_content_change change = {0};
    CHECK_OK(temp_repo_make(&temp));
    CHECK(work_write(&temp, "a", "1\n2\n3\n"));
    CHECK_OK(work_add(&temp, "a"));
    CHECK(work_write(&temp, "a", "1\ntwo\n3"));
    CHECK_OK(dits_diff_new(temp.repo, &options, &diff));
    CHECK(dits_diff_count(diff) == 1);
    CHECK_OK(dits_diff_content(diff, 0, &change));
    CHECK(change.is_text && change.lines_added == 2 &&
          change.lines_deleted == 2 && change.new_bytes == 7);
    CHECK_OK(dits_diff_lines(diff, 0, 3, put_line, &patch));
    CHECK(strcmp(buf_text(&patch), "@@@ -1,3 +1,3 @@\n 1\n-2\n-3\n+two\n+3"
                                   "\\\\ No newline at end of file\n") == 0);
}

/* A list of chunks named by letters, ten bytes each. */
static dits_error *chunks_of(const char *letters, struct diff_chunks *out)
{
    out->count = strlen(letters);
    if (out->count == 0)
        return NULL;
    out->items = mem_new_array(struct diff_chunk, out->count);
    if (out->items == NULL)
        return error_nomem();
    for (size_t i = 0; i < out->count; i++)
        out->items[i] = (struct diff_chunk){
            .id = {{(uint8_t)letters[i]}}, .offset = i * 10, .size = 10};
    return NULL;
}

static dits_error *put_range(const struct dits_diff_range *range, void *payload)
{
    return buf_printf(payload, "%d+%d>%d+%d ", (int)range->old_offset,
                      (int)range->old_size, (int)range->new_offset,
                      (int)range->new_size);
}

TEST(ranges_are_found_between_what_stays)
{
    static const struct {
        const char *before;
        const char *after;
        const char *ranges;
    } cases[] = {
        {"abc", "abc", ""},
        {"", "ab", "0+0>0+20 "},
        {"ab", "", "0+20>0+0 "},
        {"abcdef", "abXdef", "20+10>20+10 "},
        {"abcdef", "abcdXef", "40+0>40+10 "},
        {"abcdef", "bcdf", "0+10>0+0 40+10>30+0 "},
        {"abcdef", "XaYbcdefZ", "0+0>0+10 10+0>20+10 60+0>80+10 "},
        {"0000a000", "0000b000", "40+10>40+10 "},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        CLEANUP(diff_chunks_release) struct diff_chunks before = {0};
        CLEANUP(diff_chunks_release) struct diff_chunks after = {0};
        CLEANUP(buf_release) struct buf ranges = {0};
        CHECK_OK(chunks_of(cases[i].before, &before));
        CHECK_OK(chunks_of(cases[i].after, &after));
        CHECK_OK(diff_chunks_ranges(&before, &after, put_range, &ranges));
        CHECK(strcmp(buf_text(&ranges), cases[i].ranges) == 0);
    }
}

TEST(binary_files_are_counted_by_chunks)
{
    CLEANUP(diff_chunks_release) struct diff_chunks before = {0};
    CLEANUP(diff_chunks_release) struct diff_chunks after = {0};
    struct dits_content_change change = {0};
    CHECK_OK(chunks_of("abcd", &before));
    CHECK_OK(chunks_of("abXaa", &after));
    CHECK_OK(diff_chunks_count(&before, &after, &change));
    CHECK(change.shared_chunks == 4 && change.new_chunks == 1);
    CHECK(change.shared_bytes == 40 && change.new_bytes == 10);
    CHECK(change.old_bytes == 20);
}
