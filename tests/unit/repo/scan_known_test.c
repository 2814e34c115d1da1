/* Scans that know folders from before, beside scans that list all. */
#include "repo/scan_known.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <dits/config.h>
#include <dits/worktree.h>

#include "base/text.h"
#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"
#include "support/work_files.h"

enum { SETTLED_MS = 60 };

static dits_error *set(struct temp_repo *temp, const char *value)
{
    TRY(dits_config_set(temp->context, temp->repo, DITS_CONFIG_REPO,
                        "status.untrackedCache", value));
    return temp_repo_reopen(temp);
}

/* Old enough that a change would show. */
static dits_error *make(struct temp_repo *out)
{
    TRY(temp_repo_make(out));
    if (!work_write(out, "a/one", "1") || !work_write(out, "a/b/two", "2") ||
        !work_write(out, "c", "3"))
        return error_new(DITS_E_IO, "cannot write");
    TRY(work_add(out, NULL));
    if (!work_write(out, "a/new", "4") || !work_write(out, "d/e/f.o", "5"))
        return error_new(DITS_E_IO, "cannot write");
    TRY(set(out, "true"));
    fs_pause_ms(SETTLED_MS);
    return NULL;
}

static dits_error *describe(const struct scan_result *found, struct buf *out)
{
    static const char letters[] = {
        [SCAN_DOUBTFUL] = '~',   [SCAN_MISSING] = 'D', [SCAN_UNTRACKED] = '?',
        [SCAN_IGNORED] = '!',    [SCAN_NESTED] = 'N',  [SCAN_SPECIAL] = 'S',
        [SCAN_UNREADABLE] = 'U',
    };
    for (size_t i = 0; i < found->count; i++) {
        const struct scan_entry *entry = &found->entries[i];
        if (entry->state != SCAN_DOUBTFUL)
            TRY(buf_printf(out, "%c%s%s ", letters[entry->state], entry->path,
                           entry->is_folder ? "/" : ""));
    }
    return NULL;
}

static dits_error *scan(struct temp_repo *temp, struct scan_options options,
                        struct buf *out, size_t *out_listed)
{
    CLEANUP(index_freep) struct index *index = NULL;
    CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
    CLEANUP(scan_result_release) struct scan_result found = {0};
    TRY(index_open(temp->repo, &index));
    TRY(pathspec_of(temp->repo, NULL, &pathspec));
    options.index = index;
    options.pathspec = pathspec;
    options.ignored = true;
    TRY(scan_run(temp->repo, &options, &found));
    *out_listed = found.listed;
    return describe(&found, out);
}

/* Both ways give `expected`, and `listed` folders had to be listed. */
static bool finds(struct temp_repo *temp, const char *expected, size_t listed)
{
    struct scan_options options = {.expand = true};
    CLEANUP(buf_release) struct buf all = {0};
    CLEANUP(buf_release) struct buf known = {0};
    size_t count = 0;
    dits_error *err = scan(temp, options, &all, &count);
    options.by_cache = options.keep = true;
    if (err == NULL)
        err = scan(temp, options, &known, &count);
    bool same = err == NULL && strcmp(buf_text(&all), expected) == 0 &&
                strcmp(buf_text(&known), expected) == 0 && count == listed;
    dits_error_free(err);
    if (!same)
        fprintf(stderr, "all:   %s\nknown: %s\nlisted: %zu\n", buf_text(&all),
                buf_text(&known), count);
    return same;
}

#define AS_MADE "?a/new ?d/e/f.o "

TEST(folders_as_they_were_are_not_listed)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make(&temp));
    CHECK(finds(&temp, AS_MADE, 5));
    CHECK(finds(&temp, AS_MADE, 0));
    CHECK(finds(&temp, AS_MADE, 0));
}

/* Proof of whence they come: a name that is only in the file. */
TEST(names_come_from_the_file)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(untracked_cache_release) struct untracked_cache cache = {0};
    CLEANUP(buf_release) struct buf out = {0};
    const struct scan_options options = {.expand = true, .by_cache = true};
    bool found = false;
    size_t at = 0;
    CHECK_OK(make(&temp));
    CHECK(finds(&temp, AS_MADE, 5));
    CHECK_OK(untracked_cache_read(temp.repo, &cache, &found));
    CHECK(found && untracked_cache_find(&cache, "a/b", &at) != NULL);
    cache.folders[at].names = slice_of("\0ghost", sizeof("\0ghost"));
    CHECK_OK(untracked_cache_write(temp.repo, &cache));
    CHECK_OK(scan(&temp, options, &out, &at));
    CHECK(at == 0 && strcmp(buf_text(&out), "?a/b/ghost " AS_MADE) == 0);
}

TEST(what_changed_is_listed)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make(&temp));
    CHECK(finds(&temp, AS_MADE, 5));
    CHECK(work_write(&temp, "a/b/x", "1"));
    CHECK(finds(&temp, "?a/b/x " AS_MADE, 1));
    fs_pause_ms(SETTLED_MS);
    CHECK(finds(&temp, "?a/b/x " AS_MADE, 1));
    CHECK(finds(&temp, "?a/b/x " AS_MADE, 0));
    CHECK(work_remove(&temp, "a/b/x"));
    CHECK(finds(&temp, AS_MADE, 1));
    CHECK(work_remove(&temp, "a/new"));
    CHECK(work_write(&temp, "a/new/x", "1")); /* a folder by now */
    CHECK(finds(&temp, "?a/new/x ?d/e/f.o ", 3));
    fs_pause_ms(SETTLED_MS);
    CHECK(finds(&temp, "?a/new/x ?d/e/f.o ", 3));
    CHECK(finds(&temp, "?a/new/x ?d/e/f.o ", 0));
}

/* Every part of what tells one state of a folder from another. */
static void alter(struct fs_stat *stat, unsigned part)
{
    stat->device += part == 0;
    stat->inode += part == 1;
    stat->size += part == 2;
    stat->mtime_ns -= part == 3; /* as a program can set it back */
    stat->ctime_ns -= part == 4;
}

TEST(all_of_the_stat_data_counts)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make(&temp));
    CHECK(finds(&temp, AS_MADE, 5));
    for (unsigned part = 0; part < 5; part++) {
        CLEANUP(untracked_cache_release) struct untracked_cache cache = {0};
        bool found = false;
        size_t at = 0;
        CHECK_OK(untracked_cache_read(temp.repo, &cache, &found));
        CHECK(found && untracked_cache_find(&cache, "a/b", &at) != NULL);
        alter(&cache.folders[at].stat, part);
        CHECK_OK(untracked_cache_write(temp.repo, &cache));
        CHECK(finds(&temp, AS_MADE, 1));
    }
    CHECK(finds(&temp, AS_MADE, 0));
}

/* How old a folder is for a scan that begins now. */
static int64_t age_of(const struct temp_repo *temp, const char *name)
{
    char path[128];
    struct fs_stat stat = {0};
    (void)snprintf(path, sizeof(path), "%s/%s", temp->folder, name);
    dits_error *err = fs_stat_path(path, &stat);
    int64_t age = err == NULL ? fs_now_ns() - stat.ctime_ns : 0;
    dits_error_free(err);
    return age;
}

/* Another change at the same moment would leave the same times. */
TEST(a_folder_that_just_changed_is_not_noted)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    unsigned seen = 0;
    CHECK_OK(make(&temp));
    CHECK(finds(&temp, AS_MADE, 5));
    for (unsigned i = 0; i < 1000 && seen < 5; i++) {
        CHECK(work_write(&temp, "a/b/x", "1"));
        CHECK(finds(&temp, "?a/b/x " AS_MADE, 1));
        if (age_of(&temp, "a/b") < 15000000) { /* and it was less before */
            CHECK(finds(&temp, "?a/b/x " AS_MADE, 1));
            seen++;
        }
        CHECK(work_remove(&temp, "a/b/x"));
    }
    CHECK(seen == 5);
}

TEST(what_is_staged_decides_what_is_untracked)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make(&temp));
    CHECK(finds(&temp, AS_MADE, 5));
    CHECK_OK(work_add(&temp, "a/new"));
    CHECK(finds(&temp, "?d/e/f.o ", 1));
    CHECK(finds(&temp, "?d/e/f.o ", 0));
    CHECK_OK(temp_repo_stage(&temp, "a/new", NULL));
    CHECK_OK(temp_repo_stage(&temp, "a/b/two", NULL));
    CHECK(finds(&temp, "?a/b/two " AS_MADE, 2));
    CHECK(finds(&temp, "?a/b/two " AS_MADE, 0));
    /* Of another name, and not there. */
    CHECK_OK(temp_repo_stage(&temp, "a/b/two", "2"));
    CHECK_OK(temp_repo_stage(&temp, "a/b/gone", "2"));
    CHECK(finds(&temp, "Da/b/gone " AS_MADE, 2));
    CHECK(finds(&temp, "Da/b/gone " AS_MADE, 1));
}

TEST(what_is_missing_is_never_known)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make(&temp));
    CHECK(work_remove(&temp, "a/b/two"));
    CHECK(work_write(&temp, "a/b/two/x", "1")); /* a folder in its place */
    fs_pause_ms(SETTLED_MS);
    CHECK(finds(&temp, "Da/b/two ?a/b/two/x " AS_MADE, 6));
    CHECK(finds(&temp, "Da/b/two ?a/b/two/x " AS_MADE, 1));
    CHECK(work_remove(&temp, "a/b/two/x"));
    CHECK(work_remove(&temp, "a/b/two"));
    CHECK(work_remove(&temp, "a/b"));
    CHECK(work_link(&temp, "a/b", "../d"));
    fs_pause_ms(SETTLED_MS);
    CHECK(finds(&temp, "?a/b Da/b/two " AS_MADE, 1));
    CHECK(finds(&temp, "?a/b Da/b/two " AS_MADE, 1));
}

/* No folder's times tell of them. */
TEST(ignore_rules_are_applied_anew)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make(&temp));
    CHECK(work_write(&temp, "a/.ditsignore", "none\n"));
    CHECK_OK(work_add(&temp, "a/.ditsignore"));
    CHECK(work_write(&temp, "d/.ditsignore", "none\n"));
    fs_pause_ms(SETTLED_MS);
    CHECK(finds(&temp, "?a/new ?d/.ditsignore ?d/e/f.o ", 5));
    CHECK(work_write(&temp, "a/.ditsignore", "new\n"));
    CHECK(finds(&temp, "!a/new ?d/.ditsignore ?d/e/f.o ", 0));
    CHECK(work_write(&temp, "d/.ditsignore", "*.o\n"));
    CHECK(finds(&temp, "!a/new ?d/.ditsignore !d/e/f.o ", 0));
    CHECK(work_write(&temp, ".dits/info/exclude", "/d/\n"));
    CHECK(finds(&temp, "!a/new !d/ ", 0));
    CHECK(work_write(&temp, ".dits/info/exclude", ""));
    CHECK(work_write(&temp, "a/.ditsignore", ""));
    CHECK(finds(&temp, "?a/new ?d/.ditsignore !d/e/f.o ", 0));
}

TEST(folders_that_are_shown_as_one_are_known_too)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct scan_options options = {.by_cache = true, .keep = true};
    CHECK_OK(make(&temp));
    for (unsigned i = 0; i < 2; i++) {
        CLEANUP(buf_release) struct buf out = {0};
        size_t listed = 0;
        CHECK_OK(scan(&temp, options, &out, &listed));
        CHECK(strcmp(buf_text(&out), "?a/new ?d/ ") == 0);
        CHECK(listed == (i == 0 ? 5 : 0));
    }
    CHECK(work_write(&temp, "d/.ditsignore", "*\n"));
    CLEANUP(buf_release) struct buf out = {0};
    size_t listed = 0;
    CHECK_OK(scan(&temp, options, &out, &listed));
    CHECK(strcmp(buf_text(&out), "?a/new !d/ ") == 0 && listed == 1);
}

TEST(a_repository_below_is_one_until_it_is_not)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make(&temp));
    CHECK(work_write(&temp, "d/e/.dits/x", ""));
    fs_pause_ms(SETTLED_MS);
    CHECK(finds(&temp, "?a/new Nd/e/ ", 5));
    CHECK(finds(&temp, "?a/new Nd/e/ ", 0));
    CHECK(work_remove(&temp, "d/e/.dits/x"));
    CHECK(work_remove(&temp, "d/e/.dits"));
    CHECK(finds(&temp, AS_MADE, 1));
}

/* Change the file as it was written. */
static dits_error *forge(struct temp_repo *temp, int64_t later, uint64_t device,
                         enum untracked_verdict verdict)
{
    CLEANUP(untracked_cache_release) struct untracked_cache cache = {0};
    bool found = false;
    TRY(untracked_cache_read(temp->repo, &cache, &found));
    cache.written_ns += later;
    cache.device += device;
    cache.verdict = verdict;
    return untracked_cache_write(temp->repo, &cache);
}

TEST(what_is_from_the_future_is_not_believed)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const int64_t hour = INT64_C(3600000000000);
    CHECK_OK(make(&temp));
    CHECK(finds(&temp, AS_MADE, 5));
    CHECK_OK(forge(&temp, hour, 0, UNTRACKED_UNTRIED));
    CHECK(finds(&temp, AS_MADE, 5));
    CHECK(finds(&temp, AS_MADE, 0));
}

TEST(by_itself_it_believes_what_was_tried_alone)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(dir_close) struct dir top = {0};
    CHECK_OK(make(&temp));
    CHECK_OK(dir_open(temp.folder, &top));
    if (!dir_is_local(&top))
        return;
    CHECK(finds(&temp, AS_MADE, 5));
    CHECK_OK(set(&temp, "auto"));
    CHECK(finds(&temp, AS_MADE, 5)); /* and few files are not worth it */
    CHECK(finds(&temp, AS_MADE, 5));
    CHECK_OK(forge(&temp, 0, 0, UNTRACKED_TOLD));
    CHECK(finds(&temp, AS_MADE, 0));
    CHECK_OK(forge(&temp, 0, 1, UNTRACKED_TOLD));
    CHECK(finds(&temp, AS_MADE, 5));
    CHECK_OK(forge(&temp, 0, (uint64_t)-1, UNTRACKED_UNTOLD));
    CHECK(finds(&temp, AS_MADE, 5));
    CHECK_OK(set(&temp, "true"));
    CHECK(finds(&temp, AS_MADE, 0));
    CHECK_OK(set(&temp, "false"));
    CHECK(finds(&temp, AS_MADE, 5));
}

TEST(many_names_are_worth_a_trial)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(untracked_cache_release) struct untracked_cache cache = {0};
    CLEANUP(dir_close) struct dir top = {0};
    struct scan_options options = {.by_cache = true, .keep = true};
    bool found = false;
    CHECK_OK(make(&temp));
    CHECK_OK(set(&temp, NULL));
    CHECK_OK(dir_open(temp.folder, &top));
    for (unsigned i = 0; i < 4100; i++) {
        char path[32];
        (void)snprintf(path, sizeof(path), "%u/%u", i % 10, i);
        CHECK(work_write(&temp, path, ""));
    }
    fs_pause_ms(SETTLED_MS);
    for (unsigned i = 0; i < 2; i++) {
        CLEANUP(buf_release) struct buf out = {0};
        size_t listed = 0;
        CHECK_OK(scan(&temp, options, &out, &listed));
        CHECK(listed == (i == 0 || !dir_is_local(&top) ? 15 : 0));
    }
    CHECK_OK(untracked_cache_read(temp.repo, &cache, &found));
    CHECK(found == dir_is_local(&top));
    CHECK(!found || cache.verdict == UNTRACKED_TOLD);
}

TEST(a_folder_with_very_many_untracked_names_is_listed)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    struct scan_options options = {.by_cache = true, .keep = true};
    CHECK_OK(make(&temp));
    for (unsigned i = 0; i < 600; i++) {
        char path[256];
        (void)snprintf(path, sizeof(path), "d/e/%0120u", i);
        CHECK(work_write(&temp, path, ""));
    }
    fs_pause_ms(SETTLED_MS);
    for (unsigned i = 0; i < 2; i++) {
        CLEANUP(buf_release) struct buf out = {0};
        size_t listed = 0;
        CHECK_OK(scan(&temp, options, &out, &listed));
        CHECK(listed == (i == 0 ? 5 : 1));
    }
}

TEST(a_file_that_cannot_be_used_is_none)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK_OK(make(&temp));
    CHECK(work_write(&temp, ".dits/untracked", "damaged"));
    CHECK(finds(&temp, AS_MADE, 5));
    CHECK(finds(&temp, AS_MADE, 0));
    CHECK(work_remove(&temp, ".dits/untracked"));
    CHECK(work_write(&temp, ".dits/untracked/x", "")); /* nor be written */
    CHECK(finds(&temp, AS_MADE, 5));
    CHECK(finds(&temp, AS_MADE, 5));
}

TEST(a_setting_that_is_none_is_told_of)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(buf_release) struct buf out = {0};
    size_t listed = 0;
    CHECK_OK(make(&temp));
    CHECK_OK(set(&temp, "perhaps"));
    CHECK_FAILS(
        DITS_E_INVALID,
        scan(&temp, (struct scan_options){.by_cache = true}, &out, &listed));
}

TEST(failed_allocations_leave_nothing_behind)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    const struct scan_options options = {
        .expand = true, .by_cache = true, .keep = true};
    CHECK_OK(make(&temp));
    CHECK(finds(&temp, AS_MADE, 5)); /* what the repository keeps is there */
    for (unsigned round = 0; round < 2; round++) {
        size_t live = mem_fault_live();
        bool reached = true;
        for (unsigned nth = 1; reached; nth++) {
            struct buf out = {0};
            size_t listed = 0;
            if (round == 0) /* with nothing known, and then with all */
                (void)work_remove(&temp, ".dits/untracked");
            mem_fault_arm(nth);
            dits_error *err = scan(&temp, options, &out, &listed);
            reached = mem_fault_disarm();
            CHECK(err == NULL || dits_error_has(err, DITS_E_NOMEM));
            CHECK(err != NULL || strcmp(buf_text(&out), AS_MADE) == 0);
            dits_error_free(err);
            buf_release(&out);
            CHECK(mem_fault_live() == live);
        }
    }
}
