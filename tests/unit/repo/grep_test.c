#include <dits/grep.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support/temp_repo.h"
#include "support/test.h"
#include "support/work_files.h"

static dits_error *put_event(const struct dits_grep_event *event, void *payload)
{
    struct buf *out = payload;
    TRY(buf_printf(out, "%s%s%s",
                   event->revision != NULL ? event->revision : "",
                   event->revision != NULL ? ":" : "", event->path));
    if (event->kind == DITS_GREP_FILE)
        return buf_printf(out, "=%" PRIu64 "%s\n", event->number,
                          event->is_binary ? " binary" : "");
    return buf_printf(out, ":%s\n", event->line);
}

static bool finds(struct temp_repo *temp, struct dits_grep_options options,
                  const char *pattern, const char *wanted)
{
    CLEANUP(buf_release) struct buf found = {0};
    options.patterns = &pattern;
    options.pattern_count = 1;
    if (!test_ok(dits_grep(temp->repo, &options, put_event, &found), pattern,
                 __FILE__, __LINE__))
        return false;
    if (strcmp(buf_text(&found), wanted) != 0)
        printf("# '%s' gives:\n%s\n", pattern, buf_text(&found));
    return strcmp(buf_text(&found), wanted) == 0;
}

static dits_error *make(struct temp_repo *temp)
{
    struct dits_oid id = {{0}};
    TRY(temp_repo_make(temp));
    TRY(temp_repo_commit(temp, "a", "old scene\n", &id));
    TRY(temp_repo_commit(temp, "b", "other\n", &id));
    TRY(temp_repo_stage(temp, "a", "staged scene\n"));
    if (!work_write(temp, "a", "scene\non disk\nscene\n"))
        return error_new(DITS_E_IO, "cannot write");
    return NULL;
}

TEST(each_place_has_its_own_lines)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    static const char *const revisions[] = {"HEAD", "HEAD~1"};
    const struct dits_grep_options disk = {0};
    const struct dits_grep_options staged = {.staged = true};
    const struct dits_grep_options stored = {.revisions = revisions,
                                             .revision_count = 2};
    CHECK_OK(make(&temp));
    CHECK(finds(&temp, disk, "scene", "a:scene\na:scene\na=2\n"));
    CHECK(finds(&temp, staged, "scene", "a:staged scene\na=1\nb=0\n"));
    CHECK(finds(&temp, stored, "scene",
                "HEAD:a:old scene\nHEAD:a=1\nHEAD:b=0\n"
                "HEAD~1:a:old scene\nHEAD~1:a=1\n"));
}

TEST(the_first_hit_may_be_enough)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const struct dits_grep_options options = {
        .files_only = true, .first_only = true, .no_lines = true};
    CHECK_OK(make(&temp));
    CHECK(finds(&temp, options, "scene", "a=1\n"));
}

static dits_error *refuse(const struct dits_grep_event *event, void *payload)
{
    (void)event;
    (void)payload;
    return error_new(DITS_E_IO, "nobody reads");
}

TEST(errors_come_out)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    static const char *const nothing = "nothing";
    static const char *const bad = "\\(";
    struct dits_grep_options options = {.patterns = &nothing,
                                        .pattern_count = 1};
    CHECK_OK(make(&temp));
    CHECK_FAILS(DITS_E_IO, dits_grep(temp.repo, &options, refuse, NULL));
    options.revisions = &nothing;
    options.revision_count = 1;
    CHECK_FAILS(DITS_E_NOT_FOUND, dits_grep(temp.repo, &options, refuse, NULL));
    options.patterns = &bad;
    CHECK_FAILS(DITS_E_INVALID, dits_grep(temp.repo, &options, refuse, NULL));
}
