#include <dits/import_folder.h>

#include <dits/commit.h>
#include <dits/operation.h>
#include <dits/refs.h>

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "object/tree.h"
#include "support/mem_fault.h"
#include "support/test.h"
#include "support/work_files.h"

/* A folder of files whose times rise by a day, within a repository. */
struct versions {
    struct temp_repo temp;
    char folder[96];
    struct buf told;
};

static void versions_release(struct versions *versions)
{
    buf_release(&versions->told);
    temp_repo_release(&versions->temp);
}

static dits_error *make(struct versions *out, const char *const *names,
                        size_t count)
{
    TRY(temp_repo_make(&out->temp));
    (void)snprintf(out->folder, sizeof(out->folder), "%s/old",
                   out->temp.folder);
    for (size_t i = 0; i < count; i++) {
        char path[160];
        (void)snprintf(path, sizeof(path), "old/%s", names[i]);
        if (!work_write(&out->temp, path, names[i]))
            return error_new(DITS_E_IO, "cannot write");
        (void)snprintf(path, sizeof(path), "%s/%s", out->folder, names[i]);
        TRY(fs_set_mtime(path, (int64_t)(1 + i) * 86400 * 1000000000));
    }
    return NULL;
}

static dits_error *tell(const struct dits_import_file *file, void *payload)
{
    return buf_printf(payload, "%u %s<%s;", (unsigned)file->commit, file->path,
                      file->source);
}

static dits_error *import(struct versions *versions,
                          struct dits_import_folder_options options)
{
    options.on_file = tell;
    options.payload = &versions->told;
    buf_clear(&versions->told);
    return dits_import_folder(versions->temp.repo, versions->folder, &options,
                              NULL);
}

static const char *const cuts[] = {"cut_v2.mov",  "a.txt",
                                   "cut.mov",     "sub/mix_02.wav",
                                   "cut_v10.mov", "sub/mix_01.wav"};

static const char cuts_told[] =
    "1 a.txt<a.txt;2 cut.mov<cut.mov;3 cut.mov<cut_v2.mov;"
    "4 cut.mov<cut_v10.mov;5 sub/mix.wav<sub/mix_01.wav;"
    "6 sub/mix.wav<sub/mix_02.wav;";

TEST(versions_are_in_their_order_and_stems_by_time)
{
    CLEANUP(versions_release) struct versions at = {0};
    CHECK_OK(make(&at, cuts, 6));
    CHECK_OK(import(&at, (struct dits_import_folder_options){.dry_run = true}));
    CHECK(strcmp(buf_text(&at.told), cuts_told) == 0);
    CHECK_OK(import(&at, (struct dits_import_folder_options){.dry_run = true,
                                                             .by_time = true}));
    CHECK(strcmp(buf_text(&at.told),
                 "1 a.txt<a.txt;2 cut.mov<cut_v2.mov;3 cut.mov<cut.mov;"
                 "4 sub/mix.wav<sub/mix_02.wav;5 cut.mov<cut_v10.mov;"
                 "6 sub/mix.wav<sub/mix_01.wav;") == 0);
}

static dits_error *count_commit(const dits_commit *commit, void *payload)
{
    const struct dits_person *author = dits_commit_author(commit);
    ++*(unsigned *)payload;
    return author->time > 0 && author->time % 86400 == 0
               ? NULL
               : error_new(DITS_E_INVALID, "a time of another day");
}

TEST(an_import_is_one_operation)
{
    CLEANUP(versions_release) struct versions at = {0};
    const char *const branch[] = {"imported/old"};
    const struct dits_log_options log = {.revisions = branch,
                                         .revision_count = 1};
    unsigned commits = 0;
    struct dits_oid first = {0};
    CHECK_OK(make(&at, cuts, 6));
    CHECK_OK(temp_repo_commit(&at.temp, "other", "text", &first));
    CHECK_OK(import(&at, (struct dits_import_folder_options){0}));
    CHECK_OK(dits_log(at.temp.repo, &log, count_commit, &commits));
    CHECK(commits == 6);
    CHECK(temp_repo_ref_is(&at.temp, "refs/heads/main", &first));
    CHECK_OK(dits_undo(at.temp.repo, 0, NULL));
    CHECK(temp_repo_ref_is(&at.temp, "refs/heads/imported/old",
                           &(struct dits_oid){0}));
    CHECK(work_is(&at.temp, "old/cut_v2.mov", "cut_v2.mov"));
}

TEST(a_file_and_a_folder_of_one_name_are_refused)
{
    static const char *const names[] = {"cut_v1", "cut_v2", "cut/a"};
    CLEANUP(versions_release) struct versions at = {0};
    CHECK_OK(make(&at, names, 3));
    CHECK_FAILS(DITS_E_INVALID,
                import(&at, (struct dits_import_folder_options){0}));
}

TEST(only_the_first_letters_case_counts)
{
    static const char *const names[] = {"Cut.MOV", "cut_v2.mov", "CUT_V3.mov"};
    CLEANUP(versions_release) struct versions at = {0};
    CHECK_OK(make(&at, names, 3));
    CHECK_OK(import(&at, (struct dits_import_folder_options){0}));
    CHECK(strcmp(buf_text(&at.told), "1 Cut.MOV<Cut.MOV;2 Cut.MOV<cut_v2.mov;"
                                     "3 Cut.MOV<CUT_V3.mov;") == 0);
}

TEST(a_rule_needs_two_groups)
{
    CLEANUP(versions_release) struct versions at = {0};
    CHECK_OK(make(&at, cuts, 6));
    CHECK_FAILS(DITS_E_INVALID, import(&at, (struct dits_import_folder_options){
                                                .pattern = "(.*)"}));
    CHECK_FAILS(DITS_E_INVALID, import(&at, (struct dits_import_folder_options){
                                                .pattern = "("}));
    CHECK_OK(import(&at, (struct dits_import_folder_options){
                             .pattern = "^(cut)_v(.*)\\.mov"}));
    CHECK(strcmp(buf_text(&at.told),
                 "1 a.txt<a.txt;1 sub/mix_02.wav<sub/mix_02.wav;"
                 "1 sub/mix_01.wav<sub/mix_01.wav;2 cut.mov<cut.mov;"
                 "3 cut.mov<cut_v2.mov;4 cut.mov<cut_v10.mov;") == 0);
}

TEST(an_import_that_runs_out_of_memory_makes_no_branch)
{
    CLEANUP(versions_release) struct versions at = {0};
    CHECK_OK(make(&at, cuts, 6));
    for (unsigned nth = 1; nth < 20000; nth++) {
        mem_fault_arm(nth);
        dits_error *err = import(&at, (struct dits_import_folder_options){0});
        (void)mem_fault_disarm();
        if (err == NULL) {
            CHECK(strcmp(buf_text(&at.told), cuts_told) == 0);
            return;
        }
        CHECK_FAILS(DITS_E_NOMEM, err);
        CHECK(temp_repo_ref_is(&at.temp, "refs/heads/imported/old",
                               &(struct dits_oid){0}));
    }
    CHECK(false);
}
