#include <dits/commit.h>
#include <dits/config.h>
#include <dits/operation.h>
#include <dits/worktree.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "repo/operation_row.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

/* What a clean told, and what its caller does meanwhile. */
struct watcher {
    struct temp_repo *temp;
    struct buf told;   /* "D path\n", "left path\n" */
    const char *edits; /* this file, before any goes */
    bool stops;
};

static void watcher_release(struct watcher *watcher)
{
    buf_release(&watcher->told);
}

static dits_error *on_path(const struct dits_path_event *event, void *payload)
{
    struct watcher *watcher = payload;
    if (watcher->stops)
        return error_new(DITS_E_CANCELLED, "enough");
    if (watcher->edits != NULL &&
        !work_write(watcher->temp, watcher->edits, "edited"))
        return error_new(DITS_E_IO, "cannot write");
    return buf_printf(&watcher->told, "%c %s\n", event->action, event->path);
}

static void on_left(const char *path, const dits_error *why, void *payload)
{
    struct watcher *watcher = payload;
    (void)why;
    dits_error_free(buf_printf(&watcher->told, "left %s\n", path));
}

static dits_error *clean(struct watcher *watcher, const char *path,
                         const struct dits_clean_options *options,
                         struct dits_clean_result *out)
{
    struct dits_paths paths = {.items = &path, .count = path != NULL};
    struct dits_clean_options all = *options;
    all.on_path = on_path;
    all.on_left = on_left;
    all.payload = watcher;
    buf_clear(&watcher->told);
    return dits_clean(watcher->temp->repo, &paths, &all, out);
}

static bool told(const struct watcher *watcher, const char *wanted)
{
    bool same = strcmp(buf_text(&watcher->told), wanted) == 0;
    if (!same)
        printf("# told: %s", buf_text(&watcher->told));
    return same;
}

static dits_error *make(struct temp_repo *temp)
{
    TRY(temp_repo_make(temp));
    if (!work_write(temp, ".ditsignore", "*.tmp\n") ||
        !work_write(temp, "f/kept", "kept"))
        return error_new(DITS_E_IO, "cannot write");
    TRY(work_add(temp, NULL));
    if (!work_write(temp, "a", "one") || !work_write(temp, "b.tmp", "two") ||
        !work_write(temp, "f/c", "three") || !work_write(temp, "u/d", "four") ||
        !work_write(temp, "u/v/e", "five"))
        return error_new(DITS_E_IO, "cannot write");
    return NULL;
}

static bool all_there(const struct temp_repo *temp)
{
    return work_is(temp, "a", "one") && work_is(temp, "b.tmp", "two") &&
           work_is(temp, "f/c", "three") && work_is(temp, "u/d", "four") &&
           work_is(temp, "u/v/e", "five") && work_is(temp, "f/kept", "kept");
}

static dits_error *newest_kind(struct temp_repo *temp, bool *out_is_clean)
{
    CLEANUP(operation_row_release) struct operation_row row = {0};
    bool found = false;
    TRY(operation_row_newest(temp->repo, &row, &found));
    *out_is_clean = found && strcmp(row.kind, "clean") == 0;
    return NULL;
}

TEST(cleaning_needs_force_or_a_setting)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(watcher_release) struct watcher watcher = {.temp = &temp};
    struct dits_clean_options plain = {0};
    CHECK_OK(make(&temp));
    CHECK_FAILS(DITS_E_INVALID, clean(&watcher, NULL, &plain, NULL));
    CHECK(all_there(&temp));
    CHECK_OK(dits_config_set(temp.context, temp.repo, DITS_CONFIG_REPO,
                             "clean.requireForce", "false"));
    CHECK_OK(temp_repo_reopen(&temp));
    CHECK_OK(clean(&watcher, NULL, &plain, NULL));
    CHECK(!work_exists(&temp, "a"));
}

TEST(each_scope_takes_its_files_and_undo_brings_them_back)
{
    static const struct {
        enum dits_clean_scope scope;
        bool folders;
        const char *told;
    } cases[] = {
        {DITS_CLEAN_UNTRACKED, false, "D a\nD f/c\n"},
        {DITS_CLEAN_UNTRACKED, true, "D a\nD f/c\nD u/\n"},
        {DITS_CLEAN_ALL, false, "D a\nD b.tmp\nD f/c\n"},
        {DITS_CLEAN_ALL, true, "D a\nD b.tmp\nD f/c\nD u/\n"},
        {DITS_CLEAN_IGNORED, true, "D b.tmp\n"},
    };
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(watcher_release) struct watcher watcher = {.temp = &temp};
    CHECK_OK(make(&temp));
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dits_clean_options options = {.scope = cases[i].scope,
                                             .folders = cases[i].folders};
        struct dits_clean_result result = {0};
        options.dry_run = true;
        CHECK_OK(clean(&watcher, NULL, &options, NULL));
        CHECK(told(&watcher, cases[i].told) && all_there(&temp));
        options.dry_run = false;
        options.force = true;
        CHECK_OK(clean(&watcher, NULL, &options, &result));
        CHECK(told(&watcher, cases[i].told) && !all_there(&temp));
        CHECK(work_is(&temp, "f/kept", "kept") && result.paths_left == 0);
        CHECK(work_exists(&temp, "u") !=
              (cases[i].folders && cases[i].scope != DITS_CLEAN_IGNORED));
        CHECK_OK(dits_undo(temp.repo, 0, NULL));
        CHECK(all_there(&temp));
    }
}

TEST(links_and_modes_come_back)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(watcher_release) struct watcher watcher = {.temp = &temp};
    struct dits_clean_options all = {
        .scope = DITS_CLEAN_ALL, .folders = true, .force = true};
    struct dits_clean_result result = {0};
    struct stat st = {0};
    char path[512];
    CHECK_OK(make(&temp));
    CHECK(work_link(&temp, "u/link", "../f") && work_write(&temp, "u/x", "x"));
    CHECK(work_chmod(&temp, "u/x", 0755));
    CHECK_OK(clean(&watcher, "u", &all, &result));
    CHECK(told(&watcher, "D u/\n") && result.files == 4);
    CHECK(result.bytes == 4 + 4 + 1 + 4);
    CHECK(work_is(&temp, "f/c", "three") && !work_exists(&temp, "u"));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    (void)snprintf(path, sizeof(path), "%s/u/x", temp.folder);
    CHECK(stat(path, &st) == 0 && (st.st_mode & S_IXUSR) != 0);
    (void)snprintf(path, sizeof(path), "%s/u/link", temp.folder);
    CHECK(lstat(path, &st) == 0 && S_ISLNK(st.st_mode));
}

TEST(a_file_that_changes_before_it_goes_stays)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(watcher_release)
    struct watcher watcher = {.temp = &temp, .edits = "u/d"};
    struct dits_clean_options all = {.folders = true, .force = true};
    struct dits_clean_result result = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(clean(&watcher, "u", &all, &result));
    CHECK(told(&watcher, "D u/\nleft u/d\n") && result.paths_left == 1);
    CHECK(work_is(&temp, "u/d", "edited") && !work_exists(&temp, "u/v"));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(all_there(&temp));
    CHECK_OK(dits_redo(temp.repo, NULL));
    CHECK(work_is(&temp, "u/d", "edited"));
}

TEST(a_caller_that_stops_it_changes_nothing)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(watcher_release)
    struct watcher watcher = {.temp = &temp, .stops = true};
    struct dits_clean_options all = {.folders = true, .force = true};
    bool is_clean = true;
    CHECK_OK(make(&temp));
    CHECK_FAILS(DITS_E_CANCELLED, clean(&watcher, NULL, &all, NULL));
    CHECK_OK(newest_kind(&temp, &is_clean));
    CHECK(all_there(&temp) && !is_clean);
}

/* As after a power cut between the record and the removal. */
TEST(undo_is_content_with_files_that_never_went)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(watcher_release) struct watcher watcher = {.temp = &temp};
    struct dits_clean_options all = {.folders = true, .force = true};
    CHECK_OK(make(&temp));
    CHECK_OK(clean(&watcher, NULL, &all, NULL));
    CHECK(work_write(&temp, "a", "one") && work_write(&temp, "u/d", "four"));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(all_there(&temp));
}

TEST(repositories_and_what_holds_them_stay)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(watcher_release) struct watcher watcher = {.temp = &temp};
    struct dits_clean_options all = {
        .scope = DITS_CLEAN_ALL, .folders = true, .force = true};
    CHECK_OK(make(&temp));
    CHECK(work_write(&temp, "u/git/.git/HEAD", "ref") &&
          work_write(&temp, "u/git/x", "x") &&
          work_write(&temp, "u/link/.git", "gitdir: elsewhere") &&
          work_write(&temp, "u/dits/.dits/x", "x"));
    unsigned warnings = temp.warnings;
    CHECK_OK(clean(&watcher, "u", &all, NULL));
    CHECK(told(&watcher, "D u/d\nD u/v/\n"));
    CHECK(temp.warnings == warnings + 3);
    CHECK(work_is(&temp, "u/git/x", "x") && work_exists(&temp, "u/link/.git"));
    CHECK_FAILS(DITS_E_NOT_FOUND, clean(&watcher, "u/git/x", &all, NULL));
    CHECK(work_exists(&temp, ".dits/config"));
}

TEST(names_that_undo_refuses_to_write_stay)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(watcher_release) struct watcher watcher = {.temp = &temp};
    struct dits_clean_options all = {.folders = true, .force = true};
    struct dits_clean_result result = {0};
    CHECK_OK(make(&temp));
    CHECK(work_write(&temp, "u/\xff", "x") &&
          work_write(&temp, "u/.GIT/x", "x"));
    CHECK_OK(clean(&watcher, "u", &all, &result));
    CHECK(result.paths_left == 2 && work_exists(&temp, "u/.GIT/x"));
    CHECK(told(&watcher, "D u/d\nD u/v/\nleft u/.GIT/x\nleft u/\xff\n"));
    CHECK_OK(dits_undo(temp.repo, 0, NULL));
    CHECK(all_there(&temp));
}

TEST(patterns_and_paths_choose)
{
    static const char *const pattern = "[ac]";
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(watcher_release) struct watcher watcher = {.temp = &temp};
    struct dits_clean_options options = {
        .scope = DITS_CLEAN_ALL,
        .force = true,
        .dry_run = true,
        .exclude = {.items = &pattern, .count = 1},
    };
    CHECK_OK(make(&temp));
    CHECK_OK(clean(&watcher, NULL, &options, NULL));
    CHECK(told(&watcher, "D b.tmp\n"));
    options.scope = DITS_CLEAN_IGNORED;
    CHECK_OK(clean(&watcher, NULL, &options, NULL));
    CHECK(told(&watcher, "D a\nD b.tmp\nD f/c\n"));
    CHECK_OK(clean(&watcher, "*/c", &options, NULL));
    CHECK(told(&watcher, "D f/c\n"));
    CHECK_FAILS(DITS_E_NOT_FOUND, clean(&watcher, "none", &options, NULL));
    CHECK_OK(clean(&watcher, "f/kept", &options, NULL));
    CHECK(told(&watcher, ""));
    options.scope = DITS_CLEAN_UNTRACKED;
    options.exclude.count = 0;
    CHECK_OK(clean(&watcher, "u/v/e", &options, NULL));
    CHECK(told(&watcher, "D u/v/e\n"));
}

/* Whatever fails, each file is there, or undo brings it back. */
static bool nothing_is_lost(struct temp_repo *temp, dits_error *err)
{
    bool is_clean = false;
    bool known = test_ok(newest_kind(temp, &is_clean), "newest", __FILE__, 0);
    if (err != NULL)
        return known && !is_clean &&
               test_fails(DITS_E_NOMEM, err, "clean", __FILE__, __LINE__) &&
               all_there(temp);
    return known && is_clean &&
           test_ok(dits_undo(temp->repo, 0, NULL), "undo", __FILE__,
                   __LINE__) &&
           all_there(temp);
}

TEST(failed_allocations_lose_no_file)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct dits_clean_options all = {.folders = true, .force = true};
    bool reached = true;
    CHECK_OK(make(&temp));
    for (unsigned nth = 1; reached && nth < 10000; nth++) {
        struct dits_clean_result result = {0};
        mem_fault_arm(nth);
        dits_error *err = dits_clean(temp.repo, NULL, &all, &result);
        reached = mem_fault_disarm();
        CHECK(nothing_is_lost(&temp, err));
    }
    CHECK(!reached);
}
