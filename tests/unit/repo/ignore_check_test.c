#include <dits/ignore.h>

#include <stdio.h>
#include <string.h>

#include "support/mem_fault.h"
#include "support/temp_repo.h"
#include "support/test.h"
#include "support/work_files.h"

static void check_freep(dits_ignore_check **check)
{
    dits_ignore_check_free(*check);
}

/* "SOURCE:LINE:PATTERN" of the answer, or "" where no pattern matches. */
static bool says(dits_ignore_check *check, const char *path, const char *wanted)
{
    struct dits_ignore_answer answer = {0};
    char text[200] = "";
    dits_error *err = dits_ignore_ask(check, path, &answer);
    if (err == NULL && answer.source != NULL)
        (void)snprintf(text, sizeof(text), "%s:%d:%s", answer.source,
                       (int)answer.line, answer.pattern);
    bool same = err == NULL && strcmp(text, wanted) == 0;
    if (!same)
        printf("# '%s': '%s'\n", path, text);
    dits_error_free(err);
    return same;
}

static bool make(struct temp_repo *temp)
{
    dits_error *err = temp_repo_make(temp);
    bool good = err == NULL &&
                work_write(temp, ".ditsignore", "\n/top\n*.o\n!a.o\nd/\n") &&
                work_write(temp, "s/.ditsignore", "a.o") &&
                work_write(temp, "d/x", "x");
    dits_error_free(err);
    return good;
}

TEST(the_pattern_that_decides_is_told)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(check_freep) dits_ignore_check *check = NULL;
    CHECK(make(&temp));
    CHECK_OK(dits_ignore_check_new(temp.repo, false, &check));
    CHECK(says(check, "top", ".ditsignore:2:/top"));
    CHECK(says(check, "s/top", ""));
    CHECK(says(check, "b.o", ".ditsignore:3:*.o"));
    CHECK(says(check, "a.o", ".ditsignore:4:!a.o"));
    CHECK(says(check, "s/a.o", "s/.ditsignore:1:a.o"));
    CHECK(says(check, "d/x/y", ".ditsignore:5:d/"));
    CHECK(says(check, "e/not/there.o", ".ditsignore:3:*.o"));
}

TEST(what_is_tracked_is_not_ignored)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CLEANUP(check_freep) dits_ignore_check *check = NULL;
    CLEANUP(check_freep) dits_ignore_check *all = NULL;
    CHECK(make(&temp));
    CHECK_OK(temp_repo_stage(&temp, "d/x", "x"));
    CHECK_OK(dits_ignore_check_new(temp.repo, false, &check));
    CHECK_OK(dits_ignore_check_new(temp.repo, true, &all));
    CHECK(says(check, "d/x", "") && says(check, "d", ""));
    CHECK(says(check, "d/y", ".ditsignore:5:d/"));
    CHECK(says(all, "d/x", ".ditsignore:5:d/"));
}

TEST(asking_survives_every_failed_allocation)
{
    CLEANUP(temp_repo_release) struct temp_repo temp = {0};
    CHECK(make(&temp));
    bool reached = true;
    for (unsigned nth = 1; reached; nth++) {
        CLEANUP(check_freep) dits_ignore_check *check = NULL;
        struct dits_ignore_answer answer = {0};
        mem_fault_arm(nth);
        dits_error *err = dits_ignore_check_new(temp.repo, false, &check);
        if (err == NULL)
            err = dits_ignore_ask(check, "s/a.o", &answer);
        reached = mem_fault_disarm();
        if (reached && err != NULL) {
            CHECK_FAILS(DITS_E_NOMEM, err);
            continue;
        }
        CHECK_OK(err); /* what is a mere help may fail: the answer is right */
        CHECK(answer.is_ignored && answer.line == 1);
    }
}
